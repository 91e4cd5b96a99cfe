import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import { buildMobileClip, type MobileClipConfig } from '../../src/zoo/mobileclip.ts';
import { part } from './part.ts';

const S0: MobileClipConfig = {
  form: 'train',
  towers: 'text',
  image: { depths: [2, 6, 10, 2], channels: 64 },
  text: { layers: 4, filtered: true },
};

describe('MobileCLIP', () => {
  const text = buildMobileClip('t', S0);
  const deployed = buildMobileClip('t', { ...S0, form: 'deploy' });

  it('has 42.4 million parameters in the text tower of S0', () => {
    const tables = (49_408 + 77) * 512;
    const encoder = 12 * 512 ** 2 + (3 + 1 + 4 + 1) * 512 + 4 * 512;
    const perceptron = (11 + 2) * 512 + 2 * 512 * 2048 + 2048 + 512 + 512;
    // A filter and two bare BatchNorms, scaled; folded, the filter and its bias.
    const mixer = (11 + 2) * 512 + 2 * 2 * 512 + 512;
    const folded = (11 + 1) * 512;
    const end = 2 * 512 + 512 ** 2;
    const count = (filter: number) => tables + 4 * encoder + 2 * (perceptron + filter) + end;
    expect(totals(analyzeGraph(text)).params).toBe(count(mixer));
    expect(totals(analyzeGraph(deployed)).params).toBe(count(folded));
    expect([count(mixer), count(folded)]).toEqual([42_441_216, 42_435_072]);
  });

  it('mixes tokens by filters of 11 before the first encoder and after the last', () => {
    for (const index of [0, 5]) {
      expect(part(deployed, `text.layers.${index}.`).macs).toBe(77 * (2 * 11 * 512 + 2 * 512 * 2048));
    }
    expect(part(deployed, 'text.layers.1.').macs).toBe(77 * (12 * 512 ** 2 + 2 * 77 * 512));
    expect(part(text, 'text.layers.6.').macs).toBe(0);
  });

  it('is its two towers and a scale', () => {
    const at = (towers: MobileClipConfig['towers']) =>
      totals(analyzeGraph(buildMobileClip('m', { ...S0, form: 'deploy', towers })));
    expect(at('both').params).toBe(at('image').params + at('text').params + 1);
    expect(at('both').macs).toBe(at('image').macs + at('text').macs);
  });

  it('squeezes in the last two halvings and projects the mean without bias', () => {
    const image = buildMobileClip('m', { ...S0, towers: 'image' });
    const squeezed = (stage: number) => part(image, `visual.stages.${stage}.downsample.se`).params;
    // To a quarter and back, with biases: 256 to 64 and 512 to 128 channels.
    expect([1, 2, 3].map(squeezed)).toEqual([0, 2 * 256 * 64 + 64 + 256, 2 * 512 * 128 + 128 + 512]);
    expect(part(image, 'visual.projection').params).toBe(1024 * 512);
  });

  it('reads texts of up to 77 tokens and images from 32 pixels', () => {
    expect(() => buildMobileClip('m', S0, { tokens: 78 })).toThrow(/nearest: 77/);
    expect(() => buildMobileClip('m', { ...S0, towers: 'image' }, { resolution: 16 })).toThrow(/nearest: 32/);
    expect(part(buildMobileClip('m', S0, { tokens: 5 }), 'text.add_position').params).toBe(5 * 512);
  });
});
