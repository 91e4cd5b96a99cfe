import { describe, expect, it } from 'vitest';
import { buildEfficientNetV2 } from '../../src/zoo/efficientnet-v2.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

describe('EfficientNetV2', () => {
  it('rounds the base sizes to the nearest multiple of eight, whatever is lost', () => {
    const b3 = buildEfficientNetV2('tf_efficientnetv2_b3', { size: 'b', width: 1.2, depth: 1.4, padding: 'same' });
    // 32 x 1.2 = 38.4, nearest 40; 16 x 1.2 = 19.2, nearest 16 and not 24. BatchNorm adds 2 a channel.
    expect(part(b3, 'stage1.0.filter').params).toBe(40 * 16 * 9 + 2 * 16);
    // 1280 x 1.2.
    expect(part(b3, 'classifier').macs).toBe(1536 * 1000);
  });

  it('projects in the first stage of rw even without expansion', () => {
    const rw = buildEfficientNetV2('efficientnetv2_rw_s', { size: 'rw_s' });
    // 24 to 24 over 9 taps, then 24 to 24 pointwise, a BatchNorm after each.
    expect(part(rw, 'stage1.0.').params).toBe(24 * 24 * 9 + 2 * 24 + 24 * 24 + 2 * 24);
    const s = buildEfficientNetV2('efficientnet_v2_s', { size: 's' });
    expect(part(s, 'stage1.0.').params).toBe(24 * 24 * 9 + 2 * 24);
  });

  it('squeezes the depthwise blocks only', () => {
    const s = buildEfficientNetV2('efficientnet_v2_s', { size: 's' });
    const squeezed = s.nodes.filter(({ name }) => name.endsWith('se.scale')).map(({ name }) => name.split('.')[0]);
    expect([...new Set(squeezed)]).toEqual(['stage4', 'stage5', 'stage6']);
    // 64 channels enter the block: 16 are left of its 256.
    expect(part(s, 'stage4.0.se').params).toBe(256 * 16 + 16 + 16 * 256 + 256);
  });

  it('multiplies the width of every layer but not their number', () => {
    const s = buildEfficientNetV2('efficientnet_v2_s', { size: 's' });
    const half = buildEfficientNetV2('efficientnet_v2_s', { size: 's' }, { width: 0.5 });
    // 24 x 0.5 = 12, nearest 16; half of the head.
    expect(part(half, 'stem').macs).toBe(3 * 16 * 9 * 112 * 112);
    expect(part(half, 'classifier').macs).toBe(640 * 1000);
    expect(half.nodes.length).toBe(s.nodes.length);
  });

  it('refuses an image below its total stride', () => {
    expect(() => buildEfficientNetV2('efficientnet_v2_s', { size: 's' }, { resolution: 16 })).toThrow(ModelOptionError);
  });
});
