/** The laws of the conventions, as properties over random networks, batches and machines. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Kernel } from '../../src/analysis/kernel.ts';
import { trafficKind } from '../../src/analysis/kernel-kinds.ts';
import { trafficBytes } from '../../src/analysis/memory.ts';
import { estimate, roofSeconds } from '../../src/estimate/estimate.ts';
import { BOUNDS, dispatchSecondsOf } from '../../src/estimate/roofs.ts';
import { countAt } from '../../src/units/count.ts';
import { anyCase, type Case, type DeviceScales, describedCase, rescale, UNCHANGED } from './arbitraries.ts';

/** Sums of some hundred doubles; one part in 10^9 is far above their rounding and far below any effect. */
const ROUNDING = 1e-9;
const RUNS = { numRuns: 250 };

const holds = (arbitrary: fc.Arbitrary<Case>, law: (example: Case) => void): void =>
  fc.assert(
    fc.property(arbitrary, (example) => {
      law(example);
    }),
    RUNS,
  );

const estimateOf = ({ workload, machine, batch }: Case) => estimate(workload, machine, batch);

/** What a change of layout reads and writes once more: images that come channels first, as often as the constants say. */
const convertedBytes = (kernel: Kernel, { machine, batch }: Case): number => {
  if (!machine.convertsLayout || kernel.channelsFirst !== true || trafficKind(kernel) !== 'convolution') return 0;
  const images = countAt(kernel.readElements, batch) + countAt(kernel.writeElements, batch);
  return (machine.constants.conversionPasses ?? 0) * images * machine.elementBytes;
};

const expectAtMost = (value: number, limit: number): void => expect(value).toBeLessThanOrEqual(limit * (1 + ROUNDING));
const expectEqual = (value: number, other: number): void =>
  expect(Math.abs(value - other)).toBeLessThanOrEqual(ROUNDING * Math.max(Math.abs(value), Math.abs(other)));

describe('law 1: no latency below the roofs', () => {
  it('work over dense peak, compulsory bytes over bandwidth', () => {
    holds(anyCase, (example) => {
      const { workload, machine, batch } = example;
      const { latencySeconds, macs } = estimateOf(example);
      expectAtMost(roofSeconds(workload, machine, batch), latencySeconds);
      // The same, not trusting roofSeconds: weights that no memory on chip keeps, inputs and outputs have to pass once.
      const weights = workload.kernels.reduce((sum, kernel) => sum + kernel.weightElements, 0);
      const ends = (workload.inputElements.perItem + workload.outputElements.perItem) * batch;
      const moved =
        Math.max(0, weights * machine.elementBytes - machine.residentWeightBytes) + ends * machine.elementBytes;
      expectAtMost(moved / machine.offChipBandwidth, latencySeconds);
      expectAtMost((2 * macs) / Math.max(machine.matrixPeak, machine.vectorPeak), latencySeconds);
    });
  });

  it('so neither peak nor bandwidth is used for more than all of it', () => {
    holds(describedCase, (example) => {
      const { utilization, bandwidthUtilization } = estimateOf(example);
      expectAtMost(utilization, 1);
      expectAtMost(bandwidthUtilization, 1);
      expect(utilization).toBeGreaterThanOrEqual(0);
      expect(bandwidthUtilization).toBeGreaterThan(0);
    });
  });

  it('no more passes off chip than the kernels read and write', () => {
    holds(anyCase, (example) => {
      const { workload, machine, batch } = example;
      const { offChipBytes, onChipBytes } = estimateOf(example);
      const traffic = trafficBytes(workload, batch, machine.precision);
      const converted = workload.kernels.map((kernel) => convertedBytes(kernel, example) * kernel.launches);
      expectEqual(
        onChipBytes,
        converted.reduce((a, b) => a + b, traffic),
      );
      expectAtMost(offChipBytes, onChipBytes);
    });
  });
});

