/** Several models as one table, and the rows of the CSV. */
import { atBatch } from '../../index.ts';
import type { CsvTable } from '../output.ts';
import type { FlexibleTable } from '../render/table.ts';
import { type Analysis, layersOf } from './analysis.ts';

const rowOf = ({ entry, settings, resolution, totals, work, memory, coverage }: Analysis) => ({
  model: entry.variant.name,
  family: entry.family.id,
  resolution,
  batch: settings.batch,
  precision: settings.precision,
  params: totals.params,
  macs: totals.macs,
  flops: totals.flops,
  transcendentals: totals.transcendentals,
  activation_elements: totals.activationElements,
  convention: settings.convention,
  convention_count: work,
  weight_bytes: memory.weightBytes,
  peak_activation_bytes: memory.peakActivationBytes,
  arena_bytes: memory.arenaBytes,
  traffic_bytes: memory.trafficBytes,
  sum_of_outputs_bytes: memory.sumOfOutputsBytes,
  coverage: coverage.status,
});

/** One row per model, or with layers one per operator. */
export const analyzeCsv = (analyses: readonly Analysis[], withLayers: boolean): CsvTable => {
  const rows = withLayers
    ? analyses.flatMap((analysis) =>
        layersOf(analysis).map(({ node, bytes }) => ({
          model: analysis.entry.variant.name,
          resolution: analysis.resolution,
          batch: analysis.settings.batch,
          precision: analysis.settings.precision,
          layer: node.name,
          type: node.type,
          class: node.class,
          params: node.parameters,
          macs: atBatch(node.macs, analysis.settings.batch),
          flops: atBatch(node.flops, analysis.settings.batch),
          bytes,
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
    caption: `Each model at the resolution of its row, batch ${analyses[0]?.settings.batch ?? 1}`,
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
