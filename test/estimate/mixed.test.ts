/** Quantized models: each kernel at the precision that its tensors fix. */
import { describe, expect, it } from 'vitest';
import { trafficBytes } from '../../src/analysis/memory.ts';
import { compileWorkload, type Workload } from '../../src/analysis/workload.ts';
import { estimate, roofSeconds } from '../../src/estimate/estimate.ts';
import { roundsOf } from '../../src/estimate/machine.ts';
import { devices } from '../../src/hardware/index.ts';
import type { GraphBuilder, TensorName } from '../../src/ir/builder.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { analyzed } from '../analysis/graphs.ts';
import { machineOf } from './arbitraries.ts';

const deviceOf = (id: string) => devices.find((device) => device.id === id) as (typeof devices)[number];

const scale = (g: GraphBuilder, name: string) => g.constant(name, 1, 'fp32');
const pair = (g: GraphBuilder, name: string, x: TensorName): TensorName => {
  const narrow = g.node('QuantizeLinear', `${name}.q`, [x, scale(g, `${name}.qs`)]);
  return g.node('DequantizeLinear', `${name}.dq`, [narrow, scale(g, `${name}.s`)]);
};

const CHANNELS = 512;

/** Two convolutions, the first one quantized or not, the second one never. */
const model = (quantized: boolean, channels = CHANNELS): Workload => {
  const graph = analyzed((g) => {
    const x = g.input('x', [BATCH, channels, 32, 32]);
    const shape = [channels, channels, 3, 3];
    const around = { attributes: { pads: [1, 1, 1, 1] } };
    const convolve = (name: string, input: TensorName, weight: TensorName) =>
      g.node('Conv', name, [input, weight], around);
    const stored = g.weight('w', shape, quantized ? 'int8' : 'fp32');
    if (!quantized) return [convolve('second', convolve('first', x, stored), g.weight('v', shape))];
    const wide = g.node('DequantizeLinear', 'w.dq', [stored, scale(g, 'w.s')]);
    const first = pair(g, 'y', convolve('first', pair(g, 'x', x), wide));
    return [convolve('second', first, g.weight('v', shape))];
  });
  return compileWorkload(graph, 'epilogue');
};

