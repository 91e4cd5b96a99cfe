/**
 * BatchNormalization. Spec: https://onnx.ai/onnx/operators/onnx__BatchNormalization.html, opsets 1, 6, 7, 9, 14, 15.
 * At inference, with the statistics fixed, it is one multiply and one add per element; the per-channel scale and shift
 * are constants computed when the model is loaded. In training (`training_mode` since opset 14; before, `is_test` = 0 or
 * further outputs) the statistics are those of the batch, and the running ones are moved towards them: two products and
 * an addition for each of both. Up to opset 7 `spatial` = 0 has a channel for every place of an item.
 * Known gap: a node in training mode is folded by runtime models as one at inference is.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, multiply } from '../units/integer.ts';
import { isSequence, type OperatorContext, type OperatorDefinition, type TensorType } from './definition.ts';
import { standardization, standardizationText } from './normalization.ts';

const FLOPS_PER_ELEMENT = 2;
const FLOPS_PER_RUNNING_STATISTIC = 3;
const AFFINE = { scale: true, shift: true };
const OPERANDS = ['scale', 'shift', 'mean', 'variance'];
/** First opset with `training_mode`. */
const STATED_MODE = 14;
/** Last opset with `spatial`. */
const SPATIAL_CHOICE = 8;

const channelsOf = (context: OperatorContext): readonly Dim[] => {
  const { shape } = context.input(0);
  if (context.opset <= SPATIAL_CHOICE && context.integer('spatial', 1) === 0) return shape.slice(1);
  // A tensor of one axis has one channel.
  return [shape[1] ?? 1];
};

const isTraining = (context: OperatorContext): boolean =>
  context.opset >= STATED_MODE ? context.integer('training_mode', 0) === 1 : context.hasOutput(1);

const infer = (context: OperatorContext): readonly TensorType[] => {
  const { shape, dtype } = context.input(0);
  const channels = channelsOf(context);
  OPERANDS.forEach((name, index) => {
    if (!context.hasInput(index + 1)) context.input(index + 1);
    const operand = context.anyInput(index + 1);
    if (operand === undefined || isSequence(operand)) return;
    const what = `channels of the input and of the ${name}`;
    if (operand.shape.length === channels.length) {
      channels.forEach((dim, axis) => {
        context.agree(dim, operand.shape[axis] as Dim, what);
      });
    } else context.agree(elementCount(channels), elementCount(operand.shape), what);
  });
  const running = context.anyInput(3);
  const statistics = { shape: channels, dtype: running === undefined || isSequence(running) ? dtype : running.dtype };
  return [{ shape, dtype }, ...Array.from({ length: 4 }, () => statistics)].slice(0, context.node.outputs.length);
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'BatchNormalization',
    domain: '',
    since: [1, 6, 7, 9, 14, 15],
    summary: 'Per-channel scale and shift by fixed statistics',
    specification: 'https://onnx.ai/onnx/operators/onnx__BatchNormalization.html',
    table: {
      shape: 'same as the input; in training also the running statistics',
      work: `${FLOPS_PER_ELEMENT} per element; training: ${standardizationText('channel', AFFINE)}, ${2 * FLOPS_PER_RUNNING_STATISTIC} more`,
      notes: 'in training mode too it is folded into the convolution before it',
    },
    class: 'normalization',
    fusion: 'pointwise',
    foldable: true,
    inPlace: true,
    inputRoles: ['activation', 'weight', 'weight', 'statistic', 'statistic'],
    infer,
    work: (context) => {
      const elements = elementCount(context.output(0).shape);
      if (isTraining(context)) {
        const channels = elementCount(channelsOf(context));
        const work = standardization(elements, channels, AFFINE);
        return { ...work, flops: add(work.flops, multiply(channels, 2 * FLOPS_PER_RUNNING_STATISTIC)) };
      }
      const flops = multiply(elements, FLOPS_PER_ELEMENT);
      return {
        macs: 0,
        flops,
        transcendentals: 0,
        // fvcore: 2 per element for a BatchNorm in eval mode with scale and shift.
        fvcoreCount: flops,
        treatment: { kind: 'costed' },
      };
    },
  },
];
