/** Networks on a fabric that all their layers share: what they take of it, and what it costs where that is too much. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compileWorkload } from '../../src/analysis/workload.ts';
import { estimate } from '../../src/estimate/estimate.ts';
import type { Machine } from '../../src/estimate/machine.ts';
import { fabricUse } from '../../src/estimate/mixed.ts';
import { compileModel } from '../../src/explore/compile.ts';
import { measurementGroups } from '../../src/explore/measured.ts';
import { readMeasurements } from '../../src/explore/measurement-table.ts';
import { findModel } from '../../src/zoo/api.ts';
import { conv } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput } from '../analysis/graphs.ts';
import { namedMachine } from './arbitraries.ts';

const workloadOf = (name: string) => {
  const found = findModel(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return compileModel(found.variant).workload('epilogue');
};

/** Two 3 x 3 convolutions of 64 channels at 56 x 56, one after the other. */
const PAIR = compileWorkload(
  analyzed((g) => {
    const first = conv(g, 'first', featureInput(g, 64, 56), 64, { kernel: 3 });
    return [conv(g, 'second', first, 64, { kernel: 3 }).tensor];
  }),
  'epilogue',
);

const small = namedMachine('hailo_8l');

describe('what a network takes of the fabric', () => {
  it('is its weights, the rows under its windows and a share of every kernel, by hand', () => {
    const fabric = { capacity: 1e9, perKernel: 1000, windowRows: 5 };
    // Two times 64 x 64 x 9 weights, three rows of 56 x 64 bytes five times, and 1000 bytes.
    const hand = 2 * (36_864 + 5 * 3 * 56 * 64 + 1000);
    expect(fabricUse(PAIR, { ...small, fabric })).toEqual({ takenBytes: hand, capacityBytes: 1e9 });
  });

  it('is nothing where layers run one after the other', () => {
    expect(fabricUse(PAIR, namedMachine('google_edge_tpu', 'edgetpu-compiler'))).toBeUndefined();
    expect(namedMachine('hailo_8', 'onnxruntime-1.30').fabric).toBeUndefined();
  });

  // The maker's own table: one rate at every batch says that nothing was loaded anew.
  const { groups } = measurementGroups(readMeasurements(readFileSync('reference/measurements.csv', 'utf8')).rows);
  const pairs = groups
    .filter(({ device }) => device.fabric !== undefined)
    .flatMap(({ device, rows }) =>
      rows
        .filter(({ batch }) => batch === 1)
        .map((one) => ({
          ...{ device: device.id, model: one.model, one },
          eight: rows.find((row) => row.model === one.model && row.batch === 8),
        })),
    );

  it('is too much for just those networks that were measured to be loaded anew', () => {
    expect(pairs).toHaveLength(30);
    const found = pairs.map(({ device, model, one, eight }) => {
      const { takenBytes, capacityBytes } = fabricUse(one.workload, namedMachine(device)) ?? {};
      const rateGain = (8 * one.latencySeconds) / (eight?.latencySeconds ?? Number.NaN);
      return { device, model, inParts: Number(takenBytes) > Number(capacityBytes), wasReloaded: rateGain > 1.01 };
    });
    expect(found.filter(({ inParts, wasReloaded }) => inParts !== wasReloaded)).toEqual([]);
    expect(found.filter(({ inParts }) => inParts)).toHaveLength(14);
  });
});

describe('a network that does not fit', () => {
  const { reloadSeconds = 0, fillImages = 0 } = small.constants;
  const resnet = workloadOf('resnet34');
  // All but plain copies, of which it has none.
  const layers = resnet.kernels.length;
  const fabricOf = (capacity: number): Machine => ({
    ...small,
    fabric: { capacity, perKernel: 220_000, windowRows: 5 },
    // No weights over the link, which might be waited for.
    residentWeightBytes: 1e9,
  });
  const secondsAt = (capacity: number, batch: number) => estimate(resnet, fabricOf(capacity), batch).unstretchedSeconds;

  it('takes as much longer per batch as it has layers to lay out anew, and a few images more, whatever the batch', () => {
    expect(reloadSeconds).toBeGreaterThan(1e-5);
    expect(layers).toBe(39);
    expect(fillImages).toBe(2.8);
    for (const batch of [1, 8, 64]) {
      const fill = (fillImages / batch) * secondsAt(1e9, batch);
      expect(secondsAt(1e6, batch) - secondsAt(1e9, batch)).toBeCloseTo(layers * reloadSeconds + fill, 9);
    }
  });

  it('is never faster on a smaller fabric', () => {
    const { takenBytes = Number.NaN } = fabricUse(resnet, fabricOf(1)) ?? {};
    const seconds = [1e6, takenBytes - 1, takenBytes, 1e9].map((capacity) => secondsAt(capacity, 1));
    expect(seconds[1]).toBe(seconds[0]);
    expect(seconds[2]).toBe(seconds[3]);
    expect(seconds[2]).toBeLessThan(seconds[1] as number);
  });

  it('is bound by overhead where laying out takes longer than the work', () => {
    const constants = { ...small.constants, reloadSeconds: 0.1, fillImages: 0 };
    const found = estimate(PAIR, { ...fabricOf(1), constants }, 1);
    expect(found.bound).toBe('overhead');
    expect([...found.kernelTimes().reloadSeconds]).toEqual([0.1, 0.1]);
    expect(found.latencySeconds).toBeGreaterThan(0.2);
  });

  it('has what it costs in the reach of its calibration: ten layers more are no free lunch', () => {
    // Measured on a Hailo-8L: ResNet-18 at 915 images a second in one part, ResNet-34 at 134 and 400 in several.
    const rate = (name: string, batch: number) => estimate(workloadOf(name), small, batch).throughputPerSecond;
    expect(rate('resnet18', 1) / rate('resnet18', 8)).toBeCloseTo(1, 2);
    expect(rate('resnet34', 8) / rate('resnet34', 1)).toBeGreaterThan(2);
  });
});
