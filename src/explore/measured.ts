/** Rows of measurements as the fit takes them: matched to models of the zoo, grouped by what they were measured on. */
import type { MeasuredRow } from '../estimate/calibrate.ts';
import { findRuntime, fusionIn, type Runtime } from '../estimate/runtime.ts';
import { findDeviceInMode, modeNamed } from '../hardware/api.ts';
import type { Device } from '../hardware/device.ts';
import type { Precision } from '../ir/dtype.ts';
import { findModel } from '../zoo/api.ts';
import { type CompiledModel, compileModel } from './compile.ts';
import type { MeasurementRecord } from './measurement-table.ts';

/** A row with the record that it was made of. */
export interface MeasuredCase extends MeasuredRow {
  readonly record: MeasurementRecord;
}

/** Rows of one device in one power mode under one runtime, in one precision and layout. */
export interface MeasurementGroup {
  readonly id: string;
  readonly device: Device;
  readonly runtime: Runtime;
  readonly precision: Precision;
  readonly layout: string;
  /** Where it is another than the first one of the device. */
  readonly powerMode?: string;
  readonly rows: readonly MeasuredCase[];
}

export type SkipReason = 'unknown-model' | 'another-precision' | 'not-buildable';

export interface SkippedRecord {
  readonly record: MeasurementRecord;
  readonly reason: SkipReason | 'unknown-device' | 'unknown-runtime';
}

export interface MeasurementGroups {
  readonly groups: readonly MeasurementGroup[];
  readonly skipped: readonly SkippedRecord[];
}

/** Seconds of one batch: as measured, or what the rate says. */
export const secondsOf = ({ quantity, batch, latencySeconds, imagesPerSecond }: MeasurementRecord): number =>
  quantity === 'throughput' && imagesPerSecond !== undefined
    ? batch / imagesPerSecond
    : (latencySeconds ?? batch / (imagesPerSecond ?? Number.NaN));

/** Models at their resolutions, built once. */
export const compiledModels = () => {
  const known = new Map<string, CompiledModel | undefined>();
  return (name: string, resolution: number | undefined): CompiledModel | undefined => {
    const key = `${name}@${resolution}`;
    if (known.has(key)) return known.get(key);
    const entry = findModel(name);
    let compiled: CompiledModel | undefined;
    try {
      compiled =
        entry &&
        compileModel(entry.variant, resolution === undefined || entry.variant.withoutResolution ? {} : { resolution });
    } catch {
      // A resolution that the architecture does not take.
      compiled = undefined;
    }
    known.set(key, compiled);
    return compiled;
  };
};

/** Only what is computed in the precision itself: 16-bit activations and compressed weights are other work. */
const isPlain = ({ precision, notes }: MeasurementRecord): boolean =>
  precision?.activationBits === undefined &&
  precision?.weightsOnlyBits === undefined &&
  !/w8a16|palettized|weight only/i.test(notes);

export type CompiledModels = ReturnType<typeof compiledModels>;

/** A record as a row of a runtime and precision, or why it is none. The device is whoever asks's affair. */
export const measuredCase = (
  record: MeasurementRecord,
  runtime: Runtime,
  precision: Precision,
  compiled: CompiledModels,
): MeasuredCase | SkipReason => {
  if (!isPlain(record)) return 'another-precision';
  const entry = record.zoo && findModel(record.zoo.name);
  if (entry === undefined || record.zoo === undefined) return 'unknown-model';
  const model = compiled(record.zoo.name, record.resolution);
  if (model === undefined) return 'not-buildable';
  return {
    model: record.zoo.name,
    family: entry.family.id,
    batch: record.batch,
    workload: model.workload(fusionIn(runtime, precision, record.layout || undefined)),
    latencySeconds: secondsOf(record),
    record,
  };
};

/** The device of a row, and its power mode where it is another than the first one; `undefined` for one that is not known. */
export const measuredOn = (
  record: MeasurementRecord,
): { readonly device: Device; readonly powerMode?: string } | undefined => {
  const found = findDeviceInMode(record.device);
  if (found?.mode === undefined) return found;
  const mode = modeNamed(found.device, found.mode);
  if (mode === undefined) return undefined;
  return { device: found.device, ...(mode !== found.device.power.modes[0] && { powerMode: mode.name }) };
};

/** Groups in the order of their first rows. */
export const measurementGroups = (
  records: readonly MeasurementRecord[],
  compiled = compiledModels(),
): MeasurementGroups => {
  const groups = new Map<string, Omit<MeasurementGroup, 'rows'> & { readonly rows: MeasuredCase[] }>();
  const skipped: SkippedRecord[] = [];
  for (const record of records) {
    const { device, powerMode } = measuredOn(record) ?? {};
    const runtime = device && findRuntime(record.runtime?.id ?? device.defaultRuntime);
    if (device === undefined || runtime === undefined) {
      skipped.push({ record, reason: device === undefined ? 'unknown-device' : 'unknown-runtime' });
      continue;
    }
    const precision = record.precision?.precision ?? device.defaultPrecision;
    const row = measuredCase(record, runtime, precision, compiled);
    if (typeof row === 'string') {
      skipped.push({ record, reason: row });
      continue;
    }
    const target = powerMode === undefined ? device.id : `${device.id}@${powerMode}`;
    const id = [target, runtime.id, precision, record.layout].filter((part) => part !== '').join('/');
    const group = groups.get(id) ?? {
      ...{ id, device, runtime, precision, layout: record.layout, rows: [] },
      ...(powerMode !== undefined && { powerMode }),
    };
    groups.set(id, group);
    group.rows.push(row);
  }
  return { groups: [...groups.values()], skipped };
};
