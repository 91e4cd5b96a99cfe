/** arithmetic.ts, variadic.ts, where.ts, bitwise.ts and logic.ts: operators whose operands broadcast. */
import { describe, expect, it } from 'vitest';
import { add, floorDivide, modulo, multiply, subtract, symbol } from '../../src/units/integer.ts';
import { known, valuesOf } from './followed-values.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const FEATURE = [N, 4, 5, 5];
const H = symbol('H');
const W = symbol('W');

describe('binary arithmetic', () => {
  it.each([
    ['Sub', 1, 0],
    ['Div', 1, 1],
    ['Mod', 4, 1], // divide, floor, multiply, subtract
    ['Pow', 1, 1],
  ])('%s: %d operations an output element, %d of them transcendental', (type, flops, transcendentals) => {
    const { shape, work } = runOperator(type, [FEATURE, [4, 1, 1]]);
    expect(shape).toEqual(FEATURE);
    expect(work.flops).toEqual(perItem(flops * 100));
    expect(work.transcendentals).toEqual(perItem(transcendentals * 100));
  });

  it('a square is one product, a cube two; a root is transcendental', () => {
    const power = (exponent: number) =>
      runOperator('Pow', [FEATURE, { shape: [], dtype: 'fp32', values: [exponent] }]).work;
    expect(power(2)).toMatchObject({ flops: perItem(100), transcendentals: perItem(0) });
    expect(power(3)).toMatchObject({ flops: perItem(200), transcendentals: perItem(0) });
    expect(power(0.5)).toMatchObject({ flops: perItem(100), transcendentals: perItem(100) });
  });

  it('up to opset 6 the second operand stands at an axis of the first', () => {
    // 4 channels at axis 1 of N x 4 x 5 x 5.
    expect(runOperator('Sub', [FEATURE, [4]], { broadcast: 1, axis: 1 }, { opset: 6 }).shape).toEqual(FEATURE);
    expect(() => runOperator('Sub', [FEATURE, [4]])).toThrow(/do not broadcast/);
    expect(() => runOperator('Sub', [FEATURE, [5, 5]], { axis: 3 }, { opset: 6 })).toThrow(/5×5 at axis 3/);
  });

  it('follows numbers; integers are divided toward zero', () => {
    expect(valuesOf('Sub', [known([7, 1]), known([2])])).toEqual([5, -1]);
    expect(valuesOf('Div', [known([7, -7]), known([2])])).toEqual([3, -3]);
    expect(valuesOf('Div', [known([7], 'fp32'), known([2], 'fp32')])).toEqual([3.5]);
    expect(valuesOf('Mod', [known([7, -7]), known([3])])).toEqual([1, 2]);
    expect(valuesOf('Mod', [known([7, -7]), known([3])], { fmod: 1 })).toEqual([1, -1]);
    expect(valuesOf('Pow', [known([3, 2]), known([2, 5])])).toEqual([9, 32]);
  });

  it('follows open dimensions', () => {
    expect(valuesOf('Sub', [known([H]), known([1])])).toEqual([subtract(H, 1)]);
    expect(valuesOf('Mul', [known([H]), known([W])])).toEqual([multiply(H, W)]);
    expect(valuesOf('Div', [known([H]), known([2])])).toEqual([floorDivide(H, 2)]);
    expect(valuesOf('Mod', [known([H]), known([8])])).toEqual([modulo(H, 8)]);
    expect(valuesOf('Pow', [known([H]), known([2])])).toEqual([multiply(H, H)]);
  });

  it('does not guess: H - 5 may be negative, a divisor zero, a float quotient a fraction', () => {
    expect(valuesOf('Div', [known([subtract(H, 5)]), known([2])])).toBeUndefined();
    expect(valuesOf('Div', [known([H]), known([subtract(W, 1)])])).toBeUndefined();
    expect(valuesOf('Div', [known([4]), known([0])])).toBeUndefined();
    expect(valuesOf('Div', [known([H], 'fp32'), known([2], 'fp32')])).toBeUndefined();
    // A whole multiple leaves no fraction.
    expect(valuesOf('Div', [known([multiply(H, 4)], 'fp32'), known([2], 'fp32')])).toEqual([multiply(H, 2)]);
  });

  it("rounds as the element type does, so that a floor after it is the runtime's", () => {
    // In fp64, 10 times fp32's 0.7 is 6.9999998; in fp32 it is 7.
    const scale = Math.fround(0.7);
    expect(valuesOf('Mul', [known([10], 'fp32'), known([scale], 'fp32')])).toEqual([7]);
    // 2048 + 1 is no fp16 number.
    expect(valuesOf('Add', [known([2048], 'fp16'), known([1], 'fp16')])).toEqual([2048]);
  });

  it('stops following what wraps around or leaves the exact integers', () => {
    expect(valuesOf('Mul', [known([2 ** 30], 'int32'), known([4], 'int32')])).toBeUndefined();
    expect(valuesOf('Mul', [known([2 ** 40]), known([2 ** 40])])).toBeUndefined();
    expect(valuesOf('Mul', [known([multiply(H, 2 ** 40)]), known([2 ** 40])])).toBeUndefined();
  });
});

