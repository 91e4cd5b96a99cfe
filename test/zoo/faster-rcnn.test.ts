import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { shapeAt } from '../../src/ir/shape.ts';
import { buildFasterRcnn, family } from '../../src/zoo/faster-rcnn.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

const outputShapes = (graph: Graph, batch = 1) => {
  const { types } = inferShapes(graph);
  return graph.outputs.map((output) => {
    const type = types.get(output);
    return type !== undefined && 'shape' in type ? shapeAt(type.shape, batch) : undefined;
  });
};

const ON_RESNET = { backbone: 'resnet50', proposals: 1000, resolution: 800, classes: 91 } as const;
const gmacs = (macs: number): string => (macs / 1e9).toFixed(3);

describe('Faster R-CNN', () => {
  const graph = buildFasterRcnn('fasterrcnn', ON_RESNET, { resolution: 128, imageWidth: 64 });

  it('proposes from three anchors of every cell of five levels', () => {
    // 32 x 16, 16 x 8, 8 x 4, 4 x 2 and 2 x 1 cells.
    const cells = 512 + 128 + 32 + 8 + 2;
    expect(outputShapes(graph).slice(0, 2)).toEqual([
      [1, 3 * cells, 1],
      [1, 3 * cells, 4],
    ]);
    // One shared 3x3 convolution, objectness and four sides.
    expect(part(graph, 'rpn').macs).toBe((9 * 256 * 256 + 256 * 3 * 5) * cells);
  });

  it('takes 1000 regions of each image, 250 at each of four levels', () => {
    expect(outputShapes(graph, 2).slice(2)).toEqual([
      [2000, 91],
      [2000, 364],
    ]);
    expect(graph.inputs.slice(1).map(({ name, shape }) => [name, shapeAt(shape ?? [], 2)])).toEqual(
      ['p2', 'p3', 'p4', 'p5'].flatMap((level) => [
        [`proposals.${level}`, [500, 4]],
        [`proposals.${level}.image`, [500]],
      ]),
    );
  });

  it('spends on a region what its two layers and two predictions cost, wherever it is', () => {
    // 7 x 7 x 256 values to 1024, 1024 to 1024, to 91 classes and four sides of each.
    expect(part(graph, 'box_head').macs).toBe(1000 * (12_544 * 1024 + 1024 * 1024 + 1024 * 455));
    // Four samples for each of 49 bins of 256 channels: 7 operations a sample, 3 additions and 1 division; places apart.
    const perRegion = 49 * 256 * (4 * 7 + 4) + 49 * 4 * 14;
    expect(part(graph, 'proposals.p2.align').flops).toBe(250 * perRegion);
  });

  it('samples all regions from one map where both have the same stride', () => {
    const config = { ...ON_RESNET, backbone: 'mobilenet_v3_large', proposals: 150 } as const;
    const small = buildFasterRcnn('mobile', config, { resolution: 320 });
    expect(small.inputs.map(({ name }) => name)).toEqual(['input', 'proposals.p5', 'proposals.p5.image']);
    // 15 anchors on 10 x 10, 10 x 10 and 5 x 5 cells.
    expect(outputShapes(small)[0]).toEqual([1, 15 * 225, 1]);
  });

  it('refuses images that are not padded', () => {
    expect(() => buildFasterRcnn('fasterrcnn', ON_RESNET, { resolution: 600 })).toThrow(ModelOptionError);
  });
});

describe('figures of torchvision that hold fewer regions than there can be', () => {
  const built = (name: string): Graph => {
    const graph = family.variants.find((variant) => variant.name === name)?.build();
    if (graph === undefined) throw new Error(`no ${name}`);
    return graph;
  };

  it('are those of the first stage alone on MobileNetV3', () => {
    const firstStage = (name: string) => {
      const graph = built(name);
      return gmacs(part(graph, 'backbone').macs + part(graph, 'rpn').macs);
    };
    expect(firstStage('fasterrcnn_mobilenet_v3_large_fpn')).toBe('4.494');
    expect(firstStage('fasterrcnn_mobilenet_v3_large_320_fpn')).toBe('0.719');
  });

  it('are without masks in the first Mask R-CNN, with those of 100 detections in the second', () => {
    const first = built('maskrcnn_resnet50_fpn');
    expect(gmacs(part(first, '').macs - part(first, 'mask_head').macs)).toBe('134.380');
    const second = built('maskrcnn_resnet50_fpn_v2');
    // 14 x 14 by four 3x3 convolutions, 2x2 taps of each position, then 28 x 28 to 91 classes.
    const perDetection = 196 * (4 * 9 * 256 * 256 + 4 * 256 * 256) + 784 * 256 * 91;
    expect(part(second, 'mask_head').macs).toBe(100 * perDetection);
    expect(gmacs(part(second, '').macs)).toBe('333.577');
  });

  it('are with one person in Keypoint R-CNN, with none in its older weights', () => {
    const graph = built('keypointrcnn_resnet50_fpn');
    const perPerson = 196 * (9 * 256 * 512 + 7 * 9 * 512 * 512 + 16 * 512 * 17);
    expect(part(graph, 'keypoint_head').macs).toBe(100 * perPerson);
    const others = part(graph, '').macs - 100 * perPerson;
    expect(gmacs(others)).toBe('133.924');
    expect(gmacs(others + perPerson)).toBe('137.420');
  });
});
