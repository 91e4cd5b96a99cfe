import { describe, expect, it } from 'vitest';
import type { TensorType } from '../../src/ops/definition.ts';
import { symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

/** 288 elements per item. */
const FEATURE = [N, 8, 6, 6];
const VECTORS = [[8], [8], [8], [8]];

describe('BatchNormalization', () => {
  const run = (opset: number, attributes: Readonly<Record<string, number>> = {}, outputs = 1) =>
    runOperator('BatchNormalization', [FEATURE, ...VECTORS], attributes, { opset, outputs });

  it.each([1, 6, 7, 9, 14, 15])('costs 2 per element at inference in opset %d', (opset) => {
    const { shape, work } = run(opset, opset < 7 ? { is_test: 1 } : {});
    expect(shape).toEqual(FEATURE);
    expect(work.flops).toEqual(perItem(576));
    expect(work.fvcoreCount).toEqual(perItem(576));
  });

  it.each([
    [7, {}, 5],
    [9, {}, 3],
    [15, { training_mode: 1 }, 3],
  ])('in training, opset %d, takes the statistics of the batch', (opset, attributes, outputs) => {
    const result = run(opset, attributes, outputs);
    expect(result.outputs.map((type) => type?.shape)).toEqual([FEATURE, ...Array(outputs - 1).fill([8])]);
    // 7 per element; per channel 5, and 3 for each running statistic.
    expect(String(result.work.flops)).toBe('2016*N + 88');
    expect(result.work.transcendentals).toBe(32);
  });

  it('spatial = 0 has a channel for every place', () => {
    const places = Array.from({ length: 4 }, () => [8, 6, 6]);
    expect(runOperator('BatchNormalization', [FEATURE, ...places], { spatial: 0 }, { opset: 7 }).shape).toEqual(
      FEATURE,
    );
    expect(() => runOperator('BatchNormalization', [FEATURE, ...places], {}, { opset: 7 })).toThrow(/scale/);
  });

  it('refuses vectors of another length, and missing ones', () => {
    expect(() => runOperator('BatchNormalization', [FEATURE, [8], [8], [7], [8]])).toThrow(/mean.*8 and 7/);
    expect(() => runOperator('BatchNormalization', [FEATURE, [8], [8], [8]])).toThrow(/input 4 is missing/);
  });

  it('learns open channels from its vectors', () => {
    const { shape } = runOperator('BatchNormalization', [[N, symbol('C'), 6], ...VECTORS]);
    expect(shape).toEqual([N, symbol('C'), 6]);
  });
});

describe('InstanceNormalization', () => {
  it('costs 7 per element and 5 per channel of an item', () => {
    const { work } = runOperator('InstanceNormalization', [FEATURE, [8], [8]]);
    expect(work.flops).toEqual(perItem(7 * 288 + 5 * 8));
    expect(work.transcendentals).toEqual(perItem(32));
    expect(work.fvcoreCount).toEqual(perItem(5 * 288));
  });

  it('refuses a scale of another length', () => {
    expect(() => runOperator('InstanceNormalization', [FEATURE, [7], [8]])).toThrow(/scale: 8 and 7/);
  });
});

describe('GroupNormalization', () => {
  const run = (groups: number, scales: number, opset: number) =>
    runOperator('GroupNormalization', [FEATURE, [scales], [scales]], { num_groups: groups }, { opset });

  it('has scales per group in opset 18 and per channel from 21 on', () => {
    // 4 groups per item.
    for (const { shape, work } of [run(4, 4, 18), run(4, 8, 21)]) {
      expect(shape).toEqual(FEATURE);
      expect(work.flops).toEqual(perItem(7 * 288 + 5 * 4));
    }
    expect(() => run(4, 8, 18)).toThrow(/scale: 4 and 8/);
    expect(() => run(4, 4, 21)).toThrow(/scale: 8 and 4/);
  });

  it('refuses groups that do not divide the channels', () => {
    expect(() => run(3, 8, 21)).toThrow('8 channels do not divide into 3 groups');
    expect(() => run(0, 8, 21)).toThrow(/num_groups is 0/);
  });
});

describe('RMSNormalization', () => {
  it('costs 4 per element and 4 per row, and hands out the type of the scale', () => {
    const scale: TensorType = { shape: [16], dtype: 'fp16' };
    const { outputs, work } = runOperator('RMSNormalization', [[N, 10, 16], scale]);
    expect(outputs[0]).toEqual({ shape: [N, 10, 16], dtype: 'fp16' });
    expect(work.flops).toEqual(perItem(640 + 40));
    expect(work.transcendentals).toEqual(perItem(30));
  });

  it('over the last two axes it is one row per item', () => {
    const { work } = runOperator(
      'RMSNormalization',
      [
        [N, 10, 16],
        [10, 16],
      ],
      { axis: 1 },
    );
    expect(work.flops).toEqual(perItem(644));
  });

  it('refuses a scale that does not broadcast', () => {
    expect(() => runOperator('RMSNormalization', [[N, 10, 16], [8]])).toThrow(/scale of 8 does not broadcast/);
  });
});

describe('normalizations without learned scales', () => {
  it('LRN: the window, and 4 around it', () => {
    const { work } = runOperator('LRN', [FEATURE], { size: 5 });
    expect(work.flops).toEqual(perItem(9 * 288));
    expect(work.transcendentals).toEqual(perItem(2 * 288));
    expect(() => runOperator('LRN', [FEATURE], { size: 0 })).toThrow(/size is 0/);
  });

  it('LpNormalization: a root per row where p is 2', () => {
    const run = (p: number) => runOperator('LpNormalization', [FEATURE], { p, axis: 1 }).work;
    // 36 rows of 8 per item.
    expect(run(2).flops).toEqual(perItem(3 * 288 + 36));
    expect(run(2).transcendentals).toEqual(perItem(288 + 36));
    expect(run(1).flops).toEqual(perItem(3 * 288));
    expect(() => run(3)).toThrow(/p is 3/);
  });

  it('MeanVarianceNormalization: over items, height and width unless stated', () => {
    // One group per channel, whatever the batch.
    expect(String(runOperator('MeanVarianceNormalization', [FEATURE]).work.flops)).toBe('1440*N + 40');
    const { work } = runOperator('MeanVarianceNormalization', [FEATURE], { axes: [2, 3] });
    expect(work.flops).toEqual(perItem(5 * 288 + 5 * 8));
    expect(work.fvcoreCount).toEqual(perItem(4 * 288));
  });
});
