/**
 * ConvTranspose. Spec: https://onnx.ai/onnx/operators/onnx__ConvTranspose.html, opsets 1, 11, 22.
 * Input (N, C, D1..Dn), weight (C, M / group, k1..kn), optional bias (M). Every input position is
 * multiplied by a full window, so the count goes by input positions; what `pads` crops is computed
 * and thrown away. Output extent: stride x (input - 1) + output_padding + reach - pads, or what
 * `output_shape` says (with or without batch and channels), or input x stride with auto_pad SAME.
 */
import type { Dim } from '../ir/graph.ts';
import { add, multiply, subtract } from '../units/integer.ts';
import { contractionWork } from './contraction.ts';
import { checkConvBias, convGroups, kernelExtents } from './conv.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import type { LoopNest } from './nest.ts';

interface TransposedGeometry {
  readonly batch: Dim;
  readonly groups: number;
  readonly channelsPerGroup: Dim;
  readonly outputsPerGroup: Dim;
  readonly inputExtents: readonly Dim[];
  readonly outputExtents: readonly Dim[];
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
}

const perAxis = (context: OperatorContext, name: string, count: number, fallback: number, least: number) => {
  const list = context.integers(
    name,
    Array.from({ length: count }, () => fallback),
  );
  if (list.length !== count) context.fail(`${name} [${list.join(', ')}]: expected ${count} numbers`);
  if (list.some((value) => !(value >= least))) context.fail(`${name} [${list.join(', ')}]: expected ${least} or more`);
  return list;
};

const geometry = (context: OperatorContext): TransposedGeometry => {
  const { shape } = context.input(0);
  const weight = context.input(1).shape;
  const groups = convGroups(context, shape, weight);
  const [batch = 1, channels = 1, ...inputExtents] = shape;
  const [weightChannels = 1, outputsPerGroup = 1] = weight;
  const agreed = context.agree(channels, weightChannels, 'channels of the input and of the weight');
  if (typeof agreed === 'number' && agreed % groups !== 0) {
    context.fail(`${agreed} input channels do not divide into ${groups} groups`);
  }
  if (typeof agreed !== 'number' && groups !== 1) context.unknown('how the channels divide into groups is open');
  checkConvBias(context, 2, multiply(outputsPerGroup, groups));
  const kernel = kernelExtents(context, weight);
  const rank = kernel.length;
  const strides = perAxis(context, 'strides', rank, 1, 1);
  const dilations = perAxis(context, 'dilations', rank, 1, 1);
  const pads = perAxis(context, 'pads', 2 * rank, 0, 0);
  const extra = perAxis(context, 'output_padding', rank, 0, 0);
  if (kernel.some((extent) => extent < 1)) context.fail(`kernel_shape [${kernel.join(', ')}]: expected 1 or more`);
  const autoPad = context.text('auto_pad', 'NOTSET');
  const stated = context.integers('output_shape', []).slice(-rank);
  if (stated.length !== 0 && stated.length !== rank) context.fail(`output_shape does not fit ${rank} spatial axes`);
  const outputExtents = inputExtents.map((extent, axis): Dim => {
    if (stated.length > 0) return stated[axis] as number;
    const stride = strides[axis] as number;
    if (autoPad.startsWith('SAME')) return multiply(extent, stride);
    const reach = (dilations[axis] as number) * ((kernel[axis] as number) - 1) + 1;
    const cropped = autoPad === 'VALID' ? 0 : (pads[axis] as number) + (pads[axis + rank] as number);
    return add(multiply(subtract(extent, 1), stride), (extra[axis] as number) + reach - cropped);
  });
  outputExtents.forEach((extent, axis) => {
    if (typeof extent === 'number' && extent < 1) {
      context.fail(`the output of spatial axis ${axis} would have ${extent} positions, expected 1 or more`);
    }
  });
  const channelsPerGroup = typeof agreed === 'number' ? agreed / groups : agreed;
  return {
    ...{ batch, groups, channelsPerGroup, outputsPerGroup },
    ...{ inputExtents, outputExtents, kernel, strides, dilations },
  };
};

/** The window slides over the output: output position = stride x input position + dilation x tap. */
const loopNest = (context: OperatorContext): LoopNest => {
  const { batch, groups, channelsPerGroup, outputsPerGroup, inputExtents, kernel, strides, dilations } =
    geometry(context);
  const position = (axis: number) => `I${axis}`;
  const tap = (axis: number) => `R${axis}`;
  const index = (dim: string) => [{ dim, step: 1 }];
  return {
    dims: [
      { name: 'N', extent: batch },
      { name: 'G', extent: groups },
      { name: 'M', extent: outputsPerGroup },
      { name: 'C', extent: channelsPerGroup },
      ...inputExtents.map((extent, axis) => ({ name: position(axis), extent })),
      ...kernel.map((extent, axis) => ({ name: tap(axis), extent })),
    ],
    input: [index('N'), index('G'), index('C'), ...inputExtents.map((_, axis) => index(position(axis)))],
    weight: [index('G'), index('C'), index('M'), ...kernel.map((_, axis) => index(tap(axis)))],
    output: [
      index('N'),
      index('G'),
      index('M'),
      ...strides.map((step, axis) => [
        { dim: position(axis), step },
        { dim: tap(axis), step: dilations[axis] as number },
      ]),
    ],
  };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'ConvTranspose',
    domain: '',
    since: [1, 11, 22],
    summary: 'Transposed convolution: every input position spreads a window over the output',
    specification: 'https://onnx.ai/onnx/operators/onnx__ConvTranspose.html',
    table: {
      shape: 'N×C×D... by C×M/g×k... to N×M×O...',
      work: 'MACs: inputs × M/g × window; 1 per output with bias',
      notes: 'what pads crop off is counted',
    },
    class: 'transposed-conv',
    fusion: 'contraction',
    inputRoles: ['activation', 'weight', 'weight'],
    infer: (context) => {
      const { batch, groups, outputsPerGroup, outputExtents } = geometry(context);
      return [{ shape: [batch, multiply(outputsPerGroup, groups), ...outputExtents], dtype: context.input(0).dtype }];
    },
    work: (context) => contractionWork(context, loopNest(context), context.hasInput(2)),
  },
];
