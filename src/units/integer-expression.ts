/**
 * What an expression of src/units/integer.ts is: its parts, its canonical text, and the order of its terms.
 * Use integer.ts; this file and its siblings are how it is made.
 */

/** A whole number, known or not. A value without symbols is always a plain number. */
export type Integer = number | Expression;

/** Thrown where an expression would grow past what any real model needs: a guard against hostile files. */
export class ExpressionLimitError extends RangeError {
  readonly code = 'expression-limit';
}

const MAX_NESTING = 100;
/** Interned factors kept; a cache only, so it is emptied rather than allowed to grow with every file read. */
const MAX_INTERNED = 4_096;

interface FactorFacts {
  /** Canonical text, which identifies the factor. */
  readonly key: string;
  /** Atoms inside one another: 0 for a symbol. */
  readonly nesting: number;
  /** Factors inside, itself included. */
  readonly size: number;
}
export interface SymbolFactor extends FactorFacts {
  readonly kind: 'symbol';
  readonly name: string;
}
/** floor(numerator / divisor); a divisor that is a number is at least 2. */
export interface FloorFactor extends FactorFacts {
  readonly kind: 'floor';
  readonly numerator: Integer;
  readonly divisor: Integer;
}
/** The greatest or least of two or more operands, at most one of them a number, which comes last. */
export interface ExtremeFactor extends FactorFacts {
  readonly kind: 'max' | 'min';
  readonly operands: readonly Integer[];
}
/** What is multiplied in a term: a symbol, or an atom that no rule could take apart. */
export type Factor = SymbolFactor | FloorFactor | ExtremeFactor;

/** coefficient x product of factors; a factor to the power n occurs n times; sorted by `compareFactors`. */
export interface Term {
  readonly coefficient: number;
  readonly factors: readonly Factor[];
}

/**
 * constant + sum of terms, canonical: at least one term, no coefficient 0, terms in descending graded lexicographic
 * order. Made by `symbol` and the operations, never by hand; equal values have equal fields.
 */
export class Expression {
  readonly constant: number;
  readonly terms: readonly Term[];
  #key: string | undefined;

  constructor(constant: number, terms: readonly Term[]) {
    this.constant = constant;
    this.terms = terms;
  }

  /** Canonical text: equal exactly for equal expressions. Symbols whose name is no identifier are quoted. */
  get key(): string {
    this.#key ??= polynomialText(this);
    return this.#key;
  }

  toString(): string {
    return formatInteger(this);
  }

  toJSON(): string {
    return formatInteger(this);
  }
}

export const isExpression = (value: Integer): value is Expression => typeof value !== 'number';

// Factors

const symbols = new Map<string, Expression>();
const atoms = new Map<string, Factor>();

const remember = <Value>(cache: Map<string, Value>, key: string, value: Value): Value => {
  if (cache.size >= MAX_INTERNED) cache.clear();
  cache.set(key, value);
  return value;
};

const NAME_CHARACTER = '[\\p{L}\\p{M}\\p{N}_.:]';
const NAME_BRACKETS = `\\[${NAME_CHARACTER}*\\]`;
/** The source of a Unicode regular expression for names that need no quotes: `s0`, `past.length`, `ids[0]`. */
export const NAME_PATTERN = `(?:[\\p{L}_:]|${NAME_BRACKETS})(?:${NAME_CHARACTER}|${NAME_BRACKETS})*`;
const IDENTIFIER = new RegExp(`^${NAME_PATTERN}$`, 'u');
/** Longer names are quoted unread: they come from files and have any length. */
const MAX_UNQUOTED = 256;

/** A dimension that is open, by any name. */
export const symbol = (name: string): Expression => {
  const known = symbols.get(name);
  if (known !== undefined) return known;
  const key = name.length <= MAX_UNQUOTED && IDENTIFIER.test(name) ? name : JSON.stringify(name);
  // A long name weighs more, so that the text of an expression stays bounded too.
  const size = 1 + Math.floor(name.length / 16);
  return remember(symbols, name, single({ kind: 'symbol', name, key, nesting: 0, size }));
};

export const single = (factor: Factor, coefficient = 1, constant = 0): Expression =>
  new Expression(constant, [{ coefficient, factors: [factor] }]);

