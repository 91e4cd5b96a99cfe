/** Columns that are ratios or percentages of another column: "FLOP Ratio", "Memory vs ResNet-18", "Throughput over batch 1". */
import { formatNumber, formatRatio } from '../../units/format.ts';
import type { ZooEntry } from '../../zoo/api.ts';
import { modelsIn } from '../names.ts';
import { agrees, over, type Printed, type Span, spanOf } from '../printed.ts';
import type { AuditedColumn, AuditedRow, AuditedTable, CellFigure } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';
import { subject } from './throughput.ts';

const BASELINE = /\b(?:ratios?|relative|multiples?|vs\.?|versus|compared|baseline)\b/i;

/** The model that a table's ratios are against, by its notes or the mark in its row. */
export const baselineOf = (table: AuditedTable): ZooEntry | undefined => {
  const marked = table.rows.find(({ cells }) => cells.some((cell) => /\bbaseline\b/i.test(cell)));
  if (marked?.model !== undefined) return marked.model;
  for (const note of [...table.notes, table.caption]) {
    if (!BASELINE.test(note)) continue;
    const after = note.slice(note.search(BASELINE));
    const named = modelsIn(after)[0]?.named;
    if (named !== undefined) return named;
  }
  return undefined;
};

const isPlainOperand = (figure: CellFigure | undefined, ratio: CellFigure, of: CellFigure['metric']): boolean =>
  figure?.metric === of && figure.device === ratio.device && figure.precision === ratio.precision;

const operandIn = (row: AuditedRow, ratio: CellFigure): CellFigure | undefined => {
  const { of } = ratio;
  if (of === undefined) return undefined;
  const candidates = row.figures.filter((figure) => isPlainOperand(figure, ratio, of));
  return candidates.length === 1 ? candidates[0] : candidates.find((figure) => figure?.qualifier === '');
};

const baseRow = (table: AuditedTable, column: AuditedColumn, row: AuditedRow): AuditedRow | undefined => {
  const batch = /\bbatch (\d+)\b/i.exec(column.header)?.[1];
  if (batch !== undefined)
    return table.rows.find((other) => other.model === row.model && other.batch === Number(batch));
  const base = column.model ?? baselineOf(table);
  if (base === undefined) return undefined;
  const rows = table.rows.filter((other) => other.model === base);
  return rows.length === 1
    ? rows[0]
    : rows.find((other) => other.batch === row.batch && other.resolution === row.resolution);
};

/** A printed percentage as a share. */
export const asShare = ({ value, step, low, high }: Printed): Printed => ({
  ...{ value: value / 100, step: step / 100, low: low / 100, high: high / 100 },
});

const verdictOf = (ratio: CellFigure, computed: Span, operands: string, table: AuditedTable): Verdict => {
  const isPercent = ratio.text.includes('%');
  const printed = isPercent ? asShare(ratio.printed) : ratio.printed;
  const claim = `${subject(ratio)}${table.columns[ratio.column]?.header.replace(/[*†‡]/g, '').trim()} ${ratio.text}`;
  if (agrees(printed, computed)) return holding('ratio', ratio.line, claim);
  const share = computed.mid;
  return failing({
    ...{ code: 'ratio', severity: 'error', line: ratio.line, claim },
    computed: isPercent ? `${formatNumber(share * 100)} %` : formatRatio(share),
    factor: printed.value / share,
    explanation: `${operands} is ${isPercent ? `${formatNumber(share * 100)} %` : formatRatio(share)}`,
    group: `ratio-${table.line}-${ratio.column}`,
  });
};

export const checkRatioColumns: Check = ({ tables }) =>
  tables.flatMap((table) =>
    table.rows.flatMap((row) =>
      row.figures.flatMap((ratio): readonly Verdict[] => {
        if (ratio?.metric !== 'ratio' || ratio.of === undefined || ratio.of === 'battery-life') return [];
        const column = table.columns[ratio.column];
        if (column === undefined) return [];
        const base = baseRow(table, column, row);
        if (base === undefined) return [];
        const [top, bottom] = [operandIn(row, ratio), operandIn(base, ratio)];
        if (top === undefined || bottom === undefined || !(bottom.printed.low > 0) || top.printed.low < 0) return [];
        return [
          verdictOf(ratio, over(spanOf(top.printed), spanOf(bottom.printed)), `${top.text} over ${bottom.text}`, table),
        ];
      }),
    ),
  );

const UTILIZATION = /\b(?:utili[sz]ation|mfu)\b[^.%]{0,40}$/i;

/** Utilizations of more than all of it, in tables and where a sentence says one. */
export const checkUtilization: Check = ({ figures, sentences }) => [
  ...sentences.flatMap(({ text, line, quantities }): readonly Verdict[] =>
    quantities.flatMap((quantity): readonly Verdict[] => {
      if (quantity.kind !== 'percent' || !UTILIZATION.test(text.slice(0, quantity.index))) return [];
      const claim = `utilization ${quantity.text}`;
      if (quantity.printed.low - quantity.printed.step <= 100) return [holding('utilization', line, claim)];
      return [
        failing({
          ...{ code: 'utilization', severity: 'error', line, claim, computed: 'at most 100 %' },
          factor: quantity.printed.value / 100,
          explanation: 'nothing does more than its peak: work, time or peak is wrong',
        }),
      ];
    }),
  ),
  ...figures.flatMap((figure): readonly Verdict[] => {
    if (figure.metric !== 'utilization' || !figure.text.includes('%')) return [];
    const claim = `${subject(figure)}utilization ${figure.text}`;
    if (figure.printed.low - figure.printed.step <= 100) return [holding('utilization', figure.line, claim)];
    return [
      failing({
        ...{ code: 'utilization', severity: 'error', line: figure.line, claim, computed: 'at most 100 %' },
        factor: figure.printed.value / 100,
        explanation: 'nothing does more than its peak: work, time or peak is wrong',
      }),
    ];
  }),
];
