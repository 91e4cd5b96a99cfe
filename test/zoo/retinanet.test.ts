import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { shapeAt } from '../../src/ir/shape.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { buildRetinaNet, family } from '../../src/zoo/retinanet.ts';
import { part } from './part.ts';

const outputShapes = (graph: Graph, batch = 1) => {
  const { types } = inferShapes(graph);
  return graph.outputs.map((output) => {
    const type = types.get(output);
    return type !== undefined && 'shape' in type ? shapeAt(type.shape, batch) : undefined;
  });
};

const RETINANET = { anchors: 9, stridedFrom: 'pyramid', tower: {} } as const;

describe('RetinaNet', () => {
  const graph = buildRetinaNet('retinanet', RETINANET, { resolution: 128, imageWidth: 256 });

  it('predicts for nine anchors of every cell of five levels', () => {
    // 16 x 32, 8 x 16, 4 x 8, 2 x 4 and 1 x 2 cells.
    const cells = 512 + 128 + 32 + 8 + 2;
    expect(outputShapes(graph)).toEqual([
      [1, 9 * cells, 91],
      [1, 9 * cells, 4],
    ]);
    // Four convolutions of 256 channels and the prediction, the same weights at every level.
    expect(part(graph, 'classification').macs).toBe(9 * (4 * 256 * 256 + 256 * 9 * 91) * cells);
    expect(part(graph, 'classification').params).toBe(4 * (9 * 256 * 256 + 256) + 9 * 256 * 819 + 819);
  });

  it('joins each map with the coarser one at its own size', () => {
    // 4 x 8 cells and 8 x 16, doubled.
    expect(part(graph, 'backbone.fpn.p4.add').flops).toBe(256 * 8 * 16);
    expect(part(graph, 'backbone.fpn.p3.add').flops).toBe(256 * 16 * 32);
    // To 256 channels from 512, 1024 and 2048, then 3x3.
    expect(part(graph, 'backbone.fpn.p3').macs).toBe((512 * 256 + 9 * 256 * 256) * 512);
  });

  it('makes the coarsest levels from the last map of the backbone in its second version', () => {
    const second = { anchors: 9, stridedFrom: 'backbone', tower: { normGroups: 32, bias: false } } as const;
    const small = buildRetinaNet('second', second, { resolution: 128 });
    // 2048 channels of 4 x 4 cells by 3x3 to 2 x 2.
    expect(part(small, 'backbone.fpn.p6').macs).toBe(9 * 2048 * 256 * 4);
  });

  it('takes images of whole cells', () => {
    const refused = () => buildRetinaNet('retinanet', RETINANET, { resolution: 800, imageWidth: 1333 });
    expect(refused).toThrow(ModelOptionError);
    expect(refused).toThrow(expect.objectContaining({ nearest: [1312, 1344] }));
  });

  it('leaves the 26,560 scales and shifts of a frozen ResNet-50 out of the published parameters', () => {
    const elsewhere = family.variants.map(({ published }) => published[0]?.elsewhere?.parameters);
    expect(elsewhere).toEqual([-53_120, undefined, -53_120]);
  });
});

describe('FCOS', () => {
  it('predicts how central each cell is, from the convolutions of the boxes', () => {
    const config = { anchors: 1, stridedFrom: 'pyramid', tower: { normGroups: 32 }, centerness: true } as const;
    const graph = buildRetinaNet('fcos', config, { resolution: 128, classes: 3 });
    const cells = 256 + 64 + 16 + 4 + 1;
    expect(outputShapes(graph)).toEqual([
      [1, cells, 3],
      [1, cells, 4],
      [1, cells, 1],
    ]);
    expect(part(graph, 'regression').macs).toBe(9 * (4 * 256 * 256 + 256 * 5) * cells);
  });
});
