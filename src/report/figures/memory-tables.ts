import type { Study } from '../../explore/study.ts';
import type { Precision } from '../../ir/dtype.ts';
import { formatBinaryBytes } from '../../units/format.ts';
import type { CellValue, TableBlock, TableColumn } from '../blocks.ts';
import { MODEL_COLUMN, modelCell, ratioColumn } from './columns.ts';
import { baselineRow } from './lookup.ts';
import { fitOnChip, fragmentation, memoryAt, peakStep } from './memory.ts';
import { isHypothetical, targetId, targetTitle } from './target.ts';

export const REFERENCE: Precision = 'fp32';

export const NARROW: Precision = 'int8';

const SUM_NOTE =
  'The report of 2025-10-17 printed a sum over tensors, of the kind of the sum of all outputs, as “activation memory”.';

const megabytes = (key: string, title: string, description?: string): TableColumn => ({
  key,
  title,
  unit: 'MB',
  format: { kind: 'number', digits: 3, scale: 1e6 },
  ...(description !== undefined && { description }),
});

const figureColumns = (study: Study): readonly TableColumn[] => [
  MODEL_COLUMN,
  megabytes('weights', 'Weights'),
  megabytes('traffic', 'Traffic', 'Read and written per inference after fusion: weights once, activations per kernel.'),
  megabytes(
    'peak',
    'Peak live activations',
    'Most that is alive at once, in the order as written; input and output included.',
  ),
  megabytes('arena', 'Arena', 'What a static planner needs for the same activations, offsets and alignment included.'),
  { key: 'gap', title: 'Arena over peak', format: { kind: 'percent', decimals: 1 }, description: 'Fragmentation.' },
  megabytes('sum', 'Sum of all outputs', 'Outputs of all operators added up; no machine needs this at once.'),
  ratioColumn('weightRatio', `Weights over ${study.baseline.title}`),
  ratioColumn('peakRatio', `Peak over ${study.baseline.title}`),
];

export const figureTable = (study: Study, precision: Precision): TableBlock => {
  const base = memoryAt(study, study.baseline, precision);
  return {
    kind: 'table',
    id: `memory-${precision}`,
    caption: `Memory at ${precision}, batch 1, ${study.options.resolution}×${study.options.resolution} (MB = 10^6 bytes)`,
    columns: figureColumns(study),
    rows: study.models.map((model): Readonly<Record<string, CellValue>> => {
      const memory = memoryAt(study, model, precision);
      return {
        ...modelCell(model),
        weights: memory.weightBytes,
        traffic: memory.trafficBytes,
        peak: memory.peakActivationBytes,
        arena: memory.arenaBytes,
        gap: fragmentation(memory),
        sum: memory.sumOfOutputsBytes,
        weightRatio: memory.weightBytes / base.weightBytes,
        peakRatio: memory.peakActivationBytes / base.peakActivationBytes,
      };
    }),
    emphasized: [baselineRow(study)],
    ...(precision === REFERENCE && { notes: [SUM_NOTE] }),
  };
};

export const fitTable = (study: Study): TableBlock => ({
  kind: 'table',
  id: 'memory-on-chip',
  caption: 'What the shared on-chip memory holds whole, at each device’s precision, batch 1',
  columns: [
    MODEL_COLUMN,
    ...study.devices.map(
      (target): TableColumn => ({
        key: targetId(study, target),
        title: `${targetTitle(study, target)}, ${formatBinaryBytes(target.device.onChip.capacity.value)}`,
        format: { kind: 'text' },
        description: `${target.device.onChip.name}, ${target.precision}${isHypothetical(target) ? '; hypothetical device' : ''}.`,
      }),
    ),
  ],
  rows: study.models.map((model) => ({
    ...modelCell(model),
    ...Object.fromEntries(study.devices.map((target) => [targetId(study, target), fitOnChip(study, model, target)])),
  })),
  emphasized: [baselineRow(study)],
  notes: [
    'Activations: the arena. Capacities are those of the device records; what a runtime reserves for itself is not taken off.',
  ],
});

export const peakTable = (study: Study): TableBlock => ({
  kind: 'table',
  id: 'memory-peak-layers',
  caption: `Where the peak of live activations is (${REFERENCE}, batch 1)`,
  columns: [
    MODEL_COLUMN,
    { key: 'layer', title: 'Layer', format: { kind: 'code' } },
    { key: 'step', title: 'Step', format: { kind: 'integer' } },
    { key: 'steps', title: 'of', format: { kind: 'integer' } },
    megabytes('peak', 'Live'),
    { key: 'largest', title: 'Largest tensor', format: { kind: 'code' } },
    megabytes('largestBytes', 'Its size'),
    { key: 'alive', title: 'Buffers alive', format: { kind: 'integer' } },
  ],
  rows: study.models.map((model) => {
    const peak = peakStep(model.common.memory);
    return {
      ...modelCell(model),
      layer: peak.layer,
      step: peak.step,
      steps: peak.steps,
      peak: model.common.memory.peakActivationBytes,
      largest: peak.buffers[0]?.tensor ?? null,
      largestBytes: peak.buffers[0]?.bytes ?? null,
      alive: peak.buffers.length,
    };
  }),
  emphasized: [baselineRow(study)],
});

export const concurrencyTable = (study: Study): TableBlock => ({
  kind: 'table',
  id: 'graph-concurrency',
  caption: 'Concurrency of the graphs by data dependence alone, batch 1, operators as written',
  columns: [
    MODEL_COLUMN,
    { key: 'flops', title: 'FLOPs', unit: 'G', format: { kind: 'number', digits: 3, scale: 1e9 } },
    { key: 'critical', title: 'Critical path', unit: 'GFLOP', format: { kind: 'number', digits: 3, scale: 1e9 } },
    {
      key: 'parallelism',
      title: 'Parallelism',
      format: { kind: 'ratio', digits: 3 },
      description: 'FLOPs over those of the critical path.',
    },
    { key: 'depth', title: 'Depth', unit: 'operators', format: { kind: 'integer' } },
    {
      key: 'width',
      title: 'Width',
      unit: 'operators',
      format: { kind: 'integer' },
      description: 'Most operators at one depth.',
    },
  ],
  rows: study.models.map((model) => {
    const { totalFlops, criticalPathFlops, parallelism, depth, width } = model.common.concurrency;
    return { ...modelCell(model), flops: totalFlops, critical: criticalPathFlops, parallelism, depth, width };
  }),
  emphasized: [baselineRow(study)],
});
