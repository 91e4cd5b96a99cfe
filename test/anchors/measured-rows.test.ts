/** A measurement is used only where the zoo's graph is the measured network: its three counts, as timm prints them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type MeasurementRecord, readMeasurements } from '../../src/explore/measurement-table.ts';
import { families } from '../../src/zoo/index.ts';
import { asPrinted, countsOf } from './printed.ts';

const text = readFileSync(new URL('../../reference/measurements.csv', import.meta.url), 'utf8');
const { rows } = readMeasurements(text);
const byName = new Map(families.flatMap(({ variants }) => variants.map((variant) => [variant.name, variant] as const)));

/** Rows whose source prints counts beside the time, each network at each size once. */
const printed = new Map<string, readonly [MeasurementRecord, readonly string[]]>();
for (const row of rows) {
  const counts = /params_M=([\d.]+) gmacs=([\d.]+) macts_M=([\d.]+)/.exec(row.notes);
  if (counts !== null) printed.set(`${row.model}@${row.resolution}`, [row, counts.slice(1)]);
}

const differences = [...printed.values()].flatMap(([{ model, resolution }, [parameters, gmacs, acts]]) => {
  const variant = byName.get(model);
  if (variant === undefined || resolution === undefined) return [`${model}@${resolution}: not in the zoo`];
  const counts = countsOf(variant, { resolution }, 'fvcore');
  const found = [counts.parameters / 1e6, counts.gmacs, counts.mActs].map((value) => asPrinted(value, 2));
  const theirs = [parameters, gmacs, acts].map((value) => asPrinted(value ?? '', 2));
  if (found.join() === theirs.join()) return [];
  // What the published row of the same numbers says of the difference is tested with that row.
  const quoted = variant.published.find(
    (row) => row.resolution === resolution && Number(row.gmacs) === Number(gmacs) && Number(row.mActs) === Number(acts),
  );
  if (quoted?.differs !== undefined) return [];
  return [`${model}@${resolution}: ${found.join(' / ')}, printed ${theirs.join(' / ')}`];
});

describe('measured networks whose source prints their counts', () => {
  it('are those of the zoo: parameters, GMACs and activations agree (millions / G / millions)', () => {
    expect(printed.size).toBeGreaterThan(150);
    expect(differences).toEqual([]);
  });
});

describe('the table of measurements', () => {
  it('names models as the zoo does, and has one positive time for each row', () => {
    expect(rows.filter(({ model }) => !byName.has(model)).map(({ model }) => model)).toEqual([]);
    const odd = rows.filter(
      ({ latencySeconds = 1, imagesPerSecond = 1, batch }) =>
        !(latencySeconds > 1e-5 && latencySeconds < 100 && imagesPerSecond > 0 && batch >= 1),
    );
    expect(odd.map(({ line }) => line)).toEqual([]);
  });
});
