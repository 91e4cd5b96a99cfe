/** Errors of arithmetic know no place: the node at which they arose is what a reader looks for. */
import type { Node } from '../ir/graph.ts';
import { OperatorError } from '../ops/definition.ts';
import { CountOverflowError } from '../units/count.ts';
import { DivisionByZeroError, ExpressionLimitError } from '../units/integer.ts';

const named = new WeakSet<Error>();

/** The same error naming the node; what already names one, and errors of other kinds, as they are. */
export const placed = (error: unknown, { name, type }: Pick<Node, 'name' | 'type'>): unknown => {
  if (!(error instanceof Error) || named.has(error)) return error;
  const message = `${name}: ${type}: ${error.message}`;
  if (error instanceof DivisionByZeroError) {
    return new OperatorError(name, `${type}: an extent or attribute that it divides by is 0`);
  }
  const found =
    error instanceof CountOverflowError
      ? new CountOverflowError(message, { cause: error })
      : error instanceof ExpressionLimitError
        ? new ExpressionLimitError(message, { cause: error })
        : undefined;
  if (found !== undefined) named.add(found);
  return found ?? error;
};
