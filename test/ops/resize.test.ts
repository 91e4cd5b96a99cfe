import { describe, expect, it } from 'vitest';
import type { TensorType } from '../../src/ops/definition.ts';
import { floorDivide, multiply, symbol } from '../../src/units/integer.ts';
import { integers, N, perItem, runOperator } from './one-operator.ts';

const FEATURE = [N, 8, 6, 6];
const H = symbol('H');
const floats = (...values: readonly number[]): TensorType => ({ shape: [values.length], dtype: 'fp32', values });
const sizes = (...values: NonNullable<TensorType['values']>): TensorType => ({
  shape: [values.length],
  dtype: 'int64',
  values,
});
const EMPTY = floats();

describe('Resize', () => {
  it('linear on two axes: 4 neighbours, 7 operations per output', () => {
    const { shape, work } = runOperator('Resize', [FEATURE, undefined, floats(1, 1, 2, 2)], { mode: 'linear' });
    expect(shape).toEqual([N, 8, 12, 12]);
    // 8 x 12 x 12 = 1152 outputs; fvcore counts 4 each.
    expect(work.flops).toEqual(perItem(7 * 1152));
    expect(work.fvcoreCount).toEqual(perItem(4 * 1152));
    expect(work.treatment.kind).toBe('costed');
  });

  it('linear on one axis: 2 neighbours; on none it only copies', () => {
    const along = (...scales: readonly number[]) =>
      runOperator('Resize', [FEATURE, undefined, floats(...scales)], { mode: 'linear' }).work.flops;
    // 8 x 6 x 12 = 576 outputs.
    expect(along(1, 1, 1, 2)).toEqual(perItem(3 * 576));
    expect(along(1, 1, 1, 1)).toBe(0);
  });

  it('cubic on two axes: 16 neighbours, 31 operations', () => {
    const { work } = runOperator('Resize', [FEATURE, undefined, floats(1, 1, 2, 2)], { mode: 'cubic' });
    expect(work.flops).toEqual(perItem(31 * 1152));
  });

  it('nearest moves data, and reads only what it keeps', () => {
    const { shape, work } = runOperator('Resize', [FEATURE, undefined, floats(1, 1, 0.5, 0.5)]);
    expect(shape).toEqual([N, 8, 3, 3]);
    expect(work.flops).toBe(0);
    expect(work.reads).toEqual([perItem(72)]);
  });

  it('rounds extents down', () => {
    expect(runOperator('Resize', [FEATURE, undefined, floats(1, 1, 0.6, 1.3)]).shape).toEqual([N, 8, 3, 7]);
  });

  it('follows open dimensions: whole scales exactly, fractions rounded down', () => {
    const scaled = (scale: number) => runOperator('Resize', [[N, 8, H, 6], undefined, floats(1, 1, scale, 1)]).shape[2];
    expect(scaled(2)).toEqual(multiply(H, 2));
    expect(scaled(1.5)).toEqual(floorDivide(multiply(H, 3), 2));
    expect(scaled(0.6)).toEqual(floorDivide(multiply(H, 3), 5));
    const to = runOperator('Resize', [FEATURE, undefined, undefined, sizes(N, 8, multiply(H, 4), 7)]);
    expect(to.shape).toEqual([N, 8, multiply(H, 4), 7]);
  });

  it('opset 10 has its scales as input 1; an empty list is none', () => {
    expect(runOperator('Resize', [FEATURE, floats(1, 1, 2, 3)], {}, { opset: 10 }).shape).toEqual([N, 8, 12, 18]);
    const empty = runOperator('Resize', [FEATURE, EMPTY, EMPTY, sizes(N, 8, 3, 9)], {}, { opset: 11 });
    expect(empty.shape).toEqual([N, 8, 3, 9]);
  });

  it('opset 18: axes, and sizes that keep the proportions', () => {
    const image = [N, 8, 6, 12];
    const resized = (policy: string) =>
      runOperator('Resize', [image, undefined, undefined, sizes(9, 9)], {
        axes: [2, -1],
        keep_aspect_ratio_policy: policy,
      }).shape;
    expect(resized('stretch')).toEqual([N, 8, 9, 9]);
    // Ratios 1.5 and 0.75: 6 x 0.75 = 4.5 rounds up.
    expect(resized('not_larger')).toEqual([N, 8, 5, 9]);
    expect(resized('not_smaller')).toEqual([N, 8, 9, 18]);
    expect(() => resized('other')).toThrow(/keep_aspect_ratio_policy/);
  });

  it('opset 18: antialiased, a filter as wide as the ratio says', () => {
    const attributes = { mode: 'linear', antialias: 1 };
    const { work } = runOperator('Resize', [FEATURE, undefined, floats(1, 1, 0.5, 0.5)], attributes);
    // Columns first: 8 x 6 x 3 outputs of 4 neighbours, then 8 x 3 x 3.
    expect(work.flops).toEqual(perItem(7 * 144 + 7 * 72));
    expect(work.treatment.kind).toBe('approximated');
  });

  it('a region to crop leaves the extents alone: runtimes scale the whole axis', () => {
    const region = floats(0, 0, 0.25, 0, 1, 1, 0.75, 1);
    const attributes = { mode: 'linear', coordinate_transformation_mode: 'tf_crop_and_resize' };
    const { shape, work } = runOperator('Resize', [FEATURE, region, floats(1, 1, 2, 2)], attributes);
    expect(shape).toEqual([N, 8, 12, 12]);
    expect(work.flops).toEqual(perItem(7 * 1152));
  });

  it('scales that data decides leave open dimensions', () => {
    const { shape } = runOperator('Resize', [FEATURE, undefined, { shape: [4], dtype: 'fp32' }]);
    expect(shape).toHaveLength(4);
    expect(shape[3]).toEqual(symbol('the.node.extent3'));
  });

  it('refuses what does not fit', () => {
    expect(() => runOperator('Resize', [FEATURE, undefined, floats(2, 2)])).toThrow('2 scales, expected 4');
    expect(() => runOperator('Resize', [FEATURE])).toThrow(/neither scales nor sizes/);
    expect(() => runOperator('Resize', [FEATURE, undefined, floats(1, 1, 0, 1)])).toThrow(/scale of 0/);
    expect(() => runOperator('Resize', [FEATURE, undefined, floats(1, 1, 2, 2)], { mode: 'area' })).toThrow(/area/);
    expect(() => runOperator('Resize', [FEATURE, undefined, undefined, integers(1, 8, 0, 3)])).toThrow(/sizes/);
  });
});

describe('Upsample', () => {
  it('scales are two attributes, a list of them, or an input', () => {
    const upsampled = (opset: number, attributes: Readonly<Record<string, number | readonly number[]>>) =>
      runOperator('Upsample', [FEATURE], attributes, { opset }).shape;
    expect(upsampled(1, { height_scale: 2, width_scale: 3 })).toEqual([N, 8, 12, 18]);
    expect(upsampled(7, { scales: [1, 1, 2, 3] })).toEqual([N, 8, 12, 18]);
    expect(runOperator('Upsample', [FEATURE, floats(1, 1, 2, 3)], {}, { opset: 9 }).shape).toEqual([N, 8, 12, 18]);
    expect(() => upsampled(9, {})).toThrow(/scales/);
  });
});
