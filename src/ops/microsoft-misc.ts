/**
 * Operators of ONNX Runtime's domain that came before those of the default domain, and helpers of
 * particular models. Specs: https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md
 * (Rfft, Irfft, Inverse, Trilu, Unique, GridSample, Pad, Range, GatherND, ExpandDims, CDist, ComplexMul,
 * ComplexMulConj, CropAndResize, MaxpoolWithMask, UnfoldTensor, IsAllFinite), one version.
 *   CDist           per pair and channel: subtract, square, add; a root per pair unless squared
 *   Inverse         2 n^3 per matrix: elimination of a matrix beside the identity
 *   Rfft, Irfft     2.5 n log2 n of the extent n, half a complex transform
 *   CropAndResize   bilinear, 4 corners: 8 operations per output; nearest none
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, floorDivide, multiply, product, subtract } from '../units/integer.ts';
import type { OperatorDefinition, TensorType } from './definition.ts';
import { contrib, extentAt, reshapedTo, type WrittenOut } from './microsoft.ts';
import { plain } from './plain.ts';
import { BROADCAST, FREE, MOVES_DATA, SAME_SHAPE } from './table-texts.ts';

const MOVEMENT = { class: 'data-movement', fusion: 'opaque', inputRoles: ['activation', 'setting'] } as const;

const OTHER = { class: 'other', fusion: 'opaque', inputRoles: ['activation'] } as const;

/** The operator of the default domain of the same name on the same operands. */
const asPlain =
  (type: string, attributes: Readonly<Record<string, number | string>> = {}): WrittenOut =>
  (context, steps) =>
    steps.outputs(
      plain(type),
      context.node.inputs.length === 0
        ? [context.input(0)]
        : context.node.inputs.map((_, index) => context.optionalInput(index)),
      { attributes: { ...context.node.attributes, ...attributes }, outputs: context.node.outputs.length },
    );

/** Two and a half n log2 n: five of a complex transform, half of it for real numbers. */
const transform =
  (inverse: boolean): WrittenOut =>
  (context, steps) => {
    const input = context.input(0);
    const count = context.integer('signal_ndim', 1);
    const shape: readonly Dim[] = inverse ? input.shape.slice(0, -1) : input.shape;
    const last = shape.at(-1);
    if (last === undefined) return context.fail('a scalar has no signal');
    const output: Dim = inverse ? multiply(subtract(last, 1), 2) : add(floorDivide(last, 2), 1);
    const signal: Shape = [...shape.slice(0, -1), inverse ? output : last];
    const extents = signal.slice(-count);
    const length = product(extents);
    if (typeof length === 'number') {
      steps.operations(multiply(elementCount(signal), Math.ceil(2.5 * Math.log2(Math.max(length, 2)))));
    } else steps.approximate('the logarithm of an open extent is not counted');
    const half: Shape = [...shape.slice(0, -1), output];
    return [reshapedTo(inverse ? half : [...half, 2], input)];
  };

const inverse: WrittenOut = (context, steps) => {
  const input = context.input(0);
  const extent = input.shape.at(-1) ?? context.fail('a scalar is no matrix');
  context.agree(input.shape.at(-2) ?? 1, extent, 'rows and columns');
  const elements = elementCount(input.shape);
  steps.operations(product([elements, extent, 2]), elements);
  return [reshapedTo(input.shape, input)];
};

const distances: WrittenOut = (context, steps) => {
  const [a, b] = [context.input(0), context.input(1)];
  const [rows, width] = a.shape;
  const [columns, other] = b.shape;
  if (rows === undefined || columns === undefined || width === undefined || other === undefined) {
    return context.fail('expected two matrices');
  }
  const depth = context.agree(width, other, 'channels');
  const metric = context.text('metric', 'sqeuclidean');
  steps.perElement([rows, columns, depth], 3);
  if (metric === 'euclidean') steps.perElement([rows, columns], 1, 1);
  else if (metric !== 'sqeuclidean') steps.approximate(`the metric "${metric}" is counted as a squared distance`);
  return [reshapedTo([rows, columns], a)];
};

