/**
 * Operators that ONNX Runtime rewrites for the layout of a device, as they stand in optimized models.
 * Channels last: NhwcConv, NhwcFusedConv, NhwcMaxPool of `com.microsoft`, and the domain
 * `com.ms.internal.nhwc`, which repeats operators of the default domain with their opsets. Only
 * activations change layout; weights stay as they were.
 * Blocks of channels: the domain `com.microsoft.nchwc`, whose tensors keep the axes of the plain
 * layout with the channels rounded up to a block (8 or 16, by the processor): an extent that the
 * file tells through the weights. What is computed on the padding is counted, because it is computed.
 * Specs: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorTexts, TensorType } from './definition.ts';
import { contrib, isSet, reshapedTo, type WrittenOut, writtenOut } from './microsoft.ts';
import { fusedActivation, fusedConv } from './microsoft-fused.ts';
import { plain } from './plain.ts';
import { MOVES_DATA } from './table-texts.ts';

/** These domains are in no list of documented operators. */
const INTERNAL_SCHEMAS = 'https://github.com/microsoft/onnxruntime/tree/main/onnxruntime/core/graph/contrib_ops';

/** Batch, channels, the rest: from batch, the rest, channels. */
export const channelsFirst = (type: TensorType): TensorType => {
  const { shape } = type;
  return reshapedTo([...shape.slice(0, 1), ...shape.slice(-1), ...shape.slice(1, -1)], type);
};

export const channelsLast = (type: TensorType): TensorType => {
  const { shape } = type;
  return reshapedTo([...shape.slice(0, 1), ...shape.slice(2), ...shape.slice(1, 2)], type);
};

const spatial = (context: OperatorContext, index: number): TensorType => {
  const type = context.input(index);
  if (type.shape.length < 3) context.fail(`input ${index} has ${type.shape.length} axes, expected 3 or more`);
  return type;
};

/** The work of the plain operator in another layout. */
const laidOutTexts = (type: string, layout: string): OperatorTexts => {
  const { work = `as ${type}`, notes } = plain(type).table;
  return { shape: `as ${type}, ${layout}`, work, ...(notes !== undefined && { notes }) };
};

const CHANNELS_LAST = 'channels last';
const BLOCKS = 'in blocks of channels';
/** Of a convolution with all that is fused to it. */
const FUSED = 'as Conv, then Add of the addend, then its activation';
const UNKNOWN_ACTIVATION = 'an activation that is not known is not counted';
const ON_PADDING = 'what is computed on channels that pad a block counts';

const nhwcConv: WrittenOut = (context, steps) => {
  const addend = context.optionalInput(3);
  const input = channelsFirst(spatial(context, 0));
  return [channelsLast(fusedConv(context, steps, input, addend && channelsFirst(addend)))];
};

type Facts = Pick<OperatorDefinition, 'class' | 'fusion' | 'factors' | 'inputRoles'>;

/** The operator of the default domain of the same name, between operands with the channels last. */
const nhwc = (
  type: string,
  since: readonly number[],
  facts: Facts,
  laidOut: readonly number[] = [0],
  outputIsLaidOut = true,
): OperatorDefinition => ({
  type,
  domain: 'com.ms.internal.nhwc',
  since,
  summary: `${type} with the channels last`,
  table: laidOutTexts(type, outputIsLaidOut ? CHANNELS_LAST : 'in the order of the axes'),
  specification: INTERNAL_SCHEMAS,
  ...facts,
  ...writtenOut(facts.fusion, (context, steps) => {
    const operands = context.node.inputs.map((_, index) => {
      if (laidOut.includes(index)) return channelsFirst(spatial(context, index));
      return context.optionalInput(index);
    });
    const { attributes, outputs } = context.node;
    const results = steps.outputs(plain(type), operands.length > 0 ? operands : [context.input(0)], {
      attributes,
      opset: context.opset,
      outputs: outputs.length,
    });
    const [first, ...rest] = results;
    const output = first === undefined ? undefined : fusedActivation(context, steps, first);
    return [output, ...rest].map((result) => (outputIsLaidOut ? result && channelsLast(result) : result));
  }),
});

