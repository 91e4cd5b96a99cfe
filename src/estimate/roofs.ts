/** The per-kernel form: compute and memory roofs joined, launch overhead on top. The hot loop of the estimator. */
import type { KernelColumns } from '../analysis/kernel-columns.ts';
import type { Geometry } from '../hardware/device.ts';
import { type Machine, roundsOf } from './machine.ts';
import type { MappingColumns, MappingModel } from './mapping.ts';
import { mapToMcu } from './mcu.ts';
import { mapToNpu } from './npu.ts';
import {
  ACTIVATION,
  ACTIVATION_PER_ITEM,
  BOUNDARY,
  BOUNDARY_PER_ITEM,
  CONVERSION_PASSES,
  EXTRAPOLATES,
  HOSTED,
  LARGE_WINDOW,
  LAUNCHES,
  MOVED_WEIGHTS,
  OFF_CHIP_RATE,
  ON_CHIP_RATE,
  placementOf,
  RARE_KIND,
  RECORD,
  RELOAD_SECONDS,
  WEIGHT_SECONDS,
  WEIGHTS,
} from './placement.ts';
import { mapToSimdCpu } from './simd-cpu.ts';
import { mapToSimtGpu } from './simt-gpu.ts';
import { mapToSpatial } from './spatial.ts';
import { mapToSystolic } from './systolic.ts';

/** What limits a kernel; the last is a property of the whole inference. */
export const BOUNDS = ['compute', 'on-chip memory', 'off-chip memory', 'overhead', 'power'] as const;
export type Bound = (typeof BOUNDS)[number];

/** Of one launch each. */
export interface KernelTimes extends MappingColumns {
  readonly length: number;
  readonly offChipBytes: Float64Array;
  readonly onChipBytes: Float64Array;
  readonly memorySeconds: Float64Array;
  /** Before and after the kernel itself, in a change of layout. */
  readonly conversionSeconds: Float64Array;
  /** Of laying the kernel out anew, and of filling and draining, where the network runs in parts. */
  readonly reloadSeconds: Float64Array;
  /** For the host, that hands kernels over more slowly. */
  readonly waitSeconds: Float64Array;
  /** Of weights that are fetched while kernels before this one run. */
  readonly aheadSeconds: Float64Array;
  /** For those weights, where they come later than the kernels before are done. */
  readonly lateSeconds: Float64Array;
  /** Index into BOUNDS. */
  readonly bound: Uint8Array;
  readonly totalSeconds: Float64Array;
}

const MAPPINGS: Readonly<Record<Geometry['kind'], MappingModel>> = {
  'simd-cpu': mapToSimdCpu,
  'simt-gpu': mapToSimtGpu,
  systolic: mapToSystolic,
  spatial: mapToSpatial,
  npu: mapToNpu,
  mcu: mapToMcu,
};

/** One block for all columns: a study makes hundreds of these. */
export const allocateKernelTimes = (length: number): KernelTimes => {
  const block = new Float64Array(12 * length);
  const column = (index: number) => block.subarray(index * length, (index + 1) * length);
  return {
    length,
    computeSeconds: column(0),
    spatialUtilization: column(1),
    busyUnits: column(2),
    offChipBytes: column(3),
    onChipBytes: column(4),
    memorySeconds: column(5),
    totalSeconds: column(6),
    conversionSeconds: column(7),
    waitSeconds: column(8),
    reloadSeconds: column(9),
    aheadSeconds: column(10),
    lateSeconds: column(11),
    bound: new Uint8Array(length),
  };
};

/** Positions in BOUNDS. */
export const COMPUTE = 0;
export const ON_CHIP = 1;
export const OFF_CHIP = 2;
export const OVERHEAD = 3;
export const POWER = 4;

