import { describe, expect, it } from 'vitest';
import { buildFastVit } from '../../src/zoo/fastvit.ts';
import { part } from './part.ts';

describe('FastViT', () => {
  const t8 = { depths: [2, 2, 4, 2], channels: 48, mlpRatio: 3 } as const;
  const sa12 = { depths: [2, 2, 6, 2], channels: 64, mlpRatio: 4, attends: true } as const;
  const trained = buildFastVit('fastvit_t8', 'train', t8);
  const deployed = buildFastVit('fastvit_t8_deploy', 'deploy', t8);

  it('trains a mixer of five branches and deploys it as one filter', () => {
    // 3x3 and 1x1 depthwise with a BatchNorm each, two bare BatchNorms, one scale.
    const branches = (9 + 2) * 48 + (1 + 2) * 48 + 2 * 2 * 48 + 48;
    expect(part(trained, 'stages.0.blocks.0.token_mixer').params).toBe(branches);
    expect(part(deployed, 'stages.0.blocks.0.token_mixer').params).toBe((9 + 1) * 48);
    expect(part(trained, 'stages.0.blocks.0.token_mixer').macs).toBe(64 ** 2 * (9 + 1) * 48);
    expect(part(deployed, 'stages.0.blocks.0.token_mixer').macs).toBe(64 ** 2 * 9 * 48);
  });

  it('filters 7x7 before a perceptron, the same in both forms', () => {
    for (const graph of [trained, deployed]) {
      expect(part(graph, 'stages.0.blocks.0.mlp').macs).toBe(64 ** 2 * (49 * 48 + 2 * 48 * 144));
    }
  });

  it('halves by a grouped 7x7 and a 1x1', () => {
    // 48 channels to 96, each from one; then 96 to 96, at 32 x 32.
    expect(part(deployed, 'stages.1.downsample')).toMatchObject({
      params: 49 * 96 + 96 + 96 * 96 + 96,
      macs: 32 ** 2 * (49 * 96 + 96 * 96),
    });
  });

  it('attends among the 64 cells of the last stage', () => {
    // q, k, v without bias and the projection back with one; scores and sums over 64 cells.
    expect(part(buildFastVit('f', 'train', sa12), 'stages.3.blocks.0.attn')).toMatchObject({
      params: 4 * 512 ** 2 + 512,
      macs: 64 * 4 * 512 ** 2 + 2 * 64 ** 2 * 512,
    });
  });

  it('takes images of any size from 32 up, not square ones too', () => {
    expect(() => buildFastVit('f', 'train', sa12, { resolution: 31 })).toThrow(/nearest: 32/);
    for (const [resolution, imageWidth, cells] of [
      [32, 32, 1],
      [33, 33, 4],
      [225, 65, 8 * 3],
    ] as const) {
      const graph = buildFastVit('f', 'deploy', sa12, { resolution, imageWidth });
      expect(part(graph, 'stages.3.blocks.0.attn.qkv').macs).toBe(cells * 3 * 512 ** 2);
    }
  });
});
