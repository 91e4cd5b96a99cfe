import { describe, expect, it } from 'vitest';
import { buildMobileNetV1, family } from '../../src/zoo/mobilenet-v1.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

describe('MobileNetV1', () => {
  const graph = buildMobileNetV1('mobilenetv1_100', { width: 1 });

  it('separates a convolution into a depthwise and a pointwise one', () => {
    // 1024 channels at 7 x 7: 9 taps per channel, then 1024 x 1024; 4 BatchNorm vectors in all.
    expect(part(graph, 'stage5.1.filter').macs).toBe(451_584);
    expect(part(graph, 'stage5.1.project').macs).toBe(51_380_224);
    expect(part(graph, 'stage5.1').params).toBe(9216 + 1_048_576 + 4 * 1024);
  });

  it('has no shortcuts', () => {
    expect(graph.nodes.filter(({ type }) => type === 'Add')).toEqual([]);
  });

  it('gains a 1024 x 1024 pointwise convolution with the head', () => {
    const withHead = buildMobileNetV1('mobilenetv1_100h', { width: 1, headConvolution: true });
    expect(part(withHead, '').params - part(graph, '').params).toBe(1024 * 1024 + 2 * 1024);
  });

  it('multiplies the width of a variant', () => {
    // Stem 3 x 8 x 9, classifier 256 x 1000 + 1000: a quarter of 32 and of 1024 channels.
    const quarter = buildMobileNetV1('mobilenetv1_025', { width: 0.25 });
    expect(part(quarter, 'stem').params).toBe(216 + 2 * 8);
    expect(part(quarter, 'classifier').params).toBe(257_000);
    const narrowed = buildMobileNetV1('mobilenetv1_050', { width: 0.5 }, { width: 0.5 });
    expect(part(narrowed, '')).toEqual(part(quarter, ''));
  });

  it('has the 317 million of TF-Slim at width 0.75 once the stem is left out', () => {
    // 3 x 24 channels x 9 taps x 112 x 112 positions.
    const narrow = buildMobileNetV1('mobilenetv1_075', { width: 0.75 });
    expect(part(narrow, 'stem').macs).toBe(8_128_512);
    expect(Math.round((part(narrow, '').macs - 8_128_512) / 1e6)).toBe(317);
  });

  it('quotes the accuracy at 224 pixels first, then those of the grid', () => {
    for (const { name, accuracy, otherAccuracies = [] } of family.variants) {
      expect([name, accuracy?.resolution]).toEqual([name, 224]);
      expect(otherAccuracies.length).toBeGreaterThan(0);
    }
  });

  it('refuses an image smaller than its total stride', () => {
    const build = (resolution: number) => buildMobileNetV1('mobilenetv1_100', { width: 1 }, { resolution });
    expect(() => build(31)).toThrow(ModelOptionError);
    expect(part(build(32), '').params).toBe(4_231_976);
  });
});
