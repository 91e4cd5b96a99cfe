/**
 * Normalization of each item over groups of its channels. Specs: https://onnx.ai/onnx/operators/ (InstanceNormalization:
 * opsets 1, 6, 22; GroupNormalization: 18, 21). Each channel is a group of its own, or there are `num_groups`, by which
 * the channels must divide. Scale and shift are learned per channel; GroupNormalization had them per group before 21.
 * Work as stated in normalization.ts, with scale and shift: 7 per element, 5 per group.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { standardization, standardizationText } from './normalization.ts';
import { SAME_SHAPE } from './table-texts.ts';

/** First opset of GroupNormalization with scales per channel. */
const SCALES_PER_CHANNEL = 21;

const AFFINE = { scale: true, shift: true };

const channelsOf = (context: OperatorContext): Dim => {
  const { shape } = context.input(0);
  return shape[1] ?? context.fail(`an input of ${shape.length} axes, expected items and channels`);
};

const groupsOf = (context: OperatorContext): number => {
  const groups = context.integer('num_groups');
  const channels = channelsOf(context);
  if (!Number.isInteger(groups) || groups < 1) context.fail(`num_groups is ${groups}, expected 1 or more`);
  if (typeof channels === 'number' && channels % groups !== 0) {
    context.fail(`${channels} channels do not divide into ${groups} groups`);
  }
  return groups;
};

const normalization = (
  type: string,
  since: readonly number[],
  summary: string,
  group: string,
  groups: (context: OperatorContext) => Dim,
  scales: (context: OperatorContext) => Dim,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape: SAME_SHAPE, work: standardizationText(group, AFFINE) },
  class: 'normalization',
  fusion: 'reduction',
  takesDense: true,
  inputRoles: ['activation', 'weight', 'weight'],
  infer: (context) => {
    const { shape, dtype } = context.input(0);
    groups(context);
    const expected = scales(context);
    context.agree(expected, context.input(1).shape[0] ?? 1, 'channels or groups and the length of the scale');
    context.agree(expected, context.input(2).shape[0] ?? 1, 'channels or groups and the length of the shift');
    return [{ shape, dtype }];
  },
  work: (context) => {
    const { shape } = context.input(0);
    const items = shape[0] as Dim;
    return standardization(elementCount(shape), multiply(items, groups(context)), AFFINE);
  },
});

export const operators: readonly OperatorDefinition[] = [
  normalization(
    'InstanceNormalization',
    [1, 6, 22],
    'Normalizes each channel of each item, then scales and shifts',
    'item and channel',
    channelsOf,
    channelsOf,
  ),
  normalization(
    'GroupNormalization',
    [18, 21],
    'Normalizes groups of channels of each item, then scales and shifts',
    'item and group',
    groupsOf,
    (context) => (context.opset < SCALES_PER_CHANNEL ? groupsOf(context) : channelsOf(context)),
  ),
];
