import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../src/ir/builder.ts';
import { imageInput, STRIDE_32 } from '../../src/zoo/blocks/conv.ts';
import { buildMobileNetV3, mobileNetV3NormalizedChannels, mobileNetV3Stages } from '../../src/zoo/mobilenet-v3.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

const stages = (options: Parameters<typeof mobileNetV3Stages>[3]) => {
  const g = new GraphBuilder('stages');
  const { blocks, head } = mobileNetV3Stages(
    g,
    imageInput(g, { resolution: 64 }, STRIDE_32),
    { size: 'large' },
    options,
  );
  return { blocks, head, graph: g.finish([head.tensor]) };
};

describe('MobileNetV3', () => {
  it('narrows everything, in multiples of eight, as torchvision does', () => {
    const half = buildMobileNetV3('half', { size: 'large' }, { width: 0.5 });
    // 64 to 32 expanded, 24 to 16 (12 is nearer to 8, which would lose more than a tenth), from a stem of 8.
    expect(part(half, 'blocks.1.expand.conv').params).toBe(8 * 32);
    expect(part(half, 'blocks.1.project.conv').params).toBe(32 * 16);
    // 160 to 80, six times that, 1280 to 640.
    expect(part(half, 'classifier.0').params).toBe(480 * 640 + 640);
    expect(() => buildMobileNetV3('none', { size: 'large' }, { width: 0 })).toThrow(ModelOptionError);
  });

  it('keeps the classifier and the ratios of expansion where timm narrows', () => {
    const narrow = buildMobileNetV3('narrow', { size: 'large', width: 0.75, narrowing: 'timm' });
    // 16 x 0.75 rounds back to 16; four times that and not 64 x 0.75.
    expect(part(narrow, 'blocks.1.expand.conv').params).toBe(16 * 64);
    expect(part(narrow, 'classifier.0').params).toBe(720 * 1280 + 1280);
    const half = buildMobileNetV3('half', { size: 'small', width: 0.5, narrowing: 'timm' });
    expect(part(half, 'stem.conv').params).toBe(16 * 27);
  });

  it('gives feature maps of a stride of 16 when dilated, and half the last channels with a reduced tail', () => {
    const dilated = stages({ dilated: true });
    // 960 channels of 4 x 4 cells, not 2 x 2.
    expect(part(dilated.graph, 'head.conv').macs).toBe(160 * 960 * 16);
    const reduced = stages({ reducedTail: true });
    expect(reduced.blocks[12]?.expanded.channels).toBe(672);
    expect(reduced.blocks[13]?.expanded.channels).toBe(480);
    expect(reduced.head.channels).toBe(480);
  });

  it('knows how many channels BatchNorm scales', () => {
    const { graph } = stages({});
    const scaled = part(graph, '').statistics / 2;
    expect(mobileNetV3NormalizedChannels({ size: 'large' })).toBe(scaled);
  });
});
