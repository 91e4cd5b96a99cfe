/** Strides of tensors, and what can be seen of them under another shape without a copy. Extents and strides are in elements. */

type Extents = readonly number[];

/** Elements from one position to the next along each axis, of a tensor whose axes lie in their own order. */
export const denseStrides = (shape: Extents): Extents => {
  const strides: number[] = [];
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis] as number;
  }
  return strides;
};

/** Dense, with axes in memory as strides of another tensor have them, the largest first. */
export const stridesLike = (shape: Extents, other: Extents): Extents => {
  const order = [...shape.keys()].sort((a, b) => (other[b] as number) - (other[a] as number) || a - b);
  const strides: number[] = [];
  let step = 1;
  for (const axis of order.reverse()) {
    strides[axis] = step;
    step *= shape[axis] as number;
  }
  return strides;
};

/** N x channels x height x width with the channels innermost in memory. */
export const channelsLastStrides = (shape: Extents): Extents => {
  const [, channels = 1, height = 1, width = 1] = shape;
  return [channels * height * width, 1, channels * width, channels];
};

/** How strides step over an axis of one position does not matter. */
const sameWhereItMatters = (shape: Extents, a: Extents, b: Extents): boolean =>
  shape.every((extent, axis) => extent === 1 || a[axis] === b[axis]);

export const isDense = (shape: Extents, strides: Extents): boolean =>
  sameWhereItMatters(shape, strides, denseStrides(shape));

/** Maps of one position are so in either order. */
export const isChannelsLast = (shape: Extents, strides: Extents): boolean =>
  shape.length === 4 && sameWhereItMatters(shape, strides, channelsLastStrides(shape));

/**
 * Strides under another shape of as many elements, or `undefined` where that takes a copy. Neighbouring axes of which the
 * outer one steps over exactly what the inner one spans are one run; the new axes have to cut runs at their ends.
 */
export const stridesSeenAs = (shape: Extents, strides: Extents, target: Extents): Extents | undefined => {
  const axes = [...shape.keys()].filter((axis) => shape[axis] !== 1);
  const found: number[] = target.map(() => 1);
  let at = target.length;
  let run = 1;
  let step = axes.length === 0 ? 1 : (strides[axes.at(-1) as number] as number);
  for (let place = axes.length - 1; place >= 0; place--) {
    const [axis, outer] = [axes[place] as number, axes[place - 1]];
    run *= shape[axis] as number;
    if (outer !== undefined && strides[outer] === (strides[axis] as number) * (shape[axis] as number)) continue;
    let covered = 1;
    while (at > 0 && (covered < run || target[at - 1] === 1)) {
      at--;
      found[at] = step * covered;
      covered *= target[at] as number;
    }
    if (covered !== run) return undefined;
    run = 1;
    step = outer === undefined ? 1 : (strides[outer] as number);
  }
  return target.slice(0, at).every((extent) => extent === 1) ? found : undefined;
};

/** As libraries take batches of matrices: all axes before the last two as one. */
export const withOneBatch = (shape: Extents): Extents => [
  shape.slice(0, -2).reduce((product, extent) => product * extent, 1),
  ...shape.slice(-2),
];
