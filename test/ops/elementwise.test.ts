/** activation.ts, arithmetic.ts and batch-normalization.ts: operators that do the same to every element. */
import { describe, expect, it } from 'vitest';
import { N, perItem, runOperator } from './one-operator.ts';

/** 4 x 5 x 5 = 100 elements per item. */
const FEATURE = [N, 4, 5, 5];

describe('activations', () => {
  it.each([
    // [operator, operations and transcendentals per element], by the arithmetic of the definition.
    ['Relu', 1, 0], // max
    ['Clip', 2, 0], // max, min
    ['Sigmoid', 4, 2], // negate, exp, add, divide
    ['HardSigmoid', 4, 0], // multiply, add, max, min
    ['HardSwish', 5, 0], // its hard sigmoid and a product
    ['Swish', 5, 2], // its sigmoid and a product
  ])('%s: %d operations an element, %d of them transcendental', (type, flops, transcendentals) => {
    const { shape, work, class: kind } = runOperator(type, [FEATURE]);
    expect(shape).toEqual(FEATURE);
    expect(work.macs).toEqual(perItem(0));
    expect(work.flops).toEqual(perItem(flops * 100));
    expect(work.transcendentals).toEqual(perItem(transcendentals * 100));
    expect(work.treatment).toEqual({ kind: 'costed' });
    expect(kind).toBe('activation');
  });

  it('Clip costs the same whether its limits are operands or left out', () => {
    expect(runOperator('Clip', [FEATURE, [], []]).work.flops).toEqual(perItem(200));
    expect(runOperator('Clip', [FEATURE, undefined, []]).work.flops).toEqual(perItem(200));
  });

  it('a missing input names the node', () => {
    expect(() => runOperator('Relu', [])).toThrow(expect.objectContaining({ path: 'the.node' }));
  });

  it('the result of an activation is not the constant that went in', () => {
    const { outputs } = runOperator('Relu', [{ shape: [2], dtype: 'fp32', values: [-1, 2] }]);
    expect(outputs[0]?.values).not.toEqual([-1, 2]);
  });
});

describe('Add and Mul', () => {
  it.each(['Add', 'Mul'])('%s is one operation per output element', (type) => {
    const { shape, work, class: kind } = runOperator(type, [FEATURE, FEATURE]);
    expect(shape).toEqual(FEATURE);
    expect(work.flops).toEqual(perItem(100));
    expect(work.macs).toEqual(perItem(0));
    expect(kind).toBe('elementwise');
  });

  it('the gate of squeeze-and-excitation broadcasts over height and width', () => {
    // 96 x 56 x 56 outputs.
    for (const operands of [
      [
        [N, 96, 56, 56],
        [N, 96, 1, 1],
      ],
      [
        [N, 96, 1, 1],
        [N, 96, 56, 56],
      ],
    ]) {
      const { shape, work } = runOperator('Mul', operands);
      expect(shape).toEqual([N, 96, 56, 56]);
      expect(work.flops).toEqual(perItem(301_056));
    }
  });

  it('a learned position embedding broadcasts over the batch', () => {
    const { shape, work } = runOperator('Add', [
      [N, 197, 192],
      [1, 197, 192],
    ]);
    expect(shape).toEqual([N, 197, 192]);
    expect(work.flops).toEqual(perItem(197 * 192));
  });

  it('refuses shapes that do not broadcast, and prints both', () => {
    expect(() =>
      runOperator('Add', [
        [N, 4, 5, 5],
        [N, 4, 6, 6],
      ]),
    ).toThrow(/^the\.node: Add: .*N×4×5×5.*N×4×6×6/);
    // An open extent may also be the 1 that broadcasts.
    expect(
      runOperator('Add', [
        [N, 4],
        [3, 4],
      ]).shape,
    ).toEqual([3, 4]);
  });
});

describe('BatchNormalization', () => {
  const vectors = (channels: number) => [[channels], [channels], [channels], [channels]];

  it('at inference is one product and one addition per element', () => {
    // 64 x 112 x 112 = 802,816 elements.
    const { shape, work, class: kind } = runOperator('BatchNormalization', [[N, 64, 112, 112], ...vectors(64)]);
    expect(shape).toEqual([N, 64, 112, 112]);
    expect(work.macs).toEqual(perItem(0));
    expect(work.flops).toEqual(perItem(1_605_632));
    // fvcore has the same 2 per element in eval mode.
    expect(work.fvcoreCount).toEqual(perItem(1_605_632));
    expect(kind).toBe('normalization');
  });

  it('refuses a scale for another number of channels', () => {
    expect(() => runOperator('BatchNormalization', [[N, 64, 8, 8], ...vectors(32)])).toThrow(
      /^the\.node: BatchNormalization: channels .*scale: 64 and 32 differ/,
    );
  });
});
