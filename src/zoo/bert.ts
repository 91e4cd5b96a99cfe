/**
 * BERT: Devlin et al. 2018, https://arxiv.org/abs/1810.04805, with its miniatures (https://arxiv.org/abs/1908.08962),
 * DistilBERT (https://arxiv.org/abs/1910.01108) and MiniLM (https://arxiv.org/abs/2002.10957), as transformers builds them.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { BATCH } from '../ir/shape.ts';
import { FAR_BELOW, perHead, weightedValues } from './blocks/attention.ts';
import { activate, linear } from './blocks/conv.ts';
import { layerNorm, mlp, reshape, type Tokens } from './blocks/tokens.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { checkTokens, type ExtentRule } from './options.ts';

export interface BertConfig {
  readonly layers: number;
  readonly channels: number;
  readonly heads: number;
  /** Whether tokens belong to one of two segments, and the first is projected for a classifier: not in DistilBERT. */
  readonly segmentsAndPooler: boolean;
}

const VOCABULARY = 30_522;
const POSITIONS = 512;
const SEGMENTS = 2;
/** Hidden units of the perceptron per channel. */
const MLP_RATIO = 4;
const NATIVE_TOKENS = 128;
/** ONNX's number for 32-bit floats. */
const FLOAT = 1;

const RULE: ExtentRule = { minimum: 1, maximum: POSITIONS, because: 'its table of positions' };

const lookUp = (g: GraphBuilder, name: string, rows: number, channels: number, index: TensorName): TensorName =>
  g.node('Gather', name, [g.weight(`${name}.weight`, [rows, channels]), index], { attributes: { axis: 0 } });

const sum = (g: GraphBuilder, name: string, x: TensorName, y: TensorName): TensorName => g.node('Add', name, [x, y]);

/** Rows of (items x tokens): tables of words, positions and segments added and normalized. */
const embeddings = (g: GraphBuilder, count: number, { channels, segmentsAndPooler }: BertConfig): Tokens => {
  const words = g.input('input_ids', [BATCH, count], 'int64');
  const segments = segmentsAndPooler ? g.input('token_type_ids', [BATCH, count], 'int64') : undefined;
  return g.scope('embeddings', () => {
    const places = g.constant(
      'positions',
      Array.from({ length: count }, (_, at) => at),
      'int64',
    );
    let tensor = lookUp(g, 'word', VOCABULARY, channels, words);
    if (segments !== undefined) tensor = sum(g, 'add_type', tensor, lookUp(g, 'type', SEGMENTS, channels, segments));
    tensor = sum(g, 'add_position', tensor, lookUp(g, 'position', POSITIONS, channels, places));
    return layerNorm(g, 'norm', { tensor: reshape(g, 'rows', tensor, [-1, channels]), channels, count });
  });
};

/** Items x 1 x 1 x tokens: 0 where there is a token, far below zero where there is padding. */
const paddingMask = (g: GraphBuilder, count: number): TensorName => {
  const given = g.input('attention_mask', [BATCH, count], 'int64');
  return g.scope('mask', () => {
    const ones = g.node('Cast', 'cast', [given], { attributes: { to: FLOAT } });
    const padding = g.node('Sub', 'padding', [g.constant('one', 1), ones]);
    return reshape(g, 'broadcast', g.node('Mul', 'far', [padding, g.constant('far_below', FAR_BELOW)]), [
      -1,
      1,
      1,
      count,
    ]);
  });
};

/** Attention with a projection each for queries, keys and values, then a perceptron, each normalized after its input is added. */
const layer = (g: GraphBuilder, x: Tokens, heads: number, mask: TensorName): Tokens => {
  const { channels, count } = x;
  const size = channels / heads;
  const attended = g.scope('attention', () => {
    const each = { count, heads, size };
    const projected = (name: string): TensorName => linear(g, name, x, channels).tensor;
    const query = perHead(g, 'q', projected('query'), each);
    const key = perHead(g, 'k', projected('key'), each, 'size first');
    const value = perHead(g, 'v', projected('value'), each);
    const mixed = weightedValues(g, [query, key, value], { heads, size, mask, scaled: true });
    const out = linear(g, 'output', { tensor: mixed, channels }, channels);
    return layerNorm(g, 'norm', { ...x, tensor: sum(g, 'add', out.tensor, x.tensor) });
  });
  const transformed = mlp(g, 'mlp', attended, MLP_RATIO * channels);
  return layerNorm(g, 'norm', { ...x, tensor: sum(g, 'add', transformed.tensor, attended.tensor) });
};

