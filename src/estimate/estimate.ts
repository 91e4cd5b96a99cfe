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
import type { Calibration } from './constants.ts';
import { dynamicEnergy, type EnergyTerms } from './energy.ts';
import { type Interval, latencyInterval } from './interval.ts';
import type { Machine } from './machine.ts';
import { allocateKernelTimes, BOUNDS, type Bound, evaluateKernels, type KernelTimes } from './roofs.ts';
import { countTiles, type TileSummary } from './tiles.ts';

export interface Estimate {
  readonly model: string;
  readonly device: string;
  readonly runtime: string;
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
  readonly kernels: KernelTimes;
  readonly calibration: Calibration;
  /** 'complete', or 'partial' when operators of unknown cost make this a lower bound. */
  readonly coverage: 'complete' | 'partial';
  readonly timeModel: string;
}

/** Work over dense peak, compulsory bytes over bandwidth: no machine is faster (law 1). */
export const roofSeconds = (workload: Workload, machine: Machine, batch: number): Seconds => {
  const { columns } = workload;
  let macs = 0;
  let weights = 0;
  for (let i = 0; i < columns.length; i++) {
    macs += (columns.macsFixed[i] as number) + (columns.macsPerItem[i] as number) * batch;
    weights += columns.weightElements[i] as number;
  }
  const boundary =
    workload.inputElements.fixed +
    workload.outputElements.fixed +
    (workload.inputElements.perItem + workload.outputElements.perItem) * batch;
  const moved = (weights + boundary) * machine.elementBytes;
  const fastest = Math.max(machine.matrixPeak, machine.vectorPeak);
  return seconds(Math.max((2 * macs) / fastest, moved / machine.offChipBandwidth));
};

/** Latency, energy and everything beside them for one batch of `batch` inputs. */
export const estimate = (workload: Workload, machine: Machine, batch = 1): Estimate => {
  const { columns } = workload;
  const times = allocateKernelTimes(columns.length);
  evaluateKernels(columns, machine, batch, times);

  let unstretched: number = machine.constants.inferenceSeconds;
  let macs = 0;
  let vectorOperations = 0;
  let offChip = 0;
  let onChip = 0;
  const byBound = new Float64Array(BOUNDS.length);
  const overheadBound = BOUNDS.indexOf('overhead');
  for (let i = 0; i < times.length; i++) {
    const total = times.totalSeconds[i] as number;
    const bound = times.bound[i] as number;
    unstretched += total;
    byBound[bound] = (byBound[bound] as number) + total;
    macs += (columns.macsFixed[i] as number) + (columns.macsPerItem[i] as number) * batch;
    vectorOperations += (columns.flopsFixed[i] as number) + (columns.flopsPerItem[i] as number) * batch;
    offChip += times.offChipBytes[i] as number;
    onChip += times.onChipBytes[i] as number;
  }
  byBound[overheadBound] = (byBound[overheadBound] as number) + machine.constants.inferenceSeconds;

  const dynamic = dynamicEnergy(machine, { macs, vectorOperations, onChipBytes: onChip, offChipBytes: offChip });
  const dynamicJoules = dynamic.compute + dynamic.onChipMemory + dynamic.offChipMemory;
  const staticWatts = machine.device.power.static.value;
  // The third roof: at the cap, dynamic energy leaves no faster than cap - static lets it.
  const powerSeconds = dynamicJoules / (machine.mode.cap.value - staticWatts);
  const latency = Math.max(unstretched, powerSeconds);
  byBound[BOUNDS.indexOf('power')] = latency - unstretched;

  const staticJoules = staticWatts * latency;
  const totalJoules = dynamicJoules + staticJoules;
  const leading = byBound.indexOf(Math.max(...byBound));
  const powerBound = latency > unstretched;
  const shares = Object.fromEntries(BOUNDS.map((bound, index) => [bound, (byBound[index] as number) / latency]));
  return {
    model: workload.model,
    device: machine.device.id,
    runtime: machine.runtime.id,
    precision: machine.precision,
    powerMode: machine.mode.name,
    batch,
    latencySeconds: seconds(latency),
    interval: latencyInterval(machine, batch, latency, roofSeconds(workload, machine, batch)),
    throughputPerSecond: batch / latency,
    energy: { ...dynamic, static: joules(staticJoules), total: joules(totalJoules) },
    energyPerInferenceJoules: joules(totalJoules / batch),
    averagePowerWatts: watts(averagePower(joules(totalJoules), seconds(latency))),
    bound: powerBound ? 'power' : (BOUNDS[leading] as Bound),
    unstretchedSeconds: seconds(unstretched),
    timeByBound: shares as Readonly<Record<Bound, number>>,
    utilization: (2 * macs) / (latency * machine.matrixPeak),
    bandwidthUtilization: offChip / (latency * machine.offChipBandwidth),
    macs,
    offChipBytes: bytes(offChip),
    onChipBytes: bytes(onChip),
    tiles: countTiles(machine, times),
    kernels: times,
    calibration: machine.calibration,
    coverage: workload.unknownOperators === 0 ? 'complete' : 'partial',
    timeModel: `per-kernel ${machine.geometry.kind}`,
  };
};
