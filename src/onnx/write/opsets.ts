/** Which operator set a file states, and whether the operators mean the same in it. */
import type { Graph, Node } from '../../ir/graph.ts';
import { findOperator } from '../../ops/lookup.ts';
import type { OpsetImport } from '../records.ts';
import { WriteError } from './error.ts';

/** The version of an operator's definition in effect in an opset: the last one not after it. */
const versionIn = (since: readonly number[], opset: number): number | undefined =>
  since.filter((version) => version <= opset).at(-1);

const nodesOf = (graph: Graph): readonly Node[] =>
  graph.nodes.flatMap((node) => [node, ...Object.values(node.bodies ?? {}).flatMap(nodesOf)]);

/**
 * Opsets that the file imports: of the default domain `opset`, in which every operator must
 * have the definition that the graph was written for; of the others what their nodes state.
 * Nothing is converted. Throws `WriteError`.
 */
export const opsetImports = (graph: Graph, opset: number): readonly OpsetImport[] => {
  const others = new Map<string, number>();
  for (const { name, type, domain, opset: own } of nodesOf(graph)) {
    if (domain !== '') {
      const version = own ?? 1;
      const known = others.get(domain);
      if (known !== undefined && known !== version) {
        const message = `"${name}" wants version ${version} of the domain ${domain}, another operator ${known}`;
        throw new WriteError('unsuitable-opset', name, message);
      }
      others.set(domain, version);
      continue;
    }
    const written = own ?? graph.opset;
    const since = findOperator(type)?.since ?? [];
    if (written === opset || (since.length > 0 && versionIn(since, written) === versionIn(since, opset))) continue;
    const message = `${type} of "${name}" is written for opset ${written}, and may mean something else in opset ${opset}`;
    throw new WriteError('unsuitable-opset', name, message);
  }
  return [{ domain: '', version: opset }, ...[...others].map(([domain, version]) => ({ domain, version }))];
};
