import { CountOverflowError } from './count.ts';
import {
  add,
  allTerms,
  exact,
  fromTerms,
  mergeTerms,
  multiply,
  negate,
  polynomial,
  scaleTerms,
  subtract,
} from './integer-arithmetic.ts';
import { isPositive } from './integer-bounds.ts';
import {
  compareFactors,
  Expression,
  ExpressionLimitError,
  type Factor,
  floorAtom,
  type Integer,
  isExpression,
  type Term,
} from './integer-expression.ts';

/** Thrown where a divisor is 0. */
export class DivisionByZeroError extends RangeError {
  readonly code = 'division-by-zero';
}

/** Division of polynomials with integer coefficients: exact where it can be, an atom floor(a/b) where not. */

/** Terms that one long division may handle; the number of steps is that of the terms of the quotient. */
const MAX_TERMS_HANDLED = 50_000;

const gcd = (a: number, b: number): number => {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y !== 0) [x, y] = [y, x % y];
  return x;
};

/** The factors of a without those of b, or undefined where b has one that a lacks. Both sorted. */
const divideMonomials = (a: readonly Factor[], b: readonly Factor[]): readonly Factor[] | undefined => {
  if (b.length === 0) return a;
  const rest: Factor[] = [];
  let next = 0;
  for (const factor of a) {
    const divisor = b[next];
    if (divisor !== undefined && compareFactors(factor, divisor) === 0) next++;
    else rest.push(factor);
  }
  return next === b.length ? rest : undefined;
};

const commonFactors = (a: readonly Factor[], b: readonly Factor[]): readonly Factor[] => {
  const common: Factor[] = [];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    const order = compareFactors(a[i] as Factor, b[j] as Factor);
    if (order === 0) common.push(a[i] as Factor);
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  return common;
};

const divideTerm = (a: Term, b: Term): Term | undefined => {
  if (a.coefficient % b.coefficient !== 0) return undefined;
  const factors = divideMonomials(a.factors, b.factors);
  return factors && { coefficient: a.coefficient / b.coefficient + 0, factors };
};

const longDivision = (a: Integer, b: Integer): Integer | undefined => {
  const divisor = allTerms(b);
  const leading = divisor[0] as Term;
  const quotient: Term[] = [];
  let rest = allTerms(a);
  for (let handled = 0; handled < MAX_TERMS_HANDLED; handled += rest.length + divisor.length) {
    const first = rest[0];
    if (first === undefined) return fromTerms(quotient);
    const term = divideTerm(first, leading);
    if (term === undefined) return undefined;
    quotient.push(term);
    rest = mergeTerms(rest, scaleTerms(divisor, { coefficient: -term.coefficient, factors: term.factors }));
  }
  return undefined;
};

/**
 * a / b, where b divides a as a polynomial with integer coefficients (then it is right for all values of the symbols
 * at which b is not 0); undefined where it does not, or where the division is too large to finish. Long division in a
 * monomial order finds every such quotient.
 */
export const divideExactly = (a: Integer, b: Integer): Integer | undefined => {
  refuseZero(b);
  if (!isExpression(a) && !isExpression(b)) return a % b === 0 ? exact(a / b) : undefined;
  if (!isExpression(a)) return a === 0 ? 0 : undefined;
  if (b === 1) return a;
  try {
    return longDivision(a, b);
  } catch (error) {
    // A remainder on the way left the exact integers: not divisible within them.
    if (error instanceof CountOverflowError || error instanceof ExpressionLimitError) return undefined;
    throw error;
  }
};

const refuseZero = (b: Integer): void => {
  if (b === 0) throw new DivisionByZeroError('division by zero');
};

/** floor(a / b). */
export const floorDivide = (a: Integer, b: Integer): Integer => {
  refuseZero(b);
  if (isExpression(b)) return divideByExpression(a, b);
  // Exact for safe integers: the rounding of a / b never reaches the next integer.
  if (!isExpression(a)) return exact(Math.floor(exact(a) / exact(b)));
  if (b === 1) return a;
  return b < 0 ? floorDivide(negate(a), -b) : divideByNumber(a, b);
};

