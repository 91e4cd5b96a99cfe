/** What int8 buys, predicted, and what it costs in accuracy, published. */

import { weightBytes } from '../../analysis/memory.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import type { Precision } from '../../ir/dtype.ts';
import { formatNumber, formatRatio } from '../../units/format.ts';
import { mostBy } from '../figures/lookup.ts';
import { spanText } from '../figures/phrases.ts';
import { accuraciesOf, dropOf, isFullyInt8, QUANTIZED, quantizable, referencesOf } from '../figures/quantization.ts';
import {
  accuracyTable,
  chart,
  deviceTable,
  gainsOn,
  knownDrops,
  priorityTable,
  ratio,
} from '../figures/quantization-blocks.ts';
import { namedTarget, standingNote } from '../figures/standing.ts';
import { targetTitle } from '../figures/target.ts';
import { countedOf, groupedBy, listOf, verb } from '../figures/text.ts';
import type { Section } from '../section.ts';

/** Claims of the report of 2025-10-17 that the figures answer. */
const CLAIMED_DROP_POINTS = 1;

const CLAIMED_SPEED = { low: 2, high: 4 } as const;

const points = (value: number): string => `${formatNumber(value, 2)} points`;

const gainSentence = (study: Study, targets: readonly StudyDevice[]): string => {
  const spans = targets.map((target) => {
    const gains = gainsOn(study, target);
    const speeds = spanText(
      gains.map(({ speed }) => speed),
      ratio,
    );
    return `${speeds} over ${gains[0]?.precision} on ${namedTarget(study, target)}`;
  });
  const all = targets.flatMap((target) => gainsOn(study, target));
  const claimed = all.filter(({ speed }) => speed >= CLAIMED_SPEED.low && speed <= CLAIMED_SPEED.high).length;
  const energies = spanText(
    all.map(({ energy }) => energy),
    ratio,
  );
  return (
    `At batch 1 ${QUANTIZED} is predicted to be faster by ${listOf(spans)}; the energy per inference at those precisions is ${energies} that at ${QUANTIZED}. ` +
    `The report of 2025-10-17 expected ${CLAIMED_SPEED.low}-${CLAIMED_SPEED.high}× on edge devices: the prediction is within that in ${countedOf(claimed, all.length, 'case')} (one model on one device).`
  );
};

const weightSentence = (study: Study, targets: readonly StudyDevice[]): string => {
  const { params } = study.baseline.common.totals;
  const parts = groupedBy(
    targets.flatMap((target) => referencesOf(study, target)),
    (precision) => formatRatio(weightBytes(params, precision) / weightBytes(params, QUANTIZED)),
  );
  return `Weights at ${parts.map(({ key, items }) => `${listOf([...new Set(items)])} take ${key} the bytes of ${QUANTIZED}`).join(', at ')}.`;
};

/** "Accuracy drop < 1 %", answered from published rows. */
const claimSentences = (study: Study): string => {
  const rows = study.models.flatMap((model) => accuraciesOf(model).map((row) => ({ model, row })));
  const stated = rows.filter(({ row }) => isFullyInt8(row) && dropOf(row) !== null);
  const missing = study.models.filter((model) => knownDrops(accuraciesOf(model)).length === 0);
  const none =
    missing.length === 0
      ? ''
      : ` No such row was found for ${listOf(missing.map(({ title }) => title))}: ${verb(missing.length, 'its', 'their')} drop is unknown.`;
  if (stated.length === 0) return none.trim();
  const drop = ({ row }: (typeof stated)[number]): number => dropOf(row) ?? Number.NaN;
  const below = (part: readonly (typeof stated)[number][]): number =>
    part.filter((one) => drop(one) < CLAIMED_DROP_POINTS).length;
  const worst = mostBy(stated, drop);
  const whole = Math.max(...stated.map(({ row }) => row.validationImages));
  const partial = stated.filter(({ row }) => row.validationImages < whole).length;
  const methods = groupedBy(stated, ({ row }) => row.method).map(
    ({ key, items }) => `${key}: ${below(items)} of ${items.length}`,
  );
  const always = study.models.filter((model) => {
    const drops = knownDrops(accuraciesOf(model));
    return drops.length > 0 && drops.every((value) => value < CLAIMED_DROP_POINTS);
  });
  const held = always.length === 0 ? 'no model' : listOf(always.map(({ title }) => title));
  return (
    `The claim of an accuracy drop below ${CLAIMED_DROP_POINTS} point holds in ${countedOf(below(stated), stated.length, 'published row')} with weights and activations in ${QUANTIZED} ` +
    `(by method, ${methods.join('; ')}; ${partial} of the rows on a part of the validation images). It holds in every row of ${held}. The largest drop is ${points(drop(worst))} (${worst.model.title}, ${worst.row.method}).${none}`
  );
};

const uncalibratedNote = (study: Study, targets: readonly StudyDevice[]): string => {
  const kind = (target: StudyDevice, precision: Precision) =>
    study.cell(study.baseline, target, { precision }).estimate.calibration.kind;
  const without = targets.filter((target) => kind(target, QUANTIZED) === 'prior');
  const mixed = without.filter((target) => referencesOf(study, target).some((p) => kind(target, p) === 'calibrated'));
  if (without.length === 0) return '';
  const across =
    mixed.length === 0
      ? ''
      : ` On ${listOf(mixed.map((target) => targetTitle(study, target)))} the ratio sets an uncalibrated ${QUANTIZED} against a calibrated precision.`;
  return `${QUANTIZED} is uncalibrated on ${countedOf(without.length, targets.length, 'device')} of this section: its gains follow from peaks, bytes and constants of the class of device, not from measurements.${across}`;
};

export const section: Section = {
  id: 'quantization',
  title: 'Quantization to int8',
  order: 150,
  build: (input) => {
    const { study } = input;
    const targets = quantizable(study);
    const compared = targets.filter((target) => referencesOf(study, target).length > 0);
    const lacking = study.devices.filter((target) => !targets.includes(target));
    const rows = study.models.flatMap(accuraciesOf);
    const note = uncalibratedNote(study, compared);
    const left = [
      lacking.length === 0
        ? ''
        : `${listOf(lacking.map((target) => namedTarget(study, target)))} ${verb(lacking.length, 'has', 'have')} no ${QUANTIZED} arithmetic.`,
    ].filter((text) => text !== '');
    return [
      ...(compared.length === 0
        ? [
            {
              kind: 'paragraph',
              text: `No device of this study has ${QUANTIZED} beside another precision: no gain can be predicted.`,
            } as const,
          ]
        : [
            { kind: 'paragraph', text: `${gainSentence(study, compared)} ${weightSentence(study, compared)}` } as const,
          ]),
      { kind: 'paragraph', text: claimSentences(study) },
      ...(note === '' ? [] : [{ kind: 'callout', tone: 'warning', text: note } as const]),
      ...(left.length === 0 ? [] : [{ kind: 'paragraph', text: left.join(' ') } as const]),
      ...(compared.length === 0
        ? []
        : [
            standingNote(
              study,
              compared.flatMap((target) =>
                [QUANTIZED, ...referencesOf(study, target)].map((precision) =>
                  study.cell(study.baseline, target, { precision }),
                ),
              ),
              { energy: true },
            ),
            priorityTable(study),
            chart(input, compared),
          ]),
      ...(rows.length === 0 ? [] : [accuracyTable(study)]),
      ...targets.map((target) => deviceTable(study, target)),
    ];
  },
};
