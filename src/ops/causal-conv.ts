/**
 * CausalConvWithState. Spec: https://onnx.ai/onnx/operators/onnx__CausalConvWithState.html, opset 27.
 * Depthwise convolution of (N, C, L) by (C, 1, k) over present and past positions only; the last
 * k - 1 positions are handed on. As with Conv, positions before the beginning cost as others do.
 * `activation` silu adds what Swish costs: 5 operations per output, two of them transcendental.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, multiply } from '../units/integer.ts';
import { contractionWork } from './contraction.ts';
import { checkConvBias, convNest } from './conv.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';

const SWISH_FLOPS = 5;
const SWISH_TRANSCENDENTALS = 2;

const extents = (context: OperatorContext) => {
  const { shape } = context.input(0);
  const weight = context.input(1).shape;
  if (shape.length !== 3 || weight.length !== 3) context.fail('input and weight must have three axes');
  const [batch, given, length] = shape as readonly [Dim, Dim, Dim];
  const [filters, one, kernel] = weight as readonly [Dim, Dim, Dim];
  context.agree(one, 1, 'the middle extent of the weight');
  const channels = context.agree(given, filters, 'channels of the input and of the weight');
  if (typeof kernel !== 'number') return context.unknown('the window depends on an open dimension');
  if (kernel < 1) context.fail(`a window of ${kernel}: expected 1 or more`);
  checkConvBias(context, 2, channels);
  const past = context.optionalInput(3)?.shape;
  if (past !== undefined) {
    if (past.length !== 3) context.fail('past_state must have three axes');
    context.agree(past[2] as Dim, kernel - 1, 'positions of past_state and the window less one');
  }
  return { batch, channels, length, kernel };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'CausalConvWithState',
    domain: '',
    since: [27],
    summary: 'Depthwise convolution over past positions, which hands on the last ones',
    specification: 'https://onnx.ai/onnx/operators/onnx__CausalConvWithState.html',
    table: {
      shape: 'N×C×L by C×1×k to N×C×L; the state is N×C×(k - 1)',
      work: `MACs: outputs × k; 1 per output with bias, ${SWISH_FLOPS} with silu`,
      notes: 'positions before the beginning count in full',
    },
    fusion: 'contraction',
    inputRoles: ['activation', 'weight', 'weight', 'activation'],
    infer: (context) => {
      const { batch, channels, length, kernel } = extents(context);
      const { dtype } = context.input(0);
      return [
        { shape: [batch, channels, length], dtype },
        { shape: [batch, channels, kernel - 1], dtype },
      ];
    },
    work: (context) => {
      const { batch, channels, length, kernel } = extents(context);
      const nest = convNest({
        batch,
        groups: 1,
        channelsPerGroup: 1,
        outputChannels: channels,
        outputsPerGroup: 1,
        outputExtents: [length],
        kernel: [kernel],
        strides: [1],
        dilations: [1],
      });
      // The groups are the channels, which may be an open extent.
      const dims = nest.dims.map((dim) => (dim.name === 'G' ? { ...dim, extent: channels } : dim));
      const work = contractionWork(context, { ...nest, dims }, context.hasInput(2));
      const activation = context.text('activation', 'none');
      if (activation === 'none') return work;
      if (activation !== 'silu' && activation !== 'swish') context.fail(`activation "${activation}" is not known`);
      const outputs = elementCount([batch, channels, length]);
      return {
        ...work,
        flops: add(work.flops, multiply(outputs, SWISH_FLOPS)),
        transcendentals: multiply(outputs, SWISH_TRANSCENDENTALS),
      };
    },
  },
];
