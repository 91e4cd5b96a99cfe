import table from '../../reference/validation.json' with { type: 'json' };
import { estimate } from '../estimate/estimate.ts';
import { isMachine, resolveMachine } from '../estimate/machine.ts';
import { findRuntime } from '../estimate/runtime.ts';
import { devices } from '../hardware/index.ts';
import { isPrecision } from '../ir/dtype.ts';
import { findModel } from '../zoo/api.ts';
import { compileModel } from './compile.ts';

export interface ValidationRow {
  readonly device: string;
  readonly runtime: string;
  readonly precision: string;
  readonly model: string;
  readonly resolution: number;
  readonly batch: number;
  readonly quantity: 'latency' | 'throughput';
  readonly measured: number;
  readonly predicted: number;
  /** Of the same quantity as `predicted`. */
  readonly low: number;
  readonly high: number;
  /** Predicted over measured. */
  readonly ratio: number;
  readonly inside: boolean;
  readonly source: string;
  readonly difference: string;
}

/** Every measurement in reference/validation.json beside its prediction; none of them was fitted to. */
export const validationRows = (): readonly ValidationRow[] =>
  table.rows.map((row): ValidationRow => {
    const entry = findModel(row.model);
    const device = devices.find(({ id }) => id === row.device);
    const runtime = findRuntime(row.runtime);
    if (entry === undefined || device === undefined || runtime === undefined || !isPrecision(row.precision)) {
      throw new RangeError(
        `reference/validation.json names something unknown: ${row.device}, ${row.runtime}, ${row.model}`,
      );
    }
    const machine = resolveMachine(device, runtime, { precision: row.precision });
    if (!isMachine(machine)) throw new RangeError(machine.message);
    const workload = compileModel(entry.variant, { resolution: row.resolution }).workload(runtime.fusion);
    const { latencySeconds, throughputPerSecond, interval } = estimate(workload, machine, row.batch);
    const isLatency = row.quantity === 'latency';
    const latency = isLatency ? row.value : row.batch / row.value;
    const predicted = isLatency ? latencySeconds : throughputPerSecond;
    return {
      device: device.id,
      runtime: runtime.id,
      precision: row.precision,
      model: row.model,
      resolution: row.resolution,
      batch: row.batch,
      quantity: isLatency ? 'latency' : 'throughput',
      measured: row.value,
      predicted,
      low: isLatency ? interval.lowSeconds : row.batch / interval.highSeconds,
      high: isLatency ? interval.highSeconds : row.batch / interval.lowSeconds,
      ratio: predicted / row.value,
      inside: latency >= interval.lowSeconds && latency <= interval.highSeconds,
      source: row.source,
      difference: row.difference,
    };
  });
