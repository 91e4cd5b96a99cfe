/** What becomes of a hostile file or graph: an analysis, or an error of the kinds that say what is wrong with it. */
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import {
  CountOverflowError,
  concurrency,
  coverage,
  ExpressionLimitError,
  type Graph,
  ImportError,
  InferenceLimitError,
  importModel,
  memoryFigures,
  OnnxReadError,
  OperatorError,
  openSymbols,
  symbolicTotals,
  UnboundSymbolError,
} from '../../src/index.ts';
import { readModelSync } from '../../src/onnx/read/read-model.ts';
import { bytesSource } from '../../src/onnx/source.ts';

export interface Outcome {
  /** `undefined` for an analysis. */
  readonly code?: string | undefined;
  readonly message: string;
  readonly path: string;
  readonly warnings: readonly { readonly code: string; readonly path: string; readonly message: string }[];
  readonly analyzed?: ReturnType<typeof analyzeGraph>;
}

type Kind = new (...args: never[]) => Error & { readonly code: string };
const KINDS: readonly Kind[] = [
  OnnxReadError,
  ImportError,
  OperatorError,
  InferenceLimitError,
  CountOverflowError,
  ExpressionLimitError,
  UnboundSymbolError,
];

/** Runs it; an error of any other kind is a fault of Assay's own and goes on. */
export const outcomeOf = (run: () => Omit<Outcome, 'message' | 'path'>): Outcome => {
  try {
    return { message: '', path: '', ...run() };
  } catch (error) {
    const kind = KINDS.find((each) => error instanceof each);
    if (kind === undefined) throw error;
    const { code, message } = error as Error & { code: string };
    return {
      code,
      message,
      path: 'path' in (error as object) ? String((error as { path: string }).path) : '',
      warnings: [],
    };
  }
};

/** Everything that is asked of a graph: counts, and where nothing is open kernels, memory and concurrency. */
export const analyzed = (graph: Graph): ReturnType<typeof analyzeGraph> => {
  const found = analyzeGraph(graph);
  symbolicTotals(found);
  coverage(found);
  if (openSymbols(found).length > 0) return found;
  for (const fusion of ['none', 'inductor'] as const) compileWorkload(found, fusion);
  memoryFigures(found, compileWorkload(found, 'epilogue'));
  concurrency(found);
  return found;
};

export const outcomeOfFile = (file: Uint8Array): Outcome =>
  outcomeOf(() => {
    const record = readModelSync(bytesSource(file));
    const imported = importModel(record);
    const found = analyzed(imported.graph);
    return { analyzed: found, warnings: [...(record.warnings ?? []), ...imported.warnings, ...found.warnings] };
  });

/** Numbers between 0 and 1 that are the same for the same seed (mulberry32). */
export const randomFrom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};
