import { type Count, fixedCount, multiply, perItemCount } from '../units/count.ts';
import type { Dim, Shape } from './graph.ts';

/** Number of elements, affine in the batch. At most one extent may carry the batch. */
export const elementCount = (shape: Shape): Count => {
  let constant = 1;
  let batched = false;
  for (const dim of shape) {
    if (typeof dim === 'number') constant = multiply(constant, dim);
    else {
      if (batched) throw new RangeError('two extents of one tensor carry the batch');
      batched = true;
      constant = multiply(constant, dim.perItem);
    }
  }
  return batched ? perItemCount(constant) : fixedCount(constant);
};

export const extentAt = (dim: Dim, batch: number): number => (typeof dim === 'number' ? dim : dim.perItem * batch);

export const shapeAt = (shape: Shape, batch: number): readonly number[] => shape.map((dim) => extentAt(dim, batch));

/** "N×64×56×56". */
export const formatShape = (shape: Shape): string =>
  shape
    .map((dim) => {
      if (typeof dim === 'number') return String(dim);
      return dim.perItem === 1 ? 'N' : `${dim.perItem}N`;
    })
    .join('×');

const isOne = (dim: Dim): boolean => dim === 1;

const sameDim = (a: Dim, b: Dim): boolean =>
  typeof a === 'number' || typeof b === 'number' ? a === b : a.perItem === b.perItem;

/** Multidirectional broadcasting as ONNX and NumPy define it; `undefined` where two extents do not agree. */
export const broadcastShapes = (a: Shape, b: Shape): Shape | undefined => {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let axis = 0; axis < rank; axis++) {
    const left = a[axis - rank + a.length] ?? 1;
    const right = b[axis - rank + b.length] ?? 1;
    if (isOne(left)) result.push(right);
    else if (isOne(right) || sameDim(left, right)) result.push(left);
    else return undefined;
  }
  return result;
};
