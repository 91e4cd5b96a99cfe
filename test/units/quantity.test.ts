import { describe, expect, it } from 'vitest';
import * as quantity from '../../src/units/quantity.ts';

describe('quantities', () => {
  it.each([
    [quantity.microseconds(5), 5e-6],
    [quantity.milliseconds(5), 5e-3],
    [quantity.milliwatts(900), 0.9],
    [quantity.kibibytes(1), 1024],
    [quantity.mebibytes(1), 1_048_576],
    [quantity.gibibytes(1), 1_073_741_824],
    [quantity.gigabytes(1), 1e9],
    [quantity.megahertz(763), 763e6],
    [quantity.gigahertz(1.05), 1.05e9],
    [quantity.gigabytesPerSecond(76.8), 76.8e9],
    [quantity.teraoperationsPerSecond(756), 756e12],
    [quantity.picojoulesPerByte(31), 31e-12],
    [quantity.picojoulesPerOperation(0.1), 1e-13],
    [quantity.nanometres(7), 7e-9],
  ])('%d is stored in SI base units', (stored, value) => expect(stored).toBeCloseTo(value, 15));

  it('combine as physics has it', () => {
    // 10 Wh = 36 kJ, which 10 W empties in an hour.
    expect(quantity.energyOf(quantity.wattHours(10))).toBe(36_000);
    expect(quantity.energyOver(quantity.watts(10), quantity.seconds(3600))).toBe(36_000);
    expect(quantity.averagePower(quantity.joules(36_000), quantity.seconds(3600))).toBe(10);
    expect(quantity.timeToMove(quantity.bytes(2e12), quantity.gigabytesPerSecond(1000))).toBe(2);
    expect(quantity.SECONDS_PER_DAY).toBe(24 * 60 * 60);
  });
});
