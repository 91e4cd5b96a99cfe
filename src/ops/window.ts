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
  /** Extents of the input with its padding, where some axis is padded otherwise before than after. */
  readonly unevenlyPadded?: readonly Dim[];
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
  const uneven = unevenExtents(spatialInput, outputExtents, {
    ...{ kernel, strides, dilations, pads },
    isSame: autoPad.startsWith('SAME'),
    isValid: autoPad === 'VALID',
  });
  return { kernel, strides, dilations, outputExtents, ...(uneven && { unevenlyPadded: uneven }) };
};

interface Padding extends Pick<WindowGeometry, 'kernel' | 'strides' | 'dilations'> {
  readonly pads: readonly number[];
  readonly isSame: boolean;
  readonly isValid: boolean;
}

/** Only where extents are numbers: whether SAME pads evenly depends on them. */
const unevenExtents = (
  input: readonly Dim[],
  output: readonly Dim[],
  { kernel, strides, dilations, pads, isSame, isValid }: Padding,
): readonly Dim[] | undefined => {
  if (isValid) return undefined;
  const added = input.map((dim, axis): readonly [number, number] => {
    if (!isSame) return [pads[axis] as number, pads[axis + input.length] as number];
    const extent = output[axis];
    if (typeof dim !== 'number' || typeof extent !== 'number') return [0, 0];
    const reach = (dilations[axis] as number) * ((kernel[axis] as number) - 1) + 1;
    const all = Math.max(0, (extent - 1) * (strides[axis] as number) + reach - dim);
    return [Math.floor(all / 2), Math.ceil(all / 2)];
  });
  if (added.every(([before, after]) => before === after)) return undefined;
  return input.map((dim, axis) => add(dim, (added[axis]?.[0] ?? 0) + (added[axis]?.[1] ?? 0)));
};

const checkPositive = (context: OperatorContext, name: string, list: readonly number[]): void => {
  for (const value of list) if (!(value >= 1)) context.fail(`${name} [${list.join(', ')}]: expected 1 or more`);
};

/** With ceil_mode a window must still begin inside the input or its leading padding, which ends at `limit`. */
const ceilExtent = (extent: Integer, limit: Integer, stride: number): Integer =>
  minimum(extent, ceilDivide(limit, stride));
