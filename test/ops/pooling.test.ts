import { describe, expect, it } from 'vitest';
import type { TensorType } from '../../src/ops/definition.ts';
import { symbol } from '../../src/units/integer.ts';
import { integers, N, perItem, runOperator } from './one-operator.ts';

describe('MaxPool', () => {
  it('after the stem of ResNet: 3x3/2 over 112 is 56, 8 comparisons for each of 64 x 56 x 56 outputs', () => {
    const {
      shape,
      work,
      class: kind,
    } = runOperator('MaxPool', [[N, 64, 112, 112]], {
      kernel_shape: [3, 3],
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    });
    expect(shape).toEqual([N, 64, 56, 56]);
    expect(work.flops).toEqual(perItem(8 * 200_704));
    expect(work.transcendentals).toEqual(perItem(0));
    expect(kind).toBe('pooling');
  });

  it.each([
    // ceil((6 - 3) / 2) + 1 = 3 where the floor gives 2.
    [6, 3, 2, 0, 0, 2],
    [6, 3, 2, 0, 1, 3],
    // Divides evenly: no difference.
    [7, 3, 2, 0, 1, 3],
    // ceil((5 + 2 - 2) / 2) + 1 = 4, but the fourth window would begin at 6 = 5 + 1, in the trailing padding.
    [5, 2, 2, 1, 1, 3],
    [112, 3, 2, 0, 1, 56],
    [112, 3, 2, 0, 0, 55],
  ])('input %d, kernel %d, stride %d, padding %d, ceil_mode %d: %d', (input, kernel, stride, pad, ceil, output) => {
    const { shape } = runOperator('MaxPool', [[N, 1, input, input]], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [pad, pad, pad, pad],
      ceil_mode: ceil,
    });
    expect(shape).toEqual([N, 1, output, output]);
  });

  it('refuses to run without the attribute that it needs', () => {
    expect(() => runOperator('MaxPool', [[N, 1, 8, 8]])).toThrow(/^the\.node: MaxPool: .*"kernel_shape"/);
  });

  it('refuses a window for another rank', () => {
    expect(() => runOperator('MaxPool', [[N, 1, 8, 8]], { kernel_shape: [2] })).toThrow(/^the\.node: MaxPool: /);
  });
});

describe('AveragePool', () => {
  it('costs one addition less than the window, and a division', () => {
    // 2x2/2 over 8x8: 16 outputs x 3 channels; 3 additions + 1 division each.
    const { shape, work } = runOperator('AveragePool', [[N, 3, 8, 8]], { kernel_shape: [2, 2], strides: [2, 2] });
    expect(shape).toEqual([N, 3, 4, 4]);
    expect(work.flops).toEqual(perItem(4 * 48));
    expect(work.transcendentals).toEqual(perItem(48));
  });
});

describe('MaxPool, AveragePool and LpPool over any number of axes', () => {
  it('gives the positions of the maxima as int64 when asked', () => {
    const { outputs } = runOperator('MaxPool', [[N, 3, 8]], { kernel_shape: [2], strides: [2] }, { outputs: 2 });
    expect(outputs).toEqual([
      { shape: [N, 3, 4], dtype: 'fp32' },
      { shape: [N, 3, 4], dtype: 'int64' },
    ]);
  });

  it('a norm of order 2 squares, adds and takes the root', () => {
    // 2x2x2/2 over 4x4x4: 8 outputs, each 8 squares, 7 additions, 1 root.
    const { shape, work } = runOperator('LpPool', [[N, 1, 4, 4, 4]], { kernel_shape: [2, 2, 2], strides: [2, 2, 2] });
    expect(shape).toEqual([N, 1, 2, 2, 2]);
    expect(work.flops).toEqual(perItem(128));
    expect(work.transcendentals).toEqual(perItem(8));
  });

  it('a dilated window reaches further and costs the same', () => {
    const { shape, work } = runOperator('AveragePool', [[N, 1, 8]], { kernel_shape: [3], dilations: [2] });
    expect(shape).toEqual([N, 1, 4]);
    expect(work.flops).toEqual(perItem(12));
  });
});

describe('MaxUnpool', () => {
  const operands = [[N, 2, 3, 3], { shape: [N, 2, 3, 3], dtype: 'int64' } as const];
  const attributes = { kernel_shape: [2, 2], strides: [2, 2] };

  it('undoes the extents of the pooling, or takes the stated ones', () => {
    expect(runOperator('MaxUnpool', operands, attributes).shape).toEqual([N, 2, 6, 6]);
    expect(runOperator('MaxUnpool', [...operands, integers(1, 2, 7, 7)], attributes).shape).toEqual([1, 2, 7, 7]);
  });
});

describe('GlobalMaxPool', () => {
  it('costs one comparison less than there are positions', () => {
    expect(runOperator('GlobalMaxPool', [[N, 4, 3, 3]]).work.flops).toEqual(perItem(32));
  });
});

