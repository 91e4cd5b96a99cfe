import type { FusionRulesId } from '../analysis/fusion.ts';
import { OPERATOR_CLASSES } from '../analysis/kernel-kinds.ts';
import { unitFigure } from '../hardware/describe.ts';
import type { Device, Geometry, PowerMode } from '../hardware/device.ts';
import { DTYPE_BYTES, type Precision } from '../ir/dtype.ts';
import { selectCalibration } from './calibrations.ts';
import type { Calibration, TimeConstants } from './constants.ts';
import { fusionIn, type Runtime } from './runtime.ts';

/** A device, a runtime and a precision resolved into plain numbers for the loops. */
export interface Machine {
  readonly device: Device;
  readonly runtime: Runtime;
  readonly precision: Precision;
  /** What the runtime makes of a graph in this precision. */
  readonly fusion: FusionRulesId;
  readonly mode: PowerMode;
  /** Of images, where one was asked for. */
  readonly layout: string | undefined;
  /** Of the compute units in the power mode: clock and how many stay on, over those of the device. */
  readonly speed: number;
  /** What the host takes longer than one of a graphics card, by its clock in the power mode. */
  readonly hostSlowdown: number;
  /** Drawn in the power mode whenever a network runs. */
  readonly staticWatts: number;
  readonly calibration: Calibration;
  readonly constants: TimeConstants;
  readonly geometry: Geometry;
  readonly elementBytes: number;
  readonly matrixPeak: number;
  /** Share of `matrixPeak` that products without a window have: less where the runtime keeps them in a wider type. */
  readonly productShare: number;
  /** Shares of their peak that products without a window, and all others, have issue slots for. */
  readonly issueShares: { readonly plain: number; readonly other: number };
  readonly vectorPeak: number;
  /** Whether convolutions change the layout of images that come channels first: the matrix unit takes them channels last. */
  readonly convertsLayout: boolean;
  readonly onChipCapacity: number;
  readonly onChipBandwidth: number;
  readonly offChipBandwidth: number;
  readonly unitBytes: number;
  /** The processor that runs what the device cannot; 1 at the places in OPERATOR_CLASSES of what that is. */
  readonly host: HostRates | undefined;
  /** On-chip bytes that keep weights from one inference to the next; 0 without such a memory. */
  readonly residentWeightBytes: number;
  /** What all layers share where they are laid out side by side; undefined where they run one after the other. */
  readonly fabric: FabricBytes | undefined;
  /** Cores, multiprocessors, arrays, tiles or engines. */
  readonly units: number;
  readonly joulesPerMac: number;
  readonly joulesPerVectorOperation: number;
}

export interface FabricBytes {
  readonly capacity: number;
  readonly perKernel: number;
  readonly windowRows: number;
}

const fabricBytes = ({ fabric }: Device): FabricBytes | undefined =>
  fabric && { capacity: fabric.capacity.value, perKernel: fabric.perKernel.value, windowRows: fabric.windowRows.value };

/** What a host takes over, and at what rates. */
export interface HostRates {
  readonly takes: Uint8Array;
  readonly operationSeconds: number;
  readonly byteSeconds: number;
  /** There and back. */
  readonly crossingSeconds: number;
}

const hostRates = ({ host }: Device): HostRates | undefined =>
  host && {
    takes: Uint8Array.from(OPERATOR_CLASSES, (name) => (host.unsupported.includes(name) ? 1 : 0)),
    operationSeconds: 1 / host.vectorPeak.value,
    byteSeconds: 1 / host.link.bandwidth.value,
    crossingSeconds: 2 * host.link.transferSeconds.value,
  };

export interface MachineIssue {
  readonly code: 'unsupported-precision' | 'unknown-mode' | 'power-cap';
  readonly message: string;
}

/** All of them, or those that work at a precision where tiles are of several kinds. */
export const unitCount = (geometry: Geometry, precision?: Precision): number => {
  if (geometry.kind === 'simd-cpu') return geometry.clusters.reduce((sum, cluster) => sum + cluster.cores, 0);
  const ofKind =
    geometry.kind === 'spatial' && precision !== undefined ? geometry.tilesByPrecision?.[precision] : undefined;
  return ofKind ?? unitFigure(geometry).value;
};

