/**
 * Fourier transforms. Specs: https://onnx.ai/onnx/operators/ (DFT 17, 20; STFT 17).
 * The axis of DFT is an attribute in opset 17 (default 1) and an input from 20 on (default -2);
 * the last axis holds real and imaginary parts. `onesided` keeps floor(n / 2) + 1 frequencies of a
 * real signal, or with `inverse` makes a real signal of them.
 * Counted as a fast Fourier transform by the field's convention, 5 n log2 n operations per complex
 * transform of n points, half of that where signal or result is real, rounded up; twiddle factors
 * come from tables. STFT multiplies each frame by its window besides.
 * Known gap: a transform whose length is an open dimension has no cost, as log2 n is no polynomial.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, floorDivide, formatInteger, type Integer, multiply, product, subtract } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';

const FLOPS_PER_POINT_AND_LEVEL = 5;
/** First opset in which the axis of DFT is an input. */
const AXIS_AS_INPUT = 20;

const TRANSFORM = `${FLOPS_PER_POINT_AND_LEVEL} n log2 n per transform of n points, half where real`;
const NOTES = 'counted as a fast Fourier transform, whose length must be known';

/** Operations of one transform of `length` points. */
const transformFlops = (context: OperatorContext, length: Dim, isReal: boolean): number => {
  if (typeof length !== 'number') {
    return context.unknown(`the length ${formatInteger(length)} of the transform is open`);
  }
  const complex = FLOPS_PER_POINT_AND_LEVEL * length * Math.log2(Math.max(1, length));
  return Math.ceil(isReal ? complex / 2 : complex);
};

const fourierWork = (flops: Integer): OperatorWork => ({
  macs: 0,
  flops,
  transcendentals: 0,
  treatment: {
    kind: 'approximated',
    reason: 'counted as a fast Fourier transform: 5 n log2 n operations, half of that for a real signal',
  },
});

/** A number given as an input of one element; `undefined` where the input is left out. */
const stated = (context: OperatorContext, index: number, what: string): Dim | undefined => {
  const operand = context.optionalInput(index);
  return operand === undefined ? undefined : (operand.values?.[0] ?? context.dataDependent(what));
};

interface Transform {
  readonly shape: readonly Dim[];
  readonly axis: number;
  readonly length: Dim;
  readonly oneSided: boolean;
  readonly inverse: boolean;
  readonly isReal: boolean;
}

const transform = (context: OperatorContext): Transform => {
  const { shape } = context.input(0);
  if (shape.length < 2) context.fail(`an input of ${shape.length} axes, expected 2 or more`);
  const fromInput = context.opset >= AXIS_AS_INPUT;
  const given = !fromInput
    ? context.integer('axis', 1)
    : context.hasInput(2)
      ? (context.numbers(2, 'the axis')[0] ?? context.fail('the axis is empty'))
      : -2;
  const axis = context.axis(given, shape.length);
  if (axis === shape.length - 1) context.fail('the last axis holds real and imaginary parts and is not transformed');
  const oneSided = context.integer('onesided', 0) === 1;
  const inverse = context.integer('inverse', 0) === 1;
  const own = shape[axis] as Dim;
  const length = stated(context, 1, 'dft_length') ?? (oneSided && inverse ? multiply(subtract(own, 1), 2) : own);
  if (typeof length === 'number' && length < 1) context.fail(`a transform of length ${length}: expected 1 or more`);
  const isReal = oneSided || shape.at(-1) === 1;
  return { shape, axis, length, oneSided, inverse, isReal };
};

const halfSpectrum = (length: Dim): Dim => add(floorDivide(length, 2), 1);

interface Frames {
  readonly batch: Dim;
  readonly frames: Dim;
  readonly length: Dim;
  readonly parts: Dim;
  readonly oneSided: boolean;
}

const frames = (context: OperatorContext): Frames => {
  const { shape } = context.input(0);
  if (shape.length !== 3 && shape.length !== 2) context.fail(`a signal of ${shape.length} axes, expected 3`);
  const [batch = 1, signal = 1, parts = 1] = shape;
  const window = context.optionalInput(2)?.shape[0];
  const asked = stated(context, 3, 'frame_length');
  const length =
    asked === undefined
      ? (window ?? signal)
      : window === undefined
        ? asked
        : context.agree(asked, window, 'frame_length and window');
  const step = stated(context, 1, 'frame_step') ?? context.fail('frame_step is missing');
  if (typeof step === 'number' && step < 1) context.fail(`frame_step is ${step}, expected 1 or more`);
  const count = add(floorDivide(subtract(signal, length), step), 1);
  if (typeof count === 'number' && count < 1) context.fail('the signal is shorter than one frame');
  return { batch, frames: count, length, parts, oneSided: context.integer('onesided', 1) === 1 };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'DFT',
    domain: '',
    since: [17, 20],
    summary: 'Discrete Fourier transform along one axis, or its inverse',
    specification: 'https://onnx.ai/onnx/operators/onnx__DFT.html',
    table: {
      shape: 'the axis: n, or floor(n / 2) + 1 one-sided; the last: 2, or 1 where real',
      work: TRANSFORM,
      notes: NOTES,
    },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { shape, axis, length, oneSided, inverse } = transform(context);
      const output = [...shape];
      output[axis] = oneSided && !inverse ? halfSpectrum(length) : length;
      output[shape.length - 1] = oneSided && inverse ? 1 : 2;
      return [{ shape: output, dtype: context.input(0).dtype }];
    },
    work: (context) => {
      const { shape, axis, length, isReal } = transform(context);
      const count = elementCount(shape.slice(0, -1).filter((_, index) => index !== axis));
      return fourierWork(multiply(count, transformFlops(context, length, isReal)));
    },
  },
  {
    type: 'STFT',
    domain: '',
    since: [17],
    summary: 'Fourier transforms of overlapping frames of a signal',
    specification: 'https://onnx.ai/onnx/operators/onnx__STFT.html',
    table: { shape: 'N×frames×frequencies×2', work: `${TRANSFORM}; 1 with a window`, notes: NOTES },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting', 'statistic', 'setting'],
    infer: (context) => {
      const { batch, frames: count, length, oneSided } = frames(context);
      return [{ shape: [batch, count, oneSided ? halfSpectrum(length) : length, 2], dtype: context.input(0).dtype }];
    },
    work: (context) => {
      const { batch, frames: count, length, parts, oneSided } = frames(context);
      const windowed = context.hasInput(2) ? multiply(length, parts) : 0;
      const perFrame = add(windowed, transformFlops(context, length, oneSided || parts === 1));
      return fourierWork(product([batch, count, perFrame]));
    },
  },
];
