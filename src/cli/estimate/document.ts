/** `assay estimate` as a document: the table of cells, kernels with --layers, the trace with --explain. */

import type { Block, ReportDocument, WhatIf } from '../../index.ts';
import { coverage, formatNumber, formatPercent, formatSI, OPERATOR_CLASS_TITLES } from '../../index.ts';
import { shownWarnings, typeOf } from '../analyze/warnings.ts';
import type { FlexibleTable } from '../render/table.ts';
import { type EstimateCell, modelWarnings } from './cells.ts';
import { allLaunches, type Explanation } from './explain.ts';
import type { ExplainedTerm } from './explain-kernel.ts';
import { cellTitle, kernelTable } from './kernels.ts';
import { machinesOf, precisionNotes, ranText } from './precisions.ts';
import { estimateRemarks } from './remarks.ts';
import { estimateTable } from './rows.ts';
import { whatIfBlocks } from './what-if.ts';

const distinct = (values: readonly (string | number)[]): string => [...new Set(values)].join(', ');

/** Where the constants of each device, runtime and precision come from, once each. */
const calibrationList = (cells: readonly EstimateCell[]): Block => {
  const machines = cells.flatMap((cell) => machinesOf(cell).map((machine) => ({ target: cell.target, machine })));
  const lines = machines.map(({ target, machine: { calibration, precision } }) => {
    const measured =
      calibration.kind === 'calibrated' ? `calibrated on ${calibration.id}` : `uncalibrated (${calibration.id})`;
    const interval = `${formatPercent(calibration.interval.level, 0)} interval ${formatNumber(calibration.interval.low)} to ${formatNumber(calibration.interval.high)} times`;
    const status = target.device.status === 'hypothetical' ? 'hypothetical device, ' : '';
    return `**${target.device.id}** ${precision}, ${target.runtime.id}: ${status}${measured}, ${interval}`;
  });
  return { kind: 'list', ordered: false, items: [...new Set(lines)] };
};

/** Where operators have no known cost, said once for each model. */
const lowerBounds = (cells: readonly EstimateCell[]): readonly Block[] => {
  const partial = new Map(cells.map(({ compiled }) => [compiled, coverage(compiled.analyzed)] as const));
  return [...partial]
    .filter(([, { status }]) => status === 'partial')
    .map(([{ variant }, { unknown }]): Block => {
      const missing = unknown.map((tally) => `${tally.count} × ${typeOf(tally)}`).join(', ');
      const text = `Lower bound: the cost of ${missing} in ${variant.name} is not known, and left out.`;
      return { kind: 'callout', tone: 'warning', text };
    });
};

const warningList = (cells: readonly EstimateCell[]): readonly Block[] => {
  const items = shownWarnings([
    ...modelWarnings(cells).filter(({ code }) => code !== 'unknown-operator'),
    ...estimateRemarks(cells),
  ]);
  return items.length === 0 ? [] : [{ kind: 'list', ordered: false, items }];
};

const precisionCallouts = (cells: readonly EstimateCell[], isAsked: boolean): readonly Block[] =>
  precisionNotes(cells, isAsked).map(({ message }): Block => ({ kind: 'callout', tone: 'note', text: `${message}.` }));

const termRows = (terms: readonly ExplainedTerm[]) =>
  terms.map(({ name, formula, value, unit }) => ({ name, formula, value: formatSI(value, unit, 4) }));

const termColumns: FlexibleTable['columns'] = [
  { key: 'name', title: 'Term', format: { kind: 'text' } },
  { key: 'value', title: 'Value', format: { kind: 'text' } },
  { key: 'formula', title: 'From', format: { kind: 'text' } },
];

const explanationBlocks = ({ cell, terms, constants, figures, kernels }: Explanation): readonly Block[] => {
  const tables: readonly FlexibleTable[] = [
    {
      kind: 'table',
      id: 'terms',
      caption: `Latency of ${cellTitle(cell)}`,
      columns: termColumns,
      rows: termRows(terms),
    },
    ...constants.map(
      ({ calibration, precisions, values }, index): FlexibleTable => ({
        kind: 'table',
        id: index === 0 ? 'constants' : `constants-${index + 1}`,
        caption: `Constants${constants.length > 1 ? ` of ${precisions.join(' and ')}` : ''}: ${calibration.id}, ${calibration.kind === 'calibrated' ? 'fitted to measurements' : 'not fitted to this device'}`,
        columns: [
          { key: 'name', title: 'Constant', format: { kind: 'code' } },
          { key: 'value', title: 'Value', format: { kind: 'text' } },
        ],
        rows: values.map(({ name, value, unit }) => ({
          name,
          value: unit === '' ? String(value) : formatSI(value, unit),
        })),
        notes: [`Source: ${calibration.source}`],
      }),
    ),
    {
      kind: 'table',
      id: 'figures',
      caption: `Figures of ${cell.target.device.name}${cell.target.device.status === 'hypothetical' ? ' (hypothetical)' : ''}`,
      columns: [
        { key: 'name', title: 'Figure', format: { kind: 'text' } },
        { key: 'value', title: 'Value', format: { kind: 'text' } },
        { key: 'confidence', title: 'Confidence', format: { kind: 'text' } },
        { key: 'source', title: 'Source', format: { kind: 'text' } },
      ],
      rows: figures.map(({ name, value, unit, confidence, source }) => ({
        name,
        value: formatSI(value, unit, 4),
        confidence,
        source,
      })),
    },
    ...kernels.map(
      ({ row, steps }, index): FlexibleTable => ({
        kind: 'table',
        id: `kernel-${index + 1}`,
        caption: `${index + 1}. ${row.name}: ${OPERATOR_CLASS_TITLES[row.class]}, ${row.precision}, ${formatPercent(allLaunches(row) / cell.estimate.unstretchedSeconds)} of the latency before the cap, bound by ${row.bound}`,
        columns: termColumns,
        rows: termRows(steps),
      }),
    ),
  ];
  return tables;
};

export interface EstimateDocumentOptions {
  readonly layers: boolean;
  /** A precision was asked for. */
  readonly isPrecisionAsked: boolean;
  readonly explanation: Explanation | undefined;
  /** The cliffs around the only cell. */
  readonly whatIf: WhatIf | undefined;
}

export const estimateDocument = (
  cells: readonly EstimateCell[],
  { layers, explanation, whatIf, isPrecisionAsked }: EstimateDocumentOptions,
): ReportDocument => ({
  title: 'Estimates',
  subtitle: '',
  facts: [
    { name: 'Resolution', value: distinct(cells.map(({ compiled }) => compiled.resolution ?? '–')) },
    { name: 'Batch', value: distinct(cells.map(({ batch }) => batch)) },
    { name: 'Precision', value: distinct(cells.map(ranText)) },
    { name: 'Runtime', value: distinct(cells.map(({ target }) => target.runtime.id)) },
  ],
  sections: [
    {
      id: 'estimates',
      title: 'Estimates',
      blocks: [
        estimateTable(cells),
        ...lowerBounds(cells),
        ...warningList(cells),
        ...precisionCallouts(cells, isPrecisionAsked),
        calibrationList(cells),
      ],
    },
    ...(whatIf === undefined
      ? []
      : cells.map((cell) => ({ id: 'what-if', title: 'What if', blocks: whatIfBlocks(cell, whatIf) }))),
    ...(layers ? [{ id: 'kernels', title: 'Kernels', blocks: cells.map(kernelTable) }] : []),
    ...(explanation === undefined
      ? []
      : [{ id: 'explanation', title: 'Explanation', blocks: explanationBlocks(explanation) }]),
  ],
});
