/**
 * Reductions over chosen axes. Specs: https://onnx.ai/onnx/operators/ (ReduceMean); axes are an
 * attribute up to opset 13 and an input from 18 on. The mean of w elements costs w - 1 additions
 * and one division. fvcore does not count it.
 */
import { elementCount } from '../ir/shape.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';

const reducedAxes = (context: OperatorContext): ReadonlySet<number> => {
  const { shape } = context.input(0);
  const stated = context.hasInput(1) ? context.numbers(1, 'the list of axes') : context.integers('axes', []);
  if (stated.length === 0) return new Set(context.integer('noop_with_empty_axes', 0) === 1 ? [] : shape.keys());
  return new Set(stated.map((axis) => context.axis(axis, shape.length)));
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'ReduceMean',
    domain: '',
    since: [1, 11, 13, 18],
    summary: 'Mean over chosen axes; the squeeze of squeeze-and-excitation',
    specification: 'https://onnx.ai/onnx/operators/onnx__ReduceMean.html',
    class: 'pooling',
    fusion: 'reduction',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      const axes = reducedAxes(context);
      const keep = context.integer('keepdims', 1) === 1;
      const reduced = shape.flatMap((dim, axis) => {
        if (!axes.has(axis)) return [dim];
        return keep ? [1] : [];
      });
      return [{ shape: reduced, dtype }];
    },
    work: (context) => {
      if (reducedAxes(context).size === 0) {
        const treatment = { kind: 'free', reason: 'no axes: the identity' } as const;
        return { macs: 0, flops: 0, transcendentals: 0, treatment };
      }
      return {
        macs: 0,
        flops: elementCount(context.input(0).shape),
        transcendentals: elementCount(context.output(0).shape),
        treatment: { kind: 'costed' },
      };
    },
  },
];
