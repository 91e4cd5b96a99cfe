import { describe, expect, it } from 'vitest';
import { compose, shortestFill, usualBatches } from '../../../src/explore/recommend/composition.ts';
import type { Load, StreamLoad } from '../../../src/explore/recommend/scenario.ts';

const streams = (count: number, ratePerSecond: number, change: Partial<StreamLoad> = {}): StreamLoad => ({
  ...{ kind: 'streams', streams: count, ratePerSecond, arrival: 'spread', dutyCycle: 1, utilization: 1, ...change },
});
const composed = (load: Load, batch: number, latencySeconds: number, deadline?: number, maxDevices?: number) =>
  compose({ load, batch, latencySeconds, deadline, maxDevices });

describe('streams that come evenly spread', () => {
  it('fill a batch one by one, and the first waits for the last', () => {
    // 4 per 20 ms are 200 /s: 6 streams at 30 /s. 180 /s on one device: 3 more inputs come in 3 / 180 s = 16.7 ms.
    const made = composed(streams(6, 30), 4, 0.02);
    expect(made).toMatchObject({ devices: 1, streamsPerDevice: 6, loadPerDevice: 180 });
    expect(made.waitSeconds).toBeCloseTo(1 / 60, 12);
    expect(made.responseSeconds).toBeCloseTo(1 / 60 + 0.02, 12);
    expect(made.carried).toBeCloseTo(200 / 180, 12);
  });

  it('take the fewest devices that carry whole streams', () => {
    // 1,000 /s carry 33 streams at 30 /s (990 /s), not 33.3: 1,000 streams need 31 devices (30 x 33 = 990), 33 on the fullest.
    const made = composed(streams(1000, 30), 1, 0.001);
    expect(made).toMatchObject({ devices: 31, streamsPerDevice: 33, loadPerDevice: 990, waitSeconds: 0 });
  });

  it('wait longest on the device that has the fewest', () => {
    // 8 per 40 ms are 200 /s: 6 streams at 30 /s. 7 streams need 2 devices: 4 and 3. 7 more inputs of 3 streams: 7 / 90 s.
    const made = composed(streams(7, 30), 8, 0.04);
    expect(made.devices).toBe(2);
    expect(made.waitSeconds).toBeCloseTo(7 / 90, 12);
  });

  it('fall behind where no more devices are allowed, by how much is said', () => {
    // 100 /s for 3 x 50 /s on one device: two thirds of the load.
    const made = composed(streams(3, 50), 1, 0.01, undefined, 1);
    expect(made).toMatchObject({ devices: 1, streamsPerDevice: 2 });
    expect(made.carried).toBeCloseTo(2 / 3, 12);
    // One stream that is too fast for a device is not shared by several.
    expect(composed(streams(1, 200), 1, 0.01)).toMatchObject({ devices: 1, streamsPerDevice: 0, carried: 0.5 });
  });

  it('leave the room that is planned for', () => {
    // 60 % of 100 /s is 60 /s: two streams at 30 /s, exactly full.
    expect(composed(streams(2, 30, { utilization: 0.6 }), 1, 0.01)).toMatchObject({ devices: 1, streamsPerDevice: 2 });
    expect(composed(streams(3, 30, { utilization: 0.6 }), 1, 0.01)).toMatchObject({ devices: 2 });
  });
});

describe('streams that come together', () => {
  const cameras = streams(6, 100, { arrival: 'together' });

  it('are done in batches one after another, inside the deadline', () => {
    // 3 batches of 2 in 3 x 3 ms = 9 ms.
    const made = composed(cameras, 2, 0.003, 0.01);
    expect(made).toMatchObject({ devices: 1, streamsPerDevice: 6 });
    expect(made.responseSeconds).toBeCloseTo(0.009, 12);
    expect(made.waitSeconds).toBeCloseTo(0.006, 12);
  });

  it('are shared by devices, each with whole batches', () => {
    // 2 batches of 2 fit 10 ms at 4 ms each: 4 streams a device, 6 need two devices with 3 each: 2 batches, 8 ms.
    const made = composed(cameras, 2, 0.004, 0.01);
    expect(made).toMatchObject({ devices: 2, streamsPerDevice: 4 });
    expect(made.responseSeconds).toBeCloseTo(0.008, 12);
  });

  it('have to be done before the next come, however late the deadline', () => {
    // 6 x 3 ms = 18 ms of every 10 ms.
    const made = composed(cameras, 1, 0.003, 1, 1);
    expect(made.carried).toBeCloseTo(10 / 18, 12);
  });
});

describe('requests', () => {
  it('divide over as many devices as their peak needs', () => {
    // A million a day, ten times as many at the peak: 115.74 /s; 50 /s a device: 2.3 devices.
    const load: Load = { kind: 'requests', averagePerSecond: 1e6 / 86_400, peakFactor: 10, utilization: 1 };
    const made = composed(load, 1, 0.02);
    expect(made).toMatchObject({ devices: 3, streamsPerDevice: null, waitSeconds: 0 });
    expect(made.loadPerDevice).toBeCloseTo(115.7407 / 3, 3);
  });
});

describe('batches that are tried', () => {
  it('are powers of two that fill inside the deadline, and the number of streams', () => {
    // 12 streams at 30 /s are 360 /s: 7 more come in 19.4 ms, 11 more in 30.6 ms.
    expect(usualBatches(streams(12, 30), 0.02)).toEqual([1, 2, 4, 8]);
    expect(usualBatches(streams(12, 30), 0.031)).toEqual([1, 2, 4, 8, 12]);
    expect(usualBatches(streams(6, 100, { arrival: 'together' }), 0.01)).toEqual([1, 2, 4, 6]);
    expect(usualBatches(undefined, 1)).toEqual([1]);
    expect(shortestFill(streams(4, 30, { arrival: 'together' }), 8)).toBe(Number.POSITIVE_INFINITY);
  });
});
