import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/ir/graph.ts';
import { buildMnasNet } from '../../src/zoo/mnasnet.ts';
import { part } from './part.ts';

describe('MnasNet', () => {
  const small = buildMnasNet('mnasnet_small', { architecture: 'small', width: 1 });

  it('squeezes to a quarter of the input of a block, not of its expansion', () => {
    // 16 channels in, 96 expanded, 4 squeezed: 96 x 4 + 4 and 4 x 96 + 96.
    expect(part(small, 'stage4.0.se').params).toBe(868);
  });

  it('has a shortcut around the first block of the small model only', () => {
    const additions = (graph: Graph) =>
      graph.nodes.filter(({ type, name }) => type === 'Add' && name.startsWith('stage1.')).length;
    expect(additions(small)).toBe(1);
    // At a quarter of the width stem and first stage both have 8 channels.
    expect(additions(buildMnasNet('mnasnet_025', { architecture: 'b1', width: 0.25 }))).toBe(0);
  });
});
