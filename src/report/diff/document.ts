/** Two models side by side as a document: totals, devices, layers. */
import type {
  ChangedLayer,
  DeviceDiff,
  FigureDelta,
  Increase,
  LayerSummary,
  ModelDiff,
} from '../../explore/model-diff.ts';
import { formatBytes, formatPercent, formatSI, groupThousands, UNKNOWN } from '../../units/format.ts';
import type { Block, ReportDocument, TableBlock } from '../blocks.ts';

interface DiffTable extends TableBlock {
  readonly expendable?: readonly string[];
}

type Text = (value: number) => string;
const FIGURES: Readonly<Record<string, { readonly title: string; readonly text: Text }>> = {
  operators: { title: 'Operators', text: groupThousands },
  params: { title: 'Parameters', text: groupThousands },
  macs: { title: 'MACs', text: groupThousands },
  flops: { title: 'FLOPs', text: groupThousands },
  weights: { title: 'Weights', text: formatBytes },
  peakActivations: { title: 'Peak live activations', text: formatBytes },
  arena: { title: 'Arena', text: formatBytes },
  traffic: { title: 'Traffic', text: formatBytes },
  unknownOperators: { title: 'Unknown operators', text: (value) => formatPercent(value) },
  latency: { title: 'Latency', text: (value) => formatSI(value, 's') },
  energy: { title: 'Energy per inference', text: (value) => formatSI(value, 'J') },
  throughput: { title: 'Throughput', text: (value) => formatSI(value, '/s') },
  power: { title: 'Average power', text: (value) => formatSI(value, 'W') },
};

const figureOf = (name: string): { readonly title: string; readonly text: Text } =>
  FIGURES[name] ?? { title: name, text: groupThousands };

const BOUNDS = { exact: '', 'at-least': 'at least ', 'at-most': 'at most ', unknown: '' } as const;
const sideText = ({ figure, ...delta }: FigureDelta, side: 'a' | 'b'): string => {
  const exactness = side === 'a' ? delta.exactnessA : delta.exactnessB;
  return exactness === 'unknown' ? UNKNOWN : `${BOUNDS[exactness]}${figureOf(figure).text(delta[side])}`;
};

const signed = (value: number, text: Text): string =>
  value === 0 ? '0' : `${value > 0 ? '+' : '−'}${text(Math.abs(value))}`;
const changeText = ({ figure, delta }: FigureDelta): string | null =>
  delta === null ? null : signed(delta, figureOf(figure).text);
const percentText = ({ ratio }: FigureDelta): string | null =>
  ratio === null ? null : signed(ratio - 1, (value) => formatPercent(value));

const text = { kind: 'text' } as const;
const code = { kind: 'code' } as const;