/** By a number of at least 2: whole multiples leave the floor, common divisors cancel, floors inside are merged. */
const divideByNumber = (a: Expression, b: number): Integer => {
  const whole: Term[] = [];
  const parts: Term[] = [];
  let common = b;
  for (const { coefficient, factors } of a.terms) {
    const quotient = Math.floor(coefficient / b);
    const rest = coefficient - quotient * b;
    if (quotient !== 0) whole.push({ coefficient: quotient, factors });
    if (rest !== 0) parts.push({ coefficient: rest, factors });
    common = gcd(common, rest);
  }
  const wholeConstant = Math.floor(a.constant / b);
  const outside = polynomial(wholeConstant, whole);
  if (parts.length === 0) return joinHalves(outside);
  const divisor = b / common;
  const constant = Math.floor((a.constant - wholeConstant * b) / common);
  const inside = parts.map(({ coefficient, factors }) => ({ coefficient: coefficient / common, factors }));
  return joinHalves(add(outside, floorOfRest(new Expression(constant, inside), divisor)));
};

/**
 * A whole less its half is the other half: x - floor((x + k)/2) = floor((x - k + 1)/2). Networks that pad an
 * extent to an even one and halve it would otherwise gather a term at every stage. x is a polynomial, or a floor
 * that was merged with the half of it.
 */
const joinHalves = (value: Integer): Integer => {
  if (!isExpression(value) || value.terms.length < 2) return value;
  for (const term of value.terms) {
    const half = loneFloor(term);
    if (half === undefined || term.coefficient >= 0 || half.divisor % 2 !== 0) continue;
    const times = -term.coefficient;
    const rest = polynomial(
      value.constant,
      value.terms.filter((other) => other !== term),
    );
    for (const whole of wholesOf(half, value.terms)) {
      const left = subtract(rest, multiply(whole, times));
      if (countTerms(left) !== countTerms(rest) - countTerms(whole)) continue;
      const shift = subtract(half.numerator, half.divisor === 2 ? whole : numeratorOf(whole));
      if (isExpression(shift) || shift % (half.divisor / 2) !== 0) continue;
      return add(left, multiply(floorDivide(add(whole, 1 - shift / (half.divisor / 2)), 2), times));
    }
  }
  return value;
};

interface NumberFloor {
  readonly numerator: Integer;
  readonly divisor: number;
}

const loneFloor = ({ factors }: Term): NumberFloor | undefined => {
  const [factor] = factors;
  if (factors.length !== 1 || factor?.kind !== 'floor') return undefined;
  const { numerator, divisor } = factor;
  return isExpression(divisor) ? undefined : { numerator, divisor };
};

const countTerms = (value: Integer): number => (isExpression(value) ? value.terms.length : 0);

const numeratorOf = (whole: Integer): Integer => {
  const floor = isExpression(whole) ? loneFloor(whole.terms[0] as Term) : undefined;
  return floor === undefined ? whole : floor.numerator;
};

/** What a floor may be the half of: its numerator, or a floor by half its divisor among the terms. */
const wholesOf = ({ numerator, divisor }: NumberFloor, terms: readonly Term[]): readonly Integer[] => {
  if (divisor === 2) return isExpression(numerator) ? [polynomial(0, numerator.terms)] : [];
  return terms
    .filter((term) => loneFloor(term)?.divisor === divisor / 2)
    .map(({ factors }) => polynomial(0, [{ coefficient: 1, factors }]));
};

/**
 * A floor with coefficients in [0, divisor). Where the first is more than half of the divisor the
 * negated fraction says the same with smaller ones, floor(x/b) = -floor((b - 1 - x)/b): extents
 * padded to a multiple, 7*ceil(H/7), then have one form and cancel.
 */