/** Sums over the kernels of one evaluation. */
export interface KernelSums {
  /** Of all launches; the constant per inference is not among them. */
  readonly seconds: number;
  /** Launches of kernels. */
  readonly launches: number;
  /** Seconds of the kernels by what bounds them, in the order of BOUNDS. */
  readonly secondsByBound: readonly [number, number, number, number, number];
  readonly offChipBytes: number;
  readonly onChipBytes: number;
  /** Of one kernel: weights, input and output together. */
  readonly largestWorkingSet: number;
  /** Launches whose working set fits the memories of all units together. */
  readonly residentKernels: number;
  readonly computeSeconds: number;
  /** Weighted by compute time. */
  readonly busyUnits: number;
  readonly spatialUtilization: number;
  /** In depthwise kernels with windows larger than any that the calibration saw. */
  readonly largeWindowSeconds: number;
  /** In kinds of kernels on which no row of the calibration spent much of its time. */
  readonly rareKindSeconds: number;
  /** For the host, in all launches together. */
  readonly waitingSeconds: number;
  /** Of weights that are fetched ahead, in all launches together. */
  readonly aheadSeconds: number;
  /** Of everything that comes and goes off chip, in all launches together. */
  readonly transferSeconds: number;
}

/**
 * Bytes off chip: weights once per batch, the network's own input and output, and what of the
 * other activations does not fit beside the weights on chip. Everything passes the on-chip level.
 * `allWeights` are the bytes of the whole network's, which share one memory, where the kernels are a part of it, and
 * `inParts` says whether the whole network takes more than the fabric has.
 * Where every image of a batch is an inference of its own, `out` is of one of them and the sums of all.
 * Fills `out` and returns the sums, in one pass where the host keeps ahead of the device.
 */
export const evaluateKernels = (
  columns: KernelColumns,
  machine: Machine,
  batch: number,
  out: KernelTimes,
  allWeights = weightBytesOf(columns, machine),
  inParts = machine.fabric !== undefined && fabricBytesOf(columns, machine) > machine.fabric.capacity,
): KernelSums => {
  const rounds = roundsOf(machine, batch);
  if (rounds > 1) return repeated(evaluateKernels(columns, machine, batch / rounds, out, allWeights, inParts), rounds);
  // Two functions, not one: the engine optimizes the loop below once, whatever mapping ran before it.
  MAPPINGS[machine.geometry.kind](columns, machine, batch, out);
  const joined = joinRoofs(columns, machine, batch, out, allWeights, inParts);
  const sums = joined.transferSeconds > joined.seconds ? waitForWeights(columns, machine, out, joined) : joined;
  const dispatchSeconds = dispatchSecondsOf(machine);
  if (dispatchSeconds * sums.launches > sums.seconds) return waitForHost(columns, machine, out, sums);
  out.waitSeconds.fill(0);
  return sums;
};

/** The same again and again. */
const repeated = (sums: KernelSums, rounds: number): KernelSums => {
  const [compute, onChip, offChip, overhead, power] = sums.secondsByBound;
  return {
    ...sums,
    seconds: sums.seconds * rounds,
    launches: sums.launches * rounds,
    secondsByBound: [compute * rounds, onChip * rounds, offChip * rounds, overhead * rounds, power * rounds],
    offChipBytes: sums.offChipBytes * rounds,
    onChipBytes: sums.onChipBytes * rounds,
    residentKernels: sums.residentKernels * rounds,
    computeSeconds: sums.computeSeconds * rounds,
    largeWindowSeconds: sums.largeWindowSeconds * rounds,
    rareKindSeconds: sums.rareKindSeconds * rounds,
    waitingSeconds: sums.waitingSeconds * rounds,
    aheadSeconds: sums.aheadSeconds * rounds,
    transferSeconds: sums.transferSeconds * rounds,
  };
};

/** What the host takes to hand one kernel over, in the power mode that it is in. */
export const dispatchSecondsOf = ({ constants, hostSlowdown }: Machine): number =>
  (constants.dispatchSeconds ?? 0) * hostSlowdown;

