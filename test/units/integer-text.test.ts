import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  evaluate,
  floorDivide,
  type Integer,
  isExpression,
  multiply,
  sum,
  symbol,
} from '../../src/units/integer.ts';
import { formatInteger, parseInteger } from '../../src/units/integer-text.ts';
import { calculation, direct, NAMES, symbolic } from './integer-calculations.ts';

const BINDINGS = [1, 2, 7, 30].map((start) => new Map(NAMES.map((name, index) => [name, start + 5 * index])));

const read = (text: string): string | undefined => {
  const value = parseInteger(text);
  return value === undefined ? undefined : formatInteger(value);
};

describe('writing', () => {
  it.each([
    [symbol('N'), 'N'],
    [12, '12'],
    [-3, '-3'],
    [add(multiply(symbol('S'), 2), 1), '2*S + 1'],
    [floorDivide(add(symbol('H'), 1), 2), 'floor((H + 1)/2)'],
    [add(1, multiply(symbol('N'), -1)), '1 - N'],
    [add(-1, multiply(symbol('N'), -1)), '-N - 1'],
    [multiply(floorDivide(symbol('H'), 2), floorDivide(symbol('H'), 2)), 'floor(H/2)^2'],
    [floorDivide(symbol('H'), multiply(symbol('W'), symbol('W'))), 'floor(H/(W^2))'],
    [symbol('any name'), 'any name'],
    [add(symbol('any name'), 1), '"any name" + 1'],
  ])('%s is %s', (value, text) => {
    expect(formatInteger(value)).toBe(text);
  });
});

describe('reading what exporters write', () => {
  it.each([
    ['batch', 'batch'],
    ['unk__12', 'unk__12'],
    ['past_sequence_length + 1', 'past_sequence_length + 1'],
    ['2*s1 + 1', '2*s1 + 1'],
    ['s77//2', 'floor(s77/2)'],
    ['((s0)//(s1))', 'floor(s0/s1)'],
    ['-5//2', '-3'],
    ['floor(H/2 - 1/2) + 1', 'floor((H + 1)/2)'],
    ['floor((H - 1)/2) + 1', 'floor((H + 1)/2)'],
    ['floor(0.5*H)', 'floor(H/2)'],
    ['floor(2.0*H)', '2*H'],
    ['ceil(H/2)', 'floor((H + 1)/2)'],
    ['ceiling(H/2 + 1/2)', 'floor(H/2) + 1'],
    ['floor(H/W/2)', 'floor(H/(2*W))'],
    ['Max(1, s0)', 's0'],
    ['max(a, b, 3)', 'max(a, b, 3)'],
    ['Min(s0, 512)', 'min(s0, 512)'],
    ['Mod(s0, 8)', 's0 - 8*floor(s0/8)'],
    ['s0 % 8', 's0 - 8*floor(s0/8)'],
    ['FloorDiv(s0, 2)', 'floor(s0/2)'],
    ['CeilDiv(s0, 2)', 'floor((s0 + 1)/2)'],
    ['-x', '-x'],
    ['--x', 'x'],
    ['3 - -x', 'x + 3'],
    ['-x**2', '-x^2'],
    ['2**3**2', '512'],
    ['x ^ 2', 'x^2'],
    ['4*H/2', '2*H'],
    ['(H*W + H)/(W + 1)', 'H'],
    ['a.b:c[0] + 1', 'a.b:c[0] + 1'],
    ['größe*2', '2*größe'],
    ['系列長 + 1', '系列長 + 1'],
    ['"any name" + 1', '"any name" + 1'],
    ['max*2', '2*max'],
    ['  17 ', '17'],
  ])('%s', (text, meaning) => {
    expect(read(text)).toBe(meaning);
  });

  it.each([
    '',
    ' ',
    '?',
    'a b',
    '2x',
    '1e5',
    'a +',
    '(a',
    'a)',
    'a,b',
    'H/2',
    '0.5',
    '0.5*H',
    'max(H/2, 1)',
    'floor(max(H/2, 1))',
    'max()',
    'floor(a, b)',
    'Mod(a)',
    'sin(a)',
    'a//0',
    'a/0',
    '1/(b - b)',
    'a % 0',
    'x**-1',
    'x**y',
    'x**65',
    '2**60',
    '9007199254740992',
    '[a + b]',
    'a[0',
    '"a',
    '"\\x"',
    'a $ b',
    'a\0b',
  ])('%s is none', (text) => {
    expect(parseInteger(text)).toBeUndefined();
  });

  it('is bounded', () => {
    const nest = (depth: number): string => `${'('.repeat(depth)}a${')'.repeat(depth)}`;
    expect(read(nest(50))).toBe('a');
    expect(parseInteger(nest(51))).toBeUndefined();
    expect(parseInteger(`${'-'.repeat(51)}a`)).toBeUndefined();
    expect(parseInteger('a'.repeat(1_000))).toBeDefined();
    expect(parseInteger('a'.repeat(1_001))).toBeUndefined();
    expect(parseInteger('['.repeat(1_000))).toBeUndefined();
    expect(parseInteger(Array.from({ length: 16 }, () => '(a+b+c+d+e+f+g+h+i+j)^9').join('*'))).toBeUndefined();
  });

  it('reads back what is written', () => {
    fc.assert(
      fc.property(calculation, (wanted) => {
        const value = symbolic(wanted);
        if (value === undefined) return;
        const text = formatInteger(value);
        if (text.length > 1_000) return;
        // Read in the order of the text, terms may meet that did not before: the same value, perhaps in fewer terms.
        for (const written of isExpression(value) ? [text, value.key] : [text]) {
          const read = parseInteger(written) as Integer;
          for (const bindings of BINDINGS) {
            if (direct(wanted, bindings) === undefined) continue;
            expect(evaluate(read, bindings)).toBe(evaluate(value, bindings));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('reads back symbols of any name, inside an expression', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40, unit: 'binary' }), fc.string({ maxLength: 40 }), (one, two) => {
        const value = sum([multiply(symbol(one), symbol(two)), symbol(one), 1]);
        expect(parseInteger(formatInteger(value))).toEqual(value);
      }),
      { numRuns: 200 },
    );
  });

  it('takes any text', () => {
    const piece = fc.constantFrom(
      'a',
      'b1',
      '2',
      '+',
      '-',
      '*',
      '/',
      '//',
      '**',
      '(',
      ')',
      'floor(',
      'max(',
      ',',
      ' ',
      '%',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          const value = parseInteger(text);
          if (value !== undefined && isExpression(value)) expect(value.terms.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });
});
