/**
 * Split. Spec: https://onnx.ai/onnx/operators/onnx__Split.html, opsets 1, 2, 11, 13, 18.
 * Sizes are an attribute up to opset 11 and an input from 13 on; without them the parts are
 * equal, the last one smaller from 18 on. No arithmetic; every element is read and written once.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { floorDivide, formatInteger, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';

const partSizes = (context: OperatorContext, extent: Dim): readonly Dim[] => {
  const stated = context.hasInput(1) ? context.values(1, 'the list of sizes') : context.integers('split', []);
  const count = context.node.outputs.length;
  if (stated.length === 0) {
    if (typeof extent !== 'number') return Array.from({ length: count }, () => floorDivide(extent, count));
    const largest = Math.ceil(extent / count);
    return Array.from({ length: count }, (_, part) => Math.max(0, Math.min(largest, extent - part * largest)));
  }
  const total = sum(stated);
  const contradicts = typeof total === 'number' && typeof extent === 'number' && total !== extent;
  if (stated.length !== count || contradicts) {
    context.fail(
      `parts of [${stated.map(formatInteger).join(', ')}] are not ${count} parts of ${formatInteger(extent)}`,
    );
  }
  return stated;
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
      const axis = context.axis(context.integer('axis', 0), shape.length);
      const resized = (size: Dim): Shape => shape.map((dim, index) => (index === axis ? size : dim));
      return partSizes(context, shape[axis] as Dim).map((size) => ({ shape: resized(size), dtype }));
    },
    work: () => ({
      macs: 0,
      flops: 0,
      transcendentals: 0,
      treatment: { kind: 'costed' },
    }),
  },
];