describe('law 2: no average power above the cap', () => {
  it('of the mode in use', () => {
    holds(anyCase, (example) => {
      const { averagePowerWatts, energy, latencySeconds } = estimateOf(example);
      expectAtMost(averagePowerWatts, example.machine.mode.cap.value);
      expectEqual(averagePowerWatts, energy.total / latencySeconds);
      expect(averagePowerWatts).toBeGreaterThan(example.machine.staticWatts);
    });
  });

  it('and where the cap stretches the latency, power is exactly at the cap', () => {
    // A twentieth of the room that they leave: most modes hold their whole peak.
    const tight = anyCase.map((example) => ({
      ...example,
      machine: rescale(example.machine, { ...UNCHANGED, powerHeadroom: 0.05 }),
    }));
    let stretched = 0;
    holds(fc.oneof(anyCase, tight), (example) => {
      const { bound, averagePowerWatts, latencySeconds, unstretchedSeconds, timeByBound } = estimateOf(example);
      expect(bound === 'power').toBe(latencySeconds > unstretchedSeconds);
      expect(timeByBound.power > 0).toBe(bound === 'power');
      if (bound !== 'power') return;
      stretched++;
      expectEqual(averagePowerWatts, example.machine.mode.cap.value);
    });
    expect(stretched).toBeGreaterThan(5);
  });
});

describe('law 3: throughput x latency = batch', () => {
  it('with one batch at a time', () => {
    holds(anyCase, (example) => {
      const { throughputPerSecond, latencySeconds } = estimateOf(example);
      expectEqual(throughputPerSecond * latencySeconds, example.batch);
    });
  });
});

describe('law 4: the parts add up to the whole', () => {
  it('energy terms', () => {
    holds(anyCase, (example) => {
      const { energy, energyPerInferenceJoules, latencySeconds } = estimateOf(example);
      const { total, ...terms } = energy;
      expectEqual(
        Object.values(terms).reduce((a, b) => a + b, 0),
        total,
      );
      expectEqual(energyPerInferenceJoules * example.batch, total);
      expectEqual(energy.static, example.machine.staticWatts * latencySeconds);
      for (const term of Object.values(terms)) expect(term).toBeGreaterThanOrEqual(0);
    });
  });

  it('time by bound', () => {
    holds(anyCase, (example) => {
      const { timeByBound } = estimateOf(example);
      expect(Object.keys(timeByBound)).toEqual([...BOUNDS]);
      expectEqual(
        Object.values(timeByBound).reduce((a, b) => a + b, 0),
        1,
      );
      for (const share of Object.values(timeByBound)) expect(share).toBeGreaterThanOrEqual(0);
    });
  });

  it('kernels and the constant of the inference', () => {
    holds(anyCase, (example) => {
      const result = estimateOf(example);
      const { unstretchedSeconds, offChipBytes, onChipBytes } = result;
      const kernels = result.kernelTimes();
      const sum = (column: Float64Array) => column.reduce((a, b) => a + b, 0);
      expectEqual(sum(kernels.totalSeconds) + example.machine.constants.inferenceSeconds, unstretchedSeconds);
      expectEqual(sum(kernels.offChipBytes), offChipBytes);
      expectEqual(sum(kernels.onChipBytes), onChipBytes);
    });
  });

  it('every kernel takes at least its compute time, its memory time and its launch', () => {
    holds(anyCase, (example) => {
      const kernels = estimateOf(example).kernelTimes();
      const { kernelSeconds } = example.machine.constants;
      kernels.totalSeconds.forEach((total, row) => {
        const compute = kernels.computeSeconds[row] as number;
        const memory = kernels.memorySeconds[row] as number;
        const conversion = kernels.conversionSeconds[row] as number;
        const wait = kernels.waitSeconds[row] as number;
        const late = kernels.lateSeconds[row] as number;
        const fixed = kernelSeconds + (kernels.reloadSeconds[row] as number) + wait + late;
        expectAtMost(Math.max(compute, memory) + conversion + fixed, total);
        expectAtMost(total, compute + memory + conversion + fixed);
        // A device that waits for its host waits no longer than that takes.
        expectAtMost(wait, dispatchSecondsOf(example.machine));
        // And for weights no longer than they take.
        expectAtMost(late, kernels.aheadSeconds[row] as number);
      });
    });
  });
});

