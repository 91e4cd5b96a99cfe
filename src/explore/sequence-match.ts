/** Two sequences laid beside each other: what they have in common, in order, in bounded time and memory. */

export type Match = readonly [a: number, b: number];

/**
 * Differences that an exact comparison may have. It takes time and memory with their square, which at 2,000 is a few
 * million steps; sequences further apart are laid beside each other item by item.
 */
const MAX_DIFFERENCES = 2000;

/**
 * The way from (0, 0) to the ends by as few insertions and deletions as there are (Myers 1986, "An O(ND) difference
 * algorithm and its variations"); `undefined` where that is more than MAX_DIFFERENCES.
 */
const shortestEdit = (a: readonly number[], b: readonly number[]): readonly Match[] | undefined => {
  const [n, m] = [a.length, b.length];
  const most = Math.min(n + m, MAX_DIFFERENCES);
  const furthest = new Int32Array(2 * most + 3);
  const middle = most + 1;
  const trace: Int32Array[] = [];
  for (let d = 0; d <= most; d++) {
    // Of this round only the diagonals -d..d are ever read again.
    trace.push(furthest.slice(middle - d - 1, middle + d + 2));
    for (let k = -d; k <= d; k += 2) {
      const down = k === -d || (k !== d && at(furthest, middle + k - 1) < at(furthest, middle + k + 1));
      let x = down ? at(furthest, middle + k + 1) : at(furthest, middle + k - 1) + 1;
      while (x < n && x - k < m && a[x] === b[x - k]) x += 1;
      furthest[middle + k] = x;
      if (x >= n && x - k >= m) return matchesAlong(trace, n, m);
    }
  }
  return undefined;
};

const at = (values: Int32Array, index: number): number => values[index] as number;

const matchesAlong = (trace: readonly Int32Array[], n: number, m: number): readonly Match[] => {
  const found: Match[] = [];
  let [x, y] = [n, m];
  for (let d = trace.length - 1; d >= 0; d--) {
    const before = trace[d] as Int32Array;
    // Place of diagonal k in what was kept of this round.
    const of = (k: number): number => at(before, k + d + 1);
    const k = x - y;
    const down = k === -d || (k !== d && of(k - 1) < of(k + 1));
    const fromK = down ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : of(fromK);
    const fromY = d === 0 ? 0 : fromX - fromK;
    const startX = d === 0 ? 0 : down ? fromX : fromX + 1;
    while (x > startX && y > 0) {
      x -= 1;
      y -= 1;
      found.push([x, y]);
    }
    [x, y] = [fromX, fromY];
  }
  return found.reverse();
};

/** The k-th item of a kind beside the k-th of it, whatever stands between them. */
const byOccurrence = (a: readonly number[], b: readonly number[]): readonly Match[] => {
  const places = new Map<number, number[]>();
  b.forEach((item, index) => {
    const known = places.get(item);
    if (known === undefined) places.set(item, [index]);
    else known.push(index);
  });
  const used = new Map<number, number>();
  return a.flatMap((item, index): readonly Match[] => {
    const next = used.get(item) ?? 0;
    const place = places.get(item)?.[next];
    if (place === undefined) return [];
    used.set(item, next + 1);
    return [[index, place]];
  });
};

/** Pairs of equal items: a longest common subsequence, or where the two are far apart and long, item by item of a kind. */
export const matchSequences = (a: readonly string[], b: readonly string[]): readonly Match[] => {
  const numbers = new Map<string, number>();
  const numbered = (items: readonly string[]): readonly number[] =>
    items.map((item) => {
      const known = numbers.get(item) ?? numbers.size;
      numbers.set(item, known);
      return known;
    });
  const [left, right] = [numbered(a), numbered(b)];
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  const [innerA, innerB] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  const inner = shortestEdit(innerA, innerB) ?? byOccurrence(innerA, innerB);
  return [
    ...Array.from({ length: start }, (_, index): Match => [index, index]),
    ...inner.map(([x, y]): Match => [x + start, y + start]),
    ...Array.from({ length: end }, (_, index): Match => [left.length - end + index, right.length - end + index]),
  ];
};

/** The longest of the pairs that rise on both sides (patience sorting); the pairs come ordered by their first side. */
export const risingMatches = (pairs: readonly Match[]): readonly Match[] => {
  const tails: number[] = [];
  const before = new Int32Array(pairs.length).fill(-1);
  pairs.forEach(([, b], index) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((pairs[tails[middle] as number] as Match)[1] < b) low = middle + 1;
      else high = middle;
    }
    if (low > 0) before[index] = tails[low - 1] as number;
    tails[low] = index;
  });
  const found: Match[] = [];
  for (let index = tails.at(-1) ?? -1; index >= 0; index = before[index] as number) found.push(pairs[index] as Match);
  return found.reverse();
};
