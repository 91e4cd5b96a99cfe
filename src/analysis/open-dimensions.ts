/** What an analyzed graph still leaves open. */
import { type Integer, symbolsOf } from '../units/integer.ts';
import type { AnalyzedGraph } from './nodes.ts';

/**
 * Names of the dimensions that sizes or counts still depend on: open ones of the inputs, and extents that only data
 * decides under the names inference gives them. In the order of execution; `BATCH` is among them where it is open.
 */
export const openSymbols = ({ graph, nodes, types }: AnalyzedGraph): readonly string[] => {
  const found = new Set<string>();
  const look = (value: Integer): void => {
    if (typeof value !== 'number') for (const name of symbolsOf(value)) found.add(name);
  };
  for (const { name } of graph.inputs) types.get(name)?.shape.forEach(look);
  for (const node of nodes) {
    look(node.times);
    look(node.macs);
    look(node.flops);
    look(node.transcendentals);
    for (const { type } of node.outputs) type?.shape.forEach(look);
  }
  return [...found];
};
