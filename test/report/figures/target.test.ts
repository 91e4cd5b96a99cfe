/** What a report says of a device is of the power mode that its study runs in. */
import { describe, expect, it } from 'vitest';
import { studyDevice } from '../../../src/explore/study.ts';
import { devices } from '../../../src/hardware/index.ts';
import {
  matrixPeak,
  modeOf,
  offChipBandwidth,
  onChipBandwidth,
  ridgePoint,
  vectorPeak,
} from '../../../src/report/figures/target.ts';

const orin = (powerMode?: string) => {
  const device = devices.find(({ id }) => id === 'jetson_agx_orin_64gb');
  if (device === undefined) throw new Error('no jetson_agx_orin_64gb');
  return studyDevice(device, powerMode === undefined ? {} : { powerMode });
};

describe('roofs of a device in a power mode', () => {
  // Six of sixteen multiprocessors at 408 of 1300 MHz.
  const share = (6 * 408) / (16 * 1300);

  it('are those of the device in its first mode', () => {
    const target = orin();
    expect(modeOf(target).name).toBe('MAXN');
    expect(matrixPeak(target, 'fp16')).toBe(42.5e12);
    // TensorRT computes in 16 bits.
    expect(vectorPeak(target)).toBe(10.6e12);
    expect(offChipBandwidth(target)).toBe(204.8e9);
    expect(ridgePoint(target)).toBeCloseTo(42.5e12 / 204.8e9, 9);
  });

  it('fall with clock, units and memory in another', () => {
    const target = orin('15W');
    expect(matrixPeak(target, 'fp16')).toBeCloseTo(42.5e12 * share, 0);
    expect(matrixPeak(target, 'int8')).toBeCloseTo(85e12 * share, 0);
    expect(onChipBandwidth(target)).toBeCloseTo(500e9 * share, 0);
    expect(offChipBandwidth(target)).toBe(136.5e9);
    expect(ridgePoint(target)).toBeCloseTo((42.5e12 * share) / 136.5e9, 9);
  });

  it('are none at a precision that the device does not have', () => {
    expect(matrixPeak(orin(), 'fp8')).toBeNull();
  });
});
