import { describe, expect, it } from 'vitest';
import { countByConvention } from '../../src/analysis/conventions.ts';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { buildMobileOne, type MobileOneConfig } from '../../src/zoo/mobileone.ts';
import { part } from './part.ts';

describe('MobileOne', () => {
  const S0: MobileOneConfig = { form: 'train', widths: [0.75, 1, 1, 2], branches: 4, squeezed: [0, 0, 0, 0] };
  const S4: MobileOneConfig = { form: 'train', widths: [3, 3.5, 3.5, 4], branches: 1, squeezed: [0, 0, 5, 1] };
  const s0 = buildMobileOne('s0', S0);

  it('has four 3x3 depthwise branches, a 1x1 one and an identity', () => {
    // 48 channels: 48 + BatchNorm, 4 x (48 x 9 + BatchNorm), BatchNorm; one such is 2 x 48.
    expect(part(s0, 'stage1.1.depthwise').params).toBe(48 + 96 + 4 * (432 + 96) + 96);
  });

  it('has no 1x1 branch beside a pointwise convolution', () => {
    expect(part(s0, 'stage1.1.pointwise').params).toBe(4 * (48 * 48 + 96) + 96);
  });

  it('squeezes and excites the last blocks of a stage', () => {
    const s4 = buildMobileOne('s4', S4);
    // 2048 channels to a sixteenth and back, with biases.
    expect(part(s4, 'stage4.0.pointwise.se').params).toBe(2048 * 128 + 128 + 128 * 2048 + 2048);
    expect(part(s4, 'stage3.4.pointwise.se').params).toBe(0);
    expect(part(s4, 'stage3.5.pointwise.se').params).toBeGreaterThan(0);
  });

  it('folds the branches into one convolution with bias and keeps the gates', () => {
    const deployed = buildMobileOne('s4_deploy', { ...S4, form: 'deploy' });
    // 64 channels of 9 taps each, and 64 biases.
    expect(part(deployed, 'stage1.0.depthwise').params).toBe(64 * 9 + 64);
    expect(part(deployed, 'stage4.0.pointwise.se').params).toBe(2048 * 128 + 128 + 128 * 2048 + 2048);
    const types = new Set(deployed.nodes.map(({ type }) => type));
    expect(types.has('BatchNormalization') || types.has('Add')).toBe(false);
  });

  it('has the work that OpenMMLab counts for the deployed form, which leaves the classifier out', () => {
    // Its figures are those of fvcore, which counts the pooling too.
    const macs = (config: MobileOneConfig) =>
      countByConvention(analyzeGraph(buildMobileOne('m', { ...config, form: 'deploy' })), 'fvcore');
    expect(macs(S0) - 1024 * 1000).toBe(274_136_576);
    expect(macs({ ...S0, widths: [1.5, 1.5, 2, 2.5] }) - 1280 * 1000).toBe(823_839_744);
    expect(macs({ ...S0, widths: [1.5, 2, 2.5, 4] }) - 2048 * 1000).toBe(1_296_478_848);
    expect(macs({ ...S0, widths: [2, 2.5, 3, 4] }) - 2048 * 1000).toBe(1_893_842_944);
  });

  it('has at most 64 channels in the stem, and fewer where the first stage has fewer', () => {
    expect(part(s0, 'stem.conv.0').params).toBe(3 * 48 * 9 + 2 * 48);
    expect(part(buildMobileOne('s0', S0, { width: 2 }), 'stem.conv.0').params).toBe(3 * 64 * 9 + 2 * 64);
  });
});
