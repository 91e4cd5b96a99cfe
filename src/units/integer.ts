/**
 * Whole numbers that may depend on open dimensions: extents, element counts, multiply-accumulates. A known value is a
 * plain number; an open one is a polynomial with integer coefficients over symbols and over the atoms floor(a/b),
 * max and min, kept canonical so that equal values are written alike. All coefficients stay within 2^53
 * (CountOverflowError of count.ts), all expressions within the limits of their size (ExpressionLimitError).
 */

import { add, exact, multiply, product, sum } from './integer-arithmetic.ts';
import { isAtLeast } from './integer-bounds.ts';
import { DivisionByZeroError, floorDivide } from './integer-division.ts';
import {
  compareMonomials,
  ExpressionLimitError,
  extremeAtom,
  type Factor,
  type Integer,
  isExpression,
  loneFactor,
  symbol,
} from './integer-expression.ts';

export { add, multiply, negate, product, subtract, sum } from './integer-arithmetic.ts';
export { compareIntegers, isPositive } from './integer-bounds.ts';
export {
  cancelCommon,
  ceilDivide,
  DivisionByZeroError,
  divideExactly,
  floorDivide,
  modulo,
} from './integer-division.ts';
export {
  Expression,
  ExpressionLimitError,
  formatInteger,
  type Integer,
  isExpression,
  loneSymbol,
  symbol,
} from './integer-expression.ts';

/** Thrown where a value is asked of an expression some of whose symbols have none. */
export class UnboundSymbolError extends Error {
  readonly code = 'open-dimension';
  readonly symbols: readonly string[];

  constructor(symbols: readonly string[]) {
    super(`no value is given for ${symbols.join(', ')}`);
    this.symbols = symbols;
  }
}

/** Whether both are the same value in canonical form, whatever the symbols are. */
export const sameInteger = (a: Integer, b: Integer): boolean => {
  if (a === b) return true;
  if (!isExpression(a) || !isExpression(b) || a.constant !== b.constant || a.terms.length !== b.terms.length)
    return false;
  return a.terms.every(({ coefficient, factors }, index) => {
    const other = b.terms[index];
    return other?.coefficient === coefficient && compareMonomials(factors, other.factors) === 0;
  });
};

// Maximum and minimum

/** Operands of one max or min; each pair of them is compared. */
const MAX_OPERANDS = 32;

/** Expressions by their text, the number last. */
const compareOperands = (a: Integer, b: Integer): number => {
  if (!isExpression(a)) return isExpression(b) ? 1 : a - b;
  if (!isExpression(b)) return -1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
};

const extreme = (kind: 'max' | 'min', values: readonly Integer[]): Integer => {
  const reaches = (a: Integer, b: Integer): boolean => (kind === 'max' ? isAtLeast(a, b) : isAtLeast(b, a));
  // Of two that are proved equal although written differently (floor(min(H, 2)/3) and 0), the later in order stays.
  const yields = (loser: Integer, winner: Integer): boolean =>
    reaches(winner, loser) && (compareOperands(winner, loser) >= 0 || !reaches(loser, winner));
  let kept: readonly Integer[] = [];
  for (const value of values) {
    const factor = loneFactor(value);
    // The operands of one atom have been compared with one another already.
    const added = factor?.kind === kind ? factor.operands : [value];
    const stay = added.filter((operand) => !kept.some((other) => yields(operand, other)));
    kept = [...kept.filter((other) => !stay.some((operand) => yields(other, operand))), ...stay];
    if (kept.length > MAX_OPERANDS) throw new ExpressionLimitError(`a ${kind} of more than ${MAX_OPERANDS} operands`);
  }
  const [only, ...others] = [...kept].sort(compareOperands) as [Integer, ...Integer[]];
  const [limit] = others;
  if (limit === undefined) return only;
  if (others.length > 1 || isExpression(limit) || !isExpression(only)) return extremeAtom(kind, [only, ...others]);
  // The number alone tells where the limit lies: max(N - 3, 0) is max(N, 3) - 3, which can meet min(N, 3).
  const shifted = add(only, -only.constant);
  return add(extremeAtom(kind, [shifted, exact(limit - only.constant)]), only.constant);
};

/** The greater of the two; resolved where the order is proved for all symbols of at least 1, as max(1, N) = N. */
export const maximum = (a: Integer, b: Integer): Integer =>
  isExpression(a) || isExpression(b) ? extreme('max', [a, b]) : exact(Math.max(a, b));

/** The lesser of the two; resolved where the order is proved for all symbols of at least 1, as min(1, N) = 1. */
export const minimum = (a: Integer, b: Integer): Integer =>
  isExpression(a) || isExpression(b) ? extreme('min', [a, b]) : exact(Math.min(a, b));

// Symbols and their values

