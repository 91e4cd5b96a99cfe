import { describe, expect, it } from 'vitest';
import { buildMobileViTV2 } from '../../src/zoo/mobilevit-v2.ts';
import { part } from './part.ts';

const build = (width: number, options?: Parameters<typeof buildMobileViTV2>[2]) =>
  buildMobileViTV2('mobilevitv2', { width }, options);

describe('MobileViTv2', () => {
  it('projects to one score per patch beside keys and values', () => {
    // 64 channels at 32 x 32.
    expect(part(build(0.5), 'stage3.1.encoder.0.attn.qkv').macs).toBe(1024 * 64 * (1 + 2 * 64));
    expect(part(build(0.5), 'stage3.1.encoder.0.attn').params).toBe(64 * 129 + 129 + 64 * 64 + 64);
  });

  it('learns a scale and a shift per channel in its group normalizations', () => {
    expect(part(build(0.5), 'stage3.1.encoder.0.norm1').params).toBe(2 * 64);
    expect(part(build(0.5), 'stage3.1.norm').params).toBe(2 * 64);
  });

  it('grows with the number of patches and not with its square', () => {
    const [small, large] = [build(1), build(1, { resolution: 512 })];
    expect(part(large, 'stage').macs).toBe(4 * part(small, 'stage').macs);
  });

  it('rounds altered widths as the reference code: the stem between 16 and 64, the first stage to sixteens', () => {
    const narrow = build(1, { width: 0.3 });
    expect(part(narrow, 'stem').params).toBe(3 * 16 * 9 + 2 * 16);
    // 19.2 rounded to 16 would lose more than a tenth: 32, from 16 expanded to 32.
    expect(part(narrow, 'stage1.0.project').params).toBe(32 * 32 + 2 * 32);
    // 128 x 0.3 = 38.4 is 40 in eights.
    expect(part(narrow, 'stage3.1.encoder.0.norm1').params).toBe(2 * 40);
    expect(part(build(2, { width: 2 }), 'stem').params).toBe(3 * 64 * 9 + 2 * 64);
  });

  it('takes the widths of its variants as multiples of one another', () => {
    expect(part(build(0.5, { width: 3 }), '')).toEqual(part(build(1.5), ''));
  });

  it('takes rectangles of whole patches and refuses others', () => {
    expect(part(build(0.5, { imageWidth: 512 }), 'stage').macs).toBe(2 * part(build(0.5), 'stage').macs);
    expect(() => build(1, { resolution: 224 })).toThrow(
      expect.objectContaining({ code: 'illegal-resolution', nearest: [192, 256] }),
    );
  });
});
