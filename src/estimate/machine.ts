import type { Device, Geometry, PowerMode } from '../hardware/device.ts';
import { DTYPE_BYTES, type Precision } from '../ir/dtype.ts';
import { selectCalibration } from './calibrations.ts';
import type { Calibration, TimeConstants } from './constants.ts';
import type { Runtime } from './runtime.ts';

/** A device, a runtime and a precision resolved into plain numbers for the loops. */
export interface Machine {
  readonly device: Device;
  readonly runtime: Runtime;
  readonly precision: Precision;
  readonly mode: PowerMode;
  readonly calibration: Calibration;
  readonly constants: TimeConstants;
  readonly geometry: Geometry;
  readonly elementBytes: number;
  readonly matrixPeak: number;
  readonly vectorPeak: number;
  readonly onChipCapacity: number;
  readonly onChipBandwidth: number;
  readonly offChipBandwidth: number;
  readonly unitBytes: number;
  /** Cores, multiprocessors, arrays or tiles. */
  readonly units: number;
  readonly joulesPerMac: number;
  readonly joulesPerVectorOperation: number;
}

export interface MachineIssue {
  readonly code: 'unsupported-precision' | 'unknown-mode' | 'power-cap';
  readonly message: string;
}

export const unitCount = (geometry: Geometry): number => {
  switch (geometry.kind) {
    case 'simd-cpu':
      return geometry.clusters.reduce((sum, cluster) => sum + cluster.cores, 0);
    case 'simt-gpu':
      return geometry.multiprocessors.value;
    case 'systolic':
      return geometry.arrays.value;
    case 'spatial':
      return geometry.tiles.value;
  }
};

/** What one unit is called in tables. */
export const UNIT_NAMES: Readonly<Record<Geometry['kind'], string>> = {
  'simd-cpu': 'core',
  'simt-gpu': 'SM',
  systolic: 'array',
  spatial: 'tile',
};

export interface MachineOptions {
  readonly precision?: Precision;
  /** Name of a power mode; the first one of the device unless stated. */
  readonly mode?: string;
}

/** Resolves what is asked for against what the device has; a refusal is data, with what would be possible. */
export const resolveMachine = (
  device: Device,
  runtime: Runtime,
  { precision = device.defaultPrecision, mode: modeName }: MachineOptions = {},
): Machine | MachineIssue => {
  const peak = device.matrixPeaks[precision];
  const energy = device.energy.perMac[precision];
  if (peak === undefined || energy === undefined) {
    const supported = Object.keys(device.matrixPeaks).join(', ');
    return {
      code: 'unsupported-precision',
      message: `${device.id} has no ${precision} arithmetic; it has ${supported}`,
    };
  }
  const mode =
    modeName === undefined ? device.power.modes[0] : device.power.modes.find(({ name }) => name === modeName);
  if (mode === undefined) {
    const names = device.power.modes.map(({ name }) => name).join(', ');
    return { code: 'unknown-mode', message: `${device.id} has no power mode "${modeName}"; it has ${names}` };
  }
  const staticWatts = device.power.static.value;
  if (mode.cap.value <= staticWatts) {
    const message = `${device.id} in mode ${mode.name}: a cap of ${mode.cap.value} W leaves nothing beside ${staticWatts} W of static power`;
    return { code: 'power-cap', message };
  }
  const { geometry } = device;
  const calibration = selectCalibration(geometry.kind, device.id, runtime.id, precision);
  return {
    device,
    runtime,
    precision,
    mode,
    calibration,
    constants: calibration.constants,
    geometry,
    elementBytes: DTYPE_BYTES[precision],
    matrixPeak: peak.value,
    vectorPeak: device.vectorPeak.value,
    onChipCapacity: device.onChip.capacity.value,
    onChipBandwidth: device.onChip.bandwidth.value,
    offChipBandwidth: device.offChip.bandwidth.value,
    unitBytes: device.onChip.perUnit.value,
    units: unitCount(geometry),
    joulesPerMac: energy.value,
    joulesPerVectorOperation: device.energy.perVectorOperation.value,
  };
};

/** The machine at another precision; the machine itself where its device has no such arithmetic, and works wider. */
export const machineAt = (machine: Machine, precision: Precision | undefined): Machine => {
  if (precision === undefined || precision === machine.precision) return machine;
  const other = resolveMachine(machine.device, machine.runtime, { precision, mode: machine.mode.name });
  return isMachine(other) ? other : machine;
};

export const isMachine = (result: Machine | MachineIssue): result is Machine => 'device' in result;
