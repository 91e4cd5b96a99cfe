import { describe, expect, it } from 'vitest';
import { buildMlpMixer } from '../../src/zoo/mlp-mixer.ts';
import { part } from './part.ts';

describe('MLP-Mixer', () => {
  const graph = buildMlpMixer('mixer_s32_224', { patch: 32, channels: 512, depth: 8 });

  it('shares one MLP over the tokens among the channels', () => {
    // 49 tokens to 256 and back, for each of 512 channels.
    expect(part(graph, 'blocks.0.mlp_tokens')).toMatchObject({
      params: 49 * 256 + 256 + 256 * 49 + 49,
      macs: 512 * 2 * 49 * 256,
    });
  });

  it('shares one MLP over the channels among the tokens', () => {
    expect(part(graph, 'blocks.0.mlp_channels')).toMatchObject({
      params: 512 * 2048 + 2048 + 2048 * 512 + 512,
      macs: 49 * 2 * 512 * 2048,
    });
  });

  it('takes whole patches only, and mixes as many as there are', () => {
    const config = { patch: 32, channels: 512, depth: 8 };
    expect(() => buildMlpMixer('m', config, { resolution: 240 })).toThrow(/nearest: 224 or 256/);
    expect(() => buildMlpMixer('m', config, { resolution: 16 })).toThrow(/nearest: 32/);
    // 256 pixels: 64 tokens.
    expect(part(buildMlpMixer('m', config, { resolution: 256 }), 'blocks.0.mlp_tokens').params).toBe(
      64 * 256 + 256 + 256 * 64 + 64,
    );
  });
});
