import { describe, expect, it } from 'vitest';
import { multiply } from '../../src/units/integer.ts';
import { type OperandSample, runOperator } from './one-operator.ts';

const SCALAR: OperandSample = { shape: [], dtype: 'int64' };
const domain = 'ai.onnx.preview.training';

const step = (type: string, lists: number, attributes: Readonly<Record<string, number | string>> = {}) => {
  // Two tensors, of 12 and of 5 elements.
  const tensors = Array.from({ length: lists }, () => [[3, 4], [5]]).flat();
  return runOperator(type, [[], SCALAR, ...tensors], attributes, { domain, outputs: 2 * (lists - 1) });
};

describe('steps of training', () => {
  it('hand out the new values and what is accumulated, of every tensor', () => {
    expect(step('Adagrad', 3).outputs.map((output) => output?.shape)).toEqual([[3, 4], [5], [3, 4], [5]]);
    expect(step('Adam', 4).outputs).toHaveLength(6);
  });

  it('count per element of the values', () => {
    expect(step('Adagrad', 3).work).toMatchObject({ flops: 17 * 7, transcendentals: 17 * 2 });
    expect(step('Adam', 4).work).toMatchObject({ flops: 17 * 12, transcendentals: 17 * 2 });
    expect(step('Momentum', 3, { mode: 'standard' }).work.flops).toBe(17 * 5);
    expect(step('Momentum', 3, { mode: 'nesterov' }).work.flops).toBe(17 * 7);
    expect(step('Adam', 4, { norm_coefficient: 0.5, norm_coefficient_post: 0.5 }).work.flops).toBe(
      multiply(17, 12 + 3),
    );
  });

  it('refuse lists of different lengths', () => {
    const operands = [[], SCALAR, [3, 4], [3, 4], [3, 4], [5]];
    expect(() => runOperator('Adagrad', operands, {}, { domain })).toThrow(/multiple of 3/);
  });

  it('Gradient: the shapes of what it derives by; the backward pass is said not to be counted', () => {
    const { outputs, work } = runOperator(
      'Gradient',
      [[3, 4], [5]],
      { xs: ['a', 'b'], y: 'y' },
      { domain, outputs: 2 },
    );
    expect(outputs.map((output) => output?.shape)).toEqual([[3, 4], [5]]);
    expect(work.treatment.kind).toBe('approximated');
  });
});
