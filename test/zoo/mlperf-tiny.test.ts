import { describe, expect, it } from 'vitest';
import { buildDsCnn, buildResNet8, buildSoundAutoencoder, buildVisualWakeWords } from '../../src/zoo/mlperf-tiny.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

describe('MLPerf Tiny', () => {
  it('spots keywords in 25 x 5 cells', () => {
    const graph = buildDsCnn('kws');
    // 49 x 10 inputs at a stride of 2, rounded up; kernels of 10 x 4.
    expect(part(graph, 'stem').macs).toBe(125 * 64 * 40);
    // A depthwise 3 x 3 and a pointwise convolution of 64 channels, with biases, scales and shifts.
    expect(part(graph, 'block1').macs).toBe(125 * (64 * 9 + 64 * 64));
    expect(part(graph, 'block1').params).toBe(64 * 9 + 64 * 64 + 2 * 3 * 64);
    expect(part(graph, '').macs).toBe(125 * (64 * 40 + 4 * (64 * 9 + 64 * 64)) + 64 * 12);
    expect(part(buildDsCnn('kws', { classes: 35 }), 'classifier').params).toBe(64 * 35 + 35);
  });

  it('averages 24 of the 25 rows of keyword features, as the reference code does', () => {
    const pool = buildDsCnn('kws').nodes.find(({ name }) => name === 'pool');
    expect(pool?.type).toBe('AveragePool');
    expect(pool?.attributes.kernel_shape).toEqual([24, 5]);
  });

  it('looks for persons with a narrow MobileNet', () => {
    const graph = buildVisualWakeWords('vww');
    expect(part(graph, 'stem').macs).toBe(48 ** 2 * 8 * 27);
    // 128 channels to 256 at 3 x 3, filtered there and projected.
    expect(part(graph, 'stage5.0').macs).toBe(9 * (128 * 9 + 128 * 256));
    expect(part(graph, 'stage5.0').params).toBe(128 * 9 + 128 * 256 + 3 * (128 + 256));
    // Work, but for stem and classifier, goes with the area: 64 x 96 pixels are two thirds of 96 x 96.
    const rectangle = buildVisualWakeWords('vww', { resolution: 64, imageWidth: 96 });
    expect(part(rectangle, 'stage').macs * 3).toBe(part(graph, 'stage').macs * 2);
    expect(part(buildVisualWakeWords('vww', { width: 4 }), 'stem').params).toBe(3 * 32 * 9 + 3 * 32);
    expect(() => buildVisualWakeWords('vww', { resolution: 31 })).toThrow(ModelOptionError);
  });

  it('classifies images with one block per stack, whose shortcuts have a bias and no BatchNorm', () => {
    const graph = buildResNet8('ic');
    expect(part(graph, 'stack2.shortcut').params).toBe(16 * 32 + 32);
    expect(part(graph, 'stack2.shortcut').macs).toBe(256 * 16 * 32);
    // Stem, then 2 x (16 x 16), 16 x 32 + 32 x 32, 32 x 64 + 64 x 64 kernels of 3 x 3, two shortcuts, the classifier.
    const kernels = 1024 * (27 * 16) + 9 * (1024 * 512 + 256 * 1536 + 64 * 6144);
    expect(part(graph, '').macs).toBe(kernels + 256 * 512 + 64 * 2048 + 640);
    expect(() => buildResNet8('ic', { resolution: 3 })).toThrow(ModelOptionError);
  });

  it('restores sounds from eight numbers', () => {
    const graph = buildSoundAutoencoder('ad');
    expect(part(graph, 'layer5').params).toBe(128 * 8 + 8 + 2 * 8);
    expect(part(graph, '').macs).toBe(2 * (640 * 128 + 3 * 128 ** 2 + 128 * 8));
  });
});
