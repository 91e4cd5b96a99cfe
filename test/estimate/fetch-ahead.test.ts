/** Weights that a compiler fetches while the kernels before run, by hand. */
import { describe, expect, it } from 'vitest';
import { compileWorkload, type Workload } from '../../src/analysis/workload.ts';
import { type Estimate, estimate } from '../../src/estimate/estimate.ts';
import type { Machine } from '../../src/estimate/machine.ts';
import { findRuntime, type Runtime } from '../../src/estimate/runtime.ts';
import { devices } from '../../src/hardware/index.ts';
import { concat, conv } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput } from '../analysis/graphs.ts';
import { machineOf } from './arbitraries.ts';

/** Convolutions of 3 x 3 one after the other, all of one size. */
const chainOf = (channels: number, size: number, length = 6): Workload =>
  compileWorkload(
    analyzed((g) => {
      let feature = featureInput(g, channels, size);
      for (let i = 0; i < length; i++) feature = conv(g, `c${i}`, feature, channels, { kernel: 3 });
      return [feature.tensor];
    }),
    'placed',
  );

const phone = devices.find(({ id }) => id === 'qualcomm_8gen3') as (typeof devices)[number];
const measured = machineOf(phone, { precision: 'int8', runtime: findRuntime('qnn-2.42') as Runtime });
/** All that moves reaches the bandwidth, whatever a fit says. */
const machine: Machine = {
  ...measured,
  constants: { ...measured.constants, weightEfficiency: 1, offChipEfficiency: 1 },
};
const inOrder: Machine = { ...machine, runtime: { ...machine.runtime, fetchesAhead: false } };
const sum = (column: Float64Array): number => column.reduce((a, b) => a + b, 0);
const kernelsTake = (found: Estimate, own: Machine): number =>
  found.unstretchedSeconds - own.constants.inferenceSeconds;

describe('weights that are fetched ahead', () => {
  // 512 x 512 x 9 weights and 2 x 512 x 7 x 7 activations: 2,409,472 B of the 4,194,304 of half of the memory.
  const workload = chainOf(512, 7);
  const weights = 512 * 512 * 9;
  const share = (8_388_608 / 2 - weights - 2 * 512 * 49) / weights;

  it('are as many as have room beside their kernel in half of the memory on chip', () => {
    const { aheadSeconds, memorySeconds } = estimate(workload, machine).kernelTimes();
    const before = estimate(workload, inOrder).kernelTimes();
    expect(share).toBeCloseTo(0.7565, 4);
    expect([...before.aheadSeconds]).toEqual([0, 0, 0, 0, 0, 0]);
    const rest = before.memorySeconds[2] as number;
    expect(aheadSeconds[2]).toBeCloseTo((share * weights) / machine.offChipBandwidth, 9);
    expect((aheadSeconds[2] as number) + (memorySeconds[2] as number)).toBeCloseTo(rest, 12);
  });

  it('are waited for where all that moves takes longer than all kernels, and for no longer', () => {
    const slow = { ...machine, offChipBandwidth: machine.offChipBandwidth / 4 };
    const found = estimate(workload, slow);
    const times = found.kernelTimes();
    expect(found.bound).toBe('off-chip memory');
    expect(sum(times.lateSeconds)).toBeGreaterThan(0);
    for (let i = 0; i < 6; i++) expect(times.lateSeconds[i]).toBeLessThanOrEqual(times.aheadSeconds[i] as number);
    const moved = found.offChipBytes / slow.offChipBandwidth;
    expect(kernelsTake(found, slow) / moved).toBeGreaterThanOrEqual(1);
    expect(kernelsTake(found, slow) / moved).toBeLessThan(1.01);
    expect(kernelsTake(found, slow)).toBeLessThan(
      kernelsTake(estimate(workload, { ...inOrder, offChipBandwidth: slow.offChipBandwidth }), slow),
    );
  });

  it('cost nothing where kernels compute for longer', () => {
    const fast = { ...machine, offChipBandwidth: machine.offChipBandwidth * 100 };
    const times = estimate(workload, fast).kernelTimes();
    expect(sum(times.aheadSeconds)).toBeGreaterThan(0);
    expect(sum(times.lateSeconds)).toBe(0);
  });

  it('are none where a kernel fills half of the memory, or where the runtime runs layer by layer', () => {
    // 1024 x 1024 x 9 = 9,437,184 B.
    const large = chainOf(1024, 7);
    expect(sum(estimate(large, machine).kernelTimes().aheadSeconds)).toBe(0);
    expect(estimate(large, machine).latencySeconds).toBe(estimate(large, inOrder).latencySeconds);
  });
});

describe('a concatenation', () => {
  const graph = analyzed((g) => {
    const input = featureInput(g, 64, 28);
    const parts = [conv(g, 'left', input, 64, { kernel: 1 }), conv(g, 'right', input, 64, { kernel: 3 })];
    return [conv(g, 'after', concat(g, 'both', parts), 64, { kernel: 1 }).tensor];
  });

  it('is no kernel where a compiler places its parts, and one where tensors stay where they are', () => {
    expect(compileWorkload(graph, 'placed').kernels.map(({ name }) => name)).not.toContain('both');
    expect(compileWorkload(graph, 'epilogue').kernels.map(({ name }) => name)).toContain('both');
    expect(machine.runtime.fusion).toBe('placed');
  });
});
