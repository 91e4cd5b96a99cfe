/**
 * Slice. Spec: https://onnx.ai/onnx/operators/onnx__Slice.html, opsets 1, 10, 11, 13. Starts, ends and axes are attributes in
 * opset 1 and inputs, with steps, from 10 on; negative places count from the end and all are clamped. No arithmetic.
 * Known gap: a place whose sign depends on an open dimension is taken to count from the beginning, with a warning.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import type { Integer } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { type AxisSlice, boundedStep, closedSlice, countsFromEnd, sliceExtent } from './slice-extent.ts';
import { listLength } from './stated-extents.ts';
import { MOVES_DATA, OPEN_LIST } from './table-texts.ts';
import { pickedValues } from './values.ts';
import { copiedPart } from './work.ts';

interface Places {
  /** `undefined` where they depend on data. */
  readonly starts: readonly Integer[] | undefined;
  readonly ends: readonly Integer[] | undefined;
  readonly axes: readonly number[] | undefined;
  readonly steps: readonly number[] | undefined;
}

const places = (context: OperatorContext): Places => {
  if (!context.hasInput(1)) {
    const starts = context.integers('starts');
    const axes = context.integers('axes', [...starts.keys()]);
    return { starts, ends: context.integers('ends'), axes, steps: starts.map(() => 1) };
  }
  const count = listLength(context, 1);
  return {
    starts: context.input(1).values,
    ends: context.input(2).values,
    axes: context.hasInput(3)
      ? context.input(3).values && context.numbers(3, 'the list of axes')
      : Array.from({ length: count }, (_, axis) => axis),
    steps: context.hasInput(4)
      ? context.input(4).values?.map((step) => (typeof step === 'number' ? step : context.unknown('a step is open')))
      : Array.from({ length: count }, () => 1),
  };
};

/** The slice along every axis that is cut; `undefined` for one whose places depend on data. */
const cuts = (context: OperatorContext, rank: number): ReadonlyMap<number, AxisSlice | undefined> => {
  const { starts, ends, axes, steps } = places(context);
  // Any axis may be cut where data decides which.
  if (axes === undefined) return new Map(Array.from({ length: rank }, (_, axis) => [axis, undefined]));
  for (const list of [starts, ends, steps]) {
    if (list !== undefined && list.length !== axes.length) {
      context.fail(`${list.length} starts, ends or steps do not fit ${axes.length} axes`);
    }
  }
  const found = new Map<number, AxisSlice | undefined>();
  axes.forEach((given, index) => {
    const axis = context.axis(given, rank);
    if (found.has(axis)) context.fail(`axis ${axis} stands twice`);
    const [start, end, step] = [starts?.[index], ends?.[index], steps?.[index]];
    if (step === 0) context.fail(`a step of 0 along axis ${axis}`);
    const isKnown = start !== undefined && end !== undefined && step !== undefined;
    if (isKnown && (countsFromEnd(start) === undefined || countsFromEnd(end) === undefined)) {
      context.warn('assumed-sign', `the places along axis ${axis} are taken to count from the beginning`);
    }
    found.set(axis, isKnown ? { start, end, step: boundedStep(step) } : undefined);
  });
  return found;
};

/** What of the contents a slice takes, where its places are numbers. */
const taken = (
  input: TensorType,
  shape: Shape,
  slices: ReadonlyMap<number, AxisSlice | undefined>,
): { readonly values?: readonly Integer[] } => {
  if (input.values === undefined) return {};
  const starts = input.shape.map((dim, axis) => {
    const slice = slices.get(axis);
    if (slice === undefined) return { first: 0, step: 1 };
    const { start, end, step } = slice;
    if (typeof dim !== 'number' || typeof start !== 'number' || typeof end !== 'number') return undefined;
    return { first: closedSlice({ start, end, step }, dim).first, step };
  });
  if (starts.includes(undefined)) return {};
  return pickedValues(input, shape, (at) =>
    at.map((place, axis) => (starts[axis]?.first ?? 0) + place * (starts[axis]?.step ?? 1)),
  );
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Slice',
    domain: '',
    since: [1, 10, 11, 13],
    summary: 'Takes a range of places along axes',
    specification: 'https://onnx.ai/onnx/operators/onnx__Slice.html',
    table: { shape: 'a sliced axis has the places from start to end by step', work: MOVES_DATA, notes: OPEN_LIST },
    class: 'data-movement',
    fusion: 'layout',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const input = context.input(0);
      const slices = cuts(context, input.shape.length);
      const shape = input.shape.map((dim, axis): Dim => {
        if (!slices.has(axis)) return dim;
        const slice = slices.get(axis);
        return slice === undefined ? context.dataDependent(`extent${axis}`) : sliceExtent(slice, dim);
      });
      return [{ shape, dtype: input.dtype, ...taken(input, shape, slices) }];
    },
    work: copiedPart,
  },
];
