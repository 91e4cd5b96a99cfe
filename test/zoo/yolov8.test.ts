import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { atBatch, BATCH, elementCount } from '../../src/ir/shape.ts';
import type { BuildOptions } from '../../src/zoo/family.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { buildYoloV8, family } from '../../src/zoo/yolov8.ts';
import { part } from './part.ts';

const NANO = { depth: 0.33, width: 0.25, maxChannels: 1024 };
const nano = (options?: BuildOptions): Graph => buildYoloV8('nano', NANO, options);

const elementsOf = (graph: Graph, type: string): number =>
  analyzeGraph(graph)
    .nodes.filter((node) => node.type === type)
    .reduce((sum, { outputs }) => sum + atBatch(elementCount(outputs[0]?.type?.shape ?? []), 1), 0);

const outputShape = (graph: Graph) =>
  analyzeGraph(graph).nodes.find(({ name }) => name === 'detect.output')?.outputs[0]?.type?.shape;

describe('YOLOv8', () => {
  it('has the stages that the summary of the source lists', () => {
    const graph = nano();
    // ultralytics/ultralytics issue 17547, parameters by row of the summary of YOLOv8n.
    const rows: readonly (readonly [string, number])[] = [
      ['backbone.p1', 464],
      ['backbone.p2.down', 4672],
      // 32 to 32; 16 to 16 with 3x3, twice; 48 to 32: 1024 + 2 x 2304 + 1536, and 2 x (32 + 16 + 16 + 32) of BatchNorm.
      ['backbone.p2.c2f', 7360],
      ['backbone.p3.down', 18560],
      ['backbone.p3.c2f', 49664],
      ['backbone.p4.down', 73984],
      ['backbone.p4.c2f', 197632],
      ['backbone.p5.down', 295424],
      ['backbone.p5.c2f', 460288],
    ];
    expect(rows.map(([path]) => [path, part(graph, path).params])).toEqual(rows);
    // 256 to 128, joined four times: 512 to 256.
    expect(part(graph, 'backbone.sppf').params).toBe(256 * 128 + 512 * 256 + 2 * (128 + 256));
    expect(part(graph, 'backbone.p1').macs).toBe(3 * 16 * 9 * 320 * 320);
  });

  it('caps the channels before it multiplies them', () => {
    // 768 x 0.75 = 576 and not 1024 x 0.75.
    const medium = buildYoloV8('medium', { depth: 0.67, width: 0.75, maxChannels: 768 });
    expect(part(medium, 'backbone.p5.down').params).toBe(9 * 384 * 576 + 2 * 576);
  });

  it('predicts sixteen bins for each side of a box, and every class', () => {
    const graph = nano();
    // From 64 channels at 80 x 80: the boxes by 64 channels, the classes by 80.
    expect(part(graph, 'detect.p3.box').macs).toBe((9 * (64 * 64 + 64 * 64) + 64 * 64) * 6400);
    expect(part(graph, 'detect.p3.class').macs).toBe((9 * (64 * 80 + 80 * 80) + 80 * 80) * 6400);
    // Four sides of 8400 cells, with the stored 0 to 15.
    const distances = part(graph, 'detect.dfl');
    expect([distances.macs, distances.params]).toEqual([16 * 4 * 8400, 16]);
    // Few classes leave the 64 channels of the finest map.
    expect(part(nano({ classes: 1 }), 'detect.p3.class').macs).toBe((9 * (64 * 64 + 64 * 64) + 64) * 6400);
  });

  it('ends in boxes and scores of the cells of three maps', () => {
    expect(outputShape(nano())).toEqual([BATCH, 84, 80 * 80 + 40 * 40 + 20 * 20]);
    const oblong = nano({ resolution: 384, imageWidth: 640, classes: 3 });
    expect(outputShape(oblong)).toEqual([BATCH, 7, 48 * 80 + 24 * 40 + 12 * 20]);
  });

  it('places the centres of the cells row by row, the finest map first', () => {
    const { initializers } = nano({ resolution: 32, imageWidth: 64 });
    const values = (name: string) => initializers.find((tensor) => tensor.name === name)?.values;
    // 4 x 8 cells of 8 pixels, 2 x 4 of 16, 1 x 2 of 32.
    const columns = [0, 1, 2, 3, 4, 5, 6, 7];
    expect(values('detect.boxes.corners.cells')?.slice(0, 42)).toEqual([
      ...[...columns, ...columns, ...columns, ...columns],
      ...[0, 1, 2, 3, 0, 1, 2, 3],
      ...[0, 1],
    ]);
    expect(values('detect.boxes.corners.cells')?.slice(42 + 32)).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 0, 0]);
    expect(values('detect.boxes.strides.cells')?.slice(31, 41)).toEqual([8, 16, 16, 16, 16, 16, 16, 16, 16, 32]);
  });

  it('takes multiples of 32 pixels', () => {
    for (const [resolution, nearest] of [
      [650, [640, 672]],
      [16, [32]],
    ] as const) {
      const refusal = (() => {
        try {
          return nano({ resolution });
        } catch (error) {
          return error;
        }
      })();
      expect(refusal).toBeInstanceOf(ModelOptionError);
      expect((refusal as ModelOptionError).nearest).toEqual(nearest);
    }
    expect(() => nano({ resolution: 640, imageWidth: 650 })).toThrow(ModelOptionError);
  });

  it('has the parameters that the source prints once BatchNorm is folded', () => {
    // A scale and a shift become a bias: one parameter less to a channel, of which BatchNorm keeps two statistics.
    const folded = family.variants.map((variant) => {
      const { params, statistics } = totals(analyzeGraph(variant.build()));
      return params - statistics / 2;
    });
    // Summaries "(fused)" of the source: issue 8784 (n); the others as it prints them for the same weights.
    expect(folded).toEqual([3151904, 11156544, 25886080, 43668288, 68200608]);
  });

  it('counts as the source does once BatchNorm and the doubled maps are priced as thop prices them', () => {
    const asThop = (graph: Graph, perNormalized: number) => {
      const macs = totals(analyzeGraph(graph)).macs + elementsOf(graph, 'Resize');
      return ((2 * (macs + perNormalized * elementsOf(graph, 'BatchNormalization'))) / 1e9).toFixed(1);
    };
    for (const variant of family.variants) {
      const graph = variant.build();
      const [documented, configured] = variant.published;
      expect([asThop(graph, 0), asThop(graph, 4)]).toEqual([documented?.gflops, configured?.gflops]);
    }
  });
});
