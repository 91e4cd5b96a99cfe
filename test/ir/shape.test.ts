import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dim, Shape } from '../../src/ir/graph.ts';
import { atBatch, BATCH, broadcastShapes, elementCount, formatShape, shapeAt } from '../../src/ir/shape.ts';
import { perItem } from '../ops/one-operator.ts';

const N: Dim = BATCH;

describe('elementCount', () => {
  it('is fixed for weights and per item for activations', () => {
    expect(elementCount([64, 3, 7, 7])).toEqual(9408);
    expect(elementCount([N, 3, 224, 224])).toEqual(perItem(150_528));
    expect(elementCount([perItem(4), 10])).toEqual(perItem(40));
    expect(elementCount([])).toEqual(1);
    expect(elementCount([N, 0])).toEqual(0);
  });

  it('is a polynomial where the batch stands twice', () => {
    expect(atBatch(elementCount([N, 3, N]), 5)).toBe(75);
  });

  it('is the product of the extents at every batch', () => {
    const extents = fc.array(fc.integer({ min: 1, max: 64 }), { maxLength: 4 });
    fc.assert(
      fc.property(extents, fc.nat(4), fc.integer({ min: 1, max: 64 }), (rest, position, batch) => {
        const shape: Dim[] = [...rest];
        shape.splice(position, 0, N);
        expect(atBatch(elementCount(shape), batch)).toBe(shapeAt(shape, batch).reduce((a, b) => a * b, 1));
      }),
    );
  });
});

describe('shapes at a batch', () => {
  it('put the batch in', () => {
    expect(shapeAt([N, 3, perItem(2)], 8)).toEqual([8, 3, 16]);
    expect(atBatch(5, 8)).toBe(5);
  });

  it('print with N for the batch', () => {
    expect(formatShape([N, 64, 56, 56])).toBe('N×64×56×56');
    expect(formatShape([perItem(197), 768])).toBe('197*N×768');
  });
});

describe('broadcastShapes', () => {
  const cases: readonly (readonly [Shape, Shape, Shape | undefined])[] = [
    [
      [N, 96, 56, 56],
      [N, 96, 1, 1],
      [N, 96, 56, 56],
    ],
    [
      [N, 96, 1, 1],
      [N, 96, 56, 56],
      [N, 96, 56, 56],
    ],
    [[N, 8], [], [N, 8]],
    [[8], [N, 4, 1], [N, 4, 8]],
    [
      [1, 5],
      [4, 1],
      [4, 5],
    ],
    // A fixed 1 stretches to the batch; a fixed 3 is not the batch, whatever N happens to be.
    [
      [1, 7],
      [N, 7],
      [N, 7],
    ],
    [[3, 7], [N, 7], undefined],
    [[N, 3], [N, 4], undefined],
    [[perItem(2), 3], [N, 3], undefined],
  ];
  it.each(cases)('%j with %j is %j', (a, b, result) => {
    expect(broadcastShapes(a, b)).toEqual(result);
  });

  it('does not depend on the order of the operands', () => {
    for (const [a, b] of cases) expect(broadcastShapes(a, b)).toEqual(broadcastShapes(b, a));
  });
});
