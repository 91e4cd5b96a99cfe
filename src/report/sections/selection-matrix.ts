import type { Study, StudyCell, StudyDevice, StudyModel } from '../../explore/study.ts';
import { formatNumber, formatSI } from '../../units/format.ts';
import type { TableBlock } from '../blocks.ts';
import { flopRatio, leastBy, mostBy, nativeCell, parameterRatio, publishedAccuracy } from '../figures/lookup.ts';
import { matrixPeak, modeOf, targetTitle } from '../figures/target.ts';
import { latencyText } from '../figures/text.ts';
import type { Section } from '../section.ts';

interface Choice {
  readonly priority: string;
  readonly rule: string;
  readonly model: StudyModel | undefined;
  readonly reason: string;
}

const top1 = (model: StudyModel): number => publishedAccuracy(model)?.top1 ?? Number.NEGATIVE_INFINITY;

/** Limits of the rules; each is named in the rule's text. */
const MOBILE_TOP1 = 75;
const CLOUD_TOP1 = 80;
const EDGE_DEADLINE_SECONDS = 0.01;

const lowestPowerDevice = (study: Study): StudyDevice => leastBy(study.devices, (target) => modeOf(target).cap.value);
const ofKind = (study: Study, kind: string): StudyDevice | undefined =>
  study.devices.find(({ device }) => device.geometry.kind === kind);
const fastestPeak = (devices: readonly StudyDevice[]): StudyDevice | undefined =>
  devices.length === 0 ? undefined : mostBy(devices, (target) => matrixPeak(target, target.precision) ?? 0);

const bestCell = (
  study: Study,
  target: StudyDevice | undefined,
  allowed: (cell: StudyCell) => boolean,
  score: (cell: StudyCell) => number,
): StudyCell | undefined => {
  if (target === undefined) return undefined;
  const cells = study.models.map((model) => nativeCell(study, model, target)).filter(allowed);
  return cells.length === 0 ? undefined : mostBy(cells, score);
};

const ultraLowPower = (study: Study): Choice => {
  const target = lowestPowerDevice(study);
  const cell = bestCell(
    study,
    target,
    () => true,
    ({ estimate }) => -estimate.energyPerInferenceJoules,
  );
  return {
    priority: 'Ultra-low power',
    rule: `least predicted energy per inference on ${targetTitle(study, target)}, the device with the lowest power cap`,
    model: cell?.model,
    reason: cell === undefined ? '' : `${formatSI(cell.estimate.energyPerInferenceJoules, 'J')} per inference`,
  };
};

const balanced = (study: Study): Choice => {
  const lighter = study.models.filter((model) => flopRatio(study, model) < 1 && parameterRatio(study, model) < 1);
  const model = lighter.length === 0 ? undefined : mostBy(lighter, top1);
  return {
    priority: 'Balanced efficiency',
    rule: `highest top-1 with fewer FLOPs and fewer parameters than ${study.baseline.title} at ${study.options.resolution} px`,
    model,
    reason:
      model === undefined
        ? ''
        : `${formatNumber(top1(model))} % top-1 with ${formatNumber(flopRatio(study, model))} of the FLOPs and ` +
          `${formatNumber(parameterRatio(study, model))} of the parameters`,
  };
};

const mobile = (study: Study): Choice => {
  const target = ofKind(study, 'simd-cpu');
  const cell = bestCell(
    study,
    target,
    ({ model }) => top1(model) >= MOBILE_TOP1,
    ({ estimate }) => -estimate.latencySeconds,
  );
  return {
    priority: 'Mobile performance',
    rule: `shortest predicted latency${target === undefined ? '' : ` on ${targetTitle(study, target)}`} with at least ${MOBILE_TOP1} % top-1`,
    model: cell?.model,
    reason: cell === undefined ? '' : latencyText(cell.estimate),
  };
};

const edgeServer = (study: Study): Choice => {
  const target = fastestPeak(study.devices.filter(({ device }) => device.geometry.kind === 'spatial'));
  const inTime = ({ estimate }: StudyCell) => estimate.interval.highSeconds <= EDGE_DEADLINE_SECONDS;
  const cell = bestCell(study, target, inTime, ({ model }) => top1(model));
  return {
    priority: 'Edge server',
    rule: `highest top-1 whose interval ends below ${formatSI(EDGE_DEADLINE_SECONDS, 's')}${target === undefined ? '' : ` on ${targetTitle(study, target)}`}`,
    model: cell?.model,
    reason: cell === undefined ? '' : latencyText(cell.estimate),
  };
};

const cloud = (study: Study): Choice => {
  const target = fastestPeak(study.devices);
  const batch = Math.max(...study.options.batches);
  const cells =
    target === undefined
      ? []
      : study.models
          .filter((model) => top1(model) >= CLOUD_TOP1)
          .map((model) => study.cell(model, target, { batch, resolution: model.nativeResolution }));
  const cell = cells.length === 0 ? undefined : mostBy(cells, ({ estimate }) => estimate.throughputPerSecond);
  return {
    priority: 'Cloud, high accuracy',
    rule: `highest predicted throughput at batch ${batch}${target === undefined ? '' : ` on ${targetTitle(study, target)}`} with at least ${CLOUD_TOP1} % top-1`,
    model: cell?.model,
    reason: cell === undefined ? '' : `${formatNumber(cell.estimate.throughputPerSecond)} inferences per second`,
  };
};

const maximumAccuracy = (study: Study): Choice => {
  const known = study.models.filter((model) => publishedAccuracy(model) !== undefined);
  const model = known.length === 0 ? undefined : mostBy(known, top1);
  return {
    priority: 'Maximum accuracy',
    rule: 'highest published top-1, whatever it costs',
    model,
    reason: model === undefined ? '' : `${formatNumber(top1(model))} % at ${model.nativeResolution} px`,
  };
};

const matrix = (study: Study): TableBlock => ({
  kind: 'table',
  id: 'selection-matrix',
  caption: 'One model per priority, chosen by the rule beside it',
  columns: [
    { key: 'priority', title: 'Priority', format: { kind: 'text' } },
    { key: 'model', title: 'Model', format: { kind: 'text' } },
    { key: 'rule', title: 'Rule', format: { kind: 'text' } },
    { key: 'reason', title: 'Figure that decides', format: { kind: 'text' } },
  ],
  rows: [ultraLowPower, balanced, mobile, edgeServer, cloud, maximumAccuracy].map((choose) => {
    const { priority, rule, model, reason } = choose(study);
    return {
      priority,
      model: model?.title ?? 'none',
      rule,
      reason: model === undefined ? 'no model meets the rule' : reason,
    };
  }),
  notes: ['Latency, energy and accuracy are at native resolution, batch 1 unless the rule names another.'],
});

export const section: Section = {
  id: 'selection-matrix',
  title: 'Model selection matrix',
  order: 180,
  build: ({ study }) => {
    const table = matrix(study);
    const chosen = new Set(table.rows.map(({ model }) => model));
    return [
      {
        kind: 'paragraph',
        text: `The ${table.rows.length} priorities below lead to ${chosen.size} different models: no single network of the study is the best choice for all of them.`,
      },
      table,
    ];
  },
};
