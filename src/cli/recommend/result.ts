/** A decision in all its forms. */
import type { recommend } from '../../index.ts';
import { type Plot, recommendDocument } from '../../report/api.ts';
import type { Result, Warning } from '../output.ts';
import { candidateJson, recommendJson } from './json.ts';

export interface Decided {
  readonly decision: recommend.Decision;
  readonly proposed: readonly recommend.CheckedProposal[];
  readonly remarks: readonly recommend.Remark[];
  readonly warnings: readonly Warning[];
}

export interface ResultOptions {
  readonly chart?: { readonly document: Document; readonly plot: Plot };
  readonly rows?: number;
}

const CSV_COLUMNS = [
  ...['model', 'family', 'device', 'powerMode', 'precision', 'runtime', 'batch', 'resolution'],
  ...['latencySeconds', 'low', 'high', 'waitSeconds', 'responseSeconds', 'throughputPerSecond'],
  ...['energyPerInferenceJoules', 'accuracy', 'weightBytes', 'peakActivationBytes', 'devicesNeeded'],
  ...['streamsPerDevice', 'averagePowerWatts', 'batteryDays', 'costPerMillion', 'bound', 'calibration'],
] as const;

export const recommendResult = (
  { decision, proposed, remarks, warnings }: Decided,
  options: ResultOptions,
): Result => ({
  json: () => recommendJson(decision, proposed, [...warnings, ...remarks]),
  document: () => recommendDocument(decision, { proposed, remarks, ...options }),
  csv: () => ({
    columns: CSV_COLUMNS,
    rows: decision.feasible.map(({ candidate }) => {
      const { margins: _, ...cells } = candidateJson(candidate);
      return cells;
    }),
  }),
});
