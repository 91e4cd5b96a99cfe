/** Random networks, machines and changes to machines for the laws. */
import fc from 'fast-check';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { compileWorkload, type Workload } from '../../src/analysis/workload.ts';
import { isMachine, type Machine, type MachineOptions, resolveMachine } from '../../src/estimate/machine.ts';
import { findRuntime, RUNTIMES, type Runtime } from '../../src/estimate/runtime.ts';
import type { Device, Figure, PeakRates } from '../../src/hardware/device.ts';
import { devices } from '../../src/hardware/index.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import { isPrecision } from '../../src/ir/dtype.ts';
import type { Graph } from '../../src/ir/graph.ts';
import {
  activate,
  add,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  imageInput,
  linear,
} from '../../src/zoo/blocks/conv.ts';
import { fusedInvertedResidual, invertedResidual, squeezeExcite } from '../../src/zoo/blocks/inverted-residual.ts';

const ACTIVATIONS = ['relu', 'relu6', 'silu', 'hard-swish'] as const;
const channels = fc.integer({ min: 1, max: 300 });
const kernel = fc.constantFrom(1, 3, 5);
const stride = fc.constantFrom(1, 1, 2);
const activation = fc.constantFrom(...ACTIVATIONS);

/** Some number above 1 that divides the channels, for grouped convolution; all of them where they are prime. */
const groupsOf = (count: number): number => [2, 3, 4, 5, 7].find((divisor) => count % divisor === 0) ?? count;

const block = fc.oneof(
  fc.record({ kind: fc.constant('conv'), channels, kernel, stride, activation }),
  fc.record({ kind: fc.constant('depthwise'), kernel, stride, activation }),
  fc.record({ kind: fc.constant('grouped'), kernel, activation }),
  fc.record({ kind: fc.constant('residual'), kernel, activation }),
  fc.record({ kind: fc.constant('squeeze'), squeezeChannels: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant('inverted'),
    expansion: fc.integer({ min: 1, max: 4 }),
    channels: fc.option(channels, { nil: undefined }),
    kernel,
    stride,
    activation,
    squeeze: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('fused'), expansion: fc.integer({ min: 1, max: 3 }), channels, stride, activation }),
);

type Block = typeof block extends fc.Arbitrary<infer Value> ? Value : never;

const appendBlock = (g: GraphBuilder, x: Feature, name: string, step: Block): Feature => {
  switch (step.kind) {
    case 'conv':
      return convNorm(g, name, x, step.channels, step);
    case 'depthwise':
      return convNorm(g, name, x, x.channels, { ...step, groups: x.channels });
    case 'grouped': {
      const groups = groupsOf(x.channels);
      return convNorm(g, name, x, 2 * groups, { ...step, groups });
    }
    case 'residual': {
      const sum = add(g, `${name}.add`, convNorm(g, name, x, x.channels, step), x);
      return activate(g, `${name}.out`, sum, step.activation);
    }
    case 'squeeze':
      return g.scope(name, () =>
        squeezeExcite(g, x, { squeezeChannels: step.squeezeChannels, activation: 'relu', gate: 'sigmoid' }),
      );
    case 'inverted': {
      const squeeze = {
        squeezeChannels: Math.ceil(x.channels / 4),
        activation: step.activation,
        gate: 'hard-sigmoid',
      } as const;
      return invertedResidual(g, name, x, {
        kernel: step.kernel,
        stride: step.stride,
        activation: step.activation,
        channels: step.channels ?? x.channels,
        expandedChannels: x.channels * step.expansion,
        ...(step.squeeze && { squeeze }),
      });
    }
    case 'fused':
      return fusedInvertedResidual(g, name, x, { ...step, kernel: 3, expandedChannels: x.channels * step.expansion });
  }
};

/** Networks of one to five blocks over a random image, with a classifier or without. */
export const randomNetwork: fc.Arbitrary<Graph> = fc
  .record({
    resolution: fc.integer({ min: 7, max: 96 }),
    blocks: fc.array(block, { minLength: 1, maxLength: 5 }),
    head: fc.constantFrom('none', 'pooled', 'linear'),
    classes: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ resolution, blocks, head, classes }) => {
    const g = new GraphBuilder('random');
    let x = imageInput(g, { resolution }, { minimum: 1 });
    blocks.forEach((step, index) => {
      x = appendBlock(g, x, `block${index}`, step);
    });
    if (head !== 'none') x = globalAveragePool(g, 'pool', x);
    if (head === 'linear') x = linear(g, 'fc', flatten(g, 'flat', x), classes);
    return g.finish([x.tensor]);
  });

/** A machine that is known to resolve. */
export const machineOf = (
  device: Device,
  options: Parameters<typeof resolveMachine>[2] & { runtime?: Runtime } = {},
): Machine => {
  const { runtime = RUNTIMES.find(({ id }) => id === device.defaultRuntime) as Runtime, ...rest } = options;
  const machine = resolveMachine(device, runtime, rest);
  if (!isMachine(machine)) throw new Error(machine.message);
  return machine;
};

