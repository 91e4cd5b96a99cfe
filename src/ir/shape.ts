import { affineIn, evaluate, formatInteger, type Integer, product, sameInteger, symbol } from '../units/integer.ts';
import type { Dim, Shape } from './graph.ts';

/** The number of items that are processed together. Activations carry it in an extent; weights never do. */
export const BATCH = symbol('N');

/** Number of elements. */
export const elementCount = (shape: Shape): Integer => product(shape);

/** A quantity at one batch size. Throws `UnboundSymbolError` while other dimensions are open. */
export const atBatch = (value: Integer, batch: number): number => {
  if (typeof value === 'number') return value;
  const count = affineIn(value, 'N');
  const result = count === undefined ? Number.NaN : count.fixed + count.perItem * batch;
  // What is not affine, open, or beyond the exact integers is found out there.
  return Number.isSafeInteger(result) ? result : evaluate(value, new Map([['N', batch]]));
};

export const shapeAt = (shape: Shape, batch: number): readonly number[] => shape.map((dim) => atBatch(dim, batch));

/** "N×64×56×56". */
export const formatShape = (shape: Shape): string => shape.map(formatExtent).join('×');

const formatExtent = (dim: Dim): string => {
  const text = formatInteger(dim);
  return text.includes(' ') && !text.endsWith(')') ? `(${text})` : text;
};

/** Multidirectional broadcasting of two extents; `undefined` where they do not, or not provably, agree. */
export const broadcastDims = (a: Dim, b: Dim): Dim | undefined => {
  if (a === 1) return b;
  if (b === 1 || sameInteger(a, b)) return a;
  return undefined;
};

/** Multidirectional broadcasting as ONNX and NumPy define it; `undefined` where two extents do not agree. */
export const broadcastShapes = (
  a: Shape,
  b: Shape,
  agree: (a: Dim, b: Dim) => Dim | undefined = broadcastDims,
): Shape | undefined => {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const dim = agree(a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1);
    if (dim === undefined) return undefined;
    result.push(dim);
  }
  return result;
};
