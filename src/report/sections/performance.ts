import type { Study, StudyDevice } from '../../explore/study.ts';
import { formatNumber } from '../../units/format.ts';
import type { Block, TableBlock } from '../blocks.ts';
import { latencyCells, latencyColumn, latencyColumns, MODEL_COLUMN, modelCell } from '../figures/columns.ts';
import {
  baselineRow,
  bestBatch,
  cellLatency,
  cellsOn,
  coverageCallouts,
  flopRatio,
  holdsRealTime,
  leastBy,
  mostBy,
  nativeCell,
  REAL_TIME_FPS,
  realTimeMargin,
} from '../figures/lookup.ts';
import { realTimeText } from '../figures/real-time.ts';
import { intervalFactors, targetId, targetSentence, targetTitle } from '../figures/target.ts';
import { groupedBy, latencyText, listOf, timesText } from '../figures/text.ts';
import type { Section } from '../section.ts';

const RATE = { kind: 'number', digits: 3 } as const;

const columnDefinitions = (study: Study): Block => ({
  kind: 'definitions',
  entries: [
    {
      term: 'Best batch',
      text: `the batch of most images per second among those of the study (${listOf(study.options.batches.map(String))})`,
    },
    {
      term: 'Bound by',
      text: 'what takes the largest part of the predicted time at batch 1, or power where the cap stretches it',
    },
    { term: 'MFU', text: 'the share of the dense matrix peak that is reached at batch 1' },
    {
      term: `Margin at ${REAL_TIME_FPS} FPS`,
      text: `(1/${REAL_TIME_FPS} s) / predicted latency; above 1 the prediction itself fits into a frame`,
    },
    {
      term: `Holds ${REAL_TIME_FPS} FPS`,
      text: `whether the upper end of the interval is within 1/${REAL_TIME_FPS} s at batch 1`,
    },
  ],
});

const deviceTable = (study: Study, target: StudyDevice): TableBlock => {
  const cells = cellsOn(study, target);
  const { resolution } = study.options;
  return {
    kind: 'table',
    id: `performance-${targetId(study, target)}`,
    caption: `Predictions for ${targetTitle(study, target)} at ${resolution}×${resolution}, ${target.precision}, ${target.runtime.title}; batch 1 unless the column says otherwise.`,
    columns: [
      MODEL_COLUMN,
      ...latencyColumns(cells),
      { key: 'throughput', title: 'Throughput', unit: 'images/s', format: RATE },
      {
        key: 'bestBatch',
        title: 'Best batch',
        format: { kind: 'integer' },
      },
      { key: 'bestThroughput', title: 'Throughput at best batch', unit: 'images/s', format: RATE },
      {
        key: 'bound',
        title: 'Bound by',
        format: { kind: 'text' },
      },
      {
        key: 'utilization',
        title: 'MFU',
        format: { kind: 'percent', decimals: 2 },
      },
      {
        key: 'margin',
        title: `Margin at ${REAL_TIME_FPS} FPS`,
        format: { kind: 'ratio', digits: 3 },
      },
      {
        key: 'realTime',
        title: `Holds ${REAL_TIME_FPS} FPS`,
        format: { kind: 'verdict' },
      },
    ],
    rows: cells.map((cell) => {
      const best = bestBatch(study, cell.model, target);
      return {
        ...modelCell(cell.model),
        ...latencyCells(cell),
        throughput: cell.estimate.throughputPerSecond,
        bestBatch: best.batch,
        bestThroughput: best.estimate.throughputPerSecond,
        bound: cell.estimate.bound,
        utilization: cell.estimate.utilization,
        margin: realTimeMargin(cell),
        realTime: holdsRealTime(cell),
      };
    }),
    emphasized: [baselineRow(study)],
  };
};

