/** Which constants a fit may move, how far, and how strongly it is held to where it starts: data of the calibration. */
import type { FineConstants, TimeConstants } from './constants.ts';

export type FreeName = Exclude<keyof TimeConstants & string, 'overlapExponent' | 'offChipEfficiency'>;

export interface FreeConstant {
  readonly name: FreeName;
  /** What physics allows. */
  readonly limits: readonly [number, number];
  /** Standard deviation of its logarithm from device to device, as a start: how far a fit of few rows moves it. */
  readonly spread: number;
}

const free = (name: FreeName, low: number, high: number, spread: number): FreeConstant => ({
  name,
  limits: [low, high],
  spread,
});

/** A constant that the start does not state, or states as 0, is not fitted. Spreads are chosen; see docs/time-model.md. */
export const FREE_CONSTANTS: readonly FreeConstant[] = [
  free('matrixEfficiency', 0.01, 1, 0.4),
  free('columnSaturation', 0.5, 400, 1),
  free('depthSaturation', 0.5, 2000, 1),
  free('windowEfficiency', 0.2, 1.5, 0.3),
  free('groupedEfficiency', 0.02, 1.5, 0.4),
  free('linearEfficiency', 0.1, 1.6, 0.25),
  free('attentionEfficiency', 0.02, 1.5, 0.4),
  free('depthwiseEfficiency', 0.001, 1, 0.5),
  free('largeDepthwiseGain', 0.2, 3, 0.4),
  free('vectorEfficiency', 0.001, 1, 0.9),
  free('transcendentalEfficiency', 0.001, 1, 1.2),
  free('streamingTraffic', 0.1, 1, 0.2),
  free('normalizationTraffic', 0.1, 1, 0.3),
  free('poolingTraffic', 0.1, 1, 0.4),
  free('movementTraffic', 0.05, 1, 0.3),
  free('convolutionTraffic', 0.05, 1, 0.3),
  free('conversionPasses', 0.1, 2, 0.3),
  free('depthwiseTraffic', 0.05, 1, 0.3),
  free('productTraffic', 0.05, 1, 0.3),
  free('weightEfficiency', 0.01, 1, 0.7),
  free('residentWeightEfficiency', 0.02, 1, 0.8),
  free('largeWeightEfficiency', 0.005, 1, 0.2),
  free('linearWeightFactor', 0.2, 20, 0.5),
  free('usableOnChipShare', 0.02, 1, 1),
  free('onChipEfficiency', 0.05, 1, 0.4),
  free('kernelSeconds', 1e-7, 1e-3, 1.5),
  free('dispatchSeconds', 1e-7, 1e-3, 1.5),
  free('reloadSeconds', 1e-7, 1e-2, 0.3),
  free('inferenceSeconds', 1e-6, 1, 4),
];

/** Rates that one scale moves together; what a launch takes moves the other way. */
const SCALED: readonly (keyof TimeConstants & string)[] = [
  ...(['matrixEfficiency', 'depthwiseEfficiency', 'vectorEfficiency', 'transcendentalEfficiency'] as const),
  ...(['weightEfficiency', 'residentWeightEfficiency', 'largeWeightEfficiency'] as const),
  ...(['offChipEfficiency', 'onChipEfficiency'] as const),
];

/** Between two kernels that were both handed over ahead no device that was measured rests longer. */
const LONGEST_REST = 1e-5;

/** Those that a start states and a fit may move. */
export const freeConstants = (start: TimeConstants): readonly FreeConstant[] =>
  FREE_CONSTANTS.filter(({ name }) => (start[name] ?? 0) > 0).map((constant) =>
    constant.name === 'kernelSeconds' && start.dispatchSeconds !== undefined
      ? { ...constant, limits: [constant.limits[0], LONGEST_REST] }
      : constant,
  );

/** Shares of `offChipEfficiency`: where that is at its end, they are not. */
const TRAFFIC: readonly (keyof TimeConstants & string)[] = [
  ...(['streamingTraffic', 'normalizationTraffic', 'poolingTraffic', 'movementTraffic'] as const),
  ...(['convolutionTraffic', 'depthwiseTraffic', 'productTraffic'] as const),
];

/** All times as many times longer as `factor` says, as far as no rate passes the peak or the bandwidth. */
export const scaledConstants = (constants: TimeConstants, factor: number): TimeConstants => {
  const changed: Record<string, number> = { ...constants };
  for (const name of SCALED) {
    const value = constants[name];
    if (value !== undefined) changed[name] = Math.min(1, value / factor);
  }
  const left = Math.max(1, constants.offChipEfficiency / factor);
  for (const name of TRAFFIC) {
    const value = constants[name];
    if (value !== undefined) changed[name] = Math.min(1, value * left);
  }
  return {
    ...(changed as unknown as TimeConstants & FineConstants),
    kernelSeconds: constants.kernelSeconds * factor,
    ...(constants.dispatchSeconds !== undefined && { dispatchSeconds: constants.dispatchSeconds * factor }),
    ...(constants.reloadSeconds !== undefined && { reloadSeconds: constants.reloadSeconds * factor }),
    inferenceSeconds: constants.inferenceSeconds * factor,
  };
};
