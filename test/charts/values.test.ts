import { describe, expect, it } from 'vitest';
import { axisTicks, axisTitle, linearTicks, logTicks, tickTexts } from '../../src/charts/values.ts';

describe('ticks', () => {
  it('are round and at most as many as asked', () => {
    expect(linearTicks({ low: 0, high: 1 }, 6)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(linearTicks({ low: 0.71, high: 0.83 }, 4)).toEqual([0.75, 0.8]);
    expect(logTicks({ low: 1, high: 1000 }, 10)).toEqual([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000]);
    expect(logTicks({ low: 1, high: 1000 }, 4)).toEqual([1, 10, 100, 1000]);
    expect(logTicks({ low: 1e-12, high: 1e12 }, 5)).toHaveLength(5);
    expect(axisTicks({ low: 0, high: 2 ** 20 }, { label: '', unit: 'KiB' }, 5)).toEqual([
      0,
      2 ** 18,
      2 ** 19,
      3 * 2 ** 18,
      2 ** 20,
    ]);
  });

  it('are found on a log axis of less than a decade', () => {
    expect(logTicks({ low: 3.1, high: 4.4 }, 5).length).toBeGreaterThanOrEqual(2);
  });
});

describe('tickTexts', () => {
  it.each([
    [[0, 0.005, 0.01], 's', ['0', '5 ms', '10 ms']],
    [[0.0005, 0.0015], 's', ['500 µs', '1.5 ms']],
    [[0.7, 0.725, 1], '%', ['70 %', '72.5 %', '100 %']],
    [[1e11, 1e12], 'FLOP/s', ['100 GFLOP/s', '1 TFLOP/s']],
    [[100, 5000], 'images/s', ['100', '5000']],
    [[0, 5000, 10000], 'images/s', ['0', '5 k', '10 k']],
    [[0.1, 1000, 10000], '', ['0.1', '1 k', '10 k']],
    [[2 ** 18, 2 ** 20], 'KiB', ['256 KiB', '1 MiB']],
  ])('%j %s', (ticks, unit, expected) => {
    expect(tickTexts(ticks, unit)).toEqual(expected);
  });

  it('take the digits that tell them apart', () => {
    expect(tickTexts([1.0001, 1.0002], 's')).toEqual(['1.0001 s', '1.0002 s']);
  });
});

describe('axisTitle', () => {
  it('names the unit only where the ticks do not', () => {
    expect(axisTitle({ label: 'Latency', unit: 's' })).toBe('Latency');
    expect(axisTitle({ label: 'Throughput', unit: 'images/s' })).toBe('Throughput (images/s)');
  });
});
