/** The cliffs around one estimate: the search with its progress, as JSON, as rows of CSV and as blocks of the document. */
import {
  type Block,
  formatBinaryBytes,
  formatPercent,
  formatRatio,
  formatSI,
  groupThousands,
  type WhatIf,
  type WhatIfKind,
  type WhatIfSuggestion,
  whatIfSearch,
} from '../../index.ts';
import { InputError, quoted } from '../errors.ts';
import type { CsvTable, Warning } from '../output.ts';
import { eachStep, type Progress } from '../progress.ts';
import type { FlexibleTable } from '../render/table.ts';
import type { EstimateCell } from './cells.ts';
import { cellTitle } from './kernels.ts';

/** "0", "0.02" or "2%". Throws `InputError`. */
export const parseLeastGain = (text: string): number => {
  const [, digits, percent] = /^(\d{1,9}(?:\.\d{1,9})?|\.\d{1,9})(%?)$/.exec(text.trim()) ?? [];
  const value = digits === undefined ? Number.NaN : Number(digits) / (percent === '%' ? 100 : 1);
  if (value >= 0 && value <= 1) return value;
  const message = `--least-gain is ${quoted(text)}: expected a share of the latency from 0 to 1, or a percentage such as 2%`;
  throw new InputError('invalid-least-gain', '--least-gain', message);
};

export const searchWhatIf = async (
  { entry, compiled, machine, batch }: EstimateCell,
  leastGain: number | undefined,
  progressFor: (steps: number) => Progress,
): Promise<WhatIf> => {
  const search = whatIfSearch({ entry, compiled, machine, batch }, leastGain === undefined ? {} : { leastGain });
  await eachStep(search.steps, progressFor(search.steps.length), ({ run }) => run());
  return search.result();
};

// Notes

const TITLES: Readonly<Record<WhatIfKind, string>> = {
  'fewer-channels': 'fewer channels',
  'more-channels': 'more channels',
  resolution: 'resolution',
  batch: 'batch',
  precision: 'precision',
  runtime: 'runtime',
  fusion: 'fusion',
  'on-chip-memory': 'on-chip memory',
};

const percent = (share: number): string => formatPercent(share, Math.abs(share) < 0.0995 ? 1 : 0);
const signed = (share: number): string => `${share > 0 ? '+' : ''}${percent(share)}`;
const signedFixed = (share: number): string => `${share > 0 ? '+' : ''}${formatPercent(share, 2)}`;
const countChange = (change: number): string => `${change > 0 ? '+' : ''}${groupThousands(change)}`;
const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const channelNote = ({ channels, subject }: WhatIf): string => {
  const { granularity, tried, untried, unchangeable } = channels;
  const kept = unchangeable.reduce((sum, { layers }) => sum + layers, 0);
  const { columns, depth, block } = granularity;
  const { device } = subject.machine;
  if (columns.length + depth.length === 0) {
    return `Channels: the time model of ${device.id} has no blocks that a width could fill, so every channel costs its share.`;
  }
  const steps = [
    columns.length === 0 ? '' : `output channels in blocks of ${columns.join(', ')}`,
    depth.length === 0 ? '' : `input channels × window in blocks of ${depth.join(', ')}`,
  ].filter((text) => text !== '');
  const [first] = unchangeable;
  const fixed =
    first === undefined
      ? ''
      : `; ${plural(kept, 'other layer')} ${kept === 1 ? 'keeps its' : 'keep their'} width, as ${first.layer}: ${first.reason}${first.path === '' || first.path.startsWith(first.layer) ? '' : ` (${first.path})`}`;
  const left = untried === 0 ? '' : `; ${untried} candidates were left out, the layers that take least time last`;
  const looked = tried === 0 ? '' : `; ${plural(tried, 'layer')} tried with everything that has to agree with them`;
  return `Channels: one ${block} of ${device.id} takes ${steps.join(', ')}${looked}${fixed}${left}.`;
};

const batchNote = ({ batches }: WhatIf): string => {
  if (batches === undefined) return 'Batch: the model fixes its batch, so no other was tried.';
  const { largest, best, nearBest, cliffs } = batches;
  const range = `Batch, up to ${largest}: the best time per inference is ${formatSI(best.secondsPerInference, 's')} at ${best.batch}; ${nearBest.batch} is the smallest within 5 % of it (${formatSI(nearBest.secondsPerInference, 's')})`;
  if (cliffs.length === 0) return `${range}; no item costs more than 1.25 of the mean before it.`;
  const listed = cliffs.map(({ batch, share }) => `${batch} → ${batch + 1} (${formatRatio(share)})`).join(', ');
  return `${range}; one more item costs more than its share at ${listed}.`;
};

