/** Sums, products and shares that a text spells out: "48 (8 models × 6 devices)", "~15 % (0.28 G)" of "1.87 G total". */
import { formatNumber, formatPercent } from '../../units/format.ts';
import { agrees, middle, over, plus, type Span, spanAt, spanOf } from '../printed.ts';
import { quantitiesIn, type TextQuantity } from '../quantity-text.ts';
import type { Sentence } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';
import { asShare } from './ratios.ts';

const CHAIN = /(\d[\d,]*)\s*\(\s*(\d[\d,]*\s+[A-Za-z][^()+×]{0,30}(?:\s*[+×x]\s*\d[\d,]*\s+[A-Za-z][^()+×]{0,30})+)\)/g;
const EQUATION = /(\d[\d,]*\s+[A-Za-z]+\s*[×x]\s*\d[\d,]*\s+[A-Za-z]+)\s*=\s*(\d[\d,]*)/g;

const whole = (text: string): number => Number(text.replaceAll(',', ''));

const chainVerdict = (sentence: Sentence, total: number, chain: string, claim: string): Verdict => {
  const isProduct = /[×x]\s*\d/.test(chain);
  const parts = [...chain.matchAll(/(?:^|[+×x]\s*)(\d[\d,]*)/g)].map((match) => whole(match[1] as string));
  const value = parts.reduce((result, part) => (isProduct ? result * part : result + part));
  if (value === total) return holding('sum', sentence.line, claim);
  return failing({
    ...{ code: 'sum', severity: 'error', line: sentence.line, claim, computed: String(value), factor: total / value },
    explanation: `${parts.join(isProduct ? ' × ' : ' + ')} is ${value}`,
    group: `sum-${sentence.line}`,
  });
};

const chains = (sentence: Sentence): readonly Verdict[] => [
  ...[...sentence.text.matchAll(CHAIN)].map(([claim, total = '', chain = '']) =>
    chainVerdict(sentence, whole(total), chain, claim),
  ),
  ...[...sentence.text.matchAll(EQUATION)].map(([claim, chain = '', total = '']) =>
    chainVerdict(sentence, whole(total), chain, claim),
  ),
];

interface Part {
  readonly sentence: Sentence;
  readonly share: TextQuantity;
  readonly amount: TextQuantity;
}

const partOf = (sentence: Sentence): Part | undefined => {
  const { quantities, text } = sentence;
  const at = quantities.findIndex(({ kind }) => kind === 'percent');
  const [share, amount] = [quantities[at], quantities[at + 1]];
  if (share === undefined || amount === undefined || !['count', 'flops', 'macs'].includes(amount.kind))
    return undefined;
  return /^\s*\($/.test(text.slice(share.end, amount.index)) ? { sentence, share, amount } : undefined;
};

/** Items "name: share (amount)" under a heading that names the total. */
const shares = (sentences: readonly Sentence[]): readonly Verdict[] => {
  const lists = new Map<number, Part[]>();
  for (const sentence of sentences) {
    const part = sentence.list === undefined ? undefined : partOf(sentence);
    if (part === undefined || sentence.list === undefined) continue;
    const known = lists.get(sentence.list);
    if (known === undefined) lists.set(sentence.list, [part]);
    else known.push(part);
  }
  return [...lists.values()].flatMap((parts): readonly Verdict[] => {
    const [first] = parts;
    const heading = first?.sentence.headings.at(-1);
    if (first === undefined || heading === undefined || parts.length < 2 || !/\btotal\b/i.test(heading.text)) return [];
    const total = quantitiesIn(heading.text).find(
      ({ kind }) => kind === 'flops' || kind === 'macs' || kind === 'count',
    );
    if (total === undefined) return [];
    const each = parts.map(({ sentence, share, amount }): Verdict => {
      const computed = over(spanOf(amount.printed), spanOf(total.printed));
      const claim = `${amount.text} of ${total.text} are ${share.text}`;
      if (agrees(asShare(share.printed), computed)) return holding('ratio', sentence.line, claim);
      return failing({
        ...{ code: 'ratio', severity: 'error', line: sentence.line, claim, computed: formatPercent(middle(computed)) },
        factor: share.printed.value / 100 / middle(computed),
        explanation: `${amount.text} over ${total.text} is ${formatPercent(middle(computed))}`,
      });
    });
    const sum = parts.map(({ amount }) => spanOf(amount.printed)).reduce<Span>(plus, spanAt(0));
    const claim = `${parts.length} parts of ${total.text}`;
    if (agrees(total.printed, sum)) return [...each, holding('sum', heading.line, claim)];
    const explanation = `the parts add up to ${formatNumber(middle(sum))}`;
    const factor = total.printed.value / middle(sum);
    return [
      ...each,
      failing({
        code: 'sum',
        severity: 'error',
        line: heading.line,
        claim,
        computed: formatNumber(middle(sum)),
        factor,
        explanation,
      }),
    ];
  });
};

/** A row that is called total against the rows above it. */
const totalRows: Check = ({ tables }) =>
  tables.flatMap((table) => {
    const at = table.rows.findIndex(({ cells }) => /^\s*(?:total|sum|all)\s*$/i.test(cells[0] ?? ''));
    const total = table.rows[at];
    if (total === undefined || at < 2) return [];
    return total.figures.flatMap((figure, column): readonly Verdict[] => {
      if (
        figure === undefined ||
        !['parameters', 'flops', 'macs', 'energy', 'share', 'latency'].includes(figure.metric)
      )
        return [];
      const parts = table.rows.slice(0, at).map((row) => row.figures[column]);
      if (parts.some((part) => part === undefined)) return [];
      const sum = parts.map((part) => spanOf((part as NonNullable<typeof part>).printed)).reduce<Span>(plus, spanAt(0));
      const claim = `${table.columns[column]?.header ?? ''}: total ${figure.text}`;
      if (agrees(figure.printed, sum)) return [holding('sum', figure.line, claim)];
      return [
        failing({
          ...{ code: 'sum', severity: 'error', line: figure.line, claim, computed: formatNumber(middle(sum)) },
          factor: figure.printed.value / middle(sum),
          explanation: `the ${parts.length} rows above add up to ${formatNumber(middle(sum))} in the same unit`,
        }),
      ];
    });
  });

export const checkSums: Check = (report, facts) => [
  ...report.sentences.flatMap(chains),
  ...shares(report.sentences),
  ...totalRows(report, facts),
];