/** Of all launches of the kernels. */
export const weightBytesOf = (
  { totalWeightElements, totalNarrowWeightBytes }: KernelColumns,
  { elementBytes }: Machine,
): number => totalWeightElements * elementBytes + totalNarrowWeightBytes;

/**
 * What the kernels take of a fabric that they share: their weights, the rows of one item under every window, and something
 * for each of them; 0 where they share none.
 */
export const fabricBytesOf = (columns: KernelColumns, machine: Machine): number => {
  const { fabric, elementBytes } = machine;
  if (fabric === undefined) return 0;
  const rows = fabric.windowRows * columns.totalWindowRowElements * elementBytes;
  return weightBytesOf(columns, machine) + rows + fabric.perKernel * columns.totalKernels;
};

/**
 * Of the memory on chip, where a kernel and the weights that are fetched for the next one have to fit together: the other
 * half is in use. Chosen; see docs/time-model.md.
 */
const ROOM_AHEAD = 0.5;

const joinRoofs = (
  columns: KernelColumns,
  machine: Machine,
  batch: number,
  out: KernelTimes,
  allWeights: number,
  inParts: boolean,
): KernelSums => {
  const { host } = machine;
  const turns = machine.runtime.batching === 'streamed' ? batch : 1;
  const fetchesAhead = machine.runtime.fetchesAhead === true;
  // What a fabric has no room for comes while the part before runs, however much it is.
  const streams = machine.fabric !== undefined;
  const filling = inParts ? (machine.constants.fillImages ?? 0) / batch : 0;
  const { kernelSeconds, overlapExponent } = machine.constants;
  const { records, onChipCapacity } = placementOf(columns, machine, allWeights, inParts);
  const { macsFixed, macsPerItem, flopsFixed, flopsPerItem } = columns;
  const { computeSeconds, spatialUtilization, busyUnits, offChipBytes, onChipBytes, memorySeconds } = out;
  const { conversionSeconds, reloadSeconds, aheadSeconds, lateSeconds, totalSeconds } = out;
  const bounds = out.bound;
  const unitsTogether = machine.units * machine.unitBytes;
  let computeBound = 0;
  let onChipBound = 0;
  let offChipBound = 0;
  let overheadBound = 0;
  let seconds = 0;
  let launched = 0;
  let offChipSum = 0;
  let onChipSum = 0;
  let largest = 0;
  let resident = 0;
  let computeSum = 0;
  let busySum = 0;
  let utilizationSum = 0;
  let largeWindow = 0;
  let rareKind = 0;
  let aheadSum = 0;
  let transferSum = 0;
  const roomAhead = ROOM_AHEAD * onChipCapacity;
  const { length } = columns;
  for (let i = 0, at = 0; i < length; i++, at += RECORD) {
    const times = records[at + LAUNCHES] as number;
    const activations = (records[at + ACTIVATION] as number) + (records[at + ACTIVATION_PER_ITEM] as number) * batch;
    const boundary = (records[at + BOUNDARY] as number) + (records[at + BOUNDARY_PER_ITEM] as number) * batch;
    // Of as many images as are there at the same time.
    const workingSet = (records[at + WEIGHTS] as number) + activations / turns;
    const excess = (workingSet - onChipCapacity) * turns;
    const inner = activations - boundary;
    const spilled = excess <= 0 ? 0 : Math.min(excess, inner);
    const passing = boundary + spilled;
    const offChip = (records[at + MOVED_WEIGHTS] as number) + passing;
    const hosted = host !== undefined && records[at + HOSTED] === 1;
    const allWeightTime = records[at + WEIGHT_SECONDS] as number;
    const weights = records[at + WEIGHTS] as number;
    let ahead = 0;
    if (streams) ahead = allWeightTime;
    else if (fetchesAhead && weights > 0 && !hosted)
      ahead = allWeightTime * Math.min(1, Math.max(0, (roomAhead - workingSet) / weights));
    const weightTime = allWeightTime - ahead;
    const offChipTime = weightTime + passing * (records[at + OFF_CHIP_RATE] as number);
    const onChipTime = weightTime + activations * (records[at + ON_CHIP_RATE] as number);
    let memory = Math.max(offChipTime, onChipTime);
    // The same images again, at the same rate, by kernels before and after this one.
    const passes = records[at + CONVERSION_PASSES] as number;
    const conversion = passes * (memory - weightTime);
    let compute = computeSeconds[i] as number;
    let larger = Math.max(compute, memory);
    let reload = records[at + RELOAD_SECONDS] as number;
    const fixed = kernelSeconds + reload;
    let total: number;
    if (hosted) {
      // The host waits for the tensors, computes, and hands its own back: one after the other. What lies off chip passes
      // that level as well.
      const operations =
        2 * ((macsFixed[i] as number) + (macsPerItem[i] as number) * batch) +
        (flopsFixed[i] as number) +
        (flopsPerItem[i] as number) * batch;
      compute = operations * host.operationSeconds;
      memory = Math.max(activations * host.byteSeconds, offChipTime) + host.crossingSeconds;
      larger = Math.max(compute, memory);
      total = compute + memory + fixed;
      computeSeconds[i] = compute;
    } else {
      const work = joinTimes(Math.min(compute, memory), larger, overlapExponent);
      const filled = work * filling;
      reload += filled;
      total = work + filled + conversion + fixed;
    }
    const allLaunches = total * times;
    let bound = COMPUTE;
    if (fixed > larger) {
      bound = OVERHEAD;
      overheadBound += allLaunches;
    } else if (compute >= memory + conversion) computeBound += allLaunches;
    else if (offChipTime >= onChipTime || weightTime > onChipTime - weightTime) {
      bound = OFF_CHIP;
      offChipBound += allLaunches;
    } else {
      bound = ON_CHIP;
      onChipBound += allLaunches;
    }
    const offChipAll = offChip + passing * passes;
    const onChipAll = (records[at + WEIGHTS] as number) + activations * (1 + passes);
    offChipBytes[i] = offChipAll;
    onChipBytes[i] = onChipAll;
    memorySeconds[i] = memory;
    conversionSeconds[i] = conversion;
    reloadSeconds[i] = reload;
    aheadSeconds[i] = ahead;
    lateSeconds[i] = 0;
    totalSeconds[i] = total;
    bounds[i] = bound;
    seconds += allLaunches;
    launched += times;
    offChipSum += offChipAll * times;
    onChipSum += onChipAll * times;
    if (workingSet > largest) largest = workingSet;
    if (workingSet <= unitsTogether) resident += times;
    const extrapolates = records[at + EXTRAPOLATES] as number;
    if (extrapolates === LARGE_WINDOW) largeWindow += allLaunches;
    else if (extrapolates === RARE_KIND) rareKind += allLaunches;
    aheadSum += ahead * times;
    transferSum += (offChipTime + ahead) * times;
    const computeTime = compute * times;
    computeSum += computeTime;
    busySum += computeTime * (busyUnits[i] as number);
    utilizationSum += computeTime * (spatialUtilization[i] as number);
  }
  return {
    seconds,
    launches: launched,
    // In the order of BOUNDS; power is a property of the whole inference.
    secondsByBound: [computeBound, onChipBound, offChipBound, overheadBound, 0],
    offChipBytes: offChipSum,
    onChipBytes: onChipSum,
    largestWorkingSet: largest,
    residentKernels: resident,
    computeSeconds: computeSum,
    busyUnits: computeSum === 0 ? 0 : busySum / computeSum,
    spatialUtilization: computeSum === 0 ? 0 : utilizationSum / computeSum,
    largeWindowSeconds: largeWindow,
    rareKindSeconds: rareKind,
    waitingSeconds: 0,
    aheadSeconds: aheadSum,
    transferSeconds: aheadSum === 0 ? 0 : transferSum,
  };
};

