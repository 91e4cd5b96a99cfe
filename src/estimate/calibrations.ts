/**
 * The constants in use. Calibrated records are written by `npm run calibrate` from the rows in
 * reference/measurements and checked by test/estimate/calibration.test.ts; priors are by hand.
 */
import calibrated from '../../reference/calibrations.json' with { type: 'json' };
import type { Geometry } from '../hardware/device.ts';
import type { Calibration, TimeConstants } from './constants.ts';

export const CALIBRATIONS = calibrated.records as readonly Calibration[];

const STUDY =
  'cross-validated study of public timm tables: depthwise reaches 0.1-0.3 of the vector peak, streaming 0.85-0.95 of the bandwidth, plain products 0.4-0.6 of the matrix peak';

const cpuConstants = (): TimeConstants => {
  const record = CALIBRATIONS.find(({ architecture }) => architecture === 'simd-cpu');
  if (record === undefined) throw new Error('reference/calibrations.json holds no calibrated CPU');
  return record.constants;
};

/** Used where nothing was measured. The interval is the uncertainty of the whole class, not of a fit. */
export const PRIORS: Readonly<Record<Geometry['kind'], Calibration>> = {
  'simd-cpu': {
    id: 'prior-simd-cpu',
    kind: 'prior',
    architecture: 'simd-cpu',
    constants: cpuConstants(),
    interval: { level: 0.8, low: 0.55, high: 1.9 },
    source:
      'constants of the calibrated i7-12700H applied to another CPU or precision; CPUs transfer badly (one scale: 15 to 32 % MAPE between two Intel parts in the same study), hence the width',
  },
  'simt-gpu': {
    id: 'prior-simt-gpu',
    kind: 'prior',
    architecture: 'simt-gpu',
    constants: {
      matrixEfficiency: 0.6,
      windowEfficiency: 1,
      depthwiseEfficiency: 0.2,
      vectorEfficiency: 0.4,
      weightEfficiency: 0.9,
      offChipEfficiency: 0.9,
      onChipEfficiency: 0.7,
      kernelSeconds: 4.5e-6,
      inferenceSeconds: 20e-6,
      overlapExponent: 4,
    },
    interval: { level: 0.8, low: 0.6, high: 1.8 },
    source: `${STUDY}; 4.5 µs a kernel from MLPerf ResNet-50 single-stream on A100 and RTX 4090 (0.44 and 0.22 ms over about 60 kernels); checked on an A100 from its datasheet: 19 of 20 public TensorRT 8.0 latencies inside the interval (reference/gpu-prior-check.json)`,
  },
  systolic: {
    id: 'prior-systolic',
    kind: 'prior',
    architecture: 'systolic',
    constants: {
      matrixEfficiency: 0.8,
      windowEfficiency: 1,
      depthwiseEfficiency: 0.3,
      vectorEfficiency: 0.5,
      weightEfficiency: 0.85,
      offChipEfficiency: 0.85,
      onChipEfficiency: 0.85,
      kernelSeconds: 2e-6,
      inferenceSeconds: 50e-6,
      overlapExponent: 4,
    },
    interval: { level: 0.8, low: 0.5, high: 2.5 },
    source:
      'chosen: no public whole-model TPU v4 latencies for these networks; efficiencies above the mapping losses, which are computed',
  },
  spatial: {
    id: 'prior-spatial',
    kind: 'prior',
    architecture: 'spatial',
    constants: {
      matrixEfficiency: 0.9,
      windowEfficiency: 1,
      depthwiseEfficiency: 0.5,
      vectorEfficiency: 0.7,
      weightEfficiency: 0.85,
      offChipEfficiency: 0.85,
      onChipEfficiency: 0.85,
      kernelSeconds: 1e-6,
      inferenceSeconds: 5e-6,
      overlapExponent: 8,
    },
    interval: { level: 0.8, low: 0.4, high: 3 },
    source:
      'chosen: no silicon exists; statically scheduled, so little overhead and near-perfect overlap are assumed above the mapping losses, which are computed',
  },
};

/** The calibration that fits, or the prior of the architecture. */
export const selectCalibration = (
  architecture: Geometry['kind'],
  device: string,
  runtime: string,
  precision: string,
): Calibration =>
  CALIBRATIONS.find(
    (record) => record.device === device && record.runtime === runtime && record.precision === precision,
  ) ?? PRIORS[architecture];
