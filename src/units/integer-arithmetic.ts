import { CountOverflowError } from './count.ts';
import {
  compareFactors,
  compareMonomials,
  Expression,
  ExpressionLimitError,
  type Factor,
  type Integer,
  isExpression,
  type Term,
} from './integer-expression.ts';

/** Addition and multiplication of polynomials in canonical form, exact and within bounds. */

const MAX_TERMS = 2_000;
const MAX_DEGREE = 100;
/** Factors in all, those inside atoms included: bounds the text, which shared atoms would otherwise double per level. */
const MAX_SIZE = 100_000;
/** Pairs of terms that one multiplication may form before it collects them. */
const MAX_TERM_PAIRS = 20_000;

/** The value, if a double holds it exactly; -0 becomes 0. */
export const exact = (value: number): number => {
  if (!Number.isSafeInteger(value)) {
    throw new CountOverflowError(`a count of ${value} is beyond 2^53 and would no longer be exact`);
  }
  return value + 0;
};

/** The value of canonical terms and a constant, within the limits. */
export const polynomial = (constant: number, terms: readonly Term[]): Integer => {
  if (terms.length === 0) return constant;
  if (terms.length > MAX_TERMS) throw new ExpressionLimitError(`an expression of more than ${MAX_TERMS} terms`);
  let size = 0;
  for (const { factors } of terms) for (const factor of factors) size += factor.size;
  if (size > MAX_SIZE) throw new ExpressionLimitError(`an expression of more than ${MAX_SIZE} factors`);
  return new Expression(constant, terms);
};

/** Terms in any order, with repeats, made canonical. */
const collect = (constant: number, terms: Term[]): Integer => {
  terms.sort((a, b) => compareMonomials(a.factors, b.factors));
  const collected: Term[] = [];
  for (let start = 0; start < terms.length; ) {
    const first = terms[start] as Term;
    let coefficient = first.coefficient;
    let end = start + 1;
    for (; end < terms.length; end++) {
      const next = terms[end] as Term;
      if (compareMonomials(first.factors, next.factors) !== 0) break;
      coefficient = exact(coefficient + next.coefficient);
    }
    if (end === start + 1) collected.push(first);
    else if (coefficient !== 0) collected.push({ coefficient, factors: first.factors });
    start = end;
  }
  return joinExtremes(constant, collected);
};

/** Two canonical lists of terms, added. */
export const mergeTerms = (a: readonly Term[], b: readonly Term[]): Term[] => {
  const merged: Term[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as Term;
    const right = b[j] as Term;
    const order = compareMonomials(left.factors, right.factors);
    if (order < 0) merged.push(left);
    else if (order > 0) merged.push(right);
    else {
      const coefficient = exact(left.coefficient + right.coefficient);
      if (coefficient !== 0) merged.push({ coefficient, factors: left.factors });
    }
    if (order <= 0) i++;
    if (order >= 0) j++;
  }
  for (; i < a.length; i++) merged.push(a[i] as Term);
  for (; j < b.length; j++) merged.push(b[j] as Term);
  return merged;
};

export const add = (a: Integer, b: Integer): Integer => {
  if (!isExpression(a)) {
    if (!isExpression(b)) return exact(a + b);
    return a === 0 ? b : new Expression(exact(a + b.constant), b.terms);
  }
  if (!isExpression(b)) return b === 0 ? a : new Expression(exact(a.constant + b), a.terms);
  if (a.terms.length === 1 && b.terms.length === 1) {
    const [left, right] = [a.terms[0] as Term, b.terms[0] as Term];
    if (left.factors === right.factors || compareMonomials(left.factors, right.factors) === 0) {
      const constant = exact(a.constant + b.constant);
      const coefficient = exact(left.coefficient + right.coefficient);
      return coefficient === 0 ? constant : new Expression(constant, [{ coefficient, factors: left.factors }]);
    }
  }
  return joinExtremes(exact(a.constant + b.constant), mergeTerms(a.terms, b.terms));
};

const loneExtreme = ({ factors }: Term): (Factor & { readonly kind: 'max' | 'min' }) | undefined => {
  const [factor] = factors;
  return factors.length === 1 && (factor?.kind === 'max' || factor?.kind === 'min') ? factor : undefined;
};

/** What a limit cuts off and what it leaves are the whole: min(x, c) + max(x, c) = x + c, as a tensor that is rolled. */
const joinExtremes = (constant: number, terms: readonly Term[]): Integer => {
  for (const term of terms) {
    const most = loneExtreme(term);
    if (most?.kind !== 'max' || most.operands.length !== 2) continue;
    const least = terms.find((other) => {
      const factor = loneExtreme(other);
      if (factor?.kind !== 'min' || other.coefficient !== term.coefficient || factor.operands.length !== 2)
        return false;
      return factor.operands.every((operand, index) => sameOperand(operand, most.operands[index]));
    });
    if (least === undefined) continue;
    const rest = polynomial(
      constant,
      terms.filter((other) => other !== term && other !== least),
    );
    return most.operands.reduce((total, operand) => add(total, multiply(operand, term.coefficient)), rest);
  }
  return polynomial(constant, terms);
};

