/** throughput = batch × concurrency / latency, in every row that has both. */
import { formatNumber, formatSI } from '../../units/format.ts';
import { SECONDS_PER_HOUR } from '../../units/quantity.ts';
import { agrees, over, spanAt, spanOf } from '../printed.ts';
import type { TextQuantity } from '../quantity-text.ts';
import type { AuditedRow, AuditedTable, CellFigure, Sentence } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';

/** Factors that come of another unit. */
const SLIPS: readonly (readonly [number, string])[] = [
  [1e3, 'the latency is in microseconds and printed as milliseconds, or the rate is per millisecond'],
  [1e6, 'the latency is in nanoseconds and printed as milliseconds, or the rate is off by a million'],
  [1e-3, 'the latency is in seconds and printed as milliseconds, or the rate is in thousands'],
  [1e-6, 'the rate is in millions'],
  [60, 'the rate is per minute'],
  [SECONDS_PER_HOUR, 'the rate is per hour'],
];
const NEAR = 0.05;

/** The unit slip that a factor is, if it is one. */
export const slipOf = (factor: number): { readonly factor: number; readonly cause: string } | undefined => {
  const found = SLIPS.find(([slip]) => Math.abs(factor / slip - 1) < NEAR);
  return found && { factor: found[0], cause: found[1] };
};

export interface LatencyAndRate {
  readonly table: AuditedTable;
  readonly row: AuditedRow;
  readonly latency: CellFigure;
  readonly rate: CellFigure;
  /** rate × latency / (batch × concurrency): 1 for a table that is right. */
  readonly factor: number;
  readonly holds: boolean;
}

/** Every latency with the rate that belongs to it: of one row, and of one device, model and qualifier. */
export const latenciesWithRates = (table: AuditedTable): readonly LatencyAndRate[] =>
  table.rows.flatMap((row) =>
    row.figures.flatMap((latency): readonly LatencyAndRate[] => {
      if (latency?.metric !== 'latency' || !(latency.printed.low > 0)) return [];
      const rate = row.figures.find(
        (other) =>
          other?.metric === 'rate' &&
          other.qualifier === latency.qualifier &&
          other.device === latency.device &&
          other.printed.low > 0,
      );
      if (rate === undefined) return [];
      const concurrency = row.figures.find((figure) => figure?.metric === 'concurrency')?.printed.value ?? 1;
      const inFlight = (latency.batch ?? 1) * concurrency;
      const computed = over(spanAt(inFlight), spanOf(latency.printed));
      const factor = (rate.printed.value * latency.printed.value) / inFlight;
      return [{ table, row, latency, rate, factor, holds: agrees(rate.printed, computed) }];
    }),
  );

export const checkThroughput: Check = ({ tables }) =>
  tables.flatMap((table) =>
    strata(table).flatMap((pairs): readonly Verdict[] => {
      const off = pairs.filter(({ holds }) => !holds);
      const factors = off.map(({ factor }) => factor);
      const isConstant = factors.length > 1 && Math.max(...factors) / Math.min(...factors) < 1 + 2 * NEAR;
      // Where the other rows agree to the digit, one that does not is a mistake; where none does, the two are of different
      // statistics (a percentile, a pipeline), and only a factor that no statistic explains says anything.
      const isExact = pairs.length > 1 && off.length <= pairs.length / 2;
      return pairs.flatMap(({ latency, rate, factor, holds }): readonly Verdict[] => {
        const claim = `${subject(latency)}latency ${latency.text}${unit(table, latency)} and throughput ${rate.text}${unit(table, rate)}`;
        if (holds) return [holding('throughput-latency', latency.line, claim)];
        const slip = slipOf(factor);
        const batch = latency.batch ?? 1;
        const computed = `${formatNumber(batch / latency.printed.value)} per second from the latency, or ${formatSI(batch / rate.printed.value, 's')} from the rate`;
        const base = { line: latency.line, claim, computed, factor, group: `throughput-${table.line}` };
        if (slip !== undefined) {
          const all = isConstant ? `in all ${factors.length} rows` : 'here';
          return [
            failing({
              ...base,
              code: 'unit-slip',
              severity: 'error',
              explanation: `rate × latency is ${formatNumber(slip.factor, 4)} and not ${batch} ${all}: ${slip.cause}`,
            }),
          ];
        }
        const spread = isExact ? RUNS : STATISTICS;
        if (factor > 1 / spread && factor < spread) return [];
        const isWhole = isConstant && Math.abs(factor - Math.round(factor)) < NEAR && factor > 1;
        return [
          failing({
            ...base,
            code: 'throughput-latency',
            severity: isExact ? 'error' : 'warning',
            explanation: isWhole
              ? `rate × latency is ${Math.round(factor)} in all ${factors.length} rows: a batch or concurrency of ${Math.round(factor)} that nothing states`
              : `rate × latency is ${formatNumber(factor)} and not ${batch}: ${isExact ? `${pairs.length - off.length} of the ${pairs.length} rows agree` : 'a concurrency or a batch that nothing states, or two different runs'}`,
          }),
        ];
      });
    }),
  );

