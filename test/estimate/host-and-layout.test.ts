/** What a GPU waits for, and what it moves once more, by hand. */
import { describe, expect, it } from 'vitest';
import { PRODUCT_KINDS } from '../../src/analysis/kernel-kinds.ts';
import { compileWorkload, type Workload } from '../../src/analysis/workload.ts';
import { calibratedMachine } from '../../src/estimate/calibration-file.ts';
import { type Estimate, estimate } from '../../src/estimate/estimate.ts';
import { type Machine, machineAt } from '../../src/estimate/machine.ts';
import { ratesOf, sustainedShare } from '../../src/estimate/rates.ts';
import { conv } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput } from '../analysis/graphs.ts';
import { namedMachine } from './arbitraries.ts';

/** Three convolutions of 64 channels at 56 x 56, one after the other: no two kernels fuse in eager mode. */
const CHAIN: Workload = compileWorkload(
  analyzed((g) => {
    let feature = conv(g, 'first', featureInput(g, 64, 56), 64, { kernel: 3 });
    for (const name of ['second', 'third']) feature = conv(g, name, feature, 64, { kernel: 3 });
    return [feature.tensor];
  }),
  'none',
);
const KERNELS = CHAIN.kernels.length;

const eager = namedMachine('nvidia_rtx4090', 'pytorch-2.4-eager', { precision: 'fp16', layout: 'nchw' });
const withConstants = (constants: Partial<Machine['constants']>, machine = eager): Machine => ({
  ...machine,
  constants: { ...machine.constants, ...constants },
});
const totalsOf = (found: Estimate): number => found.kernelTimes().totalSeconds.reduce((a, b) => a + b, 0);

describe('a host that hands kernels over', () => {
  const free = estimate(CHAIN, withConstants({ dispatchSeconds: 0 }), 1);

  it('costs nothing as long as it is ahead of the device', () => {
    const mean = free.unstretchedSeconds / KERNELS;
    const ahead = estimate(CHAIN, withConstants({ dispatchSeconds: 0.9 * mean }), 1);
    expect(ahead.latencySeconds).toBe(free.latencySeconds);
    expect([...ahead.kernelTimes().waitSeconds]).toEqual(CHAIN.kernels.map(() => 0));
  });

  it('is what an inference takes where it is slower: 1 ms for each kernel', () => {
    const slow = estimate(CHAIN, withConstants({ dispatchSeconds: 1e-3, inferenceSeconds: 0 }), 1);
    expect(slow.latencySeconds).toBeCloseTo(KERNELS * 1e-3, 12);
    expect(slow.bound).toBe('overhead');
    expect(slow.timeByBound.overhead).toBeCloseTo(1, 12);
    // Every kernel waits as long, and the parts add up to the whole.
    const { waitSeconds } = slow.kernelTimes();
    for (const wait of waitSeconds) expect(wait).toBeCloseTo(1e-3 - free.unstretchedSeconds / KERNELS, 12);
    expect(totalsOf(slow)).toBeCloseTo(KERNELS * 1e-3, 12);
  });

  it('does not slow a batch that is large enough', () => {
    const at = (dispatchSeconds: number) => estimate(CHAIN, withConstants({ dispatchSeconds }), 256).latencySeconds;
    expect(at(50e-6)).toBe(at(0));
  });
});

describe('images that come channels first', () => {
  const at = (machine: Machine) => estimate(CHAIN, machine, 64);
  const images = CHAIN.kernels
    .filter(({ view }) => view !== undefined)
    .reduce((sum, { readElements, writeElements }) => sum + readElements.perItem + writeElements.perItem, 0);

  it('pass once more for each pass that the constants state', () => {
    const none = at(withConstants({ conversionPasses: 0, dispatchSeconds: 0 }));
    const once = at(withConstants({ conversionPasses: 1, dispatchSeconds: 0 }));
    expect(once.onChipBytes - none.onChipBytes).toBe(2 * 64 * images);
    const { conversionSeconds } = once.kernelTimes();
    const added = conversionSeconds.reduce((a, b) => a + b, 0);
    expect(added).toBeGreaterThan(0);
    expect(once.latencySeconds - none.latencySeconds).toBeCloseTo(added, 12);
    // At the rate of the convolution itself, which does nothing else for them but read and write.
    const half = at(withConstants({ conversionPasses: 0.5, dispatchSeconds: 0 }));
    expect(half.latencySeconds - none.latencySeconds).toBeCloseTo(added / 2, 12);
  });

  it.each([
    ['nvidia_rtx4090', 'pytorch-2.4-eager', { precision: 'fp16', layout: 'nchw' }, true],
    ['nvidia_rtx4090', 'pytorch-2.4-eager', { precision: 'fp16', layout: 'nhwc' }, false],
    // Where nothing is said, as PyTorch has them.
    ['nvidia_rtx5090', 'pytorch-2.4-eager', { precision: 'fp16' }, true],
    // The compiler chooses a layout, and the vector units take any.
    ['nvidia_rtx4090', 'pytorch-2.9-inductor', { precision: 'fp16', layout: 'nchw' }, false],
    ['nvidia_v100_sxm2', 'pytorch-1.9-eager', { precision: 'fp32', layout: 'nchw' }, false],
    ['intel_i7_12700h', 'pytorch-eager', { precision: 'fp32', layout: 'nchw' }, false],
  ] as const)('%s with %s at %o change it: %s', (device, runtime, options, converts) => {
    expect(namedMachine(device, runtime, options).convertsLayout).toBe(converts);
  });
});

