/** Table and chart of the section on battery life. */
import { barChart } from '../../charts/api.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import { formatPercent, formatSI, formatSpan } from '../../units/format.ts';
import { SECONDS_PER_DAY } from '../../units/quantity.ts';
import type { Block, CellValue, TableBlock, TableColumn } from '../blocks.ts';
import type { SectionInput } from '../section.ts';
import {
  type BatteryRow,
  batteryRow,
  CAPACITY_WATT_HOURS,
  INFERENCES_PER_SECOND,
  REGULATOR_EFFICIENCY,
  USABLE_SHARE,
} from './battery.ts';
import { chartBlock } from './chart.ts';
import { MODEL_COLUMN, modelCell, ratioColumn } from './columns.ts';
import { baselineRow, cellsOn } from './lookup.ts';
import { spanText } from './phrases.ts';
import { namedTarget } from './standing.ts';
import { energyStanding, targetId, targetTitle } from './target.ts';
import { counted, listOf } from './text.ts';

export const CASES = ['best', 'sleep', 'idle'] as const;

export type CaseName = (typeof CASES)[number];

export const rowsOn = (study: Study, target: StudyDevice): readonly BatteryRow[] =>
  cellsOn(study, target).flatMap((cell) => batteryRow(cell) ?? []);

export const known = (
  rows: readonly BatteryRow[],
  name: CaseName,
  figure: 'days' | 'inferenceShare',
): readonly number[] => rows.flatMap((row) => row[name][figure] ?? []);

export const daysText = (days: number): string => formatSpan(days * SECONDS_PER_DAY);

export const days = (key: string, title: string): TableColumn => ({
  key,
  title,
  unit: 'days',
  format: { kind: 'number', digits: 3 },
});

export const share = (key: string, title: string): TableColumn => ({
  key,
  title,
  format: { kind: 'percent', decimals: 1 },
});

const columns = (study: Study): readonly TableColumn[] => [
  MODEL_COLUMN,
  { key: 'energy', title: 'Energy per inference', unit: 'mJ', format: { kind: 'number', digits: 3, scale: 1e-3 } },
  { key: 'busy', title: 'Share of time busy', format: { kind: 'percent', decimals: 2 } },
  days('best', 'Best case'),
  days('sleep', 'Realistic, asleep between inferences'),
  share('sleepShare', 'Inferences’ share of the draw, asleep'),
  { key: 'sleepLargest', title: 'Largest draw, asleep', format: { kind: 'text' } },
  days('idle', 'Realistic, idle between inferences'),
  share('idleShare', 'Inferences’ share of the draw, idle'),
  { key: 'idleLargest', title: 'Largest draw, idle', format: { kind: 'text' } },
  ratioColumn('bestRatio', `Best case over ${study.baseline.title}`),
  ratioColumn('sleepRatio', `Asleep over ${study.baseline.title}`),
];

export const deviceTable = (study: Study, target: StudyDevice): TableBlock => {
  const rows = rowsOn(study, target);
  const base = rows[baselineRow(study)];
  const over = (row: BatteryRow, name: CaseName): number | null => {
    const [own, reference] = [row[name].days, base?.[name].days ?? null];
    return own === null || reference === null ? null : own / reference;
  };
  const { sleep, idle } = target.device.power;
  return {
    kind: 'table',
    id: `battery-${targetId(study, target)}`,
    caption:
      `Predicted battery life on ${targetTitle(study, target)} at ${INFERENCES_PER_SECOND.value} inference per second ` +
      `from ${CAPACITY_WATT_HOURS.value} Wh (${target.precision}, batch 1; ${energyStanding(target)})`,
    columns: columns(study),
    rows: rows.map(
      (row): Readonly<Record<string, CellValue>> => ({
        ...modelCell(row.cell.model),
        energy: row.cell.estimate.energyPerInferenceJoules,
        busy: row.cell.estimate.latencySeconds * INFERENCES_PER_SECOND.value,
        best: row.best.days,
        sleep: row.sleep.days,
        sleepShare: row.sleep.inferenceShare,
        sleepLargest: row.sleep.largest,
        idle: row.idle.days,
        idleShare: row.idle.inferenceShare,
        idleLargest: row.idle.largest,
        bestRatio: over(row, 'best'),
        sleepRatio: over(row, 'sleep'),
      }),
    ),
    emphasized: [baselineRow(study)],
    notes: [
      'Best case: full capacity, no losses and no power at all between inferences. No device reaches it.',
      `Realistic: ${formatPercent(USABLE_SHARE.value, 0)} of the capacity through a regulator of ${formatPercent(REGULATOR_EFFICIENCY.value, 0)}; ` +
        `between inferences ${formatSI(sleep?.value ?? Number.NaN, 'W')} asleep or ${formatSI(idle.value, 'W')} idle.`,
    ],
  };
};

export const chart = ({ study, chartDocument }: SectionInput, target: StudyDevice): Block => {
  const rows = rowsOn(study, target);
  const titles: Readonly<Record<CaseName, string>> = { best: 'Best case', sleep: 'Asleep', idle: 'Idle' };
  const request = {
    id: `battery-days-${targetId(study, target)}`,
    title: `Predicted battery life on ${namedTarget(study, target)}, ${CAPACITY_WATT_HOURS.value} Wh, ${INFERENCES_PER_SECOND.value} inference per second`,
    alternative: `${listOf(
      CASES.filter((name) => known(rows, name, 'days').length > 0).map(
        (name) => `${titles[name].toLowerCase()} ${spanText(known(rows, name, 'days'), daysText)}`,
      ),
    )} over ${counted(rows.length, 'model')}.`,
    caption: 'Logarithmic scale. The best case is a bound, not a prediction.',
  };
  return chartBlock(chartDocument, request, (options) =>
    barChart({
      ...options,
      value: { label: 'Battery life', unit: 'days', log: true },
      bars: rows.flatMap((row) =>
        CASES.map((name) => ({ category: row.cell.model.title, series: titles[name], value: row[name].days })),
      ),
    }),
  );
};
