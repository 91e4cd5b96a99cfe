import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ranks as averageRanks, spearman as spearmanRho } from '../../../src/estimate/statistics.ts';
import { geometricMean, rankRange, separatedPairs } from '../../../src/report/figures/statistics.ts';
import { section } from '../../../src/report/sections/ranking.ts';
import { build, expectSound, prose, reference, rowsByModel, single, small, table, tables } from './study-fixture.ts';

describe('rank statistics', () => {
  it('shares ranks between equal values', () => {
    expect(averageRanks([30, 10, 20])).toEqual([3, 1, 2]);
    expect(averageRanks([1, 2, 2, 3])).toEqual([1, 2.5, 2.5, 4]);
  });

  it("computes Spearman's rho", () => {
    expect(spearmanRho([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 12);
    expect(spearmanRho([1, 2, 3], [3, 2, 1])).toBeCloseTo(-1, 12);
    // Without ties: 1 - 6 x sum of d^2 / (n (n^2 - 1)), here 1 - 6 x 4 / 60.
    expect(spearmanRho([1, 2, 3, 4], [2, 1, 4, 3])).toBeCloseTo(0.6, 12);
    expect(spearmanRho([1, 1], [1, 2])).toBeNaN();
  });

  it('lies between -1 and 1 and does not mind a monotone map', () => {
    const pairs = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
      minLength: 2,
    });
    fc.assert(
      fc.property(pairs, (values) => {
        const a = values.map(([x]) => x);
        const b = values.map(([, y]) => y);
        const rho = spearmanRho(a, b);
        if (Number.isNaN(rho)) return;
        expect(Math.abs(rho)).toBeLessThanOrEqual(1 + 1e-12);
        expect(spearmanRho(a.map(Math.exp), b)).toBeCloseTo(rho, 9);
      }),
    );
  });

  it('reads ranks and pairs off spans', () => {
    const spans = [
      { low: 1, high: 2 },
      { low: 1.5, high: 3 },
      { low: 4, high: 5 },
    ];
    expect(spans.map((_, index) => rankRange(spans, index))).toEqual([
      { best: 1, worst: 2 },
      { best: 1, worst: 2 },
      { best: 3, worst: 3 },
    ]);
    expect(separatedPairs(spans)).toEqual({ separated: 2, pairs: 3 });
    expect(geometricMean([1, 100])).toBeCloseTo(10, 12);
  });
});

describe('ranking', () => {
  it('is sound on every study', () => expectSound(section));

  it('ranks by predicted latency', () => {
    const ranks = rowsByModel(reference, table(build(section, reference), 'ranking'));
    for (const device of reference.devices) {
      const id = device.device.id.replaceAll('_', '-');
      const order = [...ranks].sort((a, b) => Number(a.row[`${id}-rank`]) - Number(b.row[`${id}-rank`]));
      const latencies = order.map(({ row }) => Number(row[`${id}-latency`]));
      expect(latencies).toEqual([...latencies].sort((a, b) => a - b));
    }
  });

  it('says ≈ only where neighbouring intervals overlap', () => {
    const [cpu] = reference.devices;
    const text = prose(build(section, reference))
      .split('\n')
      .find((line) => line.startsWith(`**${cpu?.device.name}**`));
    const names = new Map(reference.models.map((model) => [model.title, model]));
    const parts = (text?.split(': ')[1]?.split('. ')[0] ?? '').split(/ (?=[<≈])/);
    expect(parts).toHaveLength(reference.models.length);
    parts.slice(1).forEach((part, index) => {
      const span = (title: string) => {
        const model = names.get(title.replace(/^[<≈] /, ''));
        if (model === undefined || cpu === undefined) throw new Error(title);
        return reference.cell(model, cpu).estimate.interval;
      };
      expect(part.startsWith('≈')).toBe(span(part).lowSeconds <= span(parts[index] as string).highSeconds);
    });
  });

  it('has nothing to rank with one model', () => {
    expect(tables(build(section, single))).toHaveLength(0);
    expect(table(build(section, small), 'ranking-agreement').rows).toHaveLength(small.devices.length);
  });
});
