/**
 * Resizing. Specs: https://onnx.ai/onnx/operators/ (Resize: opsets 10, 11, 13, 18, 19; Upsample: 1, 7, 9, deprecated with
 * 10). The scales are attributes of Upsample up to opset 8 and inputs from then on; Resize takes sizes instead since 11,
 * and `axes`, `antialias` and sizes that keep the proportions since 18. The extents are floor(extent x scale),
 * also of a region that is cropped out first, whose size the runtimes leave out although the specification multiplies by it.
 * An output is the weighted sum of t neighbours along each of the n axes whose extent changes, with weights that the
 * shapes alone determine: t^n products and their sum, 2 t^n - 1 operations. t is 2 for linear and 4 for cubic
 * interpolation; the nearest neighbour takes no arithmetic.
 * Approximated: with `antialias`, where an axis gets shorter, t grows with the ratio, and axis after axis is resized, the
 * last one first; at the ends, where neighbours are missing, it counts as in the middle.
 * fvcore counts 4 per output of a bilinear and 1 of a nearest resize of images.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, ceilDivide, compareIntegers, type Integer, maximum, multiply, subtract } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';
import { changedAxes, scaledExtent, sizedExtents, withExtents } from './resize-extents.ts';
import { MOVES_DATA, OPEN_LIST } from './table-texts.ts';
import { DATA_MOVEMENT } from './work.ts';

/** First opset in which Resize has a region, sizes and modes of its coordinates. */
const SIZED = 11;
/** First opset in which the scales of Upsample are an input. */
const SCALES_AS_INPUT = 9;
const IMAGE_AXES = 4;
const NEIGHBOURS = { linear: 2, cubic: 4 };
const FVCORE_PER_OUTPUT = { linear: 4, nearest: 1, cubic: 0 };

type Mode = 'nearest' | 'linear' | 'cubic';

const modeOf = (context: OperatorContext): Mode => {
  const mode = context.text('mode', 'nearest');
  if (mode === 'nearest' || mode === 'linear' || mode === 'cubic') return mode;
  return mode === 'bilinear' ? 'linear' : context.fail(`mode is "${mode}", expected nearest, linear or cubic`);
};

/** An operand that is left out, or an empty list, which says the same. */
const isGiven = (context: OperatorContext, index: number): boolean =>
  context.hasInput(index) && context.input(index).shape[0] !== 0;

const axesOf = (context: OperatorContext): readonly number[] => {
  const rank = context.input(0).shape.length;
  const all = Array.from({ length: rank }, (_, axis) => axis);
  return context.integers('axes', all).map((axis) => context.axis(axis, rank));
};

/** Whether a region is cropped out first: then axes that keep their extent are sampled too. */
const isCropping = (context: OperatorContext): boolean =>
  context.opset >= SIZED &&
  context.text('coordinate_transformation_mode', 'half_pixel') === 'tf_crop_and_resize' &&
  isGiven(context, 1);

/** The axes of which the region is not the whole, as far as is known. */
const croppedAxes = (context: OperatorContext): readonly number[] => {
  if (!isCropping(context)) return [];
  const axes = axesOf(context);
  const region = context.input(1).values;
  return axes.filter((_, index) => region?.[index] !== 0 || region?.[index + axes.length] !== 1);
};

/** What each of the axes is to become; nothing where data decides it. */
interface Target {
  readonly by: 'scales' | 'sizes';
  readonly values: readonly Integer[] | undefined;
}

const ofResize = (context: OperatorContext): Target => {
  const scalesAt = context.opset < SIZED ? 1 : 2;
  if (isGiven(context, scalesAt)) return { by: 'scales', values: context.input(scalesAt).values };
  if (context.opset < SIZED || !isGiven(context, 3)) context.fail('neither scales nor sizes are given');
  return { by: 'sizes', values: context.input(3).values };
};

const ofUpsample = (context: OperatorContext): Target => {
  if (context.opset >= SCALES_AS_INPUT) {
    if (!context.hasInput(1)) context.fail('the scales (input 1) are missing');
    return { by: 'scales', values: context.input(1).values };
  }
  const height = context.attribute('height_scale');
  const width = context.attribute('width_scale');
  const isByName = typeof height === 'number' && typeof width === 'number';
  return { by: 'scales', values: isByName ? [1, 1, height, width] : context.integers('scales') };
};

