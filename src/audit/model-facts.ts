/** What is known of a model and a device that a document names: counts by every convention, memory, roofs, accuracies. */
import { CONVENTIONS, type Convention, countByConvention } from '../analysis/conventions.ts';
import { type MemoryAnalysis, memoryFigures } from '../analysis/memory.ts';
import { classTotals, totals } from '../analysis/totals.ts';
import { roofSeconds } from '../estimate/estimate.ts';
import { fastestMode, isMachine, type Machine, resolveMachine } from '../estimate/machine.ts';
import { findRuntime } from '../estimate/runtime.ts';
import { type CompiledModel, compileModel } from '../explore/compile.ts';
import { quantizedAccuraciesOf } from '../explore/quantized.ts';
import type { Device } from '../hardware/api.ts';
import { isPrecision, type Precision } from '../ir/dtype.ts';
import { ModelOptionError, type ZooEntry } from '../zoo/api.ts';

export interface WorkCount {
  /** As a reader knows it: "2 × MACs", "MACs". */
  readonly name: string;
  readonly value: number;
}

const DISTINCT: readonly Convention[] = ['assay', 'papers', 'fvcore', 'flop-counter'];

const NAMES: Readonly<Partial<Record<Convention, string>>> = {
  assay: '2 × MACs and every other operation',
  papers: 'MACs',
  fvcore: 'MACs and normalization, as fvcore counts',
  'flop-counter': '2 × MACs',
};

export interface AccuracyRow {
  readonly top1: number;
  readonly weights: string;
}

export interface ModelFacts {
  /** `undefined` where the model cannot be built at that size. */
  compiled(model: ZooEntry, resolution?: number): CompiledModel | undefined;
  workCounts(model: ZooEntry, resolution: number | undefined): readonly WorkCount[];
  parameterCounts(model: ZooEntry): readonly number[];
  hasDepthwise(model: ZooEntry): boolean;
  accuracies(model: ZooEntry): readonly AccuracyRow[];
  memory(
    model: ZooEntry,
    resolution: number | undefined,
    precision: Precision,
    batch: number,
  ): MemoryAnalysis | undefined;
  /** At the device's own precision, or the one that is named. */
  machine(device: Device, precision?: string): Machine | undefined;
  /** The precisions that a device has, each with its machine. */
  machines(device: Device): readonly Machine[];
  /** No device is faster than this at one batch: work over dense peak, compulsory bytes over bandwidth. */
  roofSeconds(model: ZooEntry, machine: Machine, resolution: number | undefined, batch: number): number | undefined;
}

/** What people compare networks at where they say nothing. */
const CUSTOMARY_RESOLUTION = 224;

/** Sizes of the input that a figure can hold for: the one that is stated, else the model's own and the customary one. */
export const possibleResolutions = (
  { variant }: ZooEntry,
  stated: number | undefined,
): readonly (number | undefined)[] =>
  stated !== undefined || variant.withoutResolution
    ? [stated]
    : [...new Set([variant.nativeResolution, CUSTOMARY_RESOLUTION])];

/** A model, and the forms in which it is deployed: both are printed under its name. */
const formsOf = (model: ZooEntry): readonly ZooEntry[] => [
  model,
  ...model.family.variants
    .filter(({ formOf }) => formOf === model.variant.name)
    .map((variant) => ({ family: model.family, variant })),
];

