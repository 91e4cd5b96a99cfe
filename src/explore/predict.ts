/** One prediction for one row of a table of cases: (device, runtime, precision, layout, model, resolution, batch) as text. */
import type { Calibration } from '../estimate/constants.ts';
import { type Estimate, estimate } from '../estimate/estimate.ts';
import { isMachine, type Machine, resolveMachine } from '../estimate/machine.ts';
import { findRuntime, type Runtime } from '../estimate/runtime.ts';
import { findDevice, findDeviceInMode, modeNamed, nearestDevices } from '../hardware/api.ts';
import type { Device } from '../hardware/device.ts';
import type { Precision } from '../ir/dtype.ts';
import { CountOverflowError } from '../units/count.ts';
import { findModel, nearestModels } from '../zoo/api.ts';
import { compiledModels } from './measured.ts';
import { precisionOf, runtimeOf, zooNameOf } from './measurement-names.ts';
import { imageSizeCell, isIssue, wholeCell } from './table-cells.ts';

/** Cells as written; empty ones take the default of the device or the model. */
export interface PredictionCase {
  readonly device: string;
  readonly runtime: string;
  readonly precision: string;
  readonly layout: string;
  readonly model: string;
  readonly resolution: string;
  readonly batch: string;
}

export interface Prediction {
  readonly ok: true;
  readonly estimate: Estimate;
  /** As the zoo spells it: a runtime that was measured on deployed forms gets that form. */
  readonly model: string;
  /** The record, and how what was asked for differs from it. */
  readonly calibration: string;
}

export interface NoPrediction {
  readonly ok: false;
  readonly code: string;
  readonly message: string;
}

export interface PredictorOptions {
  /** Devices beside the built-in ones, by the text that names them. */
  readonly devices?: ReadonlyMap<string, Device>;
  /** Of `id@MODE`; what does not name a mode is looked up whole. */
  readonly calibrations?: readonly Calibration[];
}

const MAX_BATCH = 65_536;

const refuse = (code: string, message: string): NoPrediction => ({ ok: false, code, message });
const near = (names: readonly string[]): string => (names.length === 0 ? '' : `; did you mean ${names.join(' or ')}?`);

/** Tables of this runtime fuse the branches of networks that are deployed otherwise than trained before they run. */
const runsDeployedForms = ({ framework, version, mode }: Runtime): boolean => {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  const [firstMajor, firstMinor] = FIRST_DEPLOYED;
  if (framework === 'hailort') return true;
  return (
    framework === 'pytorch' &&
    mode === 'inductor' &&
    (major > firstMajor || (major === firstMajor && minor >= firstMinor))
  );
};
const FIRST_DEPLOYED = [2, 9] as const;

/** fp32 with its products in tf32 is plain fp32 on a device that has no tf32. */
const arithmeticOn = ({ matrixPeaks }: Device, precision: Precision): Precision =>
  precision === 'tf32' && matrixPeaks.tf32 === undefined ? 'fp32' : precision;

const calibrationText = ({ runtime, calibration, precision }: Machine, asked: PredictionCase): string => {
  if (calibration.kind !== 'calibrated') return `uncalibrated: ${calibration.id}`;
  const notes = [
    ...(calibration.runtime === undefined || calibration.runtime === runtime.id
      ? []
      : [`nearest version of ${runtime.id}`]),
    ...(asked.layout !== '' && calibration.layout !== undefined && calibration.layout !== asked.layout.toLowerCase()
      ? [`layout ${calibration.layout}`]
      : []),
    ...(calibration.precision === undefined || calibration.precision === precision ? [] : [calibration.precision]),
  ];
  return notes.length === 0 ? calibration.id : `${calibration.id} (${notes.join(', ')})`;
};

