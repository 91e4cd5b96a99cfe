/** Columns that are called speed-up, against the times beside them: over a row of another type, or between two columns. */
import { formatRatio } from '../../units/format.ts';
import { PRECISION_WORDS } from '../columns.ts';
import { agrees, over, spanOf } from '../printed.ts';
import { quantityOf, type TextQuantity } from '../quantity-text.ts';
import type { AuditedRow, AuditedTable, CellFigure } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';
import { subject } from './throughput.ts';

const SPEED_UP = /\bspeed-?ups?\b/i;

const timesOf = ({ figures }: AuditedRow): readonly CellFigure[] =>
  figures.filter((figure) => figure?.metric === 'latency' && figure.printed.low > 0) as readonly CellFigure[];

const precisionOf = (header: string): string | undefined => header.match(PRECISION_WORDS)?.[0].toLowerCase();

/** The row of the same model and device that a speed-up is over: of the type that the header names, or the one with 1×. */
const baseOf = (table: AuditedTable, row: AuditedRow, header: string, place: number): AuditedRow | undefined => {
  const alike = table.rows.filter(
    (other) => other.model === row.model && other.device === row.device && other.batch === row.batch,
  );
  const wanted = precisionOf(header);
  if (wanted !== undefined) return alike.find(({ precision }) => precision === wanted);
  const ones = alike.filter(({ cells }) => quantityOf(cells[place] ?? '')?.printed.value === 1);
  return alike.length > 1 && ones.length === 1 ? ones[0] : undefined;
};

const rowVerdict = (table: AuditedTable, row: AuditedRow, place: number): readonly Verdict[] => {
  const header = table.columns[place]?.header ?? '';
  const claimed: TextQuantity | undefined = quantityOf(row.cells[place] ?? '');
  if (claimed === undefined || (claimed.kind !== 'ratio' && claimed.kind !== 'count')) return [];
  const own = timesOf(row).filter(({ device }) => device === row.device);
  const claim = `${subject(row)}${header.replace(/[*†‡]/g, '').trim()} ${claimed.text}`;
  const says = (slow: CellFigure, fast: CellFigure): readonly Verdict[] => {
    const computed = over(spanOf(slow.printed), spanOf(fast.printed));
    if (agrees(claimed.printed, computed)) return [holding('ratio', row.line, claim)];
    const value = computed.mid;
    return [
      failing({
        ...{ code: 'ratio', severity: 'error', line: row.line, claim, computed: formatRatio(value) },
        factor: claimed.printed.value / value,
        explanation: `${slow.text} over ${fast.text} is ${formatRatio(value)}`,
        group: `speedup-${table.line}`,
      }),
    ];
  };
  const [first, second] = own;
  // Two times in the row, of two types: the slower over the faster.
  if (own.length === 2 && first !== undefined && second !== undefined && first.precision !== second.precision) {
    return first.printed.value >= second.printed.value ? says(first, second) : says(second, first);
  }
  const base = baseOf(table, row, header, place);
  const times = base === undefined ? [] : timesOf(base).filter(({ device }) => device === base.device);
  const [slow] = times;
  return own.length === 1 && times.length === 1 && first !== undefined && slow !== undefined ? says(slow, first) : [];
};

export const checkSpeedUps: Check = ({ tables }) =>
  tables.flatMap((table) => {
    const places = table.columns.flatMap(({ header, device }, at) =>
      SPEED_UP.test(header) && device === undefined ? [at] : [],
    );
    const [place] = places;
    if (place === undefined || places.length > 1) return [];
    return table.rows.flatMap((row) => rowVerdict(table, row, place));
  });
