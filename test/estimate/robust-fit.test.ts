/** Least robust error over a few parameters, on problems whose answer is known. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RobustProblem, robustFit } from '../../src/estimate/robust-fit.ts';

const problem = (
  parameters: number,
  residuals: number,
  evaluate: RobustProblem['evaluate'],
  more: Partial<RobustProblem> = {},
): RobustProblem => ({ parameters, residuals, evaluate, squareBelow: 0.05, farthest: 10, ...more });

/** y = 1 + 2 x at 0, 0.1, ... 1.9, with something added to some of them. */
const line = (errors: Readonly<Record<number, number>> = {}) =>
  Array.from({ length: 20 }, (_, i) => ({ x: i / 10, y: 1 + (2 * i) / 10 + (errors[i] ?? 0) }));

const lineThrough = (points: ReturnType<typeof line>): RobustProblem =>
  problem(2, points.length, ([offset, slope], out) => {
    points.forEach(({ x, y }, i) => {
      out[i] = (offset as number) + (slope as number) * x - y;
    });
  });

describe('a line', () => {
  it('through points on it is found exactly', () => {
    const { parameters, loss } = robustFit(lineThrough(line()));
    expect(parameters[0]).toBeCloseTo(1, 6);
    expect(parameters[1]).toBeCloseTo(2, 6);
    expect(loss).toBeCloseTo(0, 9);
  });

  it('is found beside outliers: four points of twenty a hundred too high', () => {
    // Their mean alone would lift a line of least squares by 100 x 4 / 20 = 20.
    const { parameters } = robustFit(lineThrough(line({ 3: 100, 8: 100, 12: 100, 19: 100 })));
    expect(Math.abs((parameters[0] as number) - 1)).toBeLessThan(0.05);
    expect(Math.abs((parameters[1] as number) - 2)).toBeLessThan(0.05);
  });

  it('counts outliers by their size: twice as far is no stronger a pull', () => {
    const fitted = (error: number) => robustFit(lineThrough(line({ 3: error, 8: error }))).parameters;
    const [near, far] = [fitted(100), fitted(200)];
    expect(far[0]).toBeCloseTo(near[0] as number, 3);
    expect(far[1]).toBeCloseTo(near[1] as number, 3);
  });

  it('small errors are squares: the mean of two points, not either of them', () => {
    // 0.01 and 0.03, well below 0.05 apart: least squares says 0.02, least sums anything between.
    const two = problem(1, 2, ([at], out) => {
      out[0] = (at as number) - 0.01;
      out[1] = (at as number) - 0.03;
    });
    expect(robustFit(two).parameters[0]).toBeCloseTo(0.02, 6);
  });

  it('of three points of which one is far is a median: near the two, not at the mean', () => {
    const three = problem(1, 3, ([at], out) => {
      [0, 0, 9].forEach((value, i) => {
        out[i] = (at as number) - value;
      });
    });
    // Slopes balance where 2 (a / s) / sqrt(1 + (a / s)^2) = 1, a = s / sqrt(3) = 0.0289, the far one pulling with 1.
    expect(robustFit(three).parameters[0]).toBeCloseTo(0.05 / Math.sqrt(3), 3);
  });

  it('says the loss where it ends: the sum of sqrt(1 + (r / s)^2) - 1', () => {
    const { parameters, loss } = robustFit(lineThrough(line({ 5: 1, 6: -0.3 })));
    const [offset, slope] = parameters as unknown as [number, number];
    const expected = line({ 5: 1, 6: -0.3 }).reduce(
      (sum, { x, y }) => sum + Math.sqrt(1 + ((offset + slope * x - y) / 0.05) ** 2) - 1,
      0,
    );
    expect(loss).toBeCloseTo(expected, 9);
  });
});

describe('a step that makes it worse', () => {
  it('is taken back and tried shorter', () => {
    // The slope of atan(5 (p - 1)) at 0 is 5 / 26 and its value -1.37, so the first step, damped by 1.1, leads to
    // 1.37 x 26 / 5 / 1.1 = 6.5, where atan(27) = 1.53 is worse than 1.37.
    const tried: number[] = [];
    const { parameters } = robustFit(
      problem(1, 1, ([at], out) => {
        tried.push(at as number);
        out[0] = Math.atan(5 * ((at as number) - 1));
      }),
    );
    expect(tried.some((at) => Math.abs(Math.atan(5 * (at - 1))) > Math.atan(5))).toBe(true);
    expect(parameters[0]).toBeCloseTo(1, 4);
  });

  it('never is where it ends: no fit is worse than the start', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: -3, max: 3, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true })), {
          minLength: 1,
          maxLength: 8,
        }),
        (terms) => {
          const wavy = problem(2, terms.length, ([a, b], out) => {
            terms.forEach(([p, q], i) => {
              out[i] = Math.sin(p * (a as number) + 1) * (b as number) + q;
            });
          });
          const atStart = terms.reduce((sum, [, q]) => sum + Math.sqrt(1 + (q / 0.05) ** 2) - 1, 0);
          expect(robustFit(wavy).loss).toBeLessThanOrEqual(atStart);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('nor is a residual that is no number', () => {
    // Beyond 1 there is nothing: the square root of a negative number.
    const { parameters } = robustFit(
      problem(1, 1, ([at], out) => {
        out[0] = Math.sqrt(1 - (at as number)) - 0.5;
      }),
    );
    expect(parameters[0]).toBeCloseTo(0.75, 4);
  });
});

describe('bounds', () => {
  it.each([
    [3, 2],
    [-3, -2],
    [1.5, 1.5],
  ])('a minimum at %f is looked for within 2 of where it starts: %f', (minimum, found) => {
    const tried: number[] = [];
    const { parameters } = robustFit(
      problem(
        1,
        1,
        ([at], out) => {
          tried.push(at as number);
          out[0] = (at as number) - minimum;
        },
        { farthest: 2 },
      ),
    );
    expect(parameters[0]).toBeCloseTo(found, 6);
    // But for the thousandth of a step that tells the slope.
    for (const at of tried) expect(Math.abs(at)).toBeLessThan(2.001);
  });

  it('hold one parameter and leave the others free', () => {
    const { parameters } = robustFit(
      problem(
        2,
        2,
        ([a, b], out) => {
          out[0] = (a as number) - 9;
          out[1] = (b as number) - 1;
        },
        { farthest: 2 },
      ),
    );
    expect([...parameters]).toEqual([2, expect.closeTo(1, 3)]);
  });

  it('a parameter that changes nothing stays where it was', () => {
    const { parameters } = robustFit(
      problem(2, 1, ([a], out) => {
        out[0] = (a as number) - 1;
      }),
    );
    expect([...parameters]).toEqual([expect.closeTo(1, 5), 0]);
  });
});
