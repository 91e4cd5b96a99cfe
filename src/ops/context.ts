import type { AttributeValue, Dim, Node, TensorValue } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { cancelCommon, formatInteger, type Integer, loneSymbol, sameInteger, symbol } from '../units/integer.ts';
import {
  isSequence,
  type OperatorContext,
  OperatorError,
  type SequenceType,
  type TensorType,
  UnknownTypeError,
  type ValueType,
} from './definition.ts';

/** What surrounds a node: the types of tensors, and where findings go. */
export interface OperatorScope {
  typeOf(tensor: string): ValueType | undefined;
  readonly opset: number;
  /** Records that an open dimension is known to be something else. */
  bind?(name: string, value: Dim): void;
  warn?(code: string, path: string, message: string): void;
  /** An extent that only data decides: a new open dimension, or what it was found to be. */
  dataDependent?(name: string): Dim;
  canRun?(body: string): boolean;
  bodyOutputs?(body: string): readonly (ValueType | undefined)[] | undefined;
}

const isNumbers = (value: AttributeValue): value is readonly number[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'number');

const isTexts = (value: AttributeValue): value is readonly string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string');

/** A class and not a record of closures: one is made per node, and large graphs have thousands. */
class NodeContext implements OperatorContext {
  readonly node: Node;
  readonly #scope: OperatorScope;

  constructor(node: Node, scope: OperatorScope) {
    this.node = node;
    this.#scope = scope;
  }

  get opset(): number {
    return this.#scope.opset;
  }

  fail(message: string): never {
    throw new OperatorError(this.node.name, `${this.node.type}: ${message}`);
  }

  unknown(message: string): never {
    throw new UnknownTypeError(this.node.name, `${this.node.type}: ${message}`);
  }

  warn(code: string, message: string): void {
    this.#scope.warn?.(code, this.node.name, `${this.node.type}: ${message}`);
  }

  input(index: number): TensorType {
    return this.#tensor(this.node.inputs, index, 'input');
  }

  hasInput(index: number): boolean {
    return (this.node.inputs[index] ?? '') !== '';
  }

  optionalInput(index: number): TensorType | undefined {
    return this.hasInput(index) ? this.input(index) : undefined;
  }

  anyInput(index: number): ValueType | undefined {
    const name = this.node.inputs[index] ?? '';
    return name === '' ? undefined : this.#scope.typeOf(name);
  }

  sequence(index: number): SequenceType {
    const type = this.#operand(this.node.inputs, index, 'input');
    return isSequence(type) ? type : this.fail(`input ${index} is a tensor, expected a sequence or an optional`);
  }

  output(index: number): TensorType {
    return this.#tensor(this.node.outputs, index, 'output');
  }

  hasOutput(index: number): boolean {
    return (this.node.outputs[index] ?? '') !== '';
  }

  values(index: number, what: string): readonly Integer[] {
    return this.input(index).values ?? this.unknown(`${what} depends on data`);
  }

  numbers(index: number, what: string): readonly number[] {
    return this.values(index, what).map((value) =>
      typeof value === 'number' ? value : this.unknown(`${what} depends on the open dimension ${formatInteger(value)}`),
    );
  }

  attribute(name: string): AttributeValue | undefined {
    return this.node.attributes[name];
  }

  lengthOf(name: string): number {
    const value = this.node.attributes[name];
    return this.node.fullLengths?.[name] ?? (Array.isArray(value) ? value.length : 0);
  }

  integer(name: string, fallback?: number): number {
    const value = this.node.attributes[name] ?? fallback;
    if (typeof value !== 'number') return this.fail(`attribute "${name}" must be a number`);
    return value;
  }

  integers(name: string, fallback?: readonly number[]): readonly number[] {
    const value = this.node.attributes[name] ?? fallback;
    return value !== undefined && isNumbers(value) ? value : this.fail(`attribute "${name}" must be a list of numbers`);
  }

  text(name: string, fallback?: string): string {
    const value = this.node.attributes[name] ?? fallback;
    return typeof value === 'string' ? value : this.fail(`attribute "${name}" must be text`);
  }

  texts(name: string, fallback?: readonly string[]): readonly string[] {
    const value = this.node.attributes[name] ?? fallback;
    return value !== undefined && isTexts(value) ? value : this.fail(`attribute "${name}" must be a list of texts`);
  }

  tensor(name: string): TensorValue | undefined {
    const value = this.node.attributes[name];
    if (value === undefined) return undefined;
    return typeof value === 'object' && 'dtype' in value ? value : this.fail(`attribute "${name}" must be a tensor`);
  }

  axis(axis: number, rank: number): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (!Number.isInteger(counted) || counted < 0 || counted >= rank) {
      this.fail(`axis ${axis} is outside a tensor of ${rank} axes`);
    }
    return counted;
  }

  agree(a: Dim, b: Dim, what: string): Dim {
    if (sameInteger(a, b)) return a;
    if (typeof a === 'number' && typeof b === 'number') this.fail(`${what}: ${a} and ${b} differ`);
    const [left, right] = cancelCommon(a, b);
    if (!sameInteger(left, a)) {
      // batch*seq = 20*batch says that seq is 20.
      this.agree(left, right, what);
      return typeof a === 'number' ? a : b;
    }
    // The one that says more stays: a number, or an expression of other dimensions.
    for (const [open, known] of typeof a === 'number'
      ? ([[b, a]] as const)
      : ([
          [a, b],
          [b, a],
        ] as const)) {
      const name = loneSymbol(open);
      if (name === undefined) continue;
      this.#scope.bind?.(name, known);
      return known;
    }
    this.warn('assumed-equal', `${what}: ${formatShape([a])} and ${formatShape([b])} are taken to be equal`);
    return typeof a === 'number' ? a : b;
  }

  broadcast(a: Dim, b: Dim): Dim {
    if (a === 1) return b;
    if (b === 1 || sameInteger(a, b)) return a;
    if (typeof a === 'number' && typeof b === 'number') this.fail(`extents ${a} and ${b} do not broadcast`);
    // An open dimension beside a number may also be 1, so nothing is learned about it.
    if (typeof a === 'number') return a;
    if (typeof b === 'number') return b;
    return this.agree(a, b, 'broadcast extents');
  }

  dataDependent(what: string): Dim {
    const name = `${this.node.name}.${what}`;
    return this.#scope.dataDependent?.(name) ?? symbol(name);
  }

  canRun(name: string): boolean {
    return this.#scope.canRun?.(name) ?? true;
  }

  bodyOutputs(name: string): readonly (ValueType | undefined)[] {
    return this.#scope.bodyOutputs?.(name) ?? this.fail(`the graph "${name}" is missing`);
  }

  #operand(names: readonly string[], index: number, what: string): ValueType {
    const name = names[index];
    if (name === undefined || name === '') return this.fail(`${what} ${index} is missing`);
    return this.#scope.typeOf(name) ?? this.unknown(`the shape of ${what} ${index} ("${name}") is not known`);
  }

  #tensor(names: readonly string[], index: number, what: string): TensorType {
    const type = this.#operand(names, index, what);
    return isSequence(type) ? this.fail(`${what} ${index} is a ${type.kind}, expected a tensor`) : type;
  }
}

/** Gives a definition typed access to one node: its attributes with defaults, its operands with types. */
export const operatorContext = (node: Node, scope: OperatorScope): OperatorContext => new NodeContext(node, scope);
