import { describe, expect, it } from 'vitest';
import { N, perItem, runOperator } from './one-operator.ts';

describe('Gemm', () => {
  it('the classifier of MobileNetV2: 1280 x 1000 MACs, and 1000 additions of the bias', () => {
    const { shape, work, class: kind } = runOperator('Gemm', [[N, 1280], [1000, 1280], [1000]], { transB: 1 });
    expect(shape).toEqual([N, 1000]);
    expect(work.macs).toEqual(perItem(1_280_000));
    expect(work.flops).toEqual(perItem(2_561_000));
    expect(kind).toBe('linear');
  });

  it('C broadcasts to the output; adding it is one operation per output', () => {
    for (const addend of [[], [1], [3], [N, 1], [1, 3], [N, 3]]) {
      expect(runOperator('Gemm', [[N, 4], [4, 3], addend]).work.flops).toEqual(perItem(24 + 3));
    }
    expect(() => runOperator('Gemm', [[N, 4], [4, 3], [4]])).toThrow(/C of shape 4 does not broadcast to N×3/);
  });

  it('factors other than 1 cost one operation per element', () => {
    const { work } = runOperator(
      'Gemm',
      [
        [N, 4],
        [4, 3],
        [N, 3],
      ],
      { alpha: 0.5, beta: 2 },
    );
    expect(work.flops).toEqual(perItem(24 + 3 + 3 + 3));
  });

  it.each([
    // 6 x 5 (K = 4) however the operands are stored: 120 MACs.
    [[6, 4], [4, 5], 0, 0],
    [[4, 6], [4, 5], 1, 0],
    [[6, 4], [5, 4], 0, 1],
    [[4, 6], [5, 4], 1, 1],
  ])('%j by %j with transA %d and transB %d', (a, b, transA, transB) => {
    const { shape, work } = runOperator('Gemm', [a, b], { transA, transB });
    expect(shape).toEqual([6, 5]);
    expect(work.macs).toEqual(120);
    expect(work.flops).toEqual(240);
  });

  it('puts the batch in the rows, transposed or not', () => {
    expect(
      runOperator(
        'Gemm',
        [
          [8, N],
          [8, 2],
        ],
        { transA: 1 },
      ),
    ).toMatchObject({
      shape: [N, 2],
      work: { macs: perItem(16) },
    });
    // 197 tokens of each image are rows: 197 x 192 x 576.
    const tokens = runOperator('Gemm', [
      [perItem(197), 192],
      [192, 576],
    ]);
    expect(tokens.shape).toEqual([perItem(197), 576]);
    expect(tokens.work.macs).toEqual(perItem(197 * 192 * 576));
  });

  it.each([
    [
      'inner extents that differ',
      [
        [N, 4],
        [5, 3],
      ],
      {},
      /inner extents: 4 and 5 differ/,
    ],
    [
      'the same, but for a transpose',
      [
        [N, 4],
        [4, 3],
      ],
      { transB: 1 },
      /inner extents: 4 and 3 differ/,
    ],
    [
      'more than two axes',
      [
        [N, 2, 4],
        [4, 3],
      ],
      {},
      /expected two matrices/,
    ],
  ])('refuses %s, and names the node', (_, operands, attributes, message) => {
    expect(() => runOperator('Gemm', operands, attributes)).toThrow(
      expect.objectContaining({ code: 'operator', path: 'the.node', message: expect.stringMatching(message) }),
    );
  });
});
