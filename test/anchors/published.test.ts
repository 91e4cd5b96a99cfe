/** Every count that the zoo quotes, against the graph that the zoo builds: equal at the printed precision. */
import { describe, expect, it } from 'vitest';
import { verifyGraph } from '../../src/ir/verify.ts';
import type { ModelVariant, PublishedCost, PublishedFigure } from '../../src/zoo/family.ts';
import { families } from '../../src/zoo/index.ts';
import { asPrinted, countsOf, decimalsOf } from './printed.ts';

/** What a row says and what our graph has, as the source would print it. */
const printedFigures = (variant: ModelVariant, published: PublishedCost) => {
  const { resolution, options, convention, source, parameters, parametersMillions, gmacs, gflops, mActs, elsewhere } =
    published;
  const counts = countsOf(variant, { ...(resolution !== undefined && { resolution }), ...options }, convention);
  const learned = counts.parameters + (elsewhere?.parameters ?? 0);
  const figure = (name: PublishedFigure, text: string | undefined, ours: number) => {
    if (text === undefined) return [];
    const decimals = decimalsOf(text, source);
    return [{ name, published: asPrinted(text, decimals), ours: asPrinted(ours, decimals) }];
  };
  return [
    ...figure('parameters', parameters === undefined ? undefined : String(parameters), learned),
    ...figure('parameters', parametersMillions, learned / 1e6),
    ...figure('gmacs', gmacs, counts.gmacs),
    ...figure('gflops', gflops, 2 * counts.gmacs),
    ...figure('mActs', mActs, counts.mActs),
  ];
};

describe.each(families)('$id', ({ variants }) => {
  const rows = variants.flatMap((variant) =>
    variant.published.map((published) => ({
      name: variant.name,
      at: published.resolution ?? 'its own size',
      convention: published.convention,
      published,
      variant,
    })),
  );

  it.each(rows)('$name at $at ($convention)', ({ variant, published }) => {
    const figures = printedFigures(variant, published);
    const exceptions = published.differs?.figures ?? [];
    expect(figures.length).toBeGreaterThan(0);
    const agreeing = figures.filter(({ name }) => !exceptions.includes(name));
    expect(agreeing.map(({ name, ours }) => [name, ours])).toEqual(agreeing.map((row) => [row.name, row.published]));
    // A row that has come to agree has no excuse left.
    for (const { name, published: printed, ours } of figures.filter((row) => exceptions.includes(row.name))) {
      expect([name, ours]).not.toEqual([name, printed]);
    }
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
    for (const { accuracy, otherAccuracies = [] } of all) {
      for (const { top1, top5 = 99, weights, source } of accuracy === undefined ? [] : [accuracy, ...otherAccuracies]) {
        expect([weights, top1 > 35 && top5 > top1 && top5 < 100]).toEqual([weights, true]);
        expect(source).not.toBe('');
      }
    }
  });

  it('has a published count for most models', () => {
    expect(all.filter(({ published }) => published.length > 0).length).toBeGreaterThan(all.length / 2);
  });
});
