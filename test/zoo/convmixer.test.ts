import { describe, expect, it } from 'vitest';
import { buildConvMixer, family } from '../../src/zoo/convmixer.ts';
import { part } from './part.ts';

const CONFIG = { channels: 768, depth: 32, kernel: 7, patch: 7, activation: 'relu' } as const;

describe('ConvMixer', () => {
  const graph = buildConvMixer('convmixer_768_32', CONFIG);

  it('filters every channel of 32 x 32 patches, then mixes them', () => {
    // A bias for each channel, and scale and shift of the normalization.
    expect(part(graph, 'blocks.0.filter')).toMatchObject({
      params: 768 * 49 + 3 * 768,
      macs: 32 ** 2 * 768 * 49,
    });
    expect(part(graph, 'blocks.0.mix')).toMatchObject({
      params: 768 ** 2 + 3 * 768,
      macs: 32 ** 2 * 768 ** 2,
    });
  });

  it('does as much as timm prints once its filters are counted as nothing', () => {
    // fvcore: stem 3 x 49 to 768, 32 mixings, the classifier, 2 for each element of 65 normalizations; timm pools by a plain mean, uncounted.
    const counted = 32 ** 2 * (3 * 49 * 768 + 32 * 768 ** 2) + 768 * 1000 + 65 * 2 * 768 * 32 ** 2;
    expect((counted / 1e9).toFixed(2)).toBe('19.55');
    const outputs = 33 * 768 * 32 ** 2 + 1000;
    expect((outputs / 1e6).toFixed(2)).toBe('25.95');
    const own = family.variants.find(({ name }) => name === 'convmixer_768_32')?.published[0];
    expect([own?.gmacs, own?.mActs]).toEqual(['19.55', '25.95']);
    const conv = part(graph, 'stem').macs + part(graph, 'blocks').macs + part(graph, 'head').macs;
    expect(conv).toBe(32 ** 2 * (3 * 49 * 768 + 32 * (768 ** 2 + 49 * 768)) + 768 * 1000);
  });

  it('takes any image of one patch or more', () => {
    expect(() => buildConvMixer('c', CONFIG, { resolution: 6 })).toThrow(/nearest: 7/);
    // 20 pixels: 2 x 2 patches of 7, the rest unread.
    expect(part(buildConvMixer('c', CONFIG, { resolution: 20 }), 'stem').macs).toBe(4 * 3 * 49 * 768);
    expect(part(buildConvMixer('c', CONFIG, { resolution: 14, imageWidth: 21 }), 'stem').macs).toBe(6 * 3 * 49 * 768);
  });
});
