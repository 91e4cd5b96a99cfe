/**
 * Which work runs on narrow numbers. A quantizer leaves the operators of the model in place and
 * puts a pair of quantize and dequantize around their tensors; a runtime turns what stands between
 * into one kernel on the narrow tensors. This finds those places by what definitions say of
 * themselves, never by an operator's name, and rewrites them as they run: the kernel reads and
 * writes the narrow tensors, and the nodes that it takes in launch nothing.
 */
import { type DType, isFloating } from '../ir/dtype.ts';
import { elementCount } from '../ir/shape.ts';
import type { OperatorClass } from '../ops/classes.ts';
import type { CostTreatment, FusionRole, OperandRole, TensorType } from '../ops/definition.ts';
import { type Integer, sameInteger } from '../units/integer.ts';
import { isNarrow, narrowKernel } from './arithmetic-types.ts';

interface Operand {
  readonly tensor: string;
  readonly role: OperandRole;
  readonly type: TensorType | undefined;
}

/** What the pass reads of a node, and what it may change. */
export interface QuantizableNode {
  readonly class: OperatorClass;
  readonly fusion: FusionRole;
  readonly foldable: boolean;
  readonly inPlace: boolean;
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  readonly parameters: number;
  readonly parameterBytes: number;
  readonly macs: Integer;
  readonly flops: Integer;
  readonly transcendentals: Integer;
  readonly quantization: 'quantize' | 'dequantize' | undefined;
  /** Tensors that a contraction multiplies with one another. */
  readonly factors: readonly string[];
  readonly arithmetic: DType | undefined;
  readonly treatment: CostTreatment | { readonly kind: 'unknown'; readonly reason: string };
}

const ON_NARROW: ReadonlySet<FusionRole> = new Set<FusionRole>(['pointwise', 'window', 'reduction', 'layout', 'view']);

/** Operators that an integer kernel can stand for: what moves, compares, adds or pools. */
const runsOnNarrow = ({ fusion, class: kind, quantization }: QuantizableNode): boolean =>
  quantization === undefined && (ON_NARROW.has(fusion) || (fusion === 'opaque' && kind === 'data-movement'));

const rearranges = ({ fusion }: QuantizableNode): boolean => fusion === 'view' || fusion === 'layout';

export interface QuantizedGraph<Node> {
  readonly nodes: readonly Node[];
  /** Types of tensors, where those inside an integer kernel's reach are narrow. */
  readonly types: ReadonlyMap<string, TensorType>;
}

class Recognition<Node extends QuantizableNode> {
  readonly #nodes: readonly Node[];
  readonly #types: Map<string, TensorType>;
  readonly #outputs: ReadonlySet<string>;
  readonly #producer = new Map<string, number>();
  readonly #readers = new Map<string, number[]>();
  /** The narrow tensor of which a tensor is the wide form, perhaps rearranged. */
  readonly #stored = new Map<string, Operand>();
  /** Type of the numbers that a node hands out in narrow form; for a contraction that it multiplies. */
  readonly #carried: (DType | undefined)[] = [];
  /** Runs on narrow tensors. */
  readonly #settled: boolean[] = [];

  constructor(nodes: readonly Node[], types: ReadonlyMap<string, TensorType>, outputs: readonly string[]) {
    this.#nodes = nodes;
    this.#types = new Map(types);
    this.#outputs = new Set(outputs);
    nodes.forEach((node, index) => {
      for (const { tensor } of node.outputs) this.#producer.set(tensor, index);
      for (const { tensor } of node.inputs) {
        const readers = this.#readers.get(tensor);
        if (readers === undefined) this.#readers.set(tensor, [index]);
        else readers.push(index);
      }
    });
  }