/** The same by the names of device and runtime; without one, its default runtime. */
export const namedMachine = (id: string, runtimeId?: string, options: MachineOptions = {}): Machine => {
  const device = devices.find((each) => each.id === id);
  const runtime = device && findRuntime(runtimeId ?? device.defaultRuntime);
  if (device === undefined || runtime === undefined) throw new Error(`no ${id} or ${runtimeId}`);
  return machineOf(device, { ...options, runtime });
};

/** A runtime for each set of fusion rules, those of mixed precision with those that they stand in for. */
const ONE_OF_EACH: readonly Runtime[] = [
  ...new Map(RUNTIMES.toReversed().map((runtime) => [runtime.fusion, runtime])).values(),
];

/** Every device with every precision and power mode that it has, under one runtime for each set of fusion rules. */
const EVERY_MACHINE: readonly Machine[] = devices.flatMap((device) =>
  Object.keys(device.matrixPeaks)
    .filter(isPrecision)
    .flatMap((precision) =>
      device.power.modes.flatMap(({ name: mode }) =>
        ONE_OF_EACH.map((runtime) => machineOf(device, { precision, mode, runtime })),
      ),
    ),
);

export const describedMachine: fc.Arbitrary<Machine> = fc.constantFrom(...EVERY_MACHINE);

/** Figures of a device that a law is about, each scaled by a factor; power is the headroom above static power. */
export interface DeviceScales {
  readonly matrixPeaks: number;
  readonly vectorPeak: number;
  readonly onChipBandwidth: number;
  readonly offChipBandwidth: number;
  readonly onChipCapacity: number;
  readonly powerHeadroom: number;
}

export const UNCHANGED: DeviceScales = {
  matrixPeaks: 1,
  vectorPeak: 1,
  onChipBandwidth: 1,
  offChipBandwidth: 1,
  onChipCapacity: 1,
  powerHeadroom: 1,
};

const scaled = <Value extends number>(figure: Figure<Value>, factor: number): Figure<Value> => ({
  ...figure,
  value: (figure.value * factor) as Value,
});

export const scaleDevice = (device: Device, scales: DeviceScales): Device => {
  const { onChip, offChip, power } = device;
  const peaks = Object.entries(device.matrixPeaks).map(([name, peak]) => [name, scaled(peak, scales.matrixPeaks)]);
  const modes = power.modes.map((mode) => {
    const whileRunning = (mode.static ?? power.static).value;
    const headroom = mode.cap.value - whileRunning;
    return {
      ...mode,
      cap: { ...mode.cap, value: whileRunning + headroom * scales.powerHeadroom },
      ...(mode.bandwidth && { bandwidth: scaled(mode.bandwidth, scales.offChipBandwidth) }),
    };
  });
  return {
    ...device,
    matrixPeaks: Object.fromEntries(peaks) as PeakRates,
    vectorPeak: scaled(device.vectorPeak, scales.vectorPeak),
    onChip: {
      ...onChip,
      bandwidth: scaled(onChip.bandwidth, scales.onChipBandwidth),
      capacity: scaled(onChip.capacity, scales.onChipCapacity),
    },
    offChip: { ...offChip, bandwidth: scaled(offChip.bandwidth, scales.offChipBandwidth) },
    power: { ...power, modes: modes as unknown as Device['power']['modes'] },
  };
};

export const rescale = (machine: Machine, scales: DeviceScales): Machine =>
  machineOf(scaleDevice(machine.device, scales), {
    precision: machine.precision,
    mode: machine.mode.name,
    runtime: machine.runtime,
  });

const factor = fc.double({ min: Math.log(0.2), max: Math.log(5), noNaN: true }).map(Math.exp);

/** Machines that nobody has built: a described one with every figure scaled by 0.2 to 5. */
export const anyMachine: fc.Arbitrary<Machine> = fc
  .tuple(
    describedMachine,
    fc.record({
      matrixPeaks: factor,
      vectorPeak: factor,
      onChipBandwidth: factor,
      offChipBandwidth: factor,
      onChipCapacity: factor,
      powerHeadroom: factor,
    }),
  )
  .map(([machine, scales]) => rescale(machine, scales));

export interface Case {
  readonly workload: Workload;
  readonly machine: Machine;
  readonly batch: number;
}

const caseOn = (machines: fc.Arbitrary<Machine>): fc.Arbitrary<Case> =>
  fc
    .record({ graph: randomNetwork, machine: machines, batch: fc.integer({ min: 1, max: 64 }) })
    .map(({ graph, machine, batch }) => ({
      workload: compileWorkload(analyzeGraph(graph), machine.runtime.fusion),
      machine,
      batch,
    }));

/** A random network at a random batch on a described machine, or on any machine. */
export const describedCase = caseOn(describedMachine);
export const anyCase = caseOn(fc.oneof(describedMachine, anyMachine));
