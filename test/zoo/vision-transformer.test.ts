import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { buildVisionTransformer } from '../../src/zoo/vision-transformer.ts';
import { perItem } from '../ops/one-operator.ts';
import { part } from './part.ts';

describe('Vision Transformer', () => {
  const config = { patch: 16, channels: 768, depth: 12, heads: 12 };
  const graph = buildVisionTransformer('vit_b_16', config);

  it('has four matrices, their biases and two normalizations per block', () => {
    const d = 768;
    const attention = d * 3 * d + 3 * d + d * d + d;
    const mlp = d * 4 * d + 4 * d + 4 * d * d + d;
    expect(part(graph, 'blocks.0.').params).toBe(attention + mlp + 2 * 2 * d);
  });

  it('multiplies every token with every token, per head and per item of the batch', () => {
    // 12 heads x 197 x 197 tokens x 64 channels, twice.
    const products = analyzeGraph(graph).nodes.filter(({ name }) => /^blocks\.0\.attn\.(scores|mix)$/.test(name));
    expect(products.map(({ macs }) => macs)).toEqual([perItem(29_805_312), perItem(29_805_312)]);
  });

  it('takes multiples of a patch', () => {
    expect(() => buildVisionTransformer('v', config, { resolution: 230 })).toThrow(/nearest: 224 or 240/);
    expect(() => buildVisionTransformer('v', { ...config, patch: 14 }, { resolution: 512 })).toThrow(/504 or 518/);
    expect(() => buildVisionTransformer('v', config, { resolution: 8 })).toThrow(/nearest: 16/);
  });

  it('classifies the class token alone', () => {
    expect(part(graph, 'head').macs).toBe(768 * 1000);
    expect(part(buildVisionTransformer('v', { ...config, headless: true }), 'head').params).toBe(0);
  });

  it('has one position per patch and, except in DeiT III, one for the class token', () => {
    const shapeOf = (of: Graph) => of.initializers.find(({ name }) => name === 'pos_embed')?.shape;
    expect(shapeOf(buildVisionTransformer('v', config, { resolution: 384 }))).toEqual([1, 24 * 24 + 1, 768]);
    expect(shapeOf(buildVisionTransformer('v', { ...config, layerScale: true }))).toEqual([1, 196, 768]);
  });

  it('gains a token, its position and its classifier when distilled', () => {
    const distilled = buildVisionTransformer('deit', { ...config, distilled: true });
    expect(part(distilled, '').params - part(graph, '').params).toBe(2 * 768 + 768 * 1000 + 1000);
    // 198 tokens in place of 197: 12 d^2 for the new one, and its products with all others, in every block.
    const token = 12 * 768 ** 2;
    const products = 2 * (198 ** 2 - 197 ** 2) * 768;
    expect(part(distilled, '').macs - part(graph, '').macs).toBe(12 * (token + products) + 768 * 1000);
  });

  it('gains two vectors per block in DeiT III, and loses a position', () => {
    const scaled = buildVisionTransformer('deit3', { ...config, layerScale: true });
    expect(part(scaled, '').params - part(graph, '').params).toBe(12 * 2 * 768 - 768);
  });
});