it('a calibration of channels-last rows changes no layout', () => {
  const of = (layout: string) => calibratedMachine(eager, { ...eager.calibration, layout }).convertsLayout;
  expect([of('nchw'), of('nhwc')]).toEqual([true, false]);
});

it('kernels in another type keep the layout that was asked for', () => {
  const last = namedMachine('nvidia_rtx4090', 'pytorch-2.4-eager', { precision: 'fp16', layout: 'nhwc' });
  expect(machineAt(last, 'bf16').convertsLayout).toBe(false);
  expect(machineAt(eager, 'bf16').convertsLayout).toBe(true);
});

describe('tf32 in PyTorch', () => {
  it('holds for convolutions: products without a window run at the rate of fp32', () => {
    const machine = namedMachine('jetson_agx_orin_64gb', 'pytorch-2.4-eager', { precision: 'tf32' });
    // 5.3 T of fp32 over 10.6 T of tf32.
    expect(machine.productShare).toBeCloseTo(0.5, 12);
    const seconds = (of: Machine, kind: (typeof PRODUCT_KINDS)[number]) =>
      ratesOf(of).macSeconds[PRODUCT_KINDS.indexOf(kind)] as number;
    const everywhere = { ...machine, productShare: 1 };
    expect(seconds(machine, 'window')).toBe(seconds(everywhere, 'window'));
    for (const kind of ['matrix', 'matrix-vector', 'attention'] as const)
      expect(seconds(machine, kind) / seconds(everywhere, kind)).toBeCloseTo(2, 12);
    expect(namedMachine('jetson_agx_orin_64gb', 'pytorch-2.4-eager', { precision: 'fp16' }).productShare).toBe(1);
    expect(namedMachine('nvidia_a100_sxm_80', 'tensorrt-8.6', { precision: 'tf32' }).productShare).toBe(1);
    // 19.5 T of fp32 over 156 T of tf32, compiled or not, since 1.12 and where no version is said.
    for (const runtime of ['pytorch-1.12-eager', 'pytorch-eager', 'pytorch-2.9-inductor'])
      expect(namedMachine('nvidia_a100_sxm_80', runtime, { precision: 'tf32' }).productShare).toBeCloseTo(
        19.5 / 156,
        9,
      );
    expect(namedMachine('nvidia_a100_sxm_80', 'pytorch-1.9-eager', { precision: 'tf32' }).productShare).toBe(1);
  });
});

describe('products in fp32 on a GPU', () => {
  it.each([
    // Lanes that could take every issue slot: those of GA10x and later. Products leave a quarter of them to loads.
    ['nvidia_rtx4090', 'fp32', { plain: 0.75, other: 0.75 }],
    // Its datasheet states fp32 at 1.755 GHz, and everything else at 1.62.
    ['nvidia_h100_pcie', 'fp32', { plain: (0.75 * 1.62) / 1.755, other: (0.75 * 1.62) / 1.755 }],
    // Convolutions run on the matrix unit.
    ['jetson_agx_orin_64gb', 'tf32', { plain: 0.75, other: 1 }],
    ['nvidia_rtx4090', 'fp16', { plain: 1, other: 1 }],
    // Half as many lanes, which every second slot keeps busy.
    ['nvidia_a100_sxm_80', 'fp32', { plain: 1, other: 1 }],
    ['nvidia_v100_sxm2', 'fp32', { plain: 1, other: 1 }],
    ['nvidia_t4', 'fp32', { plain: 1, other: 1 }],
    // Four products to an instruction.
    ['nvidia_v100_sxm2', 'int8', { plain: 1, other: 1 }],
    ['intel_i7_12700h', 'fp32', { plain: 1, other: 1 }],
  ] as const)('%s in %s: %o of the peak', (device, precision, expected) => {
    const runtime = device.startsWith('intel') ? 'pytorch-eager' : 'pytorch-2.4-eager';
    const { plain, other } = namedMachine(device, runtime, { precision }).issueShares;
    // Peaks are rounded in datasheets.
    expect(plain).toBeCloseTo(expected.plain, 2);
    expect(other).toBeCloseTo(expected.other, 2);
  });

  it('are held back by issue slots or by the power cap, whichever is less', () => {
    const machine = namedMachine('nvidia_rtx4090', 'pytorch-2.4-eager', { precision: 'fp32' });
    const rate = (issued: number) => {
      const of = { ...machine, issueShares: { plain: issued, other: issued } };
      return 1 / (ratesOf(of).macSeconds[PRODUCT_KINDS.indexOf('matrix')] as number);
    };
    const sustained = sustainedShare(machine);
    expect(rate(sustained / 2)).toBeCloseTo(rate(1) / 2, 0);
    expect(rate((1 + sustained) / 2)).toBe(rate(1));
  });
});
