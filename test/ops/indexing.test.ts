import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/ir/graph.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { symbol } from '../../src/units/integer.ts';
import { known, valuesOf } from './followed-values.ts';
import { integers, N, perItem, runOperator } from './one-operator.ts';

const indices = (...shape: Shape): TensorType => ({ shape, dtype: 'int64' });
const matrix = (rows: number, values: readonly number[]): TensorType => ({
  shape: [rows, values.length / rows],
  dtype: 'int64',
  values,
});

describe('GatherElements and GatherND', () => {
  it('give what the indices name, and read no more', () => {
    const { shape, work } = runOperator('GatherElements', [[N, 100, 8], indices(N, 3, 8)], { axis: 1 });
    expect(shape).toEqual([N, 3, 8]);
    expect(work).toMatchObject({ flops: 0, reads: [perItem(24)] });
    expect(() => runOperator('GatherElements', [[4, 4], indices(4)])).toThrow(/indices of 1 axes for a tensor of 2/);
  });

  it.each<[Shape, Shape, number, Shape]>([
    [[2, 2], [2, 2], 0, [2]],
    [[2, 2], [2, 1], 0, [2, 2]],
    [[2, 2, 2], [2, 2], 0, [2, 2]],
    [[2, 2, 2], [2, 1], 1, [2, 2]],
    [[N, 10, 16], [N, 3, 1], 1, [N, 3, 16]],
  ])('GatherND of %j by %j, %d shared axes', (data, named, batchDims, shape) => {
    expect(runOperator('GatherND', [data, indices(...named)], { batch_dims: batchDims }).shape).toEqual(shape);
  });

  it('GatherND refuses an index of too many axes and leaves an open number of them', () => {
    expect(() => runOperator('GatherND', [[2, 2], indices(2, 3)])).toThrow(/too many for a tensor of 2/);
    expect(() => runOperator('GatherND', [[2, 2], indices(2, symbol('k'))])).toThrow(
      expect.objectContaining({ code: 'unknown-type' }),
    );
  });
});

describe('Scatter, ScatterElements, ScatterND, TensorScatter', () => {
  it('have the shape of the data; a reduction is one operation per update', () => {
    const operands = [[N, 10, 16], indices(N, 3, 2), [N, 3, 16]];
    expect(runOperator('ScatterND', operands)).toMatchObject({ shape: [N, 10, 16], work: { flops: 0 } });
    expect(runOperator('ScatterND', operands, { reduction: 'add' }).work.flops).toEqual(perItem(48));
    const elements = [[N, 10], indices(N, 3), [N, 3]];
    expect(runOperator('ScatterElements', elements, { axis: 1, reduction: 'max' }).work.flops).toEqual(perItem(3));
    expect(runOperator('Scatter', elements, { axis: 1 }, { opset: 9 }).shape).toEqual([N, 10]);
  });

  it('follow contents: an extent written into a shape', () => {
    const shape = known([N, 3, 8]);
    const where = matrix(1, [-1]);
    expect(valuesOf('ScatterND', [shape, where, integers(7)])).toEqual([N, 3, 7]);
    expect(valuesOf('ScatterElements', [shape, integers(0), integers(1)])).toEqual([1, 3, 8]);
    expect(valuesOf('ScatterND', [matrix(2, [1, 2, 3, 4]), matrix(1, [1]), matrix(1, [8, 9])])).toEqual([1, 2, 8, 9]);
    expect(() => runOperator('ScatterND', [shape, matrix(1, [3]), integers(7)])).toThrow(
      /index 3 is outside an axis of 3/,
    );
  });

  it('refuse updates that do not fit', () => {
    expect(() => runOperator('ScatterND', [[4, 4], indices(2, 1), [2, 5]])).toThrow(/4 and 5 differ/);
    expect(() => runOperator('ScatterElements', [[4], indices(2), [3]])).toThrow(/2 and 3 differ/);
    expect(() => runOperator('ScatterElements', [[4], indices(2, 1), [2, 1]])).toThrow(/expected as many/);
  });

  it('TensorScatter writes along one axis only', () => {
    const cache = [N, 8, 1024, 64];
    expect(runOperator('TensorScatter', [cache, [N, 8, 1, 64], indices(N)]).shape).toEqual(cache);
    expect(() => runOperator('TensorScatter', [cache, [N, 4, 1, 64]])).toThrow(/axis 1 of cache and update: 8 and 4/);
  });
});

describe('OneHot', () => {
  it('puts in an axis of the depth', () => {
    const values: TensorType = { shape: [2], dtype: 'fp16' };
    const depth = (value: number): TensorType => ({ shape: [], dtype: 'fp32', values: [value] });
    expect(runOperator('OneHot', [indices(N, 4), depth(7), values]).outputs).toEqual([
      { shape: [N, 4, 7], dtype: 'fp16' },
    ]);
    expect(runOperator('OneHot', [indices(N, 4), depth(7), values], { axis: 0 }).shape).toEqual([7, N, 4]);
    expect(runOperator('OneHot', [indices(4), indices(), values]).shape[1]).toEqual(symbol('the.node.depth'));
    expect(() => runOperator('OneHot', [indices(4), depth(-1), values])).toThrow(/a depth of -1/);
  });
});

