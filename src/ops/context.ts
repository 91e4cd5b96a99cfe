import type { Node } from '../ir/graph.ts';
import { type OperatorContext, OperatorError, type TensorType } from './definition.ts';

/** Gives a definition typed access to one node: its attributes with defaults, its operands with types. */
export const operatorContext = (node: Node, typeOf: (tensor: string) => TensorType | undefined): OperatorContext => {
  const fail = (message: string): never => {
    throw new OperatorError(node.name, `${node.type}: ${message}`);
  };
  const operand = (names: readonly string[], index: number, what: string): TensorType => {
    const name = names[index];
    if (name === undefined || name === '') return fail(`${what} ${index} is missing`);
    return typeOf(name) ?? fail(`the shape of ${what} ${index} ("${name}") is not known`);
  };
  return {
    node,
    fail,
    input: (index) => operand(node.inputs, index, 'input'),
    hasInput: (index) => (node.inputs[index] ?? '') !== '',
    output: (index) => operand(node.outputs, index, 'output'),
    attribute: (name) => node.attributes[name],
    integer: (name, fallback) => {
      const value = node.attributes[name] ?? fallback;
      if (typeof value !== 'number') return fail(`attribute "${name}" must be a number`);
      return value;
    },
    integers: (name, fallback) => {
      const value = node.attributes[name] ?? fallback;
      if (value === undefined || typeof value === 'number' || typeof value === 'string') {
        return fail(`attribute "${name}" must be a list of numbers`);
      }
      return value;
    },
    text: (name, fallback) => {
      const value = node.attributes[name] ?? fallback;
      if (typeof value !== 'string') return fail(`attribute "${name}" must be text`);
      return value;
    },
  };
};
