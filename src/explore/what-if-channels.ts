/**
 * Channels to the next step of the machine, up or down. Every candidate is the network itself with the layer and all
 * that has to agree with it changed, counted and predicted anew: nothing is read off a formula for one layer.
 */
import { inferShapes } from '../analysis/infer.ts';
import type { Kernel } from '../analysis/kernel.ts';
import { analyzeGraph } from '../analysis/nodes.ts';
import { isResized, type Resized, type ResizedProduct, type Resizer, resizer } from '../analysis/resize.ts';
import { compileWorkload } from '../analysis/workload.ts';
import { type Granularity, granularityOf } from '../estimate/granularity.ts';
import type { Graph } from '../ir/graph.ts';
import { OperatorError } from '../ops/definition.ts';
import {
  type Baseline,
  capacityLossOf,
  gainOf,
  NO_TIME,
  type Outcome,
  outcomeOf,
  suggestionOf,
  type WhatIfSuggestion,
} from './what-if-change.ts';

/** Layers looked at, those that take most of the time first. */
const MAX_LAYERS = 160;
/** Operators analyzed in all over the candidates of one search: a few seconds. A larger network gets fewer candidates. */
const MAX_ANALYZED = 30_000;
/** A layer is not halved and not doubled: that would be another network. */
const LARGEST_FACTOR = 2;
/** More channels may take this share of the time that as much more work would. */
const NO_TIME_OF_CAPACITY = 0.1;
/** Reductions that are made together for the last line. */
const MAX_TOGETHER = 24;

export interface UnchangeableLayer {
  readonly layer: string;
  readonly path: string;
  readonly reason: string;
  /** How many layers keep their width with it, itself among them. */
  readonly layers: number;
}

export interface ChannelSearch {
  readonly granularity: Granularity;
  /** Layers whose channels could be others, those that have to agree counted each. */
  readonly tried: number;
  /** Candidates that were left out for want of room. */
  readonly untried: number;
  readonly unchangeable: readonly UnchangeableLayer[];
}

export interface ChannelTask {
  readonly layer: string;
  run(): readonly WhatIfSuggestion[];
}

export interface ChannelTasks {
  readonly tasks: readonly ChannelTask[];
  /** What came of it; complete once all tasks ran. */
  search(): ChannelSearch;
  /** All reductions at once, in the order given; undefined where fewer than two can be. */
  together(reductions: readonly WhatIfSuggestion[]): WhatIfSuggestion | undefined;
}

/** Kernels in which each node runs. */
const kernelsByNode = ({ workload }: Baseline): ReadonlyMap<string, readonly number[]> => {
  const found = new Map<string, number[]>();
  workload.kernels.forEach(({ nodes }: Kernel, index) => {
    for (const node of nodes) {
      const known = found.get(node);
      if (known === undefined) found.set(node, [index]);
      else known.push(index);
    }
  });
  return found;
};

/** What of a product changes with the channels, as numbers; the batch stands in the rows alone. */
interface Side {
  readonly product: ResizedProduct;
  readonly part: 'n' | 'k';
  readonly extent: number;
  /** Change of the extent for one channel more. */
  readonly slope: number;
  readonly steps: readonly number[];
}

const sidesOf = (probe: Resized, channels: number, { columns, depth }: Granularity): readonly Side[] =>
  probe.products.flatMap((product) =>
    (['n', 'k'] as const).flatMap((part): readonly Side[] => {
      const extent = product.before[part];
      const after = product.after[part];
      const steps = part === 'n' ? columns : depth;
      if (typeof extent !== 'number' || typeof after !== 'number' || after === extent || steps.length === 0) return [];
      // The probe has twice the channels.
      return [{ product, part, extent, slope: (after - extent) / channels, steps }];
    }),
  );

/** Numbers of channels at which some product just fills its blocks: one below and one above for every step. */
const targetsOf = (sides: readonly Side[], channels: number): readonly number[] => {
  const found = new Set<number>();
  for (const { extent, slope, steps } of sides) {
    for (const step of steps) {
      if (extent % step === 0) continue;
      const below = Math.floor(extent / step) * step;
      for (const filled of [below, below + step]) found.add(channels + Math.floor((filled - extent) / slope));
    }
  }
  return [...found]
    .filter(
      (target) =>
        target !== channels && target * LARGEST_FACTOR > channels && target < channels * LARGEST_FACTOR && target > 0,
    )
    .toSorted((a, b) => a - b);
};

const PART_TEXT = { n: 'output channels', k: 'products in depth' } as const;
const MAX_REASONS = 2;

interface Step {
  readonly step: number;
  /** Blocks before and after. */
  readonly old: number;
  readonly own: number;
}

/** The step that the change is about: where most is saved, or the widest that is now full. */
const stepOf = ({ extent, slope, steps }: Side, after: number): Step | undefined =>
  steps
    .map((step) => ({ step, old: Math.ceil(extent / step), own: Math.ceil(after / step) }))
    .filter(({ step, old, own }) => (after < extent ? own < old : own === old && own * step - after < slope))
    .toSorted((a, b) => (b.old - b.own) * b.step - (a.old - a.own) * a.step || b.step - a.step)[0];

