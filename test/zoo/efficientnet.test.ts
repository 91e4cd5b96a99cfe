import { describe, expect, it } from 'vitest';
import { buildEfficientNet, family } from '../../src/zoo/efficientnet.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

const B0 = { width: 1, depth: 1 } as const;
const LITE = { ...B0, lite: true } as const;

describe('EfficientNet', () => {
  it('rounds the channels of B8 to multiples of eight', () => {
    const graph = buildEfficientNet('efficientnet_b8', { width: 2.2, depth: 3.6 });
    // 32 x 2.2 = 70.4, nearest 72: 3 x 72 channels x 9 taps and 2 for the BatchNorm of each.
    expect(part(graph, 'stem').params).toBe(3 * 72 * 9 + 2 * 72);
    // 320 x 2.2 = 704 channels, four times as many in the head.
    expect(part(graph, 'classifier').macs).toBe(2816 * 1000);
    // 4 x 3.6 = 14.4 blocks, rounded up.
    expect(graph.nodes.filter(({ name }) => /^stage6\.\d+\.project\.conv$/.test(name))).toHaveLength(15);
  });

  it('multiplies the width of the variant, not its depth', () => {
    const half = buildEfficientNet('efficientnet_b0', B0, { width: 0.5 });
    // The stem has 16 channels and the first stage 8: 16 depthwise, 8 after the projection.
    expect(part(half, 'stage1.0.project').params).toBe(16 * 8 + 2 * 8);
    expect(half.nodes.length).toBe(buildEfficientNet('efficientnet_b0', B0).nodes.length);
    const wider = buildEfficientNet('b', B0, { width: 1.1 });
    const b = buildEfficientNet('b', { ...B0, width: 1.1 });
    expect(wider).toEqual(b);
  });

  it('keeps the stem and the head of the Lite networks whatever the width', () => {
    const wide = buildEfficientNet('efficientnet_lite0', LITE, { width: 2 });
    expect(part(wide, 'stem').macs).toBe(3 * 32 * 9 * 112 * 112);
    expect(part(wide, 'classifier').macs).toBe(1280 * 1000);
  });

  it('pads as TensorFlow does without counting otherwise, at even and odd extents', () => {
    for (const resolution of [224, 225]) {
      const own = part(buildEfficientNet('efficientnet_b0', B0, { resolution }), '');
      const graph = buildEfficientNet('tf_efficientnet_b0', { ...B0, padding: 'same' }, { resolution });
      expect(part(graph, '')).toEqual(own);
      const [stem] = graph.nodes;
      expect(stem?.attributes).toMatchObject({ auto_pad: 'SAME_UPPER', strides: [2, 2] });
      expect(stem?.attributes).not.toHaveProperty('pads');
    }
  });

  it('scales every variant from one that is built as it is', () => {
    for (const { name, scaling } of family.variants) {
      const base = family.variants.find((variant) => variant.name === (scaling?.base ?? 'efficientnet_b0'));
      expect([name, base?.scaling]).toMatchObject([name, { width: 1, depth: 1 }]);
    }
  });

  it('takes images that are not square, and none below its total stride', () => {
    const wide = buildEfficientNet('efficientnet_b0', B0, { resolution: 64, imageWidth: 96 });
    expect(part(wide, 'stem').macs).toBe(3 * 32 * 9 * 32 * 48);
    const refused = () => buildEfficientNet('efficientnet_b0', B0, { resolution: 31 });
    expect(refused).toThrow(ModelOptionError);
    expect(refused).toThrow('nearest: 32');
  });
});
