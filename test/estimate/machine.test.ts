import { describe, expect, it } from 'vitest';
import { FUSION_RULES } from '../../src/analysis/fusion.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import { CLASS_RECORDS } from '../../src/estimate/calibration-records.ts';
import { CALIBRATIONS, classRecord, STARTS, selectCalibration } from '../../src/estimate/calibrations.ts';
import { estimate, roofSeconds } from '../../src/estimate/estimate.ts';
import { FREE_CONSTANTS } from '../../src/estimate/free-constants.ts';
import { isMachine, resolveMachine, unitCount } from '../../src/estimate/machine.ts';
import { findRuntime, fusionIn, RUNTIMES, type Runtime } from '../../src/estimate/runtime.ts';
import { devices } from '../../src/hardware/index.ts';
import type { Precision } from '../../src/ir/dtype.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { conv, flatten, linear } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput, zooModel } from '../analysis/graphs.ts';
import { machineOf, rescale, UNCHANGED } from './arbitraries.ts';

const deviceOf = (id: string) => devices.find((device) => device.id === id) as (typeof devices)[number];
const runtime = RUNTIMES[0] as (typeof RUNTIMES)[number];

describe('resolveMachine', () => {
  it('takes the precision, the mode and the runtime of the device unless others are asked for', () => {
    expect(machineOf(deviceOf('kpu_t100'))).toMatchObject({
      precision: 'int8',
      matrixPeak: 100e12,
      elementBytes: 1,
      mode: { name: '24W' },
      runtime: { id: 'kpu-static' },
      units: 64,
    });
    expect(machineOf(deviceOf('kpu_t100'), { precision: 'bf16', mode: '6W' })).toMatchObject({
      matrixPeak: 50e12,
      elementBytes: 2,
      mode: { cap: { value: 6 } },
    });
  });

  it('has the vector peak of 16 bits under a runtime that computes in them, and only there', () => {
    const peak = (id: string, runtimeId: string, precision: Precision) =>
      machineOf(deviceOf(id), { precision, runtime: findRuntime(runtimeId) as Runtime }).vectorPeak;
    expect(peak('nvidia_a100_sxm_80', 'tensorrt-8.6', 'fp16')).toBe(78e12);
    expect(peak('nvidia_a100_sxm_80', 'tensorrt-8.6', 'int8')).toBe(78e12);
    expect(peak('nvidia_a100_sxm_80', 'tensorrt-8.6', 'tf32')).toBe(19.5e12);
    expect(peak('nvidia_a100_sxm_80', 'pytorch-2.4-eager', 'fp16')).toBe(19.5e12);
    expect(peak('nvidia_rtx4090', 'tensorrt-8.6', 'fp16')).toBe(82.6e12);
  });

  it('refuses a precision that the device does not have, with those that it has', () => {
    const refused = resolveMachine(deviceOf('intel_i7_12700h'), runtime, { precision: 'fp16' });
    expect(isMachine(refused)).toBe(false);
    expect(refused).toMatchObject({ code: 'unsupported-precision', message: expect.stringContaining('fp32, int8') });
  });

  it('refuses a power mode that the device does not have, with those that it has', () => {
    const refused = resolveMachine(deviceOf('kpu_t100'), runtime, { mode: '7W' });
    expect(refused).toMatchObject({ code: 'unknown-mode', message: expect.stringContaining('24W, 12W, 6W') });
  });

  // GAP src/estimate/machine.ts: a described device whose mode is capped at or below its static power passes, and its
  // average power is then above the cap (law 2). It should be refused when the machine is resolved.
  it('refuses a cap that static power alone exceeds', () => {
    const device = deviceOf('kpu_t100');
    const modes = device.power.modes.map((mode) => ({ ...mode, cap: { ...mode.cap, value: 2 } }));
    const impossible = { ...device, power: { ...device.power, modes } } as unknown as typeof device;
    expect(isMachine(resolveMachine(impossible, runtime))).toBe(false);
  });

  it('counts units as the geometry names them', () => {
    expect(devices.map(({ id, geometry }) => [id, unitCount(geometry)])).toEqual(
      expect.arrayContaining([
        ['intel_i7_12700h', 14],
        ['amd_r7_7840u', 8],
        ['nvidia_h100_pcie', 114],
        ['google_tpu_v4', 8],
        ['kpu_t2', 4],
        ['kpu_t100', 64],
      ]),
    );
  });
});

