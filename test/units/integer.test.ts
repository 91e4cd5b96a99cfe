import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CountOverflowError } from '../../src/units/count.ts';
import {
  add,
  affineIn,
  ceilDivide,
  compareIntegers,
  divideExactly,
  Expression,
  ExpressionLimitError,
  evaluate,
  floorDivide,
  formatInteger,
  type Integer,
  isExpression,
  isPositive,
  maximum,
  minimum,
  modulo,
  multiply,
  negate,
  product,
  sameInteger,
  substitute,
  subtract,
  sum,
  symbol,
  symbolsOf,
  UnboundSymbolError,
} from '../../src/units/integer.ts';
import { calculation, direct, NAMES, symbolic, values } from './integer-calculations.ts';

const [N, S, H, W, C] = ['N', 'S', 'H', 'W', 'C'].map(symbol) as [
  Expression,
  Expression,
  Expression,
  Expression,
  Expression,
];
const text = formatInteger;
const plus = (...operands: readonly Integer[]): Integer => sum(operands);
const times = (...operands: readonly Integer[]): Integer => product(operands);
const RUNS = { numRuns: 200 };

describe('sums and products', () => {
  it('of numbers are numbers', () => {
    expect([add(2, 3), subtract(2, 3), multiply(2, 3), negate(3), sum([1, 2, 3]), product([2, 3, 4])]).toEqual([
      5, -1, 6, -3, 6, 24,
    ]);
    expect([sum([]), product([]), negate(0), multiply(-1, 0), multiply(N, 0)]).toEqual([0, 1, 0, 0, 0]);
  });

  it('collect equal terms, and become numbers where no symbol is left', () => {
    expect(text(add(N, N))).toBe('2*N');
    expect(text(plus(N, 1, S, N, 2))).toBe('2*N + S + 3');
    expect(subtract(N, N)).toBe(0);
    expect(subtract(add(N, 7), N)).toBe(7);
    expect(sum([multiply(N, S), S, negate(multiply(S, N)), negate(S), 4])).toBe(4);
    expect(isExpression(add(N, 1))).toBe(true);
    expect(isExpression(subtract(N, N))).toBe(false);
  });

  it('multiply out', () => {
    expect(text(times(3, H, W))).toBe('3*H*W');
    expect(text(times(N, N))).toBe('N^2');
    expect(text(multiply(add(H, 1), add(W, 1)))).toBe('H*W + H + W + 1');
    expect(text(multiply(add(H, 1), subtract(H, 1)))).toBe('H^2 - 1');
    expect(text(multiply(add(N, 1), add(S, -1)))).toBe('N*S - N + S - 1');
  });

  it('have equal fields whatever the order they were built in', () => {
    const one = plus(times(N, S), 3, floorDivide(add(H, 1), 2), maximum(H, W));
    const other = plus(maximum(W, H), floorDivide(add(1, H), 2), times(S, N), 1, 2);
    if (isExpression(one)) void one.key;
    expect(one).toEqual(other);
    expect(sameInteger(one, other)).toBe(true);
    expect(sameInteger(one, add(other, 1))).toBe(false);
    expect(sameInteger(add(N, 1), add(S, 1))).toBe(false);
    expect(sameInteger(3, 3)).toBe(true);
    expect(sameInteger(3, N)).toBe(false);
    expect(one).not.toEqual(add(other, 1));
    expect(Object.keys(N)).toEqual(['constant', 'terms']);
  });

  it('commute and distribute', () => {
    fc.assert(
      fc.property(calculation, calculation, calculation, (one, two, three) => {
        const [a, b, c] = [symbolic(one), symbolic(two), symbolic(three)];
        if (a === undefined || b === undefined || c === undefined) return;
        expect(add(a, b)).toEqual(add(b, a));
        expect(sum([a, b, c])).toEqual(add(c, add(b, a)));
        expect(multiply(a, b)).toEqual(multiply(b, a));
        expect(product([a, b, c])).toEqual(multiply(a, multiply(c, b)));
        expect(multiply(a, add(b, c))).toEqual(add(multiply(a, b), multiply(a, c)));
        expect(maximum(a, b)).toEqual(maximum(b, a));
        expect(minimum(a, b)).toEqual(minimum(b, a));
        expect(maximum(a, a)).toEqual(a);
        expect(subtract(add(a, b), b)).toEqual(a);
      }),
      RUNS,
    );
  });

  it('add ten thousand affine counts at once', () => {
    const counts = Array.from({ length: 10_000 }, (_, index) => add(multiply(N, index), 1));
    expect(text(sum(counts))).toBe('49995000*N + 10000');
  });
});

