/** The constants of a machine as rates for the loops, worked out once: no division in a loop that a table can hold. */
import { PRODUCT_KINDS, type ProductKind, TRAFFIC_KINDS, type TrafficKind } from '../analysis/kernel-kinds.ts';
import type { TimeConstants } from './constants.ts';
import type { Machine } from './machine.ts';

export interface Rates {
  /** Seconds of one multiply-accumulate in a product of endless extents, by kind of product; some extrapolate beyond the peak. */
  readonly macSeconds: Float64Array;
  /** The same at the whole matrix peak: what nothing is faster than. */
  readonly fastestMacSeconds: number;
  readonly columnSaturation: number;
  readonly depthSaturation: number;
  readonly operationSeconds: number;
  readonly transcendentalSeconds: number;
  /** By kind of traffic: the reciprocal of its share of the bandwidth. */
  readonly trafficFactor: Float64Array;
  /** Of one byte of weights, by kind of product, and of those that stay in the cache. */
  readonly weightSeconds: Float64Array;
  readonly residentWeightSeconds: number;
  /** Of a byte of weights beyond the on-chip capacity, in addition; 0 where it costs no more. */
  readonly largeWeightSeconds: Float64Array;
  /** Of a convolution's images, beside its own; 0 where no layout is changed. */
  readonly conversionPasses: number;
  readonly offChipSeconds: number;
  readonly onChipSeconds: number;
}

/** 3 x 3 and 5 x 5. */
const SMALL_WINDOW = 9;
const LARGE_WINDOW = 25;
const PER_LARGE_WINDOW = 1 / Math.log(LARGE_WINDOW / SMALL_WINDOW);

const shareOf = (constants: TimeConstants, kind: ProductKind): number => {
  const { matrixEfficiency, windowEfficiency, groupedEfficiency = 1 } = constants;
  switch (kind) {
    case 'none':
    case 'pointwise':
    case 'depthwise':
      return matrixEfficiency;
    case 'window':
      return matrixEfficiency * windowEfficiency;
    case 'grouped':
      return matrixEfficiency * groupedEfficiency;
    case 'grouped-window':
      return matrixEfficiency * groupedEfficiency * windowEfficiency;
    case 'matrix':
    case 'matrix-vector':
      return matrixEfficiency * (constants.linearEfficiency ?? 1);
    case 'attention':
      return matrixEfficiency * (constants.attentionEfficiency ?? 1);
  }
};

/** Without a window: what libraries of linear algebra compute. */
const isPlain = (kind: ProductKind): boolean => kind === 'matrix' || kind === 'matrix-vector' || kind === 'attention';

/** Shares of the matrix peak that a kind of product can have: in the type that it is kept in, and of the issue slots. */
export const peakShares = (
  { productShare, issueShares }: Machine,
  kind: ProductKind,
): { readonly ofType: number; readonly issued: number } =>
  isPlain(kind) ? { ofType: productShare, issued: issueShares.plain } : { ofType: 1, issued: issueShares.other };

const TRAFFIC: Readonly<Record<TrafficKind, (constants: TimeConstants) => number | undefined>> = {
  streaming: (constants) => constants.streamingTraffic,
  normalization: (constants) => constants.normalizationTraffic,
  pooling: (constants) => constants.poolingTraffic,
  movement: (constants) => constants.movementTraffic,
  convolution: (constants) => constants.convolutionTraffic,
  depthwise: (constants) => constants.depthwiseTraffic,
  product: (constants) => constants.productTraffic,
};

/**
 * Share of the matrix peak that the power cap of the mode sustains. Narrower types draw as much less per operation as
 * they are faster, so it is that of fp16 for all of them. Clocks fall for the rest of the chip too, but a model that
 * slowed it would make a larger matrix unit slower (law 5).
 */
export const sustainedShare = ({ device, mode, speed, matrixPeak, joulesPerMac, constants }: Machine): number => {
  const { matrixPowerFactor } = constants;
  if (matrixPowerFactor === undefined) return 1;
  const { fp16 } = device.matrixPeaks;
  const perMac = (fp16 && device.energy.perMac.fp16?.value) ?? joulesPerMac;
  const macsPerSecond = (fp16 === undefined ? matrixPeak : fp16.value * speed) / 2;
  return Math.min(1, mode.cap.value / (macsPerSecond * perMac * matrixPowerFactor));
};

