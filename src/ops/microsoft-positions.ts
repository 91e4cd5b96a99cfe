/**
 * Positions and padding around attention. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (RotaryEmbedding, MRotaryEmbedding,
 * GemmaRotaryEmbedding, RelativePositionBias, GatedRelativePositionBias, RemovePadding, RestorePadding), one version.
 * Rotary embedding costs 3 operations per rotated element; a bucket of distances 10 per pair of
 * positions, two of them transcendental.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { add, divideExactly, multiply } from '../units/integer.ts';
import { FLOPS_PER_ROTATED_ELEMENT, shareOf } from './attention-heads.ts';
import type { OperandRole, OperatorDefinition } from './definition.ts';
import { contrib, extentAt, reshapedTo, type WrittenOut } from './microsoft.ts';
import { plain } from './plain.ts';
import { MOVES_DATA, SAME_SHAPE } from './table-texts.ts';

const ATTENTION = { class: 'attention', fusion: 'contraction' } as const;

const rotary: WrittenOut = (context, steps) => {
  const input = context.input(0);
  const { shape } = input;
  const part = context.integer('rotary_embedding_dim', 0);
  const count = context.integer('num_heads', 0);
  const width = shape.at(-1) ?? context.fail('a scalar has no channels to rotate');
  const perHead = shape.length === 3 && count > 0 ? shareOf(context, width, count, 'channels') : width;
  const rotated = part > 0 ? (divideExactly(multiply(width, part), perHead) ?? width) : width;
  steps.perElement([...shape.slice(0, -1), rotated], FLOPS_PER_ROTATED_ELEMENT);
  return [reshapedTo(shape, input)];
};

/** Distances to buckets: subtract, sign, magnitude, compare, divide, log, scale, add, min, select. */
const BUCKET_FLOPS = 10;

const BUCKET_TRANSCENDENTALS = 2;

const relativeBias: WrittenOut = (context, steps) => {
  const table = context.input(0);
  const length = (index: number, what: string): Dim => context.input(index).values?.[0] ?? context.dataDependent(what);
  const shape: Shape = [1, extentAt(context, table, 1), length(1, 'queries'), length(2, 'keys')];
  steps.perElement(shape.slice(2), BUCKET_FLOPS, BUCKET_TRANSCENDENTALS);
  return [reshapedTo(shape, table)];
};

const gatedBias: WrittenOut = (context, steps) => {
  const query = context.input(0);
  const bias = context.input(2);
  const weight = context.input(3);
  const count = context.integer('num_heads');
  const packed = query.shape.length === 2;
  const [batch, positions] = packed ? context.input(6).shape : query.shape;
  const [headSize, gates] = weight.shape;
  if (batch === undefined || positions === undefined || headSize === undefined || gates === undefined) {
    return context.fail('expected a batch of positions and a weight matrix');
  }
  const rows: Shape = [batch, count, positions];
  steps.perElement([...rows, headSize], 1);
  const gate = steps.apply(plain('MatMul'), [reshapedTo([...rows, headSize], query), weight]);
  const shifted = steps.apply(plain('Add'), [gate, context.input(4)]);
  // Two sums over half of the gates each, two sigmoids, and u (r a - 1) + 2.
  steps.perElement(shifted.shape, 1);
  steps.apply(plain('Sigmoid'), [reshapedTo([...rows, 2], query)]);
  steps.perElement(rows, 2);
  return [steps.apply(plain('Mul'), [reshapedTo([...rows, 1], query), bias])].map(({ shape, dtype }) => ({
    shape: [batch, count, positions, shape.at(-1) as Dim],
    dtype,
  }));
};

const TABLES: readonly OperandRole[] = ['activation', 'setting', 'statistic', 'statistic'];

const ROTARY = { class: 'elementwise', fusion: 'pointwise', inPlace: true, inputRoles: TABLES } as const;

const MOVEMENT = { class: 'data-movement', fusion: 'layout', inputRoles: ['activation'] } as const;

const ROTATED = '3 per rotated element';

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'RotaryEmbedding',
    { ...ROTARY, summary: 'Rotates pairs of channels by their position', table: { shape: SAME_SHAPE, work: ROTATED } },
    rotary,
  ),
  contrib(
    'MRotaryEmbedding',
    { ...ROTARY, summary: 'Rotary embedding by time, height and width', table: { shape: SAME_SHAPE, work: ROTATED } },
    rotary,
  ),
  contrib(
    'GemmaRotaryEmbedding',
    {
      ...ROTARY,
      summary: 'Rotates queries and keys by angles that are computed here',
      table: { shape: 'as the query and the key', work: '2 per angle, transcendental; 3 per element of query and key' },
      inputRoles: ['activation'],
    },
    (context, steps) => {
      steps.perElement(context.input(0).shape, 2, 2);
      const [query, key] = [context.input(1), context.input(3)];
      for (const { shape } of [query, key]) steps.perElement(shape, FLOPS_PER_ROTATED_ELEMENT);
      return [reshapedTo(query.shape, query), reshapedTo(key.shape, key)];
    },
  ),
  contrib(
    'RelativePositionBias',
    {
      class: 'elementwise',
      fusion: 'opaque',
      summary: 'Looks up a bias for each distance of positions',
      table: {
        shape: '1×heads×queries×keys',
        work: '10 per pair of positions, 2 of them transcendental',
        notes: 'queries and keys are open where their numbers depend on data',
      },
      inputRoles: ['weight', 'setting'],
    },
    relativeBias,
  ),
  contrib(
    'GatedRelativePositionBias',
    {
      factors: [0, 3],
      ...ATTENTION,
      summary: 'A bias for each distance of positions, gated by the query',
      table: { shape: 'B×heads×S×T', work: 'as MatMul and Add for the gates, 2 Sigmoid per row, Mul; sums' },
      inputRoles: ['activation', 'weight', 'activation', 'weight', 'weight', 'weight', 'activation'],
    },
    gatedBias,
  ),
  contrib(
    'RemovePadding',
    {
      ...MOVEMENT,
      summary: 'Joins sequences without their padding',
      table: {
        shape: 'B×S×C to tokens×C; offsets B×S, B + 1',
        work: MOVES_DATA,
        notes: 'how many tokens are left depends on data',
      },
    },
    (context) => {
      const input = context.input(0);
      const [batch, positions, width] = input.shape;
      if (batch === undefined || positions === undefined || width === undefined) return context.fail('expected 3 axes');
      return [
        reshapedTo([context.dataDependent('tokens'), width], input),
        { shape: [batch, positions], dtype: 'int32' },
        { shape: [add(batch, 1)], dtype: 'int32' },
        { shape: [1], dtype: 'int32' },
      ];
    },
  ),
  contrib(
    'RestorePadding',
    {
      ...MOVEMENT,
      summary: 'Puts sequences back with their padding',
      table: { shape: 'tokens×C to B×S×C, as the offsets', work: MOVES_DATA },
    },
    (context) => {
      const input = context.input(0);
      return [reshapedTo([...context.input(1).shape, ...input.shape.slice(1)], input)];
    },
  ),
];
