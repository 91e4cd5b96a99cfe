/** Networks that read tokens: counts worked out on paper, tables that are read twice, caches. */
import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import { shapeAt } from '../../src/ir/shape.ts';
import { findModel, ModelOptionError } from '../../src/zoo/api.ts';
import { buildBert } from '../../src/zoo/bert.ts';
import { buildClip, family as clip } from '../../src/zoo/clip.ts';
import { buildGpt2 } from '../../src/zoo/gpt2.ts';
import { part } from './part.ts';

const BASE = { layers: 12, channels: 768, heads: 12, segmentsAndPooler: true } as const;
const GPT2 = { layers: 12, channels: 768, heads: 12 } as const;

describe('BERT', () => {
  it('does 12 channels^2 and twice the tokens times the channels for every token and layer', () => {
    // q, k, v, output: 4 x 768^2. Perceptron: 2 x 768 x 3072. Scores and sums: 2 x 128 x 768.
    const perToken = 12 * 768 ** 2 + 2 * 128 * 768;
    expect(part(buildBert('b', BASE), 'layer.0').macs).toBe(128 * perToken);
    // The pooler projects one token.
    expect(totals(analyzeGraph(buildBert('b', BASE))).macs).toBe(12 * 128 * perToken + 768 ** 2);
  });

  it('has 109,482,240 parameters, whatever the length', () => {
    // Tables of 30,522 words, 512 positions, 2 segments; norms; 12 layers; pooler.
    const tables = (30_522 + 512 + 2) * 768 + 2 * 768;
    const layer = 12 * 768 ** 2 + (4 + 1) * 768 + 3072 + 4 * 768;
    for (const tokens of [1, 128, 512]) {
      expect(totals(analyzeGraph(buildBert('b', BASE, { tokens }))).params).toBe(tables + 12 * layer + 768 ** 2 + 768);
    }
    expect(tables + 12 * layer + 768 ** 2 + 768).toBe(109_482_240);
  });

  it('has 512 positions', () => {
    expect(() => buildBert('b', BASE, { tokens: 513 })).toThrow(ModelOptionError);
    expect(() => buildBert('b', BASE, { tokens: 513 })).toThrow(/nearest: 512/);
  });
});

describe('GPT-2', () => {
  it('reads the table of words twice and stores it once', () => {
    const prefill = analyzeGraph(buildGpt2('g', { ...GPT2, phase: 'prefill' }));
    expect(totals(prefill).params).toBe(124_439_808);
    const table = prefill.nodes.filter(({ inputs }) => inputs.some((input) => input?.tensor === 'wte.weight'));
    expect(table.map(({ type }) => type)).toEqual(['Gather', 'Gemm']);
  });

  it('adds a token for what one token costs, and the products with the cache', () => {
    // 12 x 768^2 a layer; scores and sums over 100 cached positions and the new one; 768 x 50,257 for the next word.
    const macs = 12 * (12 * 768 ** 2 + 2 * 101 * 768) + 768 * 50_257;
    expect(totals(analyzeGraph(buildGpt2('g', { ...GPT2, phase: 'decode' }, { tokens: 100 }))).macs).toBe(macs);
  });

  it('takes and returns a cache of 2 x 12 x 768 numbers a position', () => {
    const graph = buildGpt2('g', { ...GPT2, phase: 'decode' }, { tokens: 100 });
    const { types } = analyzeGraph(graph);
    const size = (shape: readonly unknown[] | undefined) =>
      shapeAt(shape as never, 1).reduce((product, extent) => product * extent, 1);
    const past = graph.inputs.filter(({ name }) => name.startsWith('past')).map(({ shape }) => size(shape));
    expect(past.reduce((sum, count) => sum + count, 0)).toBe(100 * 2 * 12 * 768);
    const present = graph.outputs.slice(1).map((name) => {
      const type = types.get(name);
      return type !== undefined && 'shape' in type ? size(type.shape) : Number.NaN;
    });
    expect(present.reduce((sum, count) => sum + count, 0)).toBe(101 * 2 * 12 * 768);
  });

  it('costs a prompt of n tokens n times the linear layers and n^2 times the attention', () => {
    const macs = (tokens: number) =>
      totals(analyzeGraph(buildGpt2('g', { ...GPT2, phase: 'prefill' }, { tokens }))).macs;
    const linear = 12 * 12 * 768 ** 2 + 768 * 50_257;
    for (const tokens of [1, 64, 1024]) expect(macs(tokens)).toBe(tokens * linear + 12 * 2 * tokens ** 2 * 768);
    expect(() => buildGpt2('g', { ...GPT2, phase: 'prefill' }, { tokens: 1025 })).toThrow(/nearest: 1024/);
    expect(() => buildGpt2('g', { ...GPT2, phase: 'decode' }, { tokens: 1024 })).toThrow(/nearest: 1023/);
  });
});

describe('CLIP', () => {
  it('is its two towers, a scale and nothing else', () => {
    for (const name of ['clip_vit_b_32', 'clip_vit_b_16']) {
      const [both, vision, text] = ['', '_vision', '_text'].map((suffix) => {
        const entry = findModel(`${name}${suffix}`);
        if (entry === undefined) throw new Error(`no ${name}${suffix}`);
        return totals(analyzeGraph(entry.variant.build()));
      });
      expect(both?.params).toBe((vision?.params ?? 0) + (text?.params ?? 0) + 1);
      expect(both?.macs).toBe((vision?.macs ?? 0) + (text?.macs ?? 0));
    }
  });

  it('sees 49 patches of 32 pixels and a class token', () => {
    const vision = clip.variants.find(({ name }) => name === 'clip_vit_b_32_vision');
    if (vision === undefined) throw new Error('no image tower');
    const layer = 50 * (12 * 768 ** 2 + 2 * 50 * 768);
    expect(totals(analyzeGraph(vision.build())).macs).toBe(49 * 3 * 32 ** 2 * 768 + 12 * layer + 768 * 512);
  });

  it('reads texts of up to 77 tokens', () => {
    const config = {
      image: { layers: 1, channels: 64, heads: 1, patch: 32 },
      text: { layers: 1, channels: 64, heads: 1 },
      features: 8,
      towers: 'text',
    } as const;
    expect(() => buildClip('c', config, { tokens: 78 })).toThrow(/nearest: 77/);
    expect(part(buildClip('c', config, { tokens: 10 }), 'text.layers').macs).toBe(10 * (12 * 64 ** 2 + 2 * 10 * 64));
  });
});
