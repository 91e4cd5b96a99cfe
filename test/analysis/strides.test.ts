/** Strides, against the positions that an index really has in memory. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  channelsLastStrides,
  denseStrides,
  isChannelsLast,
  isDense,
  stridesLike,
  stridesSeenAs,
  withOneBatch,
} from '../../src/analysis/strides.ts';

type Extents = readonly number[];

/** Where every element lies, in the order of its indexes. */
const positions = (shape: Extents, strides: Extents): readonly number[] =>
  shape.reduce<readonly number[]>(
    (all, extent, axis) =>
      all.flatMap((at) => Array.from({ length: extent }, (_, index) => at + index * (strides[axis] as number))),
    [0],
  );

/** All shapes of as many elements, cut in every way into so many axes. */
const factored = (count: number, axes: number): readonly Extents[] =>
  axes === 1
    ? [[count]]
    : Array.from({ length: count }, (_, index) => index + 1)
        .filter((first) => count % first === 0)
        .flatMap((first) => factored(count / first, axes - 1).map((rest) => [first, ...rest]));

/** A dense tensor whose axes lie in memory in any order. */
const rearranged = fc
  .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
  .chain((extents) =>
    fc.record({
      extents: fc.constant(extents),
      order: fc.shuffledSubarray([...extents.keys()], { minLength: extents.length }),
    }),
  )
  .map(({ extents, order }) => ({
    shape: order.map((axis) => extents[axis] as number),
    strides: order.map((axis) => denseStrides(extents)[axis] as number),
  }));

describe('strides', () => {
  it('of a dense tensor step over all that is further in', () => {
    expect(denseStrides([2, 3, 4])).toEqual([12, 4, 1]);
    expect(denseStrides([])).toEqual([]);
    expect(channelsLastStrides([2, 3, 4, 5])).toEqual([60, 1, 15, 3]);
  });

  it('as another tensor has them keep its order of axes', () => {
    // 2 x 3 x 4 x 5 with the channels innermost, written by an operator with 6 channels.
    expect(stridesLike([2, 6, 4, 5], channelsLastStrides([2, 3, 4, 5]))).toEqual(channelsLastStrides([2, 6, 4, 5]));
    expect(stridesLike([4, 3], [1, 4])).toEqual([1, 4]);
  });

  it('tell what is dense and what is channels last, and of maps of one position that they are both', () => {
    const shape = [2, 3, 4, 5];
    expect([isDense(shape, denseStrides(shape)), isDense(shape, channelsLastStrides(shape))]).toEqual([true, false]);
    expect(isChannelsLast(shape, channelsLastStrides(shape))).toBe(true);
    expect(isChannelsLast([2, 3, 1, 1], denseStrides([2, 3, 1, 1]))).toBe(true);
    expect(isDense([2, 3, 1, 1], channelsLastStrides([2, 3, 1, 1]))).toBe(true);
    expect(isChannelsLast([2, 3, 4], denseStrides([2, 3, 4]))).toBe(false);
  });

  it('take the axes before a matrix as one', () => {
    expect(withOneBatch([2, 3, 4, 5])).toEqual([6, 4, 5]);
    expect(withOneBatch([4, 5])).toEqual([1, 4, 5]);
  });

  it('under another shape reach the same elements in the same order', () => {
    fc.assert(
      fc.property(rearranged, fc.integer({ min: 1, max: 4 }), ({ shape, strides }, axes) => {
        const count = shape.reduce((product, extent) => product * extent, 1);
        for (const target of factored(count, axes)) {
          const seen = stridesSeenAs(shape, strides, target);
          if (seen !== undefined) expect(positions(target, seen)).toEqual(positions(shape, strides));
        }
      }),
    );
  });

  it('are found wherever there are some', () => {
    fc.assert(
      fc.property(rearranged, fc.integer({ min: 1, max: 3 }), ({ shape, strides }, axes) => {
        const count = shape.reduce((product, extent) => product * extent, 1);
        const wanted = positions(shape, strides);
        for (const target of factored(count, axes)) {
          // If any do, those do that the second element along each axis has.
          const only = target.map((extent, axis) =>
            extent === 1 ? 0 : (wanted[denseStrides(target)[axis] as number] as number),
          );
          const exist = positions(target, only).every((at, index) => at === wanted[index]);
          expect([target, stridesSeenAs(shape, strides, target) !== undefined]).toEqual([target, exist]);
        }
      }),
    );
  });
});
