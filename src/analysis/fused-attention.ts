/** Finds softmax(q k') v: two products of activations with a softmax between, which runtimes compute in one kernel. */
import { sameInteger } from '../units/integer.ts';
import type { NodeAnalysis } from './nodes.ts';

/** Between the two products: scale, bias, mask, softmax, dropout. */
const LONGEST_CHAIN = 8;

/** Products of two activations: no operand is a weight, nothing slides, and the code does not ask for the product alone. */
const isScores = (node: NodeAnalysis): boolean =>
  node.writtenOut !== true &&
  node.fusion === 'contraction' &&
  node.view?.spatial === false &&
  node.inputs.every(({ role }) => role === 'activation');

/**
 * Members of every such chain by the index of its last product, in execution order. Each tensor of a chain is read
 * once, by the next member, so that nothing can come between.
 */
export const attentionChains = (
  nodes: readonly NodeAnalysis[],
  producer: ReadonlyMap<string, number>,
  consumers: Int32Array,
): ReadonlyMap<number, readonly number[]> => {
  const chains = new Map<number, readonly number[]>();
  /** The only reader of each tensor that has one reader. */
  const reader = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const { tensor } of node.inputs) {
      const from = producer.get(tensor);
      if (from !== undefined && consumers[from] === 1) reader.set(tensor, index);
    }
  });
  const next = (index: number): number | undefined => {
    const output = nodes[index]?.outputs[0]?.tensor;
    return output === undefined ? undefined : reader.get(output);
  };
  nodes.forEach((node, first) => {
    // What one chain ends in does not begin another.
    if (!isScores(node) || chains.has(first)) return;
    const chain = [first];
    let hasReduction = false;
    for (let at = next(first); at !== undefined && chain.length < LONGEST_CHAIN; at = next(at)) {
      const member = nodes[at] as NodeAnalysis;
      // What a loop repeats cannot share a launch with what runs once.
      if (!sameInteger(member.times, node.times)) return;
      chain.push(at);
      if (member.fusion === 'contraction') {
        if (hasReduction && isScores(member)) chains.set(at, chain);
        return;
      }
      if (!['pointwise', 'reduction', 'view'].includes(member.fusion)) return;
      hasReduction ||= member.fusion === 'reduction';
    }
  });
  return chains;
};
