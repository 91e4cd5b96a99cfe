import { describe, expect, it } from 'vitest';
import type { Study } from '../../../src/explore/study.ts';
import { section } from '../../../src/report/sections/model-complexity.ts';
import { build, expectSound, otherBaseline, prose, reference, rowsByModel, small, table } from './study-fixture.ts';

const complexity = (study: Study) => rowsByModel(study, table(build(section, study), 'model-complexity'));

describe('model complexity', () => {
  it('is sound on every study', () => expectSound(section));

  it.each([reference, small, otherBaseline])('takes ratios and scores from the totals', (study) => {
    const base = study.baseline.common.totals;
    for (const { row, model } of complexity(study)) {
      const { flops, params, macs, activationElements } = model.common.totals;
      expect(row.flopRatio).toBeCloseTo(flops / base.flops, 12);
      expect(row.paramRatio).toBeCloseTo(params / base.params, 12);
      expect(row.score).toBeCloseTo((base.flops * base.params) / (flops * params), 9);
      expect(row.macs).toBe(macs);
      expect(row.activations).toBe(activationElements);
      expect(Number(row.flops)).toBeGreaterThan(2 * macs);
    }
  });

  it('has ResNet-18 at 1 of itself, and the 11,689,512 parameters and 1.814 GMACs that torchvision prints', () => {
    const found = complexity(reference).find(({ model }) => model.name === 'resnet18')?.row;
    expect(found).toMatchObject({ params: 11_689_512, flopRatio: 1, paramRatio: 1, score: 1 });
    expect((Number(found?.macs) / 1e9).toFixed(3)).toBe('1.814');
  });

  it('has other ratios against another baseline', () => {
    const [first] = complexity(small);
    const [second] = complexity(otherBaseline);
    expect(first?.row.flopRatio).not.toBe(second?.row.flopRatio);
    expect(second?.row.flopRatio).toBe(1);
  });

  it('agrees with every published count at its printed precision, and would say so if it did not', () => {
    const { rows } = table(build(section, reference), 'model-complexity-native');
    for (const { macs, published, agrees, paramsAgree } of rows) {
      const decimals = String(published).split('.')[1]?.length ?? 0;
      expect((Number(macs) / 1e9).toFixed(decimals)).toBe(published);
      expect([agrees, paramsAgree]).toEqual([true, true]);
    }
    const broken: Study = {
      ...small,
      models: small.models.map((model, index) =>
        index > 0
          ? model
          : {
              ...model,
              entry: {
                ...model.entry,
                variant: {
                  ...model.entry.variant,
                  published: [{ resolution: 224, gmacs: '0.31', convention: 'torchvision', source: 'a mistake' }],
                },
              },
            },
      ),
      baseline: small.baseline,
    };
    expect(prose(build(section, broken))).toContain('Not in agreement: MobileNetV2.');
  });
});