const sameOperand = (a: Integer, b: Integer | undefined): boolean =>
  a === b || (isExpression(a) && b !== undefined && isExpression(b) && a.key === b.key);

const scale = (a: Expression, factor: number): Integer => {
  if (factor === 1) return a;
  if (factor === 0) return 0;
  const terms = a.terms.map((term) => ({ coefficient: exact(term.coefficient * factor), factors: term.factors }));
  return new Expression(exact(a.constant * factor), terms);
};

export const multiplyMonomials = (a: readonly Factor[], b: readonly Factor[]): readonly Factor[] => {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  if (a.length + b.length > MAX_DEGREE) throw new ExpressionLimitError(`an expression of degree over ${MAX_DEGREE}`);
  const factors: Factor[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length && j < b.length) {
    const left = a[i] as Factor;
    const right = b[j] as Factor;
    if (compareFactors(left, right) <= 0) {
      factors.push(left);
      i++;
    } else {
      factors.push(right);
      j++;
    }
  }
  for (; i < a.length; i++) factors.push(a[i] as Factor);
  for (; j < b.length; j++) factors.push(b[j] as Factor);
  return factors;
};

/** One term times a canonical list; the order of the list is kept, because the monomial order respects products. */
export const scaleTerms = (terms: readonly Term[], by: Term): Term[] =>
  terms.map(({ coefficient, factors }) => ({
    coefficient: exact(coefficient * by.coefficient),
    factors: multiplyMonomials(factors, by.factors),
  }));

/** The terms of a value with its constant last, as a term without factors. */
export const allTerms = (value: Integer): readonly Term[] => {
  const constant = isExpression(value) ? value.constant : value;
  const terms = isExpression(value) ? value.terms : [];
  return constant === 0 ? terms : [...terms, { coefficient: constant, factors: [] }];
};

/** The value of a canonical list of terms whose last may be the constant. */
export const fromTerms = (terms: readonly Term[]): Integer => {
  const last = terms[terms.length - 1];
  if (last === undefined) return 0;
  return last.factors.length === 0 ? polynomial(last.coefficient, terms.slice(0, -1)) : polynomial(0, terms);
};

export const multiply = (a: Integer, b: Integer): Integer => {
  if (!isExpression(a)) return isExpression(b) ? scale(b, a) : exact(a * b);
  if (!isExpression(b)) return scale(a, b);
  const [left, right] = [allTerms(a), allTerms(b)];
  if (left.length === 1) return fromTerms(scaleTerms(right, left[0] as Term));
  if (right.length === 1) return fromTerms(scaleTerms(left, right[0] as Term));
  if (left.length * right.length > MAX_TERM_PAIRS) throw new ExpressionLimitError('a product of too many terms');
  const terms: Term[] = [];
  for (const term of left) terms.push(...scaleTerms(right, term));
  const constant = exact(a.constant * b.constant);
  return collect(constant, constant === 0 ? terms : terms.slice(0, -1));
};

export const negate = (a: Integer): Integer => multiply(a, -1);
export const subtract = (a: Integer, b: Integer): Integer => add(a, isExpression(b) ? negate(b) : -b);

/** All values added: linear for the usual list of counts that are affine in one symbol. */
export const sum = (values: Iterable<Integer>): Integer => {
  let constant = 0;
  let coefficient = 0;
  let factors: readonly Factor[] | undefined;
  const others: Term[] = [];
  for (const value of values) {
    if (!isExpression(value)) {
      constant = exact(constant + value);
      continue;
    }
    constant = exact(constant + value.constant);
    for (const term of value.terms) {
      factors ??= term.factors;
      if (term.factors === factors || compareMonomials(term.factors, factors) === 0) {
        coefficient = exact(coefficient + term.coefficient);
      } else others.push(term);
    }
  }
  if (factors !== undefined && coefficient !== 0) others.push({ coefficient, factors });
  return others.length < 2 ? polynomial(constant, others) : collect(constant, others);
};

/** All values multiplied, numbers first so that they are multiplied only once. */
export const product = (values: Iterable<Integer>): Integer => {
  let number = 1;
  let open: Integer = 1;
  // The numbers by themselves: most shapes have one open extent, which is then scaled once.
  for (const value of values) {
    if (isExpression(value)) open = multiply(open, value);
    else number = exact(number * value);
  }
  return multiply(open, number);
};
