/**
 * Split. Spec: https://onnx.ai/onnx/operators/onnx__Split.html, opsets 1, 2, 11, 13, 18.
 * Sizes are an attribute up to opset 11 and an input from 13 on; without them the parts are
 * equal, the last one smaller from 18 on. No arithmetic; every element is read and written once.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { ZERO_COUNT } from '../units/count.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';

const partSizes = (context: OperatorContext, extent: Dim | undefined): readonly number[] => {
  if (typeof extent !== 'number') return context.fail('the axis that is split carries the batch');
  const stated = context.hasInput(1)
    ? (context.input(1).values ?? context.fail('the sizes are not a constant'))
    : context.integers('split', []);
  const count = context.node.outputs.length;
  const largest = Math.ceil(extent / count);
  const sizes =
    stated.length > 0 ? stated : Array.from({ length: count }, (_, part) => Math.min(largest, extent - part * largest));
  if (sizes.length !== count || sizes.reduce((sum, size) => sum + size, 0) !== extent) {
    context.fail(`parts of [${sizes.join(', ')}] are not ${count} parts of ${extent}`);
  }
  return sizes;
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Split',
    domain: '',
    since: [1, 2, 11, 13, 18],
    summary: 'Cuts a tensor into parts along one axis',
    specification: 'https://onnx.ai/onnx/operators/onnx__Split.html',
    class: 'data-movement',
    fusion: 'layout',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      const given = context.integer('axis', 0);
      const axis = given < 0 ? given + shape.length : given;
      const resized = (size: number): Shape => shape.map((dim, index) => (index === axis ? size : dim));
      return partSizes(context, shape[axis]).map((size) => ({ shape: resized(size), dtype }));
    },
    work: () => ({
      macs: ZERO_COUNT,
      flops: ZERO_COUNT,
      transcendentals: ZERO_COUNT,
      treatment: { kind: 'costed' },
    }),
  },
];
