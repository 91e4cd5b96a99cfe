/** Layers of two models matched: by name where names mean something, then by what they are and where they stand. */
import type { AnalyzedGraph, NodeAnalysis } from '../analysis/nodes.ts';
import type { AttributeValue, Graph, Node } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { type Match, matchSequences, risingMatches } from './sequence-match.ts';

export interface Layer {
  readonly node: NodeAnalysis;
  /** Sizes of what it writes: "1×64×112×112". */
  readonly shape: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface LayerMatches {
  readonly pairs: readonly (readonly [a: Layer, b: Layer])[];
  readonly onlyA: readonly Layer[];
  readonly onlyB: readonly Layer[];
}

const MAX_ITEMS = 64;
const attributeText = (value: AttributeValue): string => {
  if (typeof value === 'number' || typeof value === 'string') return String(value).slice(0, MAX_ITEMS);
  if (!Array.isArray(value)) return formatShape((value as { readonly shape: readonly number[] }).shape);
  const items = value as readonly (number | string | object)[];
  const shown = items.slice(0, MAX_ITEMS).map((item) => (typeof item === 'object' ? '…' : String(item)));
  return items.length > MAX_ITEMS ? `${shown.join(' ')} … (${items.length})` : shown.join(' ');
};

const attributesOf = ({ attributes }: Node): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(attributes)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => [name, attributeText(value)]),
  );

/** Of the graph itself: nodes of loops and branches are known by other names once they are counted. */
const ownNodes = ({ nodes }: Graph): ReadonlyMap<string, Node> => new Map(nodes.map((node) => [node.name, node]));

export const layersOf = ({ nodes, graph }: AnalyzedGraph): readonly Layer[] => {
  const own = ownNodes(graph);
  return nodes.map((node) => {
    const written = own.get(node.name);
    const shapes = node.outputs.map(({ type }) => (type === undefined ? '?' : formatShape(type.shape)));
    return { node, shape: shapes.join(', '), attributes: written === undefined ? {} : attributesOf(written) };
  });
};

const kindOf = ({ node }: Layer): string => `${node.domain}.${node.type}/${node.class}`;

/** What two layers have in common that are the same but for their name. */
export const signatureOf = (layer: Layer): string => {
  const { node, shape, attributes } = layer;
  return JSON.stringify([kindOf(layer), shape, attributes, node.parameters, String(node.macs)]);
};

/** Names that exporters count up ("Conv_12", "node_7", "12") shift by one with every layer that is added before. */
const isCounted = ({ node: { name, type } }: Layer): boolean => {
  // A scope before it ("/layer1/Conv_1") says which part of the model it is.
  if (/^.+\//.test(name)) return false;
  const [, stem = ''] = /^\/?(.*?)[\s_.:-]*\d*$/.exec(name) ?? [];
  return stem === type || ['', 'node', 'n', 'op'].includes(stem);
};

const uniqueNames = (layers: readonly Layer[]): ReadonlyMap<string, number> => {
  const places = new Map<string, number>();
  const twice = new Set<string>();
  layers.forEach((layer, index) => {
    const { name } = layer.node;
    if (places.has(name)) twice.add(name);
    else if (!isCounted(layer)) places.set(name, index);
  });
  for (const name of twice) places.delete(name);
  return places;
};

/** Names that mean something and that occur once; what stands behind them may be of another type by now. */
const namedMatches = (a: readonly Layer[], b: readonly Layer[]): readonly Match[] => {
  const inB = uniqueNames(b);
  return [...uniqueNames(a)].flatMap(([name, index]): readonly Match[] => {
    const other = inB.get(name);
    return other === undefined ? [] : [[index, other]];
  });
};

interface Gap {
  readonly a: readonly number[];
  readonly b: readonly number[];
}

const between = (from: number, to: number, taken: ReadonlySet<number>): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, offset) => from + offset).filter((index) => !taken.has(index));

/** What is left between matches that stand in the same order on both sides. */
const gapsOf = (matches: readonly Match[], lengths: Match): readonly Gap[] => {
  const takenA = new Set(matches.map(([index]) => index));
  const takenB = new Set(matches.map(([, index]) => index));
  let [fromA, fromB] = [0, 0];
  return [...risingMatches(matches.toSorted((x, y) => x[0] - y[0])), lengths].map(([toA, toB]) => {
    const gap = { a: between(fromA, toA, takenA), b: between(fromB, toB, takenB) };
    [fromA, fromB] = [toA + 1, toB + 1];
    return gap;
  });
};

export const matchLayers = (a: readonly Layer[], b: readonly Layer[]): LayerMatches => {
  const matches: Match[] = [...namedMatches(a, b)];
  // First those that are the same but for their name, then those of one kind between them.
  for (const keyOf of [signatureOf, kindOf]) {
    for (const gap of gapsOf(matches, [a.length, b.length])) {
      if (gap.a.length === 0 || gap.b.length === 0) continue;
      const keys = (layers: readonly Layer[], indexes: readonly number[]) =>
        indexes.map((index) => keyOf(layers[index] as Layer));
      for (const [x, y] of matchSequences(keys(a, gap.a), keys(b, gap.b))) {
        matches.push([gap.a[x] as number, gap.b[y] as number]);
      }
    }
  }
  const takenA = new Set(matches.map(([index]) => index));
  const takenB = new Set(matches.map(([, index]) => index));
  return {
    pairs: matches.toSorted((x, y) => x[0] - y[0]).map(([x, y]) => [a[x] as Layer, b[y] as Layer] as const),
    onlyA: a.filter((_, index) => !takenA.has(index)),
    onlyB: b.filter((_, index) => !takenB.has(index)),
  };
};
