/** The characterization study: models x devices x batches, at the common and at each native resolution. */
import { type Concurrency, concurrency } from '../analysis/concurrency.ts';
import type { FusionRulesId } from '../analysis/fusion.ts';
import { type MemoryAnalysis, memoryFigures } from '../analysis/memory.ts';
import { type ClassTotals, type Coverage, classTotals, coverage, type Totals, totals } from '../analysis/totals.ts';
import { type Estimate, estimate } from '../estimate/estimate.ts';
import { isMachine, type Machine, resolveMachine } from '../estimate/machine.ts';
import { findRuntime, type Runtime } from '../estimate/runtime.ts';
import type { Device } from '../hardware/device.ts';
import type { Precision } from '../ir/dtype.ts';
import {
  type CompiledModel,
  compileModel,
  type ModelEntry,
  type ModelSource,
  type StudyCounterfactual,
} from './compile.ts';

export interface StudyDevice {
  readonly device: Device;
  readonly runtime: Runtime;
  readonly powerMode?: string;
  /** Precision of the study's main tables on this device. */
  readonly precision: Precision;
}

export interface StudyOptions {
  readonly models: readonly ModelEntry[];
  readonly devices: readonly StudyDevice[];
  /** Model that every ratio is against; a member of `models`. */
  readonly baseline: string;
  /** The resolution at which all models are compared. */
  readonly resolution: number;
  readonly batches: readonly number[];
  /** One precision that every device has, for the table of comparable ratios. */
  readonly commonPrecision: Precision;
}

/** What a model is, whatever runs it. */
export interface ModelProfile {
  /** `undefined` where the input is no square image. */
  readonly resolution: number | undefined;
  readonly totals: Totals;
  readonly classes: readonly ClassTotals[];
  readonly coverage: Coverage;
  readonly concurrency: Concurrency;
  /** At batch 1 and fp32. */
  readonly memory: MemoryAnalysis;
}

export interface StudyModel {
  readonly name: string;
  readonly title: string;
  readonly family: string;
  readonly entry: ModelEntry;
  /** `undefined` where the input is no square image of a fixed size. */
  readonly nativeResolution: number | undefined;
  /** At the study's common resolution, or as it is where there is none to set. */
  readonly common: ModelProfile;
  /** At the resolution of the published accuracy; the same record where the two agree. */
  readonly native: ModelProfile;
}

export interface StudyCell {
  readonly model: StudyModel;
  readonly target: StudyDevice;
  readonly resolution: number | undefined;
  readonly precision: Precision;
  readonly batch: number;
  readonly estimate: Estimate;
}

export interface CellQuery {
  readonly batch?: number;
  /** The common one where it is left out or `undefined`. */
  readonly resolution?: number | undefined;
  readonly precision?: Precision;
  readonly counterfactual?: StudyCounterfactual;
}

export interface Study {
  readonly options: StudyOptions;
  readonly models: readonly StudyModel[];
  readonly devices: readonly StudyDevice[];
  readonly baseline: StudyModel;
  /** Every model x device x batch at the common resolution, then at native ones, at each device's precision. */
  readonly cells: readonly StudyCell[];
  /** Batch 1 at the common resolution and the common precision. */
  readonly commonPrecisionCells: readonly StudyCell[];
  /**
   * Any other point of the study: batch 1, the common resolution and the device's precision
   * unless stated. Computed when asked for, and once.
   */
  cell(model: StudyModel, target: StudyDevice, query?: CellQuery): StudyCell;
  /** Whether a device has arithmetic of a precision. */
  supports(target: StudyDevice, precision: Precision): boolean;
  compiled(model: StudyModel, resolution: number | undefined, counterfactual?: StudyCounterfactual): CompiledModel;
  /** The rules by which a target's runtime fuses, at its own precision unless stated. */
  fusion(target: StudyDevice, precision?: Precision): FusionRulesId;
}

const profile = (compiled: CompiledModel): ModelProfile => ({
  resolution: compiled.resolution,
  totals: totals(compiled.analyzed),
  classes: classTotals(compiled.analyzed),
  coverage: coverage(compiled.analyzed),
  concurrency: concurrency(compiled.analyzed),
  memory: memoryFigures(compiled.analyzed, compiled.workload('epilogue')),
});

/** What is asked of a model without images does not reach it. */
const resolutionOf = ({ withoutResolution }: ModelSource, asked: number | undefined): number | undefined =>
  withoutResolution ? undefined : asked;

