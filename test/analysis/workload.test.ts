import { describe, expect, it } from 'vitest';
import { FUSION_RULES, type FusionRulesId } from '../../src/analysis/fusion.ts';
import { memoryFigures, trafficBytes, weightBytes } from '../../src/analysis/memory.ts';
import { totals } from '../../src/analysis/totals.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import { atBatch } from '../../src/ir/shape.ts';
import { countAt } from '../../src/units/count.ts';
import { activate, concat, conv, type Feature, flatten, linear } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput, REFERENCE_MODELS, zooModel } from './graphs.ts';

const RULES = Object.keys(FUSION_RULES) as readonly FusionRulesId[];

describe.each(REFERENCE_MODELS)('%s', (name) => {
  const graph = zooModel(name);
  const whole = totals(graph);

  it.each(RULES)('%s: the kernels add up to the graph', (rules) => {
    const folds = FUSION_RULES[rules].foldAffine;
    const { kernels, columns, parameters, unknownOperators } = compileWorkload(graph, rules);
    const sum = (pick: (kernel: (typeof kernels)[number]) => number) =>
      kernels.reduce((all, kernel) => all + pick(kernel), 0);
    expect(sum(({ macs }) => countAt(macs, 2))).toBe(2 * whole.macs);
    const flops = sum(({ macs, otherFlops }) => 2 * countAt(macs, 2) + countAt(otherFlops, 2));
    // All that folding takes away is 2 per output of a batch norm.
    const normalized = graph.nodes
      .filter(({ foldable }) => foldable)
      .reduce((all, { flops: own }) => all + atBatch(own, 2), 0);
    expect(flops).toBe(2 * whole.flops - (folds ? normalized : 0));
    expect(sum(({ transcendentals }) => countAt(transcendentals, 1))).toBe(whole.transcendentals);
    // Weights: as stored, or with one bias in place of the four vectors of a batch norm.
    const scales = graph.nodes
      .filter(({ foldable }) => foldable)
      .reduce((all, { statistics }) => all + statistics / 2, 0);
    expect(sum(({ weightElements }) => weightElements)).toBe(
      folds ? whole.params - scales : whole.params + whole.statistics,
    );
    expect([parameters, unknownOperators]).toEqual([whole.params, 0]);
    expect(columns.length).toBe(kernels.length);
  });

  it('the columns say what the records say', () => {
    const { kernels, columns } = compileWorkload(graph, 'epilogue');
    kernels.forEach((kernel, row) => {
      expect({
        depthwise: columns.depthwise[row] === 1,
        macs: { fixed: columns.macsFixed[row], perItem: columns.macsPerItem[row] },
        otherFlops: { fixed: columns.flopsFixed[row], perItem: columns.flopsPerItem[row] },
        weightElements: columns.weightElements[row],
        activations: (columns.activationFixed[row] as number) + 3 * (columns.activationPerItem[row] as number),
        boundary: (columns.boundaryFixed[row] as number) + 3 * (columns.boundaryPerItem[row] as number),
        view: [columns.groups[row], columns.mPerItem[row], columns.n[row], columns.k[row], columns.window[row]],
      }).toEqual({
        depthwise: kernel.class === 'depthwise-conv',
        macs: kernel.macs,
        otherFlops: kernel.otherFlops,
        weightElements: kernel.weightElements,
        activations: countAt(kernel.readElements, 3) + countAt(kernel.writeElements, 3),
        boundary: countAt(kernel.boundaryElements, 3),
        view: [
          kernel.view?.groups ?? 0,
          kernel.view?.m.perItem ?? 0,
          kernel.view?.n ?? 0,
          kernel.view?.k ?? 0,
          kernel.view?.window ?? 0,
        ],
      });
      const { groups = 0, n = 0, k = 0, m = kernel.macs } = kernel.view ?? {};
      expect(countAt(kernel.macs, 3)).toBe(groups * n * k * countAt(m, 3));
    });
  });

  it('traffic is affine in the batch: weights once, activations per item', () => {
    const workload = compileWorkload(graph, 'epilogue');
    const at = (batch: number) => trafficBytes(workload, batch, 'fp16');
    expect(at(10) - at(9)).toBe(at(2) - at(1));
    expect(2 * at(1) - at(2)).toBe(2 * workload.columns.weightElements.reduce((a, b) => a + b, 0));
  });
});

