/** Multiples and percentages in sentences and lists, against the figures of the tables. */
import { formatNumber, formatRatio } from '../../units/format.ts';
import type { ZooEntry } from '../../zoo/api.ts';
import { columnMeaning, type Metric } from '../columns.ts';
import { agrees, over, type Span, spanOf } from '../printed.ts';
import type { QuantityKind, TextQuantity } from '../quantity-text.ts';
import type { AuditedReport, Sentence } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';
import { baselineOf } from './ratios.ts';

const COMPARED: readonly Metric[] = ['parameters', 'flops', 'macs', 'latency', 'rate', 'energy', 'memory'];

/** Of one metric of a model: more are looked up in no report, and every pair of two models is tried. */
const MOST_FIGURES = 100;

/** Figures that the tables print for a model, on the device that the sentence names where it names one. */
const figuresOf = (report: AuditedReport, metric: Metric, model: ZooEntry, sentence: Sentence): readonly Span[] => {
  const device = sentence.devices[0]?.named;
  const known = report
    .figuresOf(model, metric)
    .slice(0, MOST_FIGURES)
    .filter(
      (figure) =>
        figure.qualifier === '' && (device === undefined || figure.device === device || figure.device === undefined),
    );
  return known.map(({ printed }) => spanOf(printed));
};

/** The metric that the words right after a quantity name. */
const metricAfter = (text: string): Metric | undefined => {
  const words = /^[^.;:,()]{0,45}/.exec(text)?.[0].split(/\b(?:with|and|but|than|at)\b/)[0] ?? '';
  const { metric, of } = columnMeaning(words);
  const found = metric === 'ratio' || metric === 'share' ? of : metric;
  return found !== undefined && COMPARED.includes(found) ? found : undefined;
};

/** What a figure with a unit is of. */
const METRIC_OF: Readonly<Partial<Record<QuantityKind, Metric>>> = {
  ...{ flops: 'flops', macs: 'macs', time: 'latency', rate: 'rate', energy: 'energy' },
};

interface Comparison {
  readonly metric: Metric;
  readonly subject: ZooEntry;
  readonly base: ZooEntry;
  readonly quantity: TextQuantity;
  /** subject over base as the sentence has it. */
  readonly claimed: (share: number) => number;
}

const comparisonOf = (
  sentence: Sentence,
  quantity: TextQuantity,
  fallback: { readonly subject: ZooEntry | undefined; readonly base: ZooEntry | undefined },
): Comparison | undefined => {
  const { text, models } = sentence;
  const after = text.slice(quantity.end);
  const before = models.filter(({ end }) => end <= quantity.index);
  const following = models.find(({ index }) => index >= quantity.end && index - quantity.end < 60);
  // "A: 62 % of B's FLOPs, 45 % of B's parameters": what is compared is not what it is compared with.
  const subject =
    (before.findLast(({ named }) => named !== following?.named) ?? before.at(-1))?.named ?? fallback.subject;
  const percent = quantity.kind === 'percent' ? 100 : 1;
  const share = (value: number): number => value / percent;
  if (subject === undefined) return undefined;

  // "7.6 % of ResNet-18 FLOPs", "8.7× ResNet-18 FLOPs"
  if (following !== undefined && /^\s*(?:of\s+|the\s+)*$/.test(text.slice(quantity.end, following.index))) {
    const metric = subject === following.named ? undefined : metricAfter(text.slice(following.end));
    return metric && { metric, subject, base: following.named, quantity, claimed: share };
  }
  const more = /^\s*(higher|more|longer|greater|larger|bigger|slower)\b/i.exec(after);
  const fewer = /^\s*(fewer|less|lower|smaller|shorter|faster|quicker)\b/i.exec(after);
  const direction = more ?? fewer;
  if (direction === null) return undefined;
  // "25.6M parameters, 5 times more than B": the metric stands before; "2 times faster than B" is about time.
  const earlier = sentence.quantities.findLast(
    ({ end, kind }) => end <= quantity.index && kind !== 'ratio' && kind !== 'percent',
  );
  const metric =
    metricAfter(after.slice(direction[0].length)) ??
    (/^\s*(?:faster|slower|quicker)/i.test(direction[0])
      ? 'latency'
      : earlier && (METRIC_OF[earlier.kind] ?? metricAfter(text.slice(earlier.end, quantity.index))));
  const than = /\bthan\b/i.exec(after);
  const base = than === null ? fallback.base : (following?.named ?? fallback.base);
  if (metric === undefined || base === undefined || base === subject) return undefined;
  if (quantity.kind === 'ratio') {
    return { metric, subject, base, quantity, claimed: more === null ? (value) => 1 / value : (value) => value };
  }
  return {
    metric,
    subject,
    base,
    quantity,
    claimed: more === null ? (value) => 1 - share(value) : (value) => 1 + share(value),
  };
};

const verdictOf = (report: AuditedReport, sentence: Sentence, comparison: Comparison): Verdict | undefined => {
  const { metric, subject, base, quantity, claimed } = comparison;
  const tops = figuresOf(report, metric, subject, sentence);
  const bottoms = figuresOf(report, metric, base, sentence);
  if (tops.length === 0 || bottoms.length === 0) return undefined;
  const ends = [
    quantity.printed.low - quantity.printed.step / 2,
    quantity.printed.high + quantity.printed.step / 2,
  ].map(claimed);
  const value = claimed(quantity.printed.value);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const printed = { value, low, high, step: Math.abs(high - low) / 2 };
  const claim =
    `${subject.variant.title}: ${quantity.text}${sentence.text.slice(quantity.end, quantity.end + 30)}`.trim();
  // Which two of several figures are meant is not known: one pair that agrees is enough.
  const candidates = tops.flatMap((top) => bottoms.map((bottom) => over(top, bottom)));
  if (candidates.some((candidate) => agrees(printed, candidate))) return holding('ratio', sentence.line, claim);
  const [first] = candidates;
  if (first === undefined) return undefined;
  const ratio = first.mid;
  return failing({
    ...{
      code: 'ratio',
      severity: 'error',
      line: sentence.line,
      claim,
      computed: formatRatio(ratio),
      factor: value / ratio,
    },
    explanation: `the tables give ${formatRatio(ratio)} for the ${metric} of ${subject.variant.title} over ${base.variant.title}`,
    group: `comparison-${sentence.line}`,
  });
};

