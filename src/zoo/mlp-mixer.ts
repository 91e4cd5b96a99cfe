/** MLP-Mixer: Tolstikhin et al. 2021, https://arxiv.org/abs/2105.01601, as timm builds it. */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { imageInput, linear } from './blocks/conv.ts';
import { layerNorm, mlp, patchEmbedding, reshape, type Tokens, transpose } from './blocks/tokens.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedAccuracy } from './family.ts';
import { timmAccuracy, timmCost } from './published.ts';

export interface MlpMixerConfig {
  readonly patch: number;
  readonly channels: number;
  readonly depth: number;
}

/** Hidden units of the channel mixing per channel. */
const CHANNEL_RATIO = 4;

/** One MLP over the tokens of every channel, then one over the channels of every token. */
const mixerBlock = (g: GraphBuilder, x: Tokens): Tokens => {
  const added = (name: string, to: Tokens, branch: TensorName): Tokens => ({
    ...to,
    tensor: g.node('Add', name, [to.tensor, branch]),
  });
  const byChannel = transpose(g, 'tokens.transpose', layerNorm(g, 'norm1', x).tensor, [0, 2, 1]);
  const rows = reshape(g, 'tokens.rows', byChannel, [-1, x.count]);
  const mixed = mlp(g, 'mlp_tokens', { tensor: rows, channels: x.count }, x.channels / 2);
  const back = transpose(
    g,
    'tokens.back',
    reshape(g, 'tokens.channels', mixed.tensor, [-1, x.channels, x.count]),
    [0, 2, 1],
  );
  const middle = added('add1', x, back);
  const byToken = { ...x, tensor: reshape(g, 'channels.rows', layerNorm(g, 'norm2', middle).tensor, [-1, x.channels]) };
  const channels = mlp(g, 'mlp_channels', byToken, CHANNEL_RATIO * x.channels);
  return added('add2', middle, reshape(g, 'channels.tokens', channels.tensor, [-1, x.count, x.channels]));
};

export const buildMlpMixer = (
  name: string,
  { patch, channels, depth }: MlpMixerConfig,
  { resolution = 224, classes = 1000 }: BuildOptions = {},
): Graph => {
  const g = new GraphBuilder(name);
  const patches = patchEmbedding(
    g,
    imageInput(g, { resolution }, { minimum: patch, multipleOf: patch, because: `patches of ${patch} pixels` }),
    { resolution, patch, channels },
  );
  let x = patches;
  for (let block = 0; block < depth; block++) x = g.scope(`blocks.${block}`, () => mixerBlock(g, x));
  const mean = g.node('ReduceMean', 'pool', [layerNorm(g, 'norm', x).tensor, g.constant('pool.axes', [1], 'int64')], {
    attributes: { keepdims: 0 },
  });
  return g.finish([linear(g, 'head', { tensor: mean, channels }, classes).tensor]);
};

const variant = (
  size: 's' | 'b' | 'l',
  config: MlpMixerConfig,
  parameters: number,
  [gmacs, mActs]: readonly [string, string],
  ...accuracies: readonly PublishedAccuracy[]
): ModelVariant => {
  const name = `mixer_${size}${config.patch}_224`;
  const [accuracy, ...otherAccuracies] = accuracies;
  return {
    name,
    title: `Mixer-${size.toUpperCase()}/${config.patch}`,
    nativeResolution: 224,
    published: [timmCost(224, parameters, gmacs, mActs)],
    ...(accuracy !== undefined && { accuracy }),
    ...(otherAccuracies.length > 0 && { otherAccuracies }),
    build: (options) => buildMlpMixer(name, config, options),
  };
};

export const family: ModelFamily = {
  id: 'mlp_mixer',
  title: 'MLP-Mixer',
  paper: 'https://arxiv.org/abs/2105.01601',
  notes: [
    'The token mixing has one weight per patch, so parameters grow with the resolution.',
    'Dropout and stochastic depth are the identity at inference and are left out.',
  ],
  variants: [
    variant('s', { patch: 32, channels: 512, depth: 8 }, 19_104_624, ['1.0', '2.28']),
    variant('s', { patch: 16, channels: 512, depth: 8 }, 18_528_264, ['3.79', '5.97']),
    variant('b', { patch: 32, channels: 768, depth: 12 }, 60_293_428, ['3.24', '6.29']),
    variant(
      'b',
      { patch: 16, channels: 768, depth: 12 },
      59_880_472,
      ['12.62', '14.53'],
      timmAccuracy('mixer_b16_224.goog_in21k_ft_in1k', 76.64, 92.228),
      timmAccuracy('mixer_b16_224.miil_in21k_ft_in1k', 82.31, 95.714),
    ),
    variant('l', { patch: 32, channels: 1024, depth: 24 }, 206_939_264, ['11.27', '19.86']),
    variant(
      'l',
      { patch: 16, channels: 1024, depth: 24 },
      208_196_168,
      ['44.6', '41.69'],
      timmAccuracy('mixer_l16_224.goog_in21k_ft_in1k', 72.09, 87.65),
    ),
  ],
};
