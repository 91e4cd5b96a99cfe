import type { OperatorDefinition } from './definition.ts';
import { allOperators } from './index.ts';

const byName: ReadonlyMap<string, OperatorDefinition> = new Map(
  allOperators.map((definition) => [`${definition.domain}:${definition.type}`, definition]),
);

/** The definition of an operator, or `undefined`: an unknown operator is a result, not an exception. */
export const findOperator = (type: string, domain = ''): OperatorDefinition | undefined =>
  byName.get(`${domain}:${type}`);
