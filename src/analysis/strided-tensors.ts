/**
 * How tensors lie in memory when a library runs one operator after the other, as PyTorch does: an operator writes as its
 * operand lies, a rearrangement only changes strides, and whoever cannot read them so makes a copy first. Checked
 * against the operators that PyTorch itself dispatches in test/anchors/dispatched-kernels.test.ts.
 */
import { atBatch } from '../ir/shape.ts';
import type { KernelGroup } from './fusion.ts';
import type { AnalyzedGraph, NodeAnalysis } from './nodes.ts';
import {
  channelsLastStrides,
  denseStrides,
  isChannelsLast,
  isDense,
  stridesLike,
  stridesSeenAs,
  withOneBatch,
} from './strides.ts';

export type ImageLayout = 'nchw' | 'nhwc';

export interface StridedCopy {
  readonly node: NodeAnalysis;
  /** What is read and written once more. */
  readonly tensor: string;
}

export interface StridedTensors {
  readonly copies: readonly StridedCopy[];
  /** Products of transposed rows with weights, which the library takes another way and adds their bias afterwards. */
  readonly unbiased: readonly NodeAnalysis[];
  /** Convolutions of images that come channels first. */
  readonly channelsFirst: ReadonlySet<NodeAnalysis>;
}

type Extents = readonly number[];

/** Of the first activation that a node reads, and the shape of what it writes. */
interface Flow {
  readonly first: string;
  readonly from: Extents;
  readonly strides: Extents;
  readonly shape: Extents;
}

/** Of two items, since an axis of one position steps over anything. */
const ITEMS = 2;

const elements = (shape: Extents): number => shape.reduce((product, extent) => product * extent, 1);

class Tracker {
  readonly copies: StridedCopy[] = [];
  readonly unbiased: NodeAnalysis[] = [];
  readonly channelsFirst = new Set<NodeAnalysis>();
  readonly #graph: AnalyzedGraph;
  readonly #images: ImageLayout;
  readonly #strides = new Map<string, Extents>();
  readonly #shapes = new Map<string, Extents | undefined>();
  readonly #readers = new Map<string, NodeAnalysis[]>();

  constructor(graph: AnalyzedGraph, images: ImageLayout) {
    this.#graph = graph;
    this.#images = images;
    for (const node of graph.nodes) {
      for (const { tensor } of node.inputs) {
        const list = this.#readers.get(tensor);
        if (list === undefined) this.#readers.set(tensor, [node]);
        else list.push(node);
      }
    }
    for (const { name } of graph.graph.inputs) {
      const shape = this.#shape(name);
      if (shape?.length === 4 && images === 'nhwc') this.#strides.set(name, channelsLastStrides(shape));
    }
  }

  /** `undefined` where an extent is open. */
  #shape(tensor: string): Extents | undefined {
    if (this.#shapes.has(tensor)) return this.#shapes.get(tensor);
    const extents = this.#graph.types.get(tensor)?.shape.map((extent) => atBatch(extent, ITEMS));
    const shape = extents?.every((extent) => extent > 0) ? extents : undefined;
    this.#shapes.set(tensor, shape);
    return shape;
  }