/** "conv2: 1152 products in depth are 9 array blocks of 128, 1161 are 10". */
const reasonOf = (sides: readonly Side[], from: number, to: number, block: string): string => {
  const lines = sides.flatMap((side) => {
    const { product, part, extent, slope } = side;
    const after = extent + slope * (to - from);
    const found = stepOf(side, after);
    if (found === undefined) return [];
    const { step, old, own } = found;
    const blocks = `${own} ${block} ${own === 1 ? 'block' : 'blocks'} of ${step}`;
    const text =
      old === own
        ? `${product.node}: ${after} ${PART_TEXT[part]} fill the ${blocks} that ${extent} take already`
        : `${product.node}: ${after} ${PART_TEXT[part]} are ${blocks}, ${extent} are ${old}`;
    return [{ text, weight: (old - own) * step }];
  });
  const shown = lines.toSorted((a, b) => b.weight - a.weight).slice(0, MAX_REASONS);
  return shown.map(({ text }) => text).join('; ');
};

export const channelTasks = (baseline: Baseline, leastGain: number): ChannelTasks => {
  const { subject, workload, estimate: base } = baseline;
  const { machine, batch, compiled } = subject;
  const { graph } = compiled.analyzed;
  const granularity = granularityOf(machine);
  const hasSteps = granularity.columns.length + granularity.depth.length > 0;
  const times = base.kernelTimes();
  const kernelsOf = kernelsByNode(baseline);
  const secondsOf = (nodes: readonly string[]): number => {
    const kernels = new Set(nodes.flatMap((node) => kernelsOf.get(node) ?? []));
    return [...kernels].reduce(
      (sum, index) => sum + (times.totalSeconds[index] as number) * (workload.kernels[index]?.launches ?? 1),
      0,
    );
  };
  const layers = compiled.analyzed.nodes
    // A depthwise layer has the channels of whoever makes its input.
    .filter((node) => node.view !== undefined && node.class !== 'depthwise-conv')
    .map(({ name }) => ({ name, seconds: secondsOf([name]) }))
    .toSorted((a, b) => b.seconds - a.seconds);
  let own: Resizer | undefined;
  const resizing = (): Resizer => {
    own ??= resizer(inferShapes(graph));
    return own;
  };
  /** Layers that were changed, or refused, with another. */
  const settled = new Set<string>();
  const unchangeable: UnchangeableLayer[] = [];
  let tried = 0;
  let untried = 0;
  let room = Math.max(2, Math.floor(MAX_ANALYZED / Math.max(1, graph.nodes.length)));

  const evaluate = (changed: Graph): Outcome | undefined => {
    try {
      return outcomeOf(compileWorkload(analyzeGraph(changed), machine.fusion), machine, batch);
    } catch (error) {
      if (error instanceof OperatorError) return undefined;
      throw error;
    }
  };

  const run = (layer: string): readonly WhatIfSuggestion[] => {
    if (settled.has(layer)) return [];
    const found = resizing().channelsOf(layer);
    if (found === undefined) return [];
    const { extent: channels } = found;
    const probe = resizing().resize(layer, LARGEST_FACTOR * channels);
    for (const tied of probe.tied) settled.add(tied);
    if (!isResized(probe)) {
      const { path, reason } = probe;
      const all = new Set([layer, ...probe.tied]);
      unchangeable.push({ layer, path, reason, layers: all.size });
      return [];
    }
    tried += new Set([layer, ...probe.tied]).size;
    // No change to these kernels gains more than all of their time.
    if (secondsOf(probe.nodes) < leastGain * base.latencySeconds) return [];
    const sides = sidesOf(probe, channels, granularity);
    const candidates = targetsOf(sides, channels).flatMap((to) => {
      if (room <= 0) {
        untried += 1;
        return [];
      }
      const changed = resizing().resize(layer, to);
      if (!isResized(changed)) return [];
      room -= 1;
      const after = evaluate(changed.graph);
      if (after === undefined) return [];
      const suggestion = suggestionOf(baseline, after, {
        kind: to < channels ? 'fewer-channels' : 'more-channels',
        layer,
        layers: changed.products.map(({ node }) => node),
        from: channels,
        to,
        reason: reasonOf(sides, channels, to, granularity.block),
      });
      return [{ suggestion, gain: gainOf(baseline, after), loss: capacityLossOf(baseline, after) }];
    });
    const fewer = candidates
      // A cliff: more is gained than is given up.
      .filter(({ suggestion, gain, loss }) => suggestion.kind === 'fewer-channels' && gain >= leastGain && gain > loss)
      .toSorted((a, b) => b.gain / b.loss - a.gain / a.loss);
    const more = candidates
      .filter(
        ({ suggestion, gain, loss }) =>
          suggestion.kind === 'more-channels' && gain >= -NO_TIME && gain >= loss * NO_TIME_OF_CAPACITY,
      )
      .toSorted((a, b) => a.loss - b.loss);
    return [...fewer.slice(0, 1), ...more.slice(0, 1)].map(({ suggestion }) => suggestion);
  };

  return {
    tasks: hasSteps ? layers.slice(0, MAX_LAYERS).map(({ name }) => ({ layer: name, run: () => run(name) })) : [],
    search: () => ({ granularity, tried, untried, unchangeable }),
    together: (reductions) => {
      const made: WhatIfSuggestion[] = [];
      let changed = graph;
      for (const reduction of reductions.slice(0, MAX_TOGETHER)) {
        if (reduction.layer === null) continue;
        const next = resizer(inferShapes(changed)).resize(reduction.layer, Number(reduction.to));
        if (!isResized(next)) continue;
        changed = next.graph;
        made.push(reduction);
      }
      const after = made.length < 2 ? undefined : evaluate(changed);
      if (after === undefined) return undefined;
      return suggestionOf(baseline, after, {
        kind: 'fewer-channels',
        layer: null,
        layers: [...new Set(made.flatMap(({ layers: own }) => own))],
        from: made.map(({ from }) => from).join(', '),
        to: made.map(({ to }) => to).join(', '),
        reason: `the ${made.length} reductions together`,
      });
    },
  };
};
