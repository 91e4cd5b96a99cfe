/** Tables and charts of the section on energy. */
import { barChart, stackedBarChart } from '../../charts/api.ts';
import type { Study, StudyCell, StudyDevice } from '../../explore/study.ts';
import { formatPercent, formatSI } from '../../units/format.ts';
import { energyOf, wattHours } from '../../units/quantity.ts';
import type { Block, CellValue, TableBlock, TableColumn } from '../blocks.ts';
import type { SectionInput } from '../section.ts';
import { chartBlock } from './chart.ts';
import { MODEL_COLUMN, modelCell, ratioColumn } from './columns.ts';
import {
  ENERGY_TERM_TITLES,
  ENERGY_TERMS,
  largestTerm,
  powerCap,
  summedEnergy,
  summedTerm,
  termJoules,
} from './energy.ts';
import { baselineRow, cellEnergy, cellsOn, leastBy, mostBy, ratioOn } from './lookup.ts';
import { namedTarget } from './standing.ts';
import { energyStanding, targetId, targetTitle } from './target.ts';
import { countedOf, groupedBy, listOf } from './text.ts';

const joulesPerWattHour = energyOf(wattHours(1));

const millijoules = (key: string, title: string, description?: string): TableColumn => ({
  key,
  title,
  unit: 'mJ',
  format: { kind: 'number', digits: 3, scale: 1e-3 },
  ...(description !== undefined && { description }),
});

const columns = (study: Study): readonly TableColumn[] => [
  MODEL_COLUMN,
  millijoules('energy', 'Energy per inference'),
  ...ENERGY_TERMS.map((term) => millijoules(term, ENERGY_TERM_TITLES[term])),
  { key: 'power', title: 'Average power', unit: 'W', format: { kind: 'number', digits: 3 } },
  { key: 'capShare', title: 'Share of the power cap', format: { kind: 'percent', decimals: 0 } },
  ratioColumn('ratio', `Energy over ${study.baseline.title}`),
  {
    key: 'perWattHour',
    title: 'Inferences per Wh',
    format: { kind: 'number', digits: 3 },
    description: `${joulesPerWattHour} J over the energy per inference.`,
  },
];

const row = (study: Study, cell: StudyCell): Readonly<Record<string, CellValue>> => {
  const { model, target, estimate } = cell;
  const cap = powerCap(cell);
  return {
    ...modelCell(model),
    energy: estimate.energyPerInferenceJoules,
    ...Object.fromEntries(ENERGY_TERMS.map((term) => [term, termJoules(cell, term)])),
    power: estimate.averagePowerWatts,
    capShare: cap === null ? null : estimate.averagePowerWatts / cap,
    ratio: ratioOn(study, model, target, cellEnergy),
    perWattHour: joulesPerWattHour / estimate.energyPerInferenceJoules,
  };
};

export const deviceTable = (study: Study, target: StudyDevice): TableBlock => {
  const cells = cellsOn(study, target);
  const [first] = cells;
  const cap = first === undefined ? null : powerCap(first);
  const limit = cap === null ? '' : `, power cap ${formatSI(cap, 'W')}`;
  return {
    kind: 'table',
    id: `energy-${targetId(study, target)}`,
    caption: `Predicted energy on ${targetTitle(study, target)} at batch 1 and ${study.options.resolution}×${study.options.resolution} (${target.precision}${limit}; ${energyStanding(target)})`,
    columns: columns(study),
    rows: cells.map((cell) => row(study, cell)),
    emphasized: [baselineRow(study)],
  };
};

export const termChart = ({ study, chartDocument }: SectionInput): Block => {
  const shares = study.devices.map((target) => {
    const cells = cellsOn(study, target);
    const term = largestTerm(cells);
    return `${targetTitle(study, target)}: ${ENERGY_TERM_TITLES[term].toLowerCase()} ${formatPercent(summedTerm(cells, term) / summedEnergy(cells), 0)}`;
  });
  const request = {
    id: 'energy-terms',
    title: 'Predicted energy by term, all models together, batch 1',
    alternative: `Largest term per device, as a share of the energy of one inference of every model: ${listOf(shares)}.`,
  };
  return chartBlock(chartDocument, request, (options) =>
    stackedBarChart({
      ...options,
      mode: 'share',
      value: { label: 'Share of the energy', unit: 'J' },
      parts: study.devices.flatMap((target) =>
        ENERGY_TERMS.map((term) => ({
          stack: targetTitle(study, target),
          series: ENERGY_TERM_TITLES[term],
          value: summedTerm(cellsOn(study, target), term),
        })),
      ),
    }),
  );
};

/** Terms of every model where an inference costs least: there they differ most. */
export const leastDeviceChart = ({ study, chartDocument }: SectionInput): Block => {
  const target = leastBy(study.devices, (device) => summedEnergy(cellsOn(study, device)));
  const cells = cellsOn(study, target);
  const groups = groupedBy(cells, (cell) => ENERGY_TERM_TITLES[largestTerm([cell])]);
  const request = {
    id: `energy-terms-${targetId(study, target)}`,
    title: `Predicted energy per inference by term on ${namedTarget(study, target)}, ${target.precision}, batch 1`,
    alternative: groups
      .map(({ key, items }) => `${key} is the largest term of ${countedOf(items.length, cells.length, 'model')}`)
      .join('; ')
      .concat(
        `; energies from ${formatSI(cellEnergy(leastBy(cells, cellEnergy)), 'J')} to ${formatSI(cellEnergy(mostBy(cells, cellEnergy)), 'J')}.`,
      ),
  };
  return chartBlock(chartDocument, request, (options) =>
    stackedBarChart({
      ...options,
      mode: 'absolute',
      value: { label: 'Energy per inference', unit: 'J' },
      parts: cells.flatMap((cell) =>
        ENERGY_TERMS.map((term) => ({
          stack: cell.model.title,
          series: ENERGY_TERM_TITLES[term],
          value: termJoules(cell, term),
        })),
      ),
    }),
  );
};

export const modelChart = ({ study, chartDocument }: SectionInput): Block => {
  const winners = groupedBy(study.models, (model) =>
    namedTarget(
      study,
      leastBy(study.devices, (target) => cellEnergy(study.cell(model, target))),
    ),
  ).map(({ key, items }) => `${key} for ${countedOf(items.length, study.models.length, 'model')}`);
  const request = {
    id: 'energy-by-model',
    title: 'Predicted energy per inference, batch 1, each device at its own precision',
    alternative: `The device with the least energy per inference is ${listOf(winners)}.`,
    caption: 'Logarithmic scale; precisions differ between devices.',
  };
  return chartBlock(chartDocument, request, (options) =>
    barChart({
      ...options,
      value: { label: 'Energy per inference', unit: 'J', log: true },
      bars: study.models.flatMap((model) =>
        study.devices.map((target) => ({
          category: model.title,
          series: targetTitle(study, target),
          value: cellEnergy(study.cell(model, target)),
        })),
      ),
    }),
  );
};
