/**
 * The constants in use. Records in reference/calibrations are written by `npm run calibrate` from reference/measurements.csv
 * and checked by test/estimate/calibration.test.ts: those of a device under a runtime, and those of a class of devices under
 * a class of runtimes, or under one of these in one type, fitted on all devices together. Where nothing was measured at
 * all, a start by hand stands.
 */
import type { Geometry } from '../hardware/device.ts';
import { CALIBRATION_RECORDS, CLASS_RECORDS } from './calibration-records.ts';
import type { Calibration, TimeConstants } from './constants.ts';
import { type Runtime, type RuntimeClass, versionDistance } from './runtime.ts';

export const CALIBRATIONS: readonly Calibration[] = CALIBRATION_RECORDS;

const STUDY =
  'cross-validated study of public timm tables: depthwise reaches 0.1-0.3 of the vector peak, streaming 0.85-0.95 of the bandwidth, plain products 0.4-0.6 of the matrix peak';

/** Where fits start, and what stands where nothing was measured. The interval is the uncertainty of the whole class, not of a fit. */
export const STARTS: Readonly<Record<Geometry['kind'], Calibration>> = {
  'simd-cpu': {
    id: 'prior-simd-cpu',
    kind: 'prior',
    architecture: 'simd-cpu',
    constants: {
      matrixEfficiency: 0.5,
      columnSaturation: 8,
      depthSaturation: 16,
      windowEfficiency: 0.9,
      groupedEfficiency: 0.6,
      linearEfficiency: 1,
      attentionEfficiency: 0.5,
      depthwiseEfficiency: 0.1,
      largeDepthwiseGain: 1,
      vectorEfficiency: 0.05,
      transcendentalEfficiency: 0.04,
      poolingTraffic: 1,
      movementTraffic: 0.6,
      weightEfficiency: 0.1,
      residentWeightEfficiency: 0.3,
      largeWeightEfficiency: 0.12,
      linearWeightFactor: 3,
      offChipEfficiency: 0.7,
      onChipEfficiency: 0.5,
      kernelSeconds: 10e-6,
      inferenceSeconds: 0,
      overlapExponent: 2,
    },
    interval: { level: 0.8, low: 0.55, high: 1.9 },
    source: `chosen: ${STUDY}; weights are repacked at every call by runtimes that do not freeze them, hence a tenth of the bandwidth`,
  },
  'simt-gpu': {
    id: 'prior-simt-gpu',
    kind: 'prior',
    architecture: 'simt-gpu',
    constants: {
      matrixEfficiency: 0.95,
      columnSaturation: 8,
      depthSaturation: 32,
      windowEfficiency: 1,
      groupedEfficiency: 0.5,
      linearEfficiency: 1,
      attentionEfficiency: 0.6,
      depthwiseEfficiency: 0.15,
      largeDepthwiseGain: 1,
      vectorEfficiency: 0.5,
      streamingTraffic: 0.85,
      normalizationTraffic: 0.85,
      poolingTraffic: 0.5,
      movementTraffic: 0.6,
      convolutionTraffic: 0.8,
      conversionPasses: 1,
      depthwiseTraffic: 0.8,
      productTraffic: 0.8,
      weightEfficiency: 0.8,
      usableOnChipShare: 0.2,
      offChipEfficiency: 1,
      onChipEfficiency: 1,
      kernelSeconds: 5e-6,
      inferenceSeconds: 0,
      overlapExponent: 2,
      matrixPowerFactor: 5.6,
    },
    interval: { level: 0.8, low: 0.6, high: 1.8 },
    source: `chosen: ${STUDY}, well-shaped products nearly all of it, since boards pass their rated clock; a running board draws 5.6 times the energy of its multiply-accumulates, 1.1 pJ per operation at 5 nm, so that 300 W sustain 0.61 of the matrix peak of an RTX PRO 6000 Max-Q and 70 W 0.64 of that of a T4, which public tables put there, and no cap limits a GeForce; 4.5 µs a kernel from MLPerf ResNet-50 single-stream on A100 and RTX 4090 (0.44 and 0.22 ms over about 60 kernels)`,
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
  npu: {
    id: 'prior-npu',
    kind: 'prior',
    architecture: 'npu',
    constants: {
      matrixEfficiency: 0.6,
      windowEfficiency: 1,
      linearEfficiency: 0.5,
      attentionEfficiency: 0.3,
      movementTraffic: 0.15,
      depthwiseEfficiency: 0.3,
      vectorEfficiency: 0.5,
      weightEfficiency: 0.85,
      offChipEfficiency: 0.85,
      onChipEfficiency: 0.7,
      kernelSeconds: 4e-6,
      inferenceSeconds: 200e-6,
      overlapExponent: 4,
    },
    interval: { level: 0.8, low: 0.4, high: 3 },
    source:
      'chosen: compiled command streams, so little is launched per kernel, but a driver and a hand-over of buffers stand before each inference; efficiencies above the mapping losses, which are computed; built for convolutions, so that plain products and attention take two to three times as long for their size, and copies seven times, of which only those that permute channels are left',
  },
  mcu: {
    id: 'prior-mcu',
    kind: 'prior',
    architecture: 'mcu',
    constants: {
      matrixEfficiency: 0.3,
      windowEfficiency: 0.9,
      depthwiseEfficiency: 0.15,
      vectorEfficiency: 0.3,
      weightEfficiency: 0.8,
      offChipEfficiency: 0.8,
      onChipEfficiency: 0.8,
      kernelSeconds: 50e-6,
      inferenceSeconds: 100e-6,
      overlapExponent: 1,
    },
    interval: { level: 0.8, low: 0.5, high: 2.2 },
    source:
      'chosen: MLPerf Tiny v1.1 of the STM32L4R5 (ResNet-8, 12.5 million multiply-accumulates in 201 ms at 120 MHz, is 0.26 of two a cycle) and of the STM32H7A3 (52 ms at 280 MHz, 0.43); one core loads or computes, so the two add up',
  },
};

/**
 * Of a runtime that hands over one layer after the other while the device works: public tables at small batches take 35 to
 * 75 µs a kernel on servers, and the device itself rests a few microseconds between two kernels.
 */
const HANDED_OVER: Pick<TimeConstants, 'kernelSeconds' | 'dispatchSeconds'> = {
  kernelSeconds: 4e-6,
  dispatchSeconds: 40e-6,
};

/**
 * Of a runtime that lays all layers out side by side: images follow one another through them, so that nothing is launched
 * for a layer and one image is handed over while others are worked on; a layer is laid out anew where they do not all fit.
 * In the maker's table a batch then takes as long as it has images and 1.8 to 3.2 more, 2.8 in the middle (ViTs: 5).
 */
const SIDE_BY_SIDE: Pick<TimeConstants, 'kernelSeconds' | 'inferenceSeconds' | 'reloadSeconds' | 'fillImages'> = {
  kernelSeconds: 0,
  inferenceSeconds: 0,
  reloadSeconds: 30e-6,
  fillImages: 2.8,
};

/** Constants of an architecture as a start for a class of runtimes: eager ones run layer by layer, eager and mobile ones from weights as they lie. */
export const startingAt = (
  constants: TimeConstants,
  architecture: Geometry['kind'],
  runtime: RuntimeClass,
): TimeConstants => {
  if (runtime === 'dataflow') return { ...constants, ...SIDE_BY_SIDE };
  if (runtime === 'eager' && architecture === 'simt-gpu') return { ...constants, ...HANDED_OVER };
  if (runtime !== 'eager' && runtime !== 'mobile') return constants;
  // Nothing is packed ahead of the first inference, so no packed copy is paged in at every other.
  const { largeWeightEfficiency: _, ...unpacked } = constants;
  return unpacked;
};

/** What stands where nothing of a class was measured. */
const startOf = (architecture: Geometry['kind'], runtime: RuntimeClass): Calibration => {
  const start = STARTS[architecture];
  return { ...start, constants: startingAt(start.constants, architecture, runtime) };
};

/** What runs on a device: a runtime in one type. */
export interface Software {
  readonly runtime: Pick<Runtime, 'framework' | 'version' | 'mode'>;
  readonly precision: string;
}

const isSameFramework = (a: Software, b: Software): boolean =>
  a.precision === b.precision && a.runtime.framework === b.runtime.framework && a.runtime.mode === b.runtime.mode;

const isSameVersion = (a: Software, b: Software): boolean =>
  isSameFramework(a, b) && a.runtime.version !== undefined && a.runtime.version === b.runtime.version;

/**
 * Of a class, which software is alike on all its devices: a framework in one mode and one type, and in it one version. The
 * constants of each level are fitted from those of the level before, which stand where nothing more alike was measured.
 */
export const SOFTWARE_LEVELS: readonly ((a: Software, b: Software) => boolean)[] = [isSameFramework, isSameVersion];

/** Constants of a class of devices under a class of runtimes, or where none of them was measured the start by hand. */
export const classRecord = (architecture: Geometry['kind'], runtime: RuntimeClass): Calibration =>
  CLASS_RECORDS.find(
    (record) =>
      record.architecture === architecture && record.runtimeClass === runtime && record.framework === undefined,
  ) ?? startOf(architecture, runtime);

const softwareOf = ({ framework = '', version, mode, precision = '' }: Calibration): Software => ({
  runtime: { framework, version, mode },
  precision,
});

/** Constants of other devices of the class under the same software, or under software that is next to it. */
export const priorRecord = ({
  architecture,
  runtime,
  precision,
}: Pick<CalibrationChoice, 'architecture' | 'runtime' | 'precision'>): Calibration => {
  const records = CLASS_RECORDS.filter(
    (record) => record.architecture === architecture && record.runtimeClass === runtime.class,
  );
  const wanted = { runtime, precision };
  return (
    records.find((record) => isSameVersion(softwareOf(record), wanted)) ??
    records.find((record) => record.version === undefined && isSameFramework(softwareOf(record), wanted)) ??
    classRecord(architecture, runtime.class)
  );
};

export interface CalibrationChoice {
  readonly architecture: Geometry['kind'];
  readonly device: string;
  readonly runtime: Pick<Runtime, 'framework' | 'version' | 'mode' | 'class'>;
  readonly precision: string;
  /** Of images in memory, where it was said. */
  readonly layout?: string;
  /** Where it is another than the first one of the device. */
  readonly powerMode?: string;
}

/**
 * The calibration of the device under the runtime, of the nearest well measured version where that one was not measured, or the
 * constants of others of the class.
 */
export const selectCalibration = (choice: CalibrationChoice): Calibration => {
  const { device, runtime, layout = '', powerMode } = choice;
  const distance = (record: Calibration): number => {
    const other = layout !== '' && (record.layout ?? '') !== '' && record.layout !== layout;
    // A record that states no version is next to the one asked for, but not the same.
    const versions =
      record.version === runtime.version ? 0 : Math.max(1, versionDistance(record.version, runtime.version));
    const isThin = versions > 0 && (record.rows ?? 0) < FEW_ROWS;
    return (
      versions + (isThin ? THIN : 0) + (other ? OTHER_LAYOUT : 0) + (record.powerMode === powerMode ? 0 : OTHER_MODE)
    );
  };
  const measured = CALIBRATIONS.filter(
    (record) => record.device === device && isSameFramework(softwareOf(record), choice),
  ).toSorted((a, b) => distance(a) - distance(b) || (b.rows ?? 0) - (a.rows ?? 0));
  return measured[0] ?? priorRecord(choice);
};

/** Constants are shares of what a mode has, so that another mode is nearer than another version. */
const OTHER_MODE = 0.5;
/** Another version stands in only with rows enough to say something of the device. */
const FEW_ROWS = 8;
const THIN = 1e5;
/** A table of another layout is further away than any version. */
const OTHER_LAYOUT = 1e6;
