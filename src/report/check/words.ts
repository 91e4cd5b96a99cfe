/** A checked limit in words: what every format of the result says of it. */
import type { BudgetFigure, BudgetLimit } from '../../explore/budget.ts';
import type { LimitResult } from '../../explore/budget-check.ts';
import {
  formatBinaryBytes,
  formatBytes,
  formatPercent,
  formatRatio,
  formatSI,
  groupThousands,
} from '../../units/format.ts';

/** A result with its place in the budget file. */
export interface CheckedLimit extends LimitResult {
  /** From the root of the file: `limits.latency[0].max`. */
  readonly place: string;
  readonly line: number;
}

export interface BudgetReport {
  /** The budget file as it was named. */
  readonly file: string;
  readonly results: readonly CheckedLimit[];
}

interface Figure {
  readonly title: string;
  readonly plural?: true;
  text(value: number, digits: number, written: string): string;
}

const si =
  (unit: string): Figure['text'] =>
  (value, digits) =>
    formatSI(value, unit, digits);

/** In the prefixes that the limit is written in. */
const size: Figure['text'] = (value, digits, written) =>
  written.endsWith('iB') ? formatBinaryBytes(value, digits) : formatBytes(value, digits);

/** Small counts in full: 64, and not 64.0. */
const WHOLE_BELOW = 10_000;
const count: Figure['text'] = (value, digits) =>
  value < WHOLE_BELOW ? groupThousands(value) : formatSI(value, '', digits);

export const FIGURES: Readonly<Record<BudgetFigure, Figure>> = {
  params: { title: 'Parameters', plural: true, text: count },
  macs: { title: 'MACs', plural: true, text: count },
  flops: { title: 'FLOPs', plural: true, text: count },
  weights: { title: 'Weights', plural: true, text: size },
  peakActivations: { title: 'Peak live activations', plural: true, text: size },
  arena: { title: 'Arena', text: size },
  traffic: { title: 'Traffic', text: size },
  latency: { title: 'Latency', text: si('s') },
  throughput: { title: 'Throughput', text: si('/s') },
  energy: { title: 'Energy per inference', text: si('J') },
  power: { title: 'Average power', text: si('W') },
  unknownOperators: {
    title: 'Share of unknown operators',
    text: (value, digits) => formatPercent(value, Math.max(1, digits - 2)),
  },
  opset: { title: 'Opset', text: (value) => groupThousands(value) },
};

const OPERATOR_TITLES = {
  allowed: 'Operators outside of the allowed',
  denied: 'Denied operators',
  on: 'Kernels left to a host',
} as const;

export const titleOf = (limit: BudgetLimit): string =>
  limit.kind === 'operators' ? OPERATOR_TITLES[limit.rule] : FIGURES[limit.figure].title;

/** What the limit is about, as a word for machines: `latency`, `operators-denied`. */
export const ruleOf = (limit: BudgetLimit): string =>
  limit.kind === 'operators' ? `operators-${limit.rule}` : limit.figure;

const MOST_DIGITS = 7;

/** With as many digits as it takes to tell the figure from its limit. */
const valueText = (limit: BudgetLimit, value: number): string => {
  if (limit.kind === 'operators') return groupThousands(value);
  const { text } = FIGURES[limit.figure];
  for (let digits = 3; digits < MOST_DIGITS; digits++) {
    const shown = text(value, digits, limit.written);
    if (value === limit.value || shown !== text(limit.value, digits, limit.written)) return shown;
  }
  return text(value, MOST_DIGITS, limit.written);
};

export const actualText = ({ limit, actual, exactness }: LimitResult): string => {
  if (exactness === 'unknown') return 'not known';
  const bound = { exact: '', 'at-least': 'at least ', 'at-most': 'at most ' }[exactness];
  return `${bound}${valueText(limit, actual)}`;
};

export const limitText = (limit: BudgetLimit): string => {
  if (limit.kind === 'operators') return 'none';
  return `${limit.sense === 'max' ? '≤' : '≥'} ${limit.written}`;
};

