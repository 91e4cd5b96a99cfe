/** What a column is about: its metric, its unit, and what in its header narrows it down. */
import { type QuantityKind, unitAt } from './quantity-text.ts';

export type Metric =
  | 'latency'
  | 'rate'
  | 'energy'
  | 'power'
  | 'parameters'
  | 'flops'
  | 'macs'
  | 'top1'
  | 'weights'
  | 'memory'
  | 'battery-life'
  | 'inferences-per-wh'
  | 'real-time-margin'
  | 'utilization'
  | 'batch'
  | 'resolution'
  | 'precision'
  | 'runtime'
  | 'concurrency'
  | 'ratio'
  | 'share';

export interface ColumnMeaning {
  readonly metric: Metric | undefined;
  /** Of a ratio or a share: what is set in relation. */
  readonly of: Metric | undefined;
  readonly kind: QuantityKind | undefined;
  /** SI units in one of the header's; 1 where the header has no unit. */
  readonly scale: number;
  /** Words of the header that say which of several such figures this is, in order; '' for the plain one. */
  readonly qualifier: string;
  readonly header: string;
}

/** Precisions that a header, a caption or a cell may name. */
export const PRECISION_WORDS = /\b(fp32|tf32|fp16|bf16|fp8|int8|uint8|int4|float32|float16)\b/gi;

