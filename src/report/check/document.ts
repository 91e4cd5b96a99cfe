/** A checked budget as a document: what broke and by what it is carried, then every limit. */
import { formatPercent } from '../../units/format.ts';
import type { Block, ReportDocument, TableBlock } from '../blocks.ts';
import {
  actualText,
  type BudgetReport,
  type CheckedLimit,
  FIGURES,
  failures,
  limitText,
  marginText,
  settingText,
  summaryText,
  titleOf,
} from './words.ts';

const STATUS_TEXTS = { holds: 'holds', broken: 'BROKEN', unknown: 'not known' } as const;

const statusText = ({ status, passes }: CheckedLimit): string =>
  status === 'unknown' && passes ? 'not known (allowed)' : STATUS_TEXTS[status];

const rowOf = (result: CheckedLimit) => ({
  model: result.model,
  figure: titleOf(result.limit),
  setting: settingText(result, { short: true }),
  limit: limitText(result.limit),
  actual: actualText(result),
  margin: marginText(result),
  status: statusText(result),
  line: result.line,
});

const text = { kind: 'text' } as const;

/** Columns that a narrow terminal leaves out are named by the table itself. */
interface CheckTable extends TableBlock {
  readonly expendable: readonly string[];
}

const endNotes = (results: readonly CheckedLimit[]): readonly string[] => {
  const levels = new Set(results.flatMap(({ setting: { level } }) => level ?? []));
  return [...levels].map((level) => `Upper end: of the ${formatPercent(level, 0)} interval of the predicted latency.`);
};

const limitsTable = (results: readonly CheckedLimit[], caption: string): CheckTable => ({
  kind: 'table',
  id: 'limits',
  caption: `${caption}; the margin is the room left as a share of the limit, or how many times it was taken`,
  columns: [
    { key: 'model', title: 'Model', format: { kind: 'code' } },
    { key: 'figure', title: 'Figure', format: text },
    { key: 'setting', title: 'At', format: text },
    { key: 'limit', title: 'Budget', format: text },
    { key: 'actual', title: 'Actual', format: text },
    { key: 'margin', title: 'Margin', format: text },
    { key: 'status', title: 'Verdict', format: text },
    { key: 'line', title: 'Line', format: { kind: 'integer' } },
  ],
  rows: results.map(rowOf),
  notes: endNotes(results),
  expendable: ['line'],
});

const amountText = ({ limit }: CheckedLimit, value: number): string | null =>
  limit.kind === 'operators' || limit.figure === 'opset' || limit.figure === 'unknownOperators'
    ? null
    : // A layer may well be as large as the limit: there is nothing to tell it from.
      FIGURES[limit.figure === 'throughput' ? 'latency' : limit.figure === 'power' ? 'energy' : limit.figure].text(
        value,
        3,
        limit.written,
      );

const layersTable = (broken: readonly CheckedLimit[]): CheckTable => ({
  kind: 'table',
  id: 'layers',
  caption: 'Largest layers of what does not hold',
  columns: [
    { key: 'model', title: 'Model', format: { kind: 'code' } },
    { key: 'figure', title: 'Figure', format: text },
    { key: 'layer', title: 'Layer', format: { kind: 'code' } },
    { key: 'type', title: 'Type', format: text },
    { key: 'amount', title: 'Amount', format: text },
    { key: 'share', title: 'Share', format: { kind: 'percent', decimals: 1 } },
  ],
  rows: broken.flatMap((result) =>
    result.layers.map(({ name, type, value, share }, index) => ({
      model: index === 0 ? result.model : '',
      figure: index === 0 ? titleOf(result.limit) : '',
      layer: name,
      type,
      amount: amountText(result, value),
      share: result.limit.kind === 'operators' ? null : share,
    })),
  ),
  expendable: ['type'],
});

/** Paragraphs understand marks; a name of a file has none. */
const inlineName = (name: string): string => name.replace(/[`*[\]]/g, '');

const reasonBlocks = (results: readonly CheckedLimit[]): readonly Block[] => {
  const said = results.filter(({ status, reason }) => status !== 'holds' && reason !== '');
  const items = [
    ...new Set(said.map((result) => inlineName(`${result.model}, ${titleOf(result.limit)}: ${result.reason}`))),
  ];
  return items.length === 0 ? [] : [{ kind: 'list', ordered: false, items }];
};

/** Where something broke, what holds is only counted. */
export const budgetDocument = (report: BudgetReport): ReportDocument => {
  const broken = failures(report);
  const withLayers = broken.filter(({ layers }) => layers.length > 0);
  const rest = report.results.length - broken.length;
  const blocks: readonly Block[] =
    broken.length === 0
      ? [limitsTable(report.results, 'Limits'), ...reasonBlocks(report.results)]
      : [
          limitsTable(broken, 'Limits that do not hold'),
          ...reasonBlocks(broken),
          ...(withLayers.length === 0 ? [] : [layersTable(withLayers)]),
          ...(rest === 0
            ? []
            : [{ kind: 'paragraph', text: `${rest} other ${rest === 1 ? 'limit holds' : 'limits hold'}.` } as const]),
        ];
  return {
    title: `Budget ${inlineName(report.file)}`,
    subtitle: `${summaryText(report)}.`,
    facts: [],
    sections: [{ id: 'check', title: 'Check', blocks }],
  };
};
