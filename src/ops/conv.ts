/**
 * Conv. Spec: https://onnx.ai/onnx/operators/onnx__Conv.html, opsets 1, 11, 22.
 * Input (N, C, D1..Dn), weight (M, C / group, k1..kn), optional bias (M); output (N, M, O1..On).
 * Padding is not subtracted from the count: every output position costs a full window, as all
 * published counts have it. The weight may be computed by the model; where its window is open,
 * `kernel_shape` has to say it.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { divideExactly, type Integer, multiply, product } from '../units/integer.ts';
import { contractionWork } from './contraction.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import type { LoopNest } from './nest.ts';
import { CONVOLVED, IN_PADDING } from './table-texts.ts';
import { type WindowGeometry, windowGeometry } from './window.ts';

/** Where an operator that convolves has its operands. */
export interface ConvOperands {
  readonly input: number;
  readonly weight: number;
  readonly bias?: number;
}

export interface ConvGeometry extends WindowGeometry {
  readonly batch: Dim;
  readonly groups: number;
  readonly channelsPerGroup: Dim;
  readonly outputChannels: Dim;
  readonly outputsPerGroup: Integer;
}

const PLAIN: ConvOperands = { input: 0, weight: 1, bias: 2 };

/** The window of a convolution: what the weight and `kernel_shape` say, which must not differ. */
export const kernelExtents = (context: OperatorContext, weight: Shape): readonly number[] => {
  const own = weight.slice(2);
  const stated = context.integers('kernel_shape', []);
  if (stated.length > 0 && stated.length !== own.length) {
    context.fail(`kernel_shape [${stated.join(', ')}] does not fit a weight of ${own.length} spatial axes`);
  }
  return own.map((dim, axis) => {
    const extent = stated.length > 0 ? context.agree(dim, stated[axis] as number, `kernel_shape, axis ${axis}`) : dim;
    return typeof extent === 'number' ? extent : context.unknown('the window depends on an open dimension');
  });
};

/** `group`, and `shape` and `weight` held to have the same axes, at least one of them spatial. */
export const convGroups = (context: OperatorContext, shape: Shape, weight: Shape): number => {
  const groups = context.integer('group', 1);
  if (groups < 1) context.fail(`group is ${groups}, expected 1 or more`);
  if (shape.length !== weight.length || shape.length < 3) {
    const given = `an input of ${shape.length} axes and a weight of ${weight.length}`;
    context.fail(`${given} do not fit: expected the same, 3 or more`);
  }
  return groups;
};

export const checkConvBias = (context: OperatorContext, index: number | undefined, channels: Dim): void => {
  const bias = index === undefined ? undefined : context.optionalInput(index);
  if (bias === undefined) return;
  if (bias.shape.length !== 1) context.fail(`a bias of shape ${formatShape(bias.shape)}: expected one axis`);
  context.agree(bias.shape[0] as Dim, channels, 'bias and output channels');
};

/** Inference and the count of work ask for the same of every node. */
const known = new WeakMap<OperatorContext, ConvGeometry>();

export const convGeometry = (context: OperatorContext, operands: ConvOperands = PLAIN): ConvGeometry => {
  const made = operands === PLAIN ? known.get(context) : undefined;
  if (made !== undefined) return made;
  const geometry = newGeometry(context, operands);
  if (operands === PLAIN) known.set(context, geometry);
  return geometry;
};

const newGeometry = (context: OperatorContext, operands: ConvOperands): ConvGeometry => {
  const { shape } = context.input(operands.input);
  const weight = context.input(operands.weight).shape;
  const groups = convGroups(context, shape, weight);
  const [outputChannels = 1, channelsPerGroup = 1] = weight;
  const [batch = 1, channels = 1] = shape;
  const expected = multiply(channelsPerGroup, groups);
  if (typeof channels === 'number' && typeof expected === 'number' && channels !== expected) {
    context.fail(`the input has ${channels} channels, the weight expects ${channelsPerGroup} x ${groups} groups`);
  }
  context.agree(channels, expected, 'input channels');
  const outputsPerGroup =
    divideExactly(outputChannels, groups) ??
    (typeof outputChannels === 'number'
      ? context.fail(`${outputChannels} output channels do not divide into ${groups} groups`)
      : context.unknown('how the output channels divide into groups depends on an open dimension'));
  checkConvBias(context, operands.bias, outputChannels);
  const window = windowGeometry(context, shape.slice(2), kernelExtents(context, weight));
  return { ...window, batch, groups, channelsPerGroup, outputChannels, outputsPerGroup };
};

export const convShape = ({ batch, outputChannels, outputExtents }: ConvGeometry): Shape => [
  batch,
  outputChannels,
  ...outputExtents,
];

export const convNest = (geometry: ConvGeometry): LoopNest => {
  const { batch, groups, channelsPerGroup, outputsPerGroup, kernel, strides, dilations, outputExtents } = geometry;
  const output = (axis: number) => `O${axis}`;
  const tap = (axis: number) => `R${axis}`;
  const index = (dim: string) => [{ dim, step: 1 }];
  return {
    dims: [
      { name: 'N', extent: batch },
      { name: 'G', extent: groups },
      { name: 'M', extent: outputsPerGroup },
      { name: 'C', extent: channelsPerGroup },
      ...outputExtents.map((extent, axis) => ({ name: output(axis), extent })),
      ...kernel.map((extent, axis) => ({ name: tap(axis), extent })),
    ],
    input: [
      index('N'),
      index('G'),
      index('C'),
      ...strides.map((step, axis) => [
        { dim: output(axis), step },
        { dim: tap(axis), step: dilations[axis] as number },
      ]),
    ],
    weight: [index('G'), index('M'), index('C'), ...kernel.map((_, axis) => index(tap(axis)))],
    output: [index('N'), index('G'), index('M'), ...outputExtents.map((_, axis) => index(output(axis)))],
  };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Conv',
    domain: '',
    since: [1, 11, 22],
    summary: 'Convolution over any number of spatial axes, with groups and dilation',
    specification: 'https://onnx.ai/onnx/operators/onnx__Conv.html',
    table: { shape: CONVOLVED, work: 'MACs: outputs × C/g × window; 1 per output with bias', notes: IN_PADDING },
    fusion: 'contraction',
    inputRoles: ['activation', 'weight', 'weight'],
    infer: (context) => [{ shape: convShape(convGeometry(context)), dtype: context.input(0).dtype }],
    work: (context) => {
      const geometry = convGeometry(context);
      const work = contractionWork(context, convNest(geometry), context.hasInput(2));
      const { batch, groups, channelsPerGroup, unevenlyPadded } = geometry;
      if (unevenlyPadded === undefined) return work;
      return { ...work, unevenlyPadded: product([batch, groups, channelsPerGroup, ...unevenlyPadded]) };
    },
  },
];
