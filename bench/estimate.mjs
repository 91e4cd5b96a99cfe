// @ts-nocheck: runs on the built library, which type checking does not wait for
/** Time per kernel of the full estimator against the bare two-roof loop max(flops / peak, bytes / bandwidth) over the same kernels. */
import { compileModel, estimate, findModel, isMachine, referenceStudyOptions, resolveMachine } from '../dist/index.js';

const MODELS = ['mobilenet_v3_small', 'efficientnet_b0', 'resnet18', 'efficientnet_v2_m'];
const BATCHES = [1, 8, 16, 32];
const ROUNDS = 400;
const B0_ESTIMATES = 100_000;

export const name = 'estimate';
export const limit = 10;

export const run = () => {
  const cases = referenceStudyOptions().devices.flatMap(({ device, runtime, precision }) => {
    const machine = resolveMachine(device, runtime, { precision });
    if (!isMachine(machine)) throw new Error(machine.message);
    return MODELS.map((model) => ({
      machine,
      workload: compileModel(findModel(model).variant, { resolution: 224 }).workload(runtime.fusion),
    }));
  });
  const kernels = cases.reduce((sum, { workload }) => sum + workload.columns.length, 0) * BATCHES.length;

  const full = () => {
    let total = 0;
    for (const { workload, machine } of cases) {
      for (const batch of BATCHES) total += estimate(workload, machine, batch).latencySeconds;
    }
    return total;
  };
  const bare = () => {
    let total = 0;
    for (const { workload, machine } of cases) {
      const { columns } = workload;
      const perFlop = 1 / machine.matrixPeak;
      const perByte = machine.elementBytes / machine.offChipBandwidth;
      for (const batch of BATCHES) {
        for (let i = 0; i < columns.length; i++) {
          const flops = 2 * (columns.macsFixed[i] + columns.macsPerItem[i] * batch);
          const elements =
            columns.weightElements[i] + columns.activationFixed[i] + columns.activationPerItem[i] * batch;
          total += Math.max(flops * perFlop, elements * perByte);
        }
      }
    }
    return total;
  };
  const nanosecondsPerKernel = (work) => {
    let sink = 0;
    const start = process.hrtime.bigint();
    for (let round = 0; round < ROUNDS; round++) sink += work();
    const elapsed = Number(process.hrtime.bigint() - start);
    if (!Number.isFinite(sink)) throw new Error('an estimate is not finite');
    return elapsed / (ROUNDS * kernels);
  };
  nanosecondsPerKernel(full);
  nanosecondsPerKernel(bare);
  // In turn, so that a machine that slows down slows both.
  const pairs = Array.from({ length: 9 }, () => ({
    full: nanosecondsPerKernel(full),
    bare: nanosecondsPerKernel(bare),
  }));
  const b0 = cases.find(({ workload }) => workload.model.startsWith('efficientnet_b0'));
  const start = process.hrtime.bigint();
  for (let i = 0; i < B0_ESTIMATES; i++) estimate(b0.workload, b0.machine, 1 + (i % 8));
  const perSecond = B0_ESTIMATES / (Number(process.hrtime.bigint() - start) / 1e9);
  // The fastest of each: what else runs on the machine only ever adds.
  const fastest = (side) => Math.min(...pairs.map((pair) => pair[side]));
  return {
    what: 'estimate() / bare two-roof loop, per kernel',
    ratio: fastest('full') / fastest('bare'),
    detail: `${fastest('full').toFixed(0)} ns against ${fastest('bare').toFixed(1)} ns over ${kernels} kernels; ${Math.round(perSecond / 1e3)}k estimates of EfficientNet-B0 a second (target 100k)`,
  };
};