describe('memory figures by hand', () => {
  // x 4 x 8 x 8 = 256; conv to 8 x 8 x 8 = 512, relu; flatten; linear 512 -> 10.
  const graph = analyzed((g) => {
    const map = activate(g, 'act', conv(g, 'conv', featureInput(g, 4, 8), 8), 'relu');
    return [linear(g, 'fc', { ...flatten(g, 'flat', map), channels: 512 }, 10).tensor];
  });
  const figures = memoryFigures(graph, compileWorkload(graph, 'epilogue'), { batch: 2, precision: 'fp16' });

  it('are five different numbers', () => {
    // conv 32 weights, linear 5120 + 10.
    expect(figures.weightBytes).toBe(2 * 5162);
    // Kernels: conv with relu (32 + (256 + 512) x 2), linear (5130 + (512 + 10) x 2).
    expect(figures.trafficBytes).toBe(2 * (32 + 768 * 2 + 5130 + 522 * 2));
    // Largest step: input and map, (256 + 512) x 2.
    expect(figures.peakActivationBytes).toBe(2 * 768 * 2);
    // Already multiples of 64.
    expect(figures.arenaBytes).toBe(2 * 768 * 2);
    // conv 512, relu 512, flatten 512, linear 10.
    expect(figures.sumOfOutputsBytes).toBe(2 * 1546 * 2);
  });

  it('half a byte a weight in int4, rounded up', () => {
    expect(weightBytes(5, 'int4')).toBe(3);
  });

  it('the gap between arena and peak is never negative', () => {
    for (const name of REFERENCE_MODELS) {
      const model = zooModel(name);
      const { arenaBytes, peakActivationBytes, sumOfOutputsBytes } = memoryFigures(
        model,
        compileWorkload(model, 'none'),
      );
      expect(arenaBytes).toBeGreaterThanOrEqual(peakActivationBytes);
      expect(sumOfOutputsBytes).toBeGreaterThan(peakActivationBytes);
    }
  });
});

describe('the boundary of the network', () => {
  const boundaryOf = (...parameters: Parameters<typeof analyzed>) =>
    compileWorkload(analyzed(...parameters), 'none').kernels.map(({ boundaryElements }) => boundaryElements.perItem);

  it('is read by the first kernel and written by the last', () => {
    expect(
      boundaryOf((g) => [
        activate(g, 'c', activate(g, 'b', activate(g, 'a', featureInput(g, 4, 8), 'relu'), 'relu'), 'relu').tensor,
      ]),
    ).toEqual([256, 0, 256]);
  });

  it('includes an input that is read through a view', () => {
    expect(
      boundaryOf((g) => [linear(g, 'fc', { ...flatten(g, 'flat', featureInput(g, 4, 8)), channels: 256 }, 10).tensor]),
    ).toEqual([266]);
  });

  it('includes an output that leaves through a view', () => {
    expect(boundaryOf((g) => [flatten(g, 'flat', activate(g, 'a', featureInput(g, 4, 8), 'relu')).tensor])).toEqual([
      512,
    ]);
  });

  it('includes every part of what is put together in place', () => {
    const parts = ['b', 'c'] as const;
    const joined = analyzed((g) => {
      const [b, c] = parts.map((name) => conv(g, name, featureInput(g, 4, 8, `x.${name}`), 4)) as [Feature, Feature];
      return [concat(g, 'join', [b, c]).tensor];
    });
    // Each reads 256 elements of the network's inputs and writes 256 of its output.
    expect(
      compileWorkload(joined, 'inductor').kernels.map(({ name, boundaryElements }) => [name, boundaryElements.perItem]),
    ).toEqual([
      ['b', 512],
      ['c', 512],
    ]);
    const entering = analyzed((g) => {
      const inner = conv(g, 'inner', featureInput(g, 4, 8, 'x'), 4);
      return [conv(g, 'after', concat(g, 'join', [inner, featureInput(g, 4, 8, 'y')]), 4).tensor];
    });
    // The 256 of y are among the 512 that the last kernel reads, and its output.
    expect(compileWorkload(entering, 'inductor').kernels.at(-1)?.boundaryElements.perItem).toBeGreaterThanOrEqual(512);
  });
});

it('an operator of unknown cost makes the workload a lower bound, and says so', () => {
  const graph = analyzed((g) => [g.node('Warp', 'warp', [conv(g, 'conv', featureInput(g, 4, 8), 4).tensor])]);
  expect(compileWorkload(graph, 'epilogue')).toMatchObject({
    unknownOperators: 1,
    kernels: [{ name: 'conv' }, { name: 'warp' }],
  });
});