const ratesFor = (machine: Machine): Rates => {
  const sustained = sustainedShare(machine);
  const { constants, matrixPeak, vectorPeak, offChipBandwidth, onChipBandwidth } = machine;
  const { weightEfficiency, vectorEfficiency, transcendentalEfficiency } = constants;
  const { residentWeightEfficiency = weightEfficiency, largeWeightEfficiency, linearWeightFactor = 1 } = constants;
  const weights = PRODUCT_KINDS.map((kind) =>
    kind === 'matrix' ? Math.min(1, weightEfficiency * linearWeightFactor) : weightEfficiency,
  );
  return {
    macSeconds: Float64Array.from(PRODUCT_KINDS, (kind) => {
      const { ofType, issued } = peakShares(machine, kind);
      // What issue slots hold back draws no power: the cap takes no more of it.
      return 2 / (shareOf(constants, kind) * ofType * Math.min(issued, sustained) * matrixPeak);
    }),
    fastestMacSeconds: 2 / matrixPeak,
    columnSaturation: constants.columnSaturation ?? 0,
    depthSaturation: constants.depthSaturation ?? 0,
    operationSeconds: 1 / (vectorEfficiency * vectorPeak),
    transcendentalSeconds: transcendentalEfficiency === undefined ? 0 : 1 / (transcendentalEfficiency * vectorPeak),
    trafficFactor: Float64Array.from(TRAFFIC_KINDS, (kind) => 1 / (TRAFFIC[kind](constants) ?? 1)),
    weightSeconds: Float64Array.from(weights, (share) => 1 / (share * offChipBandwidth)),
    residentWeightSeconds: 1 / (Math.max(weightEfficiency, residentWeightEfficiency) * offChipBandwidth),
    largeWeightSeconds: Float64Array.from(PRODUCT_KINDS, (kind) =>
      largeWeightEfficiency === undefined || kind === 'matrix' ? 0 : 1 / (largeWeightEfficiency * offChipBandwidth),
    ),
    conversionPasses: machine.convertsLayout ? (constants.conversionPasses ?? 0) : 0,
    offChipSeconds: 1 / (constants.offChipEfficiency * offChipBandwidth),
    onChipSeconds: 1 / (constants.onChipEfficiency * onChipBandwidth),
  };
};

const known = new WeakMap<Machine, Rates>();

/** Rates of a machine, worked out when first asked for. */
export const ratesOf = (machine: Machine): Rates => {
  let rates = known.get(machine);
  if (rates === undefined) {
    rates = ratesFor(machine);
    known.set(machine, rates);
  }
  return rates;
};

/**
 * Seconds of one multiply-accumulate in a product n wide and k deep. Libraries work in blocks of columns and sum in
 * steps along k, so narrow and shallow products reach less. Attention in one kernel streams its scores and has neither.
 */
export const macSecondsAt = (rates: Rates, product: number, n: number, k: number): number => {
  const endless = rates.macSeconds[product] as number;
  if (product === ATTENTION) return Math.max(rates.fastestMacSeconds, endless);
  const { columnSaturation, depthSaturation } = rates;
  return Math.max(rates.fastestMacSeconds, (endless * ((n + columnSaturation) * (k + depthSaturation))) / (n * k));
};

const ATTENTION = PRODUCT_KINDS.indexOf('attention');

/** Share of the vector peak that a depthwise window reaches: large windows are read less often from registers. */
export const depthwiseShare = (
  { depthwiseEfficiency, largeDepthwiseGain = 1 }: TimeConstants,
  window: number,
): number =>
  largeDepthwiseGain === 1 || window === SMALL_WINDOW
    ? depthwiseEfficiency
    : Math.min(1, depthwiseEfficiency * largeDepthwiseGain ** (Math.log(window / SMALL_WINDOW) * PER_LARGE_WINDOW));