const floorOfRest = (numerator: Expression, divisor: number): Integer => {
  const [first] = numerator.terms;
  if (first === undefined || 2 * first.coefficient <= divisor) return mergeFloors(numerator, divisor);
  return negate(floorDivide(subtract(divisor - 1, numerator), divisor));
};

/** floor((floor(x/c) + y) / b) = floor((x + c*y) / (b*c)) for whole y and positive b and c. */
const mergeFloors = (numerator: Expression, divisor: number): Integer => {
  for (const term of numerator.terms) {
    const [inner] = term.factors;
    if (term.coefficient !== 1 || term.factors.length !== 1 || inner?.kind !== 'floor') continue;
    if (isExpression(inner.divisor) || !Number.isSafeInteger(inner.divisor * divisor)) continue;
    const rest = polynomial(
      numerator.constant,
      numerator.terms.filter((other) => other !== term),
    );
    return floorDivide(add(inner.numerator, multiply(rest, inner.divisor)), inner.divisor * divisor);
  }
  return floorAtom(numerator, divisor);
};

const divideByExpression = (a: Integer, b: Expression): Integer => {
  const quotient = divideExactly(a, b);
  if (quotient !== undefined) return quotient;
  if ((b.terms[0] as Term).coefficient < 0) return floorDivide(negate(a), negate(b));
  const [above, below] = cancelCommon(a, b);
  if (!isExpression(below)) return floorDivide(above, below);
  const whole = wholeMultiples(above, below);
  if (whole !== 0) return add(whole, floorDivide(subtract(above, multiply(whole, below)), below));
  return floorAtom(above, below);
};

/** Both without the integer and the factors that every term of both has: what a = b says where none of these is 0. */
export const cancelCommon = (a: Integer, b: Integer): readonly [Integer, Integer] => {
  let divisor = 0;
  let factors: readonly Factor[] | undefined;
  for (const term of [...allTerms(a), ...allTerms(b)]) {
    divisor = gcd(divisor, term.coefficient);
    factors = factors === undefined ? term.factors : commonFactors(factors, term.factors);
  }
  const common: Term = { coefficient: divisor, factors: factors ?? [] };
  const cancel = (value: Integer): Integer =>
    fromTerms(allTerms(value).map((term) => divideTerm(term, common) ?? term));
  return [cancel(a), cancel(b)];
};

/** What leaves floor(a/b) where b is one product such as 2*N: floor of each coefficient of a multiple of it. */
const wholeMultiples = (a: Integer, b: Expression): Integer => {
  const [divisor, ...others] = allTerms(b);
  if (divisor === undefined || others.length > 0) return 0;
  const whole: Term[] = [];
  for (const { coefficient, factors } of allTerms(a)) {
    const rest = divideMonomials(factors, divisor.factors);
    const quotient = Math.floor(coefficient / divisor.coefficient);
    if (rest !== undefined && quotient !== 0) whole.push({ coefficient: quotient, factors: rest });
  }
  return fromTerms(whole);
};

/** ceil(a / b), written as a floor: ceil(H/2) = floor((H + 1)/2). */
export const ceilDivide = (a: Integer, b: Integer): Integer => {
  if (!isExpression(b) && b < 0) return negate(floorDivide(a, -b));
  if (isExpression(b)) {
    const quotient = divideExactly(a, b);
    if (quotient !== undefined) return quotient;
    if (isPositive(b) !== true) return negate(floorDivide(negate(a), b));
  }
  if (!isExpression(a) && !isExpression(b)) {
    refuseZero(b);
    return exact(Math.ceil(exact(a) / exact(b)));
  }
  return floorDivide(add(a, subtract(b, 1)), b);
};

/** a - b * floor(a / b): has the sign of b, as Python's %. No atom of its own, so that b*(a//b) + a%b = a. */
export const modulo = (a: Integer, b: Integer): Integer => {
  if (!isExpression(a) && !isExpression(b)) {
    refuseZero(b);
    const rest = exact(a) % exact(b);
    return (rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest) + 0;
  }
  return subtract(a, multiply(b, floorDivide(a, b)));
};
