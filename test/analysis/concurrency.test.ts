import { describe, expect, it } from 'vitest';
import { concurrency } from '../../src/analysis/concurrency.ts';
import { totals } from '../../src/analysis/totals.ts';
import { activate, add, conv } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput, REFERENCE_MODELS, zooModel } from './graphs.ts';

describe('concurrency', () => {
  // On 4 x 8 x 8 = 256 elements: top, then side by side a 1x1 convolution (2 x 4 x 256 = 2048 FLOPs) and a relu (256),
  // then their sum.
  const diamond = analyzed((g) => {
    const top = activate(g, 'top', featureInput(g, 4, 8), 'relu');
    return [add(g, 'bottom', conv(g, 'left', top, 4), activate(g, 'right', top, 'relu')).tensor];
  });

  it('of a diamond: the heavy side is the critical path', () => {
    expect(concurrency(diamond)).toEqual({
      criticalPathFlops: 256 + 2048 + 256,
      totalFlops: 256 + 2048 + 256 + 256,
      parallelism: 2816 / 2560,
      depth: 3,
      width: 2,
    });
  });

  it('grows with the batch, but its proportions do not', () => {
    expect(concurrency(diamond, 8)).toEqual({
      criticalPathFlops: 8 * 2560,
      totalFlops: 8 * 2816,
      parallelism: 1.1,
      depth: 3,
      width: 2,
    });
  });

  it('of a chain is one', () => {
    const chain = analyzed((g) => [activate(g, 'b', conv(g, 'a', featureInput(g, 4, 8), 4), 'relu').tensor]);
    expect(concurrency(chain)).toMatchObject({ parallelism: 1, depth: 2, width: 1 });
  });

  it('of independent branches is their number', () => {
    const branches = analyzed((g) => {
      const x = featureInput(g, 4, 8);
      return ['a', 'b', 'c', 'd'].map((name) => conv(g, name, x, 4).tensor);
    });
    expect(concurrency(branches)).toMatchObject({ parallelism: 4, depth: 1, width: 4 });
  });

  it('of work that costs nothing is one, not NaN', () => {
    const free = analyzed((g) => [g.node('Flatten', 'flat', [featureInput(g, 4, 8).tensor])]);
    expect(concurrency(free)).toMatchObject({ criticalPathFlops: 0, parallelism: 1 });
  });

  it.each(REFERENCE_MODELS)('%s: the critical path is part of the whole', (name) => {
    const graph = zooModel(name);
    const { criticalPathFlops, totalFlops, parallelism, depth, width } = concurrency(graph);
    expect(totalFlops).toBe(totals(graph).flops);
    expect(criticalPathFlops).toBeLessThanOrEqual(totalFlops);
    expect(parallelism).toBeGreaterThanOrEqual(1);
    expect(parallelism).toBeLessThanOrEqual(width);
    expect(depth * width).toBeGreaterThanOrEqual(graph.nodes.length);
    expect(depth).toBeLessThanOrEqual(graph.nodes.length);
  });

  it('ResNet-18 runs its downsampling convolutions beside the branch, a plain chain of blocks elsewhere', () => {
    // Two operators at one depth: downsample conv and conv1, downsample bn and bn1; nothing wider.
    expect(concurrency(zooModel('resnet18')).width).toBe(2);
  });
});
