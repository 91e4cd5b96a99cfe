/** Tables and chart of the section on tiles and utilization. */
import { barChart } from '../../charts/api.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import { OPERATOR_CLASS_TITLES, OPERATOR_CLASSES, type OperatorClass } from '../../ops/classes.ts';
import { formatBinaryBytes, formatPercent } from '../../units/format.ts';
import type { Block, CellValue, TableBlock } from '../blocks.ts';
import type { SectionInput } from '../section.ts';
import { chartBlock } from './chart.ts';
import { MODEL_COLUMN, modelCell } from './columns.ts';
import { unitUse } from './kernels.ts';
import { baselineRow, cellsOn } from './lookup.ts';
import { namedTarget } from './standing.ts';
import { standing, targetId, targetTitle } from './target.ts';
import { listOf } from './text.ts';

export const DEPTHWISE: OperatorClass = 'depthwise-conv';

const tileOf = (study: Study, target: StudyDevice) => study.cell(study.baseline, target).estimate.tiles;

export const deviceTable = (study: Study, target: StudyDevice): TableBlock => {
  const { unit, available } = tileOf(study, target);
  const { perUnit } = target.device.onChip;
  return {
    kind: 'table',
    id: `tiles-${targetId(study, target)}`,
    caption:
      `Tiles and utilization on ${targetTitle(study, target)}: unit ${unit}, ${available} available, ` +
      `${formatBinaryBytes(perUnit.value)} each (${target.precision}, batch 1; ${standing(study, target)})`,
    columns: [
      MODEL_COLUMN,
      { key: 'tiles', title: 'Tiles of the largest working set', format: { kind: 'integer' } },
      { key: 'available', title: 'Available', format: { kind: 'integer' } },
      { key: 'resident', title: 'Kernels resident', format: { kind: 'integer' } },
      { key: 'kernels', title: 'Kernels', format: { kind: 'integer' } },
      { key: 'busy', title: 'Mean busy units', format: { kind: 'number', digits: 3 } },
      { key: 'spatial', title: 'Mean spatial utilization', format: { kind: 'percent', decimals: 1 } },
      {
        key: 'mfu',
        title: 'MFU',
        format: { kind: 'percent', decimals: 2 },
        description: 'Achieved share of the dense matrix peak over the whole latency.',
      },
    ],
    rows: cellsOn(study, target).map(({ model, estimate }) => ({
      ...modelCell(model),
      tiles: estimate.tiles.largest,
      available: estimate.tiles.available,
      resident: estimate.tiles.resident,
      kernels: estimate.tiles.kernels,
      busy: estimate.tiles.meanBusy,
      spatial: estimate.tiles.meanSpatialUtilization,
      mfu: estimate.utilization,
    })),
    emphasized: [baselineRow(study)],
  };
};

export const useOf = (study: Study, target: StudyDevice, name: OperatorClass) =>
  unitUse(study, cellsOn(study, target), (kernel) => kernel.class === name);

export const useOfOthers = (study: Study, target: StudyDevice) =>
  unitUse(study, cellsOn(study, target), (kernel) => kernel.class !== DEPTHWISE);

export const classesUsed = (study: Study): readonly OperatorClass[] =>
  OPERATOR_CLASSES.filter((name) => study.devices.some((target) => useOf(study, target, name).utilization !== null));

/** What share of the time on multiply-accumulate kernels is depthwise work. */
const depthwiseTime = (study: Study, target: StudyDevice): number | null => {
  const own = useOf(study, target, DEPTHWISE).computeSeconds;
  const all = own + useOfOthers(study, target).computeSeconds;
  return all === 0 ? null : own / all;
};

export const classTable = (study: Study): TableBlock => {
  const classes = classesUsed(study);
  return {
    kind: 'table',
    id: 'utilization-by-class',
    caption: 'Mean spatial utilization by class of kernel, all models together, batch 1, weighted by compute time',
    columns: [
      { key: 'device', title: 'Device', format: { kind: 'text' } },
      ...classes.map((name) => ({
        key: name,
        title: OPERATOR_CLASS_TITLES[name],
        format: { kind: 'percent', decimals: 2 } as const,
      })),
      { key: 'others', title: 'All but depthwise', format: { kind: 'percent', decimals: 2 } },
      { key: 'time', title: 'Depthwise share of compute time', format: { kind: 'percent', decimals: 1 } },
    ],
    rows: study.devices.map(
      (target): Readonly<Record<string, CellValue>> => ({
        device: namedTarget(study, target),
        ...Object.fromEntries(classes.map((name) => [name, useOf(study, target, name).utilization])),
        others: useOfOthers(study, target).utilization,
        time: depthwiseTime(study, target),
      }),
    ),
  };
};

export const classChart = ({ study, chartDocument }: SectionInput): Block => {
  const groups = [
    { name: 'Depthwise', use: (target: StudyDevice) => useOf(study, target, DEPTHWISE).utilization },
    { name: 'All others', use: (target: StudyDevice) => useOfOthers(study, target).utilization },
  ];
  const percent = (value: number | null) => (value === null ? 'none' : formatPercent(value));
  const pairs = study.devices.map(
    (target) => `${targetTitle(study, target)} ${groups.map(({ use }) => percent(use(target))).join(' against ')}`,
  );
  const request = {
    id: 'depthwise-utilization',
    title: 'Mean spatial utilization, depthwise kernels against all others, batch 1',
    alternative: `Depthwise against all other kernels: ${listOf(pairs)}.`,
    caption: 'Logarithmic scale.',
  };
  return chartBlock(chartDocument, request, (options) =>
    barChart({
      ...options,
      value: { label: 'Mean spatial utilization', unit: '%', log: true },
      bars: study.devices.flatMap((target) =>
        groups.map(({ name, use }) => ({ category: targetTitle(study, target), series: name, value: use(target) })),
      ),
    }),
  );
};
