/**
 * Types under automatic mixed precision, as PyTorch's autocast assigns them: products compute in 16 bits, some operators in
 * 32 (src/ops/mixed-precision.ts), all others in the widest type of their operands. Parameters stay in 32 bits, so
 * whatever adds or multiplies with one does too: a residual stream with a position embedding in it stays wide.
 */
import { DTYPE_BYTES, type DType, isFloating } from '../ir/dtype.ts';
import { type Count, scaleCount } from '../units/count.ts';
import type { AnalyzedGraph, NodeAnalysis, Operand } from './nodes.ts';

export interface MixedTypes {
  /** A tensor as a node reads it, after its conversion, in elements of 16 bits. */
  readAs(node: NodeAnalysis, tensor: string, size: Count): Count;
  /** A tensor as it is written, in elements of 16 bits. */
  writtenAs(tensor: string, size: Count): Count;
  /** Operands that are converted before the node reads them, every time: parameters as well. */
  converted(node: NodeAnalysis): readonly Operand[];
}

/** Elements of 32 bits, in elements of 16. */
export const inWide = (size: Count): Count => scaleCount(size, 2);

const isProduct = ({ fusion }: NodeAnalysis): boolean => fusion === 'contraction';

const isFloat = ({ type }: Operand): boolean => type !== undefined && isFloating(type.dtype);

/** What is stored in 16 bits, as by a model that was exported so, has no 32 to keep. */
const isStoredWide = (dtype: DType | undefined): boolean =>
  dtype !== undefined && isFloating(dtype) && DTYPE_BYTES[dtype] > 2;

/** Scalars take the type of what they meet, and the vectors of a BatchNorm change none. */
const isWideParameter = (node: NodeAnalysis, { role, type }: Operand): boolean =>
  role === 'weight' && !node.foldable && isStoredWide(type?.dtype) && type?.shape.length !== 0;

const wideTensors = ({ graph, nodes }: AnalyzedGraph): ReadonlySet<string> => {
  const wide = new Set(graph.inputs.filter(({ dtype }) => isStoredWide(dtype)).map(({ name }) => name));
  for (const node of nodes) {
    if (isProduct(node)) continue;
    const isWide = (operand: Operand): boolean =>
      operand.role === 'activation' ? wide.has(operand.tensor) : isWideParameter(node, operand);
    if (node.computesWide === undefined && !node.inputs.some(isWide)) continue;
    for (const output of node.outputs) if (isFloat(output)) wide.add(output.tensor);
  }
  return wide;
};

export const mixedTypes = (graph: AnalyzedGraph): MixedTypes => {
  const wide = wideTensors(graph);
  const sized = (isWide: boolean, size: Count): Count => (isWide ? inWide(size) : size);
  const comesWide = (node: NodeAnalysis, tensor: string): boolean =>
    wide.has(tensor) || node.inputs.some((operand) => operand.tensor === tensor && isWideParameter(node, operand));
  return {
    readAs: (node, tensor, size) =>
      sized(!isProduct(node) && (node.computesWide === 'converted' || comesWide(node, tensor)), size),
    writtenAs: (tensor, size) => sized(wide.has(tensor), size),
    converted: (node) =>
      node.inputs.filter((operand) => {
        if (!isFloat(operand)) return false;
        if (isProduct(node))
          return operand.role === 'weight' ? isStoredWide(operand.type?.dtype) : wide.has(operand.tensor);
        return node.computesWide === 'converted' && operand.role === 'activation' && !wide.has(operand.tensor);
      }),
  };
};
