import { describe, expect, it } from 'vitest';
import type { TensorType } from '../../src/ops/definition.ts';
import { multiply, symbol } from '../../src/units/integer.ts';
import { known, valuesOf } from './followed-values.ts';
import { integers, N, runOperator } from './one-operator.ts';

const S = symbol('S');
const tensor = (...shape: TensorType['shape']): TensorType => ({ shape, dtype: 'fp32' });

describe('Shape', () => {
  it('lists the extents, open ones among them', () => {
    expect(valuesOf('Shape', [tensor(N, 3, S)])).toEqual([N, 3, S]);
    expect(runOperator('Shape', [[N, 3, S]])).toMatchObject({ shape: [3], work: { treatment: { kind: 'free' } } });
  });

  it.each([
    [{ start: 1 }, [3, 4, 5]],
    [{ start: -2 }, [4, 5]],
    [{ end: -1 }, [2, 3, 4]],
    [{ start: -9, end: 9 }, [2, 3, 4, 5]],
    [{ start: 2, end: 1 }, []],
  ])('takes a part of them: %j', (attributes, values) => {
    expect(valuesOf('Shape', [tensor(2, 3, 4, 5)], attributes)).toEqual(values);
  });

  it('of a scalar is empty', () => {
    expect(runOperator('Shape', [[]])).toMatchObject({ shape: [0] });
  });
});

describe('Size', () => {
  it('is the number of elements', () => {
    expect(runOperator('Size', [[N, 3, 4]])).toMatchObject({ shape: [], outputs: [{ values: [multiply(N, 12)] }] });
  });
});

describe('Constant', () => {
  it.each([
    [{ value_int: 7 }, { shape: [], dtype: 'int64', values: [7] }],
    [{ value_float: 0.5 }, { shape: [], dtype: 'fp32', values: [0.5] }],
    [{ value_ints: [1, 2] }, { shape: [2], dtype: 'int64', values: [1, 2] }],
    [{ value_floats: [0.5] }, { shape: [1], dtype: 'fp32', values: [0.5] }],
    [{ value_string: 'a' }, { shape: [], dtype: 'string' }],
    [{ value_strings: ['a', 'b'] }, { shape: [2], dtype: 'string' }],
    [
      { value: { shape: [2, 1], dtype: 'int32', values: [3, 4] } as const },
      { shape: [2, 1], dtype: 'int32', values: [3, 4] },
    ],
    [{ sparse_value: { shape: [9, 9], dtype: 'fp32' } as const }, { shape: [9, 9], dtype: 'fp32' }],
  ])('holds %j', (attributes, type) => {
    expect(runOperator('Constant', [], attributes).outputs).toEqual([type]);
  });

  it('follows no long lists, and fails without a tensor', () => {
    const { outputs } = runOperator('Constant', [], { value_ints: Array.from({ length: 5000 }, () => 0) });
    expect(outputs).toEqual([{ shape: [5000], dtype: 'int64' }]);
    expect(() => runOperator('Constant', [])).toThrow(/no attribute holds the tensor/);
  });
});

describe('ConstantOfShape', () => {
  it('writes one number everywhere: 0 unless told', () => {
    expect(runOperator('ConstantOfShape', [integers(2, 2)]).outputs).toEqual([
      { shape: [2, 2], dtype: 'fp32', values: [0, 0, 0, 0] },
    ]);
    const value = { shape: [1], dtype: 'int64', values: [7] } as const;
    expect(valuesOf('ConstantOfShape', [integers(3)], { value })).toEqual([7, 7, 7]);
    expect(valuesOf('ConstantOfShape', [integers()], { value })).toEqual([7]);
  });

  it('never holds what is large: 10^12 elements are a shape', () => {
    const { outputs, work } = runOperator('ConstantOfShape', [integers(1_000_000, 1_000_000)]);
    expect(outputs).toEqual([{ shape: [1_000_000, 1_000_000], dtype: 'fp32' }]);
    expect(work.treatment.kind).toBe('costed');
    expect(valuesOf('ConstantOfShape', [integers(4096, 4096, 0)])).toEqual([]);
  });

  it('takes open extents, keeps the number of axes where data decides, and refuses negative ones', () => {
    expect(runOperator('ConstantOfShape', [known([N, 3])]).shape).toEqual([N, 3]);
    expect(runOperator('ConstantOfShape', [{ shape: [4], dtype: 'int64' }]).shape).toHaveLength(4);
    expect(() => runOperator('ConstantOfShape', [integers(2, -1)])).toThrow(/an extent of -1 in \[2, -1\]/);
    const many: TensorType = { shape: [10 ** 9], dtype: 'int64' };
    expect(() => runOperator('ConstantOfShape', [many])).toThrow(expect.objectContaining({ code: 'unknown-type' }));
  });
});

