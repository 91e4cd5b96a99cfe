/**
 * Pooling over all spatial positions. Specs: https://onnx.ai/onnx/operators/ (GlobalAveragePool, GlobalMaxPool: opsets 1,
 * 22; GlobalLpPool: 1, 2, 22). Every channel is one window: see pooling.ts for what it costs.
 */
import { elementCount } from '../ir/shape.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';
import { maximumCost, normCost, POOLING_TEXTS, type WindowCost, windowWork } from './pooling.ts';

const poolingWork = (context: OperatorContext, cost: WindowCost): OperatorWork =>
  windowWork(elementCount(context.output(0).shape), elementCount(context.input(0).shape.slice(2)), cost);

const average = (context: OperatorContext): OperatorWork => {
  const inputs = elementCount(context.input(0).shape);
  return {
    macs: 0,
    flops: inputs,
    transcendentals: elementCount(context.output(0).shape),
    // fvcore: adaptive average pooling counts 1 per input element.
    fvcoreCount: inputs,
    treatment: { kind: 'costed' },
  };
};

const pooling = (
  type: string,
  since: readonly number[],
  summary: string,
  text: string,
  work: OperatorDefinition['work'],
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape: 'N×C×D... to N×C×1...', work: text },
  class: 'pooling',
  fusion: 'reduction',
  inputRoles: ['activation'],
  infer: (context) => {
    const { shape, dtype } = context.input(0);
    if (shape.length < 2) context.fail(`an input of ${shape.length} axes, expected items and channels`);
    return [{ shape: [...shape.slice(0, 2), ...shape.slice(2).map(() => 1)], dtype }];
  },
  work,
});

export const operators: readonly OperatorDefinition[] = [
  pooling('GlobalAveragePool', [1, 22], 'Mean over all spatial positions', POOLING_TEXTS.average, average),
  pooling('GlobalMaxPool', [1, 22], 'Maximum over all spatial positions', POOLING_TEXTS.maximum, (context) =>
    poolingWork(context, maximumCost()),
  ),
  pooling('GlobalLpPool', [1, 2, 22], 'Norm of all spatial positions', POOLING_TEXTS.norm, (context) =>
    poolingWork(context, normCost(context)),
  ),
];
