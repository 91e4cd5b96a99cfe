/**
 * A workload some of whose kernels fix their own precision (a quantized model): every part runs on
 * the same device at its precision, one kernel after the other as always.
 */
import type { Workload, WorkloadPart } from '../analysis/workload.ts';
import { DTYPE_BYTES, type Precision } from '../ir/dtype.ts';
import { joules, type Seconds, seconds } from '../units/quantity.ts';
import type { Calibration } from './constants.ts';
import { dynamicEnergy, type EnergyTerms } from './energy.ts';
import { type Machine, machineAt } from './machine.ts';
import {
  allocateKernelTimes,
  evaluateKernels,
  fabricBytesOf,
  type KernelSums,
  type KernelTimes,
  weightBytesOf,
} from './roofs.ts';

interface PlacedPart {
  readonly part: WorkloadPart;
  readonly machine: Machine;
}

const place = ({ parts }: Workload, machine: Machine): readonly PlacedPart[] =>
  parts.map((part) => ({ part, machine: machineAt(machine, part.precision) }));

/** Weights of all parts, which share what memory there is for them. */
const allWeightBytes = (placed: readonly PlacedPart[]): number =>
  placed.reduce((sum, { part, machine }) => sum + weightBytesOf(part.columns, machine), 0);

/** What all parts take of the fabric that they share. */
const allFabricBytes = (placed: readonly PlacedPart[]): number =>
  placed.reduce((sum, { part, machine }) => sum + fabricBytesOf(part.columns, machine), 0);

const runsInParts = (placed: readonly PlacedPart[], { fabric }: Machine): boolean =>
  fabric !== undefined && allFabricBytes(placed) > fabric.capacity;

const at = ({ fixed, perItem }: WorkloadPart['macs'], batch: number): number => fixed + perItem * batch;

const addBounds = (a: KernelSums['secondsByBound'], b: KernelSums['secondsByBound']): KernelSums['secondsByBound'] => [
  a[0] + b[0],
  a[1] + b[1],
  a[2] + b[2],
  a[3] + b[3],
  a[4] + b[4],
];

const weighted = (a: number, weightOfA: number, b: number, weightOfB: number): number =>
  weightOfA + weightOfB === 0 ? 0 : (a * weightOfA + b * weightOfB) / (weightOfA + weightOfB);

const joinSums = (a: KernelSums, b: KernelSums): KernelSums => ({
  seconds: a.seconds + b.seconds,
  launches: a.launches + b.launches,
  secondsByBound: addBounds(a.secondsByBound, b.secondsByBound),
  offChipBytes: a.offChipBytes + b.offChipBytes,
  onChipBytes: a.onChipBytes + b.onChipBytes,
  largestWorkingSet: Math.max(a.largestWorkingSet, b.largestWorkingSet),
  residentKernels: a.residentKernels + b.residentKernels,
  computeSeconds: a.computeSeconds + b.computeSeconds,
  busyUnits: weighted(a.busyUnits, a.computeSeconds, b.busyUnits, b.computeSeconds),
  largeWindowSeconds: a.largeWindowSeconds + b.largeWindowSeconds,
  rareKindSeconds: a.rareKindSeconds + b.rareKindSeconds,
  waitingSeconds: a.waitingSeconds + b.waitingSeconds,
  aheadSeconds: a.aheadSeconds + b.aheadSeconds,
  transferSeconds: a.transferSeconds + b.transferSeconds,
  spatialUtilization: weighted(a.spatialUtilization, a.computeSeconds, b.spatialUtilization, b.computeSeconds),
});

const NO_KERNELS: KernelSums = {
  seconds: 0,
  launches: 0,
  secondsByBound: [0, 0, 0, 0, 0],
  offChipBytes: 0,
  onChipBytes: 0,
  largestWorkingSet: 0,
  residentKernels: 0,
  computeSeconds: 0,
  busyUnits: 0,
  spatialUtilization: 0,
  largeWindowSeconds: 0,
  rareKindSeconds: 0,
  waitingSeconds: 0,
  aheadSeconds: 0,
  transferSeconds: 0,
};

export interface MixedEvaluation {
  readonly sums: KernelSums;
  readonly dynamic: Omit<EnergyTerms, 'static' | 'total'>;
  /** The multiply-accumulates at the matrix peak of each part's precision. */
  readonly peakSeconds: Seconds;
  /** The widest among those of the precisions that multiply: no total is known better than its parts. */
  readonly calibration: Calibration;
}

const multiplies = ({ macs }: WorkloadPart): boolean => macs.fixed > 0 || macs.perItem > 0;

const width = ({ interval }: Calibration): number => interval.high / interval.low;

const widestCalibration = (placed: readonly PlacedPart[], otherwise: Calibration): Calibration =>
  placed
    .filter(({ part }) => multiplies(part))
    .map(({ machine }) => machine.calibration)
    .reduce<Calibration | undefined>((a, b) => (a === undefined || width(b) > width(a) ? b : a), undefined) ??
  otherwise;

