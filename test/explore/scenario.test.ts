import { describe, expect, it } from 'vitest';
import { batteryDays, deliverableEnergy, dutyCyclePower } from '../../src/explore/battery.ts';
import { REFERENCE_SCENARIOS } from '../../src/explore/reference-scenarios.ts';
import { referenceStudyOptions } from '../../src/explore/reference-study.ts';
import { assessScenario, recommendFrom, type Scenario } from '../../src/explore/scenario.ts';
import { runStudy } from '../../src/explore/study.ts';
import { joules, milliseconds, seconds, wattHours, watts } from '../../src/units/quantity.ts';

const study = runStudy(referenceStudyOptions());
const scenario = (id: string): Scenario => REFERENCE_SCENARIOS.find((one) => one.id === id) as Scenario;

describe('battery', () => {
  it('gives 14.4 days for 29 mJ once a second from 10 Wh, where the 2025-10-17 report printed 1,435', () => {
    // 10 Wh = 36,000 J; 36,000 J / 0.029 W = 1.241e6 s = 14.37 days.
    const supply = { capacity: wattHours(10), usableShare: 1, regulatorEfficiency: 1 };
    expect(deliverableEnergy(supply)).toBe(36_000);
    expect(batteryDays(supply, watts(0.029))).toBeCloseTo(14.37, 2);
  });

  it('adds rest power for the time that is left, and refuses a rate the device cannot keep up with', () => {
    // 10 mJ at 2/s = 20 mW; busy 2 x 100 ms = 20 % of the time; 5 mW for the other 80 % = 4 mW.
    const duty = { energyPerInference: joules(0.01), latencySeconds: 0.1, restWatts: watts(0.005) };
    expect(dutyCyclePower({ ...duty, inferencesPerSecond: 2 })).toBeCloseTo(0.024, 12);
    expect(dutyCyclePower({ ...duty, inferencesPerSecond: 11 })).toBe(Number.POSITIVE_INFINITY);
  });
});

describe('scenarios', () => {
  it('say pass exactly where every check passes, and name the check with the smallest margin', () => {
    for (const one of REFERENCE_SCENARIOS) {
      for (const result of assessScenario(study, one)) {
        expect(result.holds).toBe(result.checks.every(({ holds }) => holds));
        expect(result.binding.margin).toBe(Math.min(...result.checks.map(({ margin }) => margin)));
        for (const { margin, holds } of result.checks) expect(holds).toBe(margin >= 1);
        const deadline = result.checks.find(({ constraint }) => constraint === 'deadline, upper end');
        expect(deadline?.actual).toBe(result.cell.estimate.interval.highSeconds);
      }
    }
  });

  it('never call a latency fine that is longer than the deadline beside it', () => {
    const impossible: Scenario = { ...scenario('cloud-api'), deadline: milliseconds(0.01) };
    const results = assessScenario(study, impossible);
    expect(results.length).toBeGreaterThan(0);
    expect(results.some(({ holds }) => holds)).toBe(false);
    expect(recommendFrom(results)).toBeUndefined();
  });

  it('need ceil(load / capacity) devices for a shared load', () => {
    for (const result of assessScenario(study, scenario('video-analytics'))) {
      const capacity = result.cell.estimate.throughputPerSecond;
      expect(result.devicesNeeded).toBe(Math.max(1, Math.ceil(30_000 / capacity)));
      expect(result.sourcesPerDevice).toBe(Math.floor(capacity / 30));
    }
  });

  it('prefer the most accurate, or the fewest devices where the scenario says so', () => {
    const edge = assessScenario(study, scenario('edge-server')).filter(({ holds }) => holds);
    const best = Math.max(...edge.map(({ model }) => model.entry.variant.accuracy?.top1 ?? 0));
    expect(recommendFrom(edge)?.model.entry.variant.accuracy?.top1).toBe(best);
    const video = assessScenario(study, scenario('video-analytics')).filter(({ holds }) => holds);
    expect(recommendFrom(video)?.devicesNeeded).toBe(Math.min(...video.map(({ devicesNeeded }) => devicesNeeded)));
  });

  it('say at which rate a battery would last, from the energies beside it', () => {
    const patient: Scenario = {
      ...scenario('smart-camera'),
      deadline: seconds(1),
      battery: { supply: { capacity: wattHours(10), usableShare: 1, regulatorEfficiency: 1 }, minimumDays: 10 },
    };
    for (const result of assessScenario(study, patient)) {
      const rate = result.sustainableRatePerSecond ?? Number.NaN;
      const { estimate } = result.cell;
      const sleep = result.target.device.power.sleep?.value ?? Number.NaN;
      const power = dutyCyclePower({
        energyPerInference: estimate.energyPerInferenceJoules,
        latencySeconds: estimate.latencySeconds,
        inferencesPerSecond: rate,
        restWatts: watts(sleep),
      });
      expect(36_000 / power / 86_400).toBeCloseTo(10, 6);
    }
  });
});
