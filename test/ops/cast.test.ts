/** cast.ts, data-types.ts and identity.ts. */
import { describe, expect, it } from 'vitest';
import { DTYPE_BYTES, type DType } from '../../src/ir/dtype.ts';
import { operatorContext } from '../../src/ops/context.ts';
import { dtypeOfOnnx, onnxOfDtype } from '../../src/ops/data-types.ts';
import type { ValueType } from '../../src/ops/definition.ts';
import { findOperator } from '../../src/ops/lookup.ts';
import { subtract, symbol } from '../../src/units/integer.ts';
import { known, valuesOf } from './followed-values.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const H = symbol('H');
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;
const BOOL = 9;
const FLOAT16 = 10;

describe('element types by number', () => {
  it('there and back', () => {
    for (const dtype of Object.keys(DTYPE_BYTES) as DType[]) {
      if (dtype === 'tf32' || dtype === 'fp8') continue;
      expect(dtypeOfOnnx(onnxOfDtype(dtype))).toBe(dtype);
    }
    expect([1, 7, 9, 16, 17, 22, 23, 24, 26].map(dtypeOfOnnx)).toEqual([
      'fp32',
      'int64',
      'bool',
      'bf16',
      'fp8e4m3fn',
      'int4',
      'fp4e2m1',
      'fp8e8m0',
      'int2',
    ]);
    for (const code of [0, 29, -1, 1.5, Number.NaN]) expect(dtypeOfOnnx(code)).toBeUndefined();
  });
});

describe('Cast', () => {
  it.each([
    [FLOAT16, 'fp16'],
    [16, 'bf16'],
    [17, 'fp8e4m3fn'],
    [21, 'uint4'],
    [23, 'fp4e2m1'],
    [8, 'string'],
  ])('to %d is %s, and moves data without arithmetic', (to, dtype) => {
    const { outputs, work, class: kind } = runOperator('Cast', [[N, 4]], { to });
    expect(outputs[0]).toEqual({ shape: [N, 4], dtype });
    expect(work).toMatchObject({ flops: 0, treatment: { kind: 'costed' } });
    expect(kind).toBe('data-movement');
  });

  it('to the type that it has is free', () => {
    expect(runOperator('Cast', [[N, 4]], { to: FLOAT }).work.treatment.kind).toBe('free');
  });

  it('up to opset 5 the type is a name', () => {
    expect(runOperator('Cast', [[N, 4]], { to: 'INT64' }, { opset: 1 }).outputs[0]?.dtype).toBe('int64');
    expect(() => runOperator('Cast', [[N, 4]], { to: 'REAL' }, { opset: 1 })).toThrow(/"REAL": there is none/);
  });

  it('follows values: toward zero to integers, to 0 and 1 of bool, rounded in floats', () => {
    expect(valuesOf('Cast', [known([2.75, -2.75], 'fp32')], { to: INT64 })).toEqual([2, -2]);
    expect(valuesOf('Cast', [known([0, -3, 0.5], 'fp32')], { to: BOOL })).toEqual([0, 1, 1]);
    expect(valuesOf('Cast', [known([2 ** 24 + 1])], { to: FLOAT })).toEqual([2 ** 24]);
    expect(valuesOf('Cast', [known([2 ** 40])], { to: INT32 })).toBeUndefined();
  });

  it('follows open dimensions', () => {
    expect(valuesOf('Cast', [known([H])], { to: FLOAT })).toEqual([H]);
    expect(valuesOf('Cast', [known([H], 'fp32')], { to: INT64 })).toEqual([H]);
    expect(valuesOf('Cast', [known([H])], { to: BOOL })).toEqual([1]);
    expect(valuesOf('Cast', [known([subtract(H, 1)])], { to: BOOL })).toBeUndefined();
  });

  it('refuses a type that is none, and leaves open what it does not know', () => {
    expect(() => runOperator('Cast', [[2]], { to: 0 })).toThrow(expect.objectContaining({ code: 'operator' }));
    expect(() => runOperator('Cast', [[2]], { to: 99 })).toThrow(expect.objectContaining({ code: 'unknown-type' }));
    expect(() => runOperator('Cast', [[2]])).toThrow(/"to" must be a number/);
  });
});

describe('CastLike and BitCast', () => {
  it('CastLike takes the type of another tensor', () => {
    expect(runOperator('CastLike', [[N, 4], { shape: [1], dtype: 'int32' }]).outputs[0]).toEqual({
      shape: [N, 4],
      dtype: 'int32',
    });
  });

  it('BitCast keeps the bits: free, between types of one width', () => {
    const { outputs, work } = runOperator('BitCast', [[N, 4]], { to: INT32 });
    expect(outputs[0]).toEqual({ shape: [N, 4], dtype: 'int32' });
    expect(work.treatment.kind).toBe('free');
    expect(() => runOperator('BitCast', [[N, 4]], { to: INT64 })).toThrow(/fp32 and int64 are of different widths/);
    expect(() => runOperator('BitCast', [[N, 4]], { to: 8 })).toThrow(/texts/);
  });
});

describe('Identity', () => {
  it('hands on values and costs nothing', () => {
    expect(valuesOf('Identity', [known([1, H])])).toEqual([1, H]);
    expect(runOperator('Identity', [[N, 4]]).work.treatment.kind).toBe('free');
  });

  it('hands on sequences', () => {
    const list: ValueType = { kind: 'sequence', element: { shape: [N], dtype: 'fp32' }, length: 3 };
    const node = { name: 'n', type: 'Identity', domain: '', inputs: ['x'], outputs: ['y'], attributes: {} };
    const context = operatorContext(node, { typeOf: () => list, opset: 16 });
    expect(findOperator('Identity')?.infer(context)).toEqual([list]);
  });
});

describe('Dropout', () => {
  const FEATURE = [N, 100];
  const training = { shape: [], dtype: 'bool', values: [1] } as const;

  it('is free at inference; its mask is bool from opset 10 on', () => {
    const { outputs, work } = runOperator('Dropout', [FEATURE], {}, { outputs: 2 });
    expect(outputs).toEqual([
      { shape: FEATURE, dtype: 'fp32' },
      { shape: FEATURE, dtype: 'bool' },
    ]);
    expect(work.treatment.kind).toBe('free');
    const old = runOperator('Dropout', [FEATURE], { is_test: 1 }, { outputs: 2, opset: 6 });
    expect(old.outputs[1]?.dtype).toBe('fp32');
  });

  it('asked to train is approximated', () => {
    const { work } = runOperator('Dropout', [FEATURE, undefined, training]);
    expect(work.flops).toEqual(perItem(300));
    expect(work.treatment.kind).toBe('approximated');
  });
});
