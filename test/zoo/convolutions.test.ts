import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { coverage, totals } from '../../src/analysis/totals.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { verifyGraph } from '../../src/ir/verify.ts';
import { allModels } from '../../src/zoo/api.ts';
import { add, convNorm, type Feature, imageInput } from '../../src/zoo/blocks/conv.ts';
import { squeezeExcite } from '../../src/zoo/blocks/inverted-residual.ts';
import { withSeparableConvolutions, withStandardConvolutions } from '../../src/zoo/convolutions.ts';

const counted = (graph: Graph) => {
  expect(verifyGraph(graph)).toEqual([]);
  return totals(analyzeGraph(graph));
};

/** A stem to 8 channels at 16 x 16, then what is tried. */
const network = (body: (g: GraphBuilder, x: Feature) => Feature): Graph => {
  const g = new GraphBuilder('network');
  const stem = convNorm(g, 'stem', imageInput(g, { resolution: 32 }, { minimum: 1 }), 8, { kernel: 3, stride: 2 });
  return g.finish([body(g, stem).tensor]);
};

const stemMacs = 27 * 8 * 256;

describe('standard convolutions in place of separable ones', () => {
  const separable = network((g, x) =>
    convNorm(g, 'mix', convNorm(g, 'filter', x, 8, { kernel: 5, stride: 2, groups: 8, activation: 'relu' }), 12, {
      activation: 'relu6',
    }),
  );

  it('one 5x5/2 from 8 to 12 channels in place of a depthwise 5x5/2 and a 1x1', () => {
    const { graph, replaced } = withStandardConvolutions(separable);
    expect(replaced).toEqual(['filter.conv']);
    // Depthwise 25 x 8 and 8 x 12 for each of 8 x 8 positions; standard 25 x 8 x 12.
    expect(counted(separable).macs).toBe(stemMacs + (200 + 96) * 64);
    expect(counted(graph).macs).toBe(stemMacs + 2400 * 64);
    // The norm of the stem, 16; of the filter, 16, which goes; of the mix, 24.
    expect(counted(separable).params).toBe(216 + 16 + 200 + 16 + 96 + 24);
    expect(counted(graph).params).toBe(216 + 16 + 2400 + 24);
    expect(graph.nodes.map(({ type }) => type)).toEqual([
      'Conv',
      'BatchNormalization',
      'Conv',
      'BatchNormalization',
      'Clip',
    ]);
  });

  it('keeps squeeze-and-excitation, on the channels that are now convolved', () => {
    const gated = network((g, x) => {
      const filtered = convNorm(g, 'filter', x, 8, { kernel: 3, groups: 8, activation: 'relu' });
      return convNorm(
        g,
        'mix',
        squeezeExcite(g, filtered, { squeezeChannels: 2, activation: 'relu', gate: 'sigmoid' }),
        4,
      );
    });
    const { graph } = withStandardConvolutions(gated);
    // 8 x 2 and 2 x 8 of the squeeze, and 3x3 from 8 to 4 channels at 16 x 16.
    expect(counted(graph).macs).toBe(stemMacs + 32 + 9 * 32 * 256);
    expect(graph.nodes.filter(({ type }) => type === 'Mul')).toHaveLength(1);
  });

  it('makes a depthwise convolution that nothing mixes dense', () => {
    const lone = network((g, x) => add(g, 'add', x, convNorm(g, 'filter', x, 8, { kernel: 3, groups: 8 })));
    expect(counted(withStandardConvolutions(lone).graph).macs).toBe(stemMacs + 9 * 64 * 256);
  });

  it('changes nothing where there is nothing to replace', () => {
    const plain = network((g, x) => convNorm(g, 'plain', x, 8, { kernel: 3, activation: 'relu' }));
    const { graph, replaced } = withStandardConvolutions(plain);
    expect(replaced).toEqual([]);
    expect(graph).toEqual(plain);
  });
});

describe('separable convolutions in place of standard ones', () => {
  const plain = network((g, x) => convNorm(g, 'conv', x, 12, { kernel: 3, stride: 2, activation: 'relu' }));

  it('a depthwise 3x3/2 with its own norm and ReLU, then a 1x1 with those of the convolution', () => {
    const { graph, replaced } = withSeparableConvolutions(plain);
    // The stem reads the image and stays.
    expect(replaced).toEqual(['conv.conv']);
    expect(graph.nodes.map(({ type }) => type)).toEqual([
      ...['Conv', 'BatchNormalization'],
      ...['Conv', 'BatchNormalization', 'Relu', 'Conv', 'BatchNormalization', 'Relu'],
    ]);
    expect(counted(graph).macs).toBe(stemMacs + (72 + 96) * 64);
    expect(counted(graph).params).toBe(216 + 16 + 72 + 16 + 96 + 24);
  });

  it('come back as they were', () => {
    const { graph } = withStandardConvolutions(withSeparableConvolutions(plain).graph);
    expect(counted(graph)).toEqual(counted(plain));
    expect(graph.nodes.map(({ type, inputs }) => [type, inputs.length])).toEqual(
      plain.nodes.map(({ type, inputs }) => [type, inputs.length]),
    );
  });
});

describe.each(allModels().map(({ variant }) => [variant.name, variant] as const))('%s', (_, variant) => {
  it('is still a network both ways, of feature maps of the same size', () => {
    const graph = variant.build();
    const own = analyzeGraph(graph);
    for (const { graph: other, replaced } of [withStandardConvolutions(graph), withSeparableConvolutions(graph)]) {
      expect(verifyGraph(other)).toEqual([]);
      const analyzed = analyzeGraph(other);
      expect(coverage(analyzed).status).toBe('complete');
      for (const output of graph.outputs) expect(analyzed.types.get(output)).toEqual(own.types.get(output));
      if (replaced.length === 0) expect(totals(analyzed)).toEqual(totals(own));
    }
    expect(totals(analyzeGraph(withStandardConvolutions(graph).graph)).macs).toBeGreaterThanOrEqual(totals(own).macs);
  });
});
