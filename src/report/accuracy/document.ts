/** How far predictions are from measurements, as a document: `assay validate` and docs/accuracy.md are the same. */
import type { GroupAccuracy } from '../../explore/accuracy.ts';
import { type AccuracyStudy, FEWEST_ROWS, LARGE_GROUP } from '../../explore/accuracy-study.ts';
import { MEASURED_MODELS, type UnseenDevice } from '../../explore/unseen-devices.ts';
import { formatPercent } from '../../units/format.ts';
import type { Block, CellValue, DocumentSection, ReportDocument, TableBlock } from '../blocks.ts';
import { counted, countedOf, verb } from '../figures/text.ts';
import { chartBlocks } from './charts.ts';
import { energyBlocks } from './energy.ts';
import { BASELINE_COLUMNS, baselineCells, ERROR_COLUMNS, errorCells, known, percentColumn } from './errors.ts';

const SETS: Readonly<Record<GroupAccuracy['by'], string>> = {
  'model family': 'families',
  'measured point': 'points',
  device: 'devices',
};

const groupRow = (accuracy: GroupAccuracy): Readonly<Record<string, CellValue>> => {
  const { group, by, sets, error, coverage } = accuracy;
  return {
    device: group.device.id,
    runtime: group.layout === 'nhwc' ? `${group.runtime.id}, nhwc` : group.runtime.id,
    precision: group.precision,
    rows: error.rows,
    sets: sets === 1 ? '1, class alone' : `${sets} ${SETS[by]}`,
    ...errorCells(error),
    coverage: known(coverage),
    ...baselineCells(accuracy),
  };
};

/** In a narrow terminal these go first. */
const EXPENDABLE: readonly string[] = ['within10', 'rho', 'median'];

const groupTable = (id: string, caption: string, groups: readonly GroupAccuracy[]): TableBlock => ({
  ...{ kind: 'table', id, caption },
  columns: [
    { key: 'device', title: 'Device', format: { kind: 'code' } },
    { key: 'runtime', title: 'Runtime', format: { kind: 'text' } },
    { key: 'precision', title: 'Type', format: { kind: 'text' } },
    { key: 'rows', title: 'Rows', format: { kind: 'integer' } },
    {
      key: 'sets',
      title: 'Held out',
      format: { kind: 'text' },
      description:
        'Sets of rows that were left out of the fit one after the other; of one alone nothing is left to fit',
    },
    ...ERROR_COLUMNS,
    percentColumn('coverage', 'In interval', 'Rows inside an 80 % interval that was made without their set'),
    ...BASELINE_COLUMNS,
  ],
  rows: groups.map(groupRow),
  ...{ expendable: EXPENDABLE },
});

/** What stands out, from the figures of the table. */
const summaryItems = ({ groups }: AccuracyStudy): readonly string[] => {
  const large = groups.filter(({ rows, baselines }) => rows.length >= LARGE_GROUP && baselines.roofline !== undefined);
  const better = large.filter(
    ({ error, baselines }) => error.mape < Math.min(...Object.values(baselines).map(({ mape }) => mape)),
  );
  const worse = large.filter((accuracy) => !better.includes(accuracy));
  const within = large.filter(({ error }) => error.mape <= 0.1);
  if (large.length === 0) return [];
  return [
    `The mean absolute error is at most ${formatPercent(0.1, 0)} in ${countedOf(within.length, large.length, `group of ${LARGE_GROUP} rows or more`, `groups of ${LARGE_GROUP} rows or more`)}.`,
    worse.length === 0
      ? `It is below that of both baselines in ${countedOf(better.length, large.length, 'such group')}.`
      : `It is below that of both baselines in ${countedOf(better.length, large.length, 'such group')}; a simpler model is as good or better on ${worse.map(({ group, error, baselines }) => `${group.id} (${formatPercent(error.mape)}; MACs only ${formatPercent(baselines.macs?.mape ?? Number.NaN)}, roofline ${formatPercent(baselines.roofline?.mape ?? Number.NaN)})`).join(', ')}.`,
  ];
};

const unseenRow = ({ device, architecture, runtimeClass, datasheet, calibrated }: UnseenDevice) => ({
  device,
  class: `${architecture}, ${runtimeClass}`,
  rows: datasheet.error.rows,
  ...errorCells(datasheet.error),
  ...baselineCells(datasheet),
  calibratedRows: calibrated === undefined ? null : calibrated.error.rows,
  calibrated: known(calibrated?.error.mape),
  calibratedMacs: known(calibrated?.baselines.macs?.mape),
  calibratedRoofline: known(calibrated?.baselines.roofline?.mape),
});

const DEVICE_COLUMNS: TableBlock['columns'] = [
  { key: 'device', title: 'Device', format: { kind: 'code' } },
  { key: 'class', title: 'Class', format: { kind: 'text' } },
];

