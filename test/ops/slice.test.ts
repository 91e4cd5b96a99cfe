import { describe, expect, it } from 'vitest';
import type { Dim } from '../../src/ir/graph.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { closedSlice, sliceExtent } from '../../src/ops/slice-extent.ts';
import { add, evaluate, formatInteger, symbol } from '../../src/units/integer.ts';
import { known, valuesOf } from './followed-values.ts';
import { integers, N, perItem, runOperator } from './one-operator.ts';

const [S, P] = [symbol('S'), symbol('P')];
const INT32_MAX = 2 ** 31 - 1;

describe('Slice', () => {
  it('takes places from attributes in opset 1 and from inputs later', () => {
    const attributes = { starts: [1, 0], ends: [3, -1], axes: [0, 1] };
    expect(runOperator('Slice', [[5, 6]], attributes, { opset: 1 }).shape).toEqual([2, 5]);
    expect(runOperator('Slice', [[5, 6]], { starts: [1], ends: [1000] }, { opset: 1 }).shape).toEqual([4, 6]);
    expect(runOperator('Slice', [[N, 6], integers(1), integers(-1), integers(-1), integers(2)]).shape).toEqual([N, 2]);
  });

  it.each([
    // start, end, step of 10, as in Python.
    [0, Infinity, 1, 10],
    [-3, Infinity, 1, 3],
    [-30, 4, 1, 4],
    [8, 3, 1, 0],
    [0, Infinity, 3, 4],
    [-1, -Infinity, -1, 10],
    [8, 2, -3, 2],
    [20, -20, -1, 10],
    [0, 10, Infinity, 1],
  ])('x[%d:%d:%d] of 10 has %d', (start, end, step, count) => {
    const operands = [[10], integers(start), integers(end), integers(0), integers(step)];
    expect(runOperator('Slice', operands).shape).toEqual([count]);
  });

  it.each<[Dim, Dim, number, Dim, string]>([
    [0, -1, 1, S, 'S - 1'],
    [1, Infinity, 1, S, 'S - 1'],
    [0, 5, 1, S, 'min(S, 5)'],
    [-3, INT32_MAX, 1, S, 'min(S, 3)'],
    [-1, Infinity, 1, S, '1'],
    [0, Infinity, 2, S, 'floor((S + 1)/2)'],
    [-1, -INT32_MAX, -1, S, 'S'],
    [P, Infinity, 1, add(S, P), 'S'],
    [0, S, 1, 1024, 'min(S, 1024)'],
    [0, S, 1, S, 'S'],
  ])('x[%o:%o:%d] of an open extent', (start, end, step, extent, text) => {
    expect(formatInteger(sliceExtent({ start, end, step }, extent))).toBe(text);
  });

  it('with open extents is what it is with numbers', () => {
    const places = [-Infinity, -3, -2, -1, 0, 1, 2, 3, 9, Infinity];
    for (const start of places) {
      for (const end of places) {
        for (const step of [1, 2, 3, -1, -2]) {
          const open = sliceExtent({ start, end, step }, S);
          for (const extent of [4, 5, 8]) {
            const { count } = closedSlice({ start, end, step }, extent);
            expect(evaluate(open, new Map([['S', extent]])), `${start}:${end}:${step} of ${extent}`).toBe(count);
          }
        }
      }
    }
  });

  it('follows contents: the end of a shape', () => {
    expect(valuesOf('Slice', [known([N, 3, S, 7]), integers(2), integers(INT32_MAX)])).toEqual([S, 7]);
    expect(valuesOf('Slice', [integers(1, 2, 3), integers(-1), integers(-9), integers(0), integers(-1)])).toEqual([
      3, 2, 1,
    ]);
    const matrix: TensorType = { shape: [2, 3], dtype: 'int64', values: [1, 2, 3, 4, 5, 6] };
    expect(valuesOf('Slice', [matrix, integers(1), integers(3), integers(1)])).toEqual([2, 3, 5, 6]);
  });

  it('keeps the axes where places depend on data', () => {
    const data: TensorType = { shape: [1], dtype: 'int64' };
    const cut = runOperator('Slice', [[N, 6, 7], data, integers(5), integers(1)]).shape;
    expect([cut[0], cut[1], cut[2]]).toEqual([N, symbol('the.node.extent1'), 7]);
    expect(runOperator('Slice', [[N, 6], integers(0), integers(5), data]).shape).toHaveLength(2);
  });

  it('reads what it takes', () => {
    const { work } = runOperator('Slice', [[N, 100, 8], integers(0), integers(10), integers(1)]);
    expect(work).toMatchObject({ flops: 0, reads: [perItem(80)] });
  });

  it('refuses a step of 0, lists that do not fit, and an axis twice', () => {
    expect(() => runOperator('Slice', [[5], integers(0), integers(5), integers(0), integers(0)])).toThrow(
      /a step of 0/,
    );
    expect(() => runOperator('Slice', [[5], integers(0, 0), integers(5)])).toThrow(/do not fit/);
    expect(() => runOperator('Slice', [[5], integers(0, 0), integers(5, 5), integers(0, -1)])).toThrow(/stands twice/);
  });
});