const crop: WrittenOut = (context, steps) => {
  const input = context.input(0);
  const size = context.input(3).values ?? [context.dataDependent('height'), context.dataDependent('width')];
  const shape: Shape = [extentAt(context, context.input(1), 0), extentAt(context, input, 1), ...size];
  if (context.text('mode', 'bilinear') === 'bilinear') steps.perElement(shape, 8);
  return [reshapedTo(shape, input)];
};

const sameShape: WrittenOut = (context) => [reshapedTo(context.input(0).shape, context.input(0))];

const gatherSlices: WrittenOut = (context) => {
  const data = context.input(0);
  const indices = context.input(1).shape;
  const depth = indices.at(-1);
  if (typeof depth !== 'number') return context.unknown('the length of the tuples of indices is open');
  if (depth > data.shape.length) context.fail(`tuples of ${depth} indices into ${data.shape.length} axes`);
  return [reshapedTo([...indices.slice(0, -1), ...data.shape.slice(depth)], data)];
};

const unfold: WrittenOut = (context) => {
  const input = context.input(0);
  const axis = context.axis(context.integer('dim', -1), input.shape.length);
  const size = context.integer('size');
  const slices = add(floorDivide(subtract(input.shape[axis] as Dim, size), context.integer('step', 1)), 1);
  return [reshapedTo([...input.shape.map((dim, index) => (index === axis ? slices : dim)), size], input)];
};

const expandDims: WrittenOut = (context) => {
  const input = context.input(0);
  const [stated] = context.numbers(1, 'the axis');
  const axis = context.axis(stated ?? 0, input.shape.length + 1);
  return [reshapedTo([...input.shape.slice(0, axis), 1, ...input.shape.slice(axis)], input)];
};

const integers = (...shape: readonly Dim[]): TensorType => ({ shape, dtype: 'int64' });

/** Pairs of the last axis are complex numbers: 4 products, a sum and a difference for each two elements. */
const complexProduct: WrittenOut = (context, steps) => {
  const product = steps.apply(plain('Mul'), [context.input(0), context.input(1)]);
  steps.perElement(product.shape, 2);
  return [product];
};

const POINTWISE = { class: 'elementwise', fusion: 'pointwise', inputRoles: ['activation', 'activation'] } as const;