  #of(tensor: string): Extents {
    return this.#strides.get(tensor) ?? denseStrides(this.#shape(tensor) ?? []);
  }

  /** Images stay channels last, everything else comes out dense. */
  #asImages(shape: Extents, from: Extents, strides: Extents): Extents {
    const isLast = isChannelsLast(from, strides) && !isDense(from, strides);
    return isLast && shape.length === 4 ? channelsLastStrides(shape) : denseStrides(shape);
  }

  /** `endsCall`: it is the last of what one call of the library computes, the only one of them whose output is stored. */
  visit(node: NodeAnalysis, endsCall: boolean): void {
    const [first] = node.inputs.filter(({ role }) => role === 'activation');
    const from = first && this.#shape(first.tensor);
    if (first === undefined || from === undefined) return;
    const strides = this.#of(first.tensor);
    for (const { tensor } of node.outputs) {
      const shape = this.#shape(tensor);
      if (shape !== undefined)
        this.#strides.set(tensor, this.#written(node, endsCall, { first: first.tensor, from, strides, shape }));
    }
  }

  #written(node: NodeAnalysis, endsCall: boolean, { first, from, strides, shape }: Flow): Extents {
    switch (node.fusion) {
      case 'layout':
        if (node.axisOrder !== undefined) return node.axisOrder.map((axis) => strides[axis] as number);
        // A part of a tensor, or one that is repeated: where it lies.
        return shape.length === from.length ? strides : denseStrides(shape);
      case 'view':
        return this.#seen(node, { first, from, strides, shape });
      case 'pointwise': {
        const like = node.inputs.find(({ role, tensor }) => {
          const own = role === 'activation' ? this.#shape(tensor) : undefined;
          return own?.length === shape.length && elements(own) === elements(shape);
        });
        return like === undefined ? denseStrides(shape) : stridesLike(shape, this.#of(like.tensor));
      }
      case 'contraction':
        return node.view?.spatial === true
          ? this.#convolved(node, { first, from, strides, shape })
          : this.#multiplied(node, endsCall, shape);
      default:
        if (node.takesDense === true) {
          if (!isDense(from, strides)) this.copies.push({ node, tensor: first });
          return denseStrides(shape);
        }
        return this.#asImages(shape, from, strides);
    }
  }

  #seen(node: NodeAnalysis, { first, from, strides, shape }: Flow): Extents {
    if (elements(from) !== elements(shape)) return denseStrides(shape);
    const seen = stridesSeenAs(from, strides, shape);
    if (seen !== undefined) return seen;
    const readers = node.outputs.flatMap(({ tensor }) => this.#readers.get(tensor) ?? []);
    const isProduct = (reader: NodeAnalysis): boolean =>
      reader.fusion === 'contraction' && reader.view?.spatial === false;
    // A batch of transposed matrices is multiplied as it lies.
    if (from.length === 3 && shape.length === 2 && readers.length > 0 && readers.every(isProduct)) {
      this.unbiased.push(...readers.filter(({ inputs }) => inputs.filter(({ role }) => role === 'weight').length > 1));
    } else this.copies.push({ node, tensor: first });
    return denseStrides(shape);
  }

  #convolved(node: NodeAnalysis, { first, from, strides, shape }: Flow): Extents {
    if (from.length !== 4) return denseStrides(shape);
    const isLast = isChannelsLast(from, strides);
    if (this.#images === 'nhwc') {
      // Its weights lie channels last, and the library wants its images as them.
      if (!isLast) this.copies.push({ node, tensor: first });
      return channelsLastStrides(shape);
    }
    if (!isLast) this.channelsFirst.add(node);
    return isLast && !isDense(from, strides) ? channelsLastStrides(shape) : denseStrides(shape);
  }

  #multiplied(node: NodeAnalysis, endsCall: boolean, shape: Extents): Extents {
    if (endsCall) {
      // One call for all of attention reads any strides, and writes the heads of a token side by side.
      const [, heads = 1, tokens = 1, size = 1] = shape;
      return shape.length === 4 ? [heads * tokens * size, size, heads * size, 1] : denseStrides(shape);
    }
    if (node.inputs.every(({ role }) => role === 'activation')) {
      for (const { tensor } of node.inputs) {
        const own = this.#shape(tensor);
        if (own === undefined || own.length < 3) continue;
        const seen = stridesSeenAs(own, this.#of(tensor), withOneBatch(own));
        const isMatrix = seen?.slice(-2).includes(1) === true;
        if (!isMatrix) this.copies.push({ node, tensor });
      }
    }
    return denseStrides(shape);
  }
}

/** Every tensor of a network from images in the given layout on, with what has to be copied because of it. */
export const stridedTensors = (
  graph: AnalyzedGraph,
  groups: readonly KernelGroup[],
  images: ImageLayout,
): StridedTensors => {
  // Of attention in one call.
  const inside = new Set<number>();
  const ends = new Set<number>();
  for (const { nodes } of groups) {
    const products = nodes.filter((index) => graph.nodes[index]?.fusion === 'contraction');
    const [end] = products.slice(1).slice(-1);
    if (end === undefined) continue;
    ends.add(end);
    for (const index of nodes) if (index < end) inside.add(index);
  }
  const tracker = new Tracker(graph, images);
  graph.nodes.forEach((node, index) => {
    if (!inside.has(index)) tracker.visit(node, ends.has(index));
  });
  return tracker;
};
