import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const H = symbol('H');

describe('ConvTranspose', () => {
  it('counts input positions: 64 -> 32 channels, 2x2/2 on 14x14', () => {
    // 14 x 14 x 64 x 32 x 4 = 1,605,632; output 2 x 13 + 2 = 28.
    const operands = [
      [N, 64, 14, 14],
      [64, 32, 2, 2],
    ];
    const { shape, work, class: kind } = runOperator('ConvTranspose', operands, { strides: [2, 2] });
    expect(shape).toEqual([N, 32, 28, 28]);
    expect(work.macs).toEqual(perItem(1_605_632));
    expect(work.flops).toEqual(perItem(3_211_264));
    expect(kind).toBe('transposed-conv');
  });

  it('a bias adds one operation per output element', () => {
    // 4 positions x 2 x 3 x 1 = 24 MACs, 12 outputs.
    const { work } = runOperator('ConvTranspose', [[N, 2, 2, 2], [2, 3, 1, 1], [3]]);
    expect(work.flops).toEqual(perItem(2 * 24 + 12));
  });

  it('groups divide the products', () => {
    // 9 positions x 4 inputs x 2 outputs per group x 9 taps = 648.
    const operands = [
      [N, 4, 3, 3],
      [4, 2, 3, 3],
    ];
    const { shape, work } = runOperator('ConvTranspose', operands, { group: 2 });
    expect(shape).toEqual([N, 4, 5, 5]);
    expect(work.macs).toEqual(perItem(648));
  });

  it.each([
    // 3 x (3 - 1) + 3 = 9 by stride 3 and kernel 3.
    [{}, [9, 9]],
    [{ output_padding: [1, 2] }, [10, 11]],
    [{ pads: [1, 1, 1, 0] }, [7, 8]],
    // Reach 2 x (3 - 1) + 1 = 5.
    [{ dilations: [2, 2] }, [11, 11]],
    [{ auto_pad: 'SAME_UPPER' }, [9, 9]],
    [{ auto_pad: 'VALID', pads: [1, 1, 1, 1] }, [9, 9]],
    [{ output_shape: [10, 8] }, [10, 8]],
    [{ output_shape: [1, 1, 10, 8] }, [10, 8]],
  ])('%o gives %o', (attributes, expected) => {
    const operands = [
      [N, 1, 3, 3],
      [1, 1, 3, 3],
    ];
    const { shape, work } = runOperator('ConvTranspose', operands, { strides: [3, 3], ...attributes });
    expect(shape).toEqual([N, 1, ...expected]);
    expect(work.macs).toEqual(perItem(81));
  });

  it('an open extent is kept', () => {
    const operands = [
      [N, 8, H],
      [8, 4, 4],
    ];
    const { shape } = runOperator('ConvTranspose', operands, { strides: [2], pads: [1, 1] });
    expect(shape.map(String)).toEqual(['N', '4', '2*H']);
  });

  it.each([
    [
      'channels that differ',
      [
        [N, 3, 4],
        [4, 2, 2],
      ],
      {},
      /channels.*3 and 4 differ/,
    ],
    [
      'groups that do not divide',
      [
        [N, 3, 4],
        [3, 2, 2],
      ],
      { group: 2 },
      /do not divide into 2 groups/,
    ],
    [
      'no group',
      [
        [N, 3, 4],
        [3, 2, 2],
      ],
      { group: 0 },
      /group is 0/,
    ],
    [
      'a zero stride',
      [
        [N, 3, 4],
        [3, 2, 2],
      ],
      { strides: [0] },
      /strides \[0\]/,
    ],
    [
      'a cropped nothing',
      [
        [N, 3, 1],
        [3, 2, 2],
      ],
      { pads: [1, 1] },
      /0 positions/,
    ],
    [
      'another window',
      [
        [N, 3, 4],
        [3, 2, 2],
      ],
      { kernel_shape: [3] },
      /kernel_shape.*differ/,
    ],
  ])('refuses %s', (_, operands, attributes, message) => {
    expect(() => runOperator('ConvTranspose', operands, attributes)).toThrow(message);
  });
});
