import type { Study, StudyCell } from '../../explore/study.ts';
import { formatPercent, formatSI } from '../../units/format.ts';
import { ENERGY_TERM_TITLES, largestTerm, summedEnergy, summedTerm } from '../figures/energy.ts';
import { deviceTable, leastDeviceChart, modelChart, termChart } from '../figures/energy-blocks.ts';
import { cellEnergy, cellsOn, leastBy, mostBy } from '../figures/lookup.ts';
import { namedTarget, standingNote } from '../figures/standing.ts';
import { countedOf, groupedBy, listOf, timesText } from '../figures/text.ts';
import type { Section } from '../section.ts';

const opening = (study: Study, cells: readonly StudyCell[]): string => {
  const least = leastBy(cells, cellEnergy);
  const most = mostBy(cells, cellEnergy);
  const place = ({ model, target, precision }: StudyCell) =>
    `${model.title} on ${namedTarget(study, target)}, ${precision}`;
  const { resolution } = study.options;
  return (
    `At batch 1 and ${resolution}×${resolution} the least predicted energy per inference is ${formatSI(cellEnergy(least), 'J')} ` +
    `(${place(least)}) and the most ${formatSI(cellEnergy(most), 'J')} (${place(most)}), ${timesText(cellEnergy(most) / cellEnergy(least))} as much.`
  );
};

/** Which term is the largest on which devices, over all models together. */
const dominance = (study: Study): string => {
  const groups = groupedBy(study.devices, (target) => ENERGY_TERM_TITLES[largestTerm(cellsOn(study, target))]);
  return groups
    .map(({ key, items }) => {
      const places = items.map((target) => {
        const cells = cellsOn(study, target);
        return `${namedTarget(study, target)} (${formatPercent(summedTerm(cells, largestTerm(cells)) / summedEnergy(cells), 0)})`;
      });
      return `${key} takes the largest share of the energy of all models together on ${listOf(places)}.`;
    })
    .join(' ');
};

const staticSentence = (study: Study): string => {
  const cells = study.devices.flatMap((target) => cellsOn(study, target));
  const led = cells.filter((cell) => largestTerm([cell]) === 'static').length;
  const text = `Static power is the largest term of ${countedOf(led, cells.length, 'prediction')} (one model on one device).`;
  if (led === 0) return text;
  return `${text} That term is static power times latency: there energy follows latency, not the count of operations.`;
};

const capSentence = (cells: readonly StudyCell[]): string => {
  const bound = cells.filter(({ estimate }) => estimate.bound === 'power').length;
  return `At batch 1 the power cap slows ${countedOf(bound, cells.length, 'prediction')} down.`;
};

export const section: Section = {
  id: 'energy',
  title: 'Energy per inference',
  order: 90,
  build: (input) => {
    const { study } = input;
    const cells = study.devices.flatMap((target) => cellsOn(study, target));
    return [
      { kind: 'paragraph', text: `${opening(study, cells)} ${dominance(study)}` },
      { kind: 'paragraph', text: `${staticSentence(study)} ${capSentence(cells)}` },
      {
        kind: 'callout',
        tone: 'note',
        text: 'Energy is that of the device alone. Host processor, board, memory outside the device’s own, power supply and cooling are not in it.',
      },
      standingNote(study, cells, { energy: true }),
      termChart(input),
      leastDeviceChart(input),
      modelChart(input),
      ...study.devices.map((target) => deviceTable(study, target)),
    ];
  },
};
