import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import { buildSwin, family } from '../../src/zoo/swin.ts';
import { part } from './part.ts';

const TINY = { channels: 96, depths: [2, 2, 6, 2], heads: [3, 6, 12, 24] } as const;

const attentionMacs = (path: string, resolution?: number): number =>
  part(buildSwin('swin_t', { version: 1, ...TINY, window: 7 }, resolution === undefined ? {} : { resolution }), path)
    .macs;

describe('Swin', () => {
  it('attends inside 64 windows of 7 x 7 in its first stage', () => {
    // 56 x 56 positions of 96 channels: 3 x 96^2 to q, k and v, 96^2 back, and 49 x 96 each for scores and sums.
    const positions = 56 ** 2;
    expect(attentionMacs('stage1.0.attn')).toBe(positions * (4 * 96 ** 2 + 2 * 49 * 96));
    // A shift costs no product.
    expect(attentionMacs('stage1.1.attn')).toBe(attentionMacs('stage1.0.attn'));
  });

  it('pads maps to whole windows', () => {
    // 256 pixels: 64 x 64 positions, padded to 70 x 70 = 100 windows.
    expect(attentionMacs('stage1.0.attn', 256)).toBe(70 ** 2 * (4 * 96 ** 2 + 2 * 49 * 96));
    expect(attentionMacs('stage1.0.mlp', 256)).toBe(64 ** 2 * 8 * 96 ** 2);
  });

  it('does not shift a map that one window covers', () => {
    const { nodes } = buildSwin('swin_t', { version: 1, ...TINY, window: 7 });
    const shifts = (path: string) => nodes.filter(({ name }) => name.startsWith(`${path}.attn.shift`)).length;
    expect(shifts('stage3.1')).toBeGreaterThan(0);
    expect(shifts('stage4.1')).toBe(0);
  });

  it('merges patches of odd maps with a row and a column of zeros', () => {
    // 36 pixels: 9 x 9 positions, 5 x 5 after the merge of 4 x 96 to 2 x 96 channels.
    expect(part(buildSwin('s', { version: 1, ...TINY, window: 7 }, { resolution: 36 }), 'merge1').macs).toBe(
      25 * 384 * 192,
    );
  });

  it('takes images of a single patch', () => {
    const config = { version: 1, ...TINY, window: 7 } as const;
    expect(() => buildSwin('s', config, { resolution: 3 })).toThrow(/nearest: 4/);
    // One position, padded to one window for attention and to 2 x 2 for every merge.
    const graph = buildSwin('s', config, { resolution: 4 });
    expect(part(graph, 'stage1.0.attn').macs).toBe(49 * (4 * 96 ** 2 + 2 * 49 * 96));
    expect(part(graph, 'merge1').macs).toBe(384 * 192);
  });
});

describe('SwinV2', () => {
  it('divides queries and keys by no length of zero, which keys of the padding have', () => {
    const { nodes } = buildSwin('s', { version: 2, ...TINY, window: 8 }, { resolution: 200 });
    const divisors = nodes.filter(({ name }) => /attn\.[qk]\.unit$/.test(name)).map(({ inputs }) => inputs[1]);
    expect(divisors).toHaveLength(2 * 12);
    expect(divisors.every((tensor) => tensor?.endsWith('.divisor:out'))).toBe(true);
  });

  it('counts what torchvision prints once the networks of the biases are added', () => {
    // 15 x 15 relative positions through 2 x 512 and 512 x heads, in blocks of 3, 6, 12 and 24 heads (double in base).
    const blocks = { t: [2, 2, 6, 2], s: [2, 2, 18, 2], b: [2, 2, 18, 2] } as const;
    const printed = { t: '5.940', s: '11.546', b: '20.325' } as const;
    for (const size of ['t', 's', 'b'] as const) {
      const own = family.variants.find(({ name }) => name === `swin_v2_${size}`);
      if (own === undefined) throw new Error('no such SwinV2');
      const networks = blocks[size].reduce(
        (sum, depth, stage) => sum + depth * 225 * (2 * 512 + 512 * (size === 'b' ? 4 : 3) * 2 ** stage),
        0,
      );
      const { macs } = totals(analyzeGraph(own.build()));
      expect(((macs + networks) / 1e9).toFixed(3)).toBe(printed[size]);
    }
  });
});
