/** The constants of a machine as rates: shares by kind of product and of traffic, and what nothing is faster than. */
import { describe, expect, it } from 'vitest';
import {
  PRODUCT_KINDS,
  type ProductKind,
  productKind,
  TRAFFIC_KINDS,
  type TrafficKind,
  trafficKind,
} from '../../src/analysis/kernel-kinds.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import type { TimeConstants } from '../../src/estimate/constants.ts';
import type { Machine } from '../../src/estimate/machine.ts';
import { depthwiseShare, macSecondsAt, ratesOf, sustainedShare } from '../../src/estimate/rates.ts';
import { allocateKernelTimes, evaluateKernels } from '../../src/estimate/roofs.ts';
import { devices } from '../../src/hardware/index.ts';
import type { GraphBuilder, TensorName } from '../../src/ir/builder.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { activate, averagePool, batchNorm, conv, linear } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput } from '../analysis/graphs.ts';
import { machineOf } from './arbitraries.ts';

const deviceOf = (id: string) => devices.find((device) => device.id === id) as (typeof devices)[number];

const PLAIN: TimeConstants = {
  matrixEfficiency: 0.5,
  windowEfficiency: 0.8,
  depthwiseEfficiency: 0.1,
  vectorEfficiency: 0.5,
  weightEfficiency: 0.25,
  offChipEfficiency: 1,
  onChipEfficiency: 1,
  kernelSeconds: 0,
  inferenceSeconds: 0,
  overlapExponent: 1,
};

/** 2 G operations a second, so that a multiply-accumulate takes a nanosecond at the peak; memory of 1 GB/s. */
const machineWith = (constants: Partial<TimeConstants>, more: Partial<Machine> = {}): Machine => ({
  ...machineOf(deviceOf('intel_i7_12700h'), { precision: 'fp32' }),
  ...{ matrixPeak: 2e9, vectorPeak: 2e9, offChipBandwidth: 1e9, onChipBandwidth: 1e12, onChipCapacity: 1 },
  ...more,
  constants: { ...PLAIN, ...constants },
});

const nanoseconds = (constants: Partial<TimeConstants>, kind: ProductKind, n = 64, k = 64): number =>
  1e9 * macSecondsAt(ratesOf(machineWith(constants)), PRODUCT_KINDS.indexOf(kind), n, k);

