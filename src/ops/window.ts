import type { Dim } from '../ir/graph.ts';
import type { OperatorContext } from './definition.ts';

/** Sliding-window geometry shared by convolution and pooling, over any number of spatial axes. */
export interface WindowGeometry {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly outputExtents: readonly number[];
}

/**
 * Output extent per axis: floor((input + padding - dilation x (kernel - 1) - 1) / stride) + 1,
 * or ceil with `ceil_mode` (pooling). `auto_pad` as ONNX defines it: SAME gives ceil(input / stride).
 */
export const windowGeometry = (
  context: OperatorContext,
  spatialInput: readonly Dim[],
  kernel: readonly number[],
): WindowGeometry => {
  const rank = spatialInput.length;
  const strides = context.integers(
    'strides',
    kernel.map(() => 1),
  );
  const dilations = context.integers(
    'dilations',
    kernel.map(() => 1),
  );
  const pads = context.integers(
    'pads',
    [...kernel, ...kernel].map(() => 0),
  );
  const autoPad = context.text('auto_pad', 'NOTSET');
  const ceil = context.integer('ceil_mode', 0) === 1;
  if (kernel.length !== rank || strides.length !== rank || dilations.length !== rank || pads.length !== 2 * rank) {
    context.fail(`kernel, strides, dilations and pads must fit ${rank} spatial axes`);
  }
  const outputExtents = spatialInput.map((dim, axis) => {
    if (typeof dim !== 'number') return context.fail('a spatial extent carries the batch');
    const stride = strides[axis] as number;
    const reach = (dilations[axis] as number) * ((kernel[axis] as number) - 1) + 1;
    if (autoPad.startsWith('SAME')) return Math.ceil(dim / stride);
    const before = pads[axis] as number;
    const padded = dim + before + (pads[axis + rank] as number);
    if (autoPad === 'VALID') return Math.floor((dim - reach) / stride) + 1;
    if (!ceil) return Math.floor((padded - reach) / stride) + 1;
    const extent = Math.ceil((padded - reach) / stride) + 1;
    // With ceil_mode a window must still begin inside the input or its leading padding.
    return (extent - 1) * stride >= dim + before ? extent - 1 : extent;
  });
  outputExtents.forEach((extent, axis) => {
    if (extent < 1) {
      context.fail(
        `the window of ${kernel[axis]} does not fit an input of ${String(spatialInput[axis])} on axis ${axis}`,
      );
    }
  });
  return { kernel, strides, dilations, outputExtents };
};