const collectSymbols = (value: Integer, names: Set<string>, seen: Set<Factor>): void => {
  if (!isExpression(value)) return;
  for (const { factors } of value.terms) {
    for (const factor of factors) {
      if (seen.has(factor)) continue;
      seen.add(factor);
      if (factor.kind === 'symbol') names.add(factor.name);
      else if (factor.kind === 'floor') {
        collectSymbols(factor.numerator, names, seen);
        collectSymbols(factor.divisor, names, seen);
      } else for (const operand of factor.operands) collectSymbols(operand, names, seen);
    }
  }
};

/** Names of all symbols, sorted, each once. */
export const symbolsOf = (a: Integer): readonly string[] => {
  const names = new Set<string>();
  collectSymbols(a, names, new Set());
  return [...names].sort();
};

/** The value with symbols replaced, all at once: {a: b, b: a} swaps. Symbols without a binding stay. */
export const substitute = (a: Integer, bindings: ReadonlyMap<string, Integer>): Integer => {
  const known = new Map<Factor, Integer>();
  const ofFactor = (factor: Factor): Integer => {
    switch (factor.kind) {
      case 'symbol':
        return bindings.get(factor.name) ?? symbol(factor.name);
      case 'floor':
        return floorDivide(ofValue(factor.numerator), ofValue(factor.divisor));
      case 'max':
      case 'min':
        return extreme(factor.kind, factor.operands.map(ofValue));
    }
  };
  const replaced = (factor: Factor): Integer => {
    const value = known.get(factor) ?? ofFactor(factor);
    known.set(factor, value);
    return value;
  };
  const ofValue = (value: Integer): Integer =>
    isExpression(value)
      ? sum([
          value.constant,
          ...value.terms.map(({ coefficient, factors }) => multiply(product(factors.map(replaced)), coefficient)),
        ])
      : value;
  return bindings.size === 0 ? a : ofValue(a);
};

/** The number that the value is at these bindings. Throws UnboundSymbolError, which names every symbol without one. */
export const evaluate = (a: Integer, bindings: ReadonlyMap<string, number>): number => {
  if (!isExpression(a)) return a;
  const unbound = symbolsOf(a).filter((name) => !bindings.has(name));
  if (unbound.length > 0) throw new UnboundSymbolError(unbound);
  const known = new Map<Factor, number>();
  const ofFactor = (factor: Factor): number => {
    switch (factor.kind) {
      case 'symbol':
        return exact(bindings.get(factor.name) ?? Number.NaN);
      case 'floor': {
        const divisor = ofValue(factor.divisor);
        if (divisor === 0) throw new DivisionByZeroError('division by zero');
        return Math.floor(ofValue(factor.numerator) / divisor);
      }
      case 'max':
        return Math.max(...factor.operands.map(ofValue));
      case 'min':
        return Math.min(...factor.operands.map(ofValue));
    }
  };
  const ofValue = (value: Integer): number => {
    if (!isExpression(value)) return value;
    let total = value.constant;
    for (const { coefficient, factors } of value.terms) {
      let part = coefficient;
      for (const factor of factors) {
        const number = known.get(factor) ?? ofFactor(factor);
        known.set(factor, number);
        part = exact(part * number);
      }
      total = exact(total + part);
    }
    return total;
  };
  return ofValue(a);
};

/** a / b where that is one number whatever the symbols are, as 2N / 4N; undefined where it depends on them. 0 / 0 is 0. */
export const ratioOf = (a: Integer, b: Integer): number | undefined => {
  if (a === 0) return 0;
  if (!isExpression(a) || !isExpression(b)) return isExpression(a) || isExpression(b) || b === 0 ? undefined : a / b;
  // Quotients of the same ratio are rounded alike, so they are equal.
  const ratio = (a.terms[0]?.coefficient ?? 0) / (b.terms[0]?.coefficient ?? 0);
  const agrees = a.terms.every(({ coefficient, factors }, index) => {
    const other = b.terms[index];
    return (
      other !== undefined && compareMonomials(factors, other.factors) === 0 && coefficient / other.coefficient === ratio
    );
  });
  const constants = a.constant === 0 ? b.constant === 0 : a.constant / b.constant === ratio;
  return agrees && constants && a.terms.length === b.terms.length ? ratio : undefined;
};

/** The value as fixed + perItem x name; undefined where another symbol or a nonlinear use of this one occurs. */
export const affineIn = (
  a: Integer,
  name: string,
): { readonly fixed: number; readonly perItem: number } | undefined => {
  if (!isExpression(a)) return { fixed: a, perItem: 0 };
  const [term, second] = a.terms;
  const factor = term?.factors[0];
  if (term === undefined || second !== undefined || term.factors.length !== 1) return undefined;
  if (factor?.kind !== 'symbol' || factor.name !== name) return undefined;
  return { fixed: a.constant, perItem: term.coefficient };
};