describe('Compress, NonZero, Unique', () => {
  it('are open where data decides', () => {
    const mask: TensorType = { shape: [10], dtype: 'bool' };
    const count = symbol('the.node.count');
    expect(runOperator('Compress', [[N, 10], mask], { axis: 1 }).shape).toEqual([N, count]);
    expect(runOperator('Compress', [[2, 5], mask]).shape).toEqual([count]);
    expect(runOperator('NonZero', [[4, 5]])).toMatchObject({ shape: [2, count], work: { flops: 20 } });
    const types = runOperator('Unique', [[4, 5]], {}, { outputs: 4 }).outputs.map((type) => type?.shape);
    expect(types).toEqual([[count], [count], [20], [count]]);
    const along = runOperator('Unique', [[4, 5]], { axis: 1 }, { outputs: 4 });
    expect(along.outputs.map((type) => type?.shape)).toEqual([[4, count], [count], [5], [count]]);
    expect(along.work).toMatchObject({ flops: 20, treatment: { kind: 'approximated' } });
  });

  it('are counted where the contents are known', () => {
    const mask: TensorType = { shape: [3], dtype: 'bool', values: [1, 0, 1] };
    expect(runOperator('Compress', [[N, 3], mask], { axis: 1 }).shape).toEqual([N, 2]);
    expect(runOperator('NonZero', [matrix(2, [1, 0, 0, 5])]).outputs).toEqual([
      { shape: [2, 2], dtype: 'int64', values: [0, 1, 0, 1] },
    ]);
    // An extent is at least 1.
    expect(valuesOf('NonZero', [known([N, 0, 2])])).toEqual([0, 2]);
    expect(runOperator('NonZero', [{ shape: [], dtype: 'int64', values: [7] }]).outputs[0]).toMatchObject({
      shape: [1, 1],
      values: [0],
    });
    expect(runOperator('Unique', [integers(2, 1, 2)]).shape).toEqual([2]);
  });
});

describe('TopK', () => {
  it('takes k from an attribute in opset 1 and from an input later', () => {
    expect(runOperator('TopK', [[N, 100]], { k: 5 }, { outputs: 2, opset: 1 }).outputs).toEqual([
      { shape: [N, 5], dtype: 'fp32' },
      { shape: [N, 5], dtype: 'int64' },
    ]);
    expect(runOperator('TopK', [[7, N], integers(5)], { axis: 0 }).shape).toEqual([5, N]);
    expect(runOperator('TopK', [[7], indices(1)]).shape).toEqual([symbol('the.node.k')]);
  });

  it('counts the comparisons of a heap, and says so', () => {
    // 100 elements x (1 + ceil(log2 5) = 4).
    const { work } = runOperator('TopK', [[N, 100], integers(5)], {}, { outputs: 2 });
    expect(work.flops).toEqual(perItem(400));
    expect(work.treatment).toMatchObject({ kind: 'approximated', reason: expect.stringContaining('heap of 5: 4 per') });
    const open = runOperator('TopK', [[100], known([symbol('k')])]).work;
    expect(open).toMatchObject({ flops: 100, treatment: { reason: expect.stringContaining('open') } });
  });

  it('refuses more than there are', () => {
    expect(() => runOperator('TopK', [[2, 4], integers(5)])).toThrow(/k is 5, but axis 1 of 2×4 has 4/);
    expect(() => runOperator('TopK', [[4], integers(-1)])).toThrow(/k is -1/);
  });
});

describe('DepthToSpace, SpaceToDepth, ReverseSequence, Trilu', () => {
  it('move blocks and back', () => {
    expect(runOperator('DepthToSpace', [[N, 64, 6, 7]], { blocksize: 4 }).shape).toEqual([N, 4, 24, 28]);
    expect(runOperator('SpaceToDepth', [[N, 4, 24, 28]], { blocksize: 4 }).shape).toEqual([N, 64, 6, 7]);
    expect(() => runOperator('DepthToSpace', [[N, 6, 6, 7]], { blocksize: 4 })).toThrow(
      /6 channels do not divide by 16/,
    );
    expect(() => runOperator('SpaceToDepth', [[N, 6, 6]], { blocksize: 2 })).toThrow(/has 3 axes, expected 4/);
    expect(() => runOperator('SpaceToDepth', [[N, 6, 6, 6]], { blocksize: 0 })).toThrow(/blocksize is 0/);
  });

  it('reverse sequences of the lengths that are given', () => {
    expect(runOperator('ReverseSequence', [[10, N, 4], indices(N)]).shape).toEqual([10, N, 4]);
    const attributes = { batch_axis: 0, time_axis: 1 };
    expect(runOperator('ReverseSequence', [[N, 10], indices(N)], attributes).shape).toEqual([N, 10]);
    expect(() => runOperator('ReverseSequence', [[10, 4], indices(5)])).toThrow(/4 and 5 differ/);
    expect(() => runOperator('ReverseSequence', [[10, 4], indices(4)], { time_axis: 1 })).toThrow(/both/);
  });

  it('keep a triangle', () => {
    const ones = matrix(2, [1, 1, 1, 1, 1, 1]);
    expect(valuesOf('Trilu', [ones])).toEqual([1, 1, 1, 0, 1, 1]);
    expect(valuesOf('Trilu', [ones, { shape: [], dtype: 'int64', values: [1] }])).toEqual([0, 1, 1, 0, 0, 1]);
    expect(valuesOf('Trilu', [ones], { upper: 0 })).toEqual([1, 0, 0, 1, 1, 0]);
    expect(() => runOperator('Trilu', [[4]])).toThrow(/expected 2 or more/);
  });
});
