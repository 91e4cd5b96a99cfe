/** The equation of Einsum: which letter each axis of each operand has, with the axes of `...` named too. */
import type { Dim, Shape } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import type { OperatorContext } from './definition.ts';

export interface EinsumEquation {
  /** One list of indices per operand. */
  readonly operands: readonly (readonly string[])[];
  readonly output: readonly string[];
  readonly extents: ReadonlyMap<string, Dim>;
}

const ELLIPSIS = '...';
/** Longer than any equation over the letters of the alphabet needs to be. */
const MAX_LENGTH = 10_000;

/** Letters in order, '...' kept as one. */
const lettersOf = (context: OperatorContext, term: string): readonly string[] => {
  const letters = term.match(/\.\.\.|[A-Za-z]/g) ?? [];
  if (letters.join('') !== term || letters.filter((letter) => letter === ELLIPSIS).length > 1) {
    context.fail(`"${term.slice(0, 40)}" in the equation: expected letters and at most one "..."`);
  }
  return letters;
};

/** Index of axis `fromRight` (0 is the last) of those that '...' stands for: such axes align at the right. */
const ellipsisIndex = (fromRight: number): string => `.${fromRight}`;

const expand = (letters: readonly string[], axes: number): readonly string[] =>
  letters.flatMap((letter) =>
    letter === ELLIPSIS ? Array.from({ length: axes }, (_, axis) => ellipsisIndex(axes - 1 - axis)) : [letter],
  );

const compareLetters = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Reads the equation and holds it to the operands. An index of extent 1 broadcasts to the others of its name. */
export const readEquation = (context: OperatorContext): EinsumEquation => {
  const equation = context.text('equation').replaceAll(' ', '');
  if (equation.length > MAX_LENGTH) context.fail(`an equation of ${equation.length} characters`);
  const [left = '', right, ...rest] = equation.split('->');
  if (rest.length > 0) context.fail('the equation has more than one "->"');
  const terms = left.split(',').map((term) => lettersOf(context, term));
  const shapes = context.node.inputs.map((_, index) => context.input(index).shape);
  if (shapes.length === 0) context.input(0);
  if (terms.length !== shapes.length)
    context.fail(`${terms.length} terms in the equation for ${shapes.length} operands`);

  const extents = new Map<string, Dim>();
  let ellipsisAxes = 0;
  const operands = terms.map((letters, operand) => {
    const shape = shapes[operand] as Shape;
    const hasEllipsis = letters.includes(ELLIPSIS);
    const hidden = hasEllipsis ? shape.length - (letters.length - 1) : 0;
    const indices = hidden < 0 ? [] : expand(letters, hidden);
    if (indices.length !== shape.length) {
      context.fail(`term "${letters.join('')}" does not fit operand ${operand} of shape ${formatShape(shape)}`);
    }
    if (hasEllipsis) ellipsisAxes = Math.max(ellipsisAxes, hidden);
    indices.forEach((index, axis) => {
      const own = shape[axis] as Dim;
      const known = extents.get(index);
      extents.set(index, known === undefined ? own : context.broadcast(known, own));
    });
    return indices;
  });

  const explicit = right === undefined ? undefined : lettersOf(context, right);
  const output = expand(explicit ?? implicitOutput(terms), ellipsisAxes);
  for (const index of output) if (!extents.has(index)) context.fail(`the output index "${index}" is in no operand`);
  if (new Set(output).size !== output.length) context.fail('an index stands twice in the output of the equation');
  return { operands, output, extents };
};

/** Without "->": the axes of '...', then the letters that occur once, in the order of their codes. */
const implicitOutput = (terms: readonly (readonly string[])[]): readonly string[] => {
  const counts = new Map<string, number>();
  for (const letter of terms.flat()) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  const once = [...counts].filter(([letter, count]) => letter !== ELLIPSIS && count === 1).map(([letter]) => letter);
  return [...(counts.has(ELLIPSIS) ? [ELLIPSIS] : []), ...once.sort(compareLetters)];
};
