/** What a model stores: which tensors are weights, and which operator they are counted at. */
import { DTYPE_BYTES, type DType, isFloating } from '../ir/dtype.ts';
import type { Graph, Initializer } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import type { OperandRole, OperatorDefinition, TensorType } from '../ops/definition.ts';
import { findOperator } from '../ops/lookup.ts';
import type { Integer } from '../units/integer.ts';

export interface StoredCounts {
  /** Learned numbers. */
  readonly parameters: number;
  /** The learned numbers in the types that they are stored in; 4-bit ones take half a byte. */
  readonly parameterBytes: number;
  /** Stored with the model but not learned. */
  readonly statistics: number;
}

export const NOTHING_STORED: StoredCounts = { parameters: 0, parameterBytes: 0, statistics: 0 };

export const addStored = (a: StoredCounts, b: StoredCounts): StoredCounts => {
  if (b === NOTHING_STORED) return a;
  return {
    parameters: a.parameters + b.parameters,
    parameterBytes: a.parameterBytes + b.parameterBytes,
    statistics: a.statistics + b.statistics,
  };
};

/** Types that quantizers store weights in. */
const NARROW: ReadonlySet<DType> = new Set<DType>(['int8', 'uint8', 'int4', 'uint4', 'int2', 'uint2']);

/**
 * What a tensor that is stored with the model is to an operator that takes it where an
 * activation could stand: a weight (a learned embedding, a bias added by Add), unless it is an
 * index or a mask, or a single number, which exporters write for constants of the program.
 */
const storedRole = ({ dtype, shape, inline }: Initializer, quantized: boolean): OperandRole => {
  if (!quantized && !isFloating(dtype) && !NARROW.has(dtype)) return 'setting';
  const isScalar = shape.length === 0 || (inline === true && elementCount(shape) === 1);
  return isScalar ? 'setting' : 'weight';
};

const statedRole = (definition: OperatorDefinition | undefined, index: number): OperandRole => {
  const roles = definition?.inputRoles ?? [];
  return roles[Math.min(index, roles.length - 1)] ?? 'activation';
};

const countsOf = (initializer: Initializer, role: OperandRole, packed?: Integer): StoredCounts => {
  const elements = elementCount(initializer.shape) as number;
  if (role === 'statistic') return { ...NOTHING_STORED, statistics: elements };
  // Several numbers may be packed into one element; their bytes are those of the elements.
  const parameters = typeof packed === 'number' ? packed : elements;
  return { parameters, parameterBytes: elements * DTYPE_BYTES[initializer.dtype], statistics: 0 };
};

/** The tensors that depend on no input, and who has counted what they are made of. */
export class StoredTensors {
  readonly #initializers: Map<string, Initializer>;
  /** Stored tensors, and those that are computed from them when the model is loaded. */
  readonly #constant = new Set<string>();
  readonly #claimed = new Set<string>();
  /** What tensors computed on loading are made of, until an operator that runs reads them. */
  readonly #onLoading = new Map<string, StoredCounts & { readonly madeBy: string }>();

  constructor(initializers: ReadonlyMap<string, Initializer>) {
    this.#initializers = new Map(initializers);
    for (const name of initializers.keys()) this.#constant.add(name);
  }

  isConstant(tensor: string): boolean {
    return this.#constant.has(tensor);
  }

  addConstant(tensor: string): void {
    this.#constant.add(tensor);
  }

  /** A stored tensor under another name, as a parameter of its own; whether there is one of that name. */
  rename(from: string | undefined, to: readonly string[]): boolean {
    const initializer = from === undefined ? undefined : this.#initializers.get(from);
    if (initializer === undefined) return false;
    for (const tensor of to) this.#initializers.set(tensor, initializer);
    return true;
  }

  roleOf(
    tensor: string,
    index: number,
    definition: OperatorDefinition | undefined,
    type: TensorType | undefined,
  ): OperandRole {
    const stated = statedRole(definition, index);
    // A weight that the model computes is an activation like others.
    if (!this.#constant.has(tensor)) return stated === 'setting' ? 'setting' : 'activation';
    if (stated !== 'activation') return stated;
    const initializer = this.#initializers.get(tensor);
    // A bias is quantized to 32 bits, a type that otherwise holds indices.
    if (initializer !== undefined) return storedRole(initializer, definition?.quantization === 'dequantize');
    return type !== undefined && (isFloating(type.dtype) || NARROW.has(type.dtype)) ? 'weight' : 'setting';
  }

  /** What an operand brings that nobody has counted yet. */
  claim(tensor: string, role: OperandRole, packed?: Integer): StoredCounts {
    // Who only asks for the shape of a weight leaves it to its first reader.
    if (role !== 'weight' && role !== 'statistic') return NOTHING_STORED;
    const made = this.#onLoading.get(tensor);
    if (made !== undefined) {
      this.#onLoading.delete(tensor);
      return made;
    }
    const initializer = this.#initializers.get(tensor);
    if (initializer === undefined || this.#claimed.has(tensor)) return NOTHING_STORED;
    this.#claimed.add(tensor);
    return countsOf(initializer, role, packed);
  }

  /** Leaves what an operator that runs on loading was made of to the reader of its first output. */
  handOn(outputs: readonly string[], counts: StoredCounts, madeBy: string): StoredCounts {
    const [tensor] = outputs;
    if (tensor === undefined || counts.parameters + counts.statistics === 0) return counts;
    this.#onLoading.set(tensor, { ...counts, madeBy });
    return NOTHING_STORED;
  }

  /** What was handed on and read by no operator that runs, by the node that made it. */
  leftOver(): ReadonlyMap<string, StoredCounts> {
    return new Map([...this.#onLoading.values()].map((counts) => [counts.madeBy, counts]));
  }
}

/** What graphs store that never run, by the operators that would read it. */
export const storedIn = (graphs: readonly Graph[]): Omit<StoredCounts, 'statistics'> => {
  let total = NOTHING_STORED;
  const counted = new Set<Initializer>();
  // A graph reads what the graphs around it store as well.
  const open = graphs.map((graph) => ({ graph, around: new Map<string, Initializer>() }));
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    const { graph, around } = item;
    const unread = graph.initializers.length === 0 ? around : new Map(around);
    for (const initializer of graph.initializers) unread.set(initializer.name, initializer);
    for (const { type, domain, inputs, bodies = {} } of graph.nodes) {
      for (const body of Object.values(bodies)) open.push({ graph: body, around: unread });
      const definition = findOperator(type, domain);
      inputs.forEach((tensor, index) => {
        const initializer = unread.get(tensor);
        const stated = statedRole(definition, index);
        if (initializer === undefined || stated === 'setting' || counted.has(initializer)) return;
        counted.add(initializer);
        const role = stated === 'activation' ? storedRole(initializer, false) : stated;
        if (role === 'weight') total = addStored(total, countsOf(initializer, role));
      });
    }
  }
  const { parameters, parameterBytes } = total;
  return { parameters, parameterBytes };
};
