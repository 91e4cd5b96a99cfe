/** Least robust error over a few parameters: Levenberg-Marquardt with reweighted residuals. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';

export interface RobustProblem {
  readonly parameters: number;
  readonly residuals: number;
  /** Fills `out` with the residuals at the parameters. */
  evaluate(parameters: Float64Array, out: Float64Array): void;
  /** Residuals below this count as squares, those above by their size. */
  readonly squareBelow: number;
  /** No parameter leaves [-farthest, farthest]. */
  readonly farthest: number;
}

export interface RobustFit {
  readonly parameters: Float64Array;
  readonly loss: number;
}

const STEP = 1e-4;
const MAX_STEPS = 60;
const FIRST_DAMPING = 0.1;
const LARGEST_DAMPING = 1e6;
const SMALLEST_GAIN = 1e-5;

/** Sum of sqrt(1 + (r / s)^2) - 1, the smooth form of the absolute error. */
const lossOf = (residuals: Float64Array, scale: number): number => {
  let sum = 0;
  for (const residual of residuals) sum += Math.sqrt(1 + (residual / scale) ** 2) - 1;
  return sum;
};

/** From parameters of 0. A step that makes the loss larger is taken back and tried shorter. */
export const robustFit = (problem: RobustProblem): RobustFit => {
  const { parameters: count, residuals: length, squareBelow, farthest } = problem;
  let current = new Float64Array(count);
  let residuals = new Float64Array(length);
  problem.evaluate(current, residuals);
  let loss = lossOf(residuals, squareBelow);
  let damping = FIRST_DAMPING;
  const slopes = Array.from({ length: count }, () => new Float64Array(length));
  for (let step = 0; step < MAX_STEPS; step++) {
    const { hessian, gradient } = normalEquations(problem, current, residuals, slopes);
    let gain = 0;
    while (gain === 0 && damping < LARGEST_DAMPING) {
      const damped = hessian.clone();
      for (let i = 0; i < count; i++) damped.set(i, i, hessian.get(i, i) * (1 + damping) + Number.EPSILON);
      const move = new CholeskyDecomposition(damped).solve(gradient);
      const next = current.map((value, i) => Math.max(-farthest, Math.min(farthest, value - move.get(i, 0))));
      const there = new Float64Array(length);
      problem.evaluate(next, there);
      const nextLoss = lossOf(there, squareBelow);
      if (nextLoss < loss) {
        gain = loss - nextLoss;
        current = next;
        residuals = there;
        loss = nextLoss;
        damping /= 4;
      } else damping *= 4;
    }
    if (gain < loss * SMALLEST_GAIN) break;
  }
  return { parameters: current, loss };
};

const normalEquations = (
  { parameters: count, residuals: length, squareBelow, evaluate }: RobustProblem,
  at: Float64Array,
  residuals: Float64Array,
  slopes: readonly Float64Array[],
) => {
  // The weight under which a square has the slope of the robust loss.
  const weights = residuals.map((residual) => 1 / Math.sqrt(1 + (residual / squareBelow) ** 2));
  const moved = Float64Array.from(at);
  for (let i = 0; i < count; i++) {
    const column = slopes[i] as Float64Array;
    moved[i] = (at[i] as number) + STEP;
    evaluate(moved, column);
    moved[i] = at[i] as number;
    for (let row = 0; row < length; row++) column[row] = ((column[row] as number) - (residuals[row] as number)) / STEP;
  }
  const hessian = Matrix.zeros(count, count);
  const gradient = Matrix.zeros(count, 1);
  for (let i = 0; i < count; i++) {
    const left = slopes[i] as Float64Array;
    for (let j = i; j < count; j++) {
      const right = slopes[j] as Float64Array;
      let sum = 0;
      for (let row = 0; row < length; row++) {
        sum += (left[row] as number) * (weights[row] as number) * (right[row] as number);
      }
      hessian.set(i, j, sum);
      hessian.set(j, i, sum);
    }
    let sum = 0;
    for (let row = 0; row < length; row++) {
      sum += (left[row] as number) * (weights[row] as number) * (residuals[row] as number);
    }
    gradient.set(i, 0, sum);
  }
  return { hessian, gradient };
};