/**
 * Of the hosts of graphics cards, which a device does not name: the servers behind the public tables at small batches boost
 * to 3.4 GHz (EPYC 7742, DGX A100) and 3.6 GHz (Xeon E5-2698 v4, DGX-1).
 */
const HOST_CLOCK = 3.4e9;

/** What a mode lowers: clock and share of the compute units; and how much longer a host of its clock takes. */
const modeShares = ({ geometry }: Device, mode: PowerMode) => {
  const clock = geometry.kind === 'simd-cpu' ? undefined : geometry.clock.value;
  return {
    clock: clock === undefined || mode.clock === undefined ? 1 : mode.clock.value / clock,
    units: mode.units === undefined ? 1 : mode.units.value / unitCount(geometry),
    hostSlowdown: mode.hostClock === undefined ? 1 : HOST_CLOCK / mode.hostClock.value,
  };
};

/** Of the compute units in a mode: clock and how many stay on, over those of the device. */
export const modeSpeed = (device: Device, mode: PowerMode): number => {
  const { clock, units } = modeShares(device, mode);
  return clock * units;
};

/** The mode with the fastest compute units. */
export const fastestMode = (device: Device): PowerMode =>
  device.power.modes.reduce((best, mode) => (modeSpeed(device, mode) > modeSpeed(device, best) ? mode : best));

/** What one unit is called in tables. */
export const UNIT_NAMES: Readonly<Record<Geometry['kind'], string>> = {
  'simd-cpu': 'core',
  'simt-gpu': 'SM',
  systolic: 'array',
  spatial: 'tile',
  npu: 'engine',
  mcu: 'core',
};

export interface MachineOptions {
  readonly precision?: Precision;
  /** Name of a power mode; the first one of the device unless stated. */
  readonly mode?: string;
  /** Of images in memory ('nchw', 'nhwc'), which runtimes have been measured in both of. */
  readonly layout?: string;
}

/** In 16 bits or fewer, where the runtime computes in them and the device is faster at that. */
const vectorPeakOf = (
  { vectorPeak, halfVectorPeak }: Device,
  { computesHalf }: Runtime,
  precision: Precision,
): number =>
  (computesHalf === true && DTYPE_BYTES[precision] <= 2 && halfVectorPeak ? halfVectorPeak : vectorPeak).value;

/** At a precision without one the vector units take any layout, as the lanes of a CPU do. */
const hasMatrixUnit = (geometry: Geometry, precision: Precision): boolean =>
  geometry.kind === 'simt-gpu' && geometry.operationsPerCycle[precision] !== undefined;

/** Operations of fp32 instructions in every issue slot of a multiprocessor: 4 schedulers, 32 lanes, multiply and add. */
const OPERATIONS_PER_ISSUE = 4 * 32 * 2;

/**
 * Issue slots that a product in fp32 has for multiply-adds; the others go to its loads and addresses. It matters where the
 * lanes could take all of them (GA10x, Hopper and later), not where they take half (Volta, Turing, A100). Chosen: cuBLAS
 * keeps those lanes busy for 73 % of the time on an RTX PRO 6000 and 82 % on an H200 (kernelspace.substack.com, read).
 */
const PRODUCT_ISSUE = 0.75;

/** Share of the fp32 peak that the issue slots of a GPU let products reach. */
const issueShare = ({ geometry, vectorPeak, matrixPeaks }: Device): number => {
  if (geometry.kind !== 'simt-gpu') return 1;
  const perCycle = (matrixPeaks.fp32 ?? vectorPeak).value / (geometry.multiprocessors.value * geometry.clock.value);
  return Math.min(1, (PRODUCT_ISSUE * OPERATIONS_PER_ISSUE) / perCycle);
};

