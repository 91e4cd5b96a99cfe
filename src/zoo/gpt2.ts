/**
 * GPT-2: Radford et al. 2019, https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf,
 * as transformers builds it: reading a whole prompt, and adding one token to a cache of keys and values.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { BATCH } from '../ir/shape.ts';
import { causalMask, joinedProjection, perHead, weightedValues } from './blocks/attention.ts';
import { linear } from './blocks/conv.ts';
import { layerNorm, mlp, reshape, type Tokens } from './blocks/tokens.ts';
import type { BuildOptions, ModelFamily, ModelVariant } from './family.ts';
import { checkTokens, type ExtentRule } from './options.ts';

export interface Gpt2Config {
  readonly layers: number;
  readonly channels: number;
  readonly heads: number;
  /** Reads a prompt of `tokens`, or adds one token to `tokens` that are in the cache. */
  readonly phase: 'prefill' | 'decode';
}

const VOCABULARY = 50_257;
const CONTEXT = 1024;
/** Hidden units of the perceptron per channel. */
const MLP_RATIO = 4;
const NATIVE_TOKENS = 128;

/** The last position of the table is that of the token that decoding adds. */
const RULES: Readonly<Record<Gpt2Config['phase'], ExtentRule>> = {
  prefill: { minimum: 1, maximum: CONTEXT, because: 'its table of positions' },
  decode: { minimum: 1, maximum: CONTEXT - 1, because: 'its table of positions, less the token that is added' },
};

interface Cached {
  readonly key: TensorName;
  readonly value: TensorName;
}

interface LayerResult {
  readonly x: Tokens;
  /** Keys and values of all tokens so far, items x heads x tokens x size. */
  readonly present: Cached;
}

const sum = (g: GraphBuilder, name: string, x: Tokens, y: TensorName): Tokens => ({
  ...x,
  tensor: g.node('Add', name, [x.tensor, y]),
});

/** Attention to the tokens before, cached ones first, then a perceptron; each after a normalization, its input added. */
const layer = (
  g: GraphBuilder,
  x: Tokens,
  heads: number,
  { past, mask }: { readonly past?: Cached | undefined; readonly mask?: TensorName | undefined },
): LayerResult => {
  const { channels, count } = x;
  const size = channels / heads;
  const { attended, present } = g.scope('attn', () => {
    const [queries, keys, values] = joinedProjection(g, layerNorm(g, 'norm', x));
    const each = { count, heads, size };
    const extended = (name: string, from: TensorName | undefined, own: TensorName): TensorName =>
      from === undefined ? own : g.node('Concat', `${name}.present`, [from, own], { attributes: { axis: 2 } });
    const key = extended('k', past?.key, perHead(g, 'k', keys, each));
    const value = extended('v', past?.value, perHead(g, 'v', values, each));
    const turned = g.node('Transpose', 'k.turn', [key], { attributes: { perm: [0, 1, 3, 2] } });
    const options = { heads, size, scaled: true, ...(mask !== undefined && { mask }) };
    const mixed = weightedValues(g, [perHead(g, 'q', queries, each), turned, value], options);
    return { attended: linear(g, 'proj', { tensor: mixed, channels }, channels).tensor, present: { key, value } };
  });
  const middle = sum(g, 'add1', x, attended);
  const transformed = mlp(g, 'mlp', layerNorm(g, 'norm2', middle), MLP_RATIO * channels, 'gelu-tanh');
  return { x: sum(g, 'add2', middle, transformed.tensor), present };
};

export const buildGpt2 = (name: string, config: Gpt2Config, { tokens = NATIVE_TOKENS }: BuildOptions = {}): Graph => {
  const { layers, channels, heads, phase } = config;
  checkTokens(tokens, RULES[phase]);
  const isDecoding = phase === 'decode';
  const count = isDecoding ? 1 : tokens;
  const g = new GraphBuilder(name);
  const words = g.input('input_ids', [BATCH, count], 'int64');
  const cacheShape = [BATCH, heads, tokens, channels / heads];
  const cached = Array.from({ length: isDecoding ? layers : 0 }, (_, index) => ({
    key: g.input(`past_key_values.${index}.key`, cacheShape),
    value: g.input(`past_key_values.${index}.value`, cacheShape),
  }));
  const table = g.weight('wte.weight', [VOCABULARY, channels]);
  const positions = Array.from({ length: count }, (_, at) => (isDecoding ? tokens : at));
  const places = g.node(
    'Gather',
    'wpe',
    [g.weight('wpe.weight', [CONTEXT, channels]), g.constant('positions', positions, 'int64')],
    {
      attributes: { axis: 0 },
    },
  );
  const embedded = g.node('Add', 'embed', [
    g.node('Gather', 'wte', [table, words], { attributes: { axis: 0 } }),
    places,
  ]);
  let x: Tokens = { tensor: reshape(g, 'rows', embedded, [-1, channels]), channels, count };
  const mask = isDecoding ? undefined : causalMask(g, count);
  const presents: TensorName[] = [];
  for (let index = 0; index < layers; index++) {
    const done = g.scope(`h.${index}`, () => layer(g, x, heads, { past: cached[index], mask }));
    x = done.x;
    presents.push(done.present.key, done.present.value);
  }
  // The table of words once more, read the other way.
  const logits = g.node('Gemm', 'lm_head', [layerNorm(g, 'ln_f', x).tensor, table], { attributes: { transB: 1 } });
  return g.finish([reshape(g, 'logits', logits, [-1, count, VOCABULARY]), ...presents]);
};

const variant = (
  size: '' | '_medium',
  title: string,
  config: Omit<Gpt2Config, 'phase'>,
  phase: Gpt2Config['phase'],
  parameters: number,
): ModelVariant => {
  const name = `gpt2${size}_${phase}`;
  return {
    name,
    title: `${title}, ${phase === 'prefill' ? 'prompt' : 'one token'}`,
    nativeResolution: undefined,
    withoutResolution: true,
    nativeTokens: NATIVE_TOKENS,
    knobs: ['tokens'],
    published: [
      {
        parameters,
        convention: 'papers',
        source: `parameters of gpt2${size.replace('_', '-')} as transformers 5.23.0 builds it from its configuration`,
      },
    ],
    build: (options) => buildGpt2(name, { ...config, phase }, options),
  };
};

const SMALL = { layers: 12, channels: 768, heads: 12 } as const;
const MEDIUM = { layers: 24, channels: 1024, heads: 16 } as const;

export const family: ModelFamily = {
  id: 'gpt2',
  title: 'GPT-2',
  paper: 'https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf',
  notes: [
    '`_prefill` reads a prompt and leaves its keys and values in a cache; `_decode` adds one token to a cache of `--tokens` positions, which it reads and writes anew, longer by one.',
    'The table of words is stored once and read twice: for embeddings and for the scores of the next word.',
    'Scores of the next word are computed at every position, as exported models do; a server that needs those of the last position alone saves the others.',
    'What the causal mask forbids is computed and counted, as by a plain matrix product.',
    'Dropout is the identity at inference and is left out.',
  ],
  variants: [
    variant('', 'GPT-2', SMALL, 'prefill', 124_439_808),
    variant('', 'GPT-2', SMALL, 'decode', 124_439_808),
    variant('_medium', 'GPT-2 Medium', MEDIUM, 'prefill', 354_823_168),
    variant('_medium', 'GPT-2 Medium', MEDIUM, 'decode', 354_823_168),
  ],
};
