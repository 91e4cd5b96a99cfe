/** The findings of the executive summary, each a sentence made of a study's figures. */
import { BOUNDS, type Bound } from '../../estimate/roofs.ts';
import type { Study, StudyCell, StudyDevice, StudyModel } from '../../explore/study.ts';
import { OPERATOR_CLASS_TITLES } from '../../ops/classes.ts';
import { formatNumber, formatPercent, formatRatio, formatSI } from '../../units/format.ts';
import { accuracyFront, accuracyPoints, kneeOf } from './accuracy.ts';
import { cellLatency, cellsOn, efficiencyScore, flopRatio, leastBy, mostBy, ratioOn } from './lookup.ts';
import { classShares } from './roofline.ts';
import { calibrationOf, isCalibrated, isHypothetical, targetTitle } from './target.ts';
import { capitalized, counted, countedOf, groupedBy, latencyText, listOf, verb, verbOf } from './text.ts';

interface Fewest {
  readonly model: StudyModel;
  /** "FLOPs (121 MFLOPs, 3.3 % of Y's)"; no share where it is the baseline itself. */
  readonly text: string;
}

const fewest = (
  study: Study,
  what: string,
  pick: (model: StudyModel) => number,
  amount: (value: number) => string,
): Fewest => {
  const model = leastBy(study.models, pick);
  const { baseline } = study;
  const share = model === baseline ? '' : `, ${formatPercent(pick(model) / pick(baseline))} of ${baseline.title}'s`;
  return { model, text: `the fewest ${what} (${amount(pick(model))}${share})` };
};

export const efficiencyFinding = (study: Study): string => {
  const flops = fewest(
    study,
    'FLOPs',
    ({ common }) => common.totals.flops,
    (value) => formatSI(value, 'FLOPs'),
  );
  const parameters = fewest(
    study,
    'parameters',
    ({ common }) => common.totals.params,
    (value) => formatSI(value, ''),
  );
  const name = ({ title }: StudyModel) => (title === study.baseline.title ? `the baseline ${title}` : title);
  const both =
    flops.model === parameters.model
      ? `${name(flops.model)} has ${flops.text} and ${parameters.text}`
      : `${name(flops.model)} has ${flops.text}, ${name(parameters.model)} ${parameters.text}`;
  const best = mostBy(study.models, (model) => efficiencyScore(study, model));
  return (
    `**Efficiency by counts.** At ${study.options.resolution}×${study.options.resolution} ${both}. ` +
    `The highest [efficiency score](#model-complexity) is ${formatNumber(efficiencyScore(study, best))} (${best.title}).`
  );
};

/** Per device the model at which the front bends most, the same model said once. */
export const kneeFinding = (study: Study): string | undefined => {
  const knees = study.devices.flatMap((target) => {
    const knee = kneeOf(accuracyFront(accuracyPoints(study, target)));
    return knee === undefined ? [] : [{ target, knee }];
  });
  if (knees.length === 0) return undefined;
  const groups = groupedBy(knees, ({ knee }) => knee.cell.model.title).map(({ key, items }) => {
    const top1 = formatPercent(items[0]?.knee.top1 ?? Number.NaN);
    const places = items.map(
      ({ target, knee }) => `${targetTitle(study, target)} in ${latencyText(knee.cell.estimate)}`,
    );
    return `${key} (top-1 ${top1}) on ${listOf(places)}`;
  });
  const without = study.devices.length - knees.length;
  const rest =
    without === 0
      ? ''
      : ` ${capitalized(countedOf(without, study.devices.length, 'front'))} ${verbOf(without, study.devices.length, 'has', 'have')} no knee.`;
  return `**Best accuracy for the time.** The knee of the Pareto front (its point furthest above the straight line between its ends, time on a logarithmic scale) is ${groups.join('; ')}.${rest} Latencies are at native resolution; see [accuracy](#accuracy).`;
};

interface Disagreement {
  readonly cell: StudyCell;
  readonly timeRatio: number;
  readonly factor: number;
}

