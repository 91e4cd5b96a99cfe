/** What `assay report` says at the terminal: one row per model, one column per device. */
import type { ReportDocument, Study, TableColumn } from '../../index.ts';
import type { FlexibleTable } from '../render/table.ts';

const BATCH = 1;

const latencyTable = ({ models, devices, options, cell }: Study): FlexibleTable => ({
  kind: 'table',
  id: 'latency',
  caption: `Latency in ms at ${options.resolution}×${options.resolution}, batch ${BATCH}, each device at its own precision`,
  columns: [
    { key: 'model', title: 'Model', format: { kind: 'code' } },
    ...devices.map(
      ({ device, precision }): TableColumn => ({
        key: device.id,
        title: device.id,
        unit: precision,
        format: { kind: 'number', digits: 3, scale: 1e-3 },
      }),
    ),
  ],
  rows: models.map((model) => ({
    model: model.name,
    ...Object.fromEntries(
      devices.map((target) => [target.device.id, cell(model, target, { batch: BATCH }).estimate.latencySeconds]),
    ),
  })),
  expendable: devices.map(({ device }) => device.id).toReversed(),
});

const hypothetical = ({ devices }: Study): readonly string[] =>
  devices.filter(({ device }) => device.status === 'hypothetical').map(({ device }) => device.id);

const uncalibrated = ({ devices, models, cell }: Study): readonly string[] =>
  devices
    .filter((target) => models.some((model) => cell(model, target).estimate.calibration.kind === 'prior'))
    .map(({ device }) => device.id);

export const summaryDocument = (study: Study, folder: string, paths: readonly string[]): ReportDocument => {
  const charts = paths.filter((path) => path.startsWith('charts/')).length;
  const files = paths.filter((path) => !path.startsWith('charts/'));
  const unproven = hypothetical(study);
  const unfitted = uncalibrated(study);
  return {
    title: 'Characterization study',
    subtitle: `${study.models.length} models, ${study.devices.length} devices, batches ${study.options.batches.join(', ')}, baseline ${study.baseline.name}`,
    facts: [],
    sections: [
      {
        id: 'summary',
        title: 'Latency',
        blocks: [
          latencyTable(study),
          {
            kind: 'list',
            ordered: false,
            items: [
              ...(unproven.length === 0 ? [] : [`Hypothetical, no silicon was measured: ${unproven.join(', ')}`]),
              ...(unfitted.length === 0 ? [] : [`Uncalibrated, wide intervals: ${unfitted.join(', ')}`]),
              `Written to ${folder}: ${files.join(', ')}${charts === 0 ? '' : ` and ${charts} charts in charts/`}`,
            ],
          },
        ],
      },
    ],
  };
};

export const summaryJson = (study: Study, folder: string, paths: readonly string[]) => ({
  schema: 'assay.report/1',
  folder,
  files: paths,
  resolution: study.options.resolution,
  batches: study.options.batches,
  baseline: study.baseline.name,
  commonPrecision: study.options.commonPrecision,
  hypothetical: hypothetical(study),
  uncalibrated: uncalibrated(study),
  models: study.models.map((model) => ({
    model: model.name,
    params: model.common.totals.params,
    macs: model.common.totals.macs,
    devices: study.devices.map((target) => {
      const { estimate, precision } = study.cell(model, target, { batch: BATCH });
      return {
        device: target.device.id,
        precision,
        batch: BATCH,
        latencySeconds: estimate.latencySeconds,
        latencyLowSeconds: estimate.interval.lowSeconds,
        latencyHighSeconds: estimate.interval.highSeconds,
        energyPerInferenceJoules: estimate.energyPerInferenceJoules,
        bound: estimate.bound,
      };
    }),
  })),
});
