import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { referenceStudyOptions } from '../src/explore/reference-study.ts';
import { runStudy } from '../src/explore/study.ts';

const file = new URL('golden/reference-study.json', import.meta.url);
const digits = (value: number): number => Number(value.toPrecision(6));

/**
 * Our own numbers, guarded against change and nothing else: truth is in test/anchors. To accept a
 * change, run once with UPDATE_GOLDEN=1, and say in CHANGELOG.md what changed, by how much and why.
 */
it('predicts what it predicted before, to six digits', () => {
  const study = runStudy(referenceStudyOptions());
  const rows = Object.fromEntries(
    study.cells
      .filter(({ batch }) => batch === 1 || batch === 32)
      .map(({ model, target, resolution, batch, estimate }) => [
        `${model.name} ${resolution} x${batch} ${target.device.id}`,
        {
          latencySeconds: digits(estimate.latencySeconds),
          highSeconds: digits(estimate.interval.highSeconds),
          energyJoules: digits(estimate.energy.total),
          tiles: estimate.tiles.largest,
          bound: estimate.bound,
        },
      ]),
  );
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(file, `${JSON.stringify(rows, null, 1)}\n`);
  expect(rows).toEqual(JSON.parse(readFileSync(file, 'utf8')));
});
