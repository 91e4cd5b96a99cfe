// @ts-nocheck: a script of its own
/** The whole `assay report` process against a bare `node -e 0`: what a user waits for, start-up included. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const RUNS = 7;

const seconds = (args) => {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}: ${stderr}`);
  return Number(process.hrtime.bigint() - start) / 1e9;
};
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

export const name = 'study';
export const limit = 35;

export const run = () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const pairs = Array.from({ length: RUNS + 1 }, () => ({
      bare: seconds(['-e', '0']),
      report: seconds([main, 'report', '--out', join(folder, 'report')]),
    })).slice(1);
    return {
      what: 'assay report / node -e 0, whole processes, wall time',
      ratio: median(pairs.map(({ report, bare }) => report / bare)),
      detail: `${median(pairs.map(({ report }) => report)).toFixed(2)} s against ${median(pairs.map(({ bare }) => bare)).toFixed(3)} s, medians of ${RUNS} pairs`,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
