/**
 * Transpose. Spec: https://onnx.ai/onnx/operators/onnx__Transpose.html, opsets 1, 13, 21, 23, 24.
 * No arithmetic; every element is read and written once, which the operands' sizes say.
 * A runtime with strided tensors (PyTorch) leaves out the copy: the fusion rules say so.
 */
import type { Dim } from '../ir/graph.ts';
import type { OperatorDefinition } from './definition.ts';

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Transpose',
    domain: '',
    since: [1, 13, 21, 23, 24],
    summary: 'Reorders the axes',
    specification: 'https://onnx.ai/onnx/operators/onnx__Transpose.html',
    class: 'data-movement',
    fusion: 'layout',
    inputRoles: ['activation'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      const order = context.integers('perm', [...shape.keys()].reverse());
      const axes = new Set(order);
      if (order.length !== shape.length || axes.size !== shape.length || order.some((axis) => !(axis in shape))) {
        context.fail(`perm [${order.join(', ')}] is not an order of ${shape.length} axes`);
      }
      return [{ shape: order.map((axis) => shape[axis] as Dim), dtype }];
    },
    work: () => ({
      macs: 0,
      flops: 0,
      transcendentals: 0,
      treatment: { kind: 'costed' },
    }),
  },
];
