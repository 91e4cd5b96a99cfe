/** Everything that `assay analyze` says about one model, gathered from the library. */
import {
  type AnalyzedGraph,
  type CompiledModel,
  type Convention,
  type Coverage,
  concurrency,
  coverage,
  type DType,
  FUSION_RULES,
  type FusionRulesId,
  fusionIn,
  type Integer,
  isPrecision,
  keepsItsSize,
  type MemoryFigures,
  type ModelEntry,
  memoryFigures,
  onlyNodes,
  openSymbols,
  type Precision,
  type Runtime,
  storedTotals,
  storedWeightBytes,
  symbolicCountByConvention,
  weightBytes as weightBytesOf,
} from '../../index.ts';
import { onFile } from '../model/file.ts';
import { compileSelected, type SelectedModel } from '../model/select.ts';
import type { Warning } from '../output.ts';
import { exactly } from '../select.ts';
import { type ClassFigures, classFigures } from './classes.ts';
import { atBatchOf, BATCH_NAME, type Figures, figuresOf } from './figures.ts';
import { warningsOf } from './warnings.ts';

export interface AnalyzeSettings {
  /** The model's native one where it is left out. */
  readonly resolution?: number;
  /** The arithmetic type that memory is counted in: fp32, or a file's own where it is left out. */
  readonly precision?: Precision;
  readonly convention: Convention;
  /** Whose fusion rules the traffic is counted after; the rules of most compilers where it is left out. */
  readonly runtime?: Runtime;
}

export interface Analysis {
  readonly entry: ModelEntry;
  readonly source: SelectedModel['source'];
  readonly settings: AnalyzeSettings;
  readonly precision: Precision;
  readonly resolution: number | undefined;
  /** `undefined` while it is open. */
  readonly batch: number | undefined;
  /** Dimensions without a value; sizes and memory cannot be told while there are any. */
  readonly open: readonly string[];
  readonly fusion: FusionRulesId;
  readonly compiled: CompiledModel;
  readonly totals: Figures;
  /** The headline count in the convention asked for. */
  readonly work: Integer;
  readonly weightBytes: number;
  /** `undefined` while dimensions are open. */
  readonly memory: MemoryFigures | undefined;
  readonly classes: readonly ClassFigures[];
  readonly coverage: Coverage;
  readonly concurrency: ReturnType<typeof concurrency> | undefined;
  readonly warnings: readonly Warning[];
}

const DEFAULT_FUSION: FusionRulesId = 'epilogue';

const mostOf = (dtypes: readonly (DType | undefined)[]): Precision | undefined => {
  const tally = new Map<Precision, number>();
  for (const dtype of dtypes) {
    // What a quantizer stores keeps its own size.
    if (dtype === undefined || !isPrecision(dtype) || keepsItsSize(dtype)) continue;
    tally.set(dtype, (tally.get(dtype) ?? 0) + 1);
  }
  return [...tally].toSorted((a, b) => b[1] - a[1])[0]?.[0];
};

/** The floating type that most products of a file have, or, where it is quantized throughout, most of its tensors. */
export const ownPrecision = ({ nodes, types }: AnalyzedGraph): Precision => {
  const multiplying = nodes.filter(({ macs }) => macs !== 0);
  return (
    mostOf(multiplying.map(({ outputs }) => outputs[0]?.type?.dtype)) ??
    mostOf([...types.values()].map(({ dtype }) => dtype)) ??
    'fp32'
  );
};

/** Throws `InputError` where the resolution or batch does not fit the network, or a count would no longer be exact. */
export const analyze = (selected: SelectedModel, settings: AnalyzeSettings): Analysis => {
  const { entry, source } = selected;
  const { convention, resolution, runtime } = settings;
  const compiled = compileSelected(selected, resolution === undefined ? {} : { resolution });
  const { analyzed } = compiled;
  const batch = selected.batches?.[0] ?? (source === undefined ? 1 : undefined);
  const precision = settings.precision ?? (source === undefined ? 'fp32' : ownPrecision(analyzed));
  const fusion = runtime === undefined ? DEFAULT_FUSION : fusionIn(runtime, precision);
  const open = openSymbols(analyzed).filter((name) => batch === undefined || name !== BATCH_NAME);
  const count = (): Analysis => {
    const closed = open.length === 0;
    const memory = closed
      ? memoryFigures(analyzed, compiled.workload(fusion), { batch: batch ?? 1, precision })
      : undefined;
    const stored = source !== undefined && settings.precision === undefined;
    const weightBytes = stored ? storedWeightBytes(analyzed) : weightBytesOf(storedTotals(analyzed).params, precision);
    const totals = figuresOf(analyzed, batch);
    return {
      entry,
      source,
      settings,
      precision,
      resolution: compiled.resolution,
      batch,
      open,
      fusion,
      compiled,
      totals,
      work: atBatchOf({ batch }, symbolicCountByConvention(analyzed, convention)),
      weightBytes,
      memory,
      classes: classFigures(analyzed, (nodes) => figuresOf(onlyNodes(analyzed, nodes), batch), totals),
      coverage: coverage(analyzed),
      concurrency: closed ? concurrency(analyzed, batch ?? 1) : undefined,
      warnings: warningsOf(entry, source?.file.warnings ?? [], analyzed),
    };
  };
  const place = placeText({ resolution: compiled.resolution, batch });
  return source === undefined ? exactly(`${entry.variant.name} ${place}`, count) : onFile(source.file.path, count);
};

/** "at 224×224, batch 1", "at any batch". */
export const placeText = ({ resolution, batch }: Pick<Analysis, 'resolution' | 'batch'>): string => {
  const size = resolution === undefined ? '' : `${resolution}×${resolution}, `;
  return `at ${size}${batch === undefined ? 'any batch' : `batch ${batch}`}`;
};

/** Which fusion the traffic is counted after, in words. */
export const fusionTitle = ({ fusion, settings }: Analysis): string =>
  `${settings.runtime === undefined ? '' : `${settings.runtime.title}: `}${FUSION_RULES[fusion].title}`;
