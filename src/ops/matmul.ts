/**
 * MatMul. Spec: https://onnx.ai/onnx/operators/onnx__MatMul.html, opsets 1, 9, 13.
 * NumPy's product: matrices in the last two axes, leading axes broadcast, a vector treated as a
 * row (left) or a column (right).
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { broadcastShapes, formatShape } from '../ir/shape.ts';
import { contractionWork } from './contraction.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import type { AxisTerm, LoopNest } from './nest.ts';
import { MULTIPLIED } from './table-texts.ts';

interface Operands {
  /** Both with at least two axes. */
  readonly left: Shape;
  readonly right: Shape;
  /** Broadcast leading axes. */
  readonly leading: Shape;
  readonly inner: Dim;
}

const isOpen = (dim: Dim): boolean => typeof dim !== 'number';

const operands = (context: OperatorContext, first: number, second: number): Operands => {
  const a = context.input(first).shape;
  const b = context.input(second).shape;
  if (a.length === 0 || b.length === 0) context.fail('a scalar is not a matrix');
  const left = a.length === 1 ? [1, ...a] : a;
  const right = b.length === 1 ? [...b, 1] : b;
  const leading =
    broadcastShapes(left.slice(0, -2), right.slice(0, -2), (one, other) => context.broadcast(one, other)) ??
    context.fail(`leading axes of ${formatShape(a)} and ${formatShape(b)} do not broadcast`);
  const inner = context.agree(
    left.at(-1) as Dim,
    right.at(-2) as Dim,
    `inner extents of ${formatShape(a)} and ${formatShape(b)}`,
  );
  return { left, right, leading, inner };
};

/** Loops of the product of inputs `first` and `second`. */
export const matmulNest = (context: OperatorContext, first = 0, second = 1): LoopNest => {
  const { left, right, leading, inner } = operands(context, first, second);
  const name = (axis: number) => `B${axis}`;
  const index = (dim: string): readonly AxisTerm[] => [{ dim, step: 1 }];
  const leadingTerms = (shape: Shape): readonly (readonly AxisTerm[])[] => {
    const own = shape.slice(0, -2);
    // A broadcast axis is not indexed.
    return own.map((dim, position) => (dim === 1 ? [] : index(name(position + leading.length - own.length))));
  };
  // Of the two names that a nest has for its operands, `weight` is the one whose size is fixed.
  const rightIsInput = right.some(isOpen) && !left.some(isOpen);
  const leftTerms = [...leadingTerms(left), index('M'), index('K')];
  const rightTerms = [...leadingTerms(right), index('K'), index('N')];
  return {
    dims: [
      ...leading.map((extent, axis) => ({ name: name(axis), extent })),
      { name: 'M', extent: left.at(-2) ?? 1 },
      { name: 'N', extent: right.at(-1) ?? 1 },
      { name: 'K', extent: inner },
    ],
    input: rightIsInput ? rightTerms : leftTerms,
    weight: rightIsInput ? leftTerms : rightTerms,
    output: [...leading.map((_, axis) => index(name(axis))), index('M'), index('N')],
  };
};

/** Shape of the product of inputs `first` and `second`. */
export const matmulShape = (context: OperatorContext, first = 0, second = 1): Shape => {
  const { left, right, leading } = operands(context, first, second);
  const rows = context.input(first).shape.length === 1 ? [] : left.slice(-2, -1);
  const columns = context.input(second).shape.length === 1 ? [] : right.slice(-1);
  return [...leading, ...rows, ...columns];
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'MatMul',
    domain: '',
    since: [1, 9, 13],
    summary: 'Matrix product over the last two axes; the two products of attention',
    specification: 'https://onnx.ai/onnx/operators/onnx__MatMul.html',
    table: { shape: MULTIPLIED, work: 'MACs: outputs × K' },
    fusion: 'contraction',
    inputRoles: ['activation', 'activation'],
    infer: (context) => [{ shape: matmulShape(context), dtype: context.input(0).dtype }],
    work: (context) => contractionWork(context, matmulNest(context), false),
  },
];
