/**
 * Conv. Spec: https://onnx.ai/onnx/operators/onnx__Conv.html, opsets 1, 11, 22.
 * Input (N, C, D1..Dn), weight (M, C / group, k1..kn), optional bias (M); output (N, M, O1..On).
 * Padding is not subtracted from the count: every output position costs a full window, as all
 * published counts have it.
 */
import type { Dim } from '../ir/graph.ts';
import { contractionWork } from './contraction.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import type { LoopNest } from './nest.ts';
import { type WindowGeometry, windowGeometry } from './window.ts';

interface ConvGeometry extends WindowGeometry {
  readonly groups: number;
  readonly channelsPerGroup: number;
  readonly outputChannels: number;
}

const geometry = (context: OperatorContext): ConvGeometry => {
  const { shape } = context.input(0);
  const weight = context
    .input(1)
    .shape.map((dim) => (typeof dim === 'number' ? dim : context.unknown('the weight has an open dimension')));
  const [outputChannels = 0, channelsPerGroup = 0, ...kernel] = weight;
  const groups = context.integer('group', 1);
  if (groups < 1) context.fail(`group is ${groups}, expected 1 or more`);
  if (shape.length !== weight.length || shape.length < 3) {
    context.fail(
      `an input of ${shape.length} axes and a weight of ${weight.length} do not fit: expected the same, 3 or more`,
    );
  }
  const channels = shape[1] as Dim;
  if (typeof channels === 'number' && channels !== channelsPerGroup * groups) {
    context.fail(`the input has ${channels} channels, the weight expects ${channelsPerGroup} x ${groups} groups`);
  }
  context.agree(channels, channelsPerGroup * groups, 'input channels');
  if (outputChannels % groups !== 0)
    context.fail(`${outputChannels} output channels do not divide into ${groups} groups`);
  return { ...windowGeometry(context, shape.slice(2), kernel), groups, channelsPerGroup, outputChannels };
};

const loopNest = (context: OperatorContext): LoopNest => {
  const { groups, channelsPerGroup, outputChannels, kernel, strides, dilations, outputExtents } = geometry(context);
  const output = (axis: number) => `O${axis}`;
  const tap = (axis: number) => `R${axis}`;
  const index = (dim: string) => [{ dim, step: 1 }];
  return {
    dims: [
      { name: 'N', extent: context.input(0).shape[0] ?? 1 },
      { name: 'G', extent: groups },
      { name: 'M', extent: outputChannels / groups },
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
    fusion: 'contraction',
    inputRoles: ['activation', 'weight', 'weight'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      const { outputChannels, outputExtents } = geometry(context);
      return [{ shape: [shape[0] ?? 1, outputChannels, ...outputExtents], dtype }];
    },
    work: (context) => contractionWork(context, loopNest(context), context.hasInput(2)),
  },
];
