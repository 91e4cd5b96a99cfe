/** random.ts, windows.ts and eye-like.ts: operators that make tensors. */
import { describe, expect, it } from 'vitest';
import { findOperator } from '../../src/ops/lookup.ts';
import { add, floorDivide, multiply, symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const H = symbol('H');
const DOUBLE = 11;
const scalar = (value: typeof H | number) => ({ shape: [], dtype: 'int64', values: [value] }) as const;

describe('random numbers', () => {
  it.each([
    ['RandomUniform', 2, 0], // scale, shift
    ['RandomNormal', 8, 3], // ln, product, sqrt, product, cos, product, scale, shift
  ])('%s, in a stated shape or that of a tensor', (type, flops, transcendentals) => {
    const stated = runOperator(type, [], { shape: [2, 5], dtype: DOUBLE });
    expect(stated.outputs[0]).toEqual({ shape: [2, 5], dtype: 'fp64' });
    expect(stated.work).toMatchObject({ flops: 10 * flops, transcendentals: 10 * transcendentals });
    const like = runOperator(`${type}Like`, [[N, 10]]);
    expect(like.outputs[0]).toEqual({ shape: [N, 10], dtype: 'fp32' });
    expect(like.work.flops).toEqual(perItem(10 * flops));
    expect(like.work.treatment.kind).toBe('approximated');
    expect(() => runOperator(type, [], { shape: [2, -1] })).toThrow(/shape \[2, -1\]/);
    for (const name of [type, `${type}Like`]) expect(findOperator(name)?.random).toBe(true);
  });

  it('Bernoulli compares once', () => {
    const { outputs, work } = runOperator('Bernoulli', [[N, 10]], { dtype: 9 });
    expect(outputs[0]).toEqual({ shape: [N, 10], dtype: 'bool' });
    expect(work.flops).toEqual(perItem(10));
  });

  it('Multinomial draws samples for every row', () => {
    const { outputs, work } = runOperator('Multinomial', [[N, 10]], { sample_size: 4 });
    expect(outputs[0]).toEqual({ shape: [N, 4], dtype: 'int32' });
    // 3 x 10 for the running sums, 4 samples x (1 product + 10 comparisons); 10 exponentials.
    expect(work.flops).toEqual(perItem(30 + 44));
    expect(work.transcendentals).toEqual(perItem(10));
    expect(() => runOperator('Multinomial', [[N, 10, 2]])).toThrow(/input of 3 axes/);
    expect(() => runOperator('Multinomial', [[N, 10]], { sample_size: 0 })).toThrow(/sample_size is 0/);
  });
});

describe('windows', () => {
  it.each([
    ['HannWindow', 4, 1],
    ['HammingWindow', 4, 1],
    ['BlackmanWindow', 8, 2],
  ])('%s: %d operations an element', (type, flops, transcendentals) => {
    const { outputs, work } = runOperator(type, [scalar(400)], { output_datatype: DOUBLE });
    expect(outputs[0]).toEqual({ shape: [400], dtype: 'fp64' });
    expect(work).toMatchObject({ flops: 400 * flops, transcendentals: 400 * transcendentals });
    expect(runOperator(type, [scalar(H)]).shape).toEqual([H]);
    // A size that only data decides is an open dimension.
    expect(runOperator(type, [{ shape: [], dtype: 'int64' }]).shape).toEqual([symbol('the.node.size')]);
    expect(() => runOperator(type, [scalar(-1)])).toThrow(/size/);
  });

  it('MelWeightMatrix has a row for each frequency of half the transform', () => {
    const { shape, work } = runOperator('MelWeightMatrix', [scalar(8), scalar(16), scalar(8192), [], []]);
    // 16 / 2 + 1 = 9 frequencies x 8 bins = 72, of 6 operations.
    expect(shape).toEqual([9, 8]);
    expect(work).toMatchObject({ flops: 432, transcendentals: 144 });
    const open = runOperator('MelWeightMatrix', [scalar(8), scalar(H), scalar(8192), [], []]);
    expect(open.shape).toEqual([add(floorDivide(H, 2), 1), 8]);
    expect(open.work.flops).toEqual(multiply(add(floorDivide(H, 2), 1), 48));
  });
});

describe('EyeLike', () => {
  it('has the shape of a matrix', () => {
    expect(runOperator('EyeLike', [[N, 4]]).outputs[0]).toEqual({ shape: [N, 4], dtype: 'fp32' });
    expect(runOperator('EyeLike', [[N, 4]], { dtype: 7, k: 1 }).outputs[0]?.dtype).toBe('int64');
    expect(() => runOperator('EyeLike', [[N, 4, 4]])).toThrow(/3 axes, expected 2/);
  });
});
