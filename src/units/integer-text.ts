import {
  add,
  ceilDivide,
  divideExactly,
  floorDivide,
  type Integer,
  isExpression,
  maximum,
  minimum,
  modulo,
  multiply,
  negate,
  symbol,
} from './integer.ts';
import { NAME_PATTERN } from './integer-expression.ts';

export { formatInteger } from './integer.ts';

/**
 * Reads the expressions that exporters write where an extent is open: SymPy's (`floor(H/2 - 1/2) + 1`, `Max(1, s0)`),
 * Python's (`s77//2`, `2**k`), and our own (`floor((H + 1)/2)`, `N^2`, `"any name"`).
 */

const MAX_LENGTH = 1_000;
const MAX_NESTING = 50;
const MAX_POWER = 64;

/** A quotient on the way to a floor: sympy writes floor(H/2 - 1/2). */
interface Ratio {
  readonly above: Integer;
  readonly below: Integer;
}

/** Thrown and caught here alone: the text is no whole-number expression. */
class NotAnExpression extends Error {}

type Token =
  | { readonly kind: 'number'; readonly value: Ratio }
  | { readonly kind: 'name'; readonly name: string; readonly quoted: boolean }
  | { readonly kind: 'mark'; readonly mark: string };

const SPACE = /\s+/y;
const NAME = new RegExp(NAME_PATTERN, 'uy');
const DIGITS = /(\d+)(?:\.(\d*))?(?![\d\p{L}_[\]:.])/uy;
const QUOTED = /"(?:[^"\\]|\\.)*"/y;
const MARK = /\*\*|\/\/|[-+*/%^(),]/y;

const integer = (above: Integer): Ratio => ({ above, below: 1 });

const tokenize = (text: string): readonly Token[] => {
  const tokens: Token[] = [];
  let position = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = position;
    const found = pattern.exec(text);
    if (found !== null) position += found[0].length;
    return found;
  };
  for (match(SPACE); position < text.length; match(SPACE)) {
    const digits = match(DIGITS);
    if (digits !== null) {
      const fraction = digits[2] ?? '';
      const above = Number(`${digits[1]}${fraction}`);
      const below = 10 ** fraction.length;
      if (!Number.isSafeInteger(above) || !Number.isSafeInteger(below)) throw new NotAnExpression();
      tokens.push({ kind: 'number', value: above % below === 0 ? integer(above / below) : { above, below } });
      continue;
    }
    const name = match(NAME)?.[0];
    if (name !== undefined) {
      tokens.push({ kind: 'name', name, quoted: false });
      continue;
    }
    const quoted = match(QUOTED)?.[0];
    if (quoted !== undefined) {
      tokens.push({ kind: 'name', name: unquote(quoted), quoted: true });
      continue;
    }
    const mark = match(MARK)?.[0];
    if (mark === undefined) throw new NotAnExpression();
    tokens.push({ kind: 'mark', mark });
  }
  return tokens;
};

const unquote = (text: string): string => {
  try {
    return String(JSON.parse(text));
  } catch {
    throw new NotAnExpression();
  }
};

const addRatios = (a: Ratio, b: Ratio): Ratio =>
  a.below === b.below
    ? { above: add(a.above, b.above), below: a.below }
    : { above: add(multiply(a.above, b.below), multiply(b.above, a.below)), below: multiply(a.below, b.below) };
const multiplyRatios = (a: Ratio, b: Ratio): Ratio => ({
  above: multiply(a.above, b.above),
  below: multiply(a.below, b.below),
});
const invert = ({ above, below }: Ratio): Ratio => {
  if (above === 0) throw new NotAnExpression();
  return { above: below, below: above };
};
const whole = ({ above, below }: Ratio): Integer => {
  if (below === 1) return above;
  const quotient = divideExactly(above, below);
  if (quotient === undefined) throw new NotAnExpression();
  return quotient;
};
const floorOf = ({ above, below }: Ratio): Integer => floorDivide(above, below);
const ceilOf = ({ above, below }: Ratio): Integer => ceilDivide(above, below);
const floorRatios = (a: Ratio, b: Ratio): Integer => floorOf(multiplyRatios(a, invert(b)));

/** Functions of one quotient, which need not be whole. */
const ROUNDINGS: ReadonlyMap<string, (value: Ratio) => Integer> = new Map([
  ['floor', floorOf],
  ['ceil', ceilOf],
  ['ceiling', ceilOf],
  ['ceiltoint', ceilOf],
]);
/** Functions of two whole numbers; max and min take any number. */
const PAIRS: ReadonlyMap<string, (a: Integer, b: Integer) => Integer> = new Map([
  ['floordiv', floorDivide],
  ['cleandiv', floorDivide],
  ['ceildiv', ceilDivide],
  ['mod', modulo],
  ['pythonmod', modulo],
]);
const EXTREMES: ReadonlyMap<string, (a: Integer, b: Integer) => Integer> = new Map([
  ['max', maximum],
  ['min', minimum],
]);