const nchwc = (
  type: string,
  facts: Omit<OperatorDefinition, 'type' | 'domain' | 'since' | 'specification' | 'infer' | 'work'>,
  run: WrittenOut,
): OperatorDefinition => ({
  type,
  domain: 'com.microsoft.nchwc',
  since: [1],
  specification: INTERNAL_SCHEMAS,
  ...facts,
  ...writtenOut(facts.fusion, run),
});

const blockedPool = (type: string, facts: Facts): OperatorDefinition =>
  nchwc(
    type,
    { ...facts, summary: `${type} on blocks of channels`, table: { ...laidOutTexts(type, BLOCKS), notes: ON_PADDING } },
    (context, steps) => [steps.apply(plain(type), [context.input(0)], context.node.attributes)],
  );

const WINDOW: Facts = { class: 'pooling', fusion: 'window', inputRoles: ['activation'] };
const GLOBAL: Facts = { class: 'pooling', fusion: 'reduction', inputRoles: ['activation'] };
const CONTRACTION: Facts = { fusion: 'contraction', inputRoles: ['activation', 'weight', 'weight'] };
const NORMALIZATION: Facts = {
  class: 'normalization',
  fusion: 'reduction',
  inputRoles: ['activation', 'weight', 'weight', 'statistic', 'statistic'],
};
const LAYOUT: Facts = { class: 'data-movement', fusion: 'layout', inputRoles: ['activation'] };

/** The largest block of channels that any processor has; a multiple of it needs no rounding. */
const LARGEST_BLOCK = 16;

