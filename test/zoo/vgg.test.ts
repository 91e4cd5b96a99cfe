import { describe, expect, it } from 'vitest';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { buildVgg } from '../../src/zoo/vgg.ts';
import { part } from './part.ts';

const REPEATS = [2, 2, 3, 3, 3] as const;

describe('VGG', () => {
  const plain = buildVgg('vgg16', { repeats: REPEATS, batchNorm: false });

  it('has three quarters of its parameters in the first fully connected layer', () => {
    // 512 channels x 7 x 7 positions x 4096 units, and 4096 biases.
    expect(part(plain, 'classifier.fc1')).toMatchObject({ params: 102_764_544, macs: 102_760_448 });
  });

  it('computes the first convolution at full resolution', () => {
    // 3 x 64 channels x 9 taps x 224 x 224 positions.
    expect(part(plain, 'features.1.0').macs).toBe(86_704_128);
  });

  it('gains a scale and a shift per channel with BatchNorm', () => {
    const normalized = buildVgg('vgg16_bn', { repeats: REPEATS, batchNorm: true });
    // 2 x (2 x 64 + 2 x 128 + 3 x 256 + 6 x 512).
    expect(part(normalized, '').params - part(plain, '').params).toBe(8448);
  });

  it('pools larger feature maps to 7 x 7, so that the parameters stay', () => {
    for (const resolution of [256, 448]) {
      const larger = buildVgg('vgg16', { repeats: REPEATS, batchNorm: false }, { resolution });
      expect(part(larger, '').params).toBe(138_357_544);
    }
  });

  it('refuses a resolution whose feature map the pooling would enlarge', () => {
    const refused = () => buildVgg('vgg16', { repeats: REPEATS, batchNorm: false }, { resolution: 192 });
    expect(refused).toThrow(ModelOptionError);
    expect(refused).toThrow(expect.objectContaining({ nearest: [224] }));
  });

  it('pools each side of an image that is not square by itself', () => {
    const wide = buildVgg('vgg16', { repeats: REPEATS, batchNorm: false }, { resolution: 224, imageWidth: 448 });
    // Twice the positions in every convolution, the same classifier: 15 346 630 656 of convolutions, 123 633 664 of it.
    expect(part(wide, '').macs).toBe(2 * 15_346_630_656 + 123_633_664);
  });
});