export const buildBert = (name: string, config: BertConfig, { tokens = NATIVE_TOKENS }: BuildOptions = {}): Graph => {
  checkTokens(tokens, RULE);
  const { layers, channels, heads, segmentsAndPooler } = config;
  const g = new GraphBuilder(name);
  let x = embeddings(g, tokens, config);
  const mask = paddingMask(g, tokens);
  for (let index = 0; index < layers; index++) x = g.scope(`layer.${index}`, () => layer(g, x, heads, mask));
  const hidden = reshape(g, 'last_hidden_state', x.tensor, [-1, tokens, channels]);
  if (!segmentsAndPooler) return g.finish([hidden]);
  const first = g.node('Gather', 'pooler.first', [hidden, g.constant('pooler.index', 0, 'int64')], {
    attributes: { axis: 1 },
  });
  const pooled = activate(g, 'pooler.act', linear(g, 'pooler', { tensor: first, channels }, channels), 'tanh');
  return g.finish([hidden, pooled.tensor]);
};

const variant = (
  name: string,
  title: string,
  config: Omit<BertConfig, 'segmentsAndPooler'>,
  [checkpoint, parameters]: readonly [string, number],
  segmentsAndPooler = true,
): ModelVariant => ({
  name,
  title,
  nativeResolution: undefined,
  withoutResolution: true,
  nativeTokens: NATIVE_TOKENS,
  knobs: ['tokens'],
  published: [
    {
      parameters,
      convention: 'papers',
      source: `parameters of ${checkpoint} as transformers 5.23.0 builds it from its configuration`,
    },
  ],
  build: (options) => buildBert(name, { ...config, segmentsAndPooler }, options),
});

export const family: ModelFamily = {
  id: 'bert',
  title: 'BERT',
  paper: 'https://arxiv.org/abs/1810.04805',
  notes: [
    'The encoder: ids of words and segments and a mask of padding in, the last hidden state and the pooled first token out. Heads of tasks are left out.',
    'Dropout is the identity at inference and is left out.',
    'Padding is computed like other tokens, as without packing: all tokens count.',
  ],
  variants: [
    variant('bert_tiny', 'BERT-Tiny', { layers: 2, channels: 128, heads: 2 }, [
      'google/bert_uncased_L-2_H-128_A-2',
      4_385_920,
    ]),
    variant('bert_mini', 'BERT-Mini', { layers: 4, channels: 256, heads: 4 }, [
      'google/bert_uncased_L-4_H-256_A-4',
      11_170_560,
    ]),
    variant('bert_small', 'BERT-Small', { layers: 4, channels: 512, heads: 8 }, [
      'google/bert_uncased_L-4_H-512_A-8',
      28_763_648,
    ]),
    variant('bert_medium', 'BERT-Medium', { layers: 8, channels: 512, heads: 8 }, [
      'google/bert_uncased_L-8_H-512_A-8',
      41_373_184,
    ]),
    variant('bert_base', 'BERT-Base', { layers: 12, channels: 768, heads: 12 }, ['bert-base-uncased', 109_482_240]),
    variant('bert_large', 'BERT-Large', { layers: 24, channels: 1024, heads: 16 }, ['bert-large-uncased', 335_141_888]),
    variant(
      'distilbert_base',
      'DistilBERT',
      { layers: 6, channels: 768, heads: 12 },
      ['distilbert-base-uncased', 66_362_880],
      false,
    ),
    variant('minilm_l6', 'MiniLM-L6', { layers: 6, channels: 384, heads: 12 }, [
      'sentence-transformers/all-MiniLM-L6-v2',
      22_713_216,
    ]),
    variant('minilm_l12', 'MiniLM-L12', { layers: 12, channels: 384, heads: 12 }, [
      'sentence-transformers/all-MiniLM-L12-v2',
      33_360_000,
    ]),
  ],
};
