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
import { IN_PADDING, POOLED } from './table-texts.ts';
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

const SUM_OF_MAGNITUDES: WindowCost = {
  perElement: 2,
  fixed: -1,
  transcendentalsPerElement: 0,
  fixedTranscendentals: 0,
};
const EUCLIDEAN: WindowCost = { perElement: 2, fixed: 0, transcendentalsPerElement: 0, fixedTranscendentals: 1 };
const OTHER_NORM: WindowCost = { perElement: 3, fixed: 0, transcendentalsPerElement: 1, fixedTranscendentals: 1 };

/** Cost of the p-th root of a sum of p-th powers. */
export const normCost = (context: OperatorContext): WindowCost => {
  const p = context.integer('p', 2);
  if (!(p >= 1)) context.fail(`p is ${p}, expected 1 or more`);
  if (p === 1) return SUM_OF_MAGNITUDES;
  return p === 2 ? EUCLIDEAN : OTHER_NORM;
};

/** "2 w - 1", of a window of w elements. */
const termText = (perElement: number, fixed: number): string => {
  if (perElement === 0) return String(fixed);
  const own = perElement === 1 ? 'w' : `${perElement} w`;
  if (fixed === 0) return own;
  return fixed > 0 ? `${own} + ${fixed}` : `${own} - ${-fixed}`;
};

const operationsText = ({ perElement, fixed }: WindowCost): string => termText(perElement, fixed);
const transcendentalsText = ({ transcendentalsPerElement, fixedTranscendentals }: WindowCost): string =>
  termText(transcendentalsPerElement, fixedTranscendentals);

const windowText = (cost: WindowCost): string => {
  const transcendentals = transcendentalsText(cost);
  const each = `${operationsText(cost)} per window of w`;
  return transcendentals === '0' ? each : `${each}, ${transcendentals} of them transcendental`;
};

const OTHER_NORMS = `p = 1: ${operationsText(SUM_OF_MAGNITUDES)}; other p: ${operationsText(OTHER_NORM)}, ${transcendentalsText(OTHER_NORM)}`;

/** For the table of operators. */
export const POOLING_TEXTS = {
  maximum: windowText(MAXIMUM),
  average: windowText(AVERAGE),
  norm: `${windowText(EUCLIDEAN)}; ${OTHER_NORMS}`,
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
  text: string,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape: POOLED, work: text, notes: IN_PADDING },
  class: 'pooling',
  fusion: 'window',
  inputRoles: ['activation'],
  infer,
  work: (context) =>
    windowWork(elementCount(context.output(0).shape), product(context.integers('kernel_shape')), cost(context)),
});

export const operators: readonly OperatorDefinition[] = [
  pooling('MaxPool', [1, 8, 10, 11, 12, 22], 'Maximum over a sliding window', maximumCost, POOLING_TEXTS.maximum),
  pooling('AveragePool', [1, 7, 10, 11, 19, 22], 'Mean over a sliding window', averageCost, POOLING_TEXTS.average),
  pooling('LpPool', [1, 2, 11, 18, 22], 'Norm of a sliding window', normCost, POOLING_TEXTS.norm),
];
