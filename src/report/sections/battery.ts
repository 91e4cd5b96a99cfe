import { deliverableEnergy } from '../../explore/battery.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import { formatPercent, groupThousands } from '../../units/format.ts';
import { energyOf, SECONDS_PER_DAY, wattHours } from '../../units/quantity.ts';
import {
  CAPACITY_WATT_HOURS,
  INFERENCES_PER_SECOND,
  REALISTIC_BATTERY,
  REGULATOR_EFFICIENCY,
  USABLE_SHARE,
} from '../figures/battery.ts';
import { CASES, type CaseName, chart, daysText, deviceTable, known, rowsOn } from '../figures/battery-blocks.ts';
import { cellsOn } from '../figures/lookup.ts';
import { spanText } from '../figures/phrases.ts';
import { namedTarget, standingNote } from '../figures/standing.ts';
import { capitalized, countedOf, groupedBy, listOf, timesText, verb } from '../figures/text.ts';
import type { Section } from '../section.ts';

/** Models "differ little" when the longest life is at most this many times the shortest. */
const LITTLE = 1.5;

const spread = (values: readonly number[]): number => Math.max(...values) / Math.min(...values);

/** What the figures of one device say: spread of each case, and what empties the battery. */
const deviceFinding = (study: Study, target: StudyDevice): string => {
  const rows = rowsOn(study, target);
  const titles: Readonly<Record<CaseName, string>> = {
    best: 'in the best case',
    sleep: 'asleep between inferences',
    idle: 'idle between inferences',
  };
  const spans = CASES.filter((name) => known(rows, name, 'days').length > 0).map((name) => {
    const values = known(rows, name, 'days');
    return `${spanText(values, daysText)} ${titles[name]} (${timesText(spread(values))} from model to model)`;
  });
  if (spans.length === 0) {
    return `${namedTarget(study, target)} cannot keep up with the rate for any model.`;
  }
  const emptied = (['sleep', 'idle'] as const)
    .map((name) => {
      const groups = groupedBy(
        rows.filter((row) => row[name].largest !== null),
        (row) => row[name].largest ?? '',
      );
      const parts = groups.map(
        ({ key, items }) => `${key.toLowerCase()} for ${countedOf(items.length, rows.length, 'model')}`,
      );
      return parts.length === 0 ? '' : `${titles[name]}, ${listOf(parts)}`;
    })
    .filter((text) => text !== '');
  const leveled = (['sleep', 'idle'] as const).filter((name) => {
    const values = known(rows, name, 'days');
    const shares = known(rows, name, 'inferenceShare');
    return values.length > 1 && spread(values) <= LITTLE && shares.every((part) => part < 0.5);
  });
  const little =
    leveled.length === 0
      ? ''
      : ` ${capitalized(leveled.map((name) => titles[name]).join(' and '))}, rest power is more than half of the draw of every model, ` +
        `and the longest life is at most ${timesText(Math.max(...leveled.map((name) => spread(known(rows, name, 'days')))))} the shortest.`;
  const draws = emptied.length === 0 ? '' : ` What draws most: ${emptied.join('; ')}.`;
  return `**${namedTarget(study, target)}**: ${listOf(spans)}.${draws}${little}`;
};

export const section: Section = {
  id: 'battery',
  title: 'Battery life',
  order: 95,
  build: (input) => {
    const { study } = input;
    const targets = study.devices.filter(({ device }) => device.power.sleep !== null);
    const without = study.devices.filter((target) => !targets.includes(target));
    const capacity = energyOf(wattHours(CAPACITY_WATT_HOURS.value));
    if (targets.length === 0) {
      return [
        { kind: 'paragraph', text: 'No device of this study has a sleep power figure: no battery life is computed.' },
      ];
    }
    const spreads = targets.map((target) => {
      const rows = rowsOn(study, target);
      const [best, sleep] = [known(rows, 'best', 'days'), known(rows, 'sleep', 'days')];
      return best.length === 0 || sleep.length === 0
        ? `${namedTarget(study, target)} cannot keep up with the rate`
        : `on ${namedTarget(study, target)} ${spanText(sleep, daysText)}, where the best case would promise ${spanText(best, daysText)}`;
    });
    const left =
      without.length === 0
        ? ''
        : ` ${listOf(without.map((target) => namedTarget(study, target)))} ${verb(without.length, 'has', 'have')} no sleep power figure and no place here.`;
    return [
      {
        kind: 'paragraph',
        text:
          `${CAPACITY_WATT_HOURS.value} Wh at ${INFERENCES_PER_SECOND.value} inference per second are predicted to last, realistically ` +
          `and asleep between inferences, ${spreads.join('; ')}.${left}`,
      },
      { kind: 'list', ordered: false, items: targets.map((target) => deviceFinding(study, target)) },
      {
        kind: 'definitions',
        entries: [
          {
            term: 'Best case',
            text: `days = ${groupThousands(capacity)} J / (energy per inference × ${INFERENCES_PER_SECOND.value}/s) / ${groupThousands(SECONDS_PER_DAY)} s.`,
          },
          {
            term: 'Realistic case',
            text:
              `${groupThousands(Math.round(deliverableEnergy(REALISTIC_BATTERY)))} J over the average of inference and rest power. ` +
              `Usable share of the capacity ${formatPercent(USABLE_SHARE.value, 0)} (${USABLE_SHARE.reason}); ` +
              `regulator ${formatPercent(REGULATOR_EFFICIENCY.value, 0)} (${REGULATOR_EFFICIENCY.reason}).`,
          },
          {
            term: 'Not counted',
            text: 'Camera, radio, host, waking up and falling asleep, and the self-discharge of the cell: in neither case.',
          },
          {
            term: 'Battery and rate',
            text: `${CAPACITY_WATT_HOURS.value} Wh: ${CAPACITY_WATT_HOURS.reason}; ${INFERENCES_PER_SECOND.value} inference per second: ${INFERENCES_PER_SECOND.reason}.`,
          },
        ],
      },
      standingNote(
        study,
        targets.flatMap((target) => cellsOn(study, target)),
        { energy: true },
      ),
      ...targets.flatMap((target) => [deviceTable(study, target), chart(input, target)]),
    ];
  },
};
