/** Nearest known names for a name that is not known (Damerau-Levenshtein distance). */
const distance = (a: string, b: string): number => {
  const rows = a.length + 1;
  const columns = b.length + 1;
  const table = new Uint16Array(rows * columns);
  for (let i = 0; i < rows; i++) table[i * columns] = i;
  for (let j = 0; j < columns; j++) table[j] = j;
  const at = (i: number, j: number): number => table[i * columns + j] ?? 0;
  for (let i = 1; i < rows; i++) {
    for (let j = 1; j < columns; j++) {
      const substitution = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + substitution);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, at(i - 2, j - 2) + 1);
      table[i * columns + j] = best;
    }
  }
  return at(rows - 1, columns - 1);
};

const normal = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Up to `limit` names near `name`, nearest first; none when nothing is near. */
export const nearestNames = (name: string, known: Iterable<string>, limit = 3): readonly string[] => {
  const wanted = normal(name.slice(0, 64));
  const scored: { readonly candidate: string; readonly score: number }[] = [];
  for (const candidate of known) {
    const plain = normal(candidate);
    const contained = wanted.length >= 3 && (plain.includes(wanted) || wanted.includes(plain));
    const score = contained ? Math.abs(plain.length - wanted.length) / 4 : distance(wanted, plain);
    if (contained || score <= Math.max(2, wanted.length / 3)) scored.push({ candidate, score });
  }
  scored.sort((x, y) => x.score - y.score || (x.candidate < y.candidate ? -1 : 1));
  return scored.slice(0, limit).map(({ candidate }) => candidate);
};