/** The model and device where time relative to the baseline is furthest from FLOPs relative to it. */
export const disagreementFinding = (study: Study): string | undefined => {
  const points = study.devices.flatMap((target) =>
    study.models
      .filter((model) => model !== study.baseline)
      .map((model): Disagreement => {
        const timeRatio = ratioOn(study, model, target, cellLatency);
        return { cell: study.cell(model, target), timeRatio, factor: timeRatio / flopRatio(study, model) };
      }),
  );
  if (points.length === 0) return undefined;
  const { cell, timeRatio, factor } = mostBy(points, (point) => Math.abs(Math.log(point.factor)));
  const { estimate, model, target } = cell;
  const leading = mostBy(BOUNDS, (bound) => estimate.timeByBound[bound]);
  return (
    `**FLOPs are not time.** They disagree most for ${model.title} on ${targetTitle(study, target)}: ${formatRatio(flopRatio(study, model))} ` +
    `${study.baseline.title}'s FLOPs and ${formatRatio(timeRatio)} its predicted time, a factor of ${formatNumber(factor > 1 ? factor : 1 / factor)} between the two; ` +
    `${formatPercent(estimate.timeByBound[leading], 0)} of that time is ${boundNoun(leading)}.${shareSentence(study)}`
  );
};

const boundNoun = (bound: Bound): string => (bound === 'overhead' || bound === 'power' ? bound : `bound by ${bound}`);

/** The class of work that takes most time beyond its share of the FLOPs, of those with a noticeable share of them. */
const shareSentence = (study: Study): string => {
  const shares = study.devices.flatMap((target) => {
    const cells = cellsOn(study, target);
    return cells.flatMap((cell) =>
      classShares(study, cell).filter(({ class: name }) =>
        cell.model.common.classes.some((totals) => totals.class === name && totals.macs > 0),
      ),
    );
  });
  const worst = mostBy(shares, ({ shareOfTime, shareOfFlops }) => shareOfTime - shareOfFlops);
  if (worst.shareOfTime <= worst.shareOfFlops) return '';
  const { model, target } = worst.cell;
  return (
    ` Among kernels with multiply-accumulates, ${OPERATOR_CLASS_TITLES[worst.class].toLowerCase()} in ${model.title} on ${targetTitle(study, target)} ` +
    `exceeds its share of the FLOPs most: ${formatPercent(worst.shareOfFlops)} of the FLOPs, ${formatPercent(worst.shareOfTime)} of the predicted time.`
  );
};

/** "compute bounds all 9 models", "overhead bounds 6 of 9 models and compute 3". */
const boundsOn = (study: Study, target: StudyDevice): string => {
  const groups = groupedBy(cellsOn(study, target), ({ estimate }) => estimate.bound);
  const sorted = [...groups].sort((a, b) => b.items.length - a.items.length);
  return listOf(
    sorted.map(({ key, items }, index) =>
      index === 0 ? `${key} bounds ${countedOf(items.length, study.models.length, 'model')}` : `${key} ${items.length}`,
    ),
  );
};

export const boundFinding = (study: Study): string => {
  const groups = groupedBy(study.devices, (target) => boundsOn(study, target));
  const parts = groups.map(
    ({ key, items }) => `${key} on ${listOf(items.map((target) => targetTitle(study, target)))}`,
  );
  return `**What bounds the time.** At batch 1, ${parts.join('; ')}. See [rooflines](#roofline).`;
};

const heldOutText = (study: Study, target: StudyDevice): string => {
  const { heldOut } = calibrationOf(study, target);
  const setting = `${targetTitle(study, target)} (${target.precision}, ${target.runtime.title})`;
  if (heldOut === undefined) return `${setting} is calibrated, without a held-out error on record`;
  return (
    `on ${setting} the calibrated model of time errs by ${formatPercent(heldOut.mape)} in the mean and ${formatPercent(heldOut.medianApe)} in the median ` +
    `over ${counted(heldOut.rows, 'measurement')} of ${counted(heldOut.families, 'model family', 'model families')}, each family predicted by a fit to the others`
  );
};

export const trustFinding = (study: Study): string => {
  const names = (targets: readonly StudyDevice[]) => listOf(targets.map((target) => targetTitle(study, target)));
  const calibrated = study.devices.filter((target) => isCalibrated(study, target));
  const others = study.devices.filter((target) => !isCalibrated(study, target));
  const hypothetical = study.devices.filter(isHypothetical);
  const parts = [
    ...calibrated.map((target) => heldOutText(study, target)),
    ...(others.length === 0
      ? []
      : [`${names(others)} ${verb(others.length, 'is', 'are')} uncalibrated, with wide intervals taken from a prior`]),
    ...(hypothetical.length === 0
      ? []
      : [
          `${names(hypothetical)} ${verb(hypothetical.length, 'is a hypothetical device', 'are hypothetical devices')}`,
        ]),
  ];
  return `**How far to trust this.** ${capitalized(parts.join('; '))}.`;
};