describe('a model of which a part is quantized', () => {
  const cpu = machineOf(deviceOf('intel_i7_12700h'), { precision: 'fp32' });
  const plain = model(false);
  const mixed = model(true);

  it('knows which kernels fix a precision', () => {
    expect(plain.parts).toEqual([]);
    expect(mixed.kernels.map(({ name, precision }) => [name, precision])).toEqual([
      ['x.q', undefined],
      ['first', 'int8'],
      ['second', undefined],
    ]);
    expect(mixed.parts.map(({ precision, rows }) => [precision, rows])).toEqual([
      [undefined, [0, 2]],
      ['int8', [1]],
    ]);
  });

  it('runs the first convolution at the int8 peak and the second as asked', () => {
    const times = estimate(mixed, cpu).kernelTimes().computeSeconds;
    const whole = estimate(plain, cpu).kernelTimes().computeSeconds;
    const narrow = estimate(plain, machineOf(deviceOf('intel_i7_12700h'), { precision: 'int8' })).kernelTimes();
    // Beside the products it widens its result, which another kernel reads as fp32.
    expect(times[1]).toBeCloseTo(narrow.computeSeconds[0] as number, 4);
    expect(times[2]).toBe(whole[1]);
    expect(times[1]).toBeLessThan(whole[0] as number);
  });

  it('adds up, and stays above the roofs', () => {
    for (const { id } of devices) {
      const machine = machineOf(deviceOf(id));
      for (const batch of [1, 8]) {
        const result = estimate(mixed, machine, batch);
        const total = result.kernelTimes().totalSeconds.reduce((sum, value) => sum + value, 0);
        const inference = total + machine.constants.inferenceSeconds;
        expect(inference * roundsOf(machine, batch)).toBeCloseTo(result.unstretchedSeconds, 12);
        expect(roofSeconds(mixed, machine, batch)).toBeLessThanOrEqual(result.latencySeconds);
        expect(result.utilization).toBeLessThanOrEqual(1);
        const { compute, onChipMemory, offChipMemory, static: idle, total: energy } = result.energy;
        expect(compute + onChipMemory + offChipMemory + idle).toBeCloseTo(energy, 12);
      }
    }
  });

  it('moves int8 tensors as bytes', () => {
    // 512 x 32 x 32 = 524,288 elements, 2,359,296 weights.
    const [wide, narrow, weights] = [4 * 524_288, 524_288, 2_359_296];
    // Quantizing runs as asked, so both its sides are counted at four bytes.
    expect(trafficBytes(mixed, 1, 'fp32')).toBe(2 * wide + (narrow + weights + wide) + (2 * wide + 4 * weights));
  });

  describe('on a device that keeps weights on chip', () => {
    // 768 x 768 x 9 = 5,308,416 bytes each: either fits 8 MiB, both are 2,228,224 bytes more than that.
    const wide = model(true, 768);
    const edge = machineOf(deviceOf('google_edge_tpu'));

    it('both parts share the memory: only what does not fit beside the other moves', () => {
      const moved = (residentWeightBytes: number) => estimate(wide, { ...edge, residentWeightBytes }).offChipBytes;
      expect(edge.residentWeightBytes).toBe(8_388_608);
      expect(moved(0) - moved(8_388_608)).toBeCloseTo(8_388_608, 3);
      expect(moved(0) - moved(2 * 5_308_416)).toBeCloseTo(2 * 5_308_416, 3);
      expect(moved(2 * 8_388_608)).toBe(moved(2 * 5_308_416));
    });

    it('and no latency is below the roof of what moves', () => {
      for (const offChipBandwidth of [1e6, edge.offChipBandwidth]) {
        const slow = { ...edge, offChipBandwidth };
        const result = estimate(wide, slow);
        expect(roofSeconds(wide, slow, 1)).toBeGreaterThanOrEqual(2_228_224 / offChipBandwidth);
        expect(result.latencySeconds).toBeGreaterThanOrEqual(roofSeconds(wide, slow, 1));
        expect(result.bandwidthUtilization).toBeLessThanOrEqual(1);
        const total = result.kernelTimes().totalSeconds.reduce((sum, value) => sum + value, 0);
        expect((total + slow.constants.inferenceSeconds) / result.unstretchedSeconds).toBeCloseTo(1, 9);
      }
    });
  });

  it('where a device has no int8 arithmetic, the kernels run as asked', () => {
    const without = devices.find(({ matrixPeaks }) => matrixPeaks.int8 === undefined);
    if (without === undefined) return;
    const machine = machineOf(without);
    const times = estimate(mixed, machine).kernelTimes().computeSeconds;
    expect(times[1]).toBeCloseTo(times[2] as number, 4);
  });
});

it('4-bit weights are read as half bytes whatever the arithmetic runs in', () => {
  const graph = analyzed((g) => {
    const x = g.input('x', [BATCH, 4096], 'fp16');
    const scales = g.weight('scales', [4096], 'fp16');
    const wide = g.node('DequantizeLinear', 'dq', [g.weight('w', [4096, 4096], 'int4'), scales]);
    return [g.node('MatMul', 'matmul', [x, wide])];
  });
  const workload = compileWorkload(graph, 'epilogue');
  expect(workload.parts).toEqual([]);
  expect(workload.narrowWeightBytes).toBe(8_388_608);
  const machine = machineOf(deviceOf('nvidia_h100_pcie'), { precision: 'fp16' });
  // Weights, and one row in and out at two bytes.
  expect(estimate(workload, machine).offChipBytes).toBe(8_388_608 + 2 * 2 * 4096);
});