describe('division', () => {
  it('of numbers rounds towards minus infinity, or up', () => {
    const cases = [
      [7, 2, 3, 4, 1],
      [-7, 2, -4, -3, 1],
      [7, -2, -4, -3, -1],
      [-7, -2, 3, 4, -1],
      [6, 3, 2, 2, 0],
      [-6, 3, -2, -2, 0],
      [0, -3, 0, 0, 0],
    ] as const;
    for (const [a, b, floor, ceil, rest] of cases) {
      expect([floorDivide(a, b), ceilDivide(a, b), modulo(a, b)]).toEqual([floor, ceil, rest]);
    }
  });

  it('leaves whole multiples outside the floor and cancels what is common', () => {
    expect(text(floorDivide(add(multiply(H, 2), 3), 4))).toBe('floor((H + 1)/2)');
    expect(text(floorDivide(add(multiply(H, 5), 7), 2))).toBe('2*H + floor((H + 1)/2) + 3');
    expect(text(floorDivide(negate(H), 2))).toBe('-H + floor(H/2)');
    expect(text(floorDivide(H, -2))).toBe('-H + floor(H/2)');
    expect(text(floorDivide(times(4, H, W), 2))).toBe('2*H*W');
    expect(text(floorDivide(times(3, H), 2))).toBe('H + floor(H/2)');
    expect(text(floorDivide(plus(times(2, H), times(4, W), 5), 6))).toBe('floor((H + 2*W + 2)/3)');
    expect(floorDivide(H, 1)).toBe(H);
  });

  it('merges nested floors', () => {
    expect(text(floorDivide(floorDivide(H, 2), 3))).toBe('floor(H/6)');
    expect(text(floorDivide(add(floorDivide(add(H, 1), 2), 1), 2))).toBe('floor((H + 3)/4)');
    const strided = (extent: Integer): Integer => add(floorDivide(subtract(add(extent, 2), 3), 2), 1);
    expect(text(strided(strided(strided(H))))).toBe('floor((H + 7)/8)');
    expect(text(floorDivide(multiply(floorDivide(H, 2), 2), 3))).toBe('-floor((H + 4)/6) + floor(H/2)');
    expect(text(floorDivide(add(floorDivide(H, 2), W), 3))).toBe('floor((H + 2*W)/6)');
  });

  it('writes a ceiling as a floor, and a remainder by its floor', () => {
    expect(text(ceilDivide(H, 2))).toBe('floor((H + 1)/2)');
    expect(text(ceilDivide(add(H, 3), 4))).toBe('floor((H + 2)/4) + 1');
    expect(text(ceilDivide(H, -2))).toBe('-floor(H/2)');
    expect(text(modulo(H, 2))).toBe('H - 2*floor(H/2)');
    expect(modulo(times(4, H), 2)).toBe(0);
    expect(modulo(add(times(4, H), 3), 2)).toBe(1);
    expect(add(multiply(floorDivide(H, W), W), modulo(H, W))).toEqual(H);
  });

  it('by an expression is exact where the polynomials divide', () => {
    const xy = plus(times(H, W, C), times(H, C), times(W, C), C);
    expect(text(floorDivide(xy, add(H, 1)) as Integer)).toBe('C*W + C');
    expect(text(divideExactly(xy, multiply(add(H, 1), add(W, 1))) as Integer)).toBe('C');
    expect(divideExactly(subtract(times(N, N), 1), add(N, 1))).toEqual(subtract(N, 1));
    expect(divideExactly(times(N, S), N)).toEqual(S);
    expect(divideExactly(negate(N), N)).toBe(-1);
    expect(divideExactly(0, N)).toBe(0);
    expect(divideExactly(12, 4)).toBe(3);
    expect(divideExactly(times(6, N), 3)).toEqual(times(2, N));
    expect(ceilDivide(times(N, S), S)).toEqual(N);
  });

  it('is undefined where they do not', () => {
    expect(divideExactly(N, 2)).toBeUndefined();
    expect(divideExactly(N, S)).toBeUndefined();
    expect(divideExactly(13, 4)).toBeUndefined();
    expect(divideExactly(3, N)).toBeUndefined();
    expect(divideExactly(N, times(2, N))).toBeUndefined();
    expect(divideExactly(add(times(N, N), 1), add(N, 1))).toBeUndefined();
  });

  it('by an expression that does not divide cancels common factors', () => {
    expect(text(floorDivide(times(2, N, S), times(4, N, H)))).toBe('floor(S/(2*H))');
    expect(text(floorDivide(times(N, S), times(2, N)))).toBe('floor(S/2)');
    expect(text(floorDivide(H, negate(W)))).toBe('floor(-H/W)');
    expect(text(floorDivide(add(times(N, S), 1), N))).toBe('S + floor(1/N)');
    expect(text(floorDivide(H, add(W, 1)))).toBe('floor(H/(W + 1))');
    expect(text(ceilDivide(S, N))).toBe('floor((S - 1)/N) + 1');
  });

  it('by zero is refused', () => {
    for (const divide of [floorDivide, ceilDivide, modulo, divideExactly]) {
      expect(() => divide(1, 0)).toThrow(RangeError);
      expect(() => divide(N, 0)).toThrow(RangeError);
    }
    const inverse = floorDivide(H, subtract(W, 2));
    expect(() => evaluate(inverse, new Map(Object.entries({ H: 3, W: 2 })))).toThrow(RangeError);
    expect(() => substitute(inverse, new Map([['W', 2]]))).toThrow(RangeError);
  });

  it('undoes multiplication by what it is divided by, in form too', () => {
    for (const a of [plus(N, 1), times(H, W), floorDivide(H, 2), maximum(W, S)]) {
      for (const b of [2, -3, N, plus(S, 4)]) expect(floorDivide(multiply(a, b), b)).toEqual(a);
    }
  });

  it('undoes multiplication', () => {
    fc.assert(
      fc.property(calculation, calculation, values, (one, two, at) => {
        const [a, b] = [symbolic(one), symbolic(two)];
        if (a === undefined || b === undefined || b === 0) return;
        expect(divideExactly(multiply(a, b), b)).toEqual(a);
        const [left, right] = [direct(one, at), direct(two, at)];
        if (left === undefined || right === undefined || right === 0) return;
        // The same value, if not always the same form: x - floor((x + 1) / 2) is floor(x / 2).
        expect(evaluate(floorDivide(multiply(a, b), b), at)).toBe(left);
      }),
      RUNS,
    );
  });
});