describe('Max, Min, Sum and Mean', () => {
  it('broadcast any number of operands: k - 1 operations, and a division for the mean', () => {
    const operands = [FEATURE, [4, 1, 1], [5]];
    for (const type of ['Max', 'Min', 'Sum']) {
      const { shape, work } = runOperator(type, operands);
      expect(shape).toEqual(FEATURE);
      expect(work).toMatchObject({ flops: perItem(200), transcendentals: perItem(0) });
    }
    expect(runOperator('Mean', operands).work).toMatchObject({ flops: perItem(300), transcendentals: perItem(100) });
  });

  it('of one tensor are free, and say so', () => {
    for (const type of ['Max', 'Min', 'Sum', 'Mean']) {
      expect(runOperator(type, [FEATURE]).work).toMatchObject({ flops: 0, treatment: { kind: 'free' } });
    }
  });

  it('follow values; the largest int64 stands above every extent', () => {
    expect(valuesOf('Max', [known([1, 5]), known([3])])).toEqual([3, 5]);
    expect(valuesOf('Max', [known([H]), known([1])])).toEqual([H]);
    expect(valuesOf('Min', [known([H]), known([Infinity])])).toEqual([H]);
    expect(valuesOf('Max', [known([H]), known([-Infinity])])).toEqual([H]);
    expect(valuesOf('Min', [known([-Infinity]), known([H])])).toEqual([-Infinity]);
    expect(valuesOf('Sum', [known([H]), known([W]), known([3])])).toEqual([add(add(H, W), 3)]);
    expect(valuesOf('Mean', [known([1, 2], 'fp32'), known([2], 'fp32')])).toEqual([1.5, 2]);
  });

  it('refuse shapes that do not broadcast', () => {
    expect(() => runOperator('Max', [[2, 3], [3], [2]])).toThrow(/2×3 and 2 do not broadcast/);
  });
});

describe('Where', () => {
  it('broadcasts all three operands and chooses once per output element', () => {
    const { shape, work, outputs } = runOperator('Where', [
      { shape: [4, 1, 1], dtype: 'bool' },
      { shape: [N, 1, 5, 1], dtype: 'fp16' },
      { shape: [5], dtype: 'fp16' },
    ]);
    expect(shape).toEqual([N, 4, 5, 5]);
    expect(outputs[0]?.dtype).toBe('fp16');
    expect(work.flops).toEqual(perItem(100));
  });

  it('follows the choice: the extents that Expand is given', () => {
    expect(valuesOf('Where', [known([1, 0], 'bool'), known([1, 1]), known([H, W])])).toEqual([1, W]);
  });
});

describe('bits and logic', () => {
  it.each(['BitwiseAnd', 'BitwiseOr', 'BitwiseXor'])('%s is one operation', (type) => {
    expect(runOperator(type, [FEATURE, FEATURE]).work.flops).toEqual(perItem(100));
  });

  it('follow integers of any sign', () => {
    expect(valuesOf('BitwiseAnd', [known([12, -1]), known([10, 6])])).toEqual([8, 6]);
    expect(valuesOf('BitwiseOr', [known([12]), known([3])])).toEqual([15]);
    expect(valuesOf('BitwiseXor', [known([12]), known([10])])).toEqual([6]);
    expect(valuesOf('BitwiseNot', [known([5, -1])])).toEqual([-6, 0]);
    expect(valuesOf('BitwiseNot', [known([5], 'uint8')])).toEqual([250]);
  });

  it('shift, open dimensions too; a right shift keeps the sign', () => {
    expect(valuesOf('BitShift', [known([1, H]), known([3])], { direction: 'LEFT' })).toEqual([8, multiply(H, 8)]);
    expect(valuesOf('BitShift', [known([9, -3, H]), known([1])], { direction: 'RIGHT' })).toEqual([
      4,
      -2,
      floorDivide(H, 2),
    ]);
    expect(valuesOf('BitShift', [known([200], 'uint8'), known([1], 'uint8')], { direction: 'LEFT' })).toBeUndefined();
    expect(() => runOperator('BitShift', [[2], [2]], { direction: 'UP' })).toThrow(/neither "LEFT" nor "RIGHT"/);
  });

  it('combine bool values to bool', () => {
    const [a, b] = [known([0, 0, 1, 1], 'bool'), known([0, 1, 0, 1], 'bool')];
    expect(valuesOf('And', [a, b])).toEqual([0, 0, 0, 1]);
    expect(valuesOf('Or', [a, b])).toEqual([0, 1, 1, 1]);
    expect(valuesOf('Xor', [a, b])).toEqual([0, 1, 1, 0]);
    expect(valuesOf('Not', [a])).toEqual([1, 1, 0, 0]);
    expect(runOperator('And', [a, b]).outputs[0]?.dtype).toBe('bool');
  });

  it('And of opset 1 stands at an axis', () => {
    const operands = [
      { shape: FEATURE, dtype: 'bool' as const },
      { shape: [4], dtype: 'bool' as const },
    ];
    expect(runOperator('And', operands, { broadcast: 1, axis: 1 }, { opset: 1 }).shape).toEqual(FEATURE);
  });
});