describe('a multiply-accumulate', () => {
  it('takes 2 operations over the share of the peak', () => {
    expect(nanoseconds({}, 'pointwise')).toBeCloseTo(1 / 0.5, 12);
    // Without saturation the shape does not matter.
    expect(nanoseconds({}, 'pointwise', 1, 1)).toBeCloseTo(1 / 0.5, 12);
  });

  it.each<readonly [ProductKind, number]>([
    ['pointwise', 0.5],
    ['window', 0.5 * 0.8],
    ['grouped', 0.5 * 0.4],
    ['grouped-window', 0.5 * 0.4 * 0.8],
    ['matrix', 0.5 * 0.6],
    ['matrix-vector', 0.5 * 0.6],
    ['attention', 0.5 * 0.3],
  ])('of kind %s reaches %f', (kind, share) => {
    const shares = { groupedEfficiency: 0.4, linearEfficiency: 0.6, attentionEfficiency: 0.3 };
    expect(nanoseconds(shares, kind) * share).toBeCloseTo(1, 12);
  });

  it('takes longer in narrow and in shallow products: n / (n + n0) and k / (k + k0) of the share', () => {
    const saturation = { columnSaturation: 8, depthSaturation: 32 };
    // As many columns as n0 and as deep as k0: half of half.
    expect(nanoseconds(saturation, 'pointwise', 8, 32)).toBeCloseTo(4 / 0.5, 12);
    // Three times as many: 3/4 of 3/4.
    expect(nanoseconds(saturation, 'pointwise', 24, 96)).toBeCloseTo(1 / (0.5 * 0.75 * 0.75), 12);
    // One of the two alone.
    expect(nanoseconds({ columnSaturation: 8 }, 'matrix', 8, 1)).toBeCloseTo(2 / 0.5, 12);
    expect(nanoseconds({ depthSaturation: 32 }, 'matrix', 1, 32)).toBeCloseTo(2 / 0.5, 12);
    // Endless extents: all of it.
    expect(nanoseconds(saturation, 'window', 1e12, 1e12)).toBeCloseTo(1 / 0.4, 9);
  });

  it('of attention does not: one kernel streams the scores', () => {
    const saturation = { columnSaturation: 8, depthSaturation: 32, attentionEfficiency: 0.5 };
    expect(nanoseconds(saturation, 'attention', 1, 1)).toBeCloseTo(1 / 0.25, 12);
  });

  it('is never faster than the peak', () => {
    // 0.9 x 1.5 = 1.35 of the peak, were there no end to it.
    const fast = { matrixEfficiency: 0.9, linearEfficiency: 1.5, attentionEfficiency: 1.5, columnSaturation: 8 };
    expect(nanoseconds(fast, 'matrix', 1e9, 64)).toBe(1);
    expect(nanoseconds(fast, 'attention')).toBe(1);
    // The clamp comes after the shape: 1.35 of the peak of endless columns is 0.675 at 8.
    expect(nanoseconds(fast, 'matrix', 8, 64)).toBeCloseTo(1 / 0.675, 12);
  });

  it('runs at what the power cap of the mode sustains', () => {
    const machine = machineOf(deviceOf('nvidia_h100_pcie'), { precision: 'fp16' });
    const perMac = machine.device.energy.perMac.fp16?.value as number;
    const at = (joulesPerOperation: number, other = machine) =>
      sustainedShare({ ...other, constants: { ...PLAIN, matrixPowerFactor: (2 * joulesPerOperation) / perMac } });
    // 756 T operations a second at 1 pJ are 756 W, of which the cap is 350.
    expect(at(1e-12)).toBeCloseTo(350 / 756, 12);
    expect(at(2e-12)).toBeCloseTo(350 / 1512, 12);
    // At 0.4 pJ the whole peak draws 302 W.
    expect(at(0.4e-12)).toBe(1);
    expect(sustainedShare({ ...machine, constants: PLAIN })).toBe(1);
    // A narrower type is as much faster as it draws less per operation.
    expect(at(1e-12, machineOf(deviceOf('nvidia_h100_pcie'), { precision: 'int8' }))).toBeCloseTo(350 / 756, 12);
    const capped = { ...machine, constants: { ...PLAIN, matrixPowerFactor: 2e-12 / perMac } };
    const seconds = (of: Machine) => macSecondsAt(ratesOf(of), PRODUCT_KINDS.indexOf('window'), 64, 64);
    expect(seconds(capped) / seconds({ ...capped, constants: PLAIN })).toBeCloseTo(756 / 350, 9);
  });
});

describe('a depthwise window', () => {
  const share = (window: number, largeDepthwiseGain: number, depthwiseEfficiency = 0.1) =>
    depthwiseShare({ ...PLAIN, depthwiseEfficiency, largeDepthwiseGain }, window);

  it('of 3 x 3 runs at the share that was fitted, one of 5 x 5 at the gain times that', () => {
    expect(share(9, 2)).toBe(0.1);
    expect(share(25, 2)).toBeCloseTo(0.2, 12);
    expect(share(25, 0.5)).toBeCloseTo(0.05, 12);
  });

  it('of another size lies on the same power of its positions', () => {
    // 7 x 7: ln(49 / 9) / ln(25 / 9) = 1.6946 / 1.0217 = 1.6587, and 2^1.6587 = 3.157.
    expect(share(49, 2)).toBeCloseTo(0.3157, 4);
    // 3 x 1: ln(3 / 9) / ln(25 / 9) = -1.0753, and 2^-1.0753 = 0.4746.
    expect(share(3, 2)).toBeCloseTo(0.04746, 5);
    // 15 x 15 is as far above 5 x 5 as 27 x 27 is above 9 x 9.
    expect(share(225, 2, 0.01) / share(25, 2, 0.01)).toBeCloseTo(share(729, 2, 0.01) / share(81, 2, 0.01), 9);
  });

  it('reaches the peak at most, and the same everywhere without a gain', () => {
    expect(share(169, 3, 0.3)).toBe(1);
    expect(share(169, 1)).toBe(0.1);
    expect(depthwiseShare(PLAIN, 49)).toBe(0.1);
  });
});