const roundedChannels = (context: OperatorContext, channels: Dim): Dim =>
  typeof channels === 'number' && channels % LARGEST_BLOCK === 0 ? channels : context.dataDependent('channels');

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'NhwcConv',
    {
      summary: 'Convolution with the channels last',
      table: { shape: `as Conv, ${CHANNELS_LAST}`, work: FUSED, notes: UNKNOWN_ACTIVATION },
      fusion: 'contraction',
      inputRoles: ['activation', 'weight', 'weight'],
    },
    nhwcConv,
  ),
  contrib(
    'NhwcFusedConv',
    {
      summary: 'Convolution with the channels last, a bias, an addend and an activation',
      table: { shape: `as Conv, ${CHANNELS_LAST}`, work: FUSED, notes: UNKNOWN_ACTIVATION },
      fusion: 'contraction',
      inputRoles: ['activation', 'weight', 'weight', 'activation'],
    },
    nhwcConv,
  ),
  contrib(
    'NhwcMaxPool',
    {
      class: 'pooling',
      fusion: 'window',
      summary: 'MaxPool with the channels last',
      table: laidOutTexts('MaxPool', CHANNELS_LAST),
      inputRoles: ['activation'],
    },
    (context, steps) => {
      const input = channelsFirst(spatial(context, 0));
      return [channelsLast(steps.apply(plain('MaxPool'), [input], context.node.attributes))];
    },
  ),
  nhwc('AveragePool', [7, 10, 11, 19], WINDOW),
  nhwc('BatchNormalization', [7, 9, 14, 15], { ...NORMALIZATION, fusion: 'pointwise' }),
  nhwc('Conv', [1, 11], CONTRACTION),
  nhwc('ConvTranspose', [1, 11], { ...CONTRACTION, class: 'transposed-conv' }),
  nhwc('DepthToSpace', [1, 11, 13, 28], LAYOUT),
  nhwc('GlobalAveragePool', [1], GLOBAL),
  nhwc('GlobalLpPool', [2], GLOBAL),
  nhwc('GlobalMaxPool', [1], GLOBAL),
  nhwc('GridSample', [16, 20], { class: 'other', fusion: 'window', inputRoles: ['activation', 'activation'] }),
  nhwc('InstanceNormalization', [6], NORMALIZATION),
  nhwc('LRN', [1, 13], NORMALIZATION),
  nhwc('LpPool', [11, 18], WINDOW),
  nhwc('MaxPool', [1, 8, 10, 11, 12], WINDOW),
  nhwc('MaxUnpool', [9, 11], { ...WINDOW, inputRoles: ['activation', 'activation', 'setting'] }, [0, 1]),
  nhwc('QLinearConv', [10], {
    fusion: 'contraction',
    factors: [0, 3],
    inputRoles: [
      ...(['activation', 'setting', 'setting', 'weight', 'setting', 'setting', 'setting', 'setting'] as const),
      'weight',
    ],
  }),
  // Sizes and scales come in the order of the axes as they are.
  nhwc(
    'Resize',
    [11, 13, 18, 19],
    { class: 'other', fusion: 'window', inputRoles: ['activation', 'setting'] },
    [],
    false,
  ),
  nhwc('SpaceToDepth', [1, 13, 28], LAYOUT),
  nchwc(
    'Conv',
    {
      summary: 'Convolution on blocks of channels with a bias, an addend and an activation',
      table: { shape: `as Conv, ${BLOCKS}`, work: FUSED, notes: ON_PADDING },
      fusion: 'contraction',
      inputRoles: ['activation', 'weight', 'weight', 'activation'],
    },
    (context, steps) => [fusedConv(context, steps, context.input(0), context.optionalInput(3))],
  ),
  blockedPool('MaxPool', WINDOW),
  blockedPool('AveragePool', WINDOW),
  blockedPool('GlobalMaxPool', GLOBAL),
  blockedPool('GlobalAveragePool', GLOBAL),
  nchwc(
    'ReorderInput',
    {
      ...LAYOUT,
      summary: 'Into blocks of channels',
      table: {
        shape: 'N×C×D..., C rounded up to a block',
        work: MOVES_DATA,
        notes: 'C is open unless a multiple of 16: the block is up to the processor',
      },
    },
    (context) => {
      const input = isSet(context, 'channels_last') ? channelsFirst(spatial(context, 0)) : spatial(context, 0);
      const { shape } = input;
      return [reshapedTo([shape[0] as Dim, roundedChannels(context, shape[1] as Dim), ...shape.slice(2)], input)];
    },
  ),
  nchwc(
    'ReorderOutput',
    {
      ...LAYOUT,
      summary: 'Out of blocks of channels',
      table: { shape: 'N×channels×D..., or channels last', work: MOVES_DATA },
    },
    (context) => {
      const input = spatial(context, 0);
      const shape: Shape = [input.shape[0] as Dim, context.integer('channels'), ...input.shape.slice(2)];
      const output = reshapedTo(shape, input);
      return [isSet(context, 'channels_last') ? channelsLast(output) : output];
    },
  ),
  nchwc(
    'Upsample',
    {
      class: 'other',
      fusion: 'window',
      summary: 'Nearest or linear enlargement on blocks of channels',
      table: { shape: 'every extent times its scale', work: 'as Resize', notes: ON_PADDING },
      inputRoles: ['activation'],
    },
    (context, steps) => {
      const input = context.input(0);
      const scales = context.integers('scales', []);
      const mode = context.text('mode', 'nearest');
      const values = input.shape.map((dim, axis) => multiply(dim, scales[axis] ?? 1));
      const sizes: TensorType = { shape: [values.length], dtype: 'int64', values };
      const coordinates = context.text('coordinate_transformation_mode', 'half_pixel');
      return [
        steps.apply(plain('Resize'), [input, undefined, undefined, sizes], {
          mode,
          coordinate_transformation_mode: coordinates,
        }),
      ];
    },
  ),
];
