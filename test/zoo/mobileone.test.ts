import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { buildMobileOne } from '../../src/zoo/mobileone.ts';

/** Totals of the operators below one path. */
const part = (graph: Graph, path: string) => {
  const analyzed = analyzeGraph(graph);
  return totals({ ...analyzed, nodes: analyzed.nodes.filter(({ name }) => name.startsWith(path)) });
};

describe('MobileOne', () => {
  const s0 = buildMobileOne('s0', { stem: 48, widths: [0.75, 1, 1, 2], branches: 4, squeezed: [0, 0, 0, 0] });

  it('has four 3x3 depthwise branches, a 1x1 one and an identity', () => {
    // 48 channels: 48 + BatchNorm, 4 x (48 x 9 + BatchNorm), BatchNorm; one such is 2 x 48.
    expect(part(s0, 'stage1.1.depthwise').params).toBe(48 + 96 + 4 * (432 + 96) + 96);
  });

  it('has no 1x1 branch beside a pointwise convolution', () => {
    expect(part(s0, 'stage1.1.pointwise').params).toBe(4 * (48 * 48 + 96) + 96);
  });

  it('squeezes and excites the last blocks of a stage', () => {
    const s4 = buildMobileOne('s4', { stem: 64, widths: [3, 3.5, 3.5, 4], branches: 1, squeezed: [0, 0, 5, 1] });
    // 2048 channels to a sixteenth and back, with biases.
    expect(part(s4, 'stage4.0.pointwise.se').params).toBe(2048 * 128 + 128 + 128 * 2048 + 2048);
    expect(part(s4, 'stage3.4.pointwise.se').params).toBe(0);
    expect(part(s4, 'stage3.5.pointwise.se').params).toBeGreaterThan(0);
  });
});
