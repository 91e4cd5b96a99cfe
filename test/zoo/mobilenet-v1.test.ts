import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { buildMobileNetV1 } from '../../src/zoo/mobilenet-v1.ts';

/** Totals of the operators below one path. */
const part = (graph: Graph, path: string) => {
  const analyzed = analyzeGraph(graph);
  return totals({ ...analyzed, nodes: analyzed.nodes.filter(({ name }) => name.startsWith(path)) });
};

describe('MobileNetV1', () => {
  const graph = buildMobileNetV1('mobilenetv1_100', { width: 1 });

  it('separates a convolution into a depthwise and a pointwise one', () => {
    // 1024 channels at 7 x 7: 9 taps per channel, then 1024 x 1024; 4 BatchNorm vectors in all.
    expect(part(graph, 'stage5.1.filter').macs).toBe(451_584);
    expect(part(graph, 'stage5.1.project').macs).toBe(51_380_224);
    expect(part(graph, 'stage5.1').params).toBe(9216 + 1_048_576 + 4 * 1024);
  });

  it('has no shortcuts', () => {
    expect(graph.nodes.filter(({ type }) => type === 'Add')).toEqual([]);
  });

  it('gains a 1024 x 1024 pointwise convolution with the head', () => {
    const withHead = buildMobileNetV1('mobilenetv1_100h', { width: 1, headConvolution: true });
    expect(part(withHead, '').params - part(graph, '').params).toBe(1024 * 1024 + 2 * 1024);
  });
});