/** Runs the whole study. Throws `RangeError` when a device lacks a precision that is asked of it. */
export const runStudy = (options: StudyOptions): Study => {
  const compiledModels = new Map<string, CompiledModel>();
  const compiledFor = (
    { variant }: ModelEntry,
    asked: number | undefined = options.resolution,
    counterfactual?: StudyCounterfactual,
  ): CompiledModel => {
    const resolution = resolutionOf(variant, asked);
    const key = `${variant.name}@${resolution}/${counterfactual ?? ''}`;
    const known = compiledModels.get(key);
    if (known !== undefined) return known;
    const made = compileModel(variant, {
      ...(resolution !== undefined && { resolution }),
      ...(counterfactual && { counterfactual }),
    });
    compiledModels.set(key, made);
    return made;
  };

  const models = options.models.map((entry): StudyModel => {
    const { name, title, nativeResolution } = entry.variant;
    const common = profile(compiledFor(entry, options.resolution));
    const isNative = nativeResolution === undefined || nativeResolution === common.resolution;
    const native = isNative ? common : profile(compiledFor(entry, nativeResolution));
    return { name, title, family: entry.family.id, entry, nativeResolution, common, native };
  });
  const baseline = models.find(({ name }) => name === options.baseline);
  if (baseline === undefined) throw new RangeError(`the baseline ${options.baseline} is not among the models`);

  const machines = new Map<string, Machine>();
  const machineFor = (target: StudyDevice, precision: Precision): Machine => {
    const key = `${target.device.id}@${target.powerMode ?? ''}/${target.runtime.id}/${precision}`;
    const known = machines.get(key);
    if (known !== undefined) return known;
    const mode = target.powerMode === undefined ? {} : { mode: target.powerMode };
    const machine = resolveMachine(target.device, target.runtime, { precision, ...mode });
    if (!isMachine(machine)) throw new RangeError(machine.message);
    machines.set(key, machine);
    return machine;
  };

  const made = new Map<string, StudyCell>();
  const cell = (model: StudyModel, target: StudyDevice, query: CellQuery = {}): StudyCell => {
    const { batch = 1, resolution: asked = options.resolution, precision = target.precision, counterfactual } = query;
    const resolution = resolutionOf(model.entry.variant, asked);
    const key = [
      model.name,
      target.device.id,
      target.powerMode,
      target.runtime.id,
      batch,
      resolution,
      precision,
      counterfactual,
    ].join('/');
    const known = made.get(key);
    if (known !== undefined) return known;
    const machine = machineFor(target, precision);
    const workload = compiledFor(model.entry, resolution, counterfactual).workload(machine.fusion);
    const result: StudyCell = {
      model,
      target,
      resolution,
      precision,
      batch,
      estimate: estimate(workload, machine, batch),
    };
    made.set(key, result);
    return result;
  };

  const grid = (resolutionsOf: (model: StudyModel) => readonly (number | undefined)[]): readonly StudyCell[] =>
    options.devices.flatMap((target) =>
      models.flatMap((model) =>
        resolutionsOf(model).flatMap((resolution) =>
          options.batches.map((batch) => cell(model, target, { batch, resolution })),
        ),
      ),
    );
  const native = (model: StudyModel) => (model.native === model.common ? [] : [model.native.resolution]);
  return {
    options,
    models,
    devices: options.devices,
    baseline,
    cells: [...grid(() => [options.resolution]), ...grid(native)],
    commonPrecisionCells: options.devices.flatMap((target) =>
      models.map((model) => cell(model, target, { precision: options.commonPrecision })),
    ),
    cell,
    supports: (target, precision) =>
      target.device.matrixPeaks[precision] !== undefined && target.device.energy.perMac[precision] !== undefined,
    compiled: (model, resolution, counterfactual) => compiledFor(model.entry, resolution, counterfactual),
    fusion: (target, precision = target.precision) => machineFor(target, precision).fusion,
  };
};

export const studyDevice = (device: Device, overrides: Partial<Omit<StudyDevice, 'device'>> = {}): StudyDevice => {
  const runtime = overrides.runtime ?? findRuntime(device.defaultRuntime);
  if (runtime === undefined) throw new RangeError(`${device.id} names the unknown runtime ${device.defaultRuntime}`);
  return { device, precision: device.defaultPrecision, ...overrides, runtime };
};
