import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCounts, CountOverflowError, countAt, scaleCount, sumCounts, ZERO_COUNT } from '../../src/units/count.ts';

const fixedCount = (fixed: number) => ({ fixed, perItem: 0 });
const perItemCount = (perItem: number) => ({ fixed: 0, perItem });

const LARGEST = Number.MAX_SAFE_INTEGER;
const count = fc.record({ fixed: fc.nat(1e9), perItem: fc.nat(1e9) });

describe('counts', () => {
  it('are affine in the batch', () => {
    const weightsAndActivations = addCounts(fixedCount(7), perItemCount(5));
    expect(countAt(weightsAndActivations, 1)).toBe(12);
    expect(countAt(weightsAndActivations, 64)).toBe(7 + 5 * 64);
    expect(countAt(ZERO_COUNT, 64)).toBe(0);
  });

  it('add and scale like the integers that they are', () => {
    fc.assert(
      fc.property(
        fc.array(count, { maxLength: 8 }),
        fc.nat(1000),
        fc.integer({ min: 1, max: 256 }),
        (counts, factor, batch) => {
          const exact = counts.reduce(
            (sum, { fixed, perItem }) => sum + BigInt(fixed) + BigInt(perItem) * BigInt(batch),
            0n,
          );
          expect(BigInt(countAt(sumCounts(counts), batch))).toBe(exact);
          expect(countAt(counts.reduce(addCounts, ZERO_COUNT), batch)).toBe(Number(exact));
          expect(BigInt(countAt(scaleCount(sumCounts(counts), factor), batch))).toBe(exact * BigInt(factor));
        },
      ),
    );
  });

  it('stay exact up to 2^53 - 1', () => {
    expect(countAt(addCounts(fixedCount(LARGEST - 3), perItemCount(3)), 1)).toBe(LARGEST);
  });

  it.each([
    ['added', () => addCounts(fixedCount(LARGEST), fixedCount(1))],
    ['scaled', () => scaleCount(perItemCount(2 ** 40), 2 ** 20)],
    ['summed', () => sumCounts([perItemCount(LARGEST), perItemCount(LARGEST)])],
    ['evaluated', () => countAt(perItemCount(2 ** 50), 16)],
  ])('refuse overflow when %s', (_, overflow) => {
    expect(overflow).toThrow(CountOverflowError);
  });

  it('carry a code, so that the edge can make the sentence', () => {
    try {
      countAt(perItemCount(2 ** 50), 16);
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'count-overflow' });
    }
  });
});
