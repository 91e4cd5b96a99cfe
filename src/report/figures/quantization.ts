/** int8 against other precisions on the same device, and published accuracies of quantized networks. */

import { weightBytes } from '../../analysis/memory.ts';
import { type QuantizedAccuracy, quantizedAccuraciesOf } from '../../explore/quantized.ts';
import type { Study, StudyDevice, StudyModel } from '../../explore/study.ts';
import type { Precision } from '../../ir/dtype.ts';
import { cellEnergy, cellLatency } from './lookup.ts';
import { geometricMean } from './statistics.ts';

export const QUANTIZED: Precision = 'int8';
export const FULL: Precision = 'fp32';

/** What int8 is held against: the device's own precision where that is another, and fp32 where the device has it. */
export const referencesOf = (study: Study, target: StudyDevice): readonly Precision[] =>
  [...new Set([target.precision, FULL])].filter(
    (precision) => precision !== QUANTIZED && study.supports(target, precision),
  );

export const quantizable = (study: Study): readonly StudyDevice[] =>
  study.devices.filter((target) => study.supports(target, QUANTIZED));

export interface Gain {
  readonly precision: Precision;
  /** Reference over int8. */
  readonly speed: number;
  readonly energy: number;
  readonly weights: number;
}

export const gainOver = (study: Study, model: StudyModel, target: StudyDevice, precision: Precision): Gain => {
  const narrow = study.cell(model, target, { precision: QUANTIZED });
  const wide = study.cell(model, target, { precision });
  const { params } = model.common.totals;
  return {
    precision,
    speed: cellLatency(wide) / cellLatency(narrow),
    energy: cellEnergy(wide) / cellEnergy(narrow),
    weights: weightBytes(params, precision) / weightBytes(params, QUANTIZED),
  };
};

/** Against the first reference of each device that has one. */
export const mainGains = (study: Study, model: StudyModel): readonly Gain[] =>
  quantizable(study).flatMap((target) => {
    const [precision] = referencesOf(study, target);
    return precision === undefined ? [] : [gainOver(study, model, target, precision)];
  });

export interface MeanGain {
  readonly model: StudyModel;
  /** Geometric means over devices; null where no device has both precisions. */
  readonly speed: number | null;
  readonly energy: number | null;
  /** Bytes of weights from fp32 to int8. */
  readonly savedBytes: number;
}

/** Models by mean predicted speed-up, the greatest first. */
export const priorities = (study: Study): readonly MeanGain[] =>
  study.models
    .map((model): MeanGain => {
      const gains = mainGains(study, model);
      const { params } = model.common.totals;
      return {
        model,
        speed: gains.length === 0 ? null : geometricMean(gains.map(({ speed }) => speed)),
        energy: gains.length === 0 ? null : geometricMean(gains.map(({ energy }) => energy)),
        savedBytes: weightBytes(params, FULL) - weightBytes(params, QUANTIZED),
      };
    })
    .sort((a, b) => (b.speed ?? 0) - (a.speed ?? 0));

/** Points of top-1 lost; null where the source states no float accuracy. Rounded: both figures are decimal. */
export const dropOf = ({ top1, floatTop1 }: QuantizedAccuracy): number | null =>
  floatTop1 === null ? null : Number((floatTop1 - top1).toFixed(6));

/** Weights and activations both in int8: what the study's int8 predictions stand for. */
export const isFullyInt8 = ({ precision }: QuantizedAccuracy): boolean => precision === QUANTIZED;

export const accuraciesOf = ({ name }: StudyModel): readonly QuantizedAccuracy[] => quantizedAccuraciesOf(name);