describe('max and min', () => {
  it('resolve where the order is proved', () => {
    expect(maximum(2, 3)).toBe(3);
    expect(minimum(2, 3)).toBe(2);
    expect(maximum(1, N)).toEqual(N);
    expect(maximum(N, 0)).toEqual(N);
    expect(minimum(N, 1)).toBe(1);
    expect(maximum(N, add(N, 2))).toEqual(add(N, 2));
    expect(maximum(H, floorDivide(H, 2))).toEqual(H);
    expect(maximum(N, N)).toEqual(N);
    expect(maximum(maximum(N, S), N)).toEqual(maximum(N, S));
    expect(minimum(maximum(N, S), N)).toEqual(N);
    const zero = floorDivide(minimum(H, 2), 3);
    expect([maximum(zero, 0), maximum(0, zero), minimum(zero, 0), minimum(0, zero)]).toEqual([0, 0, 0, 0]);
  });

  it('otherwise flatten, sort and fold numbers', () => {
    expect(text(maximum(S, N))).toBe('max(N, S)');
    expect(text(maximum(maximum(S, 3), maximum(N, 5)))).toBe('max(N, S, 5)');
    expect(text(minimum(minimum(S, 5), minimum(N, 3)))).toBe('min(N, S, 3)');
    expect(text(maximum(0, subtract(N, 3)))).toBe('max(N, 3) - 3');
    expect(text(minimum(maximum(N, 3), S))).toBe('min(S, max(N, 3))');
  });
});

