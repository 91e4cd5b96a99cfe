import pc from 'picocolors';
import { describe, expect, it } from 'vitest';
import { type FlexibleTable, renderTable, wrapText } from '../../src/cli/render/table.ts';

const colors = pc.createColors(false);

const table: FlexibleTable = {
  kind: 'table',
  id: 't',
  caption: '',
  columns: [
    { key: 'name', title: 'Name', format: { kind: 'code' } },
    { key: 'time', title: 'Time', unit: 'ms', format: { kind: 'number', digits: 3, scale: 1e-3 } },
    { key: 'note', title: 'Note', format: { kind: 'text' } },
  ],
  rows: [
    { name: 'first', time: 0.0054, note: 'short' },
    { name: 'second', time: null, note: 'a note of some length that has to be wrapped where it is narrow' },
  ],
};

describe('renderTable', () => {
  it('puts units under titles, numbers to the right, a dash for what is not known', () => {
    expect(renderTable({ ...table, rows: table.rows.slice(0, 1) }, { width: 100, colors })).toBe(
      ['Name   Time  Note', '       (ms)', 'first  5.40  short'].join('\n'),
    );
    expect(renderTable(table, { width: 100, colors })).toMatch(/^second {5}– {2}a note/m);
  });

  it('wraps text that is too wide and loses none of it', () => {
    const text = renderTable(table, { width: 40, colors });
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
    expect(text.replace(/\s+/g, ' ')).toContain('narrow');
  });

  it('leaves out expendable columns first, and says which', () => {
    const text = renderTable({ ...table, expendable: ['note'] }, { width: 40, colors });
    expect(text).not.toContain('wrapped');
    expect(text).toContain('Not shown at 40 columns: note.');
  });
});

describe('wrapText', () => {
  it('breaks at spaces and cuts only words that are longer than a line', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrapText('', 4)).toEqual(['']);
  });
});
