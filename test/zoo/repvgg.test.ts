import { describe, expect, it } from 'vitest';
import { buildRepVgg, type RepVggConfig } from '../../src/zoo/repvgg.ts';
import { part } from './part.ts';

const config = (groups: number, change: Partial<RepVggConfig> = {}): RepVggConfig => ({
  form: 'train',
  repeats: [4, 6, 16, 1],
  widths: [2, 2, 2, 4],
  groups,
  squeezed: false,
  ...change,
});

describe('RepVGG', () => {
  const build = (groups: number, change: Partial<RepVggConfig> = {}) => buildRepVgg('repvgg', config(groups, change));

  it('has three branches where shapes agree and two where they change', () => {
    const graph = build(1);
    // 64 to 128 channels: 3x3, 1x1 and their BatchNorms.
    expect(part(graph, 'stage1.0.').params).toBe(64 * 128 * 9 + 64 * 128 + 2 * 256);
    // 128 to 128: also a BatchNorm of the input.
    expect(part(graph, 'stage1.1.').params).toBe(128 * 128 * 9 + 128 * 128 + 3 * 256);
  });

  it('groups both convolutions of every second block', () => {
    const graph = build(4);
    expect(part(graph, 'stage1.0.').params).toBe(64 * 128 * 9 + 64 * 128 + 2 * 256);
    expect(part(graph, 'stage1.1.').params).toBe(128 * 32 * 9 + 128 * 32 + 3 * 256);
  });

  it('folds a block into one 3x3 convolution with bias', () => {
    const deployed = build(4, { form: 'deploy' });
    expect(part(deployed, 'stage1.0.').params).toBe(64 * 128 * 9 + 128);
    expect(part(deployed, 'stage1.1.').params).toBe(128 * 32 * 9 + 128);
    // Convolutions of the stem and of 27 blocks, as many activations, and pool, flatten, classifier.
    expect(deployed.nodes.length).toBe(28 * 2 + 3);
  });

  it('saves the pointwise branch of every block: one tap in ten', () => {
    // 128 to 128 channels at 56 x 56: 9 + 1 taps in training, 9 deployed.
    expect(part(build(1), 'stage1.1.').macs).toBe(10 * 128 * 128 * 3136);
    expect(part(build(1, { form: 'deploy' }), 'stage1.1.').macs).toBe(9 * 128 * 128 * 3136);
  });

  it('squeezes to a sixteenth in both forms, in the stem too', () => {
    for (const form of ['train', 'deploy'] as const) {
      const gated = build(1, { form, squeezed: true });
      expect(part(gated, 'stem.se').params).toBe(64 * 4 + 4 + 4 * 64 + 64);
      expect(part(gated, 'stage4.0.se').params).toBe(2048 * 128 + 128 + 128 * 2048 + 2048);
    }
  });

  it('rounds altered widths to multiples of 8', () => {
    // 48 x 0.7 = 33.6 channels: 32 keeps more than 90 %.
    const narrow = buildRepVgg('repvgg_a0', config(1, { widths: [0.75, 0.75, 0.75, 2.5] }), { width: 0.7 });
    expect(part(narrow, 'stem.conv3x3').params).toBe(3 * 32 * 9 + 2 * 32);
  });
});
