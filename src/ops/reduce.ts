/**
 * Reductions over chosen axes. Specs: https://onnx.ai/onnx/operators/ (opsets in the list below); axes are an attribute
 * up to opset 17 (ReduceSum up to 12) and an input from then on. With no axes all are reduced, or, asked by
 * `noop_with_empty_axes`, none: then only the operations before and after the reduction are left. w elements are
 * combined in w - 1 steps, and beside those cost
 *   ReduceSum, ReduceProd, ReduceMax, ReduceMin   nothing
 *   ReduceL1          an absolute value per element
 *   ReduceSumSquare   a product per element
 *   ReduceMean        a division per output
 *   ReduceL2          a product per element, a square root per output
 *   ReduceLogSum      a logarithm per output
 *   ReduceLogSumExp   an exponential per element, a logarithm per output; the shift by the maximum, which libraries add
 *                     against overflow, is not part of the definition
 * fvcore counts none of them. Contents are followed through ReduceSum, ReduceProd, ReduceMax, ReduceMin and ReduceMean.
 */
import { type DType, isFloating } from '../ir/dtype.ts';
import { elementCount } from '../ir/shape.ts';
import { add, type Integer, maximum, minimum, multiply, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import type { Cost } from './pointwise.ts';
import { combinations, openlyReducedShape, reducedAxes, reducedShape, reducedValues } from './reduced-axes.ts';
import { countText, REDUCED } from './table-texts.ts';
import { followed } from './values.ts';
import { freeOf } from './work.ts';

type Reduction = (elements: readonly Integer[], dtype: DType) => Integer | undefined;

interface Kind {
  readonly type: string;
  readonly since: readonly number[];
  readonly summary: string;
  readonly perInput?: Cost;
  readonly perOutput?: Cost;
  /** Per output too, but only where something is reduced: a mean of one element is that element. */
  readonly perReduced?: Cost;
  readonly follow?: Reduction;
}

const NOTHING: Cost = [0, 0];

/** Combines element by element; `empty` is the result without any. */
const combining =
  (step: ReturnType<typeof followed>, empty?: Integer): Reduction =>
  ([first, ...others]) =>
    first === undefined ? empty : others.reduce<Integer | undefined>(step, first);

const added = combining(
  followed((a, b) => a + b, add),
  0,
);

const mean: Reduction = (elements, dtype) => {
  const total = added(elements, dtype);
  return typeof total === 'number' && isFloating(dtype) ? total / elements.length : undefined;
};

const infer =
  (follow: Reduction | undefined): OperatorDefinition['infer'] =>
  (context) => {
    const input = context.input(0);
    const { dtype } = input;
    const axes = reducedAxes(context);
    if (axes === undefined) return [{ shape: openlyReducedShape(context), dtype }];
    const values = follow && reducedValues(input, axes, (elements) => follow(elements, dtype));
    return [{ shape: reducedShape(context, axes), dtype, ...values }];
  };

const work = (context: OperatorContext, kind: Kind): ReturnType<OperatorDefinition['work']> => {
  const isReduced = reducedAxes(context)?.size !== 0;
  const { perInput = NOTHING } = kind;
  const perOutput = (isReduced ? kind.perReduced : undefined) ?? kind.perOutput ?? NOTHING;
  if (!isReduced && perInput[0] + perOutput[0] === 0) return freeOf('no axes: the identity');
  const { shape: input } = context.input(0);
  const { shape: output } = context.output(0);
  const times = (place: 0 | 1): Integer =>
    add(multiply(elementCount(input), perInput[place]), multiply(elementCount(output), perOutput[place]));
  return {
    macs: 0,
    flops: sum([times(0), combinations(input, output)]),
    transcendentals: times(1),
    treatment: { kind: 'costed' },
  };
};

const textOf = ({ perInput = NOTHING, perOutput, perReduced }: Kind): string => {
  const each = perOutput ?? perReduced ?? NOTHING;
  return [
    'w - 1 per output of w',
    ...(perInput[0] === 0 ? [] : [countText(perInput, 'input')]),
    ...(each[0] === 0 ? [] : [countText(each, 'output')]),
  ].join('; ');
};

const define = (kind: Kind): OperatorDefinition => ({
  type: kind.type,
  domain: '',
  since: kind.since,
  summary: kind.summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${kind.type}.html`,
  table: { shape: REDUCED, work: textOf(kind), notes: 'extents are open where data decides on the axes' },
  class: 'pooling',
  fusion: 'reduction',
  inputRoles: ['activation', 'setting'],
  infer: infer(kind.follow),
  work: (context) => work(context, kind),
});

const KINDS: readonly Kind[] = [
  {
    type: 'ReduceMean',
    since: [1, 11, 13, 18],
    summary: 'Mean over chosen axes; the squeeze of squeeze-and-excitation',
    perReduced: [1, 1],
    follow: mean,
  },
  { type: 'ReduceSum', since: [1, 11, 13], summary: 'Sum over chosen axes', follow: added },
  {
    type: 'ReduceProd',
    since: [1, 11, 13, 18],
    summary: 'Product over chosen axes',
    follow: combining(
      followed((a, b) => a * b, multiply),
      1,
    ),
  },
  {
    type: 'ReduceMax',
    since: [1, 11, 12, 13, 18, 20],
    summary: 'Maximum over chosen axes',
    follow: combining(followed(Math.max, maximum)),
  },
  {
    type: 'ReduceMin',
    since: [1, 11, 12, 13, 18, 20],
    summary: 'Minimum over chosen axes',
    follow: combining(followed(Math.min, minimum)),
  },
  { type: 'ReduceL1', since: [1, 11, 13, 18], summary: 'Sum of absolute values over chosen axes', perInput: [1, 0] },
  {
    type: 'ReduceL2',
    since: [1, 11, 13, 18],
    summary: 'Root of the sum of squares over chosen axes',
    perInput: [1, 0],
    perOutput: [1, 1],
  },
  { type: 'ReduceSumSquare', since: [1, 11, 13, 18], summary: 'Sum of squares over chosen axes', perInput: [1, 0] },
  {
    type: 'ReduceLogSum',
    since: [1, 11, 13, 18, 28],
    summary: 'Logarithm of the sum over chosen axes',
    perOutput: [1, 1],
  },
  {
    type: 'ReduceLogSumExp',
    since: [1, 11, 13, 18, 28],
    summary: 'Logarithm of the sum of exponentials over chosen axes',
    perInput: [1, 1],
    perOutput: [1, 1],
  },
];

export const operators: readonly OperatorDefinition[] = KINDS.map(define);