const FOURIER = '2.5 log2 n per element of a signal of n';
const LOGARITHM = 'an open extent is not counted';

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'Rfft',
    {
      ...OTHER,
      summary: 'Fourier transform of real numbers',
      table: { shape: 'the last axis n becomes n/2 + 1 bins × 2', work: FOURIER, notes: LOGARITHM },
    },
    transform(false),
  ),
  contrib(
    'Irfft',
    {
      ...OTHER,
      summary: 'Inverse of the Fourier transform of real numbers',
      table: { shape: 'the last axes n × 2 become 2 (n - 1)', work: FOURIER, notes: LOGARITHM },
    },
    transform(true),
  ),
  contrib(
    'Inverse',
    {
      ...OTHER,
      summary: 'Inverse of matrices',
      table: { shape: SAME_SHAPE, work: '2 n^3 per n×n matrix, n^2 of them transcendental' },
    },
    inverse,
  ),
  contrib(
    'Trilu',
    { ...MOVEMENT, summary: 'Upper or lower triangle of matrices', table: { shape: SAME_SHAPE, work: MOVES_DATA } },
    sameShape,
  ),
  contrib(
    'Range',
    {
      ...MOVEMENT,
      summary: 'Numbers from start to limit',
      table: { shape: 'as Range', work: 'as Range' },
      inputRoles: ['setting'],
    },
    (context, steps) => {
      const delta = context.optionalInput(2) ?? { shape: [], dtype: context.input(0).dtype, values: [1] };
      return [steps.apply(plain('Range'), [context.input(0), context.input(1), delta])];
    },
  ),
  contrib(
    'GatherND',
    {
      ...MOVEMENT,
      summary: 'Slices at tuples of indices',
      table: {
        shape: 'indices without their last axis, then the axes of data left over',
        work: MOVES_DATA,
        notes: 'not known where the length of the tuples is open',
      },
    },
    gatherSlices,
  ),
  contrib(
    'Pad',
    {
      ...MOVEMENT,
      summary: 'Adds a border',
      table: { shape: 'as Pad', work: 'as Pad', notes: 'open where the padding depends on data' },
    },
    (context, steps) => {
      const pads = context.input(1);
      const flat = { ...pads, shape: [elementCount(pads.shape)] };
      return [steps.apply(plain('Pad'), [context.input(0), flat, context.optionalInput(2)], context.node.attributes)];
    },
  ),
  contrib(
    'GridSample',
    {
      ...OTHER,
      fusion: 'window',
      summary: 'Samples an image at the places of a grid',
      table: { shape: 'as GridSample', work: 'as GridSample' },
    },
    (context, steps) => {
      const mode = context.text('mode', 'bilinear');
      const named = mode === 'bilinear' ? 'linear' : mode === 'bicubic' ? 'cubic' : mode;
      return asPlain('GridSample', { mode: named })(context, steps);
    },
  ),
  contrib(
    'Unique',
    {
      ...OTHER,
      summary: 'Distinct values in the order in which they come',
      table: {
        shape: 'distinct elements; index of each element; count of each',
        work: MOVES_DATA,
        notes: 'how many are distinct depends on data; comparisons are not counted',
      },
    },
    (context) => {
      const input = context.input(0);
      const found = context.dataDependent('count');
      return [reshapedTo([found], input), integers(elementCount(input.shape)), integers(found)];
    },
  ),
  contrib(
    'ExpandDims',
    {
      ...MOVEMENT,
      fusion: 'view',
      summary: 'One more axis of extent 1',
      table: { shape: 'as the input with a 1 at the axis', work: FREE },
    },
    expandDims,
  ),
  contrib(
    'CDist',
    {
      ...OTHER,
      summary: 'Distance of each row of one matrix to each of the other',
      table: {
        shape: 'M×C and N×C to M×N',
        work: '3 per pair and channel; euclidean a root per pair',
        notes: 'other metrics count as a squared distance',
      },
    },
    distances,
  ),
  contrib(
    'ComplexMul',
    {
      ...POINTWISE,
      summary: 'Product of complex numbers',
      table: { shape: BROADCAST, work: '3 per element: 4 products, a sum and a difference for each two' },
    },
    complexProduct,
  ),
  contrib(
    'ComplexMulConj',
    {
      ...POINTWISE,
      summary: 'Product with the conjugate of complex numbers',
      table: { shape: BROADCAST, work: '3 per element: 4 products, a sum and a difference for each two' },
    },
    complexProduct,
  ),
  contrib(
    'CropAndResize',
    {
      ...OTHER,
      fusion: 'window',
      summary: 'Regions of an image, resized',
      table: {
        shape: 'regions×C×H×W by the size given',
        work: '8 per output if bilinear; nearest moves data',
        notes: 'H and W are open where the size depends on data',
      },
      inputRoles: ['activation', 'activation', 'activation', 'setting'],
    },
    crop,
  ),
  contrib(
    'MaxpoolWithMask',
    {
      class: 'pooling',
      fusion: 'window',
      summary: 'MaxPool that leaves out what a mask hides',
      table: { shape: 'as MaxPool', work: 'as MaxPool', notes: 'the mask is not counted' },
      inputRoles: ['activation'],
    },
    (context, steps) => {
      context.input(1);
      return [steps.apply(plain('MaxPool'), [context.input(0)], context.node.attributes)];
    },
  ),
  contrib(
    'UnfoldTensor',
    {
      ...MOVEMENT,
      summary: 'All slices of one size along an axis',
      table: { shape: 'the axis becomes slices; their size comes last', work: MOVES_DATA },
    },
    unfold,
  ),
  contrib(
    'IsAllFinite',
    {
      ...OTHER,
      fusion: 'reduction',
      summary: 'Whether all numbers are finite',
      table: { shape: 'one bool', work: '2 per input element' },
    },
    (context, steps) => {
      context.input(0);
      context.node.inputs.forEach((_, index) => {
        steps.perElement(context.input(index).shape, 2);
      });
      return [{ shape: [], dtype: 'bool' }];
    },
  ),
];