/** "kpu_t2 (6W), int8, batch 1, upper end of the 80 % interval"; where a table says what the end is, "upper end". */
export const settingText = ({ setting }: LimitResult, { short = false } = {}): string => {
  const { device, powerMode, precision, batch, level } = setting;
  const end = level === undefined ? [] : [`upper end${short ? '' : ` of the ${formatPercent(level, 0)} interval`}`];
  return [
    ...(device === undefined ? [] : [powerMode === undefined ? device : `${device} (${powerMode})`]),
    ...(precision === undefined ? [] : [precision]),
    ...(batch === undefined ? [] : [`batch ${batch}`]),
    ...end,
  ].join(', ');
};

/** From here on a multiple reads better than per cent. */
const MULTIPLE = 10;

/** "+12.4 %", "−16.8 %", "25.0×" of the limit; `null` where the margin is no share. */
export const marginText = ({ limit, actual, margin }: LimitResult): string | null => {
  if (margin === null || limit.kind === 'operators') return null;
  if (-margin >= MULTIPLE) return formatRatio(actual / limit.value);
  return `${margin >= 0 ? '+' : '−'}${formatPercent(Math.abs(margin))}`;
};

const excessText = ({ limit, actual, margin }: LimitResult): string => {
  if (limit.kind === 'operators') return '';
  const side = limit.sense === 'max' ? 'above' : 'below';
  if (margin === null) return `${side} the limit of ${limit.written}`;
  return -margin >= MULTIPLE
    ? `${formatRatio(actual / limit.value)} the limit of ${limit.written}`
    : `${formatPercent(-margin)} ${side} the limit of ${limit.written}`;
};

/** What broke or is not known, without the model and without the layers. */
export const sentenceOf = (result: LimitResult): string => {
  const { limit, status, reason, actual } = result;
  const title = titleOf(limit);
  if (limit.kind === 'operators') {
    if (status === 'holds') return `${title}: none`;
    return `${title}: ${groupThousands(actual)} (${reason})`;
  }
  const where = settingText(result);
  const subject = `${title}${where === '' ? '' : ` (${where})`}`;
  const verb = FIGURES[limit.figure].plural === true ? 'are' : 'is';
  const shown = actualText(result);
  if (status === 'unknown') {
    const known = result.exactness === 'unknown' ? '' : `, ${shown}`;
    return `${subject} ${verb} not known${known}: ${reason}; the limit is ${limit.written}`;
  }
  if (status === 'broken') return `${subject} ${verb} ${shown}, ${excessText(result)}`;
  return `${subject} ${verb} ${shown}, within ${limit.written}`;
};

/** "largest: conv1 (Conv, 41.0 %), fc (Gemm, 8.5 %)"; empty where no layer carries the figure. */
export const layersText = ({ limit, layers }: LimitResult): string => {
  if (layers.length === 0) return '';
  const names = layers.map(({ name, type, share }) => {
    const amount = share === null || limit.kind === 'operators' ? '' : `, ${formatPercent(share)}`;
    return `${name} (${type}${amount})`;
  });
  return `${limit.kind === 'operators' || limit.figure === 'unknownOperators' ? 'in' : 'largest:'} ${names.join(', ')}`;
};

export const failures = ({ results }: BudgetReport): readonly CheckedLimit[] => results.filter(({ passes }) => !passes);

/** "9 limits of 3 models: 2 broken, 1 not known". */
export const summaryText = ({ results }: BudgetReport): string => {
  const models = new Set(results.map(({ model }) => model)).size;
  const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const broken = results.filter(({ status }) => status === 'broken').length;
  const unknown = results.filter(({ status }) => status === 'unknown').length;
  const verdict = [
    ...(broken > 0 ? [`${broken} broken`] : []),
    ...(unknown > 0 ? [`${unknown} not known`] : []),
    ...(broken + unknown === 0 ? [results.length === 1 ? 'it holds' : 'all hold'] : []),
  ].join(', ');
  return `${count(results.length, 'limit')} of ${count(models, 'model')}: ${verdict}`;
};

/** Names come from files: what would steer a terminal, or is no part of XML, is shown by its number. */
export const printable = (text: string): string =>
  text.replace(
    /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\ufffe\uffff]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