export const checkComparisons: Check = (report) => {
  const bases = new Set(report.tables.map(baselineOf).filter((base) => base !== undefined));
  const base = bases.size === 1 ? [...bases][0] : undefined;
  let subject: ZooEntry | undefined;
  let list: number | undefined;
  return report.sentences.flatMap((sentence) => {
    if (sentence.list === undefined || sentence.list !== list) subject = undefined;
    list = sentence.list;
    subject = sentence.models[0]?.named ?? subject;
    // Items of a list have figures of their own: see `checkLists`.
    return sentence.quantities.flatMap((quantity): readonly Verdict[] => {
      if (quantity.kind !== 'percent' && quantity.kind !== 'ratio') return [];
      const comparison = comparisonOf(sentence, quantity, { subject, base });
      const verdict = comparison && verdictOf(report, sentence, comparison);
      return verdict === undefined ? [] : [verdict];
    });
  });
};

/** "1. ResNet-18: 11.69M (100 % of ...)": the first figure of every item, and what it is said to be of another's. */
export const checkLists: Check = ({ sentences }) => {
  const lists = new Map<number, Sentence[]>();
  for (const sentence of sentences) {
    if (sentence.list === undefined) continue;
    const known = lists.get(sentence.list);
    if (known === undefined) lists.set(sentence.list, [sentence]);
    else known.push(sentence);
  }
  const order = new Map<number, 'lower' | 'higher'>();
  sentences.forEach((sentence, at) => {
    const better = /\((lower|higher) is better\)/i.exec(sentence.text)?.[1]?.toLowerCase();
    const next = sentences[at + 1];
    if (better !== undefined && next?.list !== undefined) order.set(next.list, better as 'lower' | 'higher');
  });
  return [...lists].flatMap(([list, items]) => {
    const figures = items.flatMap((sentence) => {
      const [model] = sentence.models;
      const quantity = sentence.quantities.find(
        ({ kind, index }) => kind !== 'percent' && kind !== 'ratio' && index >= (model?.end ?? 0),
      );
      const isItem =
        model !== undefined &&
        model.index < 3 &&
        quantity !== undefined &&
        /^[^A-Za-z]{0,3}(?:\([^)]{0,20}\)\s*)?:?\s*[~≈]?\s*$/.test(sentence.text.slice(model.end, quantity.index));
      return isItem ? [{ sentence, model: model.named, quantity }] : [];
    });
    return [...listRatios(figures), ...listOrder(figures, order.get(list))];
  });
};

interface ListFigure {
  readonly sentence: Sentence;
  readonly model: ZooEntry;
  readonly quantity: TextQuantity;
}

const listRatios = (figures: readonly ListFigure[]): readonly Verdict[] => {
  let base: ListFigure | undefined;
  return figures.flatMap(({ sentence, model, quantity }): readonly Verdict[] => {
    const relative = sentence.quantities.find(
      ({ kind, index }) => (kind === 'percent' || kind === 'ratio') && index > quantity.end,
    );
    if (relative === undefined) return [];
    const named = sentence.models.find(({ index }) => index > quantity.end)?.named;
    if (named !== undefined) base = figures.find((other) => other.model === named) ?? base;
    if (base === undefined || base.quantity.kind !== quantity.kind || base.model === model) return [];
    const scale = relative.kind === 'percent' ? 0.01 : 1;
    const { value, step, low, high } = relative.printed;
    const computed = over(spanOf(quantity.printed), spanOf(base.quantity.printed));
    const claim = `${model.variant.title}: ${quantity.text} (${relative.text})`;
    if (agrees({ value: value * scale, step: step * scale, low: low * scale, high: high * scale }, computed)) {
      return [holding('ratio', sentence.line, claim)];
    }
    return [
      failing({
        ...{ code: 'ratio', severity: 'error', line: sentence.line, claim, computed: formatRatio(computed.mid) },
        factor: (value * scale) / computed.mid,
        explanation: `${quantity.text} over ${base.quantity.text} of ${base.model.variant.title} is ${formatRatio(computed.mid)}`,
        group: `list-${sentence.line}`,
      }),
    ];
  });
};

const listOrder = (figures: readonly ListFigure[], better: 'lower' | 'higher' | undefined): readonly Verdict[] => {
  if (better === undefined || figures.length < 2) return [];
  return figures.slice(1).map(({ sentence, model, quantity }, at): Verdict => {
    const before = figures[at] as ListFigure;
    const claim = `${before.model.variant.title} (${before.quantity.text}) before ${model.variant.title} (${quantity.text})`;
    const sign = better === 'lower' ? 1 : -1;
    const gap = sign * (quantity.printed.value - before.quantity.printed.value);
    if (gap >= -quantity.printed.step) return holding('order', sentence.line, claim);
    return failing({
      ...{ code: 'order', severity: 'error', line: sentence.line, claim, computed: `${model.variant.title} first` },
      explanation: `${better} is better, and ${formatNumber(quantity.printed.value)} stands after ${formatNumber(before.quantity.printed.value)}`,
      group: `order-${sentence.line}`,
    });
  });
};
