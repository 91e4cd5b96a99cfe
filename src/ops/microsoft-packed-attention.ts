/**
 * Attention without padding, within windows, and of older decoders. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (PackedAttention,
 * PackedMultiHeadAttention, LongformerAttention, DecoderAttention), one version. Work is that of the
 * projections, where the operator holds them, and of the default domain's Attention.
 * The length of sequences that are packed depends on data, and each is counted at full length.
 */
import type { Dim } from '../ir/graph.ts';
import { add, multiply } from '../units/integer.ts';
import { attend, mergedWidths, project, projected, sequenceOf, shareOf } from './attention-heads.ts';
import type { OperandRole, OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { contrib, extentAt, reshapedTo, type WrittenOut } from './microsoft.ts';
import type { PlainSteps } from './plain-steps.ts';
import { SAME_SHAPE } from './table-texts.ts';

const CONTRACTION = { class: 'attention', fusion: 'contraction' } as const;

const MERGED: readonly OperandRole[] = ['activation', 'weight', 'weight', 'activation'];

const PACKED = 'the lengths of packed sequences depend on data: each is counted at full length';

/** Attention within sequences that stand one after another without padding. */
const packed = (
  context: OperatorContext,
  steps: PlainSteps,
  {
    tokens,
    offsets,
    width,
    valueWidth,
  }: {
    readonly tokens: TensorType;
    readonly offsets: number;
    readonly width: Dim;
    readonly valueWidth: Dim;
  },
): TensorType => {
  const [batch, positions] = context.input(offsets).shape;
  if (batch === undefined || positions === undefined) return context.fail('expected offsets by batch and position');
  const count = context.integer('num_heads');
  attend(
    steps,
    {
      like: tokens,
      batch,
      queryHeads: count,
      keyHeads: count,
      queries: positions,
      keys: positions,
      headSize: shareOf(context, width, count, 'channels of the queries'),
      valueHeadSize: shareOf(context, valueWidth, count, 'channels of the values'),
    },
    { masked: context.hasInput(offsets + 2) },
  );
  steps.approximate(PACKED);
  return reshapedTo([extentAt(context, tokens, 0), valueWidth], tokens);
};

const longformer: WrittenOut = (context, steps) => {
  const input = context.input(0);
  const [batch, positions, width] = sequenceOf(context, 0);
  const count = context.integer('num_heads');
  const headSize = shareOf(context, width, count, 'channels');
  projected(steps, input, context.input(1), context.input(2));
  projected(steps, input, context.input(4), context.input(5));
  const keys = 2 * context.integer('window') + 1;
  // One query against its window, once for each position.
  attend(
    steps,
    {
      like: input,
      batch: multiply(batch, positions),
      queryHeads: count,
      keyHeads: count,
      queries: 1,
      keys,
      headSize,
      valueHeadSize: headSize,
    },
    { masked: true },
  );
  steps.approximate('every position attends to its window; what attends globally depends on data and is not counted');
  return [reshapedTo(input.shape, input)];
};

const decoder: WrittenOut = (context, steps) => {
  const [positions, batch, width] = sequenceOf(context, 0);
  const [keys] = sequenceOf(context, 1);
  const query = context.input(0);
  const count = context.integer('num_heads');
  const headSize = shareOf(context, width, count, 'channels');
  steps.perElement(projected(steps, query, context.input(2), undefined).shape, 1);
  steps.perElement(projected(steps, context.input(1), context.input(3), undefined).shape, 1);
  const heads = { queryHeads: count, keyHeads: count, queries: positions, keys, headSize, valueHeadSize: headSize };
  attend(steps, { ...heads, like: query, batch }, { masked: context.hasInput(5) });
  steps.approximate('whether a cache is used depends on data: it is counted without one');
  const cache = reshapedTo([batch, count, context.dataDependent('cached'), headSize], query);
  return [reshapedTo(query.shape, query), cache, cache];
};

const PACKED_NOTE = 'every sequence is counted at full length';

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'PackedAttention',
    {
      ...CONTRACTION,
      summary: 'Self-attention of sequences without padding',
      table: {
        shape: 'tokens×W to tokens×Wv',
        work: 'MACs of the projection, of q.k and of attn.v; bias, then as Attention',
        notes: PACKED_NOTE,
      },
      inputRoles: MERGED,
    },
    (context, steps) => {
      const merged = project(context, steps);
      const [width, , valueWidth] = mergedWidths(context, extentAt(context, merged, -1));
      return [packed(context, steps, { tokens: merged, offsets: 3, width, valueWidth })];
    },
  ),
  contrib(
    'PackedMultiHeadAttention',
    {
      factors: [0],
      ...CONTRACTION,
      summary: 'Attention of sequences without padding that come projected',
      table: {
        shape: 'tokens×(heads × value size)',
        work: 'MACs of q.k and of attn.v; bias, then as Attention',
        notes: PACKED_NOTE,
      },
      inputRoles: ['activation', 'activation', 'activation', 'weight', 'activation'],
    },
    (context, steps) => {
      const query = context.input(0);
      const tokens = extentAt(context, query, 0);
      const count = context.integer('num_heads');
      const isSplit = query.shape.length > 2;
      const width = isSplit ? multiply(extentAt(context, query, 3), count) : extentAt(context, query, 1);
      const valueWidth = context.optionalInput(2)?.shape[1] ?? width;
      if (context.hasInput(3)) steps.perElement([tokens, add(multiply(width, 2), valueWidth)], 1);
      return [packed(context, steps, { tokens: query, offsets: 4, width, valueWidth })];
    },
  ),
  contrib(
    'LongformerAttention',
    {
      ...CONTRACTION,
      summary: 'Self-attention within a sliding window and of a few global positions',
      table: {
        shape: SAME_SHAPE,
        work: 'MACs of both projections, of q.k and attn.v per window',
        notes: 'what attends globally depends on data; its scores are not counted',
      },
      inputRoles: ['activation', 'weight', 'weight', 'activation', 'weight', 'weight', 'activation'],
    },
    longformer,
  ),
  contrib(
    'DecoderAttention',
    {
      factors: [0, 2],
      ...CONTRACTION,
      summary: 'Self- or cross-attention of a decoder with its projections',
      table: {
        shape: 'same as the query; caches B×heads×T×head size',
        work: 'MACs of the projections, of q.k and of attn.v; bias, Attention',
        notes: 'counted as if without a cache; T is open',
      },
      inputRoles: ['activation', 'activation', 'weight', 'weight', 'weight', 'activation'],
    },
    decoder,
  ),
];
