/** Everything that `assay analyze` says about one model, gathered from the library. */
import {
  type ClassTotals,
  type CompiledModel,
  type Convention,
  type Coverage,
  classTotals,
  concurrency,
  countAt,
  countByConvention,
  coverage,
  DTYPE_BYTES,
  FUSION_RULES,
  type FusionRulesId,
  type MemoryFigures,
  memoryFigures,
  type NodeAnalysis,
  type Precision,
  type Runtime,
  type Totals,
  totals,
  type ZooEntry,
} from '../../index.ts';
import { compileEntry, exactly } from '../select.ts';

export interface AnalyzeSettings {
  /** The model's native one where it is left out. */
  readonly resolution?: number;
  readonly batch: number;
  readonly precision: Precision;
  readonly classes?: number;
  readonly convention: Convention;
  /** Whose fusion rules the traffic is counted after; the rules of most compilers where it is left out. */
  readonly runtime?: Runtime;
}

export interface Layer {
  readonly node: NodeAnalysis;
  /** Read and written by this operator alone, as written, before any fusion. */
  readonly bytes: number;
}

export interface Analysis {
  readonly entry: ZooEntry;
  readonly settings: AnalyzeSettings;
  readonly resolution: number;
  readonly fusion: FusionRulesId;
  readonly compiled: CompiledModel;
  readonly totals: Totals;
  /** The headline count in the convention asked for. */
  readonly work: number;
  readonly memory: MemoryFigures;
  readonly classes: readonly ClassTotals[];
  readonly coverage: Coverage;
  readonly concurrency: ReturnType<typeof concurrency>;
}

const DEFAULT_FUSION: FusionRulesId = 'epilogue';

/** Throws `InputError` where the resolution does not fit the network, or a count would no longer be exact. */
export const analyze = (entry: ZooEntry, settings: AnalyzeSettings): Analysis => {
  const { batch, precision, classes, convention, resolution, runtime } = settings;
  const compiled = compileEntry(entry, {
    ...(resolution === undefined ? {} : { resolution }),
    ...(classes === undefined ? {} : { classes }),
  });
  const { analyzed } = compiled;
  const fusion = runtime?.fusion ?? DEFAULT_FUSION;
  return exactly(`${entry.variant.name} at ${compiled.resolution}×${compiled.resolution}, batch ${batch}`, () => ({
    entry,
    settings,
    resolution: compiled.resolution,
    fusion,
    compiled,
    totals: totals(analyzed, batch),
    work: countByConvention(analyzed, convention, batch),
    memory: memoryFigures(analyzed, compiled.workload(fusion), { batch, precision }),
    classes: classTotals(analyzed, batch),
    coverage: coverage(analyzed),
    concurrency: concurrency(analyzed, batch),
  }));
};

/** Which fusion the traffic is counted after, in words. */
export const fusionTitle = ({ fusion, settings }: Analysis): string =>
  `${settings.runtime === undefined ? '' : `${settings.runtime.title}: `}${FUSION_RULES[fusion].title}`;

/** The operators in execution order. Without fusion every operator is a kernel of its own, and views move nothing. */
export const layersOf = ({ compiled, settings: { batch, precision } }: Analysis): readonly Layer[] => {
  const moved = new Map<string, number>();
  for (const { nodes, weightElements, readElements, writeElements } of compiled.workload('none').kernels) {
    const elements = weightElements + countAt(readElements, batch) + countAt(writeElements, batch);
    for (const name of nodes) moved.set(name, elements * DTYPE_BYTES[precision]);
  }
  return compiled.analyzed.nodes.map((node) => ({ node, bytes: moved.get(node.name) ?? 0 }));
};
