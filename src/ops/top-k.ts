/**
 * TopK. Spec: https://onnx.ai/onnx/operators/onnx__TopK.html, opsets 1, 10, 11, 24. The k largest (or, from opset 11, smallest)
 * elements of every row along an axis, with their places. k is an attribute in opset 1 and an input from 10 on.
 * Approximated: the specification prescribes no algorithm. Counted is a heap of k, in which each element is compared with
 * the root and, at most, on the way down: 1 + ceil(log2 k) comparisons.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount, formatShape } from '../ir/shape.ts';
import { multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork, TensorType } from './definition.ts';
import { DATA_MOVEMENT } from './work.ts';

const axisOf = (context: OperatorContext): number =>
  context.axis(context.integer('axis', -1), context.input(0).shape.length);

const wanted = (context: OperatorContext): Dim => {
  if (!context.hasInput(1)) return context.integer('k');
  return context.input(1).values?.[0] ?? context.dataDependent('k');
};

const chosen = (context: OperatorContext): readonly TensorType[] => {
  const { shape, dtype } = context.input(0);
  const axis = axisOf(context);
  const k = wanted(context);
  const extent = shape[axis] as Dim;
  if (typeof k === 'number' && (k < 0 || (typeof extent === 'number' && k > extent))) {
    context.fail(`k is ${k}, but axis ${axis} of ${formatShape(shape)} has ${formatShape([extent])} elements`);
  }
  const output = shape.map((dim, index): Dim => (index === axis ? k : dim));
  return [
    { shape: output, dtype },
    { shape: output, dtype: 'int64' },
  ];
};

const comparisons = (context: OperatorContext): OperatorWork => {
  const k = context.output(0).shape[axisOf(context)] as Dim;
  const each = typeof k === 'number' ? 1 + Math.ceil(Math.log2(Math.max(1, k))) : 1;
  const reason =
    typeof k === 'number'
      ? `comparisons of a heap of ${k}: ${each} per element; libraries choose among algorithms`
      : 'one comparison per element: how many it takes depends on k, which is open';
  return {
    ...DATA_MOVEMENT,
    flops: multiply(elementCount(context.input(0).shape), each),
    treatment: { kind: 'approximated', reason },
  };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'TopK',
    domain: '',
    since: [1, 10, 11, 24],
    summary: 'The k largest or smallest elements along an axis and their places',
    specification: 'https://onnx.ai/onnx/operators/onnx__TopK.html',
    table: {
      shape: 'the axis becomes k, for elements and places',
      work: '1 + ceil(log2 k) per input element',
      notes: 'counted as a heap; k is open where data decides on it',
    },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: chosen,
    work: comparisons,
  },
];
