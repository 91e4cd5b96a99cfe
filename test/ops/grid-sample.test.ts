import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const FEATURE = [N, 8, 6, 6];
const GRID = [N, 4, 5, 2];

describe('GridSample', () => {
  it('bilinear: 7 per output, and the places whatever the channels', () => {
    const { shape, work } = runOperator('GridSample', [FEATURE, GRID], { mode: 'linear' });
    expect(shape).toEqual([N, 8, 4, 5]);
    // 160 outputs; at each of 20 places 2 x (4 + 3) for the axes and 4 products of weights.
    expect(work.flops).toEqual(perItem(160 * 7 + 20 * 18));
    expect(work.fvcoreCount).toEqual(perItem(4 * 160));
  });

  it('nearest takes no sums; corners that are aligned save 2 operations on each axis', () => {
    const flops = (attributes: Readonly<Record<string, string | number>>) =>
      runOperator('GridSample', [FEATURE, GRID], attributes).work.flops;
    expect(flops({ mode: 'nearest' })).toEqual(perItem(20 * 10));
    expect(flops({ mode: 'nearest', align_corners: 1 })).toEqual(perItem(20 * 6));
  });

  it('bicubic, by its name of opset 16 too', () => {
    // 16 neighbours: 31 per output; per place 2 x (4 + 27) and 16 products.
    const expected = perItem(160 * 31 + 20 * 78);
    expect(runOperator('GridSample', [FEATURE, GRID], { mode: 'cubic' }).work.flops).toEqual(expected);
    const before = runOperator('GridSample', [FEATURE, GRID], { mode: 'bicubic' }, { opset: 16 });
    expect(before.work.flops).toEqual(expected);
  });

  it('volumes (opset 20): 8 neighbours', () => {
    const { shape, work } = runOperator('GridSample', [
      [N, 2, 6, 6, 6],
      [N, 3, 3, 3, 3],
    ]);
    expect(shape).toEqual([N, 2, 3, 3, 3]);
    expect(work.flops).toEqual(perItem(54 * 15 + 27 * (3 * 7 + 16)));
  });

  it('refuses a grid that does not fit', () => {
    expect(() => runOperator('GridSample', [FEATURE, [N, 4, 5, 3]])).toThrow();
    expect(() => runOperator('GridSample', [FEATURE, [N, 4, 2]])).toThrow(/a grid of 3 axes/);
    expect(() => runOperator('GridSample', [FEATURE, GRID], { mode: 'area' })).toThrow(/area/);
  });
});

describe('AffineGrid', () => {
  it('2 products and 2 additions per coordinate', () => {
    const size = { shape: [4], dtype: 'int64', values: [N, 3, 5, 7] } as const;
    const { shape, work } = runOperator('AffineGrid', [[N, 2, 3], size]);
    expect(shape).toEqual([N, 5, 7, 2]);
    expect(work.flops).toEqual(perItem(5 * 7 * 2 * 4));
  });

  it('keeps the rank where data decides the size', () => {
    const { shape } = runOperator('AffineGrid', [[N, 3, 4], { shape: [5], dtype: 'int64' }]);
    expect(shape).toHaveLength(5);
    expect(shape[4]).toBe(3);
  });
});

describe('images', () => {
  const stated = (...values: readonly number[]) => ({ shape: [values.length], dtype: 'int64', values }) as const;

  it('Col2Im adds every element of the blocks', () => {
    const { shape, work } = runOperator('Col2Im', [[N, 36, 16], stated(5, 5), stated(2, 2)]);
    expect(shape).toEqual([N, 9, 5, 5]);
    expect(work.flops).toEqual(perItem(36 * 16));
    expect(() => runOperator('Col2Im', [[N, 35, 16], stated(5, 5), stated(2, 2)])).toThrow(/35 columns/);
    expect(() => runOperator('Col2Im', [[N, 36, 15], stated(5, 5), stated(2, 2)])).toThrow(/15/);
  });

  it('CenterCropPad cuts and fills up', () => {
    const { shape, work } = runOperator('CenterCropPad', [FEATURE, stated(4, 8)], { axes: [2, -1] });
    expect(shape).toEqual([N, 8, 4, 8]);
    // Of 6 x 6 the middle 4 x 6 are read.
    expect(work.reads).toEqual([perItem(8 * 4 * 6)]);
    expect(() => runOperator('CenterCropPad', [FEATURE, stated(4)], { axes: [2, 3] })).toThrow(/1 extents/);
  });

  it('ImageDecoder: the size stands in the image', () => {
    const decoded = runOperator('ImageDecoder', [{ shape: [N], dtype: 'uint8' }], { pixel_format: 'Grayscale' });
    expect(decoded.outputs).toEqual([
      { shape: [symbol('the.node.height'), symbol('the.node.width'), 1], dtype: 'uint8' },
    ]);
    expect(decoded.work.treatment.kind).toBe('approximated');
  });

  it('NonMaxSuppression: as many boxes as data decides, an overlap for each score', () => {
    const most = { shape: [], dtype: 'int64', values: [5] } as const;
    const { shape, work } = runOperator('NonMaxSuppression', [[N, 20, 4], [N, 3, 20], most]);
    expect(shape).toEqual([symbol('the.node.count'), 3]);
    expect(work.flops).toEqual(perItem(60 * 17));
    expect(work.treatment.kind).toBe('approximated');
    const none = runOperator('NonMaxSuppression', [
      [N, 20, 4],
      [N, 3, 20],
    ]);
    expect(none.shape).toEqual([0, 3]);
    expect(() =>
      runOperator('NonMaxSuppression', [
        [N, 20, 4],
        [N, 3, 21],
      ]),
    ).toThrow(/20 and 21/);
  });
});
