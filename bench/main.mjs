/** Runs the benches named on the command line, or all. Each prints a ratio to a peer of the same run, and its limit. */
import * as estimate from './estimate.mjs';
import * as open from './open.mjs';
import * as read from './read.mjs';
import * as study from './study.mjs';
import * as zoo from './zoo.mjs';

const benches = [estimate, open, read, study, zoo];
const wanted = process.argv.slice(2);
for (const bench of benches) {
  const { name, limit, run } = bench;
  const isAtLeast = 'isAtLeast' in bench;
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { what, ratio, detail } = await run();
  console.log(
    `bench/${name}: ${ratio.toFixed(1)}x (${isAtLeast ? 'at least' : 'limit'} ${limit}x)  ${what}: ${detail}`,
  );
}
