/**
 * Binary arithmetic with broadcasting. Specs: https://onnx.ai/onnx/operators/ (Add, Mul), opsets 1, 6, 7, 13, 14.
 * One operation per output element. Up to opset 6 the second operand was aligned by `axis`.
 */
import type { Shape } from '../ir/graph.ts';
import { broadcastShapes, elementCount, formatShape } from '../ir/shape.ts';
import { add, multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { broadcastValues, followed } from './values.ts';

/** First opset whose operands broadcast as NumPy's do, without being asked to. */
const MULTIDIRECTIONAL = 7;

/** Shape of the second operand as it broadcasts: up to opset 6 its first axis stood at `axis` of the first. */
const alignedRight = (context: OperatorContext, left: Shape, right: Shape): Shape => {
  if (context.opset >= MULTIDIRECTIONAL || right.length >= left.length) return right;
  const stated = context.attribute('axis');
  if (typeof stated !== 'number') return right;
  const axis = context.axis(stated, left.length);
  const trailing = left.length - axis - right.length;
  if (trailing < 0) context.fail(`${formatShape(right)} at axis ${axis} does not fit ${formatShape(left)}`);
  return [...right, ...Array.from({ length: trailing }, () => 1)];
};

/** Shape of an element-wise operator with two operands. */
export const binaryShape = (context: OperatorContext): Shape => {
  const left = context.input(0).shape;
  const right = alignedRight(context, left, context.input(1).shape);
  const fits = (): Shape | undefined => broadcastShapes(left, right, (a, b) => context.broadcast(a, b));
  return fits() ?? context.fail(`shapes ${formatShape(left)} and ${formatShape(right)} do not broadcast`);
};

const binary = (type: string, summary: string, compute: ReturnType<typeof followed>): OperatorDefinition => ({
  type,
  domain: '',
  since: [1, 6, 7, 13, 14],
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  class: 'elementwise',
  fusion: 'pointwise',
  inPlace: true,
  inputRoles: ['activation', 'activation'],
  infer: (context) => {
    const left = context.input(0);
    const right = context.input(1);
    const shape = binaryShape(context);
    return [
      {
        shape,
        dtype: left.dtype,
        ...broadcastValues([left, right], shape, compute),
      },
    ];
  },
  work: (context) => ({
    macs: 0,
    flops: elementCount(context.output(0).shape),
    transcendentals: 0,
    treatment: { kind: 'costed' },
  }),
});

export const operators: readonly OperatorDefinition[] = [
  binary(
    'Add',
    'Element-wise sum; the residual connection',
    followed((a, b) => a + b, add),
  ),
  binary(
    'Mul',
    'Element-wise product; the gate of squeeze-and-excitation',
    followed((a, b) => a * b, multiply),
  ),
];
