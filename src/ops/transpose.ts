/**
 * Transpose. Spec: https://onnx.ai/onnx/operators/onnx__Transpose.html, opsets 1, 13, 21, 23, 24, 25.
 * No arithmetic; every element is read and written once, which the operands' sizes say.
 * A runtime with strided tensors (PyTorch) leaves out the copy: the fusion rules say so.
 */
import type { Dim } from '../ir/graph.ts';
import type { OperatorDefinition } from './definition.ts';
import { MOVES_DATA } from './table-texts.ts';
import { pickedValues } from './values.ts';
import { DATA_MOVEMENT } from './work.ts';

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Transpose',
    domain: '',
    since: [1, 13, 21, 23, 24, 25],
    summary: 'Reorders the axes',
    specification: 'https://onnx.ai/onnx/operators/onnx__Transpose.html',
    table: { shape: 'the axes in the order of perm', work: MOVES_DATA },
    class: 'data-movement',
    fusion: 'layout',
    inputRoles: ['activation'],
    infer: (context) => {
      const input = context.input(0);
      const { shape, dtype } = input;
      const order = context.integers('perm', [...shape.keys()].reverse());
      const axes = new Set(order);
      if (order.length !== shape.length || axes.size !== shape.length || order.some((axis) => !(axis in shape))) {
        context.fail(`perm [${order.join(', ')}] is not an order of ${shape.length} axes`);
      }
      const output = order.map((axis) => shape[axis] as Dim);
      // Exporters turn lists of paddings around by transposing them.
      const contents = pickedValues(input, output, (at) => shape.map((_, axis) => at[order.indexOf(axis)] as number));
      return [{ shape: output, dtype, ...contents }];
    },
    work: (context) => {
      const { shape } = context.input(0);
      return { ...DATA_MOVEMENT, axisOrder: context.integers('perm', [...shape.keys()].reverse()) };
    },
  },
];