/** Resolves what is asked for against what the device has; a refusal is data, with what would be possible. */
export const resolveMachine = (
  device: Device,
  runtime: Runtime,
  { precision = device.defaultPrecision, mode: modeName, layout }: MachineOptions = {},
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
  const staticWatts = (mode.static ?? device.power.static).value;
  if (mode.cap.value <= staticWatts) {
    const message = `${device.id} in mode ${mode.name}: a cap of ${mode.cap.value} W leaves nothing beside ${staticWatts} W of static power`;
    return { code: 'power-cap', message };
  }
  const { geometry } = device;
  const calibration = selectCalibration({
    ...{ architecture: geometry.kind, device: device.id, runtime, precision },
    ...(layout !== undefined && { layout }),
    ...(mode !== device.power.modes[0] && { powerMode: mode.name }),
  });
  const shares = modeShares(device, mode);
  const speed = shares.clock * shares.units;
  const keepsFull = precision === 'tf32' && runtime.keepsProductsFull === true;
  const onLanes = precision === 'fp32' && !hasMatrixUnit(geometry, precision);
  const images = layout || calibration.layout || runtime.layout;
  return {
    device,
    runtime,
    precision,
    fusion: fusionIn(runtime, precision, images),
    mode,
    layout,
    speed,
    hostSlowdown: shares.hostSlowdown,
    staticWatts,
    calibration,
    constants: calibration.constants,
    geometry,
    elementBytes: DTYPE_BYTES[precision],
    matrixPeak: peak.value * speed,
    productShare: keepsFull ? Math.min(1, (device.matrixPeaks.fp32 ?? device.vectorPeak).value / peak.value) : 1,
    issueShares: { plain: keepsFull || onLanes ? issueShare(device) : 1, other: onLanes ? issueShare(device) : 1 },
    vectorPeak: vectorPeakOf(device, runtime, precision) * speed,
    convertsLayout: runtime.layout !== undefined && images === 'nchw' && hasMatrixUnit(geometry, precision),
    onChipCapacity: device.onChip.capacity.value,
    onChipBandwidth: device.onChip.bandwidth.value * speed,
    offChipBandwidth: (mode.bandwidth ?? device.offChip.bandwidth).value,
    unitBytes: device.onChip.perUnit.value,
    host: hostRates(device),
    residentWeightBytes: device.residentWeights?.value ?? 0,
    fabric: runtime.class === 'dataflow' ? fabricBytes(device) : undefined,
    units: Math.max(1, Math.round(unitCount(geometry, precision) * shares.units)),
    joulesPerMac: energy.value,
    joulesPerVectorOperation: device.energy.perVectorOperation.value,
  };
};

const hasOwnClocks = ({ clock, units, bandwidth, hostClock }: PowerMode): boolean =>
  [clock, units, bandwidth, hostClock].some((figure) => figure !== undefined);

/** Whether the rows of a calibration were measured in another power mode, with clocks of its own. */
export const runsInOtherMode = ({ device, mode }: Machine, { kind, powerMode }: Calibration): boolean => {
  if (kind !== 'calibrated') return false;
  const measured = device.power.modes.find(({ name }) => name === powerMode) ?? device.power.modes[0];
  return measured !== mode && (hasOwnClocks(measured) || hasOwnClocks(mode));
};

/** Inferences that a batch is run in, one after the other: as many as it has images, or one. */
export const roundsOf = ({ runtime }: Machine, batch: number): number => (runtime.batching === 'repeated' ? batch : 1);

/** The machine at another precision; the machine itself where its device has no such arithmetic, and works wider. */
export const machineAt = (machine: Machine, precision: Precision | undefined): Machine => {
  if (precision === undefined || precision === machine.precision) return machine;
  const { layout } = machine;
  const other = resolveMachine(machine.device, machine.runtime, {
    precision,
    mode: machine.mode.name,
    ...(layout !== undefined && { layout }),
  });
  return isMachine(other) ? other : machine;
};

export const isMachine = (result: Machine | MachineIssue): result is Machine => 'device' in result;
