import { describe, expect, it } from 'vitest';
import { multiply, symbol } from '../../src/units/integer.ts';
import { N, runOperator } from './one-operator.ts';

const MAP = [N, 8, 6, 6];
/** The number of regions. */
const R = symbol('R');
const ITEMS = { shape: [R], dtype: 'int64' } as const;

describe('RoiAlign', () => {
  const BINS = { output_height: 2, output_width: 3 };

  it('costs 4 samples of 7 per output, their mean, and 14 per place', () => {
    const { shape, work } = runOperator('RoiAlign', [MAP, [R, 4], ITEMS], { ...BINS, sampling_ratio: 2 });
    expect(shape).toEqual([R, 8, 2, 3]);
    // 48 outputs x (4 x 7 + 3 + 1) and 6 bins x 4 places x 14 per region.
    expect(work.flops).toEqual(multiply(R, 48 * 32 + 24 * 14));
    expect(work.transcendentals).toEqual(multiply(R, 48));
    expect(work.treatment.kind).toBe('costed');
  });

  it('the maximum of the samples takes no division', () => {
    const attributes = { ...BINS, sampling_ratio: 2, mode: 'max' };
    const { work } = runOperator('RoiAlign', [MAP, [R, 4], ITEMS], attributes, { opset: 16 });
    expect(work.flops).toEqual(multiply(R, 48 * 31 + 24 * 14));
    expect(work.transcendentals).toBe(0);
  });

  it('says so where the samples depend on the regions', () => {
    const { work } = runOperator('RoiAlign', [MAP, [R, 4], ITEMS], BINS, { opset: 10 });
    expect(work.treatment).toMatchObject({ kind: 'approximated', reason: expect.stringMatching(/2 x 2/) });
  });

  it('refuses regions of another kind', () => {
    expect(() => runOperator('RoiAlign', [MAP, [R, 5], ITEMS])).toThrow(/5 and 4 differ/);
    expect(() => runOperator('RoiAlign', [MAP, [3, 4], { ...ITEMS, shape: [2] }])).toThrow(/3 and 2 differ/);
    expect(() => runOperator('RoiAlign', [[N, 8, 6], [R, 4], ITEMS])).toThrow(/feature map of 3 axes/);
    expect(() => runOperator('RoiAlign', [MAP, [R, 4], ITEMS], { output_height: 0 })).toThrow(/\[0, 1\]/);
  });
});

describe('MaxRoiPool', () => {
  it('compares at most the whole map for each region, and says so', () => {
    const { shape, work } = runOperator('MaxRoiPool', [MAP, [R, 5]], { pooled_shape: [2, 2] });
    expect(shape).toEqual([R, 8, 2, 2]);
    expect(work.flops).toEqual(multiply(R, 288));
    expect(work.treatment.kind).toBe('approximated');
  });
});
