/**
 * Features of classical machine learning. Specs: https://onnx.ai/onnx/operators/ (ArrayFeatureExtractor, Binarizer,
 * FeatureVectorizer, Imputer, Normalizer, OneHotEncoder, Scaler of ai.onnx.ml), opset 1. Operations per element:
 *   Binarizer    compare, choose                                              2
 *   Imputer      compare, choose                                              2
 *   Scaler       subtract, multiply                                           2
 *   Normalizer   MAX: compare, divide                                         2, one of them transcendental
 *                L1: absolute value, add, divide; L2: square, add, divide     3, one of them transcendental, and for L2 a
 *                square root per row
 * The others move data. Offsets and scales of Scaler are statistics of the data, no learned parameters.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';
import { classical, itemsOf, tableOf } from './ml.ts';
import { type Cost, pointwiseWork } from './pointwise.ts';
import { countText, MOVES_DATA, SAME_SHAPE } from './table-texts.ts';
import { copiedPart, DATA_MOVEMENT } from './work.ts';

const NORMS: Readonly<Record<string, Cost>> = { MAX: [2, 1], L1: [3, 1], L2: [3, 1] };
const MOVES = { class: 'data-movement', fusion: 'opaque' } as const;

const normOf = (context: OperatorContext): string => {
  const norm = context.text('norm', 'MAX');
  return NORMS[norm] === undefined ? context.fail(`norm is "${norm}", expected MAX, L1 or L2`) : norm;
};

const normalizerWork = (context: OperatorContext): OperatorWork => {
  const norm = normOf(context);
  const work = pointwiseWork(context, NORMS[norm] as Cost);
  const roots = norm === 'L2' ? tableOf(context).rows : 0;
  return { ...work, flops: add(work.flops, roots), transcendentals: add(work.transcendentals, roots) };
};

/** An operator that does the same at every position; the type of the numbers stays unless stated. */
const perElement = (type: string, summary: string, cost: Cost, dtype?: 'fp32'): OperatorDefinition =>
  classical(type, [1], summary, {
    table: { shape: SAME_SHAPE, work: countText(cost, 'element') },
    class: 'elementwise',
    fusion: 'pointwise',
    inPlace: true,
    infer: (context) => {
      const input = context.input(0);
      return [{ shape: input.shape, dtype: dtype ?? input.dtype }];
    },
    work: (context) => pointwiseWork(context, cost),
  });

const joinedWidth = (context: OperatorContext): readonly Dim[] => {
  let rows: Dim = 1;
  const widths = context.node.inputs.map((_, index): Dim => {
    const { shape } = context.input(index);
    const [first, second] = shape;
    if (shape.length < 1 || shape.length > 2) context.fail(`input ${index} has ${shape.length} axes, expected 1 or 2`);
    const own = shape.length === 2 ? (first as Dim) : 1;
    rows = index === 0 ? own : context.agree(rows, own, 'rows of the inputs');
    return shape.length === 2 ? (second as Dim) : (first as Dim);
  });
  return [rows, sum(widths)];
};

export const operators: readonly OperatorDefinition[] = [
  perElement('Binarizer', '1 above a threshold, else 0', [2, 0]),
  perElement('Imputer', 'Puts values in for missing ones', [2, 0]),
  perElement('Scaler', 'Shifts and scales every feature', [2, 0], 'fp32'),
  classical('Normalizer', [1], 'Divides every row by its norm', {
    table: { shape: SAME_SHAPE, work: `${countText(NORMS.L2 as Cost, 'element')}; a root per row; MAX 2; L1 no root` },
    class: 'normalization',
    fusion: 'reduction',
    infer: (context) => {
      tableOf(context);
      return [{ shape: context.input(0).shape, dtype: 'fp32' }];
    },
    work: normalizerWork,
  }),
  classical('ArrayFeatureExtractor', [1], 'Picks features by their places', {
    table: { shape: 'rows×places', work: MOVES_DATA },
    ...MOVES,
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      if (shape.length === 0) context.fail('an input without axes, expected features');
      const places = elementCount(context.input(1).shape);
      // A list is a single row.
      const rows = shape.length === 1 ? [1] : shape.slice(0, -1);
      return [{ shape: [...rows, places], dtype }];
    },
    work: copiedPart,
  }),
  classical('FeatureVectorizer', [1], 'Joins features to one table', {
    table: { shape: 'rows×all widths together', work: MOVES_DATA },
    ...MOVES,
    infer: (context) => {
      context.input(0);
      return [{ shape: joinedWidth(context), dtype: 'fp32' }];
    },
    work: () => DATA_MOVEMENT,
  }),
  classical('OneHotEncoder', [1], 'Categories as vectors with one element on', {
    table: { shape: 'as the input with a last axis of categories', work: MOVES_DATA },
    ...MOVES,
    infer: (context) => {
      const { shape } = context.input(0);
      const categories = itemsOf(context, 'cats_int64s', 'cats_strings');
      if (categories === 0) context.fail('names no categories');
      return [{ shape: [...shape, categories], dtype: 'fp32' }];
    },
    work: () => DATA_MOVEMENT,
  }),
];
