/**
 * Attention. Spec: https://onnx.ai/onnx/operators/onnx__Attention.html, opsets 23, 24, 25.
 * Q (batch, heads, queries, size) or (batch, queries, heads x size), K and V likewise with their
 * own number of heads; the keys of a cache stand before them. Beside the products and the softmax:
 * q and k are each multiplied by the root of the scale; a soft cap costs 3 operations per score, a
 * mask or bias one, causal masking one, a window one (25).
 * Scores that a mask hides are counted: causal attention costs what full attention does, and says so.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { add, divideExactly, formatInteger, multiply, product } from '../units/integer.ts';
import { type AttentionExtents, attentionWork, SOFTMAX_FLOPS } from './attention-work.ts';
import type { CostTreatment, OperatorContext, OperatorDefinition } from './definition.ts';

interface HeadExtents {
  readonly batch: Dim;
  readonly heads: Dim;
  readonly positions: Dim;
  readonly size: Dim;
}

/** The four extents of an operand, whichever way its heads are laid out. */
const headExtents = (context: OperatorContext, index: number, headsAttribute: string): HeadExtents => {
  const { shape } = context.input(index);
  if (shape.length === 4) {
    const [batch, heads, positions, size] = shape as readonly [Dim, Dim, Dim, Dim];
    return { batch, heads, positions, size };
  }
  if (shape.length !== 3) return context.fail(`input ${index} has ${shape.length} axes, expected 3 or 4`);
  const [batch, positions, hidden] = shape as readonly [Dim, Dim, Dim];
  const heads = context.integer(headsAttribute);
  if (heads < 1) context.fail(`${headsAttribute} is ${heads}, expected 1 or more`);
  const size =
    divideExactly(hidden, heads) ??
    (typeof hidden === 'number'
      ? context.fail(`input ${index}: ${hidden} channels do not divide into ${heads} heads`)
      : context.unknown(`input ${index}: how ${formatInteger(hidden)} channels divide into heads is open`));
  return { batch, heads, positions, size };
};

/** Positions of a cache at input `index`; 0 without one. */
const cached = (context: OperatorContext, index: number): Dim => {
  const shape = context.optionalInput(index)?.shape;
  if (shape === undefined) return 0;
  if (shape.length !== 4) context.fail(`a cache of shape ${formatShape(shape)}: expected four axes`);
  return shape[2] as Dim;
};

interface Extents extends AttentionExtents {
  /** Heads stand beside one another in the last axis. */
  readonly packed: boolean;
}

const extents = (context: OperatorContext, hasCache: boolean): Extents => {
  const query = headExtents(context, 0, 'q_num_heads');
  const key = headExtents(context, 1, 'kv_num_heads');
  const value = headExtents(context, 2, 'kv_num_heads');
  const batch = context.agree(query.batch, key.batch, 'batch of queries and keys');
  const added = context.agree(key.positions, value.positions, 'positions of keys and values');
  const past = hasCache ? context.agree(cached(context, 4), cached(context, 5), 'positions of the two caches') : 0;
  const keyHeads = context.agree(key.heads, value.heads, 'heads of keys and values');
  if (typeof query.heads === 'number' && typeof keyHeads === 'number' && query.heads % keyHeads !== 0) {
    context.fail(`${query.heads} query heads do not share ${keyHeads} key heads equally`);
  }
  return {
    batch,
    queryHeads: query.heads,
    keyHeads,
    queries: query.positions,
    keys: add(past, added),
    headSize: context.agree(query.size, key.size, 'head sizes of queries and keys'),
    valueSize: value.size,
    packed: context.input(0).shape.length === 3,
  };
};

const outputShape = ({ batch, queryHeads, queries, valueSize, packed }: Extents): Shape =>
  packed ? [batch, queries, multiply(queryHeads, valueSize)] : [batch, queryHeads, queries, valueSize];

/** The scale stands on q and on k, one operation per element of each. */
const scaleFlops = ({ batch, queryHeads, keyHeads, queries, keys, headSize }: Extents) =>
  add(product([batch, queryHeads, queries, headSize]), product([batch, keyHeads, keys, headSize]));

