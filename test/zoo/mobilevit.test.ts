import { describe, expect, it } from 'vitest';
import { buildMobileViT, type MobileViTConfig } from '../../src/zoo/mobilevit.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { part } from './part.ts';

const XXS: MobileViTConfig = {
  expansion: 2,
  channels: [16, 24, 48, 64, 80],
  tokenChannels: [64, 80, 96],
  headChannels: 320,
};

const xxs = (options?: Parameters<typeof buildMobileViT>[2]) => buildMobileViT('mobilevit_xxs', XXS, options);

describe('MobileViT', () => {
  it('attends over patches, once for each of the four places in a patch', () => {
    const graph = xxs();
    // 32 x 32 cells are 16 x 16 patches of 2 x 2; all heads together are 64 wide.
    expect(part(graph, 'stage3.1.encoder.0.attn.scores').macs).toBe(4 * 256 ** 2 * 64);
    expect(part(graph, 'stage3.1.encoder.0.attn.mix').macs).toBe(4 * 256 ** 2 * 64);
    // The fully connected layers are over all cells: q, k, v and the way back, then 64 to 128 to 64.
    expect(part(graph, 'stage3.1.encoder.0.attn.qkv').macs).toBe(1024 * 64 * 192);
    expect(part(graph, 'stage3.1.encoder.0.mlp').macs).toBe(1024 * 2 * 64 * 128);
  });

  it('joins the input of a block to what the transformer makes of it', () => {
    // 48 channels twice, 3 x 3, to 48.
    expect(part(xxs(), 'stage3.1.fuse').params).toBe(96 * 48 * 9 + 2 * 48);
  });

  it('adds the input of an inverted residual where the shapes agree', () => {
    const names = xxs().nodes.map(({ name }) => name);
    // 16 to 16 channels without a stride; then 24 channels, of which the first block has another number of inputs.
    expect(names.filter((name) => /^stage[12]\.\d\.add$/.test(name))).toEqual([
      'stage1.0.add',
      'stage2.1.add',
      'stage2.2.add',
    ]);
  });

  it('takes any rectangle of whole patches at every stage', () => {
    const graph = xxs({ resolution: 64, imageWidth: 192 });
    // 8 x 24 cells at a stride of 8: 48 patches.
    expect(part(graph, 'stage3.1.encoder.0.attn.scores').macs).toBe(4 * 48 ** 2 * 64);
    // One row of three patches at a stride of 32.
    expect(part(graph, 'stage5.1.encoder.0.attn.scores').macs).toBe(4 * 3 ** 2 * 96);
  });

  it('refuses what it would have to resize', () => {
    expect(() => xxs({ resolution: 224 })).toThrow(
      expect.objectContaining({ code: 'illegal-resolution', nearest: [192, 256] }),
    );
    expect(() => xxs({ resolution: 32 })).toThrow(ModelOptionError);
  });
});
