import { expect, it } from 'vitest';
import { symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

it('CausalConvWithState: one window per channel and position, and the last positions', () => {
  const operands = [[N, 16, 100], [16, 1, 4], [16], [N, 16, 3]];
  const { outputs, work, class: kind } = runOperator('CausalConvWithState', operands, {}, { outputs: 2 });
  expect(outputs.map((type) => type?.shape)).toEqual([
    [N, 16, 100],
    [N, 16, 3],
  ]);
  expect(work.macs).toEqual(perItem(6400));
  expect(work.flops).toEqual(perItem(2 * 6400 + 1600));
  expect(kind).toBe('depthwise-conv');
});

it('CausalConvWithState: silu costs five operations per output', () => {
  const operands = [
    [N, 2, symbol('L')],
    [2, 1, 3],
  ];
  const { work } = runOperator('CausalConvWithState', operands, { activation: 'silu' });
  // 2 x 3 MACs and 2 outputs per position.
  expect(String(work.macs)).toBe('6*L*N');
  expect(String(work.flops)).toBe('22*L*N');
  expect(String(work.transcendentals)).toBe('4*L*N');
});

it.each([
  [
    'another number of channels',
    [
      [N, 3, 9],
      [4, 1, 3],
    ],
    {},
    /channels.*3 and 4 differ/,
  ],
  [
    'a dense weight',
    [
      [N, 4, 9],
      [4, 4, 3],
    ],
    {},
    /4 and 1 differ/,
  ],
  [
    'another activation',
    [
      [N, 4, 9],
      [4, 1, 3],
    ],
    { activation: 'gelu' },
    /"gelu"/,
  ],
])('CausalConvWithState refuses %s', (_, operands, attributes, message) => {
  expect(() => runOperator('CausalConvWithState', operands, attributes)).toThrow(message);
});
