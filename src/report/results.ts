/** The study's cells as the rows of results.csv; the columns are a contract. */
import { trafficBytes, weightBytes } from '../analysis/memory.ts';
import type { Study, StudyCell } from '../explore/study.ts';
import { DTYPE_BYTES } from '../ir/dtype.ts';
import type { CellValue } from './blocks.ts';

export const RESULT_COLUMNS = [
  'model',
  'family',
  'resolution',
  'batch',
  'precision',
  'device',
  'runtime',
  'params',
  'macs',
  'flops',
  'weight_bytes',
  'peak_activation_bytes',
  'traffic_bytes',
  'tiles',
  'latency_ms',
  'latency_low_ms',
  'latency_high_ms',
  'throughput_ips',
  'energy_mj',
  'average_power_w',
  'bound',
  'utilization',
  'coverage',
  'calibration',
] as const;

export type ResultRow = Readonly<Record<(typeof RESULT_COLUMNS)[number], CellValue>>;

/**
 * One cell as one row. Counts and bytes are for the whole batch, energy is per inference,
 * `tiles` is the largest working set of a kernel in units' memories.
 */
export const resultRow = (
  study: Study,
  { model, target, resolution, precision, batch, estimate }: StudyCell,
): ResultRow => {
  const compiled = study.compiled(model, resolution);
  const workload = compiled.workload(study.fusion(target, precision));
  const profile = resolution === model.common.resolution ? model.common : model.native;
  const { calibration, interval } = estimate;
  // Live activations are all per item and of one type, so the peak scales with batch and precision.
  const peak = (profile.memory.peakActivationBytes / DTYPE_BYTES.fp32) * DTYPE_BYTES[precision] * batch;
  return {
    model: model.name,
    family: model.family,
    resolution: resolution ?? null,
    batch,
    precision,
    device: target.device.id,
    runtime: target.runtime.id,
    params: profile.totals.params,
    macs: profile.totals.macs * batch,
    flops: profile.totals.flops * batch,
    weight_bytes: weightBytes(profile.totals.params, precision),
    peak_activation_bytes: peak,
    traffic_bytes: trafficBytes(workload, batch, precision),
    tiles: estimate.tiles.largest,
    latency_ms: estimate.latencySeconds * 1e3,
    latency_low_ms: interval.lowSeconds * 1e3,
    latency_high_ms: interval.highSeconds * 1e3,
    throughput_ips: estimate.throughputPerSecond,
    energy_mj: estimate.energyPerInferenceJoules * 1e3,
    average_power_w: estimate.averagePowerWatts,
    bound: estimate.bound,
    utilization: estimate.utilization,
    coverage: estimate.coverage,
    calibration: calibration.kind === 'calibrated' ? calibration.id : 'uncalibrated',
  };
};