const unseenTables = ({ unseen }: AccuracyStudy): readonly Block[] => {
  const calibrated = unseen.filter((device) => device.calibrated !== undefined);
  return [
    {
      kind: 'table',
      id: 'unseen-devices',
      caption: 'From the datasheet, with constants fitted to the other devices of the class',
      columns: [
        ...DEVICE_COLUMNS,
        { key: 'rows', title: 'Rows', format: { kind: 'integer' } },
        ...ERROR_COLUMNS,
        ...BASELINE_COLUMNS,
      ],
      rows: unseen.map(unseenRow),
      ...{ expendable: EXPENDABLE },
    },
    ...(calibrated.length === 0
      ? []
      : [
          {
            kind: 'table',
            id: 'unseen-devices-calibrated',
            caption: `After calibrating on ${MEASURED_MODELS} measured models, as assay calibrate does, on the rows of all other models`,
            columns: [
              ...DEVICE_COLUMNS,
              { key: 'calibratedRows', title: 'Rows', format: { kind: 'integer' } },
              percentColumn('mape', 'Before', 'MAPE from the datasheet, on all rows'),
              percentColumn('calibrated', 'After', 'MAPE'),
              percentColumn('calibratedMacs', 'MACs only', 'MAPE after a scale from the same models'),
              percentColumn('calibratedRoofline', 'Roofline', 'MAPE after a scale from the same models'),
            ],
            rows: calibrated.map(unseenRow),
          } as const,
        ]),
  ];
};

const skippedText = ({ skipped }: AccuracyStudy): string => {
  const reasons = new Map<string, number>();
  for (const { reason } of skipped) reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  return [...reasons].map(([reason, count]) => `${count} ${reason.replaceAll('-', ' ')}`).join(', ');
};

export interface AccuracyDocumentOptions {
  /** For scatter plots and residuals, from `createChartDocument`; without it there are none. */
  readonly chartDocument?: Document;
}

const thinText = ({ thin }: AccuracyStudy): string => {
  const rows = thin.reduce((sum, group) => sum + group.rows.length, 0);
  return `${counted(rows, 'more row')} in groups of fewer than ${FEWEST_ROWS} (${thin.map(({ id }) => id).join(', ')}) ${verb(rows, 'has', 'have')} no constants of ${verb(rows, 'its', 'their')} own, and ${verb(rows, 'is', 'are')} judged only among the devices that no fit saw.`;
};

const latencySection = (study: AccuracyStudy): DocumentSection => {
  const large = study.groups.filter(({ rows }) => rows.length >= LARGE_GROUP);
  const small = study.groups.filter(({ rows }) => rows.length < LARGE_GROUP);
  const items = summaryItems(study);
  return {
    id: 'held-out',
    title: 'Latency, held out of the fit',
    blocks: [
      {
        kind: 'paragraph',
        text: 'Every row is predicted with constants that were fitted without its model family, or without its point (a model at one size and batch) where fewer than three families were measured. No error here is of rows that were fitted. Beside it stand two simpler models, fitted to the same other sets.',
      },
      ...(items.length === 0 ? [] : [{ kind: 'list', ordered: false, items } as const]),
      ...(large.length === 0 ? [] : [groupTable('groups', 'Rows of one device, runtime and type', large)]),
      ...(small.length === 0
        ? []
        : [groupTable('small-groups', `Groups of fewer than ${LARGE_GROUP} rows, whose figures say little`, small)]),
      ...(study.thin.length === 0 ? [] : [{ kind: 'paragraph', text: thinText(study) } as const]),
      ...(study.unpredicted.length === 0
        ? []
        : [
            {
              kind: 'callout',
              tone: 'warning',
              text: `${counted(study.unpredicted.length, 'row')} without a prediction: no constants that did not see them were kept. \`npm run calibrate\` makes them.`,
            } as const,
          ]),
    ],
  };
};

export const accuracyDocument = (
  study: AccuracyStudy,
  { chartDocument }: AccuracyDocumentOptions = {},
): ReportDocument => ({
  title: 'Accuracy',
  subtitle: 'Predictions against public measurements that no fit saw',
  facts: [
    { name: 'Rows', value: String(study.rows) },
    { name: 'Devices', value: String(new Set(study.groups.map(({ group }) => group.device.id)).size) },
    { name: 'Left out', value: study.skipped.length === 0 ? 'none' : skippedText(study) },
  ],
  sections: [
    latencySection(study),
    ...(study.unseen.length === 0
      ? []
      : [{ id: 'unseen', title: 'Latency on devices that no fit saw', blocks: unseenTables(study) }]),
    { id: 'energy', title: 'Energy', blocks: energyBlocks(study) },
    ...(chartDocument === undefined
      ? []
      : [{ id: 'charts', title: 'Predicted against measured', blocks: chartBlocks(study, chartDocument) }]),
  ],
});
