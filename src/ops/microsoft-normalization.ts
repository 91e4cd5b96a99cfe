/**
 * Normalizations with the sums around them. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (SimplifiedLayerNormalization,
 * SkipLayerNormalization, SkipSimplifiedLayerNormalization, EmbedLayerNormalization,
 * QEmbedLayerNormalization, GroupNorm, SkipGroupNorm, GatedRMSNorm, BranchwiseRMSNorm), one version. "Simplified" is without mean and
 * shift: the RMS normalization of the default domain, to which ONNX Runtime adds
 * SimplifiedLayerNormalization itself. Work is that of the sums, of the plain normalization and of
 * the activation.
 */
import { shareOf } from './attention-heads.ts';
import type { OperandRole, OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { contrib, isSet, reshapedTo, type WrittenOut, writtenOut } from './microsoft.ts';
import { scaledSilu } from './microsoft-activation.ts';
import { plain } from './plain.ts';
import type { PlainSteps } from './plain-steps.ts';
import { SAME_SHAPE } from './table-texts.ts';

const NORMALIZATION = { class: 'normalization', fusion: 'reduction' } as const;
const KERNELS = 'https://github.com/microsoft/onnxruntime/blob/main/docs/OperatorKernels.md';

const plus = (steps: PlainSteps, input: TensorType, addend: TensorType | undefined): TensorType =>
  addend === undefined ? input : steps.apply(plain('Add'), [input, addend]);

/** Mean and reciprocal deviation of each position. */
const statistics = ({ shape }: TensorType): TensorType => ({ shape: [...shape.slice(0, -1), 1], dtype: 'fp32' });

const normalized = (
  steps: PlainSteps,
  input: TensorType,
  scale: TensorType,
  shift: TensorType | undefined,
): TensorType => steps.apply(plain('LayerNormalization'), [input, scale, shift], { axis: -1 });

const rootMeanSquare = (steps: PlainSteps, input: TensorType, scale: TensorType): TensorType =>
  steps.apply(plain('RMSNormalization'), [input, scale], { axis: -1 });

const skip =
  (simplified: boolean): WrittenOut =>
  (context, steps) => {
    const sum = plus(steps, plus(steps, context.input(0), context.input(1)), context.optionalInput(simplified ? 3 : 4));
    const scale = context.input(2);
    const output = simplified
      ? rootMeanSquare(steps, sum, scale)
      : normalized(steps, sum, scale, context.optionalInput(3));
    const group = statistics(sum);
    return [reshapedTo(output.shape, context.input(0)), group, group, sum];
  };

/** Rows of tables, which in the quantized form are dequantized: a subtraction and a product per element. */
const embed =
  (quantized: boolean): WrittenOut =>
  (context, steps) => {
    const ids = context.input(0);
    const table = context.input(2);
    const [, width] = table.shape;
    const [batch, positions] = ids.shape;
    if (ids.shape.length !== 2 || batch === undefined || positions === undefined || width === undefined) {
      return context.fail('expected word ids with two axes and a table');
    }
    const real = (type: TensorType): TensorType => ({ shape: type.shape, dtype: quantized ? 'fp32' : type.dtype });
    const rows: TensorType = real(reshapedTo([batch, positions, width], table));
    const hasSegments = context.hasInput(4);
    if (quantized) steps.perElement(rows.shape, hasSegments ? 6 : 4);
    context.input(3);
    const positioned = plus(steps, rows, rows);
    const sum = plus(steps, positioned, hasSegments ? rows : undefined);
    const output = normalized(steps, sum, real(context.input(5)), real(context.input(6)));
    return [output, reshapedTo([batch], ids), sum];
  };

const EMBED_ROLES: readonly OperandRole[] = [
  ...(['activation', 'activation', 'weight', 'weight', 'weight', 'weight', 'weight', 'activation'] as const),
];

/** The group normalization of the default domain, whatever the place of the channels, and its activation. */
const grouped = (context: OperatorContext, steps: PlainSteps, input: TensorType): TensorType => {
  const { shape } = input;
  const last = isSet(context, 'channels_last', 1);
  const channelsFirst = last ? [...shape.slice(0, 1), ...shape.slice(-1), ...shape.slice(1, -1)] : shape;
  steps.apply(plain('GroupNormalization'), [reshapedTo(channelsFirst, input), context.input(1), context.input(2)], {
    num_groups: context.integer('groups'),
  });
  return isSet(context, 'activation') ? scaledSilu(steps, input, 1) : input;
};

const SUMMED = 'same as the input; mean and deviation per row; the sum';
const EMBEDDED = 'B×S ids to B×S×W; mask index B; the sum';
const MASK_INDEX = 'the mask index is not counted';

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'SimplifiedLayerNormalization',
    domain: '',
    since: [1],
    summary: 'RMS normalization under the name that ONNX Runtime adds to the default domain',
    table: { shape: 'same as the input; reciprocal deviation has 1 from axis on', work: 'as RMSNormalization' },
    specification: KERNELS,
    ...NORMALIZATION,
    inputRoles: ['activation', 'weight'],
    ...writtenOut('reduction', (context, steps) => {
      const input = context.input(0);
      const axis = context.integer('axis', -1);
      const output = steps.apply(plain('RMSNormalization'), [input, context.input(1)], { axis });
      const first = context.axis(axis, input.shape.length);
      return [output, { shape: input.shape.map((dim, index) => (index < first ? dim : 1)), dtype: 'fp32' }];
    }),
  },
  contrib(
    'SkipLayerNormalization',
    {
      ...NORMALIZATION,
      summary: 'Layer normalization of a sum with the residual',
      table: { shape: SUMMED, work: 'as Add of the residual and the bias, then LayerNormalization' },
      inputRoles: ['activation', 'activation', 'weight'],
    },
    skip(false),
  ),
  contrib(
    'SkipSimplifiedLayerNormalization',
    {
      ...NORMALIZATION,
      summary: 'RMS normalization of a sum with the residual',
      table: { shape: SUMMED, work: 'as Add of the residual and the bias, then RMSNormalization' },
      inputRoles: ['activation', 'activation', 'weight'],
    },
    skip(true),
  ),
  contrib(
    'EmbedLayerNormalization',
    {
      ...NORMALIZATION,
      summary: 'Looks up words, positions and segments, adds and normalizes them',
      table: { shape: EMBEDDED, work: 'as Add of position and segment, then LayerNormalization', notes: MASK_INDEX },
      inputRoles: [...EMBED_ROLES, 'activation'],
    },
    embed(false),
  ),
  contrib(
    'QEmbedLayerNormalization',
    {
      ...NORMALIZATION,
      summary: 'EmbedLayerNormalization with quantized tables',
      table: { shape: EMBEDDED, work: '2 per looked-up element, then as EmbedLayerNormalization', notes: MASK_INDEX },
      inputRoles: [...EMBED_ROLES, 'setting'],
    },
    embed(true),
  ),
  contrib(
    'GroupNorm',
    {
      ...NORMALIZATION,
      summary: 'Group normalization with an activation',
      table: { shape: SAME_SHAPE, work: 'as GroupNormalization, then SiLU where it is asked for' },
      inputRoles: ['activation', 'weight', 'weight'],
    },
    (context, steps) => [grouped(context, steps, context.input(0))],
  ),
  contrib(
    'SkipGroupNorm',
    {
      ...NORMALIZATION,
      summary: 'Group normalization of a sum with the residual, with an activation',
      table: {
        shape: 'same as the input; the sum too',
        work: '1 per element for the residual, 1 for the bias, then as GroupNorm',
      },
      inputRoles: ['activation', 'weight', 'weight', 'activation', 'weight'],
    },
    (context, steps) => {
      const input = context.input(0);
      // The residual may be one row per item: N x C against N x H x W x C.
      steps.perElement(input.shape, context.hasInput(4) ? 2 : 1);
      context.input(3);
      return [grouped(context, steps, reshapedTo(input.shape, input)), reshapedTo(input.shape, input)];
    },
  ),
  contrib(
    'GatedRMSNorm',
    {
      ...NORMALIZATION,
      summary: 'RMS normalization of each head times an activated gate',
      table: { shape: SAME_SHAPE, work: 'as RMSNormalization per head, SiLU or Sigmoid of the gate, Mul' },
      inputRoles: ['activation', 'weight', 'activation'],
    },
    (context, steps) => {
      const input = context.input(0);
      const gate = context.input(2);
      const scale = context.input(1);
      const width = scale.shape[0] ?? 1;
      const heads = shareOf(context, input.shape.at(-1) ?? 1, width, 'channels');
      rootMeanSquare(steps, reshapedTo([...input.shape.slice(0, -1), heads, width], input), scale);
      const activated =
        context.text('activation', 'silu') === 'sigmoid'
          ? steps.apply(plain('Sigmoid'), [gate])
          : scaledSilu(steps, gate, 1);
      return [steps.apply(plain('Mul'), [reshapedTo(input.shape, input), activated])];
    },
  ),
  contrib(
    'BranchwiseRMSNorm',
    {
      ...NORMALIZATION,
      summary: 'RMS normalization of each branch on its own',
      table: { shape: SAME_SHAPE, work: 'as RMSNormalization per branch' },
      inputRoles: ['activation', 'weight'],
    },
    (context, steps) => {
      const input = context.input(0);
      const branches = context.integer('num_branches', 0);
      const width = input.shape.at(-1) ?? 1;
      const split =
        branches > 0
          ? [...input.shape.slice(0, -1), branches, shareOf(context, width, branches, 'channels')]
          : input.shape;
      rootMeanSquare(steps, reshapedTo(split, input), reshapedTo([split.at(-1) ?? 1], input));
      return [reshapedTo(input.shape, input)];
    },
  ),
];