/** Rows of one device, runtime and type: what one source measured in one way. */
const strata = (table: AuditedTable): readonly (readonly LatencyAndRate[])[] => {
  const runtimeAt = table.columns.findIndex(({ metric }) => metric === 'runtime');
  const groups = new Map<string, LatencyAndRate[]>();
  for (const pair of latenciesWithRates(table)) {
    const { device, precision } = pair.latency;
    const key = [device?.id, precision, pair.row.cells[runtimeAt]].join('|');
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [pair]);
    else known.push(pair);
  }
  return [...groups.values()];
};

/** How far a mean rate and a median latency of one run lie apart in tables of real measurements. */
const RUNS = 1.2;
/** How far a mean rate and a percentile of the latency, or a pipeline of two, lie apart. */
const STATISTICS = 2.5;

export const subject = ({ model, device }: Pick<CellFigure, 'model' | 'device'>): string => {
  const names = [model?.variant.title, device?.name].filter((name) => name !== undefined);
  return names.length === 0 ? '' : `${names.join(' on ')}: `;
};

/** The unit of a cell as its header prints it, where the cell has none. */
export const unit = ({ columns }: AuditedTable, { column, text }: CellFigure): string => {
  if (/[A-Za-z%×µ]\s*$/.test(text) && !/[KMGBT]$/.test(text)) return '';
  const inBrackets = /[([]([^)\]]{1,20})[)\]]\s*[*†‡]*\s*$/.exec(columns[column]?.header ?? '')?.[1];
  return inBrackets === undefined ? '' : ` ${inBrackets}`;
};

const LATENCY_ITEM =
  /^(?:(?:average|mean|median|typical|predicted|measured)\s+)?(?:inference\s+)?(?:latency|inference time)\b[^:]{0,20}:\s*/i;
const RATE_ITEM = /^(?:(?:average|mean|peak|predicted|measured)\s+)?(?:throughput|frame rate|speed)\b[^:]{0,20}:\s*/i;

interface ListedQuantity {
  readonly sentence: Sentence;
  readonly quantity: TextQuantity;
}

/** The first quantity after a label such as "Latency:". */
const itemOf = (sentence: Sentence, label: RegExp, kind: TextQuantity['kind']): ListedQuantity | undefined => {
  const start = label.exec(sentence.text)?.[0].length;
  const [quantity] = sentence.quantities.filter(({ index }) => start !== undefined && index >= start);
  return quantity?.kind === kind ? { sentence, quantity } : undefined;
};

/** "Latency: 86 ms" and "Throughput: 11,549 FPS" in one list. */
export const checkListedThroughput: Check = ({ sentences }) => {
  const lists = new Map<number, { latencies: ListedQuantity[]; rates: ListedQuantity[] }>();
  for (const sentence of sentences) {
    if (sentence.list === undefined) continue;
    const known = lists.get(sentence.list) ?? { latencies: [], rates: [] };
    lists.set(sentence.list, known);
    const latency = itemOf(sentence, LATENCY_ITEM, 'time');
    const rate = itemOf(sentence, RATE_ITEM, 'rate');
    if (latency !== undefined) known.latencies.push(latency);
    if (rate !== undefined) known.rates.push(rate);
  }
  return [...lists.values()].flatMap(({ latencies, rates }): readonly Verdict[] => {
    const [latency, rate] = [latencies[0], rates[0]];
    if (latency === undefined || rate === undefined || latencies.length > 1 || rates.length > 1) return [];
    const [a, b] = [latency.sentence.devices[0]?.named, rate.sentence.devices[0]?.named];
    if (a !== undefined && b !== undefined && a !== b) return [];
    const factor = latency.quantity.printed.value * rate.quantity.printed.value;
    const { line } = latency.sentence;
    const claim = `latency ${latency.quantity.text} and throughput ${rate.quantity.text}`;
    const slip = slipOf(factor);
    // A batch or a concurrency that the list does not state may be behind any other factor.
    if (slip === undefined || slip.factor < 1) {
      return factor > 1 / STATISTICS && factor < STATISTICS ? [holding('throughput-latency', line, claim)] : [];
    }
    return [
      failing({
        ...{ code: 'unit-slip', severity: 'error', line, claim, factor },
        computed: `${formatNumber(1 / latency.quantity.printed.value)} per second from the latency, or ${formatSI(1 / rate.quantity.printed.value, 's')} from the rate`,
        explanation: `rate × latency is ${formatNumber(slip.factor, 4)} and not 1: ${slip.cause}`,
        group: `listed-${line}`,
      }),
    ];
  });
};
