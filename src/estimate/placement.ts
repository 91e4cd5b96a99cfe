/**
 * Kernels on one machine, with everything worked out that the batch does not change: bytes, rates and the time of
 * weights. One record of numbers per kernel, side by side, since reading is most of the loop over them.
 */
import type { KernelColumns } from '../analysis/kernel-columns.ts';
import { KERNEL_KINDS, kernelKindCode, TRAFFIC_KINDS } from '../analysis/kernel-kinds.ts';
import type { Calibration } from './constants.ts';
import type { Machine } from './machine.ts';
import { ratesOf } from './rates.ts';

/** Places in a record. Sizes are in bytes, rates in seconds per byte; `_PER_ITEM` is multiplied by the batch. */
export const LAUNCHES = 0;
export const ACTIVATION = 1;
export const ACTIVATION_PER_ITEM = 2;
export const BOUNDARY = 3;
export const BOUNDARY_PER_ITEM = 4;
export const WEIGHTS = 5;
/** Of the weights, those that come from off chip. */
export const MOVED_WEIGHTS = 6;
export const WEIGHT_SECONDS = 7;
export const OFF_CHIP_RATE = 8;
export const ON_CHIP_RATE = 9;
/** 1 where a host runs the kernel. */
export const HOSTED = 10;
/** What the calibration says little of, one of the codes below. */
export const EXTRAPOLATES = 11;
/** Passes of the activations for a change of layout, beside the kernel's own. */
export const CONVERSION_PASSES = 12;
/** Seconds to lay the kernel out anew, once per batch; 0 where all of the network stays laid out, and of copies, which are wiring. */
export const RELOAD_SECONDS = 13;
export const RECORD = 14;

/** A depthwise window larger than any that the calibration saw. */
export const LARGE_WINDOW = 1;
/** A kind of kernel on which no row of the calibration spent much of its time. */
export const RARE_KIND = 2;

/**
 * Share of the time of a row that a kind takes in some of them, unless it is rare. Families that were held out are off by 17 %
 * on average where more than a tenth of their time goes to kinds that are rare without them, and by 9 % elsewhere.
 */
const RARE_SHARE = 0.05;

/** By code of a kind, 1 where it is rare; nothing is where a calibration does not say what its rows spent their time on. */
const rareKinds = ({ largestShares }: Calibration): Uint8Array =>
  Uint8Array.from(KERNEL_KINDS, (kind) =>
    largestShares !== undefined && (largestShares[kind] ?? 0) < RARE_SHARE ? 1 : 0,
  );

export interface Placement {
  readonly records: Float64Array;
  readonly onChipCapacity: number;
  /** Of the whole network, where the kernels are a part of it: its kernels share one memory and one fabric. */
  readonly allWeights: number;
  readonly inParts: boolean;
}

const CONVOLUTION = TRAFFIC_KINDS.indexOf('convolution');
const MOVEMENT = TRAFFIC_KINDS.indexOf('movement');

const placed = (columns: KernelColumns, machine: Machine, allWeights: number, inParts: boolean): Placement => {
  const { constants, elementBytes, residentWeightBytes, host } = machine;
  const onChipCapacity = machine.onChipCapacity * (constants.usableOnChipShare ?? 1);
  const rates = ratesOf(machine);
  // Of the weights that have a memory of their own on chip only the excess moves; a cache that is shared with
  // everything else keeps them from one inference to the next where it is larger than all of them.
  const movedShare = allWeights <= residentWeightBytes ? 0 : (allWeights - residentWeightBytes) / allWeights;
  const cachedShare = 1 / (1 + (allWeights / onChipCapacity) ** 2);
  const cachedSeconds = cachedShare * rates.residentWeightSeconds;
  const { reloadSeconds = 0 } = constants;
  const { largestWindow = Number.POSITIVE_INFINITY } = machine.calibration;
  const rare = rareKinds(machine.calibration);
  const { length } = columns;
  const records = new Float64Array(RECORD * length);
  for (let i = 0; i < length; i++) {
    const at = i * RECORD;
    const kind = columns.product[i] as number;
    const factor = rates.trafficFactor[columns.traffic[i] as number] as number;
    const weights = (columns.weightElements[i] as number) * elementBytes + (columns.narrowWeightBytes[i] as number);
    const moved = weights * movedShare;
    const beyond =
      weights <= onChipCapacity ? 0 : (weights - onChipCapacity) * (rates.largeWeightSeconds[kind] as number);
    records[at + LAUNCHES] = columns.launches[i] as number;
    records[at + ACTIVATION] = (columns.activationFixed[i] as number) * elementBytes;
    records[at + ACTIVATION_PER_ITEM] = (columns.activationPerItem[i] as number) * elementBytes;
    records[at + BOUNDARY] = (columns.boundaryFixed[i] as number) * elementBytes;
    records[at + BOUNDARY_PER_ITEM] = (columns.boundaryPerItem[i] as number) * elementBytes;
    records[at + WEIGHTS] = weights;
    records[at + MOVED_WEIGHTS] = moved;
    records[at + WEIGHT_SECONDS] =
      moved * ((1 - cachedShare) * (rates.weightSeconds[kind] as number) + cachedSeconds) + beyond;
    records[at + OFF_CHIP_RATE] = rates.offChipSeconds * factor;
    records[at + ON_CHIP_RATE] = rates.onChipSeconds * factor;
    records[at + HOSTED] = host?.takes[columns.operatorClass[i] as number] ?? 0;
    records[at + CONVERSION_PASSES] =
      columns.traffic[i] === CONVOLUTION && columns.channelsFirst[i] === 1 ? rates.conversionPasses : 0;
    if (columns.depthwise[i] === 1 && (columns.window[i] as number) > largestWindow)
      records[at + EXTRAPOLATES] = LARGE_WINDOW;
    else if (rare[kernelKindCode(kind, columns.traffic[i] as number)] === 1) records[at + EXTRAPOLATES] = RARE_KIND;
    records[at + RELOAD_SECONDS] = inParts && columns.traffic[i] !== MOVEMENT ? reloadSeconds : 0;
  }
  return { records, onChipCapacity, allWeights, inParts };
};

const known = new WeakMap<Machine, WeakMap<KernelColumns, Placement>>();

/** Worked out when first asked for, and kept as long as the machine and the kernels are. */
export const placementOf = (
  columns: KernelColumns,
  machine: Machine,
  allWeights: number,
  inParts: boolean,
): Placement => {
  let own = known.get(machine);
  if (own === undefined) {
    own = new WeakMap();
    known.set(machine, own);
  }
  const found = own.get(columns);
  if (found !== undefined && found.allWeights === allWeights && found.inParts === inParts) return found;
  const made = placed(columns, machine, allWeights, inParts);
  own.set(columns, made);
  return made;
};
