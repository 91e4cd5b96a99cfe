/** `--strict`: a headline below full coverage is a check that failed. */
import type { Session } from '../command.ts';
import { oneLine } from '../errors.ts';
import { colorsOf } from '../render/style.ts';
import type { Analysis } from './analysis.ts';
import { typeOf } from './warnings.ts';

/** Fails the run where operators are unknown, and names them on stderr: the check's own result, so `--quiet` keeps it. */
export const checkCoverage = (analyses: readonly Analysis[], { io, failCheck }: Session): void => {
  const { red } = colorsOf(io, io.stderr);
  for (const { entry, coverage } of analyses) {
    if (coverage.status === 'complete') continue;
    const missing = coverage.unknown.map((tally) => `${tally.count} × ${typeOf(tally)}`).join(', ');
    const text = `${entry.variant.name}: the cost of ${missing} is not known, so all totals are lower bounds`;
    io.stderr.write(`${red('failed')}: partial-coverage: ${oneLine(text)}\n`);
    failCheck();
  }
};
