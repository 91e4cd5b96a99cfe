import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

describe('Conv', () => {
  it('the 7x7/2 stem of ResNet at 224: 64 x 3 x 49 x 112^2 = 118,013,952 MACs', () => {
    // Output extent: floor((224 + 3 + 3 - 7) / 2) + 1 = 111 + 1 = 112.
    const {
      shape,
      work,
      class: kind,
    } = runOperator(
      'Conv',
      [
        [N, 3, 224, 224],
        [64, 3, 7, 7],
      ],
      {
        strides: [2, 2],
        pads: [3, 3, 3, 3],
      },
    );
    expect(shape).toEqual([N, 64, 112, 112]);
    expect(work.macs).toEqual(perItem(118_013_952));
    // 2 x 118,013,952, and no bias.
    expect(work.flops).toEqual(perItem(236_027_904));
    expect(work.transcendentals).toEqual(perItem(0));
    expect(kind).toBe('dense-conv');
  });

  it('a bias adds one operation per output element', () => {
    // 1x1, 24 -> 4 on 1x1 positions: 96 MACs; 4 outputs.
    const { work, class: kind } = runOperator('Conv', [[N, 24, 1, 1], [4, 24, 1, 1], [4]]);
    expect(work.macs).toEqual(perItem(96));
    expect(work.flops).toEqual(perItem(2 * 96 + 4));
    expect(kind).toBe('pointwise-conv');
  });

  it('grouped: divides by the groups (ResNeXt 32x4d, 3x3 of the first stage)', () => {
    // 128 outputs x (128 / 32 = 4) inputs x 9 taps x 56 x 56 = 14,450,688; dense it would be 462,422,016.
    const attributes = { group: 32, pads: [1, 1, 1, 1] };
    const { work, class: kind } = runOperator(
      'Conv',
      [
        [N, 128, 56, 56],
        [128, 4, 3, 3],
      ],
      attributes,
    );
    expect(work.macs).toEqual(perItem(14_450_688));
    expect(kind).toBe('grouped-conv');
  });

  it('depthwise: one filter per channel (MobileNetV2, first block)', () => {
    // 32 channels x 9 taps x 112 x 112 = 3,612,672.
    const attributes = { group: 32, pads: [1, 1, 1, 1] };
    const { work, class: kind } = runOperator(
      'Conv',
      [
        [N, 32, 112, 112],
        [32, 1, 3, 3],
      ],
      attributes,
    );
    expect(work.macs).toEqual(perItem(3_612_672));
    expect(kind).toBe('depthwise-conv');
  });

  it('depthwise with a channel multiplier stays depthwise', () => {
    // 64 outputs x 1 input x 9 x 16 = 9216.
    const {
      shape,
      work,
      class: kind,
    } = runOperator(
      'Conv',
      [
        [N, 32, 6, 6],
        [64, 1, 3, 3],
      ],
      { group: 32 },
    );
    expect(shape).toEqual([N, 64, 4, 4]);
    expect(work.macs).toEqual(perItem(9216));
    expect(kind).toBe('depthwise-conv');
  });

  it('dilation widens the reach and not the work per output', () => {
    // Reach 2 x (3 - 1) + 1 = 5, so 32 - 5 + 1 = 28; 16 x 8 x 9 x 28 x 28 = 903,168.
    const { shape, work } = runOperator(
      'Conv',
      [
        [N, 8, 32, 32],
        [16, 8, 3, 3],
      ],
      { dilations: [2, 2] },
    );
    expect(shape).toEqual([N, 16, 28, 28]);
    expect(work.macs).toEqual(perItem(903_168));
  });

  it('pads are all beginnings, then all ends', () => {
    // Height 10 + 0 + 2 - 3 + 1 = 10, width 10 + 1 + 3 - 3 + 1 = 12.
    const { shape } = runOperator(
      'Conv',
      [
        [N, 1, 10, 10],
        [1, 1, 3, 3],
      ],
      { pads: [0, 1, 2, 3] },
    );
    expect(shape).toEqual([N, 1, 10, 12]);
  });

  it.each([
    // ceil(input / stride), whatever the kernel.
    ['SAME_UPPER', 7, 3, 2, 4],
    ['SAME_LOWER', 224, 3, 2, 112],
    ['SAME_UPPER', 224, 5, 2, 112],
    ['SAME_UPPER', 7, 5, 1, 7],
    // No padding: floor((7 - 3) / 2) + 1.
    ['VALID', 7, 3, 2, 3],
    ['NOTSET', 7, 3, 2, 3],
  ])('auto_pad %s: input %d, kernel %d, stride %d gives %d', (autoPad, input, kernel, stride, output) => {
    const { shape } = runOperator(
      'Conv',
      [
        [N, 1, input, input],
        [1, 1, kernel, kernel],
      ],
      {
        auto_pad: autoPad,
        strides: [stride, stride],
      },
    );
    expect(shape).toEqual([N, 1, output, output]);
  });

  it('a stride that does not divide drops the last columns', () => {
    // floor((8 - 3) / 2) + 1 = 3.
    expect(
      runOperator(
        'Conv',
        [
          [N, 1, 8, 8],
          [1, 1, 3, 3],
        ],
        { strides: [2, 2] },
      ).shape,
    ).toEqual([N, 1, 3, 3]);
  });

  it('runs over any number of spatial axes', () => {
    // 1-D: 100 - 5 + 1 = 96 outputs; 8 x 4 x 5 x 96 = 15,360.
    expect(
      runOperator('Conv', [
        [N, 4, 100],
        [8, 4, 5],
      ]).work.macs,
    ).toEqual(perItem(15_360));
    // 3-D: 8 - 3 + 1 = 6 each way; 2 x 1 x 27 x 216 = 11,664.
    expect(
      runOperator('Conv', [
        [N, 1, 8, 8, 8],
        [2, 1, 3, 3, 3],
      ]).work.macs,
    ).toEqual(perItem(11_664));
  });

  it('different kernels and strides by axis', () => {
    // Height 9 - 1 + 1 = 9 at stride 3 -> 3; width 9 - 7 + 1 = 3; 5 x 2 x 7 x 3 x 3 = 630.
    const { shape, work } = runOperator(
      'Conv',
      [
        [N, 2, 9, 9],
        [5, 2, 1, 7],
      ],
      { strides: [3, 1] },
    );
    expect(shape).toEqual([N, 5, 3, 3]);
    expect(work.macs).toEqual(perItem(630));
  });

  it('a fixed batch makes a fixed count', () => {
    expect(
      runOperator('Conv', [
        [2, 3, 4, 4],
        [5, 3, 1, 1],
      ]).work.macs,
    ).toEqual(2 * 5 * 3 * 16);
  });

  it('keeps the element type of its input', () => {
    const { outputs } = runOperator('Conv', [{ shape: [N, 1, 2, 2], dtype: 'fp16' }, [1, 1, 1, 1]]);
    expect(outputs[0]?.dtype).toBe('fp16');
  });

  it('open extents are kept: 3x3/2 with padding 1', () => {
    const operands = [
      [N, 3, symbol('H'), symbol('W')],
      [8, 3, 3, 3],
    ];
    const { shape } = runOperator('Conv', operands, { strides: [2, 2], pads: [1, 1, 1, 1] });
    expect(shape.map(String)).toEqual(['N', '8', 'floor((H + 1)/2)', 'floor((W + 1)/2)']);
  });

  it('a weight that the model computes may have open channels', () => {
    const operands = [
      [N, 3, 8, 8],
      [symbol('M'), 3, 1, 1],
    ];
    const { shape, work } = runOperator('Conv', operands);
    expect(shape.map(String)).toEqual(['N', 'M', '8', '8']);
    expect(String(work.macs)).toBe('192*M*N');
  });

  it.each([
    [
      'channels that do not fit',
      [
        [N, 3, 8, 8],
        [4, 5, 3, 3],
      ],
      {},
      /3 channels.*5 x 1 groups/,
    ],
    [
      'groups that do not divide the outputs',
      [
        [N, 4, 8, 8],
        [3, 2, 3, 3],
      ],
      { group: 2 },
      /3 output channels.*2 groups/,
    ],
    [
      'a window larger than its input',
      [
        [N, 1, 2, 2],
        [1, 1, 5, 5],
      ],
      {},
      /window of 5.*input of 2/,
    ],
    [
      'a weight with too few axes',
      [
        [N, 1, 8, 8],
        [1, 1, 3],
      ],
      {},
      /4 axes and a weight of 3/,
    ],
    [
      'strides for another rank',
      [
        [N, 1, 8, 8],
        [1, 1, 3, 3],
      ],
      { strides: [2] },
      /2 spatial axes/,
    ],
    [
      'a zero stride',
      [
        [N, 1, 8],
        [1, 1, 3],
      ],
      { strides: [0] },
      /strides \[0\]/,
    ],
    [
      'no group',
      [
        [N, 1, 8],
        [1, 1, 3],
      ],
      { group: 0 },
      /group is 0/,
    ],
    [
      'another window than its weight has',
      [
        [N, 1, 8],
        [1, 1, 3],
      ],
      { kernel_shape: [5] },
      /kernel_shape.*3 and 5/,
    ],
    ['a bias of another size', [[N, 1, 8], [2, 1, 3], [3]], {}, /bias.*3 and 2/],
    ['a missing weight', [[N, 1, 8, 8]], {}, /input 1 is missing/],
    ['a weight that is left out', [[N, 1, 8, 8], undefined], {}, /input 1 is missing/],
    [
      'an attribute of the wrong kind',
      [
        [N, 1, 8, 8],
        [1, 1, 3, 3],
      ],
      { strides: 'two' },
      /"strides" must be a list/,
    ],
  ])('refuses %s, and names the node', (_, operands, attributes, message) => {
    expect(() => runOperator('Conv', operands, attributes)).toThrow(message);
    expect(() => runOperator('Conv', operands, attributes)).toThrow(
      expect.objectContaining({
        code: 'operator',
        path: 'the.node',
        message: expect.stringMatching(/^the\.node: Conv: /),
      }),
    );
  });
});