const safetyNote = (whatIf: WhatIf): string => {
  const { subject, leastGain } = whatIf;
  const left = leastGain === 0 ? '' : ` Gains below ${percent(leastGain)} are left out (--least-gain 0 shows them).`;
  return `Both sides of a gain rest on the same constants of ${subject.machine.calibration.id}, so their ratio is safer than either value: the interval of the estimate is about both at once. Where other constants hold, the reason says so.${left}`;
};

const notes = (whatIf: WhatIf): readonly string[] => [
  ...(whatIf.coverage === 'partial'
    ? ['Operators of unknown cost are in neither side of a gain, so the shares are of what is known.']
    : []),
  channelNote(whatIf),
  batchNote(whatIf),
  safetyNote(whatIf),
];

// JSON

export const whatIfJson = (whatIf: WhatIf) => {
  const { suggestions, together, channels, batches, leastGain, coverage } = whatIf;
  const { granularity, ...search } = channels;
  return {
    whatIf: suggestions,
    whatIfSearch: {
      leastGain,
      coverage,
      together: together ?? null,
      channels: { columns: granularity.columns, depth: granularity.depth, ...search },
      batches: batches ?? null,
    },
  };
};

export const whatIfCsv = ({ suggestions }: WhatIf): CsvTable => {
  const rows = suggestions.map((suggestion) => ({
    kind: suggestion.kind,
    layer: suggestion.layer,
    from: suggestion.from,
    to: suggestion.to,
    batch: suggestion.batch,
    latency_ms: suggestion.latencySecondsAfter * 1e3,
    gain_ms: suggestion.gainSeconds * 1e3,
    gain_share: suggestion.gainShare,
    energy_mj: suggestion.energyJoulesAfter * 1e3,
    energy_gain_share: suggestion.energyGainShare,
    params: suggestion.paramsAfter,
    params_change: suggestion.paramsChange,
    macs: suggestion.macsAfter,
    macs_change_share: suggestion.macsChangeShare,
    reason: suggestion.reason,
  }));
  const columns =
    'kind,layer,from,to,batch,latency_ms,gain_ms,gain_share,energy_mj,energy_gain_share,params,params_change,macs,macs_change_share,reason';
  return { columns: columns.split(','), rows };
};

// Tables

const end = (kind: WhatIfKind, value: number | string): string => {
  if (typeof value === 'string') return value;
  return kind === 'on-chip-memory' ? formatBinaryBytes(value) : String(value);
};

const changeText = ({ kind, from, to }: WhatIfSuggestion): string => `${end(kind, from)} → ${end(kind, to)}`;

const layerText = ({ layer, layers }: WhatIfSuggestion): string => {
  if (layer === null) return '';
  const others = layers.filter((name) => name !== layer).length;
  return others === 0 ? layer : `${layer} (+${others})`;
};

const milliseconds = { kind: 'number', digits: 3, scale: 1e-3 } as const;

/** Reasons stand below the table, numbered as its rows: a column of sentences would leave no room for the figures. */
const reasonList = (suggestions: readonly WhatIfSuggestion[]): Block => ({
  kind: 'list',
  ordered: true,
  items: suggestions.map((suggestion) => {
    const { kind, layer, reason, latencySecondsAfter, gainSeconds } = suggestion;
    const change = `**${TITLES[kind]}${layer === null ? '' : `, ${layer}`}, ${changeText(suggestion)}**`;
    const gain = `${formatSI(Math.abs(gainSeconds), 's')} ${gainSeconds < 0 ? 'more' : 'less'} per inference`;
    return `${change}: ${formatSI(latencySecondsAfter, 's')}, ${gain}; ${reason}`;
  }),
});

const gainTable = (caption: string, suggestions: readonly WhatIfSuggestion[]): FlexibleTable => ({
  kind: 'table',
  id: 'what-if',
  caption,
  columns: [
    { key: 'place', title: '#', format: { kind: 'integer' } },
    { key: 'kind', title: 'Change', format: { kind: 'text' } },
    { key: 'layer', title: 'Layer', format: { kind: 'code' } },
    { key: 'change', title: 'From → to', format: { kind: 'text' } },
    { key: 'latency', title: 'Latency', unit: 'ms', format: milliseconds },
    { key: 'gain', title: 'Gain', unit: 'ms', format: milliseconds },
    { key: 'share', title: 'Gain', format: { kind: 'percent', decimals: 1 } },
    { key: 'energy', title: 'Energy', format: { kind: 'text' } },
    { key: 'params', title: 'Parameters', format: { kind: 'text' } },
    { key: 'macs', title: 'MACs', format: { kind: 'text' } },
  ],
  rows: suggestions.map((suggestion, index) => ({
    place: index + 1,
    kind: TITLES[suggestion.kind],
    layer: layerText(suggestion),
    change: changeText(suggestion),
    latency: suggestion.latencySecondsAfter,
    gain: suggestion.gainSeconds,
    share: suggestion.gainShare,
    energy: signed(-suggestion.energyGainShare),
    params: countChange(suggestion.paramsChange),
    macs: signed(suggestion.macsChangeShare),
  })),
  expendable: ['latency', 'gain'],
  lastResort: ['energy', 'params'],
});

