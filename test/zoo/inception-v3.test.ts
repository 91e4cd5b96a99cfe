import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { buildInceptionV3 } from '../../src/zoo/inception-v3.ts';
import { part } from './part.ts';

describe('Inception-v3', () => {
  const graph = buildInceptionV3('inception_v3');

  it('factorizes a 7x7 convolution into 1x7 and 7x1', () => {
    // 768 to 128, 128 to 128 along one axis, 128 to 192 along the other; BatchNorm after each.
    expect(part(graph, 'mixed5.branch7x7.').params).toBe(768 * 128 + 7 * 128 * 128 + 7 * 128 * 192 + 2 * 448);
  });

  it('is the published network without its auxiliary classifier', () => {
    // 768 to 128 by 1x1, 128 to 768 by 5x5, both with BatchNorm, and 768 to 1000 with a bias.
    const auxiliary = 768 * 128 + 256 + 128 * 768 * 25 + 1536 + 768 * 1000 + 1000;
    expect(part(graph, '').params).toBe(27_161_264 - auxiliary);
  });

  it('shrinks to 8 x 8 with 2048 channels', () => {
    expect(analyzeGraph(graph).types.get('mixed11.concat:out')?.shape).toEqual([BATCH, 2048, 8, 8]);
  });
});
