import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { buildGhostNet } from '../../src/zoo/ghostnet.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

describe('GhostNet', () => {
  const graph = buildGhostNet('ghostnet_100', { width: 1, version: 1 });

  it('makes half of the channels of a module by a cheap depthwise convolution', () => {
    // 16 to 16 channels at 112 x 112: 8 by 1x1 from 16, 8 more by 3x3 from those 8.
    expect(part(graph, 'block1.ghost1.primary').macs).toBe(16 * 8 * 12_544);
    expect(part(graph, 'block1.ghost1.cheap').macs).toBe(8 * 9 * 12_544);
    const { types } = analyzeGraph(graph);
    expect(types.get('block1.ghost1.concat:out')?.shape).toEqual([BATCH, 16, 112, 112]);
  });

  it('has a separable convolution on the shortcut where shapes change', () => {
    // Block 2: 16 channels, 3x3 with stride 2, then 16 to 24; a BatchNorm after each.
    expect(part(graph, 'block2.shortcut').params).toBe(16 * 9 + 2 * 16 + 16 * 24 + 2 * 24);
    expect(part(graph, 'block3.shortcut').params).toBe(0);
  });

  it('rounds channels of other widths to multiples of 4', () => {
    // 16 x 1.3 = 20.8: 20 keeps more than 90 %.
    const wide = buildGhostNet('ghostnet_130', { width: 1.3, version: 1 });
    expect(part(wide, 'stem').params).toBe(3 * 20 * 9 + 2 * 20);
    const widened = buildGhostNet('ghostnet_100', { width: 1, version: 1 }, { width: 1.3 });
    expect(part(widened, '').params).toBe(part(wide, '').params);
  });
});

describe('GhostNetV2', () => {
  const graph = buildGhostNet('ghostnetv2_100', { width: 1, version: 2 });

  it('finds its attention at half the resolution of the module', () => {
    // Block 3: 24 channels at 56 x 56 to 72; 28 x 28 positions for 24 to 72, 1 x 5 and 5 x 1.
    expect(part(graph, 'block3.ghost1').macs).toBe((24 * 36 + 36 * 9) * 3136);
    expect(part(graph, 'block3.attn').macs).toBe((24 * 72 + 72 * 5 + 72 * 5) * 784);
    expect(analyzeGraph(graph).types.get('block3.attn.resize:out')?.shape).toEqual([BATCH, 72, 56, 56]);
  });

  it('has no attention in the first two blocks and in the second module of a block', () => {
    const attended = graph.nodes.filter(({ type }) => type === 'Resize').map(({ name }) => name.split('.')[0]);
    expect(attended).toEqual(Array.from({ length: 14 }, (_, index) => `block${index + 3}`));
  });

  it('brings the gate back to sides that are odd', () => {
    // 97 pixels: 49, 25 (blocks 3 and 4), 13, 7, 4.
    const odd = buildGhostNet('ghostnetv2_100', { width: 1, version: 2 }, { resolution: 97, imageWidth: 64 });
    const { types } = analyzeGraph(odd);
    expect(types.get('block3.attn.pool:out')?.shape).toEqual([BATCH, 24, 12, 8]);
    expect(types.get('block3.attn.resize:out')?.shape).toEqual([BATCH, 72, 25, 16]);
  });

  it('needs two cells in the last feature map', () => {
    const build = (resolution: number) => buildGhostNet('ghostnetv2_100', { width: 1, version: 2 }, { resolution });
    expect(() => build(32)).toThrow(ModelOptionError);
    expect(part(build(33), '').params).toBe(6_156_908);
  });
});
