/** A measurement is used only where the zoo's graph is the measured network: its three counts, as timm prints them. */
import { describe, expect, it } from 'vitest';
import measured from '../../reference/measurements/intel-i7-12700h.json' with { type: 'json' };
import { families } from '../../src/zoo/index.ts';
import { asPrinted, countsOf } from './printed.ts';

type Row = readonly [
  model: string,
  resolution: number,
  batch: number,
  ms: number,
  params: string,
  gmacs: string,
  acts: string,
];

const rows = measured.rows as unknown as readonly Row[];
const byName = new Map(
  families.flatMap(({ variants }) =>
    variants.flatMap((variant) => [variant.name, ...(variant.aliases ?? [])].map((name) => [name, variant] as const)),
  ),
);

const differences = rows.flatMap(([model, resolution, , , parameters, gmacs, acts]) => {
  const variant = byName.get(model);
  if (variant === undefined) return [];
  const counts = countsOf(variant, { resolution }, 'fvcore');
  const found = [counts.parameters / 1e6, counts.gmacs, counts.mActs].map((value) => asPrinted(value, 2));
  const printed = [parameters, gmacs, acts].map((value) => asPrinted(value, 2));
  if (found.join() === printed.join()) return [];
  // What the published row of the same numbers says of the difference is tested with that row.
  const quoted = variant.published.find(
    (row) => row.resolution === resolution && row.gmacs === gmacs && row.mActs === acts,
  );
  if (quoted?.differs !== undefined) return [];
  return [`${model}@${resolution}: ${found.join(' / ')}, printed ${printed.join(' / ')}`];
});

describe('rows of the i7-12700H whose model the zoo has', () => {
  it('agree in parameters, GMACs and activations (millions / G / millions)', () => {
    expect(differences).toEqual([]);
  });

  it('are enough to fit and to hold out: at least 60 rows of 8 families', () => {
    const known = rows.filter(([model]) => byName.has(model));
    expect(known.length).toBeGreaterThanOrEqual(60);
    const used = families.filter(({ variants }) =>
      known.some(([model]) => variants.includes(byName.get(model) as never)),
    );
    expect(used.length).toBeGreaterThanOrEqual(8);
  });
});

describe('the table', () => {
  it('has the columns that its readers expect', () => {
    expect(measured.columns).toEqual([
      'model',
      'resolution',
      'batch',
      'latencyMilliseconds',
      'parametersMillions',
      'gmacs',
      'megaActivations',
    ]);
    expect(measured).toMatchObject({ device: 'intel_i7_12700h', precision: 'fp32', runtime: 'pytorch-2.4-inductor' });
    expect(measured.source).not.toBe('');
  });

  it('has one positive latency for a model, resolution and batch', () => {
    const keys = rows.map(([model, resolution, batch]) => `${model}@${resolution}x${batch}`);
    expect(keys).toEqual([...new Set(keys)]);
    for (const [model, resolution, batch, milliseconds] of rows) {
      expect([model, milliseconds > 0.1 && milliseconds < 1e5 && resolution > 0 && batch >= 1]).toEqual([model, true]);
    }
  });
});
