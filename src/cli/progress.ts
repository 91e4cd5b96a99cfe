/** A bar on stderr for what takes over a second, on a terminal only. */
import type { Io } from './command.ts';

/** Shorter work is done before a bar could be read. */
const PATIENCE_MILLISECONDS = 1000;

export interface Progress {
  /** One of the announced steps is done. Lets the terminal draw. */
  step(label: string): Promise<void>;
  stop(): void;
}

const SILENT: Progress = { step: async () => undefined, stop: () => undefined };

/** Does the same to each item of a list, a step of the bar for each. */
export const eachStep = async <Item, Result>(
  items: readonly Item[],
  progress: Progress,
  work: (item: Item) => Result,
): Promise<readonly Result[]> => {
  const results: Result[] = [];
  try {
    for (const [index, item] of items.entries()) {
      results.push(work(item));
      await progress.step(`${index + 1} of ${items.length}`);
    }
  } finally {
    progress.stop();
  }
  return results;
};

export const progressOf = ({ stderr }: Io, total: number, quiet: boolean): Progress => {
  if (stderr.isTTY !== true || quiet) return SILENT;
  const start = performance.now();
  let done = 0;
  let bar: { update(value: number, payload: object): void; stop(): void } | undefined;
  return {
    step: async (label) => {
      done += 1;
      if (bar === undefined && performance.now() - start > PATIENCE_MILLISECONDS) {
        const { SingleBar, Presets } = await import('cli-progress');
        const made = new SingleBar(
          { format: '{bar} {percentage}% {label}', clearOnComplete: true, hideCursor: true, stream: process.stderr },
          Presets.shades_classic,
        );
        made.start(total, done, { label });
        bar = made;
      }
      bar?.update(done, { label });
      await new Promise((resolve) => setImmediate(resolve));
    },
    stop: () => bar?.stop(),
  };
};