  run(): QuantizedGraph<Node> {
    this.#nodes.forEach((node, index) => {
      this.#carried[index] = this.#carriedBy(node);
    });
    for (let index = this.#nodes.length - 1; index >= 0; index--) this.#settled[index] = this.#settles(index);
    const absorbed = this.#nodes.map((node, index) => this.#absorbedInto(node, index));
    // Weights are shown where they are multiplied.
    const moved = new Map<number, Pick<Node, 'parameters' | 'parameterBytes'>>();
    absorbed.forEach((kernel, index) => {
      if (kernel === undefined) return;
      const { parameters, parameterBytes } = this.#nodes[index] as Node;
      const before = moved.get(kernel) ?? { parameters: 0, parameterBytes: 0 };
      moved.set(kernel, {
        parameters: before.parameters + parameters,
        parameterBytes: before.parameterBytes + parameterBytes,
      });
    });
    const rewritten = this.#nodes.map((node, index) => {
      const kernel = absorbed[index];
      if (kernel !== undefined) return this.#taken(node, kernel);
      const rewired = this.#rewired(node, index, absorbed);
      const more = moved.get(index);
      if (more === undefined) return rewired;
      const parameters = rewired.parameters + more.parameters;
      return { ...rewired, parameters, parameterBytes: rewired.parameterBytes + more.parameterBytes };
    });
    return { nodes: this.#withoutUnread(rewritten), types: this.#types };
  }

  #onlyReaders(tensor: string): readonly number[] {
    return this.#outputs.has(tensor) ? [] : (this.#readers.get(tensor) ?? []);
  }

  #carriedBy(node: Node): DType | undefined {
    const [source] = node.inputs;
    if (node.quantization === 'quantize') return undefined;
    if (node.quantization === 'dequantize') {
      for (const { tensor } of node.outputs) if (source !== undefined) this.#stored.set(tensor, source);
      return isNarrow(source?.type?.dtype) ? source.type.dtype : undefined;
    }
    if (node.factors.length > 0) {
      return narrowKernel(
        node.factors.map((tensor) => (this.#stored.get(tensor)?.type ?? this.#types.get(tensor))?.dtype),
      );
    }
    if (!runsOnNarrow(node)) return undefined;
    const behind = source === undefined ? undefined : this.#stored.get(source.tensor);
    if (rearranges(node) && behind !== undefined)
      for (const { tensor } of node.outputs) this.#stored.set(tensor, behind);
    const activations = node.inputs.filter(({ role }) => role === 'activation');
    const types = activations.map(({ tensor }) => {
      const from = this.#producer.get(tensor);
      if (from === undefined) return undefined;
      // Of sums that are not rounded yet, whoever else reads them needs the wide form.
      const isWide = (this.#nodes[from] as Node).quantization !== 'dequantize';
      return isWide && this.#onlyReaders(tensor).length !== 1 ? undefined : this.#carried[from];
    });
    return narrowKernel(types) === undefined ? undefined : types[0];
  }

  #settles(index: number): boolean {
    const node = this.#nodes[index] as Node;
    if (this.#carried[index] === undefined || node.quantization !== undefined) return false;
    if (node.factors.length > 0) return true;
    return node.outputs.every(({ tensor }) => {
      const readers = this.#onlyReaders(tensor);
      return readers.length > 0 && readers.every((reader) => this.#takesNarrow(reader, tensor));
    });
  }

  /** Whether a reader takes this tensor, which no integer kernel has rounded, in narrow form. */
  #takesNarrow(reader: number, tensor: string): boolean {
    const node = this.#nodes[reader] as Node;
    if (node.quantization === 'quantize') return true;
    if (!this.#settled[reader]) return false;
    return node.factors.length === 0 || (node.factors.includes(tensor) && this.#stored.has(tensor));
  }

  /** The kernel that a quantize or dequantize becomes part of. */
  #absorbedInto(node: Node, index: number): number | undefined {
    if (node.quantization === 'quantize') {
      const tensor = node.inputs[0]?.tensor ?? '';
      const from = this.#producer.get(tensor);
      if (from === undefined || !this.#settled[from]) return undefined;
      const readers = this.#onlyReaders(tensor);
      const rounds = readers.length > 0 && readers.every((reader) => this.#nodes[reader]?.quantization === 'quantize');
      return rounds ? from : undefined;
    }
    if (node.quantization !== 'dequantize') return undefined;
    const readers = node.outputs.flatMap(({ tensor }) => this.#onlyReaders(tensor));
    const isRead = readers.length > 0 && !node.outputs.some(({ tensor }) => this.#outputs.has(tensor));
    const takes = (reader: number): boolean =>
      reader !== index && (this.#settled[reader] === true || this.#readsAsWeight(reader, node));
    return isRead && readers.every(takes) ? readers[0] : undefined;
  }

  /** Stored weights that a floating-point kernel widens as it reads them. */
  #readsAsWeight(reader: number, { outputs }: Node): boolean {
    const { inputs, factors } = this.#nodes[reader] as Node;
    return outputs.every(({ tensor }) => {
      const operand = inputs.find((input) => input.tensor === tensor);
      return operand?.role === 'weight' && factors.includes(tensor) && isNarrow(this.#stored.get(tensor)?.type?.dtype);
    });
  }

  #taken(node: Node, kernel: number): Node {
    const narrow = this.#settled[kernel] === true ? this.#kernelType(kernel) : undefined;
    const reason =
      narrow === undefined ? 'the kernel widens its weights as it reads them' : `part of the ${narrow} kernel`;
    return {
      ...node,
      ...{ fusion: 'view', foldable: false, inPlace: false, inputs: [], outputs: [] },
      ...{ parameters: 0, parameterBytes: 0 },
      ...{ flops: 0, transcendentals: 0, treatment: { kind: 'free', reason } },
    };
  }

  #kernelType(index: number): DType | undefined {
    return narrowKernel([this.#carried[index]]);
  }

  #rewired(node: Node, index: number, absorbed: readonly (number | undefined)[]): Node {
    const isContraction = node.factors.length > 0;
    const settled = this.#settled[index] === true;
    const arithmetic = isContraction
      ? (this.#carried[index] ?? this.#types.get(node.factors[0] ?? '')?.dtype)
      : undefined;
    const inputs = node.inputs.map((operand): Operand => {
      const stored = this.#stored.get(operand.tensor);
      if (stored?.type === undefined || operand.type === undefined) return operand;
      const from = this.#nodes[this.#producer.get(operand.tensor) ?? -1];
      const direct = settled && from?.quantization === 'dequantize';
      const isWeight = isContraction && operand.role === 'weight' && isNarrow(stored.type.dtype);
      const same = sameInteger(elementCount(stored.type.shape), elementCount(operand.type.shape));
      return (direct || isWeight) && same ? { ...stored, role: operand.role } : operand;
    });
    if (!settled) return isContraction ? { ...node, inputs, arithmetic } : node;
    const outputs = node.outputs.flatMap((operand): readonly Operand[] => {
      const readers = this.#onlyReaders(operand.tensor);
      if (readers.length > 0 && readers.every((reader) => absorbed[reader] === index)) {
        return readers.flatMap((reader) => this.#nodes[reader]?.outputs ?? []);
      }
      const stays = readers.length > 0 && readers.every((reader) => this.#takesNarrow(reader, operand.tensor));
      const dtype = this.#carried[index];
      if (!stays || dtype === undefined || operand.type === undefined || !isFloating(operand.type.dtype))
        return [operand];
      const type = { ...operand.type, dtype };
      this.#types.set(operand.tensor, type);
      return [{ ...operand, type }];
    });
    return { ...node, inputs, outputs, arithmetic };
  }

  /** Constants that nothing reads any more need no place, and readers see the types as they now are. */
  #withoutUnread(nodes: readonly Node[]): readonly Node[] {
    const read = new Set(this.#outputs);
    const kept = nodes.toReversed().map((node): Node => {
      const isConstant = node.inputs.length > 0 && node.inputs.every(({ role }) => role !== 'activation');
      const isUnread = !node.outputs.some(({ tensor }) => read.has(tensor));
      if (node.fusion === 'view' && isConstant && isUnread) return { ...node, inputs: [], outputs: [] };
      for (const { tensor } of node.inputs) read.add(tensor);
      const inputs = node.inputs.map((operand) => ({ ...operand, type: this.#types.get(operand.tensor) }));
      return { ...node, inputs };
    });
    return kept.toReversed();
  }
}

/** Marks the type in which every contraction multiplies, and rewrites what runs on narrow tensors. */
export const recogniseQuantization = <Node extends QuantizableNode>(
  nodes: readonly Node[],
  types: ReadonlyMap<string, TensorType>,
  outputs: readonly string[],
): QuantizedGraph<Node> => {
  if (nodes.some(({ quantization }) => quantization === 'dequantize')) {
    return new Recognition(nodes, types, outputs).run();
  }
  const plain = nodes.map((node): Node => {
    const dtypes = node.factors.map((tensor) => types.get(tensor)?.dtype);
    return dtypes.length === 0 ? node : { ...node, arithmetic: narrowKernel(dtypes) ?? dtypes[0] };
  });
  return { nodes: plain, types };
};