const METRICS: readonly (readonly [Metric, RegExp])[] = [
  ['real-time-margin', /\b(?:real[- ]?time )?margin\b/],
  ['inferences-per-wh', /\binferences? ?(?:per|\/) ?w(?:att[- ]?)?h(?:our)?\b/],
  ['battery-life', /\bbattery life\b/],
  ['rate', /\b(?:throughput|frame rate|fps|images\/s|inferences\/s|qps|ips|samples per second|rate)\b/],
  ['latency', /\b(?:latency|inference time|runtime ms|time per (?:inference|image|frame)|duration)\b/],
  ['energy', /\benergy\b/],
  ['power', /\bpower\b/],
  ['parameters', /\b(?:params?|parameters?|#params)\b/],
  ['macs', /\b(?:g?macs?|m?adds|mult[- ]?adds|multiply[- ]accumulates?)\b/],
  ['flops', /\b(?:[gm]?flops?)\b/],
  ['top1', /\btop[- _]?1\b/],
  ['weights', /\bweights?(?: size| bytes| memory)?\b/],
  ['memory', /\b(?:activation )?memory(?: footprint)?\b/],
  ['utilization', /\b(?:utili[sz]ation|mfu|mbu)\b/],
  ['concurrency', /\b(?:concurrency|streams|in flight)\b/],
  ['batch', /\bbatch(?: size)?\b/],
  ['resolution', /\b(?:resolution|res|input size|image size)\b/],
  ['precision', /\b(?:precision|dtype|data type)\b|^type$/],
  ['runtime', /\b(?:runtime|framework|backend)\b/],
];

const KIND_OF: Readonly<Partial<Record<Metric, readonly QuantityKind[]>>> = {
  latency: ['time'],
  rate: ['rate'],
  energy: ['energy'],
  power: ['power'],
  parameters: ['count'],
  flops: ['flops', 'macs', 'count'],
  macs: ['flops', 'macs', 'count'],
  top1: ['percent', 'count'],
  weights: ['bytes'],
  memory: ['bytes'],
  'battery-life': ['time'],
  'inferences-per-wh': ['count'],
  utilization: ['percent'],
};

/** Words that leave a figure what it is. */
const PLAIN = new Set([
  ...['predicted', 'estimated', 'measured', 'simulated', 'mean', 'median', 'avg', 'average', 'p50', 'typical', 'total'],
  ...['of', 'the', 'a', 'in', 'per', 'for', 'inference', 'image', 'frame', 'on', 'at', 'device', 'model', 'imagenet'],
  ...['accuracy', 'count', 'number', 'size', 'published', 'and', 'batch', 'native'],
]);
const RELATION = /\b(?:ratio|vs\.?|versus|over|relative to|compared (?:to|with)|speed-?up|gain|multiple of)\b/;

/** The unit of a header in brackets, or as the last part of a name such as `latency_ms`. */
const SNAKE_UNITS: Readonly<Record<string, string>> = {
  ...{ ns: 'ns', us: 'us', ms: 'ms', s: 's', sec: 's', mj: 'mJ', uj: 'uJ', j: 'J', w: 'W', mw: 'mW' },
  ...{ ips: 'IPS', fps: 'FPS', qps: 'QPS', mb: 'MB', kb: 'kB', gb: 'GB', mib: 'MiB', kib: 'KiB', bytes: 'bytes' },
};
const LETTER_SCALES: Readonly<Record<string, number>> = { k: 1e3, K: 1e3, M: 1e6, G: 1e9, B: 1e9, T: 1e12 };

const unitOf = (text: string): { readonly kind: QuantityKind | undefined; readonly scale: number } | undefined => {
  const trimmed = text.trim();
  const letter = LETTER_SCALES[trimmed];
  if (letter !== undefined) return { kind: 'count', scale: letter };
  if (/^(?:px|pixels?)$/i.test(trimmed)) return { kind: 'count', scale: 1 };
  if (/^(?:millions?)$/i.test(trimmed)) return { kind: 'count', scale: 1e6 };
  const found = unitAt(trimmed);
  return found !== undefined && found.length === trimmed.length ? found : undefined;
};

export interface Header {
  /** Lower case, without unit, footnote marks and brackets. */
  readonly words: string;
  readonly kind: QuantityKind | undefined;
  readonly scale: number;
}

const readHeader = (header: string): Header => {
  let text = header.replace(/[*†‡]+/g, ' ').trim();
  let unit: ReturnType<typeof unitOf>;
  for (const match of text.matchAll(/[([]([^)\]]{1,30})[)\]]/g)) {
    const found = unitOf(match[1] as string);
    if (found === undefined) continue;
    unit = found;
    text = text.replace(match[0], ' ');
  }
  if (unit === undefined && /^[a-z0-9]+(?:_[a-z0-9]+)+$/.test(text)) {
    const parts = text.split('_');
    const spelled = SNAKE_UNITS[parts.at(-1) as string];
    if (spelled !== undefined) {
      unit = unitOf(spelled);
      text = parts.slice(0, -1).join(' ');
    }
  }
  if (unit === undefined) {
    const last = /^(GFLOPs?|MFLOPs?|GMACs?|MMACs?|FPS)\b/i.exec(text.trim());
    if (last !== null) unit = unitOf(last[1] as string);
  }
  return {
    words: text
      .replaceAll('_', ' ')
      .replace(/[([\])]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .toLowerCase(),
    kind: unit?.kind,
    scale: unit?.scale ?? 1,
  };
};

/**
 * Reads a header. `removed` are the words in it that name a model or a device, which are no part of the metric.
 */
export const columnMeaning = (header: string, removed: readonly string[] = []): ColumnMeaning => {
  const { words: all, kind, scale } = readHeader(header);
  let words = all;
  const isRelation = RELATION.test(words);
  for (const name of removed) words = words.replace(name.toLowerCase(), ' ');
  words = words
    .replace(PRECISION_WORDS, ' ')
    .replace(/[:,;%|]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const found = METRICS.find(([, pattern]) => pattern.test(words));
  const metric = found?.[0];
  const rest = (found === undefined ? words : words.replace(found[1], ' '))
    .split(' ')
    .filter((word) => word !== '' && !PLAIN.has(word));
  const base = { kind, scale, header, qualifier: rest.join(' ') };
  if (isRelation) {
    const isMargin = metric === 'real-time-margin';
    return { ...base, metric: isMargin ? metric : 'ratio', of: isMargin ? undefined : metric };
  }
  if (/\b(?:share|percentage|portion)\b/.test(words)) return { ...base, metric: 'share', of: metric };
  // "At (px)": a size in pixels is a resolution, whatever it is called.
  if (metric === undefined)
    return { ...base, metric: /[([](?:px|pixels?)[)\]]/i.test(header) ? 'resolution' : undefined, of: undefined };
  const kinds = KIND_OF[metric];
  // A header that names energy and has seconds for a unit is about something else.
  if (kind !== undefined && kinds !== undefined && !kinds.includes(kind)) {
    return { ...base, metric: undefined, of: metric };
  }
  return { ...base, metric, of: undefined };
};

/** What a unit alone says, for columns that are named after a device: "KPU-T2 (ms)". */
export const METRIC_OF_KIND: Readonly<Partial<Record<QuantityKind, Metric>>> = {
  time: 'latency',
  rate: 'rate',
};
