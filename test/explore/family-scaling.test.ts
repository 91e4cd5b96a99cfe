import { describe, expect, it } from 'vitest';
import { familyScaling } from '../../src/explore/family-scaling.ts';
import { studyDevice } from '../../src/explore/study.ts';
import { findDevice } from '../../src/hardware/api.ts';
import { findFamily } from '../../src/zoo/api.ts';

const scalingOf = (id: string) => {
  const family = findFamily(id);
  const device = findDevice('intel_i7_12700h');
  if (family === undefined || device === undefined) throw new Error(`no ${id}`);
  return familyScaling(family, studyDevice(device));
};

describe('how a family grows', () => {
  const efficientnet = scalingOf('efficientnet');
  const row = (name: string) => {
    const found = efficientnet.rows.find(({ variant }) => variant.name === name);
    if (found === undefined) throw new Error(`no ${name}`);
    return found;
  };

  it('states w²d parameters, r² times as many MACs, and w d r² activations', () => {
    // B4: width 1.4, depth 1.8, 380 pixels against 224.
    const resolution = 380 / 224;
    expect(row('efficientnet_b4').stated?.params).toBeCloseTo(1.4 ** 2 * 1.8, 12);
    expect(row('efficientnet_b4').stated?.macs).toBeCloseTo(1.4 ** 2 * 1.8 * resolution ** 2, 12);
    expect(row('efficientnet_b4').stated?.activations).toBeCloseTo(1.4 * 1.8 * resolution ** 2, 12);
    expect(row('efficientnet_b4').resolution).toBe(resolution);
  });

  it('counts against the base that a variant names, and against itself gives 1', () => {
    expect(efficientnet.base.name).toBe('efficientnet_b0');
    expect(row('efficientnet_lite4').base.name).toBe('efficientnet_lite0');
    for (const name of ['efficientnet_b0', 'efficientnet_lite0', 'tf_efficientnet_b0']) {
      expect(row(name).counted).toEqual({ params: 1, macs: 1, activations: 1 });
      expect(row(name).latency).toBe(1);
    }
    // Published: 12,233,232 over 5,288,548 parameters.
    expect(row('efficientnet_b3').counted.params).toBeCloseTo(12_233_232 / 5_288_548, 12);
  });

  it('fits the power of MACs that latency grows with', () => {
    const points = efficientnet.rows.map(({ macs, estimate }) => [Math.log(macs), Math.log(estimate.latencySeconds)]);
    const mean = (axis: number) => points.reduce((sum, point) => sum + (point[axis] as number), 0) / points.length;
    const [x, y] = [mean(0), mean(1)];
    const slope =
      points.reduce((sum, [a = 0, b = 0]) => sum + (a - x) * (b - y), 0) /
      points.reduce((sum, [a = 0]) => sum + (a - x) ** 2, 0);
    expect(efficientnet.latencyExponent).toBeCloseTo(slope, 9);
  });

  it('states nothing where a family has no multipliers, and fits nothing to fewer than three sizes', () => {
    expect(scalingOf('resnet').rows.every(({ stated }) => stated === undefined)).toBe(true);
    expect(scalingOf('alexnet').latencyExponent).toBeUndefined();
  });
});
