import { describe, expect, it } from 'vitest';
import { compoundScaling, familiesOf } from '../../../src/report/figures/scaling.ts';
import { section } from '../../../src/report/sections/scaling.ts';
import { build, expectSound, prose, reference, small, table } from './study-fixture.ts';

const efficientnet = () => {
  const family = familiesOf(reference).find(({ title }) => title === 'EfficientNet');
  if (family === undefined) throw new Error('no EfficientNet');
  return family;
};

describe('scaling', () => {
  it('is sound on every study', () => expectSound(section));

  it('compares families of two members or more with their smallest', () => {
    const families = familiesOf(reference);
    expect(families.length).toBeGreaterThan(0);
    for (const { members, smallest } of families) {
      expect(members.length).toBeGreaterThan(1);
      for (const { common } of members) {
        expect(common.totals.params).toBeGreaterThanOrEqual(smallest.common.totals.params);
      }
    }
    expect(prose(build(section, small))).toContain('No family has two members');
  });

  it('relates FLOPs and latency as divided by hand', () => {
    const family = efficientnet();
    const { rows } = table(build(section, reference), 'scaling-efficientnet-native');
    family.members.forEach((model, index) => {
      expect(rows[index]?.flops).toBeCloseTo(model.native.totals.flops / family.smallest.native.totals.flops, 12);
      reference.devices.forEach((device) => {
        const at = (one: typeof model) =>
          reference.cell(one, device, { resolution: one.nativeResolution }).estimate.latencySeconds;
        expect(rows[index]?.[device.device.id.replaceAll('_', '-')]).toBeCloseTo(at(model) / at(family.smallest), 12);
      });
    });
  });

  it('rounds depth and width of EfficientNet as worked by hand', () => {
    const records = compoundScaling(reference, efficientnet())?.records ?? [];
    const byName = new Map(records.map((record) => [record.model.name, record]));
    // Repeats 1 2 2 3 3 4 1 make 16 blocks; times 1.1 and 1.2, rounded up, 2 3 3 4 4 5 2 make 23 both times.
    expect(byName.get('efficientnet_b1')?.depthBuilt).toBeCloseTo(23 / 16, 12);
    expect(byName.get('efficientnet_b2')?.depthBuilt).toBeCloseTo(23 / 16, 12);
    expect(byName.get('efficientnet_b1')?.widthBuilt).toBe(1);
    // 16 24 40 80 112 192 320 at 1.1, to multiples of 8: 16 24 48 88 120 208 352.
    const widths = [16 / 16, 24 / 24, 48 / 40, 88 / 80, 120 / 112, 208 / 192, 352 / 320];
    expect(byName.get('efficientnet_b2')?.widthBuilt).toBeCloseTo(widths.reduce((a, b) => a + b, 0) / 7, 12);
    expect(byName.get('efficientnet_b2')?.stated).toBeCloseTo(1.1 ** 2 * 1.2 * (288 / 224) ** 2, 12);
  });
});