const resizedShape = (context: OperatorContext, { by, values }: Target): Shape => {
  const { shape } = context.input(0);
  const axes = axesOf(context);
  const extents = axes.map((axis) => shape[axis] as Dim);
  if (values !== undefined && values.length !== axes.length) {
    context.fail(`${values.length} ${by}, expected ${axes.length}`);
  }
  const found =
    by === 'scales'
      ? values?.map((scale, index) => scaledExtent(context, extents[index] as Dim, scale))
      : values && sizedExtents(context, extents, values);
  return withExtents(shape, axes, found ?? axes.map((axis) => context.dataDependent(`extent${axis}`)));
};

/** The axes along which something is sampled: a scale other than 1 does so even where rounding keeps the extent. */
const sampledAxes = (context: OperatorContext, { by, values }: Target): readonly number[] => {
  const changed =
    by === 'scales' && values !== undefined
      ? axesOf(context).filter((_, index) => values[index] !== 1)
      : changedAxes(context.input(0).shape, context.output(0).shape);
  return [...new Set([...changed, ...croppedAxes(context)])].sort((x, y) => x - y);
};

/** Whether the extent gets smaller, or, where it is open, might. */
const mayShrink = (input: Dim, output: Dim): boolean => {
  const order = compareIntegers(output, input);
  return order === -1 || order === undefined;
};

/** Axis after axis from the last on, each with as many neighbours as the stretched filter covers. */
const antialiased = (input: Shape, output: Shape, axes: readonly number[], neighbours: number): Integer => {
  let shape = input;
  let flops: Integer = 0;
  for (const axis of axes.toReversed()) {
    const [before, after] = [input[axis] as Dim, output[axis] as Dim];
    if (after === 0) return 0;
    const taps = maximum(neighbours, ceilDivide(multiply(before, neighbours), after));
    shape = shape.map((dim, index) => (index === axis ? after : dim));
    flops = add(flops, multiply(elementCount(shape), subtract(multiply(taps, 2), 1)));
  }
  return flops;
};

const resizingWork = (context: OperatorContext, target: Target): OperatorWork => {
  const mode = modeOf(context);
  const input = context.input(0).shape;
  const output = context.output(0).shape;
  const outputs = elementCount(output);
  const isImage = input.length === IMAGE_AXES;
  const fvcoreCount = multiply(outputs, isImage ? FVCORE_PER_OUTPUT[mode] : 0);
  const axes = sampledAxes(context, target);
  if (mode === 'nearest' || axes.length === 0) {
    const isSmaller = compareIntegers(outputs, elementCount(input)) === -1;
    return { ...DATA_MOVEMENT, fvcoreCount, ...(isSmaller && { reads: [outputs] }) };
  }
  const neighbours = NEIGHBOURS[mode];
  const isAntialiased =
    context.integer('antialias', 0) === 1 && axes.some((axis) => mayShrink(input[axis] as Dim, output[axis] as Dim));
  if (isAntialiased) {
    return {
      macs: 0,
      flops: antialiased(input, output, axes, neighbours),
      transcendentals: 0,
      fvcoreCount,
      treatment: { kind: 'approximated', reason: 'antialiased: axis after axis, with as many neighbours at the ends' },
    };
  }
  const flops = multiply(outputs, 2 * neighbours ** axes.length - 1);
  return { macs: 0, flops, transcendentals: 0, fvcoreCount, treatment: { kind: 'costed' } };
};

const resizing = (
  type: string,
  since: readonly number[],
  summary: string,
  { shape, notes }: { readonly shape: string; readonly notes: string },
  target: (context: OperatorContext) => Target,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: {
    shape,
    work: `2 t^n - 1 per output over n axes, t ${NEIGHBOURS.linear} linear, ${NEIGHBOURS.cubic} cubic; nearest ${MOVES_DATA}`,
    notes,
  },
  class: 'other',
  fusion: 'window',
  inputRoles: ['activation', 'setting'],
  infer: (context) => {
    const { dtype } = context.input(0);
    modeOf(context);
    return [{ shape: resizedShape(context, target(context)), dtype }];
  },
  work: (context) => resizingWork(context, target(context)),
});

export const operators: readonly OperatorDefinition[] = [
  resizing(
    'Resize',
    [10, 11, 13, 18, 19],
    'Samples at another resolution: nearest, linear or cubic',
    {
      shape: 'floor(extent × scale), or as the sizes say',
      notes: `${OPEN_LIST}; antialiased, ends cost as the middle`,
    },
    ofResize,
  ),
  resizing(
    'Upsample',
    [1, 7, 9, 10],
    'Samples at a higher resolution; Resize since opset 10',
    { shape: 'floor(extent × scale)', notes: OPEN_LIST },
    ofUpsample,
  ),
];
