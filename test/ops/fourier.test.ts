import { describe, expect, it } from 'vitest';
import type { TensorType } from '../../src/ops/definition.ts';
import { symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const scalar = (value: number): TensorType => ({ shape: [], dtype: 'int64', values: [value] });

describe('DFT', () => {
  it('5 n log2 n per complex transform, half for a real one', () => {
    // 5 x 16 x 4 = 320, and three channels.
    const complex = runOperator('DFT', [[N, 16, 3, 2], undefined, scalar(1)]);
    expect(complex.shape).toEqual([N, 16, 3, 2]);
    expect(complex.work.flops).toEqual(perItem(960));
    expect(complex.work.treatment.kind).toBe('approximated');
    const real = runOperator('DFT', [[N, 16, 1], undefined, scalar(1)], { onesided: 1 });
    expect(real.shape).toEqual([N, 9, 2]);
    expect(real.work.flops).toEqual(perItem(160));
  });

  it('the axis is the last but one, up to opset 19 an attribute of 1', () => {
    expect(runOperator('DFT', [[N, 4, 8, 1]], { onesided: 1 }).shape).toEqual([N, 4, 5, 2]);
    expect(runOperator('DFT', [[N, 4, 8, 1]], { onesided: 1 }, { opset: 17 }).shape).toEqual([N, 3, 8, 2]);
  });

  it('a stated length pads or cuts', () => {
    expect(runOperator('DFT', [[N, 10, 1], scalar(16), scalar(1)]).shape).toEqual([N, 16, 2]);
  });

  it('the inverse of half a spectrum is real', () => {
    const { shape } = runOperator('DFT', [[N, 9, 2], undefined, scalar(1)], { onesided: 1, inverse: 1 });
    expect(shape).toEqual([N, 16, 1]);
  });

  it('a length that is open has a shape and no cost', () => {
    expect(() => runOperator('DFT', [[N, symbol('L'), 2]])).toThrow(/length L of the transform is open/);
  });

  it('refuses to transform the parts, and an axis that is not there', () => {
    expect(() => runOperator('DFT', [[N, 8, 2], undefined, scalar(-1)])).toThrow(/real and imaginary/);
    expect(() => runOperator('DFT', [[N, 8, 2], undefined, scalar(5)])).toThrow(/axis 5/);
  });
});

describe('STFT', () => {
  it('frames of a signal, windowed and transformed', () => {
    // floor((64 - 16) / 8) + 1 = 7 frames of 16 products and 160 operations.
    const { shape, work } = runOperator('STFT', [[N, 64, 1], scalar(8), [16], scalar(16)]);
    expect(shape).toEqual([N, 7, 9, 2]);
    expect(work.flops).toEqual(perItem(7 * 176));
  });

  it('both sides, and the length from the window', () => {
    expect(runOperator('STFT', [[N, 64, 1], scalar(8), [16]], { onesided: 0 }).shape).toEqual([N, 7, 16, 2]);
  });

  it('an open signal', () => {
    // (T - 400) / 160 + 1, rounded down.
    const { shape } = runOperator('STFT', [[N, symbol('T'), 1], scalar(160), [400]]);
    expect(shape.map(String)).toEqual(['N', 'floor((T + 80)/160) - 2', '201', '2']);
  });

  it('refuses a step of nothing and a frame longer than the signal', () => {
    expect(() => runOperator('STFT', [[N, 64, 1], scalar(0), [16]])).toThrow(/frame_step is 0/);
    expect(() => runOperator('STFT', [[N, 8, 1], scalar(4), [16]])).toThrow(/shorter than one frame/);
  });
});
