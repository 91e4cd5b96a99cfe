/** Markdown, HTML and CSV to tables and texts with their lines. */
import { describe, expect, it } from 'vitest';
import { readSource, sourceFormatOf } from '../../src/audit/api.ts';
import type { SourceBlock } from '../../src/audit/source.ts';
import { patience } from '../patience.ts';

const blocksOf = (text: string, format: 'markdown' | 'html' | 'csv'): readonly SourceBlock[] => {
  const read = readSource(text, format);
  if (!read.ok) throw new Error(read.message);
  return read.document.blocks;
};

describe('Markdown', () => {
  it('keeps lines, headings, cells and lists', () => {
    const blocks = blocksOf(
      [
        '# A',
        '',
        'One **bold**',
        'two.',
        '',
        '## B',
        '',
        '| M | x \\| y |',
        '|---|---:|',
        '| `a` | 1 |',
        '',
        '- item',
        '- other',
        '',
        '```',
        'Total: 3',
        '```',
      ].join('\n'),
      'markdown',
    );
    expect(blocks.map(({ kind, line }) => [kind, line])).toEqual([
      ['text', 3],
      ['table', 8],
      ['text', 12],
      ['text', 13],
      ['text', 16],
    ]);
    const [text, table, item, other] = blocks;
    expect(text).toMatchObject({ text: 'One bold\ntwo.' });
    expect(table).toMatchObject({ headers: ['M', 'x | y'], rows: [{ line: 10, cells: ['a', '1'] }] });
    expect(table?.headings.map((heading) => heading.text)).toEqual(['A', 'B']);
    expect([item, other].map((block) => block?.kind === 'text' && block.list)).toEqual([1, 1]);
  });
});

describe('HTML', () => {
  it('reads text and tables, and nothing of scripts and pictures', () => {
    const blocks = blocksOf(
      `<h2>Speed</h2>\n<script>alert("9 ms")</script><style>x{}</style>\n<p>It takes <b>3 ms</b>.</p>\n<table><tr><th>Model</th><th>Latency (ms)</th></tr>\n<tr><td>a &amp; b<td>4</tr></table><svg><text>7 ms</text></svg>`,
      'html',
    );
    expect(blocks).toMatchObject([
      { kind: 'text', text: 'It takes 3 ms.', line: 3, headings: [{ text: 'Speed' }] },
      { kind: 'table', line: 4, headers: ['Model', 'Latency (ms)'], rows: [{ line: 5, cells: ['a & b', '4'] }] },
    ]);
  });

  it('takes the first row for the header where no cell says so', () => {
    expect(blocksOf('<table><tr><td>Model<td>ms<tr><td>x<td>1</table>', 'html')).toMatchObject([
      { headers: ['Model', 'ms'], rows: [{ cells: ['x', '1'] }] },
    ]);
  });
});

describe('formats', () => {
  it('follow the ending, else the text', () => {
    expect(sourceFormatOf('.htm', '')).toBe('html');
    expect(sourceFormatOf('', '<!doctype html><p>')).toBe('html');
    expect(sourceFormatOf('', '# A report')).toBe('markdown');
    expect(sourceFormatOf('.CSV', '')).toBe('csv');
  });

  it('refuse a page that is nested beyond measure', () => {
    expect(readSource('<b>'.repeat(5000), 'html')).toMatchObject({ ok: false, code: 'too-deep' });
    expect(readSource(`<table>${'<tr><td>1 ms</td></tr>'.repeat(5000)}</table>`, 'html').ok).toBe(true);
  });

  it('are read in time that is linear in the text', () => {
    const started = performance.now();
    for (const part of [
      '>',
      '*',
      '[',
      '|',
      '| a ',
      '#',
      '`',
      '- ',
      '<b>',
      '<table><tr><td>',
      '&',
      '<!--',
      '![',
      '**a',
    ]) {
      readSource(part.repeat(100_000), 'markdown');
      readSource(part.repeat(100_000), 'html');
      readSource(`${part.repeat(50)}\n`.repeat(2000), 'markdown');
    }
    expect(performance.now() - started).toBeLessThan(patience(3000));
  });
});