describe('traffic', () => {
  it('reaches a share of the bandwidth that depends on its kind, all of it unless stated', () => {
    const { trafficFactor } = ratesOf(machineWith({ poolingTraffic: 0.5, streamingTraffic: 0.8, productTraffic: 0.1 }));
    expect(TRAFFIC_KINDS.map((kind, at) => [kind, trafficFactor[at]])).toEqual([
      ['streaming', 1 / 0.8],
      ['normalization', 1],
      ['pooling', 2],
      ['movement', 1],
      ['convolution', 1],
      ['depthwise', 1],
      ['product', 10],
    ]);
  });

  const map = (g: GraphBuilder) => featureInput(g, 4, 8);
  const cases: readonly (readonly [TrafficKind, ProductKind, (g: GraphBuilder) => TensorName])[] = [
    ['streaming', 'none', (g) => activate(g, 'a', map(g), 'relu').tensor],
    ['normalization', 'none', (g) => batchNorm(g, 'a', map(g)).tensor],
    ['pooling', 'none', (g) => averagePool(g, 'a', map(g), { kernel: 2 }).tensor],
    [
      'movement',
      'none',
      (g) => g.node('Concat', 'a', [map(g).tensor, g.input('y', [BATCH, 4, 8, 8])], { attributes: { axis: 1 } }),
    ],
    ['convolution', 'pointwise', (g) => conv(g, 'a', map(g), 4).tensor],
    ['convolution', 'window', (g) => conv(g, 'a', map(g), 4, { kernel: 3 }).tensor],
    ['convolution', 'grouped', (g) => conv(g, 'a', map(g), 4, { groups: 2 }).tensor],
    ['convolution', 'grouped-window', (g) => conv(g, 'a', map(g), 4, { kernel: 3, groups: 2 }).tensor],
    ['depthwise', 'depthwise', (g) => conv(g, 'a', map(g), 4, { kernel: 3, groups: 4 }).tensor],
    ['product', 'matrix-vector', (g) => linear(g, 'a', { tensor: g.input('x', [BATCH, 16]), channels: 16 }, 8).tensor],
    ['product', 'matrix', (g) => g.node('MatMul', 'a', [g.input('x', [BATCH, 7, 16]), g.weight('w', [16, 8])])],
    [
      'product',
      'attention',
      (g) => g.node('MatMul', 'a', [g.input('x', [BATCH, 2, 7, 16]), g.input('y', [BATCH, 2, 16, 7])]),
    ],
  ];

  it.each(cases)('is %s where the product is %s', (traffic, product, build) => {
    const { kernels, columns } = compileWorkload(
      analyzed((g) => [build(g)]),
      'none',
    );
    expect(kernels.map((kernel) => [trafficKind(kernel), productKind(kernel)])).toEqual([[traffic, product]]);
    expect([TRAFFIC_KINDS[columns.traffic[0] as number], PRODUCT_KINDS[columns.product[0] as number]]).toEqual([
      traffic,
      product,
    ]);
  });

  it('slows what it is about, and nothing else', () => {
    // 256 elements of 4 bytes in and as many out, at 1 GB/s.
    const relu = compileWorkload(
      analyzed((g) => [activate(g, 'a', map(g), 'relu').tensor]),
      'none',
    ).columns;
    const microseconds = (constants: Partial<TimeConstants>) => {
      const times = allocateKernelTimes(1);
      evaluateKernels(relu, machineWith(constants), 1, times);
      return 1e6 * (times.memorySeconds[0] as number);
    };
    expect(microseconds({})).toBeCloseTo(2.048, 9);
    expect(microseconds({ streamingTraffic: 0.5 })).toBeCloseTo(4.096, 9);
    expect(microseconds({ streamingTraffic: 0.5, offChipEfficiency: 0.5 })).toBeCloseTo(8.192, 9);
    expect(microseconds({ poolingTraffic: 0.1, convolutionTraffic: 0.1 })).toBeCloseTo(2.048, 9);
  });

  it('on chip is slowed by the same factor', () => {
    const relu = compileWorkload(
      analyzed((g) => [activate(g, 'a', map(g), 'relu').tensor]),
      'none',
    ).columns;
    const times = allocateKernelTimes(1);
    evaluateKernels(relu, machineWith({ streamingTraffic: 0.5 }, { onChipBandwidth: 1e6 }), 1, times);
    expect(times.memorySeconds[0]).toBeCloseTo(2048 / (0.5 * 1e6), 12);
  });
});

