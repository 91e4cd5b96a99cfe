import type { AttributeValue, Node } from '../ir/graph.ts';
import { type OperatorContext, OperatorError, type TensorType } from './definition.ts';

type TypeLookup = (tensor: string) => TensorType | undefined;

/** A class and not a record of closures: one is made per node, and large graphs have thousands. */
class NodeContext implements OperatorContext {
  readonly node: Node;
  readonly #typeOf: TypeLookup;

  constructor(node: Node, typeOf: TypeLookup) {
    this.node = node;
    this.#typeOf = typeOf;
  }

  fail(message: string): never {
    throw new OperatorError(this.node.name, `${this.node.type}: ${message}`);
  }

  input(index: number): TensorType {
    return this.#operand(this.node.inputs, index, 'input');
  }

  hasInput(index: number): boolean {
    return (this.node.inputs[index] ?? '') !== '';
  }

  output(index: number): TensorType {
    return this.#operand(this.node.outputs, index, 'output');
  }

  attribute(name: string): AttributeValue | undefined {
    return this.node.attributes[name];
  }

  integer(name: string, fallback?: number): number {
    const value = this.node.attributes[name] ?? fallback;
    if (typeof value !== 'number') return this.fail(`attribute "${name}" must be a number`);
    return value;
  }

  integers(name: string, fallback?: readonly number[]): readonly number[] {
    const value = this.node.attributes[name] ?? fallback;
    if (value === undefined || typeof value === 'number' || typeof value === 'string') {
      return this.fail(`attribute "${name}" must be a list of numbers`);
    }
    return value;
  }

  text(name: string, fallback?: string): string {
    const value = this.node.attributes[name] ?? fallback;
    if (typeof value !== 'string') return this.fail(`attribute "${name}" must be text`);
    return value;
  }

  #operand(names: readonly string[], index: number, what: string): TensorType {
    const name = names[index];
    if (name === undefined || name === '') return this.fail(`${what} ${index} is missing`);
    return this.#typeOf(name) ?? this.fail(`the shape of ${what} ${index} ("${name}") is not known`);
  }
}

/** Gives a definition typed access to one node: its attributes with defaults, its operands with types. */
export const operatorContext = (node: Node, typeOf: TypeLookup): OperatorContext => new NodeContext(node, typeOf);
