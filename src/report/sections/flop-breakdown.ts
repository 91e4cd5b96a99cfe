import type { Study, StudyDevice, StudyModel } from '../../explore/study.ts';
import { formatPercent, formatRatio } from '../../units/format.ts';
import { classShare, percent, timeChart, timeTable, workChart, workTable } from '../figures/breakdown.ts';
import { contrastingTargets, timeByClass } from '../figures/kernels.ts';
import { coverageCallouts } from '../figures/lookup.ts';
import { spanText } from '../figures/phrases.ts';
import { namedTarget, standingNote } from '../figures/standing.ts';
import { counted, verb } from '../figures/text.ts';
import type { Section } from '../section.ts';

const finePercent = (share: number): string => formatPercent(share, 1);

const opening = (study: Study, separable: readonly StudyModel[]): string => {
  if (separable.length === 0) return 'No model of this study has depthwise convolutions.';
  const depthwise = separable.map((model) => classShare(model, 'depthwise-conv', 'shareOfMacs'));
  const pointwise = separable.map((model) => classShare(model, 'pointwise-conv', 'shareOfMacs'));
  const ratios = pointwise.map((share, index) => share / (depthwise[index] as number));
  const having = `the ${counted(separable.length, 'model')} that ${verb(separable.length, 'has', 'have')} them (of ${study.models.length})`;
  return (
    `In ${having}, depthwise convolutions are ${spanText(depthwise, finePercent)} of the MACs ` +
    `and pointwise convolutions ${spanText(pointwise, finePercent)}: ${spanText(ratios, (ratio) => formatRatio(ratio))} as many.`
  );
};

const timeSentence = (study: Study, target: StudyDevice, separable: readonly StudyModel[]): string => {
  const name = namedTarget(study, target);
  const timed = study.models.map((model) => ({ model, time: timeByClass(study, study.cell(model, target)) }));
  const launches = timed.map(({ time }) => time.launchSeconds / time.totalSeconds);
  const launch = `launching kernels and entering the runtime takes ${spanText(launches, percent)} of the predicted time`;
  const depthwise = timed.filter(({ model }) => separable.includes(model));
  if (depthwise.length === 0) return `On ${name} ${launch}.`;
  const shares = depthwise.map(
    ({ time }) => (time.seconds.get('depthwise-conv') ?? 0) / (time.totalSeconds - time.launchSeconds),
  );
  const factors = depthwise.map(
    ({ model }, index) => (shares[index] as number) / classShare(model, 'depthwise-conv', 'shareOfMacs'),
  );
  return (
    `On ${name} ${launch}; of what is left, depthwise kernels take ${spanText(shares, percent)} in the models that have them, ` +
    `${spanText(factors, (factor) => formatRatio(factor))} their share of the MACs.`
  );
};

const otherSentence = (study: Study): string => {
  const shares = study.models.map((model) =>
    model.common.classes.filter(({ macs }) => macs === 0).reduce((sum, { shareOfFlops }) => sum + shareOfFlops, 0),
  );
  return `Operators without multiply-accumulates (normalization, activation, pooling, element-wise) are ${spanText(shares, finePercent)} of the FLOPs.`;
};

export const section: Section = {
  id: 'flop-breakdown',
  title: 'Where the work is',
  order: 100,
  build: (input) => {
    const { study } = input;
    const separable = study.models.filter((model) => classShare(model, 'depthwise-conv', 'shareOfMacs') > 0);
    const targets = contrastingTargets(study);
    const sentences = targets.map((target) => timeSentence(study, target, separable));
    return [
      { kind: 'paragraph', text: `${opening(study, separable)} ${otherSentence(study)}` },
      ...(sentences.length === 0 ? [] : [{ kind: 'paragraph', text: sentences.join(' ') } as const]),
      ...coverageCallouts(study),
      {
        kind: 'callout',
        tone: 'note',
        text: 'Squeeze-and-excitation has no class of its own: its 1×1 convolutions count as pointwise, its mean as pooling, its gate as activation and element-wise.',
      },
      workTable(study, 'shareOfMacs'),
      workTable(study, 'shareOfFlops'),
      workChart(input),
      ...(targets.length === 0
        ? []
        : [
            standingNote(
              study,
              targets.map((target) => study.cell(study.baseline, target)),
            ),
          ]),
      ...targets.flatMap((target) => [timeTable(study, target), timeChart(input, target)]),
    ];
  },
};
