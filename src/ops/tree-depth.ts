/** Longest paths through the trees of an ensemble, whose nodes are lists of attributes. */
import type { OperatorContext } from './definition.ts';

interface Tree {
  readonly root: number;
  /** The two nodes below, as far as they are known; none below a leaf. */
  below(node: number): readonly number[] | undefined;
}

/**
 * Comparisons on the longest path; nodes that are reached twice, which no forest has, are looked at once: the time is
 * that of reading the lists.
 */
const depthOf = ({ root, below }: Tree, seen = new Set<number>()): number => {
  seen.add(root);
  let level = [root];
  let depth = 0;
  for (;;) {
    const next: number[] = [];
    let branches = false;
    for (const node of level) {
      const children = below(node);
      if (children === undefined) continue;
      branches = true;
      for (const child of children) {
        if (seen.has(child)) continue;
        seen.add(child);
        next.push(child);
      }
    }
    if (!branches) return depth;
    depth += 1;
    level = next;
  }
};

/** Depths of trees whose leaves are nodes like others, with the mode LEAF (opsets 1 to 4). */
export const depthsWithLeaves = (context: OperatorContext): readonly number[] => {
  const modes = context.texts('nodes_modes', []);
  const trees = context.integers('nodes_treeids', []);
  const nodes = context.integers('nodes_nodeids', []);
  const below = [context.integers('nodes_truenodeids', []), context.integers('nodes_falsenodeids', [])] as const;
  const lengths = [trees, nodes, ...below].map((list) => list.length);
  if (lengths.some((length) => length !== modes.length)) {
    context.fail(`${modes.length} modes of nodes beside lists of ${lengths.join(', ')}`);
  }
  const positions = new Map<number, Map<number, number>>();
  const roots = new Map<number, number>();
  modes.forEach((_, position) => {
    const tree = trees[position] as number;
    const known = positions.get(tree) ?? new Map<number, number>();
    known.set(nodes[position] as number, position);
    positions.set(tree, known);
    if (!roots.has(tree)) roots.set(tree, position);
  });
  return [...roots].map(([tree, root]) =>
    depthOf({
      root,
      below: (position) => {
        if (modes[position] === 'LEAF') return undefined;
        const children = below.map((list) => positions.get(tree)?.get(list[position] as number));
        return children.filter((child) => child !== undefined);
      },
    }),
  );
};

/** Depths of trees whose leaves stand in lists of their own (opset 5). */
export const depthsWithoutLeaves = (context: OperatorContext): readonly number[] => {
  const branches = [
    [context.integers('nodes_truenodeids'), context.integers('nodes_trueleafs')],
    [context.integers('nodes_falsenodeids'), context.integers('nodes_falseleafs')],
  ] as const;
  const count = branches[0][0].length;
  if (branches.flat().some((list) => list.length !== count)) context.fail('lists of nodes of different lengths');
  const below = (node: number): readonly number[] | undefined => {
    if (node < 0 || node >= count) return undefined;
    return branches.flatMap(([ids, leaves]) => (leaves[node] === 1 ? [] : [ids[node] as number]));
  };
  const depths = new Map<number, number>();
  const seen = new Set<number>();
  return context.integers('tree_roots').map((root) => {
    const depth = depths.get(root) ?? depthOf({ root, below }, seen);
    depths.set(root, depth);
    return depth;
  });
};
