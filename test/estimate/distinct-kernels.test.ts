/** An estimate goes over kernels that are alike once: the sums are those over all kernels, on every kind of machine. */
import { describe, expect, it } from 'vitest';
import { distinctKernels } from '../../src/analysis/distinct-kernels.ts';
import { allocateKernelTimes, evaluateKernels, type KernelSums } from '../../src/estimate/roofs.ts';
import { compileModel } from '../../src/explore/compile.ts';
import { devices } from '../../src/hardware/index.ts';
import { findModel } from '../../src/zoo/api.ts';
import { machineOf } from './arbitraries.ts';

const modelOf = (name: string) => {
  const entry = findModel(name);
  if (entry === undefined) throw new Error(`no model ${name}`);
  return compileModel(entry.variant);
};

const numbersOf = ({ secondsByBound, ...sums }: KernelSums): readonly number[] => [
  ...Object.values(sums),
  ...secondsByBound,
];

describe('kernels that are alike', () => {
  const names = ['resnet50', 'efficientnet_v2_s', 'mobilenet_v3_small', 'vit_b_16', 'vgg16'];

  it.each(names)('are one row each in %s, and add up to the same', (name) => {
    const model = modelOf(name);
    const kinds = new Set(devices.map(({ geometry }) => geometry.kind));
    for (const kind of kinds) {
      const device = devices.find(({ geometry }) => geometry.kind === kind);
      if (device === undefined) throw new Error(kind);
      const machine = machineOf(device);
      const { columns } = model.workload(machine.runtime.fusion);
      const fewer = distinctKernels(columns);
      expect(fewer.launches.reduce((sum, launches) => sum + launches, 0)).toBe(
        columns.launches.reduce((sum, launches) => sum + launches, 0),
      );
      for (const batch of [1, 7]) {
        const all = numbersOf(evaluateKernels(columns, machine, batch, allocateKernelTimes(columns.length)));
        const found = numbersOf(evaluateKernels(fewer, machine, batch, allocateKernelTimes(fewer.length)));
        all.forEach((value, at) => {
          expect(Math.abs((found[at] as number) - value)).toBeLessThanOrEqual(1e-9 * Math.abs(value));
        });
      }
    }
  });

  it('are half of a residual network, and none of one without repeated blocks', () => {
    const resnet = modelOf('resnet50').workload('epilogue').columns;
    expect(distinctKernels(resnet).length).toBeLessThan(resnet.length / 2);
    const { columns } = modelOf('squeezenet1_1').workload('epilogue');
    const rows = new Set(
      [...columns.launches.keys()].map((row) =>
        Object.values(columns)
          .flatMap((column) => (typeof column === 'number' || column === columns.launches ? [] : [column[row]]))
          .join(' '),
      ),
    );
    const fewer = distinctKernels(columns);
    if (fewer !== columns) expect(fewer.length).toBe(rows.size);
    else expect(rows.size).toBeGreaterThan(0.9 * columns.length);
  });
});
