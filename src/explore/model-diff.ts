/** Two models compared: layers matched, totals side by side, and what both cost on devices. */
import { type Estimate, estimate } from '../estimate/estimate.ts';
import type { Machine } from '../estimate/machine.ts';
import { BATCH } from '../ir/shape.ts';
import { formatInteger, type Integer, substitute, symbolsOf } from '../units/integer.ts';
import { MEMORY_FIGURES } from './budget.ts';
import { type Layer, layersOf, matchLayers } from './layer-match.ts';
import { type Exactness, type Measured, type MeasuredModel, modelFigures } from './model-figures.ts';

export const DIFF_TOTALS = ['operators', 'params', 'macs', 'flops', ...MEMORY_FIGURES, 'unknownOperators'] as const;
export const DIFF_COSTS = ['latency', 'energy', 'throughput', 'power'] as const;

/** One figure of both models, in base units. */
export interface FigureDelta<Figure extends string = string> {
  readonly figure: Figure;
  readonly a: number;
  readonly b: number;
  readonly exactnessA: Exactness;
  readonly exactnessB: Exactness;
  /** b − a; `null` where one of the two is only a bound. */
  readonly delta: number | null;
  /** b / a; `null` where that is not known or a is 0. */
  readonly ratio: number | null;
}

export interface LayerChange {
  readonly what: 'type' | 'shape' | 'attributes' | 'params' | 'macs' | 'flops';
  readonly a: string | number;
  readonly b: string | number;
}

export interface LayerSummary {
  readonly name: string;
  readonly type: string;
  readonly shape: string;
  readonly params: number;
  /** A text where a dimension is open. */
  readonly macs: number | string;
  readonly flops: number | string;
}

export interface ChangedLayer {
  readonly a: LayerSummary;
  readonly b: LayerSummary;
  readonly changes: readonly LayerChange[];
}

/** Both models on one device, at the predicted points; the interval is that of the latency of each. */
export interface DeviceDiff {
  readonly device: string;
  readonly powerMode: string;
  readonly runtime: string;
  readonly precision: string;
  readonly batchA: number;
  readonly batchB: number;
  readonly level: number;
  readonly intervalA: readonly [low: number, high: number];
  readonly intervalB: readonly [low: number, high: number];
  readonly figures: readonly FigureDelta<(typeof DIFF_COSTS)[number]>[];
}

export interface ModelDiff {
  readonly a: MeasuredModel;
  readonly b: MeasuredModel;
  readonly totals: readonly FigureDelta<(typeof DIFF_TOTALS)[number]>[];
  readonly layers: {
    /** Pairs, the changed ones among them. */
    readonly matched: number;
    /** Of those, pairs that differ in their names alone or besides. */
    readonly renamed: number;
    readonly changed: readonly ChangedLayer[];
    readonly added: readonly LayerSummary[];
    readonly removed: readonly LayerSummary[];
  };
  readonly devices: readonly DeviceDiff[];
}

type Side = Pick<Measured, 'actual' | 'exactness'>;

const deltaOf = <Figure extends string>(figure: Figure, a: Side, b: Side): FigureDelta<Figure> => {
  const known = a.exactness === 'exact' && b.exactness === 'exact';
  return {
    ...{ figure, a: a.actual, b: b.actual, exactnessA: a.exactness, exactnessB: b.exactness },
    delta: known ? b.actual - a.actual : null,
    ratio: known && a.actual !== 0 ? b.actual / a.actual : null,
  };
};

const totalsOf = (model: MeasuredModel): ReadonlyMap<(typeof DIFF_TOTALS)[number], Side> => {
  const { ofModel, ofMemory } = modelFigures(model);
  return new Map<(typeof DIFF_TOTALS)[number], Side>([
    ['operators', { actual: model.compiled.analyzed.nodes.length, exactness: 'exact' }],
    ...(['params', 'macs', 'flops'] as const).map((figure) => [figure, ofModel(figure)] as const),
    ...MEMORY_FIGURES.map((figure) => [figure, ofMemory(figure)] as const),
    ['unknownOperators', ofModel('unknownOperators')],
  ]);
};

// ---- Layers ----

const [BATCH_NAME = ''] = symbolsOf(BATCH);

const counted = (value: Integer, batch: number): number | string => {
  const at = typeof value === 'number' ? value : substitute(value, new Map([[BATCH_NAME, batch]]));
  return typeof at === 'number' ? at : formatInteger(at);
};

const summaryOf = ({ node, shape }: Layer, batch: number): LayerSummary => ({
  name: node.name,
  type: node.domain === '' ? node.type : `${node.domain}.${node.type}`,
  shape,
  params: node.parameters,
  macs: counted(node.macs, batch),
  flops: counted(node.flops, batch),
});

const attributeChanges = ({ attributes: a }: Layer, { attributes: b }: Layer): readonly LayerChange[] => {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]);
  if (names.length === 0) return [];
  const text = (own: Layer['attributes']): string =>
    names.map((name) => `${name}=${Object.hasOwn(own, name) ? own[name] : '(none)'}`).join(', ');
  return [{ what: 'attributes', a: text(a), b: text(b) }];
};

