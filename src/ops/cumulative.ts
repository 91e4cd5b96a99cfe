/**
 * Running sums and products. Specs: https://onnx.ai/onnx/operators/ (CumSum: opsets 11, 14; CumProd: 26). Along an axis
 * of w elements w - 1 steps, and one less where the element itself is left out (`exclusive`).
 */
import { elementCount } from '../ir/shape.ts';
import { add, type Integer, maximum, multiply, subtract } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork, TensorType } from './definition.ts';
import { heldBy } from './element-values.ts';
import { SAME_SHAPE } from './table-texts.ts';
import { followed, followedExtents, placesIn, positionOf } from './values.ts';

interface Kind {
  readonly step: ReturnType<typeof followed>;
  /** What nothing adds up to. */
  readonly neutral: number;
}

/** The axis, which is an operand; `undefined` where data decides it. */
const axisOf = (context: OperatorContext): number | undefined => {
  const { shape } = context.input(0);
  const [axis] = context.input(1).values ?? [];
  return typeof axis === 'number' ? context.axis(axis, shape.length) : undefined;
};

const runningValues = (context: OperatorContext, { step, neutral }: Kind): Pick<TensorType, 'values'> => {
  const { shape, dtype, values } = context.input(0);
  const axis = axisOf(context);
  const extents = values === undefined ? undefined : followedExtents(shape);
  if (values === undefined || extents === undefined || axis === undefined) return {};
  const isExclusive = context.integer('exclusive', 0) === 1;
  const isReverse = context.integer('reverse', 0) === 1;
  const results: Integer[] = values.map(() => neutral);
  const places = placesIn(extents);
  const totals = new Map<number, Integer>();
  for (const at of isReverse ? places.toReversed() : places) {
    const line = positionOf(at.with(axis, 0), extents);
    const position = positionOf(at, extents);
    const before = totals.get(line) ?? neutral;
    const total = heldBy(dtype, () => step(before, values[position]));
    if (total === undefined) return {};
    totals.set(line, total);
    results[position] = isExclusive ? before : total;
  }
  return { values: results };
};

const steps = (context: OperatorContext): OperatorWork => {
  const { shape } = context.input(0);
  const axis = axisOf(context);
  const work = { macs: 0, transcendentals: 0 };
  if (axis === undefined) {
    const reason = 'one step per element: along which axis depends on data';
    return { ...work, flops: elementCount(shape), treatment: { kind: 'approximated', reason } };
  }
  const lines = elementCount(shape.filter((_, index) => index !== axis));
  const least = context.integer('exclusive', 0) === 1 ? 2 : 1;
  const perLine = maximum(0, subtract(shape[axis] as Integer, least));
  return { ...work, flops: multiply(lines, perLine), treatment: { kind: 'costed' } };
};

const running = (type: string, since: readonly number[], summary: string, kind: Kind): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: {
    shape: SAME_SHAPE,
    work: 'w - 1 per row of w elements; w - 2 where exclusive',
    notes: '1 per element where data decides on the axis',
  },
  class: 'elementwise',
  fusion: 'reduction',
  inPlace: true,
  inputRoles: ['activation', 'setting'],
  infer: (context) => {
    const { shape, dtype } = context.input(0);
    return [{ shape, dtype, ...runningValues(context, kind) }];
  },
  work: steps,
});

export const operators: readonly OperatorDefinition[] = [
  running('CumSum', [11, 14], 'Running sum along an axis', { step: followed((a, b) => a + b, add), neutral: 0 }),
  running('CumProd', [26], 'Running product along an axis', { step: followed((a, b) => a * b, multiply), neutral: 1 }),
];
