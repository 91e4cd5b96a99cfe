/**
 * SwiGLU. Spec: https://onnx.ai/onnx/operators/onnx__SwiGLU.html, opset 28. The Swish of the gate times the value, both
 * of one shape: Swish is 5 operations per element, two of them transcendental (one more with alpha other than 1), and
 * the product 1.
 */
import type { Dim } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import type { OperatorDefinition } from './definition.ts';
import { type Cost, expectSameType, pointwiseWork } from './pointwise.ts';
import { countText } from './table-texts.ts';

const COST: Cost = [6, 2];

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'SwiGLU',
    domain: '',
    since: [28],
    summary: 'The Swish of a gate times a value; the feed-forward gate of Llama',
    specification: 'https://onnx.ai/onnx/operators/onnx__SwiGLU.html',
    table: { shape: 'same as the gate and the value', work: `${countText(COST)}; 1 more with an alpha` },
    class: 'activation',
    fusion: 'pointwise',
    inPlace: true,
    inputRoles: ['activation'],
    infer: (context) => {
      const gate = context.input(0);
      const value = context.input(1);
      expectSameType(context, [gate, value]);
      const text = `the gate ${formatShape(gate.shape)} and the value ${formatShape(value.shape)}`;
      if (gate.shape.length !== value.shape.length) context.fail(`${text} differ, expected the same shape`);
      const shape = gate.shape.map((dim, axis) => context.agree(dim, value.shape[axis] as Dim, text));
      return [{ shape, dtype: gate.dtype }];
    },
    work: (context) => pointwiseWork(context, context.integer('alpha', 1) === 1 ? COST : [COST[0] + 1, COST[1]]),
  },
];