const changesOf = (a: Layer, b: Layer, ofA: LayerSummary, ofB: LayerSummary): readonly LayerChange[] => [
  ...(ofA.type === ofB.type ? [] : [{ what: 'type' as const, a: ofA.type, b: ofB.type }]),
  ...(a.shape === b.shape ? [] : [{ what: 'shape' as const, a: a.shape, b: b.shape }]),
  ...attributeChanges(a, b),
  ...(['params', 'macs', 'flops'] as const).flatMap((what) =>
    ofA[what] === ofB[what] ? [] : [{ what, a: ofA[what], b: ofB[what] }],
  ),
];

// ---- Devices ----

const costsOf = (found: Estimate): Readonly<Record<(typeof DIFF_COSTS)[number], Side>> => {
  const exactness = found.coverage === 'complete' ? 'exact' : 'at-least';
  return {
    latency: { actual: found.latencySeconds, exactness },
    energy: { actual: found.energyPerInferenceJoules, exactness },
    throughput: { actual: found.throughputPerSecond, exactness: exactness === 'exact' ? exactness : 'at-most' },
    power: { actual: found.averagePowerWatts, exactness: exactness === 'exact' ? exactness : 'unknown' },
  };
};

const deviceDiff = (a: MeasuredModel, b: MeasuredModel, machine: Machine): DeviceDiff => {
  const on = ({ compiled, batch }: MeasuredModel): Estimate =>
    estimate(compiled.workload(machine.fusion), machine, batch);
  // One after the other: the two may share a workload, and an estimate its columns.
  const ofA = on(a);
  const ofB = on(b);
  const [costsA, costsB] = [costsOf(ofA), costsOf(ofB)];
  const interval = ({ interval: { lowSeconds, highSeconds } }: Estimate) => [lowSeconds, highSeconds] as const;
  return {
    ...{ device: machine.device.id, powerMode: machine.mode.name, runtime: machine.runtime.id },
    ...{ precision: machine.precision, batchA: a.batch, batchB: b.batch, level: ofA.interval.level },
    ...{ intervalA: interval(ofA), intervalB: interval(ofB) },
    figures: DIFF_COSTS.map((figure) => deltaOf(figure, costsA[figure], costsB[figure])),
  };
};

/** Throws `UnboundSymbolError` while a dimension other than the batch is open. */
export const diffModels = (a: MeasuredModel, b: MeasuredModel, machines: readonly Machine[]): ModelDiff => {
  const [totalsA, totalsB] = [totalsOf(a), totalsOf(b)];
  const { pairs, onlyA, onlyB } = matchLayers(layersOf(a.compiled.analyzed), layersOf(b.compiled.analyzed));
  const changed = pairs.flatMap(([layerA, layerB]): readonly ChangedLayer[] => {
    const [ofA, ofB] = [summaryOf(layerA, a.batch), summaryOf(layerB, b.batch)];
    const changes = changesOf(layerA, layerB, ofA, ofB);
    return changes.length === 0 ? [] : [{ a: ofA, b: ofB, changes }];
  });
  return {
    ...{ a, b },
    totals: DIFF_TOTALS.map((figure) => deltaOf(figure, totalsA.get(figure) as Side, totalsB.get(figure) as Side)),
    layers: {
      matched: pairs.length,
      renamed: pairs.filter(([x, y]) => x.node.name !== y.node.name).length,
      changed,
      added: onlyB.map((layer) => summaryOf(layer, b.batch)),
      removed: onlyA.map((layer) => summaryOf(layer, a.batch)),
    },
    devices: machines.map((machine) => deviceDiff(a, b, machine)),
  };
};

// ---- The gate ----

/** Figures of which less is better, and that a gate on growth is about. */
const COSTS: readonly string[] = [
  'params',
  'macs',
  'flops',
  ...MEMORY_FIGURES,
  'unknownOperators',
  'latency',
  'energy',
];

export interface Increase {
  /** A total, or "latency on kpu_t2". */
  readonly figure: string;
  readonly a: number;
  readonly b: number;
  /** (b − a) / a; `null` where it is not known, or a is 0. */
  readonly growth: number | null;
  readonly status: 'grew' | 'unknown';
}

/** Totals and predicted costs that grew by more than the share, or of which that cannot be told. */
export const increasesOver = ({ totals, devices }: ModelDiff, most: number): readonly Increase[] => {
  const increase = (name: string, { a, b, delta, ratio }: FigureDelta): readonly Increase[] => {
    if (delta === null) return [{ figure: name, a, b, growth: null, status: 'unknown' }];
    const growth = ratio === null ? null : ratio - 1;
    const within = delta <= 0 || (growth !== null && growth <= most);
    return within ? [] : [{ figure: name, a, b, growth, status: 'grew' }];
  };
  return [
    ...totals.filter(({ figure }) => COSTS.includes(figure)).flatMap((total) => increase(total.figure, total)),
    ...devices.flatMap(({ device, figures }) =>
      figures
        .filter(({ figure }) => COSTS.includes(figure))
        .flatMap((cost) => increase(`${cost.figure} on ${device}`, cost)),
    ),
  ];
};
