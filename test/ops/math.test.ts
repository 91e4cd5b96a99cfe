/** math.ts and comparison.ts. */
import { describe, expect, it } from 'vitest';
import { multiply, subtract, symbol } from '../../src/units/integer.ts';
import { known, valuesOf } from './followed-values.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const FEATURE = [N, 4, 5, 5];
const H = symbol('H');
const W = symbol('W');

describe('functions of one number', () => {
  it.each(['Abs', 'Neg', 'Ceil', 'Floor', 'Round', 'Sign'])('%s is one operation', (type) => {
    const { shape, work, class: kind } = runOperator(type, [FEATURE]);
    expect(shape).toEqual(FEATURE);
    expect(work).toMatchObject({ flops: perItem(100), transcendentals: perItem(0), treatment: { kind: 'costed' } });
    expect(kind).toBe('elementwise');
  });

  it.each('Sqrt Reciprocal Exp Log Erf Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh'.split(' '))(
    '%s is one transcendental operation',
    (type) => {
      expect(runOperator(type, [FEATURE]).work).toMatchObject({ flops: perItem(100), transcendentals: perItem(100) });
    },
  );

  it('follow numbers', () => {
    const values = (type: string, ...numbers: number[]) => valuesOf(type, [known(numbers, 'fp32')]);
    expect(values('Abs', -2.5, 3)).toEqual([2.5, 3]);
    expect(values('Floor', 2.75, -2.25)).toEqual([2, -3]);
    expect(values('Ceil', 2.25, -2.75)).toEqual([3, -2]);
    // Halves go to the even neighbour.
    expect(values('Round', 0.9, 2.5, 1.5, -4.5, -0.75)).toEqual([1, 2, 2, -4, -1]);
    expect(values('Sign', -7, 0, 2)).toEqual([-1, 0, 1]);
    expect(values('Sqrt', 64)).toEqual([8]);
    expect(values('Reciprocal', 4)).toEqual([0.25]);
    expect(values('Exp', 0)).toEqual([1]);
    expect(values('Log', 1)).toEqual([0]);
    expect(values('Neg', 2)).toEqual([-2]);
    expect(valuesOf('Neg', [known([0])])).toEqual([0]);
  });

  it('follow open dimensions where they stay whole', () => {
    for (const type of ['Abs', 'Floor', 'Ceil', 'Round']) expect(valuesOf(type, [known([H])])).toEqual([H]);
    expect(valuesOf('Neg', [known([H])])).toEqual([multiply(H, -1)]);
    expect(valuesOf('Sign', [known([H])])).toEqual([1]);
    expect(valuesOf('Sign', [known([subtract(H, 3)])])).toBeUndefined();
    expect(valuesOf('Sqrt', [known([H], 'fp32')])).toBeUndefined();
  });
});

describe('comparisons', () => {
  it.each(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'])('%s gives bool', (type) => {
    const { shape, work, outputs } = runOperator(type, [FEATURE, [4, 1, 1]]);
    expect(shape).toEqual(FEATURE);
    expect(outputs[0]?.dtype).toBe('bool');
    expect(work.flops).toEqual(perItem(100));
  });

  it('of numbers', () => {
    const pair = [known([1, 2, 3]), known([2])];
    expect(valuesOf('Equal', pair)).toEqual([0, 1, 0]);
    expect(valuesOf('Greater', pair)).toEqual([0, 0, 1]);
    expect(valuesOf('GreaterOrEqual', pair)).toEqual([0, 1, 1]);
    expect(valuesOf('Less', pair)).toEqual([1, 0, 0]);
    expect(valuesOf('LessOrEqual', pair)).toEqual([1, 1, 0]);
    const nan = [known([Number.NaN], 'fp32'), known([1], 'fp32')];
    for (const type of ['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual']) {
      expect(valuesOf(type, nan)).toEqual([0]);
    }
  });

  it('of open dimensions, where all extents of at least 1 agree', () => {
    // The question that exporters ask before Expand: is this extent the -1 that stands for "keep"?
    expect(valuesOf('Equal', [known([H]), known([-1])])).toEqual([0]);
    expect(valuesOf('Equal', [known([H]), known([H])])).toEqual([1]);
    expect(valuesOf('Equal', [known([H]), known([1])])).toBeUndefined();
    expect(valuesOf('Greater', [known([H]), known([0])])).toEqual([1]);
    expect(valuesOf('GreaterOrEqual', [known([H]), known([1])])).toEqual([1]);
    expect(valuesOf('Less', [known([H]), known([1])])).toEqual([0]);
    expect(valuesOf('LessOrEqual', [known([H]), known([W])])).toBeUndefined();
    expect(valuesOf('Less', [known([H]), known([Infinity])])).toEqual([1]);
    expect(valuesOf('Greater', [known([H], 'fp32'), known([0.5], 'fp32')])).toEqual([1]);
  });

  it('up to opset 6 at an axis', () => {
    expect(runOperator('Greater', [FEATURE, [4]], { broadcast: 1, axis: 1 }, { opset: 1 }).shape).toEqual(FEATURE);
  });
});

describe('IsNaN and IsInf', () => {
  const odd = known([Infinity, -Infinity, Number.NaN, 1], 'fp32');

  it('give bool', () => {
    expect(runOperator('IsNaN', [odd]).outputs[0]).toEqual({ shape: [4], dtype: 'bool', values: [0, 0, 1, 0] });
    expect(valuesOf('IsInf', [odd])).toEqual([1, 1, 0, 0]);
    expect(valuesOf('IsInf', [odd], { detect_positive: 0 })).toEqual([0, 1, 0, 0]);
    expect(runOperator('IsNaN', [FEATURE]).work.flops).toEqual(perItem(100));
  });

  it('IsInf compares once for each infinity', () => {
    expect(runOperator('IsInf', [FEATURE]).work.flops).toEqual(perItem(200));
    expect(runOperator('IsInf', [FEATURE], { detect_negative: 0 }).work.flops).toEqual(perItem(100));
    expect(runOperator('IsInf', [FEATURE], { detect_negative: 0, detect_positive: 0 }).work.treatment.kind).toBe(
      'free',
    );
  });
});
