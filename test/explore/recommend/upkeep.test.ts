import { describe, expect, it } from 'vitest';
import { findRuntime } from '../../../src/estimate/runtime.ts';
import { compose } from '../../../src/explore/recommend/composition.ts';
import type { DeploymentScenario, StreamLoad, Target } from '../../../src/explore/recommend/scenario.ts';
import { type UpkeepInput, upkeep } from '../../../src/explore/recommend/upkeep.ts';
import { findDevice } from '../../../src/hardware/api.ts';
import { wattHours } from '../../../src/units/quantity.ts';

const device = findDevice('kpu_t2');
const runtime = findRuntime('kpu-static');
if (device === undefined || runtime === undefined) throw new Error('no kpu_t2');

const load: StreamLoad = {
  ...{ kind: 'streams', streams: 1, ratePerSecond: 1, arrival: 'spread', dutyCycle: 1, utilization: 1 },
};
const base: DeploymentScenario = {
  ...{ id: 'a', title: 'a', workload: '', assumptions: [], at: 'point', rest: 'sleep', prefer: 'accuracy' },
  ...{ resolutions: ['native'], proposed: [], load },
  battery: { supply: { capacity: wattHours(10), usableShare: 0.85, regulatorEfficiency: 0.9 }, days: 20 },
};
const kept = (scenario: DeploymentScenario, change: Partial<UpkeepInput> = {}, target: Partial<Target> = {}) => {
  const latencySeconds = 0.1;
  const composition = compose({
    load: scenario.load,
    batch: 1,
    latencySeconds,
    deadline: undefined,
    maxDevices: undefined,
  });
  return upkeep({
    ...{ scenario, target: { device, runtime, ...target }, composition, batch: 1, latencySeconds },
    ...{ energyPerInferenceJoules: 0.01, priced: false, ...change },
  });
};

describe('power and battery', () => {
  it('adds what is drawn asleep for the time that is left', () => {
    // 10 mJ once a second: 10 mW; asleep (5 mW) nine tenths of the time: 4.5 mW. 10 Wh x 0.85 x 0.9 = 27,540 J.
    const { averagePowerWatts, batteryDays } = kept(base);
    expect(averagePowerWatts).toBeCloseTo(0.0145, 12);
    // 27,540 J / 14.5 mW = 1,899,310 s = 21.98 days.
    expect(batteryDays).toBeCloseTo(21.98, 2);
  });

  it('rests idle unless the scenario says asleep, and sleeps outside of its duty cycle', () => {
    // Idle draws 50 mW for nine tenths: 45 + 10 mW.
    expect(kept({ ...base, rest: 'idle' }).averagePowerWatts).toBeCloseTo(0.055, 12);
    // Half of the day as above (14.5 mW), half asleep (5 mW).
    expect(kept({ ...base, load: { ...load, dutyCycle: 0.5 } }).averagePowerWatts).toBeCloseTo(0.00975, 12);
  });

  it('counts rest in the energy of a million inferences', () => {
    // 14.5 mJ a second, one inference a second.
    expect(kept(base).energyPerMillionJoules).toBeCloseTo(14_500, 6);
  });
});

describe('cost', () => {
  const cost = { currency: 'EUR', lifeSeconds: 365 * 86_400, perKilowattHour: 0.3, limits: {} };
  const busy: DeploymentScenario = { ...base, rest: 'idle', cost, load: { ...load, streams: 2, ratePerSecond: 10 } };

  it('writes off, rents and pays for electricity by the hour', () => {
    // 10 /s is all that a device does in 100 ms: two devices for 20 /s, busy all the time at 20 J x 10 /s = 200 W.
    // Each: 8,760 EUR over 8,760 h = 1; 0.5 rent; 0.2 kWh x 0.3 = 0.06. Two: 3.12 an hour for 72,000 inferences.
    const { costPerHour, costPerMillion, capital } = kept(
      busy,
      { energyPerInferenceJoules: 20, priced: true },
      { price: 8760, pricePerHour: 0.5 },
    );
    expect(costPerHour).toBeCloseTo(3.12, 9);
    expect(costPerMillion).toBeCloseTo((3.12 / 72_000) * 1e6, 6);
    expect(capital).toBe(17_520);
  });

  it('is unknown, not nothing, for a device without a price beside others with one', () => {
    expect(kept(busy, { priced: true })).toMatchObject({ costPerHour: null, costPerMillion: null, capital: null });
    expect(kept({ ...busy, cost: { currency: 'EUR', limits: {} } }).costPerMillion).toBeNull();
    // Electricity alone: 2 x 200 W x 0.3.
    expect(kept(busy, { energyPerInferenceJoules: 20 }).costPerHour).toBeCloseTo(0.12, 9);
  });

  it('shares what a day costs by the load of the day, not by its peak', () => {
    // 86,400 a day with a peak of 10 times: a device does 10 /s, so one carries it; 1 /s on average.
    const requests = { kind: 'requests', averagePerSecond: 1, peakFactor: 10, utilization: 1 } as const;
    const scenario: DeploymentScenario = { ...busy, load: requests, cost: { currency: 'EUR', limits: {} } };
    // 3.6 an hour for 3,600 inferences an hour.
    const { costPerMillion } = kept(scenario, { priced: true }, { pricePerHour: 3.6 });
    expect(costPerMillion).toBeCloseTo(1000, 6);
  });
});
