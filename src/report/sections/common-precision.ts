import type { Study } from '../../explore/study.ts';
import { formatNumber } from '../../units/format.ts';
import type { Block, TableBlock } from '../blocks.ts';
import { latencyColumn, MODEL_COLUMN, modelCell, ratioColumn } from '../figures/columns.ts';
import { type CommonFigures, commonFigures, commonPrecisionCaveats } from '../figures/common-precision.ts';
import { baselineRow, cellLatency, leastBy, mostBy } from '../figures/lookup.ts';
import {
  intervalFactors,
  isCalibrated,
  isHypothetical,
  matrixPeak,
  operationUnit,
  targetId,
  targetTitle,
} from '../figures/target.ts';
import { counted, timesText } from '../figures/text.ts';
import type { Section } from '../section.ts';

const latencyTable = (study: Study, figures: CommonFigures): TableBlock => {
  const { commonPrecision, resolution } = study.options;
  const { reference } = figures;
  const others = study.devices.filter((target) => target !== reference);
  return {
    kind: 'table',
    id: 'common-precision',
    caption: `Predicted latency at ${commonPrecision}, ${resolution}×${resolution} and batch 1, and the speed-up of each device: the latency on ${targetTitle(study, reference)} over its own.`,
    columns: [
      MODEL_COLUMN,
      ...study.devices.map((target) => latencyColumn(`${targetId(study, target)}-latency`, targetTitle(study, target))),
      ...others.map((target) =>
        ratioColumn(`${targetId(study, target)}-ratio`, `${targetTitle(study, target)}: speed-up`),
      ),
    ],
    rows: study.models.map((model) => ({
      ...modelCell(model),
      ...Object.fromEntries([
        ...study.devices.map((target) => [
          `${targetId(study, target)}-latency`,
          cellLatency(figures.cell(model, target)),
        ]),
        ...others.map((target) => [`${targetId(study, target)}-ratio`, figures.speedUp(model, target)]),
      ]),
    })),
    emphasized: [baselineRow(study)],
    notes: ['Intervals: multiply a latency by the factors of its device in the next table.'],
  };
};

const deviceTable = (study: Study, figures: CommonFigures): TableBlock => {
  const { commonPrecision } = study.options;
  return {
    kind: 'table',
    id: 'common-precision-devices',
    caption: `The devices at ${commonPrecision}.`,
    columns: [
      { key: 'device', title: 'Device', format: { kind: 'text' } },
      { key: 'status', title: 'Status', format: { kind: 'text' } },
      { key: 'runtime', title: 'Runtime', format: { kind: 'text' } },
      {
        key: 'peak',
        title: 'Dense peak',
        unit: `T${operationUnit(commonPrecision)}/s`,
        format: { kind: 'number', digits: 3, scale: 1e12 },
      },
      { key: 'own', title: 'Precision elsewhere in this report', format: { kind: 'text' } },
      { key: 'calibration', title: `Calibration at ${commonPrecision}`, format: { kind: 'text' } },
      {
        key: 'factors',
        title: 'Interval factors',
        format: { kind: 'text' },
        description: 'Multiples of the latency, cut off below at the roofs.',
      },
      {
        key: 'speedUp',
        title: 'Mean speed-up',
        format: { kind: 'ratio', digits: 3 },
        description: `Geometric mean over the models, against ${targetTitle(study, figures.reference)}.`,
      },
    ],
    rows: study.devices.map((target) => ({
      device: targetTitle(study, target),
      status: target.device.status,
      runtime: target.runtime.title,
      peak: matrixPeak(target, commonPrecision),
      own: target.precision,
      calibration: isCalibrated(study, target, commonPrecision) ? 'calibrated' : 'uncalibrated',
      factors: intervalFactors(study, target, commonPrecision),
      speedUp: figures.meanSpeedUp(target),
    })),
    emphasized: [study.devices.indexOf(figures.reference)],
  };
};

const opening = (study: Study, figures: CommonFigures): string => {
  const { commonPrecision } = study.options;
  const reference = targetTitle(study, figures.reference);
  const fastest = mostBy(study.devices, figures.meanSpeedUp);
  const slowest = leastBy(study.devices, figures.meanSpeedUp);
  if (fastest === slowest)
    return `At ${commonPrecision} the study has one device, ${reference}: there is nothing to compare.`;
  const hypothetical = isHypothetical(fastest) ? ', a hypothetical device,' : '';
  const mean = figures.meanSpeedUp(fastest) / figures.meanSpeedUp(slowest);
  const best = mostBy(study.models, (model) => figures.speedUp(model, fastest) / figures.speedUp(model, slowest));
  const ratio = figures.speedUp(best, fastest) / figures.speedUp(best, slowest);
  return (
    `At ${commonPrecision} on both sides, ${targetTitle(study, fastest)}${hypothetical} is predicted to be ${timesText(mean)} as fast as ` +
    `${targetTitle(study, slowest)} in the geometric mean over ${counted(study.models.length, 'model')}, and at most ` +
    `${formatNumber(ratio)} times (${best.title}).`
  );
};

export const section: Section = {
  id: 'common-precision',
  title: 'Devices at one common precision',
  order: 50,
  build: ({ study }): readonly Block[] => {
    const [reference] = study.devices;
    if (reference === undefined) return [];
    const figures = commonFigures(study, reference);
    if (study.devices.length === 1) return [{ kind: 'paragraph', text: opening(study, figures) }];
    return [
      { kind: 'paragraph', text: opening(study, figures) },
      { kind: 'list', ordered: false, items: commonPrecisionCaveats(study) },
      latencyTable(study, figures),
      deviceTable(study, figures),
    ];
  },
};
