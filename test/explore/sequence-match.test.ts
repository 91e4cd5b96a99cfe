import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Match, matchSequences, risingMatches } from '../../src/explore/sequence-match.ts';
import { patience } from '../patience.ts';

/** Length of a longest common subsequence by the textbook table, which is quadratic. */
const longestByTable = (a: readonly string[], b: readonly string[]): number => {
  const table = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  const at = (i: number, j: number): number => table[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i++) {
    for (let j = 1; j <= b.length; j++) {
      const row = table[i] as number[];
      row[j] = a[i - 1] === b[j - 1] ? at(i - 1, j - 1) + 1 : Math.max(at(i - 1, j), at(i, j - 1));
    }
  }
  return at(a.length, b.length);
};

const isRising = (pairs: readonly Match[]): boolean =>
  pairs.every(([a, b], index) => index === 0 || (a > (pairs[index - 1]?.[0] ?? 0) && b > (pairs[index - 1]?.[1] ?? 0)));

describe('matchSequences', () => {
  it('is a longest common subsequence', () => {
    const items = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 24 });
    fc.assert(
      fc.property(items, items, (a, b) => {
        const pairs = matchSequences(a, b);
        expect(isRising(pairs)).toBe(true);
        for (const [x, y] of pairs) expect(a[x]).toBe(b[y]);
        expect(pairs.length).toBe(longestByTable(a, b));
      }),
      { numRuns: 500 },
    );
  });

  it('finds one insertion in 20,000', () => {
    const a = Array.from({ length: 20_000 }, (_, index) => `layer ${index % 50}`);
    const b = [...a.slice(0, 9000), 'new', ...a.slice(9000)];
    const pairs = matchSequences(a, b);
    expect(pairs).toHaveLength(20_000);
    expect(new Set(pairs.map(([, y]) => y)).has(9000)).toBe(false);
  });

  it('takes bounded time where two long sequences have nothing in common, or everything in another order', () => {
    const a = Array.from({ length: 20_000 }, (_, index) => `a${index}`);
    const start = performance.now();
    expect(
      matchSequences(
        a,
        a.map((item) => `b${item}`),
      ),
    ).toEqual([]);
    expect(matchSequences(a, a.toReversed())).toHaveLength(20_000);
    expect(performance.now() - start).toBeLessThan(patience(500));
  });
});

describe('risingMatches', () => {
  it('keeps the most pairs that cross no other', () => {
    // Of the second sides 3 0 1 4 2 the longest rise is 0 1 4 or 0 1 2.
    const pairs = risingMatches([3, 0, 1, 4, 2].map((b, a): Match => [a, b]));
    expect(isRising(pairs)).toBe(true);
    expect(pairs).toHaveLength(3);
  });
});
