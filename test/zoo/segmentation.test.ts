import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { shapeAt } from '../../src/ir/shape.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { buildSegmentation } from '../../src/zoo/segmentation.ts';
import { part } from './part.ts';

const outputShape = (graph: Graph) => {
  const type = inferShapes(graph).types.get(graph.outputs[0] ?? '');
  return type !== undefined && 'shape' in type ? shapeAt(type.shape, 1) : undefined;
};

describe('semantic segmentation', () => {
  it('keeps a stride of 8 by dilating the last two stages of ResNet', () => {
    const graph = buildSegmentation('fcn_resnet50', { backbone: 'resnet50', head: 'fcn' }, { resolution: 64 });
    const dilations = graph.nodes
      .filter(({ name }) => name.endsWith('conv2.conv'))
      .map(({ attributes }) => (attributes.dilations as readonly number[] | undefined)?.[0] ?? 1);
    // 3, 4, 6 and 3 blocks; the first of a dilated stage still has the dilation of the stage before.
    expect(dilations).toEqual([...Array(7).fill(1), 1, 2, 2, 2, 2, 2, 2, 4, 4]);
    // 2048 to 512 channels by 3x3 on 8 x 8 cells, then 512 to 21 classes.
    expect(part(graph, 'classifier').macs).toBe((2048 * 512 * 9 + 512 * 21) * 64);
  });

  it('pools the whole map beside convolutions of three dilations', () => {
    const graph = buildSegmentation('d', { backbone: 'mobilenet_v3_large', head: 'deeplabv3' }, { resolution: 128 });
    // 960 channels at a stride of 16: 8 x 8 cells. Pointwise, three 3x3, one of the mean, and 5 x 256 to 256.
    const perCell = 960 * 256 + 3 * 960 * 256 * 9 + 5 * 256 * 256;
    expect(part(graph, 'classifier.aspp').macs).toBe(perCell * 64 + 960 * 256);
  });

  it('costs with its auxiliary classifier what torchvision publishes, to the last digit', () => {
    const counts = (config: Parameters<typeof buildSegmentation>[1]) => {
      const { params, macs } = part(buildSegmentation('with', { ...config, auxiliary: true }), '');
      return [params, (macs / 1e9).toFixed(3)];
    };
    expect(counts({ backbone: 'resnet50', head: 'deeplabv3' })).toEqual([42_004_074, '178.722']);
    expect(counts({ backbone: 'resnet101', head: 'deeplabv3' })).toEqual([60_996_202, '258.743']);
    expect(counts({ backbone: 'resnet50', head: 'fcn' })).toEqual([35_322_218, '152.717']);
    expect(counts({ backbone: 'resnet101', head: 'fcn' })).toEqual([54_314_346, '232.738']);
    expect(counts({ backbone: 'mobilenet_v3_large', head: 'deeplabv3' })).toEqual([11_029_328, '10.452']);
  });

  it('gives scores at the size of the image, whatever it is', () => {
    const config = { backbone: 'mobilenet_v3_large', head: 'lraspp' } as const;
    expect(outputShape(buildSegmentation('l', config, { resolution: 61, imageWidth: 100, classes: 5 }))).toEqual([
      1, 5, 61, 100,
    ]);
    expect(() => buildSegmentation('l', config, { resolution: 15 })).toThrow(ModelOptionError);
  });
});
