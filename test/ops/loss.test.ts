import { describe, expect, it } from 'vitest';
import type { TensorType } from '../../src/ops/definition.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const labels = (...shape: TensorType['shape']): TensorType => ({ shape, dtype: 'int64' });

describe('NegativeLogLikelihoodLoss', () => {
  const run = (reduction: string, { weighted = false, ignored = false, items = 2 } = {}) =>
    runOperator(
      'NegativeLogLikelihoodLoss',
      [[items, 5, 3], labels(items, 3), ...(weighted ? [[5]] : [])],
      ignored ? { reduction, ignore_index: 0 } : { reduction },
    );

  it('costs a negation per label, and what the reduction takes', () => {
    // 6 labels.
    expect(run('none')).toMatchObject({ shape: [2, 3], work: { flops: 6, transcendentals: 0 } });
    expect(run('sum')).toMatchObject({ shape: [], work: { flops: 6 + 5, transcendentals: 0 } });
    expect(run('mean')).toMatchObject({ shape: [], work: { flops: 6 + 5 + 1, transcendentals: 1 } });
  });

  it('weights are multiplied, and summed for the mean', () => {
    expect(run('none', { weighted: true }).work.flops).toBe(12);
    expect(run('mean', { weighted: true }).work.flops).toBe(12 + 5 + 5 + 1);
    expect(run('mean', { ignored: true }).work.flops).toBe(18 + 5 + 5 + 1);
  });

  it.each([
    ['labels of another size', [[N, 5, 3], labels(N, 4)], /scores and labels/],
    ['labels with too many axes', [[N, 5], labels(N, 5)], /labels of 2 axes/],
    ['weights for other classes', [[N, 5], labels(N), [4]], /classes and their weights/],
    ['scores without classes', [[N], labels()], /scores of 1 axes/],
  ])('refuses %s', (_, operands, message) => {
    expect(() => runOperator('NegativeLogLikelihoodLoss', operands)).toThrow(message);
  });

  it('refuses a reduction that there is not', () => {
    expect(() => run('max')).toThrow(/reduction is "max"/);
  });
});

describe('SoftmaxCrossEntropyLoss', () => {
  it('takes the logarithm of the softmax before, which it hands out if asked', () => {
    const { outputs, work } = runOperator(
      'SoftmaxCrossEntropyLoss',
      [[N, 5, 3], labels(N, 3)],
      { reduction: 'none' },
      { outputs: 2 },
    );
    expect(outputs.map((type) => type?.shape)).toEqual([
      [N, 3],
      [N, 5, 3],
    ]);
    // 15 elements x 5, 3 rows with a logarithm, 3 negations.
    expect(work.flops).toEqual(perItem(75 + 3 + 3));
    expect(work.transcendentals).toEqual(perItem(15 + 3));
  });
});
