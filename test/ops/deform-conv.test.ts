import { expect, it } from 'vitest';
import { N, perItem, runOperator } from './one-operator.ts';

const OPERANDS = [[N, 4, 6, 6], [8, 4, 3, 3], [N, 18, 4, 4], [8], [N, 9, 4, 4]];

it('DeformConv: the products of a convolution, and reading between positions', () => {
  const { shape, work, class: kind } = runOperator('DeformConv', OPERANDS);
  expect(shape).toEqual([N, 8, 4, 4]);
  expect(work.macs).toEqual(perItem(8 * 4 * 9 * 16));
  // 16 x 9 = 144 places of 4 x 2 + 4 = 12 operations; 576 values of 4 + 3 and one for the mask; 128 for the bias.
  expect(work.flops).toEqual(perItem(2 * 4608 + 128 + 144 * 12 + 576 * 8));
  expect(kind).toBe('dense-conv');
});

it('DeformConv without mask and bias, two offset groups', () => {
  const operands = [
    [N, 4, 6, 6],
    [8, 4, 3, 3],
    [N, 36, 4, 4],
  ];
  const { work } = runOperator('DeformConv', operands, { offset_group: 2 });
  expect(work.flops).toEqual(perItem(2 * 4608 + 288 * 12 + 576 * 7));
});

it('DeformConv refuses offsets that do not fit', () => {
  expect(() =>
    runOperator('DeformConv', [
      [N, 4, 6, 6],
      [8, 4, 3, 3],
      [N, 9, 4, 4],
    ]),
  ).toThrow(/offset, axis 1.*9 and 18/);
});
