import { describe, expect, it } from 'vitest';
import { N, perItem, runOperator } from './one-operator.ts';

describe('Flatten', () => {
  it.each([
    [[N, 1280, 1, 1], 1, [N, 1280]],
    [[N, 3, 4, 5], 2, [perItem(3), 20]],
    [[N, 3, 4, 5], 0, [1, perItem(60)]],
    [[N, 3, 4, 5], 4, [perItem(60), 1]],
    [[N, 3, 4, 5], -1, [perItem(12), 5]],
    [[6, 7], 1, [6, 7]],
  ])('%j at axis %d is %j', (input, axis, output) => {
    expect(runOperator('Flatten', [input], { axis }).shape).toEqual(output);
  });

  it('splits after the batch unless told otherwise', () => {
    expect(runOperator('Flatten', [[N, 2, 3, 4]]).shape).toEqual([N, 24]);
  });

  it('is free, and says why', () => {
    const { work, class: kind } = runOperator('Flatten', [[N, 2, 3]]);
    expect(work).toMatchObject({ macs: 0, flops: 0 });
    expect(work.treatment).toMatchObject({ kind: 'free', reason: expect.stringMatching(/\w/) });
    expect(kind).toBe('data-movement');
  });

  it('refuses an axis that the tensor does not have', () => {
    expect(() => runOperator('Flatten', [[N, 2, 3]], { axis: 7 })).toThrow(/^the\.node/);
  });
});
