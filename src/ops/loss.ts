/**
 * Losses of classification. Specs: https://onnx.ai/onnx/operators/ (NegativeLogLikelihoodLoss: opsets 12, 13, 22;
 * SoftmaxCrossEntropyLoss: 12, 13). Per sample, which is one label: a negation of the element that the label picks, a
 * product with the weight of the class where there are weights, a comparison and a choice where a label is ignored.
 * Over w samples a sum takes w - 1 additions, and a mean one division more; with weights or an ignored label the mean
 * divides by the sum of the weights, which takes w - 1 additions too.
 * SoftmaxCrossEntropyLoss takes the logarithm of the softmax over the classes before: see softmax.ts.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, type Integer, multiply, subtract, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { countText } from './table-texts.ts';

/** As counted for LogSoftmax: 5 operations per element, one of them transcendental, and a logarithm per row. */
const LOG_SOFTMAX = { perElement: 5, perRow: 1 };

const LIKELIHOOD_TEXT = '1 per label, 1 more weighted, 2 ignoring; w - 1 to sum, 1 or w for the mean';
const LOG_SOFTMAX_TEXT = `${countText([LOG_SOFTMAX.perElement, 1], 'score')}; 1 log per label; then NegativeLogLikelihoodLoss`;

const reductionOf = (context: OperatorContext): 'none' | 'sum' | 'mean' => {
  const reduction = context.text('reduction', 'mean');
  if (reduction === 'none' || reduction === 'sum' || reduction === 'mean') return reduction;
  return context.fail(`reduction is "${reduction}", expected "none", "sum" or "mean"`);
};

const lossType = (context: OperatorContext): TensorType => {
  const { shape, dtype } = context.input(0);
  const labels = context.input(1).shape;
  if (shape.length < 2) context.fail(`scores of ${shape.length} axes, expected 2 or more`);
  if (labels.length !== shape.length - 1) {
    context.fail(`labels of ${labels.length} axes beside scores of ${shape.length}, expected ${shape.length - 1}`);
  }
  const samples = [...shape.slice(0, 1), ...shape.slice(2)];
  const agreed = labels.map((dim, axis) => context.agree(samples[axis] as Dim, dim, 'extents of scores and labels'));
  const weight = context.optionalInput(2);
  if (weight !== undefined) context.agree(shape[1] as Dim, weight.shape[0] ?? 1, 'classes and their weights');
  return { shape: reductionOf(context) === 'none' ? agreed : [], dtype };
};

interface Counts {
  readonly flops: Integer;
  readonly transcendentals: Integer;
}

const likelihood = (context: OperatorContext): Counts => {
  const samples = elementCount(context.input(1).shape);
  const isWeighted = context.hasInput(2);
  const isIgnoring = context.attribute('ignore_index') !== undefined;
  const each = multiply(samples, 1 + (isWeighted ? 1 : 0) + (isIgnoring ? 2 : 0));
  const reduction = reductionOf(context);
  if (reduction === 'none') return { flops: each, transcendentals: 0 };
  const additions = subtract(samples, 1);
  if (reduction === 'sum') return { flops: add(each, additions), transcendentals: 0 };
  const sums = multiply(additions, isWeighted || isIgnoring ? 2 : 1);
  return { flops: sum([each, sums, 1]), transcendentals: 1 };
};

const logSoftmax = (context: OperatorContext): Counts => {
  const elements = elementCount(context.input(0).shape);
  const rows = elementCount(context.input(1).shape);
  return {
    flops: add(multiply(elements, LOG_SOFTMAX.perElement), multiply(rows, LOG_SOFTMAX.perRow)),
    transcendentals: add(elements, rows),
  };
};

const loss = (
  type: string,
  since: readonly number[],
  summary: string,
  text: string,
  steps: readonly ((context: OperatorContext) => Counts)[],
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape: 'a scalar, or with reduction none as the labels', work: text },
  class: 'other',
  fusion: 'reduction',
  inputRoles: ['activation', 'setting', 'setting'],
  infer: (context) => {
    const { shape, dtype } = context.input(0);
    return [lossType(context), { shape, dtype }].slice(0, context.node.outputs.length);
  },
  work: (context) => {
    const counts = steps.map((step) => step(context));
    return {
      macs: 0,
      flops: sum(counts.map(({ flops }) => flops)),
      transcendentals: sum(counts.map(({ transcendentals }) => transcendentals)),
      treatment: { kind: 'costed' },
    };
  },
});

export const operators: readonly OperatorDefinition[] = [
  loss('NegativeLogLikelihoodLoss', [12, 13, 22], 'Minus the log-probability of the right class', LIKELIHOOD_TEXT, [
    likelihood,
  ]),
  loss('SoftmaxCrossEntropyLoss', [12, 13], 'Minus the logarithm of the softmax at the right class', LOG_SOFTMAX_TEXT, [
    logSoftmax,
    likelihood,
  ]),
];
