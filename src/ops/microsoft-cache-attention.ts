/**
 * Attention of language models over a cache. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (GroupQueryAttention,
 * SparseAttention, PagedAttention), one version.
 * Rotary embedding costs 3 operations per rotated element. How much of a cache is in use may depend
 * on data: then all of it is counted.
 */
import type { Dim } from '../ir/graph.ts';
import { add, type Integer, maximum, multiply } from '../units/integer.ts';
import { attend, type Heads, rotate, shareOf } from './attention-heads.ts';
import type { OperandRole, OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { contrib, isSet, reshapedTo, type WrittenOut } from './microsoft.ts';
import { plain } from './plain.ts';
import type { PlainSteps } from './plain-steps.ts';

interface SharedHeads {
  readonly queryHeads: number;
  readonly keyHeads: number;
  readonly headSize: Dim;
}

/** Heads of queries that come alone, or packed with keys and values. */
const sharedHeads = (context: OperatorContext, width: Dim): SharedHeads => {
  const queryHeads = context.integer('num_heads');
  const keyHeads = context.integer('kv_num_heads');
  const parts = context.hasInput(1) ? queryHeads : queryHeads + 2 * keyHeads;
  return { queryHeads, keyHeads, headSize: shareOf(context, width, parts, 'channels') };
};

/** RMS normalization of each head, and rotation, of what is new in this call. */
const prepare = (context: OperatorContext, steps: PlainSteps, heads: Heads, normPlaces: readonly number[]): void => {
  const { like, batch, queries, headSize } = heads;
  normPlaces.forEach((place, index) => {
    const scale = context.optionalInput(place);
    if (scale === undefined) return;
    const count = index === 0 ? heads.queryHeads : heads.keyHeads;
    steps.apply(plain('RMSNormalization'), [reshapedTo([batch, count, queries, headSize], like), scale]);
  });
  if (isSet(context, 'do_rotary')) rotate(steps, heads);
};

/** What a sink or a smooth softmax adds to each sum. */
const sink = (steps: PlainSteps, { batch, queryHeads, queries }: Heads): void =>
  steps.perElement([batch, queryHeads, queries], 1);

const isNarrow = ({ dtype }: TensorType): boolean => /int|fp8/.test(dtype);

/** A cache of narrow numbers is multiplied by its scales as it is read. */
const readCache = (steps: PlainSteps, heads: Heads, cache: TensorType | undefined): void => {
  if (cache === undefined || !isNarrow(cache)) return;
  steps.perElement([heads.batch, heads.keyHeads, heads.keys, add(heads.headSize, heads.valueHeadSize)], 1);
};

const grouped: WrittenOut = (context, steps) => {
  const query = context.input(0);
  const [batch, queries, width] = query.shape;
  if (query.shape.length !== 3 || batch === undefined || queries === undefined || width === undefined) {
    return context.fail(`queries with ${query.shape.length} axes: expected 3`);
  }
  const { queryHeads, keyHeads, headSize } = sharedHeads(context, width);
  const past = context.optionalInput(3);
  const added = context.optionalInput(1)?.shape[1] ?? queries;
  const stored = past?.shape[2] ?? 0;
  const total: Integer | undefined = context.optionalInput(6)?.values?.[0];
  const keys = total ?? add(stored, added);
  if (total === undefined && past !== undefined) {
    steps.approximate('how much of the cache is in use depends on data: all of it is counted');
  }
  const bounded = typeof keys === 'number' && typeof stored === 'number';
  const present = bounded ? maximum(keys, stored) : keys;
  const heads: Heads = {
    like: query,
    batch,
    queryHeads,
    keyHeads,
    queries,
    keys,
    headSize,
    valueHeadSize: headSize,
  };
  prepare(context, steps, heads, [14, 15]);
  if (context.hasInput(11) || isSet(context, 'smooth_softmax')) sink(steps, heads);
  readCache(steps, heads, past);
  attend(steps, heads, {
    masked: context.hasInput(10),
    causal: isSet(context, 'causal', 1),
    softcap: context.integer('softcap', 0) > 0,
    window: context.integer('local_window_size', -1),
  });
  const cache = past ?? query;
  const kept = isSet(context, 'sliding_window_cache') ? stored : present;
  const cached = reshapedTo([batch, keyHeads, kept, past?.shape[3] ?? headSize], cache);
  return [
    reshapedTo([batch, queries, multiply(headSize, queryHeads)], query),
    cached,
    cached,
    reshapedTo([batch, queryHeads, queries, keys], query),
  ];
};

const sparse: WrittenOut = (context, steps) => {
  const query = context.input(0);
  const [batch, queries, width] = query.shape;
  if (batch === undefined || queries === undefined || width === undefined) return context.fail('expected 3 axes');
  const { queryHeads, keyHeads, headSize } = sharedHeads(context, width);
  const cache = context.input(3);
  const keys = context.optionalInput(7)?.values?.[0] ?? (cache.shape[2] as Dim);
  const heads: Heads = { like: query, batch, queryHeads, keyHeads, queries, keys, headSize, valueHeadSize: headSize };
  prepare(context, steps, heads, []);
  attend(steps, heads, { causal: true });
  steps.approximate('which blocks are attended to depends on data: all of them are counted');
  return [
    reshapedTo([batch, queries, multiply(headSize, queryHeads)], query),
    reshapedTo(cache.shape, cache),
    reshapedTo(context.input(4).shape, context.input(4)),
  ];
};

const paged: WrittenOut = (context, steps) => {
  const query = context.input(0);
  const [tokens, width] = query.shape;
  const cache = context.input(3);
  const values = context.optionalInput(4);
  const pages = context.input(7).shape[1];
  const page = cache.shape[1];
  if (tokens === undefined || width === undefined || pages === undefined || page === undefined) {
    return context.fail('expected queries by token and channel, and a table of pages');
  }
  const latent = context.text('kv_cache_layout', 'SEPARATE') === 'LATENT';
  const found = sharedHeads(context, width);
  const headSize = latent ? shareOf(context, width, found.queryHeads, 'channels') : found.headSize;
  const valueHeadSize = context.integer('v_head_size', 0) || headSize;
  const { queryHeads, keyHeads } = found;
  const keys = multiply(pages, page);
  // Every token is a query of its own against the pages of its sequence.
  const heads: Heads = {
    like: query,
    batch: tokens,
    queryHeads,
    keyHeads,
    queries: 1,
    keys,
    headSize,
    valueHeadSize,
  };
  prepare(context, steps, heads, [12, 13]);
  if (context.hasInput(11)) sink(steps, heads);
  readCache(steps, heads, cache);
  attend(steps, heads, {
    causal: isSet(context, 'is_causal', 1),
    softcap: context.integer('softcap', 0) > 0,
    window: context.integer('local_window_size', -1),
  });
  steps.approximate('how much of the paged cache is in use depends on data: every page of a sequence is counted');
  return [
    reshapedTo([tokens, multiply(valueHeadSize, queryHeads)], query),
    reshapedTo(cache.shape, cache),
    values && reshapedTo(values.shape, values),
  ];
};

const CACHED: readonly OperandRole[] = [
  ...Array.from({ length: 7 }, () => 'activation' as const),
  'statistic',
  'statistic',
  'activation',
  'activation',
  'weight',
  'setting',
  'setting',
  'weight',
  'weight',
  'activation',
];

const ATTENTION = { class: 'attention', fusion: 'contraction' } as const;

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'GroupQueryAttention',
    {
      factors: [0],
      ...ATTENTION,
      summary: 'Attention whose query heads share key heads, with a cache',
      table: {
        shape: 'B×S×(heads × head size); present B×kv heads×T×head size',
        work: 'MACs of q.k and of attn.v as of Attention; RMS norms, rotation, sink',
        notes: 'all of a cache counts where its length is data; hidden scores too',
      },
      inputRoles: CACHED,
    },
    grouped,
  ),
  contrib(
    'SparseAttention',
    {
      factors: [0],
      ...ATTENTION,
      summary: 'Attention to a sparse pattern of blocks, with a cache',
      table: {
        shape: 'B×S×(heads × head size); present as past',
        work: 'MACs of q.k and of attn.v as of Attention; rotation',
        notes: 'all blocks are counted: which ones are attended to depends on data',
      },
      inputRoles: CACHED,
    },
    sparse,
  ),
  contrib(
    'PagedAttention',
    {
      factors: [0],
      ...ATTENTION,
      summary: 'Attention over a cache in pages, without padding',
      table: {
        shape: 'tokens×(heads × value size); caches as they come',
        work: 'MACs of q.k and of attn.v as of Attention; RMS norms, rotation, sink',
        notes: 'every page of a sequence is counted: the part in use is data',
      },
      inputRoles: CACHED,
    },
    paged,
  ),
];
