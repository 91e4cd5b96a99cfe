/**
 * LinearAttention. Spec: https://onnx.ai/onnx/operators/onnx__LinearAttention.html, opset 27.
 * A state of key size x value size per key head is updated at every position and read by every
 * query head that shares it. Multiply-accumulates per position: the update and, with a delta rule,
 * what the state answers to the key (one key size x value size each, per key head); the read-out
 * (the same per query head). Beside them: the output scale one per output; a gate one per element of the
 * state and one exponential per element of the decay; a delta rule a subtraction and a product per
 * value. Counted as the recurrence is written; work by chunks does more of them.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { divideExactly, multiply, product, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';

const RULES: Readonly<Record<string, { readonly gated: boolean; readonly delta: boolean }>> = {
  linear: { gated: false, delta: false },
  gated: { gated: true, delta: false },
  delta: { gated: false, delta: true },
  gated_delta: { gated: true, delta: true },
};

const extents = (context: OperatorContext) => {
  const queryHeads = context.integer('q_num_heads');
  const keyHeads = context.integer('kv_num_heads');
  if (queryHeads < 1 || keyHeads < 1 || queryHeads % keyHeads !== 0) {
    context.fail(`${queryHeads} query heads do not share ${keyHeads} key heads equally`);
  }
  const packed = (index: number, heads: number, what: string): readonly [Dim, Dim, Dim] => {
    const { shape } = context.input(index);
    const [batch, positions, width] = shape;
    if (shape.length !== 3 || batch === undefined || positions === undefined || width === undefined) {
      return context.fail(`${what} has ${shape.length} axes, expected 3`);
    }
    const size =
      divideExactly(width, heads) ??
      (typeof width === 'number'
        ? context.fail(`${what}: ${width} channels do not divide into ${heads} heads`)
        : context.unknown(`${what}: how its channels divide into heads is open`));
    return [batch, positions, size];
  };
  const [queryBatch, queryPositions, querySize] = packed(0, queryHeads, 'query');
  const [keyBatch, keyPositions, keySize] = packed(1, keyHeads, 'key');
  const [, valuePositions, valueSize] = packed(2, keyHeads, 'value');
  const positions = context.agree(queryPositions, keyPositions, 'positions of query and key');
  return {
    queryHeads,
    keyHeads,
    batch: context.agree(queryBatch, keyBatch, 'batch of query and key'),
    positions: context.agree(positions, valuePositions, 'positions of key and value'),
    keySize: context.agree(querySize, keySize, 'head sizes of query and key'),
    valueSize,
  };
};

const linearWork = (context: OperatorContext): OperatorWork => {
  const { queryHeads, keyHeads, batch, positions, keySize, valueSize } = extents(context);
  const name = context.text('update_rule', 'gated_delta');
  const { gated, delta } = RULES[name] ?? context.fail(`update_rule "${name}" is not known`);
  const groups = product([batch, positions, keyHeads]);
  const rows = queryHeads / keyHeads + (delta ? 2 : 1);
  const state = multiply(keySize, valueSize);
  const macs = product([groups, rows, state]);
  const decay = gated ? elementCount(context.input(4).shape) : 0;
  const scaled = product([batch, positions, queryHeads, valueSize]);
  const corrected = delta ? product([groups, valueSize, 2]) : 0;
  const faded = gated ? multiply(groups, state) : 0;
  return {
    macs,
    flops: sum([multiply(macs, 2), scaled, corrected, faded, decay]),
    transcendentals: decay,
    // One position waits for the one before it, so positions are not rows of one product.
    view: { groups, m: rows, n: valueSize, k: keySize, window: 1, spatial: false },
    treatment: { kind: 'costed' },
  };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'LinearAttention',
    domain: '',
    since: [27],
    summary: 'Attention through a recurrent state, plain, gated or by the delta rule',
    specification: 'https://onnx.ai/onnx/operators/onnx__LinearAttention.html',
    table: {
      shape: 'N×L×(query heads × V); the state is N×(key heads)×K×V',
      work: 'MACs: N × L × K × V × (query heads + key heads, those twice with delta)',
      notes: 'counted as the recurrence is written; work by chunks does more',
    },
    class: 'attention',
    fusion: 'contraction',
    factors: [0, 1, 2],
    inputRoles: ['activation'],
    infer: (context) => {
      const { queryHeads, keyHeads, batch, positions, keySize, valueSize } = extents(context);
      const { dtype } = context.input(0);
      return [
        { shape: [batch, positions, multiply(queryHeads, valueSize)], dtype },
        { shape: [batch, keyHeads, keySize, valueSize], dtype: context.optionalInput(3)?.dtype ?? dtype },
      ];
    },
    work: linearWork,
  },
];
