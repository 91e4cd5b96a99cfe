/**
 * What-if: the cliffs around one estimate. Changes to layers, to the network and to what runs it, each predicted by the same model of
 * time as the estimate itself, and kept where they gain more than they cost.
 */
import { type BatchSearch, batchSuggestions, takesAnyBatch } from './what-if-batch.ts';
import {
  baselineOf,
  DEFAULT_LEAST_GAIN,
  type WhatIfOptions,
  type WhatIfSubject,
  type WhatIfSuggestion,
} from './what-if-change.ts';
import { type ChannelSearch, channelTasks } from './what-if-channels.ts';
import {
  fusionSuggestions,
  onChipSuggestions,
  precisionSuggestions,
  resolutionSuggestion,
  runtimeSuggestions,
} from './what-if-network.ts';

export interface WhatIf {
  readonly subject: WhatIfSubject;
  readonly leastGain: number;
  /** The largest gain of one inference first. */
  readonly suggestions: readonly WhatIfSuggestion[];
  /** All reductions of channels at once, which is not the sum of each; undefined where there are fewer than two. */
  readonly together: WhatIfSuggestion | undefined;
  readonly channels: ChannelSearch;
  /** Undefined where the model fixes its batch. */
  readonly batches: BatchSearch | undefined;
  /** Work of unknown cost is in neither side of a gain. */
  readonly coverage: 'complete' | 'partial';
}

/** A search in steps, so that a caller can show how far it is; the result takes all of them. */
export interface WhatIfSearch {
  readonly steps: readonly { readonly title: string; run(): void }[];
  result(): WhatIf;
}

export const whatIfSearch = (
  subject: WhatIfSubject,
  { leastGain = DEFAULT_LEAST_GAIN }: WhatIfOptions = {},
): WhatIfSearch => {
  const baseline = baselineOf(subject);
  const found: WhatIfSuggestion[] = [];
  const layers = channelTasks(baseline, leastGain);
  let batches: BatchSearch | undefined;
  let together: WhatIfSuggestion | undefined;
  const add = (suggestions: readonly WhatIfSuggestion[]): void => void found.push(...suggestions);
  const byGain = (): readonly WhatIfSuggestion[] => found.toSorted((a, b) => b.gainSeconds - a.gainSeconds);
  return {
    steps: [
      ...layers.tasks.map(({ layer, run }) => ({ title: layer, run: () => add(run()) })),
      {
        title: 'all layers together',
        run: () => {
          together = layers.together(byGain().filter(({ kind }) => kind === 'fewer-channels'));
        },
      },
      { title: 'a lower resolution', run: () => add(resolutionSuggestion(baseline, -1, leastGain)) },
      { title: 'a higher resolution', run: () => add(resolutionSuggestion(baseline, 1, leastGain)) },
      { title: 'precisions', run: () => add(precisionSuggestions(baseline, leastGain)) },
      { title: 'runtimes', run: () => add(runtimeSuggestions(baseline, leastGain)) },
      { title: 'fusion', run: () => add(fusionSuggestions(baseline, leastGain)) },
      { title: 'memory on the chip', run: () => add(onChipSuggestions(baseline, leastGain)) },
      {
        title: 'batches',
        run: () => {
          if (!takesAnyBatch(baseline)) return;
          const { search, suggestions } = batchSuggestions(baseline, leastGain);
          batches = search;
          add(suggestions);
        },
      },
    ],
    result: () => ({
      ...{ subject, leastGain, together, batches },
      suggestions: byGain(),
      channels: layers.search(),
      coverage: baseline.estimate.coverage,
    }),
  };
};

/** The whole search at once. */
export const whatIf = (subject: WhatIfSubject, options: WhatIfOptions = {}): WhatIf => {
  const { steps, result } = whatIfSearch(subject, options);
  for (const { run } of steps) run();
  return result();
};
