import type { Dim } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { add, ceilDivide, floorDivide, type Integer, minimum, subtract } from '../units/integer.ts';
import type { OperatorContext } from './definition.ts';

/** Sliding-window geometry shared by convolution and pooling, over any number of spatial axes. */
export interface WindowGeometry {
  readonly kernel: readonly number[];
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly outputExtents: readonly Dim[];
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
  checkPositive(context, 'strides', strides);
  checkPositive(context, 'dilations', dilations);
  checkPositive(context, 'kernel_shape', kernel);
  const outputExtents = spatialInput.map((dim, axis): Dim => {
    const stride = strides[axis] as number;
    const reach = (dilations[axis] as number) * ((kernel[axis] as number) - 1) + 1;
    if (autoPad.startsWith('SAME')) return ceilDivide(dim, stride);
    const before = autoPad === 'VALID' ? 0 : (pads[axis] as number);
    const padded = autoPad === 'VALID' ? dim : add(dim, before + (pads[axis + rank] as number));
    const steps = subtract(padded, reach);
    if (!ceil) return add(floorDivide(steps, stride), 1);
    return ceilExtent(add(ceilDivide(steps, stride), 1), add(dim, before), stride);
  });
  outputExtents.forEach((extent, axis) => {
    if (typeof extent === 'number' && extent < 1) {
      context.fail(
        `the window of ${kernel[axis]} does not fit an input of ${formatShape([spatialInput[axis] as Dim])} on axis ${axis}`,
      );
    }
  });
  return { kernel, strides, dilations, outputExtents };
};

const checkPositive = (context: OperatorContext, name: string, list: readonly number[]): void => {
  for (const value of list) if (!(value >= 1)) context.fail(`${name} [${list.join(', ')}]: expected 1 or more`);
};

/** With ceil_mode a window must still begin inside the input or its leading padding, which ends at `limit`. */
const ceilExtent = (extent: Integer, limit: Integer, stride: number): Integer =>
  minimum(extent, ceilDivide(limit, stride));
