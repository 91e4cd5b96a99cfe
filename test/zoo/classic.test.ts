/** Networks of the years before residual connections and right after, each by one part worked out on paper. */
import { describe, expect, it } from 'vitest';
import { buildAlexNet } from '../../src/zoo/alexnet.ts';
import { ModelOptionError } from '../../src/zoo/api.ts';
import { buildDenseNet } from '../../src/zoo/densenet.ts';
import { buildGoogLeNet } from '../../src/zoo/googlenet.ts';
import { buildInceptionV3 } from '../../src/zoo/inception-v3.ts';
import { buildShuffleNetV2 } from '../../src/zoo/shufflenet-v2.ts';
import { buildSqueezeNet, family as squeezenet } from '../../src/zoo/squeezenet.ts';
import { part } from './part.ts';

describe('AlexNet', () => {
  it('filters 11x11 with stride 4 to 55 x 55 positions, and reads 6 x 6 of 256 channels', () => {
    const graph = buildAlexNet('alexnet');
    // (224 + 4 - 11) / 4 + 1 = 55; 363 products for each of 64 channels.
    expect(part(graph, 'features.0').macs).toBe(363 * 64 * 55 ** 2);
    expect(part(graph, 'classifier.fc1').macs).toBe(36 * 256 * 4096);
  });

  it('pools to 6 x 6 where the last map is larger, and refuses smaller images', () => {
    // 512 pixels: 127, 63, 31 and 15 positions; windows of 15 - 5 x 2 = 5 with stride 2.
    const graph = buildAlexNet('alexnet', { resolution: 512 });
    expect(graph.nodes.find(({ name }) => name === 'avgpool')?.attributes).toMatchObject({
      kernel_shape: [5, 5],
      strides: [2, 2],
    });
    expect(() => buildAlexNet('alexnet', { resolution: 222 })).toThrow(ModelOptionError);
    expect(part(buildAlexNet('alexnet', { resolution: 223 }), 'classifier.fc1').macs).toBe(36 * 256 * 4096);
  });
});

describe('SqueezeNet', () => {
  it('1.1 squeezes 64 channels to 16 and expands them to 64 and 64', () => {
    const config = { stem: { channels: 64, kernel: 3 }, stages: [[16]], minimum: 17 };
    // 224 pixels: 111 after the stem, 55 after the pooling, rounded up.
    expect(part(buildSqueezeNet('s', config), 'fire1.0').macs).toBe((64 * 16 + 16 * 64 + 16 * 9 * 64) * 55 ** 2);
  });

  it('rounds the size of its poolings up', () => {
    // 1.0: 109 after the stem, then 54, 27, 13.
    const build = squeezenet.variants[0]?.build;
    if (build === undefined) throw new Error('no SqueezeNet');
    expect(part(build(), 'fire1.0.squeeze').macs).toBe(96 * 16 * 54 ** 2);
    expect(part(build(), 'fire2.0.squeeze').macs).toBe(256 * 32 * 27 ** 2);
    expect(part(build(), 'fire3.0.squeeze').macs).toBe(512 * 64 * 13 ** 2);
  });
});

describe('DenseNet', () => {
  const graph = buildDenseNet('densenet121', { growth: 32, repeats: [6, 12, 24, 16] });

  it('adds 32 channels a layer, from all that came before', () => {
    // The third layer of the first block reads 64 + 2 x 32 channels at 56 x 56, and squeezes them to 128.
    expect(part(graph, 'block1.2').macs).toBe((128 * 128 + 128 * 32 * 9) * 56 ** 2);
  });

  it('halves channels and sides between blocks, and ends with 1024', () => {
    expect(part(graph, 'transition1').macs).toBe(256 * 128 * 56 ** 2);
    expect(part(graph, 'classifier').macs).toBe(1024 * 1000);
  });
});

describe('GoogLeNet', () => {
  it('has 3x3 filters in its third branch', () => {
    const positions = 28 ** 2;
    const branches = 192 * 64 + (192 * 96 + 96 * 128 * 9) + (192 * 16 + 16 * 32 * 9) + 192 * 32;
    expect(part(buildGoogLeNet('googlenet'), 'inception3.0').macs).toBe(branches * positions);
  });
});

describe('ShuffleNetV2', () => {
  const graph = buildShuffleNetV2('shufflenet_v2_x1_0', { stages: [116, 232, 464], head: 1024 });

  it('changes half of the channels of a block', () => {
    // 58 of 116 channels at 28 x 28: a 1x1, a depthwise 3x3, a 1x1.
    expect(part(graph, 'stage2.1').macs).toBe((58 * 58 + 9 * 58 + 58 * 58) * 28 ** 2);
  });

  it('halves the sides with two branches that see all channels', () => {
    // 24 channels at 56 x 56 to 58 and 58 at 28 x 28.
    const first = 9 * 24 * 28 ** 2 + 24 * 58 * 28 ** 2;
    const second = 24 * 58 * 56 ** 2 + 9 * 58 * 28 ** 2 + 58 * 58 * 28 ** 2;
    expect(part(graph, 'stage2.0').macs).toBe(first + second);
  });

  it('shuffles images that are not square', () => {
    const wide = buildShuffleNetV2('wide', { stages: [48, 96, 192], head: 1024 }, { resolution: 64, imageWidth: 97 });
    // 64 x 97: 32 x 49, 16 x 25, then 8 x 13.
    expect(part(wide, 'stage2.1').macs).toBe((24 * 24 * 2 + 9 * 24) * 8 * 13);
  });
});

describe('Inception-v3', () => {
  it('needs 75 pixels', () => {
    expect(() => buildInceptionV3('i', { resolution: 74 })).toThrow(/75 or more.*nearest: 75/);
    expect(part(buildInceptionV3('i', { resolution: 75 }), 'classifier').macs).toBe(2048 * 1000);
  });
});