describe('weights', () => {
  // 512 x 256 = 131,072 weights of 4 bytes: 524,288 bytes, at a quarter of 1 GB/s 2.097152 ms. No bias.
  const weights = (m: number) =>
    compileWorkload(
      analyzed((g) => [g.node('MatMul', 'a', [g.input('x', [BATCH, m, 512]), g.weight('w', [512, 256])])]),
      'none',
    ).columns;
  /** Of the weights alone: activations of `m` rows at the whole bandwidth are taken off. */
  const milliseconds = (m: number, constants: Partial<TimeConstants>, onChipCapacity = 1) => {
    const times = allocateKernelTimes(1);
    evaluateKernels(weights(m), machineWith(constants, { onChipCapacity, residentWeightBytes: 0 }), 1, times);
    return 1e3 * ((times.memorySeconds[0] as number) - (4 * m * (512 + 256)) / 1e9);
  };
  const BYTES = 524_288;

  it('arrive at a share of the bandwidth, at a rate of its own for products of several rows', () => {
    expect(milliseconds(1, {})).toBeCloseTo(2.097152, 9);
    expect(milliseconds(1, { linearWeightFactor: 2 })).toBeCloseTo(2.097152, 9);
    expect(milliseconds(7, { linearWeightFactor: 2 })).toBeCloseTo(1.048576, 9);
    // Never faster than the bandwidth.
    expect(milliseconds(7, { linearWeightFactor: 20 })).toBeCloseTo(0.524288, 9);
  });

  it('stay in a cache that is larger than all of them: half do where it is as large', () => {
    // Half at a quarter of the bandwidth and half at all of it.
    const resident = { residentWeightEfficiency: 1 };
    expect(milliseconds(1, resident, BYTES)).toBeCloseTo(0.524288 * (0.5 * 4 + 0.5), 6);
    // A cache of a third: 1 / (1 + 3^2) = a tenth.
    expect(milliseconds(1, resident, BYTES / 3)).toBeCloseTo(0.524288 * (0.9 * 4 + 0.1), 6);
    expect(milliseconds(1, resident)).toBeCloseTo(2.097152, 6);
    // What stays is never slower than what does not.
    expect(milliseconds(1, { residentWeightEfficiency: 0.1 }, BYTES)).toBeCloseTo(2.097152, 6);
  });

  it('of one kernel beyond the on-chip capacity cost more, but for products of several rows', () => {
    // Half of them, at an eighth of the bandwidth, in addition.
    const large = { largeWeightEfficiency: 0.125 };
    const without = milliseconds(1, {}, BYTES / 2);
    expect(milliseconds(1, large, BYTES / 2) - without).toBeCloseTo(0.262144 * 8, 6);
    expect(milliseconds(1, large, BYTES) - milliseconds(1, {}, BYTES)).toBe(0);
    expect(milliseconds(7, large, BYTES / 2) - milliseconds(7, {}, BYTES / 2)).toBeCloseTo(0, 9);
  });
});

it('are worked out once for a machine', () => {
  const machine = machineWith({});
  expect(ratesOf(machine)).toBe(ratesOf(machine));
  expect(ratesOf({ ...machine })).not.toBe(ratesOf(machine));
});
