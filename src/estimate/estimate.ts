/** (Workload, Machine, batch) -> latency, throughput, energy, power, what bounds it, and how far to trust it. */
import type { Workload } from '../analysis/workload.ts';
import {
  averagePower,
  type Bytes,
  bytes,
  type Joules,
  joules,
  type Seconds,
  seconds,
  type Watts,
  watts,
} from '../units/quantity.ts';
import { classRecord } from './calibrations.ts';
import type { Calibration, IntervalFactors } from './constants.ts';
import { dynamicEnergy, type EnergyTerms } from './energy.ts';
import { type Interval, latencyInterval, MOST } from './interval.ts';
import { type Machine, roundsOf, runsInOtherMode } from './machine.ts';
import { evaluateMixed, mixedKernelTimes, mixedRoof } from './mixed.ts';
import {
  allocateKernelTimes,
  BOUNDS,
  type Bound,
  COMPUTE,
  evaluateKernels,
  type KernelTimes,
  OFF_CHIP,
  ON_CHIP,
  OVERHEAD,
  POWER,
} from './roofs.ts';
import { sumsOf } from './sums.ts';
import { countTiles, type TileSummary } from './tiles.ts';

export interface Estimate {
  readonly model: string;
  readonly device: string;
  readonly runtime: string;
  /** The one asked for; kernels whose tensors fix another run in that (`precisionShares`). */
  readonly precision: string;
  readonly powerMode: string;
  readonly batch: number;
  /** For the whole batch; a median, never a percentile of a distribution. */
  readonly latencySeconds: Seconds;
  readonly interval: Interval;
  /** Inferences per second with one batch at a time. */
  readonly throughputPerSecond: number;
  /** For the whole batch, on the device alone. */
  readonly energy: EnergyTerms;
  readonly energyPerInferenceJoules: Joules;
  readonly averagePowerWatts: Watts;
  readonly bound: Bound;
  /** Latency before the power cap stretched it; equal to `latencySeconds` when it did not. */
  readonly unstretchedSeconds: Seconds;
  /** Share of the latency by bound; power is what the cap added. */
  readonly timeByBound: Readonly<Record<Bound, number>>;
  /** Achieved share of the matrix peak (MFU) and of the off-chip bandwidth (MBU). */
  readonly utilization: number;
  readonly bandwidthUtilization: number;
  readonly macs: number;
  readonly offChipBytes: Bytes;
  readonly onChipBytes: Bytes;
  readonly tiles: TileSummary;
  /** Times of one launch of every kernel, in the order of the workload's; evaluated when first asked for, since a sweep has no use for it. */
  kernelTimes(): KernelTimes;
  readonly calibration: Calibration;
  /** 'complete', or 'partial' when operators of unknown cost make this a lower bound. */
  readonly coverage: 'complete' | 'partial';
  readonly timeModel: string;
}

/** Work over dense peak, compulsory bytes over bandwidth: no machine is faster (law 1). */
export const roofSeconds = (workload: Workload, machine: Machine, batch: number): Seconds => {
  if (workload.parts.length > 0) return mixedRoof(workload, machine, batch);
  const { macs, weightElements, narrowWeightBytes, inputElements, outputElements } = workload;
  const boundary =
    inputElements.fixed + outputElements.fixed + (inputElements.perItem + outputElements.perItem) * batch;
  const weights = weightElements * machine.elementBytes + narrowWeightBytes;
  const moved = Math.max(0, weights - machine.residentWeightBytes) + boundary * machine.elementBytes;
  const fastest = Math.max(machine.matrixPeak, machine.vectorPeak);
  const work = 2 * (macs.fixed + macs.perItem * batch);
  return seconds(Math.max(work / fastest, moved / machine.offChipBandwidth));
};

/** The times of every kernel at one batch size, in the order of `workload.kernels`. */
const intervalOfClass = ({ geometry, runtime }: Machine): IntervalFactors =>
  classRecord(geometry.kind, runtime.class).interval;

const kernelTimesOf = (workload: Workload, machine: Machine, batch: number): KernelTimes => {
  if (workload.parts.length > 0) return mixedKernelTimes(workload, machine, batch);
  const times = allocateKernelTimes(workload.columns.length);
  evaluateKernels(workload.columns, machine, batch, times);
  return times;
};