const treatment = (context: OperatorContext): CostTreatment => {
  const hidden = [
    context.integer('is_causal', 0) === 1 ? 'causal masking' : '',
    context.integer('left_window_size', -1) >= 0 || context.integer('right_window_size', -1) >= 0 ? 'its window' : '',
    context.hasInput(6) ? 'padding of the cache' : '',
  ].filter((text) => text !== '');
  if (hidden.length === 0) return { kind: 'costed' };
  return { kind: 'approximated', reason: `all scores are counted, those that ${hidden.join(' and ')} hides too` };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Attention',
    domain: '',
    since: [23, 24, 25],
    summary: 'Scaled dot-product attention, with shared key heads, cache and masks',
    specification: 'https://onnx.ai/onnx/operators/onnx__Attention.html',
    table: {
      shape: 'as Q, with the head size of V; also present K and V, and the scores',
      work: `MACs: scores × (head size of K + head size of V); ${SOFTMAX_FLOPS} or more per score`,
      notes: 'scores that masks hide count too; causal costs what full attention does',
    },
    class: 'attention',
    fusion: 'contraction',
    factors: [0, 1, 2],
    inputRoles: ['activation'],
    infer: (context) => {
      const found = extents(context, true);
      const { batch, queryHeads, keyHeads, queries, keys, headSize, valueSize } = found;
      const { dtype } = context.input(0);
      const valueType = context.input(2).dtype;
      return [
        { shape: outputShape(found), dtype },
        { shape: [batch, keyHeads, keys, headSize], dtype: context.input(1).dtype },
        { shape: [batch, keyHeads, keys, valueSize], dtype: valueType },
        { shape: [batch, queryHeads, queries, keys], dtype },
      ];
    },
    work: (context) => {
      const found = extents(context, true);
      const capped = Number(context.attribute('softcap') ?? 0) !== 0;
      const isCausal = context.integer('is_causal', 0) === 1;
      const isWindowed = context.integer('left_window_size', -1) >= 0 || context.integer('right_window_size', -1) >= 0;
      return attentionWork(found, {
        scaleFlops: scaleFlops(found),
        flopsPerScore: (capped ? 3 : 0) + Number(context.hasInput(3)) + Number(isCausal) + Number(isWindowed),
        transcendentalsPerScore: capped ? 2 : 0,
        treatment: treatment(context),
      });
    },
  },
  {
    // Preview 1: the score is scaled, and two graphs may change scores and weights.
    type: 'FlexAttention',
    domain: 'ai.onnx.preview',
    since: [1],
    summary: 'Scaled dot-product attention with graphs that change scores and weights',
    table: {
      shape: 'as Q, with the head size of V',
      work: `MACs: scores × (head size of K + head size of V); ${SOFTMAX_FLOPS + 1} per score; both graphs`,
    },
    specification: 'https://onnx.ai/onnx/operators/onnx_aionnxpreview_FlexAttention.html',
    class: 'attention',
    fusion: 'contraction',
    factors: [0, 1, 2],
    inputRoles: ['activation'],
    control: (context) => {
      const { batch, queryHeads, queries, keys } = extents(context, false);
      const wide = context.input(0).dtype === 'fp64' ? 'fp64' : 'fp32';
      const scores = { shape: [batch, queryHeads, queries, keys], dtype: wide } as const;
      const bodies = ['score_mod', 'prob_mod'].filter((name) => context.node.bodies?.[name] !== undefined);
      return { runs: bodies.map((body) => ({ body, inputs: [scores], times: 1 })), exclusive: false };
    },
    infer: (context) => {
      if (context.input(0).shape.length !== 4) context.fail('queries must have four axes');
      return [{ shape: outputShape(extents(context, false)), dtype: context.input(0).dtype }];
    },
    work: (context) => {
      const found = extents(context, false);
      const scores = product([found.batch, found.queryHeads, found.queries, found.keys]);
      const options = { flopsPerScore: 0, transcendentalsPerScore: 0, treatment: { kind: 'costed' } } as const;
      return attentionWork(found, { ...options, scaleFlops: scores });
    },
  },
];
