/** Blocks of well-known networks, worked out on paper. */
import { describe, expect, it } from 'vitest';
import type { AnalyzedGraph } from '../../src/analysis/nodes.ts';
import { classTotals, totals } from '../../src/analysis/totals.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import { zooModel } from '../analysis/graphs.ts';

/** The part of a network whose nodes' names begin with `path`. */
const part = (graph: AnalyzedGraph, path: string): AnalyzedGraph => ({
  ...graph,
  nodes: graph.nodes.filter(({ name }) => name.startsWith(`${path}.`)),
});

describe("MobileNetV2's first inverted residual (expansion 1, 32 -> 16 channels at 112 x 112)", () => {
  const block = part(zooModel('mobilenet_v2'), 'stage1.0');

  it('multiply-accumulates and parameters', () => {
    // Depthwise 3x3: 32 x 9 x 112^2 = 3,612,672. Project: 32 x 16 x 112^2 = 6,422,528.
    // Parameters: 32 x 9 + 2 x 32 and 32 x 16 + 2 x 16.
    expect(totals(block)).toMatchObject({ macs: 3_612_672 + 6_422_528, params: 352 + 544, statistics: 64 + 32 });
  });

  it('all operations, as written', () => {
    // 2 x 10,035,200; batch norm 2 x (401,408 + 200,704); ReLU6 2 x 401,408 (the projection has none).
    expect(totals(block).flops).toBe(20_070_400 + 1_204_224 + 802_816);
    expect(block.nodes.map(({ type }) => type)).toEqual([
      'Conv',
      'BatchNormalization',
      'Clip',
      'Conv',
      'BatchNormalization',
    ]);
  });
});

describe('MobileNetV2 as a whole, 224 x 224', () => {
  const graph = zooModel('mobilenet_v2');

  it('300,774,272 multiply-accumulates', () => {
    const stages = [
      27 * 32 * 112 ** 2, // stem: 3x3 over RGB, 10,838,016
      10_035_200, // stage 1, above
      54_942_720, // stage 2: 16 -> 24, then 24 -> 24 at 56
      37_443_840, // stage 3: 24 -> 32 twice more, 28
      38_497_536, // stage 4: 32 -> 64 three times more, 14
      58_103_808, // stage 5: 64 -> 96 twice more, 14
      46_560_192, // stage 6: 96 -> 160 twice more, 7
      23_002_560, // stage 7: 160 -> 320, 7
      320 * 1280 * 49, // head, 20,070,400
      1280 * 1000, // classifier
    ];
    expect(totals(graph).macs).toBe(stages.reduce((a, b) => a + b, 0));
    expect(totals(graph).macs).toBe(300_774_272);
  });

  it('627,396,456 operations as written', () => {
    // Outputs of all 52 convolutions: 401,408 + 602,112 + 2,558,976 + 1,241,856 + 689,920 + 658,560 + 352,800 + 109,760
    // + 62,720 = 6,678,112. ReLU6 follows all but the 17 projections: 6,105,792. Ten blocks add their input: 216,384.
    const batchNorm = 2 * 6_678_112;
    const relu6 = 2 * 6_105_792;
    const residuals = 216_384;
    const pool = 1280 * 49;
    const bias = 1000;
    expect(totals(graph).flops).toBe(2 * 300_774_272 + batchNorm + relu6 + residuals + pool + bias);
    expect(totals(graph).flops).toBe(627_396_456);
    // Divisions of the pool alone are transcendental.
    expect(totals(graph).transcendentals).toBe(1280);
    // Activations in the sense of fvcore: 6,678,112 and the classifier's 1000.
    expect(totals(graph).activationElements).toBe(6_679_112);
  });

  it('614,040,232 once the batch norms are folded', () => {
    const { kernels } = compileWorkload(graph, 'epilogue');
    const flops = kernels.reduce((sum, { macs, otherFlops }) => sum + 2 * macs.perItem + otherFlops.perItem, 0);
    expect(flops).toBe(627_396_456 - 2 * 6_678_112);
    // 52 convolutions, the pool and the classifier.
    expect(kernels).toHaveLength(54);
  });

  it('does 17 depthwise convolutions and 34 pointwise ones', () => {
    // One block without expansion: 16 + 17 pointwise, and the head.
    const counts = Object.fromEntries(classTotals(graph).map((row) => [row.class, row.count]));
    expect(counts).toMatchObject({
      'depthwise-conv': 17,
      'pointwise-conv': 34,
      'dense-conv': 1,
      linear: 1,
      elementwise: 10,
    });
  });
});

describe('the first expanded MBConv of EfficientNet-B0 (16 -> 96 -> 24, 3x3/2, from 112 to 56)', () => {
  const block = part(zooModel('efficientnet_b0'), 'stage2.0');
  const squeeze = part(zooModel('efficientnet_b0'), 'stage2.0.se');

  it('multiply-accumulates', () => {
    // Expand 16 x 96 x 112^2; depthwise 96 x 9 x 56^2; squeeze to 16 / 4 = 4: 96 x 4 and back; project 96 x 24 x 56^2.
    expect(totals(block).macs).toBe(19_267_584 + 2_709_504 + 384 + 384 + 7_225_344);
  });

  it('parameters', () => {
    // 1536 + 192, 864 + 192, (384 + 4) + (384 + 96), 2304 + 48.
    expect(totals(block).params).toBe(1728 + 1056 + 868 + 2352);
  });

  it('the squeeze-and-excitation beside them', () => {
    // Mean: one operation for each of 96 x 56^2 = 301,056 inputs. Reduce 2 x 384 + 4, SiLU 5 x 4; expand 2 x 384 + 96,
    // sigmoid 4 x 96. Scale: 301,056 products.
    expect(totals(squeeze).flops).toBe(301_056 + 772 + 20 + 864 + 384 + 301_056);
    // Divisions of 96 means; exp and division for 4 + 96 elements.
    expect(totals(squeeze).transcendentals).toBe(96 + 2 * 100);
    expect(totals(squeeze).macs / totals(block).macs).toBeLessThan(0.0001);
  });
});

describe('a basic block of ResNet-18 (layer1: 64 channels at 56 x 56)', () => {
  const block = part(zooModel('resnet18'), 'layer1.0');

  it('multiply-accumulates and parameters', () => {
    // Two times 64 x 64 x 9 x 56^2 = 115,605,504, and two times 36,864 + 128.
    expect(totals(block)).toMatchObject({ macs: 2 * 115_605_504, params: 2 * 36_992 });
  });

  it('all operations', () => {
    // 200,704 elements: two batch norms (2 each), two ReLU, one addition.
    expect(totals(block).flops).toBe(4 * 115_605_504 + (4 + 2 + 1) * 200_704);
  });

  it('is half of 231 M after the stem of 118 M', () => {
    expect(totals(part(zooModel('resnet18'), 'stem')).macs).toBe(118_013_952);
    expect(totals(part(zooModel('resnet18'), 'layer1.1')).macs).toBe(231_211_008);
  });
});

describe('a bottleneck of ResNet-50, version 1.5', () => {
  it('has its stride on the 3x3', () => {
    // layer2.0: 1x1 256 -> 128 at 56, 3x3/2 to 28, 1x1 128 -> 512, downsample 256 -> 512.
    const block = part(zooModel('resnet50'), 'layer2.0');
    expect(totals(block).macs).toBe(256 * 128 * 3136 + 128 * 128 * 9 * 784 + 128 * 512 * 784 + 256 * 512 * 784);
  });
});