describe('runtimes', () => {
  it('are found by their ids, which are their own', () => {
    const ids = RUNTIMES.map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const id of ids) expect(findRuntime(id)?.id).toBe(id);
    expect(findRuntime('caffe')).toBeUndefined();
  });

  it('have fusion rules that exist, and every rule has a runtime', () => {
    const used = RUNTIMES.flatMap((runtime) =>
      (['fp32', 'fp16'] as const).flatMap((precision) => [
        fusionIn(runtime, precision),
        fusionIn(runtime, precision, 'nhwc'),
      ]),
    );
    expect(new Set(used)).toEqual(new Set(Object.keys(FUSION_RULES)));
  });

  it('include the default of every device', () => {
    for (const { defaultRuntime } of devices) expect(findRuntime(defaultRuntime)?.id).toBe(defaultRuntime);
  });
});

describe('calibrations', () => {
  const all = [...CALIBRATIONS, ...CLASS_RECORDS, ...Object.values(STARTS)];

  it('hold constants inside what physics allows, and a source', () => {
    for (const { id, constants, interval, largestShares, source } of all) {
      const outside = FREE_CONSTANTS.filter(({ name, limits: [low, high] }) => {
        const value = constants[name];
        return value !== undefined && value !== 0 && !(value >= low * (1 - 1e-4) && value <= high * (1 + 1e-4));
      }).map(({ name }) => name);
      // A start of two devices on paper launches faster than any limit of a fit.
      expect([id, outside]).toEqual([id, []]);
      expect([1, 2, 4, 8]).toContain(constants.overlapExponent);
      expect(constants.offChipEfficiency > 0 && constants.offChipEfficiency <= 1).toBe(true);
      expect(interval.low > 0 && interval.low <= 1 && interval.high >= 1).toBe(true);
      expect(source).not.toBe('');
      for (const share of Object.values(largestShares ?? {})) expect(share > 0 && share <= 1).toBe(true);
    }
  });

  const choose = (device: string, software: string, precision: string, layout = '') =>
    selectCalibration({
      ...{ architecture: 'simd-cpu', device, precision, layout },
      runtime: findRuntime(software) as Runtime,
    });

  it('are those of the device, the framework and the precision that were measured; otherwise those of the class', () => {
    expect(choose('intel_i7_12700h', 'pytorch-2.4-inductor', 'fp32').kind).toBe('calibrated');
    expect(choose('amd_r7_7840u', 'pytorch-2.4-inductor', 'fp32')).toBe(classRecord('simd-cpu', 'compiled'));
    expect(choose('intel_i7_12700h', 'onnxruntime-1.30', 'fp32').kind).toBe('prior');
    expect(choose('intel_i7_12700h', 'pytorch-2.4-inductor', 'int8').kind).toBe('prior');
  });

  it('are of the nearest version where the one asked for was not measured', () => {
    expect(choose('intel_i7_12700h', 'pytorch-2.9-inductor', 'fp32').runtime).toBe('pytorch-2.4-inductor');
    expect(choose('rpi4', 'tflite-2.6', 'fp32').runtime).toBe('tflite-2.7');
    expect(choose('rpi4', 'tflite-1.14', 'fp32').runtime).toBe('tflite-1.15');
  });

  it('are of the layout asked for, before any version', () => {
    const layoutOf = (layout: string) => {
      const runtime = findRuntime('pytorch-2.4-eager') as Runtime;
      return selectCalibration({
        ...{ architecture: 'simt-gpu', device: 'nvidia_rtx4090', precision: 'fp16', layout, runtime },
      }).layout;
    };
    expect([layoutOf('nchw'), layoutOf('nhwc')]).toEqual(['nchw', 'nhwc']);
  });

  it('of a class are those of the same software where it was measured on other devices, to the version where that was', () => {
    const chosen = (device: string, software: string, precision: string) =>
      selectCalibration({
        ...{ architecture: 'simt-gpu', device, precision },
        runtime: findRuntime(software) as Runtime,
      }).id;
    expect(chosen('nvidia_l4', 'tensorrt-8.6', 'int8')).toBe('class-simt-gpu-engine/tensorrt-8.6/int8');
    // No device was measured under this version, and none under any in this type.
    expect(chosen('nvidia_l4', 'tensorrt-9.0', 'int8')).toBe('class-simt-gpu-engine/tensorrt/int8');
    expect(chosen('nvidia_l4', 'tensorrt-9.0', 'bf16')).toBe('class-simt-gpu-engine');
    expect(classRecord('simt-gpu', 'engine').id).toBe('class-simt-gpu-engine');
  });

  it('of a class name the architecture that they are for', () => {
    for (const [architecture, start] of Object.entries(STARTS)) {
      expect(start).toMatchObject({ kind: 'prior', architecture });
      // What nobody measured is less certain than what somebody did.
      expect(start.interval.high).toBeGreaterThan(1.5);
    }
  });

  it('at the batches that were measured are more certain than at others', () => {
    const machine = machineOf(deviceOf('intel_i7_12700h'));
    const workload = compileWorkload(zooModel('resnet18'), machine.runtime.fusion);
    const widthAt = (batch: number) => {
      const { interval } = estimate(workload, machine, batch);
      return { width: interval.highSeconds / interval.lowSeconds, widened: interval.widened };
    };
    expect(machine.calibration.batches).toEqual([1, 1]);
    expect(widthAt(1).widened).toEqual([]);
    expect(widthAt(2).widened).toEqual(['other-batch']);
    expect(widthAt(2).width).toBeGreaterThan(widthAt(1).width * 1.05);
  });

  it('know less of kinds of kernels that took little of the time of their rows', () => {
    // The networks that were measured on it are convolutional.
    const machine = machineOf(deviceOf('rpi4'));
    expect(machine.calibration.largestShares).not.toHaveProperty('attention');
    const of = (name: string) => estimate(compileWorkload(zooModel(name), machine.runtime.fusion), machine, 1).interval;
    expect(of('mobilenet_v2').widened).toEqual([]);
    const { widened, lowSeconds, highSeconds } = of('vit_b_16');
    expect(widened).toEqual(['rare-kernels']);
    // Most of its time goes to products of matrices and to attention: no better known than on a CPU that nobody measured.
    const { low, high } = classRecord('simd-cpu', 'mobile').interval;
    expect(highSeconds / lowSeconds).toBeCloseTo(high / low, 6);
  });

  it('know less of depthwise windows larger than any that were measured', () => {
    const machine = machineOf(deviceOf('intel_i7_12700h'));
    const graph = analyzed((g) => [conv(g, 'c', featureInput(g, 64, 32), 64, { kernel: 13, groups: 64 }).tensor]);
    const { interval } = estimate(compileWorkload(graph, machine.runtime.fusion), machine, 1);
    expect(machine.calibration.largestWindow).toBeLessThan(13 * 13);
    expect(interval.widened).toEqual(['large-depthwise']);
  });
});