describe('law 5: more machine is never slower', () => {
  it.each(Object.keys(UNCHANGED) as (keyof DeviceScales)[])('%s', (figure) => {
    let faster = 0;
    fc.assert(
      fc.property(anyCase, fc.double({ min: 1.05, max: 5, noNaN: true }), ({ workload, machine, batch }, factor) => {
        const before = estimate(workload, machine, batch);
        const after = estimate(workload, rescale(machine, { ...UNCHANGED, [figure]: factor }), batch);
        expectAtMost(after.latencySeconds, before.latencySeconds);
        if (after.latencySeconds < before.latencySeconds * (1 - 1e-6)) faster++;
      }),
      RUNS,
    );
    // Each figure matters somewhere; one that never did would be a figure that the model ignores.
    expect(faster).toBeGreaterThan(0);
  });
});

describe('law 6: the same question has the same answer', () => {
  it('estimates do not depend on what was estimated before', () => {
    holds(anyCase, (example) => {
      const figures = () => {
        const { kernelTimes, ...rest } = estimateOf(example);
        return { ...rest, kernels: kernelTimes() };
      };
      const first = figures();
      estimate(example.workload, example.machine, example.batch + 1);
      expect(figures()).toEqual(first);
    });
  });

  it('an estimate says under which conditions it holds', () => {
    holds(describedCase, (example) => {
      const { machine, batch } = example;
      expect(estimateOf(example)).toMatchObject({
        device: machine.device.id,
        runtime: machine.runtime.id,
        precision: machine.precision,
        powerMode: machine.mode.name,
        batch,
        coverage: 'complete',
        calibration: machine.calibration,
      });
    });
  });
});

describe('intervals', () => {
  it('hold the latency and do not reach below the roofs', () => {
    holds(anyCase, (example) => {
      const { workload, machine, batch } = example;
      const { interval, latencySeconds } = estimateOf(example);
      expectAtMost(interval.lowSeconds, latencySeconds);
      expectAtMost(latencySeconds, interval.highSeconds);
      expectAtMost(roofSeconds(workload, machine, batch), interval.lowSeconds);
      expect(interval.highSeconds).toBeGreaterThan(interval.lowSeconds);
      expect(interval.level).toBe(0.8);
    });
  });
});

describe('a larger batch', () => {
  it('takes no less time, energy or traffic', () => {
    fc.assert(
      fc.property(anyCase, fc.integer({ min: 1, max: 32 }), ({ workload, machine, batch }, more) => {
        const small = estimate(workload, machine, batch);
        const large = estimate(workload, machine, batch + more);
        expectAtMost(small.latencySeconds, large.latencySeconds);
        expectAtMost(small.energy.total, large.energy.total);
        expectAtMost(small.offChipBytes, large.offChipBytes);
        expect(large.macs * batch).toBe(small.macs * (batch + more));
      }),
      RUNS,
    );
  });

  it('costs no more than running the smaller one twice', () => {
    fc.assert(
      fc.property(anyCase, ({ workload, machine, batch }) => {
        // Spilled activations are what is above the capacity: twice the batch can spill more than twice as much.
        const roomy = rescale(machine, { ...UNCHANGED, onChipCapacity: 1e6 });
        const once = estimate(workload, roomy, batch);
        expectAtMost(estimate(workload, roomy, 2 * batch).latencySeconds, 2 * once.latencySeconds);
      }),
      RUNS,
    );
  });
});

describe('tiles', () => {
  it('never keep more units busy than there are, and count working sets in units of memory', () => {
    holds(anyCase, (example) => {
      const result = estimateOf(example);
      const { tiles } = result;
      const kernels = result.kernelTimes();
      const { machine } = example;
      expect(tiles.available).toBe(machine.units);
      expectAtMost(tiles.meanBusy, machine.units);
      expect(tiles.kernels).toBe(kernels.length);
      expect(tiles.resident).toBeLessThanOrEqual(tiles.kernels);
      // Layouts are changed by kernels of their own, whose copies are no part of the working set.
      const units = example.workload.kernels.map((kernel, row) => {
        const size = (kernels.onChipBytes[row] as number) - convertedBytes(kernel, example);
        return Math.ceil(size / machine.unitBytes - ROUNDING);
      });
      expect(tiles.largest).toBe(Math.max(...units));
      for (const busy of kernels.busyUnits) expect(busy >= 1 && busy <= machine.units).toBe(true);
    });
  });
});
