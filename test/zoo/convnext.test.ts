import { describe, expect, it } from 'vitest';
import { buildConvNeXt, type ConvNeXtConfig } from '../../src/zoo/convnext.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

const TINY: ConvNeXtConfig = { depths: [3, 3, 9, 3], channels: 96, perceptron: 'linear' };

describe('ConvNeXt', () => {
  const tiny = buildConvNeXt('convnext_tiny', TINY);

  it('embeds patches of 4 x 4 and normalizes them', () => {
    // 3 x 96 channels x 16 taps with biases, then a scale and a shift.
    expect(part(tiny, 'stem').params).toBe(3 * 96 * 16 + 96 + 2 * 96);
    expect(part(tiny, 'stem').macs).toBe(3 * 96 * 16 * 56 * 56);
  });

  it('filters depthwise over 7 x 7 and runs a perceptron at every position', () => {
    expect(part(tiny, 'stage1.0.filter').macs).toBe(96 * 49 * 56 * 56);
    expect(part(tiny, 'stage1.0.fc1').macs).toBe(96 * 384 * 56 * 56);
    // 49 taps and a bias, normalization, 96 to 384 and back with biases, the scale of the branch.
    expect(part(tiny, 'stage1.0.').params).toBe(96 * 50 + 2 * 96 + (96 * 384 + 384) + (384 * 96 + 96) + 96);
  });

  it('counts the same with 1x1 convolutions as with fully connected layers', () => {
    const convolutional = buildConvNeXt('convnext_tiny', { ...TINY, perceptron: 'convolution' });
    const { params, macs } = part(convolutional, '');
    expect({ params, macs }).toEqual({ params: part(tiny, '').params, macs: part(tiny, '').macs });
    expect(convolutional.nodes.filter(({ type }) => type === 'Gemm')).toHaveLength(1);
  });

  it('has a scale and a shift of the hidden units in version 2, and no scale of the branch', () => {
    const second = buildConvNeXt('convnextv2_tiny', { ...TINY, version: 2 });
    // 2 x 4 C - C for every block: 7 x (3 x 96 + 3 x 192 + 9 x 384 + 3 x 768).
    expect(part(second, '').params - part(tiny, '').params).toBe(46_368);
    expect(part(second, '').macs).toBe(part(tiny, '').macs);
  });

  it('leaves out what fills no patch', () => {
    const at = (resolution: number, imageWidth = resolution) =>
      part(buildConvNeXt('convnext_tiny', TINY, { resolution, imageWidth }), '').macs;
    expect(at(63)).toBe(at(60));
    expect(at(64, 96)).toBeGreaterThan(at(64));
  });

  it('refuses an image that the last stage would not see', () => {
    expect(() => buildConvNeXt('convnext_tiny', TINY, { resolution: 31 })).toThrow(ModelOptionError);
    expect(part(buildConvNeXt('convnext_tiny', TINY, { resolution: 32 }), 'classifier').macs).toBe(768_000);
  });
});
