/** Sums, products and shares that a text spells out: "48 (8 models × 6 devices)", "~15 % (0.28 G)" of "1.87 G total". */
import { formatNumber, formatPercent } from '../../units/format.ts';
import type { Metric } from '../columns.ts';
import { agrees, over, plus, type Span, spanAt, spanOf } from '../printed.ts';
import { quantitiesIn, quantityOf, type TextQuantity } from '../quantity-text.ts';
import type { AuditedReport, AuditedTable, Sentence } from '../report.ts';
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
        ...{ code: 'ratio', severity: 'error', line: sentence.line, claim, computed: formatPercent(computed.mid) },
        factor: share.printed.value / 100 / computed.mid,
        explanation: `${amount.text} over ${total.text} is ${formatPercent(computed.mid)}`,
      });
    });
    const sum = parts.map(({ amount }) => spanOf(amount.printed)).reduce<Span>(plus, spanAt(0));
    const claim = `${parts.length} parts of ${total.text}`;
    if (agrees(total.printed, sum)) return [...each, holding('sum', heading.line, claim)];
    const explanation = `the parts add up to ${formatNumber(sum.mid)}`;
    const factor = total.printed.value / sum.mid;
    return [
      ...each,
      failing({
        code: 'sum',
        severity: 'error',
        line: heading.line,
        claim,
        computed: formatNumber(sum.mid),
        factor,
        explanation,
      }),
    ];
  });
};

/** What does not add up over rows, whatever its total is called. */
const NO_SUM: readonly (Metric | undefined)[] = [
  'rate',
  'utilization',
  'ratio',
  'top1',
  'batch',
  'resolution',
  'power',
  'real-time-margin',
];
const NO_SUM_HEADER =
  /\b(?:avg|average|mean|median|max|min|peak|rate|per second|fps|throughput|speed-?up|accuracy)\b|\/s\b/i;

interface TotalColumn {
  readonly table: AuditedTable;
  readonly column: number;
  readonly parts: readonly TextQuantity[];
  readonly total: TextQuantity;
  readonly line: number;
}

/** Columns with a row that is called total, and figures of one kind in all rows above it. */
const totalColumns = ({ tables }: AuditedReport): readonly TotalColumn[] =>
  tables.flatMap((table) => {
    const at = table.rows.findIndex(({ cells }) => /^\s*(?:total|sum|all|overall)\s*$/i.test(cells[0] ?? ''));
    const row = table.rows[at];
    if (row === undefined || at < 2) return [];
    return row.cells.flatMap((cell, column): readonly TotalColumn[] => {
      const heading = table.columns[column];
      const total = column === 0 ? undefined : quantityOf(cell);
      if (
        total === undefined ||
        heading === undefined ||
        NO_SUM.includes(heading.metric) ||
        NO_SUM_HEADER.test(heading.header)
      )
        return [];
      const parts = table.rows.slice(0, at).map(({ cells }) => quantityOf(cells[column] ?? ''));
      if (parts.some((part) => part?.kind !== total.kind)) return [];
      return [{ table, column, parts: parts as readonly TextQuantity[], total, line: row.line }];
    });
  });

const totals = (report: AuditedReport): readonly Verdict[] => {
  const found = totalColumns(report);
  return [
    ...found.map(({ table, column, parts, total, line }): Verdict => {
      const sum = parts.map(({ printed }) => spanOf(printed)).reduce<Span>(plus, spanAt(0));
      const claim = `${table.columns[column]?.header.replace(/[*†‡]/g, '').trim()}: total ${total.text}`;
      if (agrees(total.printed, sum)) return holding('sum', line, claim);
      return failing({
        ...{ code: 'sum', severity: 'error', line, claim, computed: formatNumber(sum.mid, 4) },
        factor: total.printed.value / sum.mid,
        explanation: `the ${parts.length} rows above add up to ${formatNumber(sum.mid, 4)}`,
      });
    }),
    ...found.flatMap((share) =>
      rowShares(
        share,
        found.filter(({ table }) => table === share.table),
      ),
    ),
  ];
};

/** A column of percentages that ends in 100 % beside one column of amounts: each is its amount over the total. */
const rowShares = (share: TotalColumn, columns: readonly TotalColumn[]): readonly Verdict[] => {
  if (share.total.kind !== 'percent' || share.total.printed.value !== 100) return [];
  const amounts = columns.filter(({ total }) => total.kind !== 'percent');
  const [amount] = amounts;
  if (amount === undefined || amounts.length > 1) return [];
  return share.parts.map((part, at): Verdict => {
    const line = share.table.rows[at]?.line ?? share.line;
    const own = (amount.parts[at] as TextQuantity).printed;
    const whole = amount.parts.map(({ printed }) => spanOf(printed)).reduce<Span>(plus, spanAt(0));
    const computed = over(spanOf(own), whole);
    const claim = `${share.table.rows[at]?.cells[0] ?? ''}: ${part.text} of ${amount.total.text}`;
    if (agrees(asShare(part.printed), computed)) return holding('ratio', line, claim);
    return failing({
      ...{ code: 'ratio', severity: 'error', line, claim, computed: formatPercent(computed.mid) },
      factor: part.printed.value / 100 / computed.mid,
      explanation: `its amount over that of all rows is ${formatPercent(computed.mid)}`,
      group: `share-${share.table.line}`,
    });
  });
};

export const checkSums: Check = (report) => [
  ...report.sentences.flatMap(chains),
  ...shares(report.sentences),
  ...totals(report),
];