const isFree = ({ kind, gainShare }: WhatIfSuggestion, least: number): boolean =>
  kind === 'more-channels' && gainShare < Math.max(least, Number.MIN_VALUE);

/** Rows of the table of free channels; all of them are in the JSON. */
const MAX_FREE = 8;

/** Those that add the most first. */
const byCapacity = (free: readonly WhatIfSuggestion[]): readonly WhatIfSuggestion[] =>
  free.toSorted((a, b) => b.macsChangeShare - a.macsChangeShare || b.paramsChange - a.paramsChange);

const freeTable = (free: readonly WhatIfSuggestion[]): FlexibleTable => {
  return {
    kind: 'table',
    id: 'what-if-free',
    caption: 'More channels for no time: at most 0.1 % of the latency each',
    columns: [
      { key: 'place', title: '#', format: { kind: 'integer' } },
      { key: 'layer', title: 'Layer', format: { kind: 'code' } },
      { key: 'change', title: 'Channels', format: { kind: 'text' } },
      { key: 'time', title: 'Latency', format: { kind: 'text' } },
      { key: 'energy', title: 'Energy', format: { kind: 'text' } },
      { key: 'params', title: 'Parameters', format: { kind: 'text' } },
      { key: 'macs', title: 'MACs', format: { kind: 'text' } },
    ],
    rows: free.slice(0, MAX_FREE).map((suggestion, index) => ({
      place: index + 1,
      layer: layerText(suggestion),
      change: changeText(suggestion),
      time: signedFixed(-suggestion.gainShare),
      energy: signed(-suggestion.energyGainShare),
      params: countChange(suggestion.paramsChange),
      macs: signed(suggestion.macsChangeShare),
    })),
    notes: free.length > MAX_FREE ? [`${free.length - MAX_FREE} more, which add less, are in the JSON.`] : [],
    expendable: ['energy'],
    lastResort: ['params'],
  };
};

const togetherText = (together: WhatIfSuggestion, latency: string): string => {
  const paramsBefore = together.paramsAfter - together.paramsChange;
  const changes = [
    `energy ${signed(-together.energyGainShare)}`,
    `parameters ${signed(together.paramsChange / paramsBefore)}`,
    `MACs ${signed(together.macsChangeShare)}`,
  ];
  const after = formatSI(together.latencySecondsAfter, 's');
  return `With ${together.reason} the latency is ${after} in place of ${latency}, ${percent(together.gainShare)} less: ${changes.join(', ')}.`;
};

export const whatIfBlocks = (cell: EstimateCell, whatIf: WhatIf): readonly Block[] => {
  const { suggestions, together, leastGain } = whatIf;
  const gains = suggestions.filter((suggestion) => !isFree(suggestion, leastGain));
  const free = byCapacity(suggestions.filter((suggestion) => isFree(suggestion, leastGain)));
  const latency = formatSI(cell.estimate.latencySeconds, 's');
  const caption = `Changes to ${cellTitle(cell)} (${latency}), the largest gain of one inference first`;
  return [
    ...(gains.length === 0
      ? [
          {
            kind: 'paragraph',
            text: `No change that was tried gains ${percent(leastGain)} of ${latency} or more.`,
          } as const,
        ]
      : [gainTable(caption, gains), reasonList(gains)]),
    ...(together === undefined
      ? []
      : [{ kind: 'callout', tone: 'finding', text: togetherText(together, latency) } as const]),
    ...(free.length === 0 ? [] : [freeTable(free), reasonList(free.slice(0, MAX_FREE))]),
    { kind: 'list', ordered: false, items: notes(whatIf) },
  ];
};

export const whatIfRemarks = (whatIf: WhatIf): readonly Warning[] =>
  whatIf.channels.untried === 0
    ? []
    : [
        {
          code: 'search-capped',
          path: whatIf.subject.entry.variant.name,
          message: `${whatIf.channels.untried} widths of layers were not tried, since the network is large: those of layers that take the most time came first`,
        },
      ];
