/** Time and energy by kernel: the parts add up to the estimate that they are parts of. */
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/estimate/estimate.ts';
import { isMachine, resolveMachine } from '../../src/estimate/machine.ts';
import { findRuntime } from '../../src/estimate/runtime.ts';
import type { Budget, BudgetLimit, BudgetTarget } from '../../src/explore/budget.ts';
import { checkBudget } from '../../src/explore/budget-check.ts';
import { kernelCosts } from '../../src/explore/carriers.ts';
import { compileModel } from '../../src/explore/compile.ts';
import { graphModel } from '../../src/explore/graph-model.ts';
import { findDevice } from '../../src/hardware/api.ts';
import { importModel } from '../../src/onnx/import/model.ts';
import { findModel } from '../../src/zoo/api.ts';
import { loopModel, mixedModel } from '../cli/onnx-files.ts';

const machineOf = (id: string) => {
  const device = findDevice(id);
  const runtime = findRuntime(device?.defaultRuntime ?? '');
  const machine = device && runtime && resolveMachine(device, runtime);
  if (machine === undefined || !isMachine(machine)) throw new Error(id);
  return machine;
};
const zoo = (name: string) => {
  const variant = findModel(name)?.variant;
  if (variant === undefined) throw new Error(name);
  return compileModel(variant);
};
const file = (record: Parameters<typeof importModel>[0]) =>
  compileModel(graphModel(importModel(record).graph, { name: 'file', batches: [1, 2] }).variant);
const loop = () => compileModel(graphModel(importModel(loopModel(5)).graph, { name: 'loop' }).variant);

describe.each([
  ['mobilenet_v2 on a CPU', () => zoo('mobilenet_v2'), 'i7', 4],
  ['mobilenet_v3_small on tiles', () => zoo('mobilenet_v3_small'), 'kpu_t2', 1],
  ['vit_b_16 on an engine with a host', () => zoo('vit_b_16'), 'google_edge_tpu', 1],
  ['a network of two precisions', () => file(mixedModel()), 'i7', 2],
  ['a loop', loop, 'i7', 1],
] as const)('kernels of %s', (_, compile, device, batch) => {
  const compiled = compile();
  const machine = machineOf(device);
  const workload = compiled.workload(machine.runtime.fusion);
  const found = estimate(workload, machine, batch);
  const costs = kernelCosts(workload, machine, found);
  const sum = (of: (cost: (typeof costs)[number]) => number): number => costs.reduce((all, cost) => all + of(cost), 0);

  it('add up to the latency, without the constant of an inference', () => {
    const { inferenceSeconds } = found.calibration.constants;
    expect(sum(({ seconds }) => seconds) + inferenceSeconds).toBeCloseTo(found.unstretchedSeconds, 12);
  });

  it('add up to the energy, without static power over that constant', () => {
    const constant = found.unstretchedSeconds - sum(({ seconds }) => seconds);
    const rest = (found.energy.static * constant) / found.unstretchedSeconds;
    expect((sum(({ joules }) => joules) + rest) / found.energy.total).toBeCloseTo(1, 9);
  });
});

describe('the upper end', () => {
  it('has static power for longer, and the same work in the shortest time', () => {
    const machine = machineOf('i7');
    const compiled = zoo('resnet18');
    const { energy, interval } = estimate(compiled.workload(machine.runtime.fusion), machine, 2);
    const on = (at: 'upper' | 'point'): BudgetTarget => ({ device: 'i7', batch: 2, at });
    const limit = (figure: 'energy' | 'power', at: 'upper' | 'point'): BudgetLimit => ({
      ...{ kind: 'device', figure, sense: 'max', value: 1, written: '1', path: [], on: on(at) },
    });
    const budget: Budget = {
      ...{ models: [], dims: {}, inputs: {}, allowUnknown: false },
      limits: [limit('energy', 'upper'), limit('energy', 'point'), limit('power', 'upper'), limit('power', 'point')],
    };
    const model = { name: 'resnet18', compiled, batch: 1, precision: 'fp32', stored: false } as const;
    const hardware = {
      machineOf: () => machine,
      deviceOf: () => ({ device: machine.device, runtime: machine.runtime }),
    };
    const [energyUpper, energyPoint, powerUpper, powerPoint] = checkBudget(budget, model, hardware).map(
      ({ actual }) => actual,
    );
    const watts = machine.device.power.static.value;
    const work = energy.compute + energy.onChipMemory + energy.offChipMemory;
    expect(energyUpper).toBeCloseTo((work + watts * interval.highSeconds) / 2, 9);
    expect(energyPoint).toBeCloseTo(energy.total / 2, 12);
    expect(powerUpper).toBeCloseTo(Math.min(machine.mode.cap.value, watts + work / interval.lowSeconds), 9);
    expect(powerUpper).toBeGreaterThan(powerPoint ?? Number.NaN);
    expect(powerUpper).toBeLessThanOrEqual(machine.mode.cap.value);
  });
});
