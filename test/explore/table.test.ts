import { describe, expect, it } from 'vitest';
import { columnIndex, missingColumns, readTable, type Table } from '../../src/explore/table.ts';
import { patience } from '../patience.ts';

const tableOf = (text: string): Table => {
  const read = readTable(text);
  if (!read.ok) throw new Error(`${read.issue.code}: ${read.issue.message}`);
  return read;
};

const refusalOf = (text: string): { readonly code: string; readonly path: string } => {
  const read = readTable(text);
  if (read.ok) throw new Error('the table was read');
  return { code: read.issue.code, path: read.issue.path };
};

describe('readTable', () => {
  it('reads rows with the lines on which they stand', () => {
    expect(tableOf('a,b\n1,2\n3,4\n')).toEqual({
      ok: true,
      columns: ['a', 'b'],
      rows: [
        ['1', '2'],
        ['3', '4'],
      ],
      lines: [2, 3],
      issues: [],
    });
  });

  it.each([
    ['a byte order mark', '\uFEFFa,b\n1,2'],
    ['CRLF', 'a,b\r\n1,2\r\n'],
    ['CR alone', 'a,b\r1,2\r'],
    ['semicolons', 'a;b\n1;2\n'],
    ['tabs', 'a\tb\n1\t2\n'],
    ['quotes', '"a","b"\n"1","2"\n'],
    ['space around names', ' a , b \n1,2\n'],
    ['empty lines', '\n\na,b\n\n1,2\n\n,\n\n'],
  ])('reads a table with %s', (_, text) => {
    const { columns, rows, issues } = tableOf(text);
    expect({ columns, rows, issues }).toEqual({ columns: ['a', 'b'], rows: [['1', '2']], issues: [] });
  });

  it('takes separators and line breaks in quotes for text, and counts their lines', () => {
    const { rows, lines } = tableOf('a,b\r\n"x, ""y""","1\r\n2"\r\n3,4\r\n');
    expect(rows).toEqual([
      ['x, "y"', '1\n2'],
      ['3', '4'],
    ]);
    // The first row is on lines 2 and 3.
    expect(lines).toEqual([2, 4]);
  });

  it('separates by what the header has, whatever stands in its quotes', () => {
    expect(tableOf('"a,b,c";d\n1;2').columns).toEqual(['a,b,c', 'd']);
    expect(tableOf('a\n"1,5"\n2').rows).toEqual([['1,5'], ['2']]);
  });

  it('reports rows with too few or too many cells, and keeps them', () => {
    const { rows, issues } = tableOf('a,b\n1\n1,2\n1,2,3\n');
    expect(rows).toHaveLength(3);
    expect(issues.map(({ code, line }) => [code, line])).toEqual([
      ['field-count', 2],
      ['field-count', 4],
    ]);
    expect(issues[1]?.message).toContain('3 cells: expected 2');
  });

  it('reads a header without rows', () => {
    expect(tableOf('a,b\n')).toMatchObject({ columns: ['a', 'b'], rows: [] });
  });

  it('allows columns without a name, as an index has', () => {
    expect(tableOf(',a,\n0,1,\n').columns).toEqual(['', 'a', '']);
  });

  it.each([
    ['an empty file', '', 'empty-table', ''],
    ['blank lines', '\n \n,,\n', 'empty-table', ''],
    ['a NUL far below', `a,b\n${'1,2\n'.repeat(5_000)}\0`, 'binary-content', 'line 5002'],
    ['a ZIP archive', 'PK\u0003\u0004\u0014abc', 'binary-content', 'line 1'],
    ['UTF-16 read as UTF-8', 'a\0,\0b\0\n\0', 'binary-content', 'line 1'],
    ['two columns of one name', 'a,b,A\n1,2,3\n', 'duplicate-column', 'line 1, a'],
    ['a quote that does not end', 'a,b\n1,2\n"3,4\n5,6\n', 'malformed-quotes', 'line 3'],
    ['text after a quote', 'a,b\n"1"x,2\n', 'malformed-quotes', 'line 2'],
    [
      'a thousand columns and more',
      Array.from({ length: 1_001 }, (_, at) => `c${at}`).join(','),
      'too-many-columns',
      'line 1',
    ],
  ])('refuses %s', (_, text, code, path) => {
    expect(refusalOf(text)).toEqual({ code, path });
  });

  it('reads 100,000 rows in a second', () => {
    const text = `device,model,latency_ms\n${'rpi4,"mobilenet_v2",12.5\n'.repeat(100_000)}`;
    const started = performance.now();
    const { rows, lines } = tableOf(text);
    expect(performance.now() - started).toBeLessThan(patience(1_000));
    expect(rows).toHaveLength(100_000);
    expect(lines.at(-1)).toBe(100_001);
  });
});

describe('columns', () => {
  const table = tableOf('Device,Modell,LATENCY_MS\n');

  it('are found whatever their case', () => {
    expect(columnIndex(table, 'latency_ms')).toBe(2);
    expect(columnIndex(table, 'batch')).toBe(-1);
    expect(missingColumns(table, ['device'])).toBeUndefined();
  });

  it('that are missing are named, with what was found and what is near', () => {
    expect(missingColumns(table, ['device', 'model'])).toEqual({
      code: 'missing-column',
      path: 'model',
      message: 'no column model: found Device, Modell, LATENCY_MS; did you mean Modell?',
    });
  });
});
