import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/ir/graph.ts';
import { buildMaxVit } from '../../src/zoo/maxvit.ts';
import { part } from './part.ts';

describe('MaxViT', () => {
  const graph = buildMaxVit('maxvit_t', { form: 'torchvision', window: 7 });

  it('attends over blocks and over a grid at the same cost', () => {
    // 56 x 56 positions of 64 channels in windows of 49.
    const macs = 56 ** 2 * (4 * 64 ** 2 + 2 * 49 * 64);
    expect(part(graph, 'stage1.0.block.attn').macs).toBe(macs);
    expect(part(graph, 'stage1.0.grid.attn').macs).toBe(macs);
  });

  it('expands what comes out, or, as timm does, what goes in', () => {
    // From 64 to 128 channels, 56 to 28: 1x1 to 4 x 128, depthwise, squeeze to 32 and back, 1x1, and the shortcut.
    const squeeze = 2 * 512 * 32;
    expect(part(graph, 'stage2.0.conv').macs).toBe(
      64 * 512 * 56 ** 2 + (9 * 512 + 512 * 128 + 64 * 128) * 28 ** 2 + squeeze,
    );
    const own = buildMaxVit('maxvit_tiny_rw_224', { form: 'rw', window: 7 });
    expect(part(own, 'stage2.0.conv').macs).toBe(
      64 * 256 * 56 ** 2 + (9 * 256 + 256 * 128 + 64 * 128) * 28 ** 2 + 2 * 256 * 16,
    );
  });

  it('scales scores by all channels, or, as timm does, by those of a head', () => {
    const scale = (from: Graph) =>
      from.initializers.find(({ name }) => name === 'stage1.0.block.attn.scale.factor')?.values?.[0];
    expect(scale(graph)).toBe(64 ** -0.5);
    expect(scale(buildMaxVit('m', { form: 'tf', window: 7 }))).toBe(Math.fround(32 ** -0.5));
  });

  it('counts what timm prints once its look-up of biases is added', () => {
    // Two products for each head of two attentions: 49 x 13 outputs over 13 rows, then 49 x 49 over 13 columns.
    const heads = 2 * (2 * 2 + 2 * 4 + 5 * 8 + 2 * 16);
    const { activationElements } = part(buildMaxVit('m', { form: 'tf', window: 7 }), '');
    expect(((activationElements + heads * (49 * 13 + 49 * 49)) / 1e6).toFixed(2)).toBe('35.78');
    expect(heads * 13 * (49 * 13 + 49 * 49)).toBe(6_634_992);
  });

  it('takes multiples of its window at the last stride', () => {
    expect(() => buildMaxVit('m', { form: 'torchvision', window: 7 }, { resolution: 256 })).toThrow(
      /nearest: 224 or 448/,
    );
    expect(part(buildMaxVit('m', { form: 'rw', window: 8 }, { resolution: 512 }), 'head').macs).toBe(512 * 1000);
  });
});
