/** What the batch does to the time of one inference: waves that it fills, and items that cost more than their share. */
import { memoryFigures } from '../analysis/memory.ts';
import { estimate } from '../estimate/estimate.ts';
import { formatRatio, formatSI } from '../units/format.ts';
import { memoryOverflows } from './memory-banks.ts';
import { type Baseline, gainOf, outcomeOf, suggestionOf, type WhatIfSuggestion } from './what-if-change.ts';

/** Batches looked at: up to this one, or twice the batch asked for. */
const LARGEST_BATCH = 256;
/** Within this share of the best time per inference a larger batch is not worth its wait. */
const NEAR_BEST = 0.05;
/** An item that costs this much more than the mean of those before it is a cliff. */
const NOTABLE_SHARE = 1.25;
const MAX_CLIFFS = 6;

export interface BatchCliff {
  /** The last batch before it. */
  readonly batch: number;
  /** What one more item costs, and that relative to the time per inference at `batch`. */
  readonly itemSeconds: number;
  readonly share: number;
}

export interface BatchSearch {
  readonly largest: number;
  /** Of all batches up to `largest` that fit the memories of the device. */
  readonly best: { readonly batch: number; readonly secondsPerInference: number };
  /** The smallest whose time per inference is within 5 % of the best. */
  readonly nearBest: { readonly batch: number; readonly secondsPerInference: number };
  /** The steepest, in the order of their batches. */
  readonly cliffs: readonly BatchCliff[];
}

/** Whether a model is counted per item: a file that fixes its batch is not. */
export const takesAnyBatch = ({ workload }: Baseline): boolean => workload.inputElements.perItem > 0;

/** Whether weights and activations have room on the device; what does not fit at one item is no reason against more. */
const fits = ({ subject }: Baseline, batch: number): boolean => {
  const { compiled, machine } = subject;
  const { device, precision } = machine;
  if (device.memories !== undefined) {
    const overflowing = (items: number): number =>
      memoryOverflows(device, compiled, { precision, batch: items }).length;
    return overflowing(batch) <= overflowing(1);
  }
  const capacity = device.offChip.capacity?.value;
  if (capacity === undefined) return true;
  const workload = compiled.workload(machine.fusion);
  const { weightBytes, arenaBytes } = memoryFigures(compiled.analyzed, workload, { batch, precision });
  return weightBytes + arenaBytes <= capacity;
};

/** The largest batch up to a limit that has room, which halving finds: what fits at a batch fits at smaller ones. */
const largestThatFits = (baseline: Baseline, limit: number): number => {
  if (fits(baseline, limit)) return limit;
  let [low, high] = [1, limit];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (fits(baseline, middle)) low = middle;
    else high = middle;
  }
  return low;
};

export const batchSuggestions = (
  baseline: Baseline,
  leastGain: number,
): { readonly search: BatchSearch; readonly suggestions: readonly WhatIfSuggestion[] } => {
  const { subject, workload } = baseline;
  const { machine, batch: own } = subject;
  const largest = Math.max(own, largestThatFits(baseline, Math.max(LARGEST_BATCH, 2 * own)));
  const latencies = Float64Array.from({ length: largest + 1 }, (_, batch) =>
    batch === 0 ? 0 : estimate(workload, machine, batch).latencySeconds,
  );
  const per = (batch: number): number => (latencies[batch] as number) / batch;
  const batches = Array.from({ length: largest }, (_, index) => index + 1);
  const best = batches.reduce((found, batch) => (per(batch) < per(found) ? batch : found), 1);
  const near = batches.find((batch) => per(batch) <= (1 + NEAR_BEST) * per(best)) ?? best;
  const itemShare = (batch: number): number =>
    ((latencies[batch + 1] as number) - (latencies[batch] as number)) / per(batch);
  const cliffs = batches
    .slice(0, -1)
    .filter((batch) => itemShare(batch) >= NOTABLE_SHARE)
    .toSorted((a, b) => itemShare(b) - itemShare(a))
    .slice(0, MAX_CLIFFS)
    .toSorted((a, b) => a - b)
    .map((batch) => ({ batch, itemSeconds: itemShare(batch) * per(batch), share: itemShare(batch) }));

  const suggest = (to: number, why: string): WhatIfSuggestion => {
    const wait = `every item of a batch waits ${formatSI(latencies[to] as number, 's')} in place of ${formatSI(latencies[own] as number, 's')}`;
    return suggestionOf(baseline, outcomeOf(workload, machine, to), {
      kind: 'batch',
      layer: null,
      layers: [],
      from: own,
      to,
      reason: `${why}; ${wait}`,
    });
  };
  const gains = (to: number): boolean => gainOf(baseline, outcomeOf(workload, machine, to)) >= leastGain;
  const found = new Map<number, WhatIfSuggestion>();
  // The next batch that fills a wave: one more item would cost more than its share.
  const full = batches.find(
    (batch) => batch > own && batch < near && itemShare(batch) >= NOTABLE_SHARE && gains(batch),
  );
  if (full !== undefined) {
    found.set(full, suggest(full, `fills a wave: one more item costs ${formatRatio(itemShare(full))} of the mean`));
  }
  // Just past a cliff fewer items cost less each.
  const fewer = batches
    .slice(0, own - 1)
    .toReversed()
    .find(gains);
  if (fewer !== undefined) found.set(fewer, suggest(fewer, 'fewer items cost less each'));
  if (near > own && gains(near)) {
    found.set(
      near,
      suggest(near, `the smallest batch within ${NEAR_BEST * 100} % of the best time per inference up to ${largest}`),
    );
  }
  return {
    search: {
      largest,
      best: { batch: best, secondsPerInference: per(best) },
      nearBest: { batch: near, secondsPerInference: per(near) },
      cliffs,
    },
    suggestions: [...found.values()],
  };
};
