import { describe, expect, it } from 'vitest';
import { buildMobileNetV4 } from '../../src/zoo/mobilenet-v4.ts';
import { part } from './part.ts';

describe('MobileNetV4', () => {
  it('puts the stride of a block on the last depthwise convolution that is there', () => {
    const small = buildMobileNetV4('mobilenetv4_conv_small', { size: 'small', width: 1 });
    // 64 channels at 28 x 28, expanded to 192, filtered down to 14 x 14, projected to 96.
    expect(part(small, 'stage3.0.start').macs).toBe(64 * 25 * 784);
    expect(part(small, 'stage3.0.expand').macs).toBe(64 * 192 * 784);
    expect(part(small, 'stage3.0.filter').macs).toBe(192 * 25 * 196);
    expect(part(small, 'stage3.0.project').macs).toBe(192 * 96 * 196);
  });

  it('has feed-forward blocks without any depthwise convolution', () => {
    const medium = buildMobileNetV4('mobilenetv4_conv_medium', { size: 'medium', width: 1 });
    // 160 to 320 and back at 14 x 14.
    expect(part(medium, 'stage3.5.').macs).toBe(2 * 160 * 320 * 196);
  });

  it('runs the last convolution after the pooling, whatever the resolution', () => {
    for (const resolution of [224, 448]) {
      expect(part(buildMobileNetV4('m', { size: 'large', width: 1 }, { resolution }), 'head').macs).toBe(960 * 1280);
    }
  });

  it('keeps stem and head of narrow variants', () => {
    const half = buildMobileNetV4('mobilenetv4_conv_small_050', { size: 'small', width: 0.5 });
    expect(part(half, 'stem').params).toBe(3 * 32 * 9 + 2 * 32);
    // 960 / 2 channels to 1280.
    expect(part(half, 'head').params).toBe(480 * 1280 + 2 * 1280);
    // 64 / 2 channels, expanded three times.
    expect(part(half, 'stage3.0.expand').params).toBe(32 * 96 + 2 * 96);
  });

  it('widens the stem with the rest', () => {
    const wide = buildMobileNetV4('mobilenetv4_conv_small', { size: 'small', width: 1 }, { width: 2 });
    expect(part(wide, 'stem').params).toBe(3 * 64 * 9 + 2 * 64);
  });
});