describe('Squeeze and Unsqueeze', () => {
  it('take axes from an attribute up to opset 11 and from an input later', () => {
    expect(runOperator('Squeeze', [[N, 1, 3, 1]], { axes: [1, -1] }, { opset: 11 }).shape).toEqual([N, 3]);
    expect(runOperator('Squeeze', [[N, 1, 3, 1], integers(1)]).shape).toEqual([N, 3, 1]);
    expect(runOperator('Unsqueeze', [[N, 3]], { axes: [0, 3] }, { opset: 1 }).shape).toEqual([1, N, 3, 1]);
    expect(runOperator('Unsqueeze', [[N, 3], integers(-1, 1)]).shape).toEqual([N, 1, 3, 1]);
  });

  it('without axes Squeeze takes out what is known to be 1', () => {
    expect(runOperator('Squeeze', [[N, 1, 3, 1]]).shape).toEqual([N, 3]);
  });

  it('keep the contents', () => {
    expect(runOperator('Unsqueeze', [integers(7, 8), integers(0)]).outputs).toEqual([
      { shape: [1, 2], dtype: 'int64', values: [7, 8] },
    ]);
    expect(runOperator('Squeeze', [known([N])]).outputs).toEqual([{ shape: [], dtype: 'int64', values: [N] }]);
  });

  it('refuse extents that are not 1, and axes that stand twice or outside', () => {
    expect(() => runOperator('Squeeze', [[2, 3], integers(0)])).toThrow(/axis 0 is taken out: 2 and 1 differ/);
    expect(() => runOperator('Unsqueeze', [[2], integers(0, -3)])).toThrow(/twice|outside/);
    expect(() => runOperator('Unsqueeze', [[2], integers(5)])).toThrow(/axis 5 is outside a tensor of 2 axes/);
  });

  it('keep the number of axes where data decides which', () => {
    const axes: TensorType = { shape: [1], dtype: 'int64' };
    expect(runOperator('Squeeze', [[2, 1, 3], axes]).shape).toHaveLength(2);
    expect(runOperator('Unsqueeze', [[2, 3], axes]).shape).toHaveLength(3);
  });
});

describe('Expand', () => {
  it('broadcasts both ways', () => {
    expect(runOperator('Expand', [[3, 1], integers(2, 1, 6)]).shape).toEqual([2, 3, 6]);
    expect(runOperator('Expand', [[1, 4], known([N, 1])]).shape).toEqual([N, 4]);
    expect(() => runOperator('Expand', [[3, 2], integers(4)])).toThrow(/do not broadcast/);
  });

  it('follows contents, and keeps the axes where the shape depends on data', () => {
    expect(valuesOf('Expand', [integers(7), integers(3)])).toEqual([7, 7, 7]);
    const { shape } = runOperator('Expand', [[3, 1], { shape: [2], dtype: 'int64' }]);
    expect([shape.length, shape[0]]).toEqual([2, 3]);
  });
});

describe('Tile', () => {
  it('repeats along every axis', () => {
    expect(runOperator('Tile', [[N, 3], integers(2, 4)]).shape).toEqual([multiply(N, 2), 12]);
    expect(runOperator('Tile', [[2, 3], known([N, 1])]).shape).toEqual([multiply(N, 2), 3]);
    expect(valuesOf('Tile', [integers(1, 2), integers(2)])).toEqual([1, 2, 1, 2]);
    expect(() => runOperator('Tile', [[2, 3], integers(2)])).toThrow(/1 repeats do not fit 2 axes/);
  });

  it('repeats along one axis in opset 1', () => {
    const scalar = (value: number): TensorType => ({ shape: [1], dtype: 'int64', values: [value] });
    expect(runOperator('Tile', [[2, 3], scalar(5), scalar(1)], {}, { opset: 1 }).shape).toEqual([2, 15]);
  });

  it('never holds what is large', () => {
    const { shape, outputs } = runOperator('Tile', [integers(1), integers(10 ** 12)]);
    expect(shape).toEqual([10 ** 12]);
    expect(outputs[0]?.values).toBeUndefined();
  });
});

describe('Range', () => {
  const scalar = (value: TensorType['shape'][number], dtype: TensorType['dtype'] = 'int64'): TensorType => ({
    shape: [],
    dtype,
    values: [value],
  });
  const range = (start: TensorType, limit: TensorType, delta: TensorType) =>
    runOperator('Range', [start, limit, delta]);

  it('counts up and down, and stops before the limit', () => {
    expect(range(scalar(3), scalar(9), scalar(3)).outputs[0]).toEqual({ shape: [2], dtype: 'int64', values: [3, 6] });
    expect(range(scalar(10), scalar(4), scalar(-2)).outputs[0]?.values).toEqual([10, 8, 6]);
    expect(range(scalar(1), scalar(1), scalar(1)).shape).toEqual([0]);
    const [start, limit, delta] = [scalar(0, 'fp32'), scalar(1, 'fp32'), scalar(0.25, 'fp32')];
    expect(range(start, limit, delta).outputs[0]?.values).toEqual([0, 0.25, 0.5, 0.75]);
  });

  it('counts to open dimensions', () => {
    expect(range(scalar(0), scalar(S), scalar(1)).shape).toEqual([S]);
    expect(range(scalar(S), scalar(0), scalar(-1)).shape).toEqual([S]);
    expect(range(scalar(S), scalar(S), scalar(1)).shape).toEqual([0]);
    expect(range(scalar(0), { shape: [], dtype: 'int64' }, scalar(1)).shape[0]).toEqual(symbol('the.node.count'));
  });

  it('costs a product and a sum per number, and refuses a step of 0', () => {
    expect(range(scalar(0), scalar(S), scalar(1)).work.flops).toEqual(multiply(S, 2));
    expect(() => range(scalar(0), scalar(4), scalar(0))).toThrow(/a step of 0/);
    expect(range(scalar(0), scalar(10 ** 12), scalar(1)).outputs[0]?.values).toBeUndefined();
  });
});