/** Names of files and of what is in them have no marks of ours. */
const plain = (name: string): string => name.replace(/[`*[\]]/g, '');

const totalsTable = ({ a, b, totals }: ModelDiff): DiffTable => ({
  kind: 'table',
  id: 'totals',
  caption: 'Totals',
  columns: [
    { key: 'figure', title: 'Figure', format: text },
    { key: 'a', title: plain(a.name), format: text },
    { key: 'b', title: plain(b.name), format: text },
    { key: 'change', title: 'Change', format: text },
    { key: 'percent', title: 'Change in %', format: text },
  ],
  rows: totals.map((total) => ({
    figure: figureOf(total.figure).title,
    a: sideText(total, 'a'),
    b: sideText(total, 'b'),
    change: changeText(total),
    percent: percentText(total),
  })),
});

const latencyText = (cell: string, [low, high]: readonly [number, number]): string =>
  `${cell} (${formatSI(low, 's')} to ${formatSI(high, 's')})`;

const deviceRows = ({ device, powerMode, precision, intervalA, intervalB, figures }: DeviceDiff) =>
  figures.map((delta, index) => {
    const isLatency = delta.figure === 'latency';
    const [a, b] = [sideText(delta, 'a'), sideText(delta, 'b')];
    return {
      device: index === 0 ? `${device} (${powerMode}), ${precision}` : '',
      figure: figureOf(delta.figure).title,
      a: isLatency ? latencyText(a, intervalA) : a,
      b: isLatency ? latencyText(b, intervalB) : b,
      change: changeText(delta),
      percent: percentText(delta),
    };
  });

const devicesTable = ({ a, b, devices }: ModelDiff): DiffTable => ({
  kind: 'table',
  id: 'devices',
  caption: 'Predicted on devices',
  columns: [
    { key: 'device', title: 'Device', format: text },
    { key: 'figure', title: 'Figure', format: text },
    { key: 'a', title: plain(a.name), format: text },
    { key: 'b', title: plain(b.name), format: text },
    { key: 'change', title: 'Change', format: text },
    { key: 'percent', title: 'Change in %', format: text },
  ],
  rows: devices.flatMap(deviceRows),
  notes: [
    `In parentheses the ${formatPercent(devices[0]?.level ?? 0, 0)} interval of each latency. What makes one prediction err makes the other err alike, so the change is that of the predicted points, and intervals that overlap do not say that nothing changed.`,
  ],
  expendable: ['change'],
});

const amount = (value: number | string): number => (typeof value === 'number' ? value : 0);
const changeOf = ({ a, b }: ChangedLayer): number =>
  Math.abs(amount(b.macs) - amount(a.macs)) + Math.abs(b.params - a.params);

const WORK_TITLES: Readonly<Record<string, string>> = { params: 'parameters', macs: 'MACs', flops: 'FLOPs' };

const whatText = ({ a, b, changes }: ChangedLayer): string => {
  // FLOPs follow the MACs: of a layer that has both one says it.
  const shown = changes.filter(({ what }) => what !== 'flops' || !changes.some((other) => other.what === 'macs'));
  const said = shown.map((change) =>
    typeof change.a === 'number' && typeof change.b === 'number'
      ? `${WORK_TITLES[change.what] ?? change.what} ${groupThousands(change.a)} → ${groupThousands(change.b)}`
      : `${change.what === 'attributes' ? '' : `${change.what} `}${change.a} → ${change.b}`,
  );
  return [...(a.name === b.name ? [] : [`now ${b.name}`]), ...said].join('; ');
};

const MAX_LAYERS = 20;

const cut = <Item>(items: readonly Item[], all: boolean): readonly Item[] => (all ? items : items.slice(0, MAX_LAYERS));
const moreNote = (items: readonly unknown[], all: boolean) =>
  all || items.length <= MAX_LAYERS ? {} : { notes: [`${items.length - MAX_LAYERS} more; --layers shows all.`] };

const changedTable = (changed: readonly ChangedLayer[], all: boolean): DiffTable => ({
  kind: 'table',
  id: 'changed',
  caption: 'Changed layers, those first whose MACs and parameters changed most',
  columns: [
    { key: 'layer', title: 'Layer', format: code },
    { key: 'type', title: 'Type', format: text },
    { key: 'change', title: 'What changed', format: text },
  ],
  rows: cut(
    changed.toSorted((x, y) => changeOf(y) - changeOf(x)),
    all,
  ).map((layer) => ({ layer: layer.a.name, type: layer.a.type, change: whatText(layer) })),
  ...moreNote(changed, all),
});

const layersTable = (id: 'added' | 'removed', layers: readonly LayerSummary[], all: boolean): DiffTable => ({
  kind: 'table',
  id,
  caption: id === 'added' ? 'Added layers' : 'Removed layers',
  columns: [
    { key: 'layer', title: 'Layer', format: code },
    { key: 'type', title: 'Type', format: text },
    { key: 'shape', title: 'Output', format: text },
    { key: 'params', title: 'Parameters', format: { kind: 'integer' } },
    { key: 'macs', title: 'MACs', format: { kind: 'integer' } },
  ],
  rows: cut(layers, all).map(({ name, type, shape, params, macs }) => ({ layer: name, type, shape, params, macs })),
  ...moreNote(layers, all),
});

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;

const layersSentence = ({ layers: { matched, renamed, changed, added, removed } }: ModelDiff): string => {
  const names = renamed === 0 ? '' : `, ${renamed} under another name`;
  return `${count(matched, 'layer')} matched${names}: ${changed.length} changed; ${added.length} added, ${removed.length} removed.`;
};

const settingNotes = ({ a, b, totals }: ModelDiff): readonly Block[] => {
  const notes = [
    ...(a.batch === b.batch ? [] : [`The batches differ: ${a.batch} and ${b.batch}, as the files have them.`]),
    ...(a.precision === b.precision ? [] : [`Activations are counted in ${a.precision} and in ${b.precision}.`]),
    ...(a.stored === b.stored ? [] : ['Weights of a file are counted as it stores them, those of the zoo in fp32.']),
    ...(totals.every(({ delta }) => delta !== null)
      ? []
      : ['Some operators have no known cost, so some totals are only bounds, and their change is not known.']),
  ];
  return notes.map((note) => ({ kind: 'callout', tone: 'note', text: note }));
};

export interface DiffDocumentOptions {
  /** Every layer, and not the first ones only. */
  readonly layers: boolean;
  readonly gate?: { readonly most: number; readonly increases: readonly Increase[] } | undefined;
}

const gateBlocks = ({ most, increases }: NonNullable<DiffDocumentOptions['gate']>): readonly Block[] => {
  if (increases.length === 0) return [{ kind: 'paragraph', text: `Nothing grew by more than ${formatPercent(most)}.` }];
  const items = increases.map(({ figure, growth, status }) => {
    const [name = '', ...place] = figure.split(' on ');
    const title = [figureOf(name).title, ...place].join(' on ');
    if (status === 'unknown') return `${title}: it is not known by how much it grew`;
    return growth === null ? `${title} grew from 0` : `${title} grew by ${formatPercent(growth)}`;
  });
  return [
    { kind: 'paragraph', text: `More than ${formatPercent(most)}:` },
    { kind: 'list', ordered: false, items },
  ];
};

export const diffDocument = (diff: ModelDiff, { layers: all, gate }: DiffDocumentOptions): ReportDocument => {
  const { changed, added, removed } = diff.layers;
  const blocks: readonly Block[] = [
    totalsTable(diff),
    ...settingNotes(diff),
    ...(diff.devices.length === 0 ? [] : [devicesTable(diff)]),
    { kind: 'paragraph', text: layersSentence(diff) },
    ...(changed.length === 0 ? [] : [changedTable(changed, all)]),
    ...(added.length === 0 ? [] : [layersTable('added', added, all)]),
    ...(removed.length === 0 ? [] : [layersTable('removed', removed, all)]),
    ...(gate === undefined ? [] : gateBlocks(gate)),
  ];
  return {
    title: `${plain(diff.a.name)} → ${plain(diff.b.name)}`,
    subtitle: '',
    facts: [],
    sections: [{ id: 'diff', title: 'Diff', blocks }],
  };
};
