import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { imageInput, STRIDE_32 } from '../../src/zoo/blocks/conv.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import {
  buildResNet,
  RESNET50,
  type ResNetConfig,
  type ResNetStagesOptions,
  resnetNormalizedChannels,
  resnetStages,
} from '../../src/zoo/resnet.ts';
import { part } from './part.ts';

const stages = (config: ResNetConfig, options: ResNetStagesOptions): Graph => {
  const g = new GraphBuilder('stages');
  const maps = resnetStages(g, imageInput(g, { resolution: 64 }, STRIDE_32), config, options);
  return g.finish(maps.map(({ tensor }) => tensor));
};

describe('ResNet', () => {
  it('strides on the 3x3 of a bottleneck', () => {
    const graph = buildResNet('resnet50', RESNET50);
    // 256 to 128 channels still at 56 x 56, 128 to 128 by 3x3 at 28 x 28.
    expect(part(graph, 'layer2.0.conv1').macs).toBe(256 * 128 * 56 * 56);
    expect(part(graph, 'layer2.0.conv2').macs).toBe(128 * 128 * 9 * 28 * 28);
  });

  it('keeps the resolution of its last stages when they dilate: as many parameters, more work', () => {
    const [plain, dilated] = [stages(RESNET50, {}), stages(RESNET50, { outputStride: 8 })];
    expect(part(dilated, '').params).toBe(part(plain, '').params);
    // Four times the cells in the third stage, sixteen times in the fourth, but where its first block reads the third.
    expect(part(dilated, 'layer4.1').macs).toBe(16 * part(plain, 'layer4.1').macs);
    expect(part(dilated, 'layer3.1').macs).toBe(4 * part(plain, 'layer3.1').macs);
    expect(part(stages(RESNET50, { outputStride: 16 }), 'layer4.1').macs).toBe(4 * part(plain, 'layer4.1').macs);
  });

  it('knows how many channels BatchNorm scales', () => {
    const configs: readonly ResNetConfig[] = [
      RESNET50,
      { block: 'basic', repeats: [2, 2, 2, 2] },
      { block: 'bottleneck', repeats: [3, 4, 6, 3], groups: 32, widthPerGroup: 4 },
    ];
    for (const config of configs) {
      // As many running means and variances.
      expect(resnetNormalizedChannels(config)).toBe(part(stages(config, {}), '').statistics / 2);
    }
    expect(resnetNormalizedChannels(RESNET50)).toBe(26_560);
  });

  it('takes images that are not square, down to one cell of its last map', () => {
    const wide = buildResNet('resnet50', RESNET50, { resolution: 224, imageWidth: 448 });
    expect(part(wide, 'layer').macs).toBe(2 * part(buildResNet('resnet50', RESNET50), 'layer').macs);
    expect(() => buildResNet('resnet50', RESNET50, { imageWidth: 31 })).toThrow(ModelOptionError);
  });
});
