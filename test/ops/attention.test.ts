import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const HEADS = [N, 12, 197, 64];

describe('Attention', () => {
  it('the 12 heads of ViT-B at 224: q.k and attn.v', () => {
    const { shape, work, class: kind } = runOperator('Attention', [HEADS, HEADS, HEADS]);
    expect(shape).toEqual(HEADS);
    // 12 x 197 x 197 x (64 + 64) = 59,611,... MACs; per score 5 for the softmax; q and k scaled once each.
    const scores = 12 * 197 * 197;
    expect(work.macs).toEqual(perItem(scores * 128));
    expect(work.flops).toEqual(perItem(2 * scores * 128 + 5 * scores + 2 * 12 * 197 * 64));
    expect(work.transcendentals).toEqual(perItem(2 * scores));
    expect(kind).toBe('attention');
  });

  it('heads beside one another in the last axis, key heads shared, values of another size', () => {
    const attributes = { q_num_heads: 8, kv_num_heads: 2 };
    const operands = [
      [N, 10, 64],
      [N, 20, 16],
      [N, 20, 8],
    ];
    const { shape, work } = runOperator('Attention', operands, attributes);
    expect(shape).toEqual([N, 10, 32]);
    // 8 heads x 10 x 20 x (8 + 4).
    expect(work.macs).toEqual(perItem(19_200));
  });

  it('a cache stands before the keys', () => {
    const past = symbol('P');
    const step = [N, 4, 1, 16];
    const cache = [N, 4, past, 16];
    const operands = [step, step, step, undefined, cache, cache];
    const { outputs, work } = runOperator('Attention', operands, {}, { outputs: 3 });
    expect(outputs[1]?.shape.map(String)).toEqual(['N', '4', 'P + 1', '16']);
    expect(String(work.macs)).toBe('128*N*P + 128*N');
  });

  it('masks, soft cap and windows cost operations per score', () => {
    const flops = (operands: Parameters<typeof runOperator>[1], attributes = {}, opset = 28) =>
      runOperator('Attention', operands, attributes, { opset }).work.flops;
    const small = [N, 1, 4, 2];
    const plain = 2 * 16 * 4 + 5 * 16 + 2 * 8;
    expect(flops([small, small, small])).toEqual(perItem(plain));
    expect(flops([small, small, small, [4, 4]])).toEqual(perItem(plain + 16));
    expect(flops([small, small, small], { softcap: 50 })).toEqual(perItem(plain + 3 * 16));
    expect(flops([small, small, small], { left_window_size: 2 })).toEqual(perItem(plain + 16));
  });

  it('causal attention is counted in full and says so', () => {
    const full = runOperator('Attention', [HEADS, HEADS, HEADS]).work;
    const { work } = runOperator('Attention', [HEADS, HEADS, HEADS], { is_causal: 1 });
    expect(work.macs).toEqual(full.macs);
    expect(work.treatment).toEqual({
      kind: 'approximated',
      reason: 'all scores are counted, those that causal masking hides too',
    });
  });

  it.each([
    [
      'heads that do not share',
      [
        [N, 3, 4, 8],
        [N, 2, 4, 8],
        [N, 2, 4, 8],
      ],
      {},
      /3 query heads.*2 key heads/,
    ],
    [
      'head sizes that differ',
      [
        [N, 2, 4, 8],
        [N, 2, 4, 6],
        [N, 2, 4, 8],
      ],
      {},
      /8 and 6 differ/,
    ],
    [
      'packed heads without their number',
      [
        [N, 4, 8],
        [N, 4, 8],
        [N, 4, 8],
      ],
      {},
      /q_num_heads/,
    ],
    [
      'channels that do not divide',
      [
        [N, 4, 8],
        [N, 4, 8],
        [N, 4, 8],
      ],
      { q_num_heads: 3, kv_num_heads: 3 },
      /3 heads/,
    ],
    [
      'two axes',
      [
        [N, 4],
        [N, 4],
        [N, 4],
      ],
      {},
      /2 axes, expected 3 or 4/,
    ],
  ])('refuses %s', (_, operands, attributes, message) => {
    expect(() => runOperator('Attention', operands, attributes)).toThrow(message);
  });
});

it('FlexAttention scales its scores', () => {
  const small = [N, 1, 4, 2];
  const { shape, work } = runOperator('FlexAttention', [small, small, small], {}, { domain: 'ai.onnx.preview' });
  expect(shape).toEqual(small);
  expect(work.flops).toEqual(perItem(2 * 16 * 4 + 6 * 16));
});

describe('LinearAttention', () => {
  // 2 key heads of 4 x 8, shared by 4 query heads, 5 positions.
  const operands = [[N, 5, 16], [N, 5, 8], [N, 5, 16], undefined, [N, 5, 2], [N, 5, 2]];
  const heads = { q_num_heads: 4, kv_num_heads: 2 };

  it('plain: an update per key head and a read-out per query head', () => {
    const attributes = { ...heads, update_rule: 'linear' };
    const { outputs, work } = runOperator('LinearAttention', operands, attributes, { outputs: 2 });
    expect(outputs.map((type) => type?.shape)).toEqual([
      [N, 5, 32],
      [N, 2, 4, 8],
    ]);
    // 5 x (2 + 4) x 32 MACs; 5 x 32 outputs are scaled.
    expect(work.macs).toEqual(perItem(960));
    expect(work.flops).toEqual(perItem(1920 + 160));
  });

  it('gated delta rule: the state answers the key, fades, and is corrected', () => {
    const { work } = runOperator('LinearAttention', operands, heads);
    expect(work.macs).toEqual(perItem(5 * (2 + 2 + 4) * 32));
    // Beside 160: 5 x 2 x 32 to fade, 10 exponentials, 5 x 2 x 8 x 2 to correct.
    expect(work.flops).toEqual(perItem(2 * 1280 + 160 + 320 + 10 + 160));
    expect(work.transcendentals).toEqual(perItem(10));
  });

  it('refuses a rule that it does not know', () => {
    expect(() => runOperator('LinearAttention', operands, { ...heads, update_rule: 'cubic' })).toThrow(/"cubic"/);
  });
});

describe('RotaryEmbedding', () => {
  const tables = [
    [64, 4],
    [64, 4],
  ];

  it('three operations per rotated element', () => {
    const { shape, work } = runOperator('RotaryEmbedding', [[N, 2, 10, 8], ...tables]);
    expect(shape).toEqual([N, 2, 10, 8]);
    expect(work.flops).toEqual(perItem(3 * 160));
  });

  it('only the first channels of each head', () => {
    const attributes = { num_heads: 2, rotary_embedding_dim: 4 };
    expect(runOperator('RotaryEmbedding', [[N, 10, 16], ...tables], attributes).work.flops).toEqual(perItem(3 * 80));
  });
});