/**
 * Where everything that comes and goes off chip takes longer than all kernels, which have their weights ahead of time,
 * they wait for them: each in proportion to what is fetched for it. Adds the wait to the totals in `out`.
 */
const waitForWeights = (columns: KernelColumns, machine: Machine, out: KernelTimes, sums: KernelSums): KernelSums => {
  const { kernelSeconds } = machine.constants;
  // No more than the weights that are fetched ahead take, since every kernel already takes as long as the rest.
  const share = Math.min(1, (sums.transferSeconds - sums.seconds) / sums.aheadSeconds);
  const byBound: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  const { launches } = columns;
  const { computeSeconds, memorySeconds, reloadSeconds, aheadSeconds, lateSeconds, totalSeconds, bound } = out;
  let seconds = 0;
  for (let i = 0; i < columns.length; i++) {
    const late = share * (aheadSeconds[i] as number);
    const fixed = kernelSeconds + (reloadSeconds[i] as number);
    if (late > Math.max(computeSeconds[i] as number, memorySeconds[i] as number, fixed)) bound[i] = OFF_CHIP;
    const total = (totalSeconds[i] as number) + late;
    lateSeconds[i] = late;
    totalSeconds[i] = total;
    const at = bound[i] as number;
    const allLaunches = total * (launches[i] as number);
    byBound[at] = (byBound[at] as number) + allLaunches;
    seconds += allLaunches;
  }
  return { ...sums, seconds, secondsByBound: byBound };
};

