import { describe, expect, it } from 'vitest';
import type { TensorType } from '../../src/ops/definition.ts';
import { symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const layer = (gates: number, directions = 1) => [
  [7, N, 3],
  [directions, gates * 5, 3],
  [directions, gates * 5, 5],
];

describe('recurrent layers: 7 steps, 3 inputs, 5 hidden', () => {
  it('LSTM: four gates', () => {
    const { outputs, work, class: kind } = runOperator('LSTM', layer(4), { hidden_size: 5 }, { outputs: 3 });
    expect(outputs.map((type) => type?.shape)).toEqual([
      [7, 1, N, 5],
      [1, N, 5],
      [1, N, 5],
    ]);
    // 7 x 4 x 5 x (3 + 5); per hidden element 3 sigmoids of 4, 2 tanh of 1, and 4 to join.
    expect(work.macs).toEqual(perItem(1120));
    expect(work.flops).toEqual(perItem(2240 + 35 * (12 + 2 + 4)));
    expect(work.transcendentals).toEqual(perItem(35 * 8));
    expect(kind).toBe('recurrent');
  });

  it('LSTM: biases, peepholes, clipping, coupled gates, two directions', () => {
    const flops = (extra: readonly (readonly number[] | undefined)[], attributes = {}) =>
      runOperator('LSTM', [...layer(4), ...extra], attributes).work.flops;
    expect(flops([[1, 40]])).toEqual(perItem(2240 + 35 * (18 + 8)));
    expect(flops([undefined, undefined, undefined, undefined, [1, 15]])).toEqual(perItem(2240 + 35 * (18 + 6)));
    expect(flops([], { clip: 3 })).toEqual(perItem(2240 + 35 * (18 + 10)));
    expect(flops([], { input_forget: 1 })).toEqual(perItem(2240 + 35 * (18 - 4 + 1)));
    const { shape, work } = runOperator('LSTM', layer(4, 2), { direction: 'bidirectional' });
    expect(shape).toEqual([7, 2, N, 5]);
    expect(work.flops).toEqual(perItem(2 * (2240 + 35 * 18)));
  });

  it('GRU: three gates', () => {
    const { work } = runOperator('GRU', layer(3));
    // 2 sigmoids, 1 tanh, 5 to join; one more with linear_before_reset.
    expect(work.macs).toEqual(perItem(840));
    expect(work.flops).toEqual(perItem(1680 + 35 * (8 + 1 + 5)));
    expect(runOperator('GRU', layer(3), { linear_before_reset: 1 }).work.flops).toEqual(perItem(1680 + 35 * 15));
  });

  it('RNN: one function, stated or Tanh', () => {
    expect(runOperator('RNN', layer(1)).work.flops).toEqual(perItem(560 + 35));
    expect(runOperator('RNN', layer(1), { activations: ['Sigmoid'] }).work.flops).toEqual(perItem(560 + 35 * 4));
  });

  it('batch first, from opset 14', () => {
    const operands = [[N, 7, 3], ...layer(4).slice(1)];
    const { outputs } = runOperator('LSTM', operands, { layout: 1 }, { outputs: 2 });
    expect(outputs.slice(0, 2).map((type) => type?.shape)).toEqual([
      [N, 7, 1, 5],
      [N, 1, 5],
    ]);
  });

  it('an open number of steps', () => {
    const operands = [[symbol('T'), N, 3], ...layer(4).slice(1)];
    const { shape, work } = runOperator('LSTM', operands);
    expect(shape.map(String)).toEqual(['T', '1', 'N', '5']);
    expect(String(work.macs)).toBe('160*N*T');
  });

  it('lengths of sequences that depend on data are taken to be full, and it says so', () => {
    const lengths: TensorType = { shape: [N], dtype: 'int32' };
    const { work } = runOperator('GRU', [...layer(3), undefined, lengths]);
    expect(work.macs).toEqual(perItem(840));
    expect(work.treatment.kind).toBe('approximated');
    const known: TensorType = { shape: [2], dtype: 'int32', values: [7, 7] };
    const fixed = [[7, 2, 3], ...layer(3).slice(1)];
    expect(runOperator('GRU', [...fixed, undefined, known]).work.treatment.kind).toBe('costed');
  });

  it.each([
    [
      'another number of gates',
      [
        [7, N, 3],
        [1, 15, 3],
        [1, 20, 5],
      ],
      {},
      /4 gates.*15 and 20/,
    ],
    ['another hidden size', layer(4), { hidden_size: 6 }, /hidden_size.*5 and 6/],
    ['another number of directions', layer(4), { direction: 'bidirectional' }, /directions.*1 and 2/],
    ['a function that is not known', layer(4), { activations: ['Cube'] }, /"Cube"/],
  ])('LSTM refuses %s', (_, operands, attributes, message) => {
    expect(() => runOperator('LSTM', operands, attributes)).toThrow(message);
  });
});
