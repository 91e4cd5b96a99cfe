/** What a report says about a device of the study: its names, its peak, and how far its predictions reach. */

import type { Estimate } from '../../estimate/estimate.ts';
import { isMachine, type Machine, resolveMachine } from '../../estimate/machine.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import type { PowerMode } from '../../hardware/device.ts';
import type { Precision } from '../../ir/dtype.ts';
import { formatNumber, formatPercent, formatSI } from '../../units/format.ts';
import { capitalized, counted } from './text.ts';

const kebab = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** What tells one study device from another of the same hardware; empty where there is only one. */
const distinction = (study: Study, target: StudyDevice): readonly string[] => {
  const same = study.devices.filter(({ device }) => device.id === target.device.id);
  if (same.length < 2) return [];
  const differs = (pick: (device: StudyDevice) => string) => new Set(same.map(pick)).size > 1;
  const mode = (device: StudyDevice) => modeOf(device).name;
  return [
    ...(differs(({ precision }) => precision) ? [target.precision] : []),
    ...(differs(({ runtime }) => runtime.id) ? [target.runtime.title] : []),
    ...(differs(mode) ? [mode(target)] : []),
  ];
};

/** For column keys and chart ids: the device's id in kebab case. */
export const targetId = (study: Study, target: StudyDevice): string =>
  kebab([target.device.id, ...distinction(study, target)].join(' '));

export const targetTitle = (study: Study, target: StudyDevice): string => {
  const parts = distinction(study, target);
  return parts.length === 0 ? target.device.name : `${target.device.name} (${parts.join(', ')})`;
};

/** Integer work goes through the same counters and is labelled OPs. */
export const operationUnit = (precision: Precision): 'OP' | 'FLOP' => (precision.startsWith('int') ? 'OP' : 'FLOP');

/** The power mode that the study runs it in. */
export const modeOf = ({ device, powerMode }: StudyDevice): PowerMode =>
  device.power.modes.find(({ name }) => name === powerMode) ?? device.power.modes[0];

/** With the peaks and bandwidths of the power mode; `undefined` at a precision that the device does not have. */
const machineOf = (target: StudyDevice, precision: Precision = target.precision): Machine | undefined => {
  const machine = resolveMachine(target.device, target.runtime, { precision, mode: modeOf(target).name });
  return isMachine(machine) ? machine : undefined;
};

export const matrixPeak = (target: StudyDevice, precision: Precision): number | null =>
  machineOf(target, precision)?.matrixPeak ?? null;

export const vectorPeak = (target: StudyDevice): number => machineOf(target)?.vectorPeak ?? Number.NaN;

export const onChipBandwidth = (target: StudyDevice): number => machineOf(target)?.onChipBandwidth ?? Number.NaN;

export const offChipBandwidth = (target: StudyDevice): number => machineOf(target)?.offChipBandwidth ?? Number.NaN;

/** Operations per byte from which on the matrix peak, not the memory off chip, is the lower roof. */
export const ridgePoint = (target: StudyDevice): number | null => {
  const peak = matrixPeak(target, target.precision);
  return peak === null ? null : peak / offChipBandwidth(target);
};

/** The calibration depends on device, runtime and precision, not on the model: any model's cell shows it. */
export const calibrationOf = (
  study: Study,
  target: StudyDevice,
  precision: Precision = target.precision,
): Estimate['calibration'] => study.cell(study.baseline, target, { precision }).estimate.calibration;

export const isCalibrated = (study: Study, target: StudyDevice, precision?: Precision): boolean =>
  calibrationOf(study, target, precision).kind === 'calibrated';

export const isHypothetical = ({ device }: StudyDevice): boolean => device.status === 'hypothetical';

/** "calibrated", "uncalibrated", "hypothetical device, uncalibrated". */
export const standing = (study: Study, target: StudyDevice): string => {
  const calibration = isCalibrated(study, target) ? 'calibrated' : 'uncalibrated';
  return isHypothetical(target) ? `hypothetical device, ${calibration}` : calibration;
};

/** Calibrations are of time: no energy is calibrated. */
export const energyStanding = (target: StudyDevice): string =>
  isHypothetical(target) ? 'hypothetical device, energy uncalibrated' : 'energy uncalibrated';

/** How a device's intervals come about: "×0.87 to ×1.18". */
export const intervalFactors = (study: Study, target: StudyDevice, precision?: Precision): string => {
  const { low, high } = calibrationOf(study, target, precision).interval;
  return `×${formatNumber(low)} to ×${formatNumber(high)}`;
};

/** Peak, bandwidth, ridge point, precision, runtime and standing, as sentences. */
export const targetSentence = (study: Study, target: StudyDevice): string => {
  const { device, precision, runtime } = target;
  const unit = operationUnit(precision);
  const peak = matrixPeak(target, precision);
  const ridge = ridgePoint(target);
  const mode = modeOf(target).name;
  const roofs =
    peak === null || ridge === null
      ? `it has no ${precision} peak`
      : `dense peak ${formatSI(peak, `${unit}/s`)}, ${device.offChip.name} at ${formatSI(offChipBandwidth(target), 'B/s')}, ` +
        `ridge point ${formatNumber(ridge)} ${unit}/B`;
  return `Runs ${precision} under ${runtime.title} in the ${mode} power mode: ${roofs}. ${capitalized(standingSentence(study, target))}`;
};

/** "calibrated on ...", or whose prior the figures rest on. */
const standingSentence = (study: Study, target: StudyDevice): string => {
  const { kind, interval, heldOut, architecture } = calibrationOf(study, target);
  const level = formatPercent(interval.level, 0);
  const factors = intervalFactors(study, target);
  const hypothetical = isHypothetical(target) ? 'the device is hypothetical: no silicon exists. ' : '';
  if (kind === 'prior') {
    const text = `these predictions are uncalibrated: constants and ${level} intervals (${factors}) are a prior for ${architecture} machines.`;
    return hypothetical === '' ? text : hypothetical + capitalized(text);
  }
  const error =
    heldOut === undefined
      ? 'the record states no held-out error'
      : `mean absolute percentage error ${formatPercent(heldOut.mape)} on ${counted(heldOut.rows, 'held-out row')}`;
  const text = `these predictions are calibrated on measurements of this device, runtime and precision (${error}); ${level} intervals are ${factors}.`;
  return hypothetical === '' ? text : hypothetical + capitalized(text);
};