describe('order', () => {
  it('is proved for all symbols of at least 1', () => {
    expect([isPositive(3), isPositive(0), isPositive(-2)]).toEqual([true, false, false]);
    expect(isPositive(N)).toBe(true);
    expect(isPositive(subtract(N, 1))).toBeUndefined();
    expect(isPositive(subtract(1, N))).toBe(false);
    expect(isPositive(add(subtract(times(H, W), H), 1))).toBe(true);
    expect(isPositive(floorDivide(add(H, 1), 2))).toBe(true);
    expect(isPositive(floorDivide(H, 2))).toBeUndefined();
    expect(isPositive(add(modulo(H, 3), 1))).toBe(true);
    expect(isPositive(subtract(modulo(H, 3), 3))).toBe(false);
    expect(compareIntegers(2, 3)).toBe(-1);
    expect(compareIntegers(N, N)).toBe(0);
    expect(compareIntegers(N, 0)).toBe(1);
    expect(compareIntegers(0, N)).toBe(-1);
    expect(compareIntegers(N, S)).toBeUndefined();
    expect(compareIntegers(add(N, S), N)).toBe(1);
    expect(compareIntegers(add(maximum(N, S), 1), N)).toBe(1);
    expect(compareIntegers(minimum(N, S), add(S, 1))).toBe(-1);
  });

  it('is never proved wrongly', () => {
    fc.assert(
      fc.property(calculation, calculation, values, (one, two, at) => {
        const [a, b] = [symbolic(one), symbolic(two)];
        if (a === undefined || b === undefined) return;
        const [left, right] = [direct(one, at), direct(two, at)];
        if (left === undefined || right === undefined) return;
        const positive = isPositive(a);
        if (positive !== undefined) expect(left > 0).toBe(positive);
        const order = compareIntegers(a, b);
        if (order !== undefined) expect(Math.sign(left - right) + 0).toBe(order);
      }),
      RUNS,
    );
  });
});

describe('values', () => {
  const bindings = new Map(Object.entries({ N: 2, S: 5, H: 7, W: 4 }));

  it('are what direct arithmetic gives', () => {
    expect(evaluate(plus(times(2, N, S), floorDivide(H, 2), maximum(W, S)), bindings)).toBe(28);
    expect(evaluate(5, bindings)).toBe(5);
    fc.assert(
      fc.property(calculation, values, (wanted, at) => {
        const expression = symbolic(wanted);
        const number = direct(wanted, at);
        if (expression !== undefined && number !== undefined) expect(evaluate(expression, at)).toBe(number);
      }),
      { numRuns: 500 },
    );
  });

  it('need every symbol', () => {
    expect(() => evaluate(plus(times(C, N), symbol('B')), bindings)).toThrow(UnboundSymbolError);
    try {
      evaluate(plus(times(C, N), symbol('B')), bindings);
    } catch (error) {
      expect(error).toMatchObject({ code: 'open-dimension', symbols: ['B', 'C'] });
    }
  });

  it('take the place of symbols, all at once', () => {
    const swap = new Map<string, Integer>([
      ['N', S],
      ['S', N],
    ]);
    expect(text(substitute(add(times(2, N), S), swap))).toBe('N + 2*S');
    expect(substitute(floorDivide(H, 2), new Map([['H', times(2, W)]]))).toEqual(W);
    expect(substitute(maximum(N, S), new Map([['N', 3]]))).toEqual(maximum(S, 3));
    expect(substitute(times(N, S), bindings)).toBe(10);
    expect(substitute(N, new Map())).toBe(N);
    expect(substitute(7, bindings)).toBe(7);
  });

  it('may be given before or after', () => {
    fc.assert(
      fc.property(calculation, values, fc.subarray([...NAMES]), (wanted, at, early) => {
        const expression = symbolic(wanted);
        if (expression === undefined || direct(wanted, at) === undefined) return;
        const first = new Map(early.map((name): [string, Integer] => [name, at.get(name) ?? 1]));
        expect(evaluate(substitute(expression, first), at)).toBe(evaluate(expression, at));
        const shifted = new Map(early.map((name): [string, Integer] => [name, add(symbol(name), 1)]));
        const further = new Map(
          [...at].map(([name, value]) => [name, early.some((one) => one === name) ? value + 1 : value]),
        );
        if (direct(wanted, further) === undefined) return;
        expect(evaluate(substitute(expression, shifted), at)).toBe(evaluate(expression, further));
      }),
      RUNS,
    );
  });

  it('have their symbols listed', () => {
    expect(symbolsOf(plus(times(S, N), floorDivide(H, add(W, 1)), maximum(C, N)))).toEqual(['C', 'H', 'N', 'S', 'W']);
    expect(symbolsOf(3)).toEqual([]);
  });

  it('are affine in one symbol or not', () => {
    expect(affineIn(5, 'N')).toEqual({ perItem: 0, fixed: 5 });
    expect(affineIn(add(times(3, N), 2), 'N')).toEqual({ fixed: 2, perItem: 3 });
    for (const other of [S, times(N, N), times(N, S), add(N, S), floorDivide(N, 2)]) {
      expect(affineIn(other, 'N')).toBeUndefined();
    }
  });
});