describe('estimate', () => {
  it('of a network with an unknown operator is partial: a lower bound', () => {
    const graph = analyzed((g) => [g.node('Warp', 'warp', [conv(g, 'conv', featureInput(g, 4, 8), 4).tensor])]);
    for (const device of devices) {
      const machine = machineOf(device);
      expect(estimate(compileWorkload(graph, machine.runtime.fusion), machine).coverage).toBe('partial');
    }
  });

  it('stretches time on a machine whose memory costs more power than its cap allows', () => {
    // 4096 x 4096 weights of one byte at 40 pJ: 0.671 mJ, which takes 0.84 ms at 0.9 W less 0.1 W of static power; the
    // memory alone would need 0.12 ms, the tiles 0.29 ms.
    const machine = machineOf(deviceOf('kpu_t2'));
    const graph = analyzed((g) => [
      linear(g, 'fc', { tensor: g.input('x', [BATCH, 4096]), channels: 4096 }, 4096).tensor,
    ]);
    const workload = compileWorkload(graph, machine.runtime.fusion);
    const result = estimate(workload, machine);
    expect(result.bound).toBe('power');
    expect(result.averagePowerWatts).toBeCloseTo(0.9, 9);
    expect(result.latencySeconds).toBeGreaterThan(0.84e-3);
    expect(result.timeByBound.power).toBeGreaterThan(0.5);
    const free = rescale(machine, { ...UNCHANGED, powerHeadroom: 100 });
    expect(estimate(workload, free).latencySeconds).toBeCloseTo(result.unstretchedSeconds, 12);
  });

  it('is not below the bandwidth roof when the input passes a view first', () => {
    const slowMemory = rescale(machineOf(deviceOf('kpu_t2')), {
      ...UNCHANGED,
      offChipBandwidth: 0.05,
      powerHeadroom: 100,
    });
    const graph = analyzed((g) => {
      const flat = flatten(g, 'flat', featureInput(g, 3, 96));
      return [linear(g, 'fc', { ...flat, channels: 3 * 96 * 96 }, 1).tensor];
    });
    const big = { ...slowMemory, onChipCapacity: 1e9 };
    const workload = compileWorkload(graph, 'epilogue');
    expect(estimate(workload, big, 64).latencySeconds).toBeGreaterThanOrEqual(roofSeconds(workload, big, 64));
  });
});
