/** Every count that the zoo quotes, against the graph that the zoo builds: equal at the printed precision. */
import { describe, expect, it } from 'vitest';
import { verifyGraph } from '../../src/ir/verify.ts';
import { families } from '../../src/zoo/index.ts';
import { asPrinted, countsOf, decimalsOf } from './printed.ts';

describe.each(families)('$id', ({ variants }) => {
  const rows = variants.flatMap((variant) =>
    variant.published.map((published) => ({
      name: variant.name,
      resolution: published.resolution,
      published,
      variant,
    })),
  );

  it.each(rows)('$name at $resolution: $published.gmacs GMACs ($published.convention)', ({ variant, published }) => {
    const { resolution, convention, gmacs, mActs, parameters } = published;
    const counts = countsOf(variant, resolution, convention);
    const decimals = decimalsOf(gmacs, convention);
    const found = {
      gmacs: asPrinted(counts.gmacs, decimals),
      ...(mActs !== undefined && { mActs: asPrinted(counts.mActs, 2) }),
      ...(parameters !== undefined && { parameters: counts.parameters }),
    };
    expect(found).toEqual({
      gmacs: asPrinted(gmacs, decimals),
      ...(mActs !== undefined && { mActs: asPrinted(mActs, 2) }),
      ...(parameters !== undefined && { parameters }),
    });
    expect(published.source).not.toBe('');
  });

  it('builds well-formed graphs, named after the variant', () => {
    for (const variant of variants) {
      const graph = variant.build();
      expect(verifyGraph(graph)).toEqual([]);
      expect(graph.name).toBe(variant.name);
    }
  });
});

describe('the zoo', () => {
  const all = families.flatMap(({ variants }) => variants);

  it('has one model to a name, aliases included', () => {
    const names = all.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
    expect(names).toEqual([...new Set(names)]);
  });

  it('quotes accuracies as percentages, top-5 above top-1', () => {
    for (const { accuracy } of all) {
      if (accuracy === undefined) continue;
      expect(accuracy.top1).toBeGreaterThan(50);
      expect(accuracy.top5).toBeGreaterThan(accuracy.top1);
      expect(accuracy.top5).toBeLessThan(100);
    }
  });

  it('has a published count for most models', () => {
    expect(all.filter(({ published }) => published.length > 0).length).toBeGreaterThan(all.length / 2);
  });
});
