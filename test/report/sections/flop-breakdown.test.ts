import { describe, expect, it } from 'vitest';
import { timeByClass } from '../../../src/report/figures/kernels.ts';
import { section } from '../../../src/report/sections/flop-breakdown.ts';
import { build, expectSound, prose, reference, rowsByModel, single, table, tables } from './study-fixture.ts';

const sharesOf = (row: Readonly<Record<string, unknown>>) =>
  Object.entries(row)
    .filter(([key]) => key !== 'model' && key !== 'total')
    .reduce((sum, [, value]) => sum + Number(value), 0);

describe('flop-breakdown', () => {
  it('is sound on every study', () => expectSound(section));

  it('shares add up to one in every table', () => {
    const blocks = tables(build(section, reference));
    expect(blocks.length).toBe(4);
    for (const { rows } of blocks) for (const row of rows) expect(sharesOf(row)).toBeCloseTo(1, 9);
  });

  it('has the depthwise MACs of MobileNetV2 as worked by hand', () => {
    // Expanded channels, kernel 3 x 3, output positions: table 2 of the paper at 224 x 224.
    const layers: readonly (readonly [number, number, number])[] = [
      [32, 112, 1],
      [96, 56, 1],
      [144, 56, 1],
      [144, 28, 1],
      [192, 28, 2],
      [192, 14, 1],
      [384, 14, 4],
      [576, 14, 2],
      [576, 7, 1],
      [960, 7, 3],
    ];
    const macs = layers.reduce((sum, [channels, side, count]) => sum + channels * side * side * 9 * count, 0);
    const { row } = rowsByModel(reference, table(build(section, reference), 'breakdown-macs')).find(
      ({ model }) => model.name === 'mobilenet_v2',
    ) as { row: Readonly<Record<string, unknown>> };
    expect(Number(row['depthwise-conv']) * Number(row.total)).toBeCloseTo(macs, 3);
  });

  it('accounts for the whole latency before the power cap', () => {
    for (const device of reference.devices) {
      for (const model of reference.models) {
        const cell = reference.cell(model, device);
        const { seconds, launchSeconds, totalSeconds } = timeByClass(reference, cell);
        const sum = [...seconds.values()].reduce((a, b) => a + b, launchSeconds);
        expect(sum / cell.estimate.unstretchedSeconds).toBeCloseTo(1, 9);
        expect(totalSeconds / cell.estimate.unstretchedSeconds).toBeCloseTo(1, 9);
      }
    }
  });

  it('says so where no model has depthwise convolutions', () => {
    expect(prose(build(section, single))).toContain('No model of this study has depthwise convolutions.');
  });
});
