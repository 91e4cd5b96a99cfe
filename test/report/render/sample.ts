import type { Block, ColumnFormat, ReportDocument, TableBlock } from '../../../src/report/blocks.ts';

/** What somebody could name a model to break a page or a table. */
export const HOSTILE = `<img src=x onerror="alert(1)">'"|*a*_b_\`c\`&lt;[x](javascript:alert(1))`;

const FORMATS: Readonly<Record<ColumnFormat['kind'], ColumnFormat>> = {
  text: { kind: 'text' },
  code: { kind: 'code' },
  integer: { kind: 'integer' },
  number: { kind: 'number', digits: 3, scale: 1e-3 },
  fixed: { kind: 'fixed', decimals: 2, scale: 1e-3 },
  percent: { kind: 'percent', decimals: 1 },
  ratio: { kind: 'ratio', digits: 3 },
  verdict: { kind: 'verdict' },
};

/** One column of each format. */
export const everyFormat: TableBlock = {
  kind: 'table',
  id: 'every',
  caption: 'Every *format*',
  columns: [
    { key: 'name', title: 'Name', format: FORMATS.code },
    { key: 'bound', title: 'Bound', format: FORMATS.text },
    { key: 'params', title: 'Parameters', format: FORMATS.integer },
    { key: 'latency', title: 'Latency', unit: 'ms', format: FORMATS.number, description: 'The median.' },
    { key: 'energy', title: 'Energy', unit: 'mJ', format: FORMATS.fixed },
    { key: 'share', title: 'Share', unit: '%', format: FORMATS.percent },
    { key: 'speed', title: 'Speed-up', format: FORMATS.ratio },
    { key: 'ok', title: 'Budget', format: FORMATS.verdict },
  ],
  rows: [
    {
      name: 'a_b',
      bound: 'memory',
      params: 3504872,
      latency: 0.0054,
      energy: 0.0123,
      share: 0.0752,
      speed: 1.84,
      ok: true,
    },
    {
      name: 'c|d',
      bound: 'compute',
      params: null,
      latency: null,
      energy: null,
      share: null,
      speed: null,
      ok: false,
    },
  ],
  emphasized: [0],
  notes: ['See [the text](#first).'],
};

export const documentOf = (...blocks: readonly Block[]): ReportDocument => ({
  title: 'Title',
  subtitle: '',
  facts: [],
  sections: [{ id: 'only', title: 'Only', blocks }],
});

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><rect width="5" height="5"/></svg>';

/** Every kind of block, twice-used titles and ids, and hostile text wherever text can stand. */
export const everything: ReportDocument = {
  title: `Study ${HOSTILE}`,
  subtitle: HOSTILE,
  facts: [{ name: HOSTILE, value: HOSTILE }],
  sections: [
    {
      id: 'first',
      title: 'Latency',
      blocks: [
        { kind: 'paragraph', text: `Go to [all](#every), [nothing](#nowhere). ${HOSTILE}` },
        { kind: 'heading', level: 3, text: 'Latency' },
        { kind: 'heading', level: 4, text: HOSTILE },
        { kind: 'list', ordered: true, items: ['one', HOSTILE] },
        { kind: 'list', ordered: false, items: ['one', HOSTILE] },
        { kind: 'callout', tone: 'note', text: HOSTILE },
        { kind: 'callout', tone: 'warning', text: 'Careful.' },
        { kind: 'callout', tone: 'finding', text: 'Found.' },
        everyFormat,
      ],
    },
    {
      id: 'first',
      title: 'Latency',
      blocks: [
        { kind: 'chart', id: 'every', title: HOSTILE, alternative: HOSTILE, svg, caption: HOSTILE },
        { kind: 'chart', id: HOSTILE, title: 'Second.', alternative: 'A square.', svg },
        { kind: 'definitions', entries: [{ term: HOSTILE, text: HOSTILE }] },
        {
          kind: 'table',
          id: HOSTILE,
          caption: HOSTILE,
          columns: [
            { key: 'a', title: HOSTILE, unit: HOSTILE, format: { kind: 'text' }, description: HOSTILE },
            { key: 'b', title: 'B', format: { kind: 'code' } },
          ],
          rows: [{ a: HOSTILE, b: HOSTILE }],
          notes: [HOSTILE],
        },
      ],
    },
    { id: `x" onload="alert(1)`, title: HOSTILE, blocks: [] },
    { id: 'main', title: 'Contents', blocks: [] },
  ],
};
