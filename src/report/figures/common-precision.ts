/** Every device at the study's common precision: the one comparison of devices that a report makes. */
import type { Study, StudyCell, StudyDevice, StudyModel } from '../../explore/study.ts';
import { cellLatency } from './lookup.ts';
import { geometricMean } from './statistics.ts';
import { isCalibrated, isHypothetical, targetTitle } from './target.ts';
import { listOf, verb } from './text.ts';

/** The common-precision cells by model and device, and the device that ratios are against: the study's first. */
export interface CommonFigures {
  readonly reference: StudyDevice;
  cell(model: StudyModel, target: StudyDevice): StudyCell;
  /** Latency on the reference device over latency on this one: how many times faster it is. */
  speedUp(model: StudyModel, target: StudyDevice): number;
  meanSpeedUp(target: StudyDevice): number;
}

export const commonFigures = (study: Study, reference: StudyDevice): CommonFigures => {
  const precision = study.options.commonPrecision;
  // The same cells as study.commonPrecisionCells, looked up by model and device.
  const cell = (model: StudyModel, target: StudyDevice) => study.cell(model, target, { precision });
  const speedUp = (model: StudyModel, target: StudyDevice) =>
    cellLatency(cell(model, reference)) / cellLatency(cell(model, target));
  return {
    reference,
    cell,
    speedUp,
    meanSpeedUp: (target) => geometricMean(study.models.map((model) => speedUp(model, target))),
  };
};

/** Why there is this table, what still differs, and which figures leave their calibration. */
export const commonPrecisionCaveats = (study: Study): readonly string[] => {
  const { commonPrecision } = study.options;
  const names = (targets: readonly StudyDevice[]) => listOf(targets.map((target) => targetTitle(study, target)));
  const other = study.devices.filter(({ precision }) => precision !== commonPrecision);
  const left = study.devices.filter(
    (target) => isCalibrated(study, target) && !isCalibrated(study, target, commonPrecision),
  );
  const never = study.devices.filter(
    (target) => !isCalibrated(study, target) && !isCalibrated(study, target, commonPrecision),
  );
  const hypothetical = study.devices.filter(isHypothetical);
  const runtimes = new Set(study.devices.map(({ runtime }) => runtime.id));
  return [
    'A ratio of latencies at two precisions mixes the device with the choice of the number format, so it is not a comparison of devices. ' +
      (other.length === 0
        ? `All devices of this study run ${commonPrecision} in the other tables, too.`
        : `The other tables give each device the precision that is usual on it, which for ${names(other)} is not ${commonPrecision}.`),
    ...(left.length === 0
      ? []
      : [
          `${names(left)} ${verb(left.length, 'is', 'are')} calibrated at ${listOf([...new Set(left.map(({ precision }) => precision))])} only: at ${commonPrecision} ${verb(left.length, 'its figures are', 'their figures are')} outside the calibration and rest on a prior.`,
        ]),
    ...(never.length === 0
      ? []
      : [`${names(never)} ${verb(never.length, 'is', 'are')} uncalibrated at any precision used here.`]),
    ...(hypothetical.length === 0
      ? []
      : [
          `${names(hypothetical)} ${verb(hypothetical.length, 'is a hypothetical device', 'are hypothetical devices')}.`,
        ]),
    ...(runtimes.size > 1
      ? ['The runtimes still differ between the devices (see the second table), and with them fusion and overhead.']
      : []),
    `Accuracies in this report are those of the published weights; what ${commonPrecision} costs in accuracy is not part of it.`,
  ];
};
