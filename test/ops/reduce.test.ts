import { describe, expect, it } from 'vitest';
import type { TensorType } from '../../src/ops/definition.ts';
import { type Integer, multiply, symbol } from '../../src/units/integer.ts';
import { integers, N, perItem, runOperator } from './one-operator.ts';

/** 16 rows of 49 per item. */
const FEATURE = [N, 16, 7, 7];
const S = symbol('S');

const list = (...values: readonly Integer[]): TensorType => ({ shape: [values.length], dtype: 'int64', values });
const table = (rows: number, columns: number, ...values: readonly Integer[]): TensorType => ({
  shape: [rows, columns],
  dtype: 'int64',
  values,
});

describe('reductions', () => {
  // 784 inputs and 16 outputs per item: 768 steps that combine two.
  it.each([
    ['ReduceSum', 768, 0],
    ['ReduceProd', 768, 0],
    ['ReduceMax', 768, 0],
    ['ReduceMin', 768, 0],
    ['ReduceMean', 768 + 16, 16],
    ['ReduceL1', 784 + 768, 0],
    ['ReduceSumSquare', 784 + 768, 0],
    ['ReduceL2', 784 + 768 + 16, 16],
    ['ReduceLogSum', 768 + 16, 16],
    ['ReduceLogSumExp', 784 + 768 + 16, 784 + 16],
  ])('%s costs %d operations, %d of them transcendental', (type, flops, transcendentals) => {
    const { shape, work, class: kind } = runOperator(type, [FEATURE, integers(2, 3)]);
    expect(shape).toEqual([N, 16, 1, 1]);
    expect(work.flops).toEqual(perItem(flops));
    expect(work.transcendentals).toEqual(perItem(transcendentals));
    expect(kind).toBe('pooling');
  });

  it.each([
    // The axes of ReduceSum are an input since opset 13, those of the others since 18.
    ['ReduceSum', 11],
    ['ReduceMax', 13],
  ])('%s of opset %d states its axes as an attribute', (type, opset) => {
    expect(runOperator(type, [FEATURE], { axes: [-1], keepdims: 0 }, { opset }).shape).toEqual([N, 16, 7]);
  });

  it('without axes and told to do nothing, only the steps around the reduction are left', () => {
    const alone = { noop_with_empty_axes: 1 };
    for (const type of ['ReduceSum', 'ReduceMean', 'ReduceMax']) {
      expect(runOperator(type, [FEATURE, integers()], alone).work.treatment.kind).toBe('free');
    }
    expect(runOperator('ReduceSumSquare', [FEATURE], alone).work.flops).toEqual(perItem(784));
    expect(runOperator('ReduceLogSum', [FEATURE], alone).work.transcendentals).toEqual(perItem(784));
  });

  it('an empty tensor takes no steps', () => {
    const { shape, work } = runOperator('ReduceSum', [[2, 0, 4], integers(1)]);
    expect(shape).toEqual([2, 1, 4]);
    expect(work.flops).toBe(0);
  });

  it('axes that data decides leave open extents, of which the number is known', () => {
    const axes: TensorType = { shape: [2], dtype: 'int64' };
    const kept = runOperator('ReduceSum', [FEATURE, axes]);
    expect(kept.shape.map(String)).toEqual([0, 1, 2, 3].map((axis) => `the.node.extent${axis}`));
    expect(runOperator('ReduceSum', [FEATURE, axes], { keepdims: 0 }).shape).toHaveLength(2);
  });

  it('follows what shape arithmetic computes', () => {
    const of = (type: string, input: TensorType, ...axes: readonly number[]) =>
      runOperator(type, [input, integers(...axes)], { keepdims: 0 }).outputs[0]?.values;
    expect(of('ReduceProd', list(N, 3, S))).toEqual([multiply(multiply(N, S), 3)]);
    expect(of('ReduceSum', list(S, S, 1))?.map(String)).toEqual(['2*S + 1']);
    expect(of('ReduceMax', list(1, S, 1))).toEqual([S]);
    expect(of('ReduceMin', list(1, S, 7))).toEqual([1]);
    expect(of('ReduceSum', table(2, 3, 1, 2, 3, 4, 5, 6), 0)).toEqual([5, 7, 9]);
    expect(of('ReduceSum', table(2, 3, 1, 2, 3, 4, 5, 6), 1)).toEqual([6, 15]);
    // A mean of whole numbers is rounded, in a way that the specification leaves open.
    expect(of('ReduceMean', list(1, 2))).toBeUndefined();
    expect(of('ReduceMean', { shape: [2], dtype: 'fp32', values: [1, 2] })).toEqual([1.5]);
    expect(of('ReduceMax', list())).toBeUndefined();
  });
});

describe('ArgMax and ArgMin', () => {
  it('compares along one axis, the first unless stated', () => {
    const { shape, outputs, work } = runOperator('ArgMax', [FEATURE], { axis: 1 });
    expect(shape).toEqual([N, 1, 7, 7]);
    expect(outputs[0]?.dtype).toBe('int64');
    // 15 comparisons for each of 49 places.
    expect(work.flops).toEqual(perItem(735));
    expect(runOperator('ArgMin', [FEATURE], { keepdims: 0 }).shape).toEqual([16, 7, 7]);
  });

  it('follows the place, the last of equal ones if asked', () => {
    const place = (type: string, last: number) =>
      runOperator(type, [list(1, 5, 5, 1)], { select_last_index: last }).outputs[0]?.values;
    expect(place('ArgMax', 0)).toEqual([1]);
    expect(place('ArgMax', 1)).toEqual([2]);
    expect(place('ArgMin', 1)).toEqual([3]);
    expect(runOperator('ArgMax', [list(1, S)]).outputs[0]?.values).toBeUndefined();
  });

  it('refuses an axis that the tensor does not have', () => {
    expect(() => runOperator('ArgMax', [FEATURE], { axis: 4 })).toThrow(/^the\.node: ArgMax: axis 4/);
  });
});

describe('CumSum and CumProd', () => {
  const along = (axis: number): TensorType => ({ shape: [], dtype: 'int64', values: [axis] });

  it('takes a step less than there are elements, and one less without the element itself', () => {
    // 6 steps on each of 112 lines of 7.
    expect(runOperator('CumSum', [FEATURE, along(-1)]).work.flops).toEqual(perItem(672));
    expect(runOperator('CumSum', [FEATURE, along(-1)], { exclusive: 1 }).work.flops).toEqual(perItem(560));
    expect(runOperator('CumProd', [[N, 1], along(1)], { exclusive: 1 }).work.flops).toBe(0);
  });

  it('follows values forward and backward', () => {
    const run = (type: string, exclusive: number, reverse: number) =>
      runOperator(type, [list(1, 2, S), along(0)], { exclusive, reverse }).outputs[0]?.values?.map(String);
    expect(run('CumSum', 0, 0)).toEqual(['1', '3', 'S + 3']);
    expect(run('CumSum', 1, 0)).toEqual(['0', '1', '3']);
    expect(run('CumSum', 0, 1)).toEqual(['S + 3', 'S + 2', 'S']);
    expect(run('CumProd', 1, 1)).toEqual(['2*S', 'S', '1']);
    const rows = runOperator('CumSum', [table(2, 2, 1, 2, 3, 4), along(0)]).outputs[0]?.values;
    expect(rows).toEqual([1, 2, 4, 6]);
  });

  it('says so where data decides the axis', () => {
    const { work } = runOperator('CumSum', [FEATURE, { shape: [], dtype: 'int64' }]);
    expect(work.treatment.kind).toBe('approximated');
    expect(work.flops).toEqual(perItem(784));
  });
});
