import type { Study, StudyDevice } from '../../explore/study.ts';
import type { TableBlock, TableColumn } from '../blocks.ts';
import { accuracyPoints } from '../figures/accuracy.ts';
import { latencyCells, latencyColumn, latencyColumns } from '../figures/columns.ts';
import {
  boundFinding,
  disagreementFinding,
  efficiencyFinding,
  kneeFinding,
  trustFinding,
} from '../figures/findings.ts';
import {
  cellLatency,
  cellsOn,
  coverageCallouts,
  holdsRealTime,
  leastBy,
  mostBy,
  REAL_TIME_FPS,
} from '../figures/lookup.ts';
import { standing, targetTitle } from '../figures/target.ts';
import { counted, latencyText, listOf } from '../figures/text.ts';
import type { Section } from '../section.ts';

const TEXT = { kind: 'text' } as const;

const columns = (study: Study): readonly TableColumn[] => {
  const { resolution } = study.options;
  const cells = study.devices.flatMap((target) => cellsOn(study, target));
  const [, , high] = latencyColumns(cells);
  return [
    { key: 'device', title: 'Device', format: TEXT },
    { key: 'precision', title: 'Precision', format: TEXT },
    { key: 'standing', title: 'Calibration', format: TEXT },
    { key: 'fastest', title: `Fastest at ${resolution} px`, format: TEXT },
    ...latencyColumns(cells),
    {
      key: 'accurate',
      title: `Most accurate at ${REAL_TIME_FPS} FPS`,
      format: TEXT,
      description: `Of the models whose interval at native resolution ends within 1/${REAL_TIME_FPS} s, the one of highest published top-1.`,
    },
    { key: 'top1', title: 'Top-1', format: { kind: 'percent', decimals: 1 } },
    { key: 'accurateResolution', title: 'Native resolution', unit: 'px', format: { kind: 'integer' } },
    latencyColumn('accurateLatency', 'Predicted latency'),
    latencyColumn('accurateHigh', high?.title ?? 'high'),
  ];
};

const deviceRow = (study: Study, target: StudyDevice) => {
  const fastest = leastBy(cellsOn(study, target), cellLatency);
  const holding = accuracyPoints(study, target).filter(({ cell }) => holdsRealTime(cell));
  const accurate = holding.length === 0 ? undefined : mostBy(holding, ({ top1 }) => top1);
  return {
    device: targetTitle(study, target),
    precision: target.precision,
    standing: standing(study, target),
    fastest: fastest.model.title,
    ...latencyCells(fastest),
    accurate: accurate?.cell.model.title ?? null,
    top1: accurate?.top1 ?? null,
    accurateResolution: accurate?.cell.resolution ?? null,
    accurateLatency: accurate?.cell.estimate.latencySeconds ?? null,
    accurateHigh: accurate?.cell.estimate.interval.highSeconds ?? null,
  };
};

const deviceTable = (study: Study): TableBlock => ({
  kind: 'table',
  id: 'executive-summary',
  caption: `Per device the fastest model at batch 1, and the most accurate one that holds ${REAL_TIME_FPS} frames per second even at the upper end of its interval.`,
  columns: columns(study),
  rows: study.devices.map((target) => deviceRow(study, target)),
});

const opening = (study: Study): string => {
  const cells = study.devices.flatMap((target) => cellsOn(study, target));
  const fastest = leastBy(cells, cellLatency);
  const { models, devices, cells: all, options } = study;
  return (
    `This report makes ${counted(all.length, 'prediction')} of latency and energy (${counted(models.length, 'model')} on ${counted(devices.length, 'device')} at ` +
    `batch ${listOf(options.batches.map(String))}, at ${options.resolution}×${options.resolution} and at native resolutions); none of them is a measurement. ` +
    `The shortest prediction at batch 1 and ${options.resolution}×${options.resolution} is ${fastest.model.title} on ${targetTitle(study, fastest.target)} ` +
    `(${standing(study, fastest.target)}) with ${latencyText(fastest.estimate)}.`
  );
};

export const section: Section = {
  id: 'executive-summary',
  title: 'Executive summary',
  order: 10,
  build: ({ study }) => {
    const findings = [
      efficiencyFinding(study),
      kneeFinding(study),
      disagreementFinding(study),
      boundFinding(study),
      trustFinding(study),
    ].filter((text) => text !== undefined);
    return [
      { kind: 'paragraph', text: opening(study) },
      ...coverageCallouts(study),
      { kind: 'list', ordered: false, items: findings },
      deviceTable(study),
    ];
  },
};