const atomFacts = (key: string, operands: readonly Integer[]): FactorFacts => {
  let nesting = 0;
  let size = 1;
  for (const operand of operands) {
    if (!isExpression(operand)) continue;
    for (const { factors } of operand.terms) {
      for (const factor of factors) {
        nesting = Math.max(nesting, factor.nesting);
        size += factor.size;
      }
    }
  }
  if (nesting >= MAX_NESTING) throw new ExpressionLimitError(`an expression nested more than ${MAX_NESTING} deep`);
  return { key, nesting: nesting + 1, size };
};

/** The atom floor(numerator / divisor), for operands that no rule simplifies further. */
export const floorAtom = (numerator: Integer, divisor: Integer): Expression => {
  const above = keyOf(numerator);
  const below = keyOf(divisor);
  const key = `floor(${isSum(numerator) ? `(${above})` : above}/${isPlain(divisor) ? below : `(${below})`})`;
  return single(
    atoms.get(key) ??
      remember(atoms, key, { kind: 'floor', numerator, divisor, ...atomFacts(key, [numerator, divisor]) }),
  );
};

/** The atom max(...) or min(...), for sorted operands that no rule simplifies further. */
export const extremeAtom = (kind: 'max' | 'min', operands: readonly Integer[]): Expression => {
  const key = `${kind}(${operands.map(keyOf).join(', ')})`;
  return single(atoms.get(key) ?? remember(atoms, key, { kind, operands, ...atomFacts(key, operands) }));
};

// Text

/** Canonical text of a value; a number's is its digits. */
export const keyOf = (value: Integer): string => (isExpression(value) ? value.key : String(value));

/** As people write it: `2*S + 1`, `floor((H + 1)/2)`, `N^2`. An expression that is one symbol is its bare name. */
export const formatInteger = (value: Integer): string =>
  isExpression(value) ? (loneSymbol(value) ?? value.key) : String(value);

/** The name of the symbol that the value is, if it is nothing more. */
export const loneSymbol = (value: Integer): string | undefined => {
  const factor = loneFactor(value);
  return factor?.kind === 'symbol' ? factor.name : undefined;
};

/** The factor that the value is, if it is nothing more. */
export const loneFactor = (value: Integer): Factor | undefined => {
  if (!isExpression(value) || value.constant !== 0 || value.terms.length !== 1) return undefined;
  const [term] = value.terms;
  return term?.coefficient === 1 && term.factors.length === 1 ? term.factors[0] : undefined;
};

const isSum = (value: Integer): boolean =>
  isExpression(value) && value.terms.length + (value.constant === 0 ? 0 : 1) > 1;
/** Whether the text can follow a `/` without brackets. */
const isPlain = (value: Integer): boolean => (isExpression(value) ? loneFactor(value) !== undefined : value >= 0);

const monomialText = (factors: readonly Factor[]): string => {
  const parts: string[] = [];
  for (let start = 0; start < factors.length; ) {
    const factor = factors[start];
    let end = start + 1;
    while (end < factors.length && factors[end]?.key === factor?.key) end++;
    parts.push(end - start > 1 ? `${factor?.key}^${end - start}` : `${factor?.key}`);
    start = end;
  }
  return parts.join('*');
};

const polynomialText = ({ constant, terms }: Expression): string => {
  const signed = terms.map(({ coefficient, factors }) => {
    const magnitude = Math.abs(coefficient);
    return { negative: coefficient < 0, text: `${magnitude === 1 ? '' : `${magnitude}*`}${monomialText(factors)}` };
  });
  if (constant !== 0) {
    const item = { negative: constant < 0, text: String(Math.abs(constant)) };
    // `1 - N` rather than `-N + 1`.
    if (constant > 0 && signed[0]?.negative) signed.unshift(item);
    else signed.push(item);
  }
  return signed
    .map(({ negative, text }, index) => (index === 0 ? (negative ? '-' : '') : negative ? ' - ' : ' + ') + text)
    .join('');
};

// Order

export const compareFactors = (a: Factor, b: Factor): number => {
  if (a === b) return 0;
  if ((a.kind === 'symbol') !== (b.kind === 'symbol')) return a.kind === 'symbol' ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
};

/**
 * Negative where a comes first: higher degree, then lexicographic. A proper monomial order (it respects
 * multiplication), which polynomial division relies on.
 */
export const compareMonomials = (a: readonly Factor[], b: readonly Factor[]): number => {
  if (a.length !== b.length) return b.length - a.length;
  for (let index = 0; index < a.length; index++) {
    const order = compareFactors(a[index] as Factor, b[index] as Factor);
    if (order !== 0) return order;
  }
  return 0;
};
