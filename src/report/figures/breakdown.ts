/** Tables and charts of the section on where the work is. */
import { stackedBarChart } from '../../charts/api.ts';
import type { Study, StudyDevice, StudyModel } from '../../explore/study.ts';
import { OPERATOR_CLASS_TITLES, OPERATOR_CLASSES, type OperatorClass } from '../../ops/classes.ts';
import { formatPercent } from '../../units/format.ts';
import type { Block, CellValue, TableBlock, TableColumn } from '../blocks.ts';
import type { SectionInput } from '../section.ts';
import { chartBlock } from './chart.ts';
import { MODEL_COLUMN, modelCell } from './columns.ts';
import { timeByClass, timeShare } from './kernels.ts';
import { baselineRow } from './lookup.ts';
import { spanText } from './phrases.ts';
import { namedTarget } from './standing.ts';
import { standing, targetId, targetTitle } from './target.ts';
import { counted, listOf } from './text.ts';

export const percent = (share: number): string => formatPercent(share, 0);

export const classShare = ({ common }: StudyModel, name: OperatorClass, kind: 'shareOfMacs' | 'shareOfFlops'): number =>
  common.classes.find((totals) => totals.class === name)?.[kind] ?? 0;

/** Classes that any model spends something on, in the order of the contract. */
const classesWith = (study: Study, kind: 'shareOfMacs' | 'shareOfFlops'): readonly OperatorClass[] =>
  OPERATOR_CLASSES.filter((name) => study.models.some((model) => classShare(model, name, kind) > 0));

const shareColumns = (classes: readonly OperatorClass[]): readonly TableColumn[] =>
  classes.map((name) => ({
    key: name,
    title: OPERATOR_CLASS_TITLES[name],
    format: { kind: 'percent', decimals: 1 },
  }));

export const workTable = (study: Study, kind: 'shareOfMacs' | 'shareOfFlops'): TableBlock => {
  const classes = classesWith(study, kind);
  const figure = kind === 'shareOfMacs' ? 'macs' : 'flops';
  const title = kind === 'shareOfMacs' ? 'MACs' : 'FLOPs';
  return {
    kind: 'table',
    id: `breakdown-${figure}`,
    caption: `${title} by class of operator at ${study.options.resolution}×${study.options.resolution}, batch 1, as written`,
    columns: [
      MODEL_COLUMN,
      { key: 'total', title, unit: 'G', format: { kind: 'number', digits: 3, scale: 1e9 } },
      ...shareColumns(classes),
    ],
    rows: study.models.map((model) => ({
      ...modelCell(model),
      total: model.common.totals[figure],
      ...Object.fromEntries(classes.map((name) => [name, classShare(model, name, kind)])),
    })),
    emphasized: [baselineRow(study)],
  };
};

export const timeTable = (study: Study, target: StudyDevice): TableBlock => {
  const times = study.models.map((model) => timeByClass(study, study.cell(model, target)));
  const classes = OPERATOR_CLASSES.filter((name) => times.some((time) => timeShare(time, name) > 0));
  return {
    kind: 'table',
    id: `breakdown-time-${targetId(study, target)}`,
    caption: `Predicted time by class of kernel on ${targetTitle(study, target)} (${target.precision}, ${target.runtime.title}, batch 1; ${standing(study, target)})`,
    columns: [
      MODEL_COLUMN,
      { key: 'total', title: 'Time', unit: 'ms', format: { kind: 'number', digits: 3, scale: 1e-3 } },
      ...shareColumns(classes),
      { key: 'launch', title: 'Launch and entry', format: { kind: 'percent', decimals: 1 } },
    ],
    rows: times.map(
      (time, index): Readonly<Record<string, CellValue>> => ({
        ...modelCell(study.models[index] as StudyModel),
        total: time.totalSeconds,
        ...Object.fromEntries(classes.map((name) => [name, timeShare(time, name)])),
        launch: time.launchSeconds / time.totalSeconds,
      }),
    ),
    emphasized: [baselineRow(study)],
    notes: ['A kernel counts with the class of its leading operator; what is fused into it counts there too.'],
  };
};

const LAUNCH = 'Launch and entry';

export const timeChart = ({ study, chartDocument }: SectionInput, target: StudyDevice): Block => {
  const times = study.models.map((model) => ({ model, time: timeByClass(study, study.cell(model, target)) }));
  const launches = times.map(({ time }) => time.launchSeconds / time.totalSeconds);
  const depthwise = times.map(({ time }) => timeShare(time, 'depthwise-conv')).filter((share) => share > 0);
  const filtered =
    depthwise.length === 0 ? '' : `depthwise convolution ${spanText(depthwise, percent)} where there is any, `;
  const request = {
    id: `time-breakdown-${targetId(study, target)}`,
    title: `Predicted time by class of kernel on ${namedTarget(study, target)}, ${target.precision}, batch 1`,
    alternative: `Shares of predicted time over ${counted(times.length, 'model')}: ${filtered}launch and entry ${spanText(launches, percent)}.`,
  };
  return chartBlock(chartDocument, request, (options) =>
    stackedBarChart({
      ...options,
      mode: 'share',
      value: { label: 'Share of predicted time', unit: 's' },
      // The classes that matter keep the colours that they have in the chart of FLOPs.
      seriesOrder: classesWith(study, 'shareOfMacs').map((name) => OPERATOR_CLASS_TITLES[name]),
      parts: times.flatMap(({ model, time }) => [
        ...OPERATOR_CLASSES.map((name) => ({
          stack: model.title,
          series: OPERATOR_CLASS_TITLES[name],
          value: time.seconds.get(name) ?? 0,
        })).filter(({ value }) => value > 0),
        { stack: model.title, series: LAUNCH, value: time.launchSeconds },
      ]),
    }),
  );
};

export const workChart = ({ study, chartDocument }: SectionInput): Block => {
  const classes = classesWith(study, 'shareOfFlops');
  const largest = study.models.map((model) => {
    const [first] = [...model.common.classes].sort((a, b) => b.shareOfFlops - a.shareOfFlops);
    return first === undefined
      ? model.title
      : `${model.title} ${OPERATOR_CLASS_TITLES[first.class].toLowerCase()} ${percent(first.shareOfFlops)}`;
  });
  const request = {
    id: 'flop-breakdown',
    title: `FLOPs by class of operator at ${study.options.resolution}×${study.options.resolution}`,
    alternative: `The largest class of each model: ${listOf(largest)}.`,
  };
  return chartBlock(chartDocument, request, (options) =>
    stackedBarChart({
      ...options,
      mode: 'share',
      value: { label: 'Share of FLOPs', unit: 'FLOP' },
      seriesOrder: classesWith(study, 'shareOfMacs').map((name) => OPERATOR_CLASS_TITLES[name]),
      parts: study.models.flatMap((model) =>
        classes.map((name) => ({
          stack: model.title,
          series: OPERATOR_CLASS_TITLES[name],
          value: model.common.classes.find((totals) => totals.class === name)?.flops ?? 0,
        })),
      ),
    }),
  );
};
