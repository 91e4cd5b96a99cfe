import { allOperators, type OperatorDefinition } from '../../index.ts';
import type { Command } from '../command.ts';
import { addOutputOptions, type OutputOptions, outputFor, type Result } from '../output.ts';
import type { FlexibleTable } from '../render/table.ts';

/** Operators whose class depends on their loops: a convolution may be dense, depthwise or pointwise. */
const FROM_LOOPS = 'by its loops';

const rowOf = ({ type, domain, since, table, class: name, fusion, summary, specification }: OperatorDefinition) => ({
  operator: domain === '' ? type : `${domain}.${type}`,
  opsets: since.join(', '),
  shape: table.shape,
  work: table.work,
  notes: table.notes ?? '',
  class: name ?? FROM_LOOPS,
  fusion,
  summary,
  specification,
});

const operators = (): readonly OperatorDefinition[] =>
  allOperators.toSorted((a, b) => (`${a.domain}.${a.type}` < `${b.domain}.${b.type}` ? -1 : 1));

const operatorTable = (): FlexibleTable => ({
  kind: 'table',
  id: 'operators',
  caption: 'Operators whose shape and cost are known',
  columns: [
    { key: 'operator', title: 'Operator', format: { kind: 'code' } },
    { key: 'opsets', title: 'Opsets', format: { kind: 'text' } },
    { key: 'shape', title: 'Shape', format: { kind: 'text' } },
    { key: 'work', title: 'Work', format: { kind: 'text' } },
    { key: 'notes', title: 'Notes', format: { kind: 'text' } },
    { key: 'class', title: 'Class', format: { kind: 'text' } },
    { key: 'fusion', title: 'Fusion', format: { kind: 'text' } },
    { key: 'summary', title: 'Summary', format: { kind: 'text' } },
  ],
  rows: operators().map(rowOf),
  expendable: ['summary', 'fusion', 'class'],
  lastResort: ['opsets'],
});

const result: Result = {
  json: () => ({
    schema: 'assay.ops/1',
    operators: operators().map(({ type, domain, since, table, class: name, fusion, summary, specification }) => ({
      type,
      domain,
      opsets: since,
      shape: table.shape,
      work: table.work,
      notes: table.notes ?? null,
      class: name ?? null,
      fusion,
      summary,
      specification,
    })),
  }),
  document: () => ({
    title: `${allOperators.length} operators`,
    subtitle: '',
    facts: [],
    sections: [{ id: 'operators', title: 'Operators', blocks: [operatorTable()] }],
  }),
  csv: () => ({
    columns: ['operator', 'opsets', 'shape', 'work', 'notes', 'class', 'fusion', 'summary', 'specification'],
    rows: operators().map(rowOf),
  }),
};

export const command: Command = {
  summary: 'the operators whose shape and cost are known',
  configure: (commander, session) => {
    addOutputOptions(commander).action(async (options: OutputOptions) => {
      const deliver = outputFor(session, options);
      await deliver(result);
    });
  },
};
