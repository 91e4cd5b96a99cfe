import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { shapeAt } from '../../src/ir/shape.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { buildSsd } from '../../src/zoo/ssd.ts';
import { part } from './part.ts';

const outputShapes = (graph: Graph, batch = 1) => {
  const { types } = inferShapes(graph);
  return graph.outputs.map((output) => {
    const type = types.get(output);
    return type !== undefined && 'shape' in type ? shapeAt(type.shape, batch) : undefined;
  });
};

describe('SSD', () => {
  const ssd = buildSsd('ssd300_vgg16', 'vgg16');

  it('has the 8732 anchors of the paper, because the third pooling rounds up', () => {
    // Maps of 38, 19, 10, 5, 3 and 1 cells a side with 4, 6, 6, 6, 4 and 4 anchors: 5776 + 2166 + 600 + 150 + 36 + 4.
    expect(outputShapes(ssd)).toEqual([
      [1, 8732, 91],
      [1, 8732, 4],
    ]);
  });

  it('predicts from the first map by 3x3 convolutions of its own', () => {
    // 512 channels, 9 taps, 4 anchors of 91 classes and 4 sides, 38 x 38 cells.
    expect(part(ssd, 'classification.0').macs).toBe(512 * 9 * 4 * 91 * 1444);
    expect(part(ssd, 'regression.0').macs).toBe(512 * 9 * 4 * 4 * 1444);
    // One learned scale per channel of the map that is normalized.
    expect(part(ssd, 'backbone.scale').params).toBe(512);
  });

  it('refuses an image too small for its last convolutions', () => {
    expect(outputShapes(buildSsd('s', 'vgg16', { resolution: 268, classes: 2 }))).toHaveLength(2);
    expect(() => buildSsd('s', 'vgg16', { resolution: 267 })).toThrow(ModelOptionError);
    expect(() => buildSsd('s', 'vgg16', { resolution: 267 })).toThrow(expect.objectContaining({ nearest: [268] }));
  });
});

describe('SSDLite', () => {
  const lite = buildSsd('ssdlite320_mobilenet_v3_large', 'mobilenet_v3_large');

  it('reads MobileNetV3 inside its thirteenth block and at its end, whose channels are halved', () => {
    // Depthwise 3x3 and its BatchNorm, then 6 anchors of 4 sides: 672 channels on 20 x 20, 480 on 10 x 10.
    expect(part(lite, 'regression.0').macs).toBe((672 * 9 + 672 * 24) * 400);
    expect(part(lite, 'regression.1').macs).toBe((480 * 9 + 480 * 24) * 100);
  });

  it('has six anchors on each of six maps', () => {
    // 400 + 100 + 25 + 9 + 4 + 1 cells.
    expect(outputShapes(lite, 2)).toEqual([
      [2, 3234, 91],
      [2, 3234, 4],
    ]);
  });
});
