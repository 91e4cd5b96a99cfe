import { describe, expect, it } from 'vitest';
import { totals } from '../../../src/analysis/totals.ts';
import { compare, modelsWith } from '../../../src/report/figures/counterfactual.ts';
import { pairRatio, separablePairs, summed } from '../../../src/report/figures/pairs.ts';
import { section } from '../../../src/report/sections/design-patterns.ts';
import { build, expectSound, prose, reference, single, table } from './study-fixture.ts';

describe('design-patterns', () => {
  it('is sound on every study', () => expectSound(section));

  it('works one pair as by hand', () => {
    const model = reference.models.find(({ name }) => name === 'mobilenet_v2');
    if (model === undefined) throw new Error('no mobilenet_v2');
    const [first, second] = separablePairs(reference.compiled(model, 224).analyzed);
    // 3 x 3 depthwise over 32 channels at 112 x 112, then 32 -> 16: 9 x 16 / (9 + 16) = 5.76.
    expect(first).toMatchObject({ window: 9, channels: 32, outputChannels: 16 });
    expect(first?.separableMacs).toBe(112 * 112 * (32 * 9 + 32 * 16));
    expect(first?.standardMacs).toBe(112 * 112 * 32 * 16 * 9);
    expect(first && pairRatio(first)).toBeCloseTo(5.76, 12);
    expect(second).toMatchObject({ channels: 96, outputChannels: 24, separableMacs: 56 * 56 * (96 * 9 + 96 * 24) });
  });

  it('finds in the pairs all that the counterfactual changes', () => {
    for (const model of modelsWith(reference, 'standard-convolutions')) {
      const built = reference.compiled(model, 224).analyzed;
      const undone = totals(reference.compiled(model, 224, 'standard-convolutions').analyzed);
      const pairs = separablePairs(built);
      expect(undone.macs - totals(built).macs).toBe(summed(pairs, 'standardMacs') - summed(pairs, 'separableMacs'));
      expect(summed(pairs, 'standardMacs') / summed(pairs, 'separableMacs')).toBeLessThan(25);
    }
  });

  it('divides latencies of the same device and precision', () => {
    const [model] = modelsWith(reference, 'standard-convolutions');
    if (model === undefined) throw new Error('no counterfactual');
    const record = compare(reference, model, 'standard-convolutions');
    reference.devices.forEach((device, index) => {
      const undone = reference.cell(model, device, { counterfactual: 'standard-convolutions' }).estimate;
      const built = reference.cell(model, device).estimate;
      expect(undone.precision).toBe(built.precision);
      expect(record.latencies[index]).toBe(undone.latencySeconds / built.latencySeconds);
    });
  });

  it('states squeeze-and-excitation as what is missing without it', () => {
    const { rows } = table(build(section, reference), 'squeeze-excitation');
    modelsWith(reference, 'without-squeeze-excitation').forEach((model, index) => {
      const without = totals(reference.compiled(model, 224, 'without-squeeze-excitation').analyzed);
      expect(rows[index]?.macs).toBeCloseTo(1 - without.macs / model.common.totals.macs, 12);
      expect(rows[index]?.params).toBeCloseTo(1 - without.params / model.common.totals.params, 12);
    });
  });

  it('has nothing to undo in a network without these patterns', () => {
    expect(prose(build(section, single))).toContain('nothing can be undone');
  });
});