/** Counts are made when first asked for, and once. */
export const modelFacts = (): ModelFacts => {
  const models = new Map<string, CompiledModel | undefined>();
  const compiled = ({ variant }: ZooEntry, asked?: number): CompiledModel | undefined => {
    const resolution = variant.withoutResolution ? undefined : (asked ?? variant.nativeResolution);
    const key = `${variant.name}@${resolution}`;
    if (models.has(key)) return models.get(key);
    let made: CompiledModel | undefined;
    try {
      made = compileModel(variant, resolution === undefined ? {} : { resolution });
    } catch (error) {
      if (!(error instanceof ModelOptionError)) throw error;
    }
    models.set(key, made);
    return made;
  };
  const machines = new Map<string, readonly Machine[]>();
  const machinesOf = (device: Device): readonly Machine[] => {
    const known = machines.get(device.id);
    if (known !== undefined) return known;
    const runtime = findRuntime(device.defaultRuntime);
    const precisions = Object.keys(device.matrixPeaks).filter(isPrecision);
    const made =
      runtime === undefined
        ? []
        : precisions
            .map((precision) => resolveMachine(device, runtime, { precision, mode: fastestMode(device).name }))
            .filter(isMachine);
    machines.set(device.id, made);
    return made;
  };
  const known = new Map<CompiledModel, readonly WorkCount[]>();
  const workOf = (model: ZooEntry, resolution: number | undefined): readonly WorkCount[] => {
    const found = compiled(model, resolution);
    if (found === undefined) return [];
    const counted = known.get(found) ?? countsOf(model, found);
    known.set(found, counted);
    return counted;
  };
  const countsOf = (model: ZooEntry, found: CompiledModel): readonly WorkCount[] => {
    const counts = DISTINCT.map((convention) => ({
      name: NAMES[convention] ?? CONVENTIONS[convention],
      value: countByConvention(found.analyzed, convention),
    }));
    const fvcore = countByConvention(found.analyzed, 'fvcore');
    const published = model.variant.published
      .filter((row) => row.resolution === undefined || row.resolution === found.resolution)
      .flatMap(({ gmacs, gflops, source }) =>
        [
          { text: gmacs, name: 'MACs' },
          { text: gflops, name: '2 × MACs' },
        ].flatMap(({ text, name }) =>
          text === undefined ? [] : [{ name: `${name} as ${source} prints them`, value: Number(text) * 1e9 }],
        ),
      );
    return [...counts, { name: 'twice what fvcore counts', value: 2 * fvcore }, ...published];
  };
  const parametersOf = (model: ZooEntry): readonly number[] => {
    const found = compiled(model);
    if (found === undefined) return [];
    const { params, statistics } = totals(found.analyzed);
    const elsewhere = model.variant.published.flatMap((row) => [
      ...(row.parameters === undefined ? [] : [row.parameters]),
      ...(row.parametersMillions === undefined ? [] : [Number(row.parametersMillions) * 1e6]),
    ]);
    return [params, params + statistics, ...elsewhere];
  };
  return {
    compiled,
    workCounts: (model, resolution) => formsOf(model).flatMap((form) => workOf(form, resolution)),
    parameterCounts: (model) => formsOf(model).flatMap(parametersOf),
    hasDepthwise: (model) => {
      const found = compiled(model);
      return found !== undefined && classTotals(found.analyzed).some((row) => row.class === 'depthwise-conv');
    },
    accuracies: ({ variant }) => [
      ...(variant.accuracy === undefined ? [] : [variant.accuracy]),
      ...(variant.otherAccuracies ?? []),
      ...quantizedAccuraciesOf(variant.name).flatMap(({ top1, floatTop1, precision, source }) => [
        { top1, weights: `${precision}, ${source}` },
        ...(floatTop1 === null ? [] : [{ top1: floatTop1, weights: source }]),
      ]),
    ],
    memory: (model, resolution, precision, batch) => {
      const found = compiled(model, resolution);
      return found && memoryFigures(found.analyzed, found.workload('epilogue'), { precision, batch });
    },
    machine: (device, precision) =>
      machinesOf(device).find((each) => each.precision === (precision ?? device.defaultPrecision)),
    machines: machinesOf,
    roofSeconds: (model, machine, resolution, batch) => {
      const roofs = possibleResolutions(model, resolution).flatMap((size) => {
        const found = compiled(model, size);
        return found === undefined ? [] : [roofSeconds(found.workload(machine.fusion), machine, batch)];
      });
      return roofs.length === 0 ? undefined : Math.min(...roofs);
    },
  };
};
