/** Runs the benches named on the command line, or all. Each prints a ratio to a peer of the same run, and its limit. */
import * as estimate from './estimate.mjs';
import * as study from './study.mjs';

const benches = [estimate, study];
const wanted = process.argv.slice(2);
for (const { name, limit, run } of benches) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { what, ratio, detail } = run();
  console.log(`bench/${name}: ${ratio.toFixed(1)}x (limit ${limit}x)  ${what}: ${detail}`);
}