export interface PrecisionShare {
  readonly precision: Precision;
  readonly macs: number;
  /** Of all multiply-accumulates. */
  readonly share: number;
}

/** The precisions in which the multiply-accumulates run on a machine, the largest share first, then the narrowest. */
export const precisionShares = (workload: Workload, machine: Machine, batch: number): readonly PrecisionShare[] => {
  const all = at(workload.macs, batch);
  const found = new Map<Precision, number>();
  for (const { part, machine: own } of place(workload, machine)) {
    if (multiplies(part)) found.set(own.precision, (found.get(own.precision) ?? 0) + at(part.macs, batch));
  }
  if (found.size === 0) return [{ precision: machine.precision, macs: all, share: all === 0 ? 0 : 1 }];
  return [...found]
    .map(([precision, macs]) => ({ precision, macs, share: macs / all }))
    .toSorted((a, b) => b.macs - a.macs || DTYPE_BYTES[a.precision] - DTYPE_BYTES[b.precision]);
};

export const evaluateMixed = (workload: Workload, machine: Machine, batch: number): MixedEvaluation => {
  let sums = NO_KERNELS;
  let peak = 0;
  let dynamic: MixedEvaluation['dynamic'] | undefined;
  const placed = place(workload, machine);
  const weights = allWeightBytes(placed);
  const inParts = runsInParts(placed, machine);
  for (const { part, machine: own } of placed) {
    const into = allocateKernelTimes(part.columns.length);
    const found = evaluateKernels(part.columns, own, batch, into, weights, inParts);
    const macs = at(part.macs, batch);
    const { onChipBytes, offChipBytes } = found;
    const energy = dynamicEnergy(own, {
      ...{ macs, onChipBytes, offChipBytes },
      vectorOperations: at(part.vectorOperations, batch),
    });
    sums = joinSums(sums, found);
    peak += (2 * macs) / own.matrixPeak;
    dynamic = dynamic === undefined ? energy : addEnergy(dynamic, energy);
  }
  return {
    sums,
    dynamic: dynamic ?? dynamicEnergy(machine, { macs: 0, vectorOperations: 0, onChipBytes: 0, offChipBytes: 0 }),
    peakSeconds: seconds(peak),
    calibration: widestCalibration(placed, machine.calibration),
  };
};

const addEnergy = (a: MixedEvaluation['dynamic'], b: MixedEvaluation['dynamic']): MixedEvaluation['dynamic'] => ({
  compute: joules(a.compute + b.compute),
  onChipMemory: joules(a.onChipMemory + b.onChipMemory),
  offChipMemory: joules(a.offChipMemory + b.offChipMemory),
});

/** Work at the fastest peak of each part, and the compulsory bytes; the network's own tensors at the narrowest size. */
export const mixedRoof = (workload: Workload, machine: Machine, batch: number): Seconds => {
  const { inputElements, outputElements } = workload;
  const placed = place(workload, machine);
  let work = 0;
  for (const { part, machine: own } of placed) {
    work += (2 * at(part.macs, batch)) / Math.max(own.matrixPeak, own.vectorPeak);
  }
  let moved = Math.max(0, allWeightBytes(placed) - machine.residentWeightBytes);
  const narrowest = Math.min(...placed.map(({ machine: own }) => own.elementBytes));
  moved += (at(inputElements, batch) + at(outputElements, batch)) * narrowest;
  return seconds(Math.max(work, moved / machine.offChipBandwidth));
};

export interface FabricUse {
  readonly takenBytes: number;
  readonly capacityBytes: number;
}

/** What a workload takes of the fabric that its layers share; undefined on a machine without one. */
export const fabricUse = (workload: Workload, machine: Machine): FabricUse | undefined => {
  const { fabric } = machine;
  if (fabric === undefined) return undefined;
  const takenBytes =
    workload.parts.length === 0 ? fabricBytesOf(workload.columns, machine) : allFabricBytes(place(workload, machine));
  return { takenBytes, capacityBytes: fabric.capacity };
};

/** Times of every kernel, in the order of the workload's. */
export const mixedKernelTimes = (workload: Workload, machine: Machine, batch: number): KernelTimes => {
  const times = allocateKernelTimes(workload.columns.length);
  const placed = place(workload, machine);
  const weights = allWeightBytes(placed);
  const inParts = runsInParts(placed, machine);
  for (const { part, machine: own } of placed) {
    const found = allocateKernelTimes(part.columns.length);
    evaluateKernels(part.columns, own, batch, found, weights, inParts);
    part.rows.forEach((row, position) => {
      for (const column of COLUMNS) times[column][row] = found[column][position] as number;
    });
  }
  return times;
};

const COLUMNS = [
  ...(['computeSeconds', 'spatialUtilization', 'busyUnits', 'offChipBytes'] as const),
  ...(['onChipBytes', 'memorySeconds', 'conversionSeconds', 'reloadSeconds', 'waitSeconds'] as const),
  ...(['aheadSeconds', 'lateSeconds', 'totalSeconds', 'bound'] as const),
];
