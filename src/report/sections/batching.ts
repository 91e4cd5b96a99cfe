import type { Study, StudyDevice } from '../../explore/study.ts';
import { formatPercent } from '../../units/format.ts';
import { type BatchSeries, batchesOf, intervalWidth, NEAR_BEST, PAYING_GAIN, seriesOn } from '../figures/batching.ts';
import { baselineChart, deviceTable, gainChart, ratio, summaryTable } from '../figures/batching-blocks.ts';
import { ratioColumn } from '../figures/columns.ts';
import { leastBy, mostBy } from '../figures/lookup.ts';
import { spanText } from '../figures/phrases.ts';
import { namedTarget, standingNote } from '../figures/standing.ts';
import { geometricMean } from '../figures/statistics.ts';
import { targetTitle } from '../figures/target.ts';
import { counted, countedOf, groupedBy, listOf } from '../figures/text.ts';
import type { Section } from '../section.ts';

const gains = (series: readonly BatchSeries[]): readonly number[] => series.map(({ gain }) => gain);

const opening = (study: Study): string => {
  const [smallest, largest] = [batchesOf(study)[0], batchesOf(study).at(-1)];
  const spans = study.devices.map((target) => ({ target, mean: geometricMean(gains(seriesOn(study, target))) }));
  const most = mostBy(spans, ({ mean }) => mean);
  const least = leastBy(spans, ({ mean }) => mean);
  const span = (target: StudyDevice) => spanText(gains(seriesOn(study, target)), ratio);
  const text = `Batch ${largest} is predicted to bring the most over batch ${smallest} on ${namedTarget(study, most.target)}, ${span(most.target)} the throughput`;
  return most.target === least.target
    ? `${text}.`
    : `${text}, and the least on ${namedTarget(study, least.target)}, ${span(least.target)}.`;
};

const payingSentence = (study: Study): string => {
  const largest = batchesOf(study).at(-1);
  const all = study.devices.flatMap((target) => seriesOn(study, target));
  const poor = all.filter(({ gain }) => gain < PAYING_GAIN);
  const rule = `Batching counts as not paying where batch ${largest} raises throughput by less than ${formatPercent(PAYING_GAIN - 1, 0)}`;
  if (poor.length === 0) return `${rule}: that is nowhere so.`;
  const places = groupedBy(poor, ({ target }) => namedTarget(study, target)).map(
    ({ key, items }) =>
      `${countedOf(items.length, study.models.length, 'model')} on ${key}, at ${spanText(
        items.map(({ slowdown }) => slowdown),
        ratio,
      )} the latency`,
  );
  return `${rule}: so it is for ${listOf(places)}.`;
};

const nearSentence = (study: Study): string => {
  const largest = batchesOf(study).at(-1);
  const parts = study.devices.map((target) => {
    const series = seriesOn(study, target);
    return {
      target,
      batches: spanText(
        series.map(({ nearBest }) => nearBest),
        String,
      ),
      rising: series.filter(({ rising }) => rising).length,
    };
  });
  const groups = groupedBy(parts, ({ batches }) => batches).map(
    ({ key, items }) => `${key} on ${listOf(items.map(({ target }) => namedTarget(study, target)))}`,
  );
  const all = study.devices.length * study.models.length;
  const rising = parts.reduce((sum, part) => sum + part.rising, 0);
  return (
    `${formatPercent(NEAR_BEST, 0)} of the best throughput among these batches is reached at batch ${groups.join('; ')}. ` +
    `The best is at batch ${largest}, the largest computed, in ${countedOf(rising, all, 'case')} (one model on one device).`
  );
};

/** A calibration made at one batch says less about another: what that does to the intervals. */
const widthSentence = (study: Study): string => {
  const widened = study.devices.flatMap((target) => {
    const series = seriesOn(study, target)[0];
    const [first, last] = [series?.cells[0], series?.cells.at(-1)];
    if (first === undefined || last === undefined) return [];
    const { calibration } = last.estimate;
    const [, largest] = calibration.batches ?? [];
    return largest !== undefined && last.batch > largest ? [{ target, batch: largest, first, last }] : [];
  });
  if (widened.length === 0) return '';
  const parts = widened.map(
    ({ target, batch, first, last }) =>
      `on ${targetTitle(study, target)}, calibrated at batch ${batch}, the upper end of the ${formatPercent(last.estimate.interval.level, 0)} interval is ` +
      `${ratio(intervalWidth(first))} the lower end at batch ${first.batch} and ${ratio(intervalWidth(last))} at batch ${last.batch}`,
  );
  return `A calibration made at one batch says less about others, so intervals widen: ${parts.join('; ')}.`;
};

export const section: Section = {
  id: 'batching',
  title: 'Batching',
  order: 160,
  build: (input) => {
    const { study } = input;
    const batches = batchesOf(study);
    if (batches.length < 2) {
      return [
        {
          kind: 'paragraph',
          text: `The study has ${counted(batches.length, 'batch', 'batches')} only: there is no batching to compare.`,
        },
      ];
    }
    const cells = study.devices.flatMap((target) => seriesOn(study, target).flatMap((series) => series.cells));
    const [smallest, largest] = [batches[0], batches.at(-1)];
    const spilled = `Every figure is for one batch at a time at ${study.options.resolution}×${study.options.resolution}; throughput is batch over latency.`;
    const width = widthSentence(study);
    return [
      { kind: 'paragraph', text: `${opening(study)} ${payingSentence(study)}` },
      { kind: 'paragraph', text: `${nearSentence(study)} ${spilled}` },
      ...(width === '' ? [] : [{ kind: 'callout', tone: 'warning', text: width } as const]),
      standingNote(study, cells, { energy: true }),
      gainChart(input),
      summaryTable(
        study,
        'batching-gain',
        `Predicted throughput at batch ${largest} over batch ${smallest}`,
        ratioColumn,
        ({ gain }) => gain,
        [],
      ),
      summaryTable(
        study,
        'batching-near-best',
        `Smallest batch of the study that reaches ${formatPercent(NEAR_BEST, 0)} of the best predicted throughput`,
        (key, title) => ({ key, title, format: { kind: 'integer' } }),
        ({ nearBest }) => nearBest,
        [`Batches computed: ${listOf(batches.map(String))}.`],
      ),
      summaryTable(
        study,
        'batching-energy',
        `Predicted energy per inference at batch ${smallest} over batch ${largest}`,
        ratioColumn,
        ({ energyGain }) => energyGain,
        ['Above 1, batching saves energy.'],
      ),
      baselineChart(input),
      ...study.devices.map((target) => deviceTable(study, target)),
    ];
  },
};
