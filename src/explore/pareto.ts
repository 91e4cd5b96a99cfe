/** Points that no other point beats: at least as good in every objective and better in one. */
export interface Objective<Point> {
  readonly goal: 'minimize' | 'maximize';
  value(point: Point): number;
}

/** The non-dominated points, in the order of the first objective, best first. Quadratic: for tables, not for sweeps. */
export const paretoFront = <Point>(
  points: readonly Point[],
  objectives: readonly Objective<Point>[],
): readonly Point[] => {
  const costs = points.map((point) =>
    objectives.map((objective) => (objective.goal === 'minimize' ? 1 : -1) * objective.value(point)),
  );
  const dominates = (a: readonly number[], b: readonly number[]): boolean =>
    a.every((value, i) => value <= (b[i] as number)) && a.some((value, i) => value < (b[i] as number));
  return points
    .map((point, index) => ({ point, cost: costs[index] as readonly number[] }))
    .filter(({ cost }) => cost.every(Number.isFinite) && !costs.some((other) => dominates(other, cost)))
    .sort((a, b) => (a.cost[0] as number) - (b.cost[0] as number))
    .map(({ point }) => point);
};
