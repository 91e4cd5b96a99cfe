import { describe, expect, it } from 'vitest';
import { buildMobileNetV2, family } from '../../src/zoo/mobilenet-v2.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

describe('MobileNetV2', () => {
  const graph = buildMobileNetV2('mobilenet_v2');

  it('expands six times, filters depthwise and projects', () => {
    // Stage 2: 16 channels at 112 x 112 to 96, down to 56 x 56, to 24.
    expect(part(graph, 'stage2.0.expand').macs).toBe(16 * 96 * 12_544);
    expect(part(graph, 'stage2.0.filter').macs).toBe(96 * 9 * 3136);
    expect(part(graph, 'stage2.0.project').macs).toBe(96 * 24 * 3136);
    expect(part(graph, 'stage2.0').params).toBe(16 * 96 + 96 * 9 + 96 * 24 + 2 * (96 + 96 + 24));
  });

  it('does not expand in its first block', () => {
    expect(part(graph, 'stage1.0').params).toBe(32 * 9 + 32 * 16 + 2 * (32 + 16));
  });

  it('keeps the head of narrow variants and widens that of wide ones', () => {
    const head = (width: number) => part(buildMobileNetV2('m', { width }), 'head').params;
    // 320 x 0.5 and 320 x 1.4 channels; 1280 x 1.4 = 1792.
    expect(head(0.5)).toBe(160 * 1280 + 2 * 1280);
    expect(head(1.4)).toBe(448 * 1792 + 2 * 1792);
  });

  it('rounds channels to multiples of 8 that keep nine tenths', () => {
    // 32 x 0.35 = 11.2: 8 would lose more than a tenth, so 16.
    expect(part(buildMobileNetV2('m', { width: 0.35 }), 'stem').params).toBe(3 * 16 * 9 + 2 * 16);
  });

  it('multiplies the width of a variant, fixed ends included', () => {
    const narrowed = buildMobileNetV2('m', { width: 1.4 }, { width: 0.5 });
    expect(part(narrowed, '')).toEqual(part(buildMobileNetV2('m', { width: 0.7 }), ''));
    const deep = buildMobileNetV2('m', { width: 1.1, depth: 1.2, fixedEnds: true }, { width: 2 });
    expect(part(deep, 'stem').params).toBe(3 * 64 * 9 + 2 * 64);
  });

  it('takes exactly the BatchNorms off where a table leaves them out', () => {
    for (const variant of family.variants) {
      const built = variant.build();
      const normalized = built.nodes
        .filter(({ type }) => type === 'BatchNormalization')
        .map(({ inputs }) => built.initializers.find(({ name }) => name === inputs[1])?.shape[0] ?? 0);
      const parameters = 2 * normalized.reduce((sum, channels) => sum + channels, 0);
      for (const { elsewhere } of variant.published) expect(elsewhere?.parameters ?? -parameters).toBe(-parameters);
    }
  });

  it('takes images that are not square, of 32 pixels or more', () => {
    const wide = buildMobileNetV2('mobilenet_v2', {}, { resolution: 224, imageWidth: 448 });
    // Twice the positions; the classifier sees one.
    expect(part(wide, '').macs - 1_280_000).toBe(2 * (part(graph, '').macs - 1_280_000));
    expect(() => buildMobileNetV2('mobilenet_v2', {}, { resolution: 31 })).toThrow(ModelOptionError);
    expect(() => buildMobileNetV2('mobilenet_v2', {}, { imageWidth: 16 })).toThrow(ModelOptionError);
  });
});