/**
 * Where the host hands kernels over more slowly than the device runs them, the device waits: as long after every kernel,
 * since which of them find the next one ready depends on all before. Adds the wait to the totals in `out`.
 */
const waitForHost = (columns: KernelColumns, machine: Machine, out: KernelTimes, sums: KernelSums): KernelSums => {
  const { kernelSeconds } = machine.constants;
  const seconds = dispatchSecondsOf(machine) * sums.launches;
  const wait = (seconds - sums.seconds) / sums.launches;
  const byBound: [number, number, number, number, number] = [0, 0, 0, 0, 0];
  const { launches } = columns;
  const { computeSeconds, memorySeconds, conversionSeconds, reloadSeconds, waitSeconds, totalSeconds, bound } = out;
  for (let i = 0; i < columns.length; i++) {
    const total = (totalSeconds[i] as number) + wait;
    const memory = (memorySeconds[i] as number) + (conversionSeconds[i] as number);
    const fixed = kernelSeconds + (reloadSeconds[i] as number) + wait;
    if (fixed > Math.max(computeSeconds[i] as number, memory)) bound[i] = OVERHEAD;
    waitSeconds[i] = wait;
    totalSeconds[i] = total;
    const at = bound[i] as number;
    byBound[at] = (byBound[at] as number) + total * (launches[i] as number);
  }
  return { ...sums, seconds, secondsByBound: byBound, waitingSeconds: seconds - sums.seconds };
};

/**
 * (a^p + b^p)^(1/p) for p a power of two, by repeated squares and square roots: `Math.pow` would
 * be most of the time of an estimate. Scaled by the larger of the two, so nothing underflows.
 */
const joinTimes = (smaller: number, larger: number, p: 1 | 2 | 4 | 8): number => {
  if (p === 1) return larger + smaller;
  if (larger === 0) return 0;
  const ratio = smaller / larger;
  const squared = ratio * ratio;
  const fourth = squared * squared;
  const power = p === 2 ? squared : p === 4 ? fourth : fourth * fourth;
  const root = Math.sqrt(1 + power);
  if (p === 2) return larger * root;
  return larger * (p === 4 ? Math.sqrt(root) : Math.sqrt(Math.sqrt(root)));
};
