import fc from 'fast-check';
import { CountOverflowError } from '../../src/units/count.ts';
import {
  add,
  ceilDivide,
  ExpressionLimitError,
  floorDivide,
  type Integer,
  maximum,
  minimum,
  modulo,
  multiply,
  subtract,
  symbol,
} from '../../src/units/integer.ts';

/** Calculations for property tests: built once, worked out symbolically and, independently, in numbers. */

const OPERATIONS = {
  add: [add, (a, b) => a + b],
  subtract: [subtract, (a, b) => a - b],
  multiply: [multiply, (a, b) => a * b],
  floor: [floorDivide, (a, b) => Math.floor(a / b)],
  ceil: [ceilDivide, (a, b) => Math.ceil(a / b)],
  modulo: [modulo, (a, b) => a - b * Math.floor(a / b)],
  max: [maximum, Math.max],
  min: [minimum, Math.min],
} as const satisfies Record<string, readonly [(a: Integer, b: Integer) => Integer, (a: number, b: number) => number]>;

export type Calculation =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'symbol'; readonly name: string }
  | {
      readonly kind: 'operation';
      readonly name: keyof typeof OPERATIONS;
      readonly a: Calculation;
      readonly b: Calculation;
    };

export const NAMES = ['H', 'N', 'S', 'W'] as const;

export const calculation: fc.Arbitrary<Calculation> = fc.letrec<{ node: Calculation }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4, depthSize: 'max' },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('symbol' as const), name: fc.constantFrom(...NAMES) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('number' as const), value: fc.integer({ min: -6, max: 12 }) }),
    },
    {
      weight: 9,
      arbitrary: fc.record({
        kind: fc.constant('operation' as const),
        name: fc.constantFrom(...(Object.keys(OPERATIONS) as (keyof typeof OPERATIONS)[])),
        a: tie('node'),
        b: tie('node'),
      }),
    },
  ),
})).node;

/** Values of the symbols. */
export const values: fc.Arbitrary<ReadonlyMap<string, number>> = fc
  .tuple(...NAMES.map(() => fc.integer({ min: 1, max: 50 })))
  .map((numbers) => new Map(NAMES.map((name, index) => [name, numbers[index] ?? 1])));

/** The calculation with symbols; undefined where it divides by zero or leaves the exact integers. */
export const symbolic = (of: Calculation): Integer | undefined => {
  if (of.kind === 'number') return of.value;
  if (of.kind === 'symbol') return symbol(of.name);
  const [a, b] = [symbolic(of.a), symbolic(of.b)];
  if (a === undefined || b === undefined) return undefined;
  const divides = of.name === 'floor' || of.name === 'ceil' || of.name === 'modulo';
  if (divides && b === 0) return undefined;
  try {
    return OPERATIONS[of.name][0](a, b);
  } catch (error) {
    if (error instanceof CountOverflowError || error instanceof ExpressionLimitError) return undefined;
    throw error;
  }
};

/** The calculation in numbers; undefined where it divides by zero or a value on the way is large enough to round. */
export const direct = (of: Calculation, at: ReadonlyMap<string, number>): number | undefined => {
  if (of.kind === 'number') return of.value;
  if (of.kind === 'symbol') return at.get(of.name);
  const [a, b] = [direct(of.a, at), direct(of.b, at)];
  if (a === undefined || b === undefined) return undefined;
  const value = OPERATIONS[of.name][1](a, b) + 0;
  return Number.isFinite(value) && Math.abs(value) < 1e6 ? value : undefined;
};
