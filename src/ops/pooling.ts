/**
 * Pooling by a sliding window over any number of spatial axes. Specs: https://onnx.ai/onnx/operators/ (MaxPool: opsets 1,
 * 8, 10, 11, 12, 22; AveragePool: 1, 7, 10, 11, 19, 22; LpPool: 1, 2, 11, 18, 22). `ceil_mode` and dilations came with
 * opset 10 (MaxPool), 10 and 19 (AveragePool), 18 (LpPool). A window of w elements costs
 *   MaxPool       w - 1 comparisons; the places of the maxima (second output, since opset 8) are known with them
 *   AveragePool   w - 1 additions and a division
 *   LpPool        p = 2: w squares, w - 1 additions, a square root; p = 1: w absolute values, w - 1 additions; any other p:
 *                 w absolute values and powers, w - 1 additions, a root
 * Windows that reach into the padding count in full, whether or not the padding takes part (`count_include_pad`).
 */
import { elementCount } from '../ir/shape.ts';
import { add, type Integer, multiply, product } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork, TensorType } from './definition.ts';
import { windowGeometry } from './window.ts';

/** Operations on a window: fixed ones, and ones for each of its elements. */
export interface WindowCost {
  readonly perElement: number;
  readonly fixed: number;
  readonly transcendentalsPerElement: number;
  readonly fixedTranscendentals: number;
}

const MAXIMUM: WindowCost = { perElement: 1, fixed: -1, transcendentalsPerElement: 0, fixedTranscendentals: 0 };
const AVERAGE: WindowCost = { perElement: 1, fixed: 0, transcendentalsPerElement: 0, fixedTranscendentals: 1 };

export const maximumCost = (): WindowCost => MAXIMUM;
const averageCost = (): WindowCost => AVERAGE;

/** Cost of the p-th root of a sum of p-th powers. */
export const normCost = (context: OperatorContext): WindowCost => {
  const p = context.integer('p', 2);
  if (!(p >= 1)) context.fail(`p is ${p}, expected 1 or more`);
  if (p === 1) return { perElement: 2, fixed: -1, transcendentalsPerElement: 0, fixedTranscendentals: 0 };
  if (p === 2) return { perElement: 2, fixed: 0, transcendentalsPerElement: 0, fixedTranscendentals: 1 };
  return { perElement: 3, fixed: 0, transcendentalsPerElement: 1, fixedTranscendentals: 1 };
};

/** Work of `windows` windows of `size` elements. */
export const windowWork = (windows: Integer, size: Integer, cost: WindowCost): OperatorWork => {
  const elements = multiply(windows, size);
  return {
    macs: 0,
    flops: add(multiply(elements, cost.perElement), multiply(windows, cost.fixed)),
    transcendentals: add(
      multiply(elements, cost.transcendentalsPerElement),
      multiply(windows, cost.fixedTranscendentals),
    ),
    treatment: { kind: 'costed' },
  };
};

const infer = (context: OperatorContext): readonly TensorType[] => {
  const { shape, dtype } = context.input(0);
  if (shape.length < 3) context.fail(`an input of ${shape.length} axes, expected items, channels and spatial axes`);
  const { outputExtents } = windowGeometry(context, shape.slice(2), context.integers('kernel_shape'));
  const output = [...shape.slice(0, 2), ...outputExtents];
  const places: TensorType = { shape: output, dtype: 'int64' };
  return [{ shape: output, dtype }, places].slice(0, context.node.outputs.length);
};

const pooling = (
  type: string,
  since: readonly number[],
  summary: string,
  cost: (context: OperatorContext) => WindowCost,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  class: 'pooling',
  fusion: 'window',
  inputRoles: ['activation'],
  infer,
  work: (context) =>
    windowWork(elementCount(context.output(0).shape), product(context.integers('kernel_shape')), cost(context)),
});

export const operators: readonly OperatorDefinition[] = [
  pooling('MaxPool', [1, 8, 10, 11, 12, 22], 'Maximum over a sliding window', maximumCost),
  pooling('AveragePool', [1, 7, 10, 11, 19, 22], 'Mean over a sliding window', averageCost),
  pooling('LpPool', [1, 2, 11, 18, 22], 'Norm of a sliding window', normCost),
];