describe('limits', () => {
  const LARGEST = Number.MAX_SAFE_INTEGER;
  it.each<[string, () => Integer]>([
    ['added', () => add(LARGEST, 1)],
    ['added to a constant', () => add(add(N, LARGEST), 1)],
    ['added to a coefficient', () => add(times(N, LARGEST), N)],
    ['multiplied', () => multiply(times(N, 2 ** 40), 2 ** 20)],
    ['multiplied as terms', () => multiply(times(N, 2 ** 40), times(S, 2 ** 20))],
    ['summed', () => sum([times(N, LARGEST), times(N, LARGEST)])],
    ['evaluated', () => evaluate(times(N, 2 ** 50), new Map([['N', 16]]))],
    ['no integer', () => add(0.5, 1)],
    ['bound to no integer', () => evaluate(N, new Map([['N', 0.5]]))],
  ])('coefficients stay exact: %s', (_, overflow) => {
    expect(overflow).toThrow(CountOverflowError);
  });

  it('refuse more terms, degrees and nesting than any model needs', () => {
    const many = Array.from({ length: 2_001 }, (_, index) => symbol(`d${index}`));
    expect(() => sum(many)).toThrow(ExpressionLimitError);
    expect(() => many.reduce<Integer>(maximum, 1)).toThrow(ExpressionLimitError);
    expect(() => product(Array.from({ length: 101 }, () => N))).toThrow(ExpressionLimitError);
    let nested: Integer = N;
    expect(() => {
      for (let depth = 0; depth < 200; depth++) nested = floorDivide(multiply(add(nested, S), 2), 3);
    }).toThrow(ExpressionLimitError);
    // Each level uses the one below twice: its text doubles.
    let doubled: Integer = N;
    expect(() => {
      for (let depth = 0; depth < 90; depth++)
        doubled = floorDivide(add(times(doubled, 2), times(doubled, doubled)), 3);
    }).toThrow(expect.objectContaining({ code: 'expression-limit' }));
  });

  it('hold for a question of order about anything', () => {
    let nested: Integer = N;
    for (let depth = 0; depth < 12; depth++) nested = floorDivide(add(times(2, nested), maximum(nested, S)), 5);
    expect(isPositive(nested)).toBeUndefined();
  });
});

describe('an expression', () => {
  it('shows itself as text', () => {
    expect(`${add(N, 1)}`).toBe('N + 1');
    expect(JSON.stringify({ shape: [N, 3, add(S, 1)] })).toBe('{"shape":["N",3,"S + 1"]}');
    expect(N.key).toBe('N');
    expect(N).toBeInstanceOf(Expression);
  });
});
