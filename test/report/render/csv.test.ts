import { describe, expect, it } from 'vitest';
import type { CellValue } from '../../../src/report/blocks.ts';
import { renderCsv } from '../../../src/report/render/render.ts';

const one = (value: CellValue): string => renderCsv(['a', 'b'], [{ a: value, b: 1 }]).split('a,b\n')[1] ?? '';

describe('renderCsv', () => {
  it('writes a header and a line per row, in the order of the columns', () => {
    const rows = [{ b: 2, a: 'x', c: 'left out' }, { a: 'y' }];
    expect(renderCsv(['a', 'b'], rows)).toBe('a,b\nx,2\ny,\n');
    expect(renderCsv(['a', 'b'], [])).toBe('a,b\n');
  });

  it.each([
    ['plain text', 'plain text,1\n'],
    ['a,b', '"a,b",1\n'],
    ['say "x"', '"say ""x""",1\n'],
    ['two\nlines', '"two\nlines",1\n'],
    ['a\rb', '"a\rb",1\n'],
    [null, ',1\n'],
    [Number.NaN, ',1\n'],
    [Number.POSITIVE_INFINITY, ',1\n'],
    [true, 'true,1\n'],
    [0, '0,1\n'],
    [-5.25, '-5.25,1\n'],
    [0.1 + 0.2, '0.3,1\n'],
    [1 / 3, '0.333333333,1\n'],
    // Counts stay exact beyond nine digits.
    [4089284608, '4089284608,1\n'],
  ])('%j', (value, expected) => {
    expect(one(value)).toBe(expected);
  });

  it.each([
    ['=1+2', `'=1+2,1\n`],
    ['+cmd', `'+cmd,1\n`],
    ['-x', `'-x,1\n`],
    ['@SUM(A1)', `'@SUM(A1),1\n`],
    ['=A1,"x"', `"'=A1,""x""",1\n`],
    ['\t=1', `'\t=1,1\n`],
    ['-5', '-5,1\n'],
    ['+1.5e-3', '+1.5e-3,1\n'],
    ['-5+A1', `'-5+A1,1\n`],
  ])('guards a spreadsheet against %j', (value, expected) => {
    expect(one(value)).toBe(expected);
  });

  it('guards and quotes headers, and writes no empty line', () => {
    expect(renderCsv(['=a', 'b,c'], [])).toBe(`'=a,"b,c"\n`);
    expect(renderCsv(['a'], [{ a: null }, { a: 1 }])).toBe('a\n""\n1\n');
  });
});
