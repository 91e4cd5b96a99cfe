import { CountOverflowError } from './count.ts';
import { add, exact, multiply, negate, polynomial, subtract, sum } from './integer-arithmetic.ts';
import {
  ExpressionLimitError,
  type Factor,
  type Integer,
  isExpression,
  single,
  type Term,
} from './integer-expression.ts';

/**
 * What can be proved of an expression when every symbol is at least 1, as the extent of a tensor that holds anything
 * is. Sound but not complete: an unproved order is undefined, never guessed.
 */

/** Terms formed for one question; nested atoms could otherwise ask exponentially many. */
const MAX_STEPS = 5_000;
/** Past these the shift of every symbol by 1 is not expanded. */
const MAX_EXPANDED_DEGREE = 8;
const MAX_EXPANDED_TERMS = 64;

interface Budget {
  steps: number;
}

const negated = (bound: number): number => 0 - bound;

const lower = (value: Integer, budget: Budget): number => {
  if (!isExpression(value)) return value;
  budget.steps -= value.terms.length;
  if (budget.steps < 0) return -Infinity;
  if (value.terms.every((term) => term.coefficient > 0 && term.factors.every(({ kind }) => kind === 'symbol'))) {
    return value.terms.reduce((total, { coefficient }) => exact(total + coefficient), value.constant);
  }
  return Math.max(lowerByFactors(value, budget), lowerByAtom(value, budget));
};
const upper = (value: Integer, budget: Budget): number => negated(lower(negate(value), budget));

const factorLower = (factor: Factor, budget: Budget): number => {
  switch (factor.kind) {
    case 'symbol':
      return 1;
    case 'floor': {
      const least = lower(factor.numerator, budget);
      if (!isExpression(factor.divisor)) return Math.floor(least / factor.divisor);
      return least >= 0 && lower(factor.divisor, budget) >= 1 ? 0 : -Infinity;
    }
    case 'max':
      return Math.max(...factor.operands.map((operand) => lower(operand, budget)));
    case 'min':
      return Math.min(...factor.operands.map((operand) => lower(operand, budget)));
  }
};
const factorUpper = (factor: Factor, budget: Budget): number => {
  switch (factor.kind) {
    case 'symbol':
      return Infinity;
    case 'floor':
      return isExpression(factor.divisor) ? Infinity : Math.floor(upper(factor.numerator, budget) / factor.divisor);
    case 'max':
      return Math.max(...factor.operands.map((operand) => upper(operand, budget)));
    case 'min':
      return Math.min(...factor.operands.map((operand) => upper(operand, budget)));
  }
};

/**
 * Writes every factor as its least value plus an amount of at least 0 (the factor itself stands for that amount):
 * H*W - H with H = 1 + h and W = 1 + w is w + h*w, which is at least 0.
 */
const lowerByFactors = (value: Integer, budget: Budget): number => {
  if (!isExpression(value) || value.terms.length > MAX_EXPANDED_TERMS) return -Infinity;
  const least = new Map<string, number>();
  for (const { factors } of value.terms) {
    if (factors.length > MAX_EXPANDED_DEGREE) return -Infinity;
    for (const factor of factors) {
      if (!least.has(factor.key)) least.set(factor.key, factorLower(factor, budget));
      if (least.get(factor.key) === -Infinity) return -Infinity;
    }
    budget.steps -= 2 ** factors.length;
  }
  if (budget.steps < 0) return -Infinity;
  const shifted = sum([
    value.constant,
    ...value.terms.map(({ coefficient, factors }) =>
      factors.reduce<Integer>(
        (result, factor) => multiply(result, single(factor, 1, least.get(factor.key))),
        coefficient,
      ),
    ),
  ]);
  if (!isExpression(shifted)) return shifted;
  let bound = shifted.constant;
  for (const { coefficient, factors } of shifted.terms) {
    if (coefficient > 0) continue;
    for (const factor of factors) if (factorUpper(factor, budget) === Infinity) return -Infinity;
    const part = factors.reduce(
      (result, factor) => exact(result * (factorUpper(factor, budget) - (least.get(factor.key) ?? 0))),
      coefficient,
    );
    bound = exact(bound + part);
  }
  return bound;
};

/** Replaces one atom by what bounds it: (n - d + 1)/d <= floor(n/d) <= n/d, and each operand of a max or a min. */
const lowerByAtom = (value: Integer, budget: Budget): number => {
  if (!isExpression(value)) return value;
  for (const term of value.terms) {
    const [factor] = term.factors;
    if (factor === undefined || factor.kind === 'symbol' || term.factors.length !== 1) continue;
    const rest = withoutTerm(value.constant, value.terms, term);
    const { coefficient } = term;
    if (factor.kind !== 'floor') {
      const bounds = factor.operands.map((operand) => lower(add(rest, multiply(operand, coefficient)), budget));
      return (factor.kind === 'max') === coefficient > 0 ? Math.max(...bounds) : Math.min(...bounds);
    }
    const { numerator, divisor } = factor;
    if (isExpression(divisor)) continue;
    const bound = coefficient > 0 ? subtract(numerator, divisor - 1) : numerator;
    return Math.ceil(lower(add(multiply(rest, divisor), multiply(bound, coefficient)), budget) / divisor);
  }
  return -Infinity;
};

const withoutTerm = (constant: number, terms: readonly Term[], left: Term): Integer =>
  polynomial(
    constant,
    terms.filter((term) => term !== left),
  );

/** The least value that can be proved; -Infinity where none can, or where the proof leaves the exact integers. */
const provedLeast = (value: () => Integer): number => {
  try {
    const bound = lower(value(), { steps: MAX_STEPS });
    return Number.isNaN(bound) ? -Infinity : bound;
  } catch (error) {
    if (error instanceof CountOverflowError || error instanceof ExpressionLimitError) return -Infinity;
    throw error;
  }
};

/** Whether a is provably at least b where every symbol is at least 1. */
export const isAtLeast = (a: Integer, b: Integer): boolean => provedLeast(() => subtract(a, b)) >= 0;

/** Whether the value is above 0 (true) or at most 0 (false) wherever every symbol is at least 1; else undefined. */
export const isPositive = (a: Integer): boolean | undefined => {
  if (!isExpression(a)) return a > 0;
  if (provedLeast(() => a) >= 1) return true;
  return provedLeast(() => negate(a)) >= 0 ? false : undefined;
};

/** The sign of a - b where it is the same for all symbols of at least 1; undefined where that is not proved. */
export const compareIntegers = (a: Integer, b: Integer): -1 | 0 | 1 | undefined => {
  if (!isExpression(a) && !isExpression(b)) return a < b ? -1 : a > b ? 1 : 0;
  if (isExpression(a) && isExpression(b) && a.key === b.key) return 0;
  if (provedLeast(() => subtract(a, b)) >= 1) return 1;
  return provedLeast(() => subtract(b, a)) >= 1 ? -1 : undefined;
};