/** Predicts case by case; models and machines are made once. */
export const predictor = ({ devices = new Map(), calibrations = [] }: PredictorOptions = {}) => {
  const compiled = compiledModels();
  const machines = new Map<string, Machine | NoPrediction>();

  const newMachine = (asked: PredictionCase): Machine | NoPrediction => {
    if (asked.device === '') return refuse('missing-device', 'no device: expected an id or an alias');
    const found = findDeviceInMode(asked.device, (name) => devices.get(name) ?? findDevice(name));
    if (found === undefined) {
      return refuse(
        'unknown-device',
        `no device is called "${asked.device.slice(0, 60)}"${near(nearestDevices(asked.device))}`,
      );
    }
    const { device, mode } = found;
    const written = precisionOf(asked.precision);
    if (asked.precision !== '' && written === undefined) {
      return refuse(
        'unknown-precision',
        `"${asked.precision.slice(0, 60)}" is no precision: expected one such as fp32, fp16, amp-fp16 or int8`,
      );
    }
    const name = asked.runtime === '' ? undefined : runtimeOf(asked.runtime, asked.precision, device.id);
    const runtime = findRuntime(asked.runtime === '' ? device.defaultRuntime : (name?.id ?? asked.runtime));
    if (runtime === undefined) {
      return refuse(
        'unknown-runtime',
        `"${asked.runtime.slice(0, 60)}" is no runtime that is known: expected one such as pytorch-2.4-eager, tensorrt-8.4 or tflite-2.7`,
      );
    }
    const named = mode === undefined ? undefined : modeNamed(device, mode);
    if (mode !== undefined && named === undefined) {
      return refuse(
        'unknown-mode',
        `${device.id} has no power mode "${mode}": expected one of ${device.power.modes.map((each) => each.name).join(', ')}`,
      );
    }
    const machine = resolveMachine(device, runtime, {
      precision: arithmeticOn(device, written?.precision ?? device.defaultPrecision),
      ...(asked.layout !== '' && { layout: asked.layout.toLowerCase() }),
      ...(named !== undefined && { mode: named.name }),
    });
    if (!isMachine(machine)) return refuse(machine.code, machine.message);
    const own = calibrations.find(
      (record) =>
        record.device === device.id &&
        record.runtime === runtime.id &&
        (record.precision ?? machine.precision) === machine.precision,
    );
    return own === undefined ? machine : { ...machine, calibration: own, constants: own.constants };
  };

  return (asked: PredictionCase): Prediction | NoPrediction => {
    const key = [asked.device, asked.runtime, asked.precision, asked.layout].join('\n');
    const machine = machines.get(key) ?? newMachine(asked);
    machines.set(key, machine);
    if ('ok' in machine) return machine;
    const zoo = zooNameOf(asked.model);
    const entry = zoo && findModel(zoo.name);
    if (zoo === undefined || entry === undefined) {
      return refuse(
        'unknown-model',
        `no model of the zoo is called "${asked.model.slice(0, 60)}"${near(nearestModels(asked.model))}`,
      );
    }
    const size = imageSizeCell(asked.resolution);
    if (isIssue(size)) return refuse(size.code, `resolution: ${size.message}`);
    const batch = wholeCell(asked.batch, 'batch', MAX_BATCH);
    if (isIssue(batch)) return refuse(batch.code, `batch: ${batch.message}`);
    const resolution = size.value?.height ?? zoo.resolution ?? entry.variant.nativeResolution;
    const deployed = runsDeployedForms(machine.runtime)
      ? entry.family.variants.find(({ formOf, name }) => formOf === entry.variant.name && name.endsWith('_deploy'))
      : undefined;
    const name = (deployed ?? entry.variant).name;
    const model = compiled(name, resolution);
    if (model === undefined)
      return refuse('illegal-resolution', `${name} cannot be built at ${resolution} × ${resolution}`);
    try {
      const result = estimate(model.workload(machine.fusion), machine, batch.value ?? 1);
      const difference =
        zoo.difference === undefined ? '' : `; the model is taken for ${name}, though ${zoo.difference}`;
      return { ok: true, estimate: result, model: name, calibration: calibrationText(machine, asked) + difference };
    } catch (error) {
      if (error instanceof CountOverflowError) return refuse(error.code, error.message);
      throw error;
    }
  };
};
