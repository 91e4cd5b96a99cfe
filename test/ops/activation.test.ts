import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/units/integer.ts';
import { known, valuesOf } from './followed-values.ts';
import { N, perItem, runOperator } from './one-operator.ts';

/** 4 x 5 x 5 = 100 elements per item. */
const FEATURE = [N, 4, 5, 5];
const H = symbol('H');

describe('activations of one operand', () => {
  it.each([
    // [operator, operations and transcendentals per element], by the arithmetic of the definition.
    ['Tanh', 1, 1],
    ['ThresholdedRelu', 2, 0], // compare, choose
    ['LeakyRelu', 3, 0], // compare, multiply, choose
    ['Softsign', 3, 1], // abs, add, divide
    ['Softplus', 3, 2], // exp, add, log
    ['Elu', 5, 1], // compare, exp, subtract, multiply, choose
    ['Mish', 5, 3], // exp, add, log, tanh, multiply
    ['Selu', 6, 1], // Elu, and a product with gamma
    ['Shrink', 6, 0], // two compares, two sums, two choices
    ['Celu', 7, 1], // max, product, exp, subtract, product, min, add
  ])('%s: %d operations an element, %d of them transcendental', (type, flops, transcendentals) => {
    const { shape, work, class: kind } = runOperator(type, [FEATURE]);
    expect(shape).toEqual(FEATURE);
    expect(work.flops).toEqual(perItem(flops * 100));
    expect(work.transcendentals).toEqual(perItem(transcendentals * 100));
    expect(kind).toBe('activation');
  });

  it('Swish multiplies once more where alpha is not 1', () => {
    expect(runOperator('Swish', [FEATURE], { alpha: 1 }).work.flops).toEqual(perItem(500));
    expect(runOperator('Swish', [FEATURE], { alpha: 1.702 }).work.flops).toEqual(perItem(600));
  });

  it('Relu follows extents: max(0, H - 3) stays open, max(0, H) is H', () => {
    expect(valuesOf('Relu', [known([-2, 3, H])])).toEqual([0, 3, H]);
  });
});

describe('Clip', () => {
  const limit = (value: number) => ({ shape: [], dtype: 'int64', values: [value] }) as const;

  it('follows values between limits that are inputs from opset 11 on', () => {
    expect(valuesOf('Clip', [known([-3, 2, 9]), limit(0), limit(6)])).toEqual([0, 2, 6]);
    // Every extent is at least 1.
    expect(valuesOf('Clip', [known([H]), limit(1)])).toEqual([H]);
  });

  it('and attributes before', () => {
    expect(valuesOf('Clip', [known([-3, 0.5, 9], 'fp32')], { min: -1, max: 6 }, 6)).toEqual([-1, 0.5, 6]);
  });

  it('follows nothing where a limit depends on data', () => {
    expect(valuesOf('Clip', [known([1]), { shape: [], dtype: 'int64' }])).toBeUndefined();
  });
});

describe('PRelu', () => {
  it('broadcasts the slope to the input: compare, multiply, choose', () => {
    const { shape, work } = runOperator('PRelu', [FEATURE, [4, 1, 1]]);
    expect(shape).toEqual(FEATURE);
    expect(work.flops).toEqual(perItem(300));
    expect(runOperator('PRelu', [FEATURE, [1]]).shape).toEqual(FEATURE);
  });

  it('up to opset 6 a slope of C elements is one for each channel', () => {
    expect(runOperator('PRelu', [FEATURE, [4]], {}, { opset: 6 }).shape).toEqual(FEATURE);
    expect(() => runOperator('PRelu', [FEATURE, [4]], {}, { opset: 7 })).toThrow(/do not broadcast/);
  });

  it('never broadcasts the input to the slope', () => {
    expect(() => runOperator('PRelu', [[N, 1], [4]])).toThrow(/slope of 4 does not broadcast to an input of N×1/);
    expect(() => runOperator('PRelu', [[4], [2, 4]])).toThrow(/does not broadcast/);
  });
});

describe('SwiGLU', () => {
  it('is a Swish and a product, over one shape', () => {
    const { shape, work } = runOperator('SwiGLU', [FEATURE, FEATURE]);
    expect(shape).toEqual(FEATURE);
    expect(work.flops).toEqual(perItem(600));
    expect(work.transcendentals).toEqual(perItem(200));
    expect(runOperator('SwiGLU', [FEATURE, FEATURE], { alpha: 2 }).work.flops).toEqual(perItem(700));
  });

  it('does not broadcast', () => {
    expect(() => runOperator('SwiGLU', [FEATURE, [5]])).toThrow(/expected the same shape/);
    expect(() =>
      runOperator('SwiGLU', [
        [2, 3],
        [2, 1],
      ]),
    ).toThrow(/3 and 1 differ/);
  });
});
