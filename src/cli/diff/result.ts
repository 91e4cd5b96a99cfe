/** `assay diff` as a document, as JSON and as rows. */
import type { DeviceDiff, Increase, MeasuredModel, ModelDiff } from '../../index.ts';
import { diffDocument } from '../../report/api.ts';
import type { Result, Warning } from '../output.ts';

export interface DiffView {
  readonly diff: ModelDiff;
  /** Where each model is from: a path, or `null` for the zoo. */
  readonly sources: readonly [a: string | null, b: string | null];
  readonly layers: boolean;
  readonly gate: { readonly most: number; readonly increases: readonly Increase[] } | undefined;
  readonly warnings: readonly Warning[];
}

const modelJson = ({ name, compiled, batch, precision, stored }: MeasuredModel, source: string | null) => ({
  ...{ name, source, resolution: compiled.resolution ?? null, batch, precision },
  weights: stored ? 'as stored' : precision,
  opset: compiled.analyzed.graph.opset,
});

const deviceJson = ({ intervalA, intervalB, batchA, batchB, figures, ...device }: DeviceDiff) => ({
  ...device,
  batches: [batchA, batchB],
  latencyIntervals: [intervalA, intervalB],
  figures,
});

const csvRows = ({ totals, devices }: ModelDiff) => [
  ...totals.map(({ figure, a, b, delta, ratio }) => ({ device: null, figure, a, b, delta, ratio })),
  ...devices.flatMap(({ device, figures }) =>
    figures.map(({ figure, a, b, delta, ratio }) => ({ device, figure, a, b, delta, ratio })),
  ),
];

export const diffResult = ({ diff, sources, layers, gate, warnings }: DiffView): Result => ({
  json: () => ({
    schema: 'assay.diff/1',
    models: [modelJson(diff.a, sources[0]), modelJson(diff.b, sources[1])],
    totals: diff.totals,
    layers: diff.layers,
    devices: diff.devices.map(deviceJson),
    gate:
      gate === undefined
        ? null
        : { maxIncrease: gate.most, holds: gate.increases.length === 0, increases: gate.increases },
    warnings,
  }),
  document: () => diffDocument(diff, { layers, gate }),
  csv: () => ({ columns: ['device', 'figure', 'a', 'b', 'delta', 'ratio'], rows: csvRows(diff) }),
});