/** Recursive descent over the tokens; as in Python, powers bind tighter than a sign, and a sign tighter than `*`. */
class Parser {
  readonly #tokens: readonly Token[];
  #next = 0;
  #nesting = 0;
  /** How many floors and ceilings are open: only inside one may a quotient stay a fraction. */
  #roundings = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  all(): Integer {
    const value = whole(this.#sum());
    if (this.#next < this.#tokens.length) throw new NotAnExpression();
    return value;
  }

  #take(...marks: readonly string[]): string | undefined {
    const token = this.#tokens[this.#next];
    if (token?.kind !== 'mark' || !marks.includes(token.mark)) return undefined;
    this.#next++;
    return token.mark;
  }

  #expect(mark: string): void {
    if (this.#take(mark) === undefined) throw new NotAnExpression();
  }

  #nested<Value>(read: () => Value): Value {
    if (++this.#nesting > MAX_NESTING) throw new NotAnExpression();
    const value = read();
    this.#nesting--;
    return value;
  }

  /** A quotient outside every floor must be whole where it stands: elsewhere `/` may mean either division. */
  #settled(value: Ratio): Ratio {
    return this.#roundings > 0 ? value : integer(whole(value));
  }

  #sum(): Ratio {
    let value = this.#product();
    for (let mark = this.#take('+', '-'); mark !== undefined; mark = this.#take('+', '-')) {
      const next = this.#product();
      value = addRatios(value, mark === '+' ? next : { above: negate(next.above), below: next.below });
    }
    return value;
  }

  #product(): Ratio {
    let value = this.#signed();
    for (let mark = this.#take('*', '/', '//', '%'); mark !== undefined; mark = this.#take('*', '/', '//', '%')) {
      const next = this.#signed();
      if (mark === '*') value = multiplyRatios(value, next);
      else if (mark === '/') value = multiplyRatios(value, invert(next));
      else if (mark === '//') value = integer(floorRatios(value, next));
      else value = integer(modulo(whole(value), whole(next)));
      value = this.#settled(value);
    }
    return this.#settled(value);
  }

  #signed(): Ratio {
    const sign = this.#take('-', '+');
    if (sign === undefined) return this.#power();
    const value = this.#nested(() => this.#signed());
    return sign === '+' ? value : { above: negate(value.above), below: value.below };
  }

  #power(): Ratio {
    const base = this.#atom();
    if (this.#take('**', '^') === undefined) return base;
    const power = whole(this.#nested(() => this.#signed()));
    if (isExpression(power) || power < 0 || power > MAX_POWER) throw new NotAnExpression();
    let value = integer(1);
    for (let count = 0; count < power; count++) value = multiplyRatios(value, base);
    return value;
  }

  #atom(): Ratio {
    const token = this.#tokens[this.#next];
    if (token?.kind === 'number') {
      this.#next++;
      return token.value;
    }
    if (token?.kind === 'name') {
      this.#next++;
      return integer(!token.quoted && this.#take('(') !== undefined ? this.#call(token.name) : symbol(token.name));
    }
    this.#expect('(');
    const value = this.#nested(() => this.#sum());
    this.#expect(')');
    return value;
  }

  #call(name: string): Integer {
    const lowerCase = name.toLowerCase();
    const rounding = ROUNDINGS.get(lowerCase);
    if (rounding !== undefined) {
      this.#roundings++;
      const value = this.#nested(() => this.#sum());
      this.#roundings--;
      this.#expect(')');
      return rounding(value);
    }
    const operands = this.#operands();
    const [first, second] = operands;
    const pair = PAIRS.get(lowerCase);
    if (pair !== undefined && operands.length === 2 && first !== undefined && second !== undefined) {
      return pair(first, second);
    }
    const extreme = EXTREMES.get(lowerCase);
    if (extreme === undefined || first === undefined) throw new NotAnExpression();
    return operands.reduce(extreme);
  }

  #operands(): readonly Integer[] {
    const operands: Integer[] = [];
    const open = this.#roundings;
    this.#roundings = 0;
    do operands.push(whole(this.#nested(() => this.#sum())));
    while (this.#take(',') !== undefined);
    this.#roundings = open;
    this.#expect(')');
    return operands;
  }
}

/**
 * The expression that the text is, or undefined where it is none (the caller then takes the whole text as the name of
 * one dimension), where it divides by zero, or where it is past the bounds: 1,000 characters, 50 brackets deep.
 */
export const parseInteger = (text: string): Integer | undefined => {
  if (text.length > MAX_LENGTH) return undefined;
  try {
    return new Parser(tokenize(text)).all();
  } catch (error) {
    // A RangeError is a division by zero, a number beyond 2^53, or an expression past its limits.
    if (error instanceof NotAnExpression || error instanceof RangeError) return undefined;
    throw error;
  }
};
