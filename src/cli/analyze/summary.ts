/** Several models as one table, and the rows of the CSV. */
import type { CsvTable } from '../output.ts';
import type { FlexibleTable } from '../render/table.ts';
import type { Analysis } from './analysis.ts';
import { cell } from './cells.ts';
import { layersOf } from './layers.ts';

const rowOf = ({
  entry,
  settings,
  precision,
  resolution,
  batch,
  totals,
  work,
  weightBytes,
  memory,
  coverage,
}: Analysis) => ({
  model: entry.variant.name,
  family: entry.family.id,
  resolution: resolution ?? null,
  batch: batch ?? null,
  precision,
  params: totals.params,
  macs: cell(totals.macs),
  flops: cell(totals.flops),
  transcendentals: cell(totals.transcendentals),
  activation_elements: cell(totals.activationElements),
  convention: settings.convention,
  convention_count: cell(work),
  weight_bytes: weightBytes,
  peak_activation_bytes: memory?.peakActivationBytes ?? null,
  arena_bytes: memory?.arenaBytes ?? null,
  traffic_bytes: memory?.trafficBytes ?? null,
  sum_of_outputs_bytes: memory?.sumOfOutputsBytes ?? null,
  coverage: coverage.status,
});

/** One row per model, or with layers one per operator. */
export const analyzeCsv = (analyses: readonly Analysis[], withLayers: boolean): CsvTable => {
  const rows = withLayers
    ? analyses.flatMap((analysis) =>
        layersOf(analysis).map(({ node, bytes, times, counted, macs, flops, arithmetic }) => ({
          model: analysis.entry.variant.name,
          resolution: analysis.resolution ?? null,
          batch: analysis.batch ?? null,
          precision: analysis.precision,
          layer: node.name,
          type: node.type,
          class: node.class,
          params: node.parameters,
          macs: cell(macs),
          flops: cell(flops),
          bytes: bytes ?? null,
          ...(analysis.source !== undefined && { times: cell(times), counted, arithmetic: arithmetic ?? null }),
        })),
      )
    : analyses.map(rowOf);
  return { columns: Object.keys(rows[0] ?? {}), rows };
};

export const summaryTable = (analyses: readonly Analysis[]): FlexibleTable => {
  const convention = analyses[0]?.settings.convention ?? 'assay';
  return {
    kind: 'table',
    id: 'summary',
    caption: `Each model at the resolution of its row, batch ${analyses[0]?.batch ?? 1}`,
    columns: [
      { key: 'model', title: 'Model', format: { kind: 'code' } },
      { key: 'resolution', title: 'Resolution', unit: 'px', format: { kind: 'integer' } },
      { key: 'params', title: 'Parameters', unit: 'M', format: { kind: 'number', digits: 4, scale: 1e6 } },
      { key: 'macs', title: 'MACs', unit: 'G', format: { kind: 'number', digits: 4, scale: 1e9 } },
      { key: 'flops', title: 'FLOPs', unit: 'G', format: { kind: 'number', digits: 4, scale: 1e9 } },
      ...(convention === 'assay'
        ? []
        : [
            {
              key: 'convention_count',
              title: convention,
              unit: 'G',
              format: { kind: 'number', digits: 4, scale: 1e9 },
            } as const,
          ]),
      {
        key: 'activation_elements',
        title: 'Activations',
        unit: 'M',
        format: { kind: 'number', digits: 3, scale: 1e6 },
      },
      { key: 'weight_bytes', title: 'Weights', unit: 'MB', format: { kind: 'number', digits: 3, scale: 1e6 } },
      { key: 'peak_activation_bytes', title: 'Peak', unit: 'MB', format: { kind: 'number', digits: 3, scale: 1e6 } },
      { key: 'traffic_bytes', title: 'Traffic', unit: 'MB', format: { kind: 'number', digits: 3, scale: 1e6 } },
      { key: 'coverage', title: 'Coverage', format: { kind: 'text' } },
    ],
    rows: analyses.map(rowOf),
    expendable: ['coverage', 'activation_elements', 'flops', 'peak_activation_bytes', 'traffic_bytes'],
  };
};
