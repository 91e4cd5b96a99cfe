// Laws that every model of the zoo holds to, whoever writes it.
import { describe, expect, it } from 'vitest';
import { type AnalyzedGraph, analyzeGraph } from '../../src/analysis/nodes.ts';
import { coverage, totals } from '../../src/analysis/totals.ts';
import { withDimensions } from '../../src/ir/bind.ts';
import { families, knobsOf, ModelOptionError, type ModelVariant, varied } from '../../src/zoo/api.ts';

const SEVERAL = 3;

const native = new Map<ModelVariant, AnalyzedGraph>();
const nativeOf = (variant: ModelVariant): AnalyzedGraph => {
  const known = native.get(variant) ?? analyzeGraph(variant.build());
  native.set(variant, known);
  return known;
};

/** What building at a resolution, or at none that fits, says. */
const refusal = (variant: ModelVariant, resolution: number): ModelOptionError | undefined => {
  try {
    variant.build({ resolution });
    return undefined;
  } catch (error) {
    if (error instanceof ModelOptionError) return error;
    throw error;
  }
};

describe.each(families.map((family) => [family.id, family.variants] as const))('%s', (id, variants) => {
  it.each(variants.map((variant) => [variant.name, variant] as const))('%s', (_, variant) => {
    const analyzed = nativeOf(variant);
    const own = totals(analyzed);
    expect(coverage(analyzed)).toMatchObject({ status: 'complete', unknown: [] });
    expect(analyzed.warnings).toEqual([]);
    expect(own.params > 0 && own.macs > 0).toBe(true);
    // Counted for any batch at once, and for one batch that every shape is written with.
    const several = analyzeGraph(withDimensions(analyzed.graph, { dims: new Map([['N', SEVERAL]]) }));
    expect(totals(analyzed, SEVERAL)).toEqual(totals(several));
    expect(totals(analyzed, SEVERAL).params).toBe(own.params);
  });

  it('builds every variant with what it says it can be built with, and with nothing else', () => {
    for (const variant of variants) {
      const own = totals(nativeOf(variant));
      const values = { classes: 7, width: 0.5, tokens: 5 };
      for (const knob of ['classes', 'width', 'tokens'] as const) {
        const asked = { [knob]: values[knob] };
        if (!knobsOf(variant).includes(knob)) {
          expect(() => varied(variant, asked)).toThrow(ModelOptionError);
          continue;
        }
        const turned = varied(variant, asked);
        const other = totals(analyzeGraph(turned.build()));
        expect([turned.name, other.params === own.params && other.macs === own.macs]).toEqual([
          `${variant.name}[${knob}=${values[knob]}]`,
          false,
        ]);
        if (knob === 'width') expect(other.params).toBeLessThan(own.params);
      }
    }
  });

  // One variant speaks for a family: rules are the family's, or follow from the patch or window of the variant.
  const [first] = variants.filter(({ withoutResolution }) => withoutResolution !== true);
  if (first === undefined) return;

  it(`${first.name} refuses resolutions that it cannot take, and takes those that it names instead`, () => {
    const refused = [0, 1, 8, 33, 97, 1.5, Number.NaN].map((resolution) => refusal(first, resolution));
    expect(refused[0]).toBeInstanceOf(ModelOptionError);
    for (const error of refused) {
      if (error === undefined) continue;
      expect(error.code).toBe('illegal-resolution');
      expect(error.message).toContain('nearest: ');
      for (const resolution of error.nearest.filter(Number.isFinite)) {
        const analyzed = analyzeGraph(first.build({ resolution }));
        expect([id, resolution, coverage(analyzed).status]).toEqual([id, resolution, 'complete']);
      }
    }
  });
});