const analysis = (study: Study, target: StudyDevice): string => {
  const cells = cellsOn(study, target);
  const fastest = leastBy(cells, cellLatency);
  const slowest = mostBy(cells, cellLatency);
  const realTime = `At batch 1, ${realTimeText(cells)}.`;
  if (fastest === slowest)
    return `${fastest.model.title} is predicted to take ${latencyText(fastest.estimate)}. ${realTime}`;
  const spread = cellLatency(slowest) / cellLatency(fastest);
  const work = flopRatio(study, slowest.model) / flopRatio(study, fastest.model);
  return (
    `**Analysis.** ${fastest.model.title} is the fastest with ${latencyText(fastest.estimate)} and ${slowest.model.title} the slowest with ` +
    `${latencyText(slowest.estimate)}: ${timesText(spread)} the time for ${timesText(work)} the FLOPs. ${realTime}`
  );
};

const deviceBlocks = (study: Study, target: StudyDevice): readonly Block[] => [
  { kind: 'heading', level: 3, text: targetTitle(study, target) },
  { kind: 'paragraph', text: targetSentence(study, target) },
  deviceTable(study, target),
  { kind: 'paragraph', text: analysis(study, target) },
];

const nativeTable = (study: Study): TableBlock => ({
  kind: 'table',
  id: 'performance-native',
  caption: "Predicted latency at each model's native resolution, batch 1, at each device's precision and runtime.",
  columns: [
    MODEL_COLUMN,
    { key: 'resolution', title: 'Native resolution', unit: 'px', format: { kind: 'integer' } },
    ...study.devices.map((target) => latencyColumn(targetId(study, target), targetTitle(study, target))),
  ],
  rows: study.models.map((model) => ({
    ...modelCell(model),
    resolution: model.native.resolution ?? null,
    ...Object.fromEntries(
      study.devices.map((target) => [targetId(study, target), cellLatency(nativeCell(study, model, target))]),
    ),
  })),
  emphasized: [baselineRow(study)],
  notes: [
    `Intervals as factors of the latency, cut off below at the roofs: ${study.devices.map((target) => `${targetTitle(study, target)} ${intervalFactors(study, target)}`).join('; ')}.`,
  ],
});

/** Devices on which the same models hold the frame rate are named together. */
const nativeSentences = (study: Study): readonly string[] =>
  groupedBy(study.devices, (target) => realTimeText(study.models.map((model) => nativeCell(study, model, target)))).map(
    ({ key, items }) => `${listOf(items.map((target) => targetTitle(study, target)))}: ${key}.`,
  );

/** The fastest cell of the study and the widest spread, with what they are. */
const opening = (study: Study): string => {
  const spreads = study.devices.map((target) => {
    const cells = cellsOn(study, target);
    return { target, spread: cellLatency(mostBy(cells, cellLatency)) / cellLatency(leastBy(cells, cellLatency)) };
  });
  const fastest = leastBy(
    study.devices.flatMap((target) => cellsOn(study, target)),
    cellLatency,
  );
  const widest = mostBy(spreads, ({ spread }) => spread);
  const narrowest = leastBy(spreads, ({ spread }) => spread);
  const first = `The shortest prediction at batch 1 is ${fastest.model.title} on ${targetTitle(study, fastest.target)}, ${latencyText(fastest.estimate)}.`;
  if (study.models.length < 2 || widest === narrowest) return first;
  return (
    `${first} The slowest model takes ${formatNumber(narrowest.spread)} times as long as the fastest on ` +
    `${targetTitle(study, narrowest.target)} and ${formatNumber(widest.spread)} times on ${targetTitle(study, widest.target)}.`
  );
};

export const section: Section = {
  id: 'performance',
  title: 'Performance by device',
  order: 30,
  build: ({ study }) => [
    { kind: 'paragraph', text: opening(study) },
    {
      kind: 'paragraph',
      text:
        "Every figure here is a prediction for one inference at a time on a device of its own, at that device's own precision and runtime; " +
        'comparing devices with one another takes [one common precision](#common-precision).',
    },
    columnDefinitions(study),
    ...coverageCallouts(study),
    ...study.devices.flatMap((target) => deviceBlocks(study, target)),
    { kind: 'heading', level: 3, text: 'At native resolutions' },
    { kind: 'list', ordered: false, items: nativeSentences(study) },
    nativeTable(study),
  ],
};