/** Latency, energy and everything beside them for one batch of `batch` inputs. */
export const estimate = (workload: Workload, machine: Machine, batch = 1): Estimate => {
  const mixed = workload.parts.length === 0 ? undefined : evaluateMixed(workload, machine, batch);
  const sums = mixed?.sums ?? sumsOf(workload, machine, batch);
  const calibration = mixed?.calibration ?? machine.calibration;
  const macs = workload.macs.fixed + workload.macs.perItem * batch;
  const vectorOperations = workload.vectorOperations.fixed + workload.vectorOperations.perItem * batch;
  const { offChipBytes: offChip, onChipBytes: onChip } = sums;
  const entering = machine.constants.inferenceSeconds * roundsOf(machine, batch);
  const unstretched = entering + sums.seconds;
  const rareKindShare = sums.rareKindSeconds / unstretched;
  const byBound = [...sums.secondsByBound];
  byBound[OVERHEAD] = (byBound[OVERHEAD] as number) + entering;

  const activity = { macs, vectorOperations, onChipBytes: onChip, offChipBytes: offChip };
  const dynamic = mixed?.dynamic ?? dynamicEnergy(machine, activity);
  const dynamicJoules = dynamic.compute + dynamic.onChipMemory + dynamic.offChipMemory;
  const { staticWatts } = machine;
  // The third roof: at the cap, dynamic energy leaves no faster than cap - static lets it.
  const powerSeconds = dynamicJoules / (machine.mode.cap.value - staticWatts);
  const latency = Math.max(unstretched, powerSeconds);
  byBound[POWER] = latency - unstretched;

  const staticJoules = staticWatts * latency;
  const totalJoules = dynamicJoules + staticJoules;
  let leading = 0;
  for (let i = 1; i < byBound.length; i++) if ((byBound[i] as number) > (byBound[leading] as number)) leading = i;
  const powerBound = latency > unstretched;
  let detail: KernelTimes | undefined;
  return {
    model: workload.model,
    device: machine.device.id,
    runtime: machine.runtime.id,
    precision: machine.precision,
    powerMode: machine.mode.name,
    batch,
    latencySeconds: seconds(latency),
    interval: latencyInterval(
      calibration,
      {
        // An image that is an inference of its own says nothing of those before it.
        batch: batch / roundsOf(machine, batch),
        largeWindowShare: sums.largeWindowSeconds / unstretched,
        rareKindShare,
        ofClass: rareKindShare > MOST ? intervalOfClass(machine) : calibration.interval,
        isOtherMode: runsInOtherMode(machine, calibration),
        waitShare: sums.waitingSeconds / unstretched,
      },
      latency,
      roofSeconds(workload, machine, batch),
    ),
    throughputPerSecond: batch / latency,
    energy: { ...dynamic, static: joules(staticJoules), total: joules(totalJoules) },
    energyPerInferenceJoules: joules(totalJoules / batch),
    averagePowerWatts: watts(averagePower(joules(totalJoules), seconds(latency))),
    bound: powerBound ? 'power' : (BOUNDS[leading] as Bound),
    unstretchedSeconds: seconds(unstretched),
    timeByBound: {
      compute: (byBound[COMPUTE] as number) / latency,
      'on-chip memory': (byBound[ON_CHIP] as number) / latency,
      'off-chip memory': (byBound[OFF_CHIP] as number) / latency,
      overhead: (byBound[OVERHEAD] as number) / latency,
      power: (byBound[POWER] as number) / latency,
    },
    utilization: mixed === undefined ? (2 * macs) / (latency * machine.matrixPeak) : mixed.peakSeconds / latency,
    bandwidthUtilization: offChip / (latency * machine.offChipBandwidth),
    macs,
    offChipBytes: bytes(offChip),
    onChipBytes: bytes(onChip),
    tiles: countTiles(machine, sums),
    kernelTimes: () => {
      detail ??= kernelTimesOf(workload, machine, batch);
      return detail;
    },
    calibration,
    coverage: workload.unknownOperators === 0 ? 'complete' : 'partial',
    timeModel: `per-kernel ${machine.geometry.kind}`,
  };
};
