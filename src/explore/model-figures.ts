/** Figures of a model whatever runs it: what each is, how well it is known, and which layers carry it. */
import { planArena } from '../analysis/arena.ts';
import { liveness } from '../analysis/liveness.ts';
import { trafficBytes, weightBytes } from '../analysis/memory.ts';
import { coverage, storedTotals, storedWeightBytes, symbolicTotals } from '../analysis/totals.ts';
import type { Precision } from '../ir/dtype.ts';
import { atBatch } from '../ir/shape.ts';
import type { MEMORY_FIGURES, MODEL_FIGURES } from './budget.ts';
import {
  type Carrier,
  largest,
  liveParts,
  parameterParts,
  trafficParts,
  unknownParts,
  weightParts,
  workParts,
} from './carriers.ts';
import type { CompiledModel } from './compile.ts';

/** A model with what its figures are taken at. */
export interface MeasuredModel {
  readonly name: string;
  readonly compiled: CompiledModel;
  /** Items of one run, where nothing else is asked for. */
  readonly batch: number;
  /** In which activations are counted, where nothing else is asked for. */
  readonly precision: Precision;
  /** Weights are as the file stores them, where no precision is asked for. */
  readonly stored: boolean;
}

/** In what a figure was taken. */
export interface LimitSetting {
  readonly precision?: string;
  readonly batch?: number;
  readonly device?: string;
  readonly powerMode?: string;
  readonly runtime?: string;
  readonly at?: 'upper' | 'point';
  /** Of the interval whose upper end it is. */
  readonly level?: number;
}

/** Whether the figure is what it is, or only a bound of it because some operators have no known cost. */
export type Exactness = 'exact' | 'at-least' | 'at-most' | 'unknown';

export interface Measured {
  readonly actual: number;
  readonly exactness: Exactness;
  readonly setting: LimitSetting;
  readonly reason?: string;
  /** Asked for only where it is shown. */
  layers(): readonly Carrier[];
}

export const operatorName = ({ type, domain }: { readonly type: string; readonly domain: string }): string =>
  domain === '' ? type : `${domain}.${type}`;

/** Each is worked out when it is first asked for, and once. */
export const modelFigures = ({ compiled, batch, precision, stored }: MeasuredModel) => {
  const { analyzed } = compiled;
  const known = new Map<string, unknown>();
  const once = <Value>(key: string, make: () => Value): Value => {
    if (!known.has(key)) known.set(key, make());
    return known.get(key) as Value;
  };
  const covered = coverage(analyzed);
  const isPartial = covered.status === 'partial';
  const uncosted = covered.unknown.map(({ count, ...operator }) => `${count} × ${operatorName(operator)}`).join(', ');
  const lowerBound = isPartial
    ? ({ exactness: 'at-least', reason: `the cost of ${uncosted} is not known` } as const)
    : ({ exactness: 'exact' } as const);
  const hasUnknownSizes = analyzed.nodes.some(({ outputs }) => outputs.some(({ type }) => type === undefined));
  const sizes = hasUnknownSizes
    ? ({ exactness: 'at-least', reason: 'some tensors have no known size' } as const)
    : ({ exactness: 'exact' } as const);
  const counts = once('counts', () => symbolicTotals(analyzed));
  const live = (at: Precision) => once(`live/${at}`, () => liveness(analyzed, batch, at));
  const workload = compiled.workload;

  const ofModel = (figure: (typeof MODEL_FIGURES)[number]): Measured => {
    switch (figure) {
      case 'params': {
        const actual = storedTotals(analyzed).params;
        return { actual, exactness: 'exact', setting: {}, layers: () => largest(parameterParts(analyzed), actual) };
      }
      case 'macs':
      case 'flops': {
        const actual = atBatch(counts[figure], batch);
        return {
          ...{ actual, ...lowerBound, setting: { batch } },
          layers: () => largest(workParts(analyzed, figure, batch), actual),
        };
      }
      case 'unknownOperators': {
        const parts = unknownParts(analyzed);
        const unknown = parts.reduce((sum, { value }) => sum + value, 0);
        return {
          actual: parts.length === 0 ? 0 : unknown / parts.length,
          exactness: 'exact',
          setting: {},
          ...(isPartial && { reason: uncosted }),
          layers: () => largest(parts, unknown),
        };
      }
      case 'opset':
        return { actual: analyzed.graph.opset, exactness: 'exact', setting: {}, layers: () => [] };
    }
  };

  const ofMemory = (figure: (typeof MEMORY_FIGURES)[number], asked?: Precision): Measured => {
    const at = asked ?? precision;
    switch (figure) {
      case 'weights': {
        const asStored = stored && asked === undefined;
        const { params } = storedTotals(analyzed);
        const actual: number = asStored ? storedWeightBytes(analyzed) : weightBytes(params, at);
        return {
          ...{ actual, exactness: 'exact', setting: { precision: asStored ? 'as stored' : at } },
          layers: () => largest(weightParts(analyzed, asStored ? undefined : at), actual),
        };
      }
      case 'peakActivations':
      case 'arena': {
        const found = live(at);
        const actual = figure === 'arena' ? once(`arena/${at}`, () => planArena(found.buffers).bytes) : found.peakBytes;
        return {
          ...{ actual, ...sizes, setting: { precision: at, batch } },
          layers: () => largest(liveParts(analyzed, found), actual),
        };
      }
      case 'traffic': {
        const fused = workload('epilogue');
        const actual: number = trafficBytes(fused, batch, at);
        return {
          ...{ actual, ...lowerBound, setting: { precision: at, batch } },
          layers: () => largest(trafficParts(fused, batch, at), actual),
        };
      }
    }
  };

  return { ofModel, ofMemory, once, isPartial, lowerBound };
};