describe('GlobalAveragePool', () => {
  it('of the head of MobileNetV2: 1280 means of 49', () => {
    const { shape, work } = runOperator('GlobalAveragePool', [[N, 1280, 7, 7]]);
    expect(shape).toEqual([N, 1280, 1, 1]);
    // 48 additions and a division for each: 49 x 1280.
    expect(work.flops).toEqual(perItem(62_720));
    expect(work.transcendentals).toEqual(perItem(1280));
    expect(work.fvcoreCount).toEqual(perItem(62_720));
  });

  it('over one or three spatial axes', () => {
    expect(runOperator('GlobalAveragePool', [[N, 8, 50]]).shape).toEqual([N, 8, 1]);
    expect(runOperator('GlobalAveragePool', [[N, 8, 5, 5, 5]]).shape).toEqual([N, 8, 1, 1, 1]);
  });
});

describe('ReduceMean', () => {
  const FEATURE = [N, 16, 7, 7];

  it.each([
    ['height and width, from the end', [-2, -1], 1, [N, 16, 1, 1], 16],
    ['height and width', [2, 3], 1, [N, 16, 1, 1], 16],
    ['height and width, axes dropped', [2, 3], 0, [N, 16], 16],
    ['channels', [1], 0, [N, 7, 7], 49],
  ])('over %s', (_, axes, keepdims, shape, outputs) => {
    // Axes are an operand from opset 18 on and an attribute before.
    const results = [
      runOperator('ReduceMean', [FEATURE, integers(...axes)], { keepdims }),
      runOperator('ReduceMean', [FEATURE], { axes, keepdims }),
    ];
    for (const result of results) {
      expect(result.shape).toEqual(shape);
      // w - 1 additions and a division per output: as many as there are inputs.
      expect(result.work.flops).toEqual(perItem(784));
      expect(result.work.transcendentals).toEqual(perItem(outputs));
      // fvcore leaves a plain mean out.
      expect(result.work.fvcoreCount ?? result.work.macs).toEqual(perItem(0));
    }
  });

  it('keeps the reduced axes unless told otherwise', () => {
    expect(runOperator('ReduceMean', [FEATURE, integers(2, 3)]).shape).toEqual([N, 16, 1, 1]);
  });

  it('without axes reduces everything, batch included, unless that is switched off', () => {
    expect(runOperator('ReduceMean', [FEATURE]).shape).toEqual([1, 1, 1, 1]);
    expect(runOperator('ReduceMean', [FEATURE], { keepdims: 0 }).shape).toEqual([]);
    expect(runOperator('ReduceMean', [FEATURE], { noop_with_empty_axes: 1 }).shape).toEqual(FEATURE);
  });

  it('keeps the number of axes where data decides which of them go', () => {
    const axes: TensorType = { shape: [2], dtype: 'int64' };
    expect(runOperator('ReduceMean', [FEATURE, axes]).shape).toHaveLength(4);
    expect(runOperator('ReduceMean', [FEATURE, axes], { keepdims: 0 }).shape).toHaveLength(2);
  });

  it('refuses an axis that the tensor does not have', () => {
    expect(() => runOperator('ReduceMean', [FEATURE, integers(4)])).toThrow(/^the\.node/);
  });

  it('with noop_with_empty_axes computes nothing', () => {
    expect(runOperator('ReduceMean', [FEATURE], { noop_with_empty_axes: 1 }).work.flops).toEqual(perItem(0));
  });
});

describe('GlobalLpPool', () => {
  it.each([
    // 9 absolute values and 8 additions; 9 squares, 8 additions and a root; 9 powers more.
    [1, 17, 0],
    [2, 18, 1],
    [3, 27, 10],
  ])('p = %d: %d operations on 9 elements, %d of them transcendental', (p, flops, transcendentals) => {
    const { shape, work } = runOperator('GlobalLpPool', [[N, 4, 3, 3]], { p });
    expect(shape).toEqual([N, 4, 1, 1]);
    expect(work.flops).toEqual(perItem(4 * flops));
    expect(work.transcendentals).toEqual(perItem(4 * transcendentals));
  });
});

describe('open extents with ceil_mode', () => {
  it.each([
    [3, 2, 0, 'floor(H/2)'],
    [3, 2, 1, 'floor(H/2) + 1'],
    // The last window would begin in the trailing padding where H is odd.
    [2, 2, 1, 'floor(H/2) + 1'],
  ])('kernel %d, stride %d, padding %d: %s', (kernel, stride, pad, extent) => {
    const attributes = { kernel_shape: [kernel], strides: [stride], pads: [pad, pad], ceil_mode: 1 };
    expect(runOperator('MaxPool', [[N, 1, symbol('H')]], attributes).shape.map(String)).toEqual(['N', '1', extent]);
  });
});
