/** What a power mode lowers, by hand and against what was measured in two of them. */
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/estimate/estimate.ts';
import { fastestMode, type Machine, modeSpeed } from '../../src/estimate/machine.ts';
import { dispatchSecondsOf } from '../../src/estimate/roofs.ts';
import { compileModel } from '../../src/explore/compile.ts';
import { devices } from '../../src/hardware/index.ts';
import { findModel } from '../../src/zoo/api.ts';
import { namedMachine } from './arbitraries.ts';

const orin = (mode: string) => namedMachine('jetson_agx_orin_64gb', 'tensorrt-8.5', { precision: 'int8', mode });
const eager = (mode: string) => namedMachine('jetson_agx_orin_64gb', 'pytorch-eager', { precision: 'tf32', mode });

const seconds = (name: string, machine: Machine, batch = 1): number => {
  const found = findModel(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return estimate(compileModel(found.variant).workload(machine.runtime.fusion), machine, batch).latencySeconds;
};

describe('a power mode', () => {
  it('has the clock and the units that stay on: peaks, caches, memory and static power, by hand', () => {
    const full = orin('MAXN');
    expect(full).toMatchObject({ matrixPeak: 85e12, units: 16, offChipBandwidth: 204.8e9, staticWatts: 24 });
    const middle = orin('50W');
    expect(middle.matrixPeak).toBeCloseTo((85e12 * 816) / 1300, 0);
    // TensorRT computes in 16 bits, twice as fast as in 32.
    expect(middle.vectorPeak).toBeCloseTo((10.6e12 * 816) / 1300, 0);
    expect(middle.onChipBandwidth).toBeCloseTo((500e9 * 816) / 1300, 0);
    expect(middle).toMatchObject({ units: 16, offChipBandwidth: 204.8e9, staticWatts: 15 });
    // Three of eight pairs of multiprocessors at 408 MHz.
    const low = orin('15W');
    expect(low.matrixPeak).toBeCloseTo((85e12 * 408 * 6) / (1300 * 16), 0);
    expect(low).toMatchObject({ units: 6, offChipBandwidth: 136.5e9, staticWatts: 8 });
  });

  it('slows the host that hands kernels over by its clock', () => {
    const [full, middle] = [eager('MAXN'), eager('50W')];
    // Over the 3.4 GHz of a server that hands kernels to a graphics card.
    expect(full.hostSlowdown).toBeCloseTo(3400 / 2201.6, 12);
    expect(middle.hostSlowdown).toBeCloseTo(3400 / 1497.6, 12);
    expect(namedMachine('nvidia_rtx4090', 'pytorch-2.4-eager').hostSlowdown).toBe(1);
    const same = { ...middle, constants: full.constants };
    expect(dispatchSecondsOf(same) / dispatchSecondsOf(full)).toBeCloseTo(2201.6 / 1497.6, 12);
  });

  it.each(['resnet50', 'mobilenet_v2', 'vit_b_16'])('is never faster with less of everything: %s', (name) => {
    for (const batch of [1, 16]) {
      const [full, middle, low] = ['MAXN', '50W', '15W'].map((mode) => seconds(name, orin(mode), batch));
      expect(middle).toBeGreaterThan(full as number);
      expect(low).toBeGreaterThan(middle as number);
    }
  });

  it.each([
    // [model, measured ms at 50 W and in MAXN]: the first waits for the host, the second computes.
    ['mobilenet_v2', 15.01, 10.37],
    ['vit_b_16', 30.34, 19.59],
    ['resnet50', 16.56, 11.39],
  ])('on a Jetson AGX Orin is as much slower as was measured, within a seventh: %s', (name, slow, fast) => {
    // One set of constants for both: what differs are the clocks.
    const { constants } = eager('50W');
    const [at50, full] = ['50W', 'MAXN'].map((mode) => seconds(name, { ...eager(mode), constants }));
    const ratio = (at50 as number) / (full as number) / (slow / fast);
    expect(ratio).toBeGreaterThan(6 / 7);
    expect(ratio).toBeLessThan(7 / 6);
  });

  it('changes nothing where it states a cap alone', () => {
    const [small, large] = ['24W', '12W'].map((mode) => namedMachine('kpu_t100', 'kpu-static', { mode }));
    expect(small?.matrixPeak).toBe(large?.matrixPeak);
    expect(small?.staticWatts).toBe(large?.staticWatts);
  });
});

describe('the interval of a mode that was not measured', () => {
  const widened = (mode: string) => {
    const machine = eager(mode);
    const found = findModel('mobilenet_v2');
    if (found === undefined) throw new Error('no mobilenet_v2');
    return estimate(compileModel(found.variant).workload(machine.runtime.fusion), machine, 1).interval.widened;
  };

  it('says so and is wider, and that of one that was measured is not', () => {
    expect(eager('30W').calibration.id).toBe('jetson_agx_orin_64gb@50W/pytorch-eager/tf32/nchw');
    expect(eager('MAXN').calibration.id).toBe('jetson_agx_orin_64gb/pytorch-eager/tf32/nchw');
    expect(['MAXN', '50W', '30W', '15W'].map(widened)).toEqual([[], [], ['other-mode'], ['other-mode']]);
  });
});

describe('the fastest mode', () => {
  it('is the first one, or one with a larger cap and a faster clock', () => {
    const [orinDevice, kpu] = ['jetson_agx_orin_64gb', 'kpu_t768'].map((id) => devices.find((each) => each.id === id));
    if (orinDevice === undefined || kpu === undefined) throw new Error('no such devices');
    expect(fastestMode(orinDevice).name).toBe('MAXN');
    expect(fastestMode(kpu).name).toBe('100W');
    // 1.35 GHz over the 1.2 GHz that its peaks are quoted at.
    expect(modeSpeed(kpu, fastestMode(kpu))).toBeCloseTo(1.35 / 1.2, 12);
  });
});
