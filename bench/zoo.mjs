// @ts-nocheck: runs on the built library, which type checking does not wait for
/** The whole zoo built, inferred and counted in one process, cold, against its target of 5 s; and the slowest model, warm. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TARGET_SECONDS = 5;
const TARGET_MODEL_MILLISECONDS = 20;

export const name = 'zoo';
export const limit = 1;

export const run = () => {
  const child = fileURLToPath(new URL('zoo-child.mjs', import.meta.url));
  const { models, cold, warm } = JSON.parse(execFileSync(process.execPath, [child], { encoding: 'utf8' }));
  const [slowest] = warm;
  const median = warm[Math.floor(warm.length / 2)];
  const beyond = warm.filter(({ milliseconds }) => milliseconds > TARGET_MODEL_MILLISECONDS);
  return {
    what: `build, infer and count all ${models} models in one process / ${TARGET_SECONDS} s`,
    ratio: cold / 1e3 / TARGET_SECONDS,
    detail:
      `${(cold / 1e3).toFixed(2)} s; warm, the median model takes ${median.milliseconds.toFixed(1)} ms and the slowest, ` +
      `${slowest.name}, ${slowest.milliseconds.toFixed(1)} ms (target ${TARGET_MODEL_MILLISECONDS} ms, ${beyond.length} beyond)`,
  };
};
