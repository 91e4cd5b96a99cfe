/**
 * Multi-head attention as ONNX Runtime fuses it. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (Attention, QAttention,
 * DecoderMaskedSelfAttention, MultiHeadAttention, DecoderMaskedMultiHeadAttention), one version. Work is that of
 * the projection with its bias, where the operator holds it, of rotary embedding and of the
 * default domain's Attention; a mask, in whatever form, costs one operation per score.
 */
import type { Dim } from '../ir/graph.ts';
import { add, multiply } from '../units/integer.ts';
import {
  attend,
  type Heads,
  mergedWidths,
  project,
  rotate,
  sequenceOf,
  shareOf,
  withCache,
} from './attention-heads.ts';
import type { OperandRole, OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { contrib, isSet, reshapedTo, type WrittenOut } from './microsoft.ts';
import { plain } from './plain.ts';
import type { PlainSteps } from './plain-steps.ts';

const CONTRACTION = { class: 'attention', fusion: 'contraction' } as const;

/** Which inputs of a self-attention that projects are what. */
interface MergedPlaces {
  readonly mask: number;
  readonly past: number;
  readonly bias: number;
  readonly pastLength: number;
}

const NONE = 99;

const selfAttention =
  (
    { mask, past, bias, pastLength }: MergedPlaces,
    project: (context: OperatorContext, steps: PlainSteps) => TensorType,
    sharesCache: (context: OperatorContext) => boolean,
  ): WrittenOut =>
  (context, steps) => {
    const [batch, positions] = sequenceOf(context, 0);
    const count = context.integer('num_heads');
    const merged = project(context, steps);
    const [width, , valueWidth] = mergedWidths(context, merged.shape.at(-1) as Dim);
    const cache = context.optionalInput(past)?.shape;
    if (cache !== undefined && cache.length !== 5) context.fail(`a cache of ${cache.length} axes: expected 5`);
    const { keys, present } = withCache(context, steps, {
      past: cache?.[3],
      added: positions,
      shared: sharesCache(context),
      lengthInput: pastLength,
    });
    const headSize = shareOf(context, width, count, 'channels of the queries');
    const heads: Heads = {
      like: merged,
      batch,
      queryHeads: count,
      keyHeads: count,
      queries: positions,
      keys,
      headSize,
      valueHeadSize: shareOf(context, valueWidth, count, 'channels of the values'),
    };
    if (isSet(context, 'do_rotary')) rotate(steps, heads);
    attend(steps, heads, {
      masked: context.hasInput(mask) || context.hasInput(bias),
      causal: isSet(context, 'unidirectional'),
    });
    return [
      reshapedTo([batch, positions, valueWidth], merged),
      reshapedTo([2, batch, count, present, headSize], merged),
    ];
  };

/** The product of integers, scaled to real numbers. */
const projectIntegers = (context: OperatorContext, steps: PlainSteps): TensorType => {
  // The zero point of the weights changes only stored numbers.
  const operands = [context.input(0), context.input(1), context.optionalInput(6)];
  const { shape } = steps.apply(plain('MatMulInteger'), operands);
  steps.perElement(shape, 1);
  return steps.apply(plain('Add'), [reshapedTo(shape, context.input(3)), context.input(2)]);
};

interface SplitPlaces {
  readonly bias: number;
  readonly mask: number;
  readonly scoreBias: number;
  readonly past: number;
  readonly pastLength: number;
}

/** Extents of queries, keys and values that come projected, in any of their packings. */
const splitHeads = (context: OperatorContext, count: number): Omit<Heads, 'like' | 'batch' | 'keyHeads'> => {
  const query = context.input(0).shape;
  const key = context.optionalInput(1)?.shape;
  const positions = query[1] as Dim;
  const each = (width: Dim, what: string): Dim => shareOf(context, width, count, `channels of the ${what}`);
  if (query.length === 5) {
    const headSize = query[4] as Dim;
    return { queryHeads: count, queries: positions, keys: positions, headSize, valueHeadSize: headSize };
  }
  if (query.length !== 3) return context.fail(`queries with ${query.length} axes: expected 3 or 5`);
  const width = query[2] as Dim;
  if (key === undefined) {
    const headSize = each(shareOf(context, width, 3, 'packed channels'), 'queries');
    return { queryHeads: count, queries: positions, keys: positions, headSize, valueHeadSize: headSize };
  }
  const headSize = each(width, 'queries');
  if (key.length === 5) {
    return { queryHeads: count, queries: positions, keys: key[1] as Dim, headSize, valueHeadSize: headSize };
  }
  const value = context.input(2).shape;
  if (key.length === 4 && value.length === 4) {
    return { queryHeads: count, queries: positions, keys: key[2] as Dim, headSize, valueHeadSize: value[3] as Dim };
  }
  if (key.length !== 3)
    return context.fail(`keys of ${key.length} and values of ${value.length} axes: expected 3 or 4`);
  const valueHeadSize = each(value[2] ?? context.fail('values have too few axes'), 'values');
  return { queryHeads: count, queries: positions, keys: key[1] as Dim, headSize, valueHeadSize };
};

const crossAttention =
  (places: SplitPlaces, sharesCache: (context: OperatorContext) => boolean): WrittenOut =>
  (context, steps) => {
    const query = context.input(0);
    const count = context.integer('num_heads');
    const split = splitHeads(context, count);
    const batch = query.shape[0] as Dim;
    const { keys, present } = withCache(context, steps, {
      past: context.optionalInput(places.past)?.shape[2],
      added: split.keys,
      shared: sharesCache(context),
      lengthInput: places.pastLength,
    });
    const heads: Heads = { ...split, like: query, batch, keyHeads: count, keys };
    const { headSize, valueHeadSize, queries } = heads;
    if (context.hasInput(places.bias)) {
      // One sum per element of what comes projected in this call.
      steps.perElement([batch, queries, count, headSize], 1);
      if (context.optionalInput(1)?.shape.length !== 4) {
        steps.perElement([batch, split.keys, count, add(headSize, valueHeadSize)], 1);
      }
    }
    attend(steps, heads, {
      masked: context.hasInput(places.mask) || context.hasInput(places.scoreBias),
      causal: isSet(context, 'unidirectional'),
    });
    return [
      reshapedTo([batch, queries, multiply(count, valueHeadSize)], query),
      reshapedTo([batch, count, present, headSize], query),
      reshapedTo([batch, count, present, valueHeadSize], query),
      reshapedTo([batch, count, queries, keys], query),
    ];
  };

const sharesBuffer = (context: OperatorContext): boolean => isSet(context, 'past_present_share_buffer');

const MERGED: readonly OperandRole[] = ['activation', 'weight', 'weight', 'activation'];

const SETTINGS: readonly OperandRole[] = ['setting', 'setting'];

const MERGED_SHAPE = 'B×S×W to B×S×Wv; present 2×B×heads×T×head size';
const SPLIT_SHAPE = 'B×S×(heads × value size); present B×heads×T×size; scores';
const CACHE_NOTE = 'all of a shared cache counts where its length is data; hidden scores too';

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'Attention',
    {
      ...CONTRACTION,
      summary: 'Self-attention with its projection to queries, keys and values',
      table: {
        shape: MERGED_SHAPE,
        work: 'MACs of the projection, of q.k and of attn.v; bias, then as Attention',
        notes: CACHE_NOTE,
      },
      inputRoles: MERGED,
    },
    selfAttention({ mask: 3, past: 4, bias: 5, pastLength: 6 }, project, sharesBuffer),
  ),
  contrib(
    'QAttention',
    {
      ...CONTRACTION,
      summary: 'Self-attention with a quantized projection',
      table: {
        shape: MERGED_SHAPE,
        work: 'as MatMulInteger, 1 per output for scales, bias, then as Attention',
        notes: CACHE_NOTE,
      },
      inputRoles: ['activation', 'weight', 'weight', ...SETTINGS, 'activation', ...SETTINGS, 'activation'],
    },
    selfAttention({ mask: 5, past: 8, bias: NONE, pastLength: NONE }, projectIntegers, sharesBuffer),
  ),
  contrib(
    'DecoderMaskedSelfAttention',
    {
      ...CONTRACTION,
      summary: 'Self-attention of one new position with a cache',
      table: {
        shape: MERGED_SHAPE,
        work: 'MACs of the projection, of q.k and of attn.v; bias, then as Attention',
        notes: CACHE_NOTE,
      },
      inputRoles: MERGED,
    },
    selfAttention({ mask: 3, past: 4, bias: 5, pastLength: 6 }, project, sharesBuffer),
  ),
  contrib(
    'MultiHeadAttention',
    {
      factors: [0],
      ...CONTRACTION,
      summary: 'Attention of queries, keys and values that come projected',
      table: { shape: SPLIT_SHAPE, work: 'MACs of q.k and of attn.v; bias, then as Attention', notes: CACHE_NOTE },
      inputRoles: ['activation', 'activation', 'activation', 'weight', 'activation'],
    },
    crossAttention({ bias: 3, mask: 4, scoreBias: 5, past: 6, pastLength: 8 }, (context) => context.hasInput(8)),
  ),
  contrib(
    'DecoderMaskedMultiHeadAttention',
    {
      factors: [0],
      ...CONTRACTION,
      summary: 'Attention of one new position with a cache',
      table: { shape: SPLIT_SHAPE, work: 'MACs of q.k and of attn.v; bias, then as Attention', notes: CACHE_NOTE },
      inputRoles: [...Array.from({ length: 10 }, () => 'activation' as const), 'weight'],
    },
    crossAttention({ bias: 10, mask: 3, scoreBias: 4, past: 5, pastLength: 7 }, sharesBuffer),
  ),
];
