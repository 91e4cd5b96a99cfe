/** One change to an estimate, and what it is worth: both sides are predicted by the same model of time. */
import type { Workload } from '../analysis/workload.ts';
import { type Estimate, estimate } from '../estimate/estimate.ts';
import type { Machine } from '../estimate/machine.ts';
import type { CompiledModel, ModelEntry } from './compile.ts';

export type WhatIfKind =
  | 'fewer-channels'
  | 'more-channels'
  | 'resolution'
  | 'batch'
  | 'precision'
  | 'runtime'
  | 'fusion'
  | 'on-chip-memory';

/** The estimate that changes are held against. */
export interface WhatIfSubject {
  readonly entry: ModelEntry;
  readonly compiled: CompiledModel;
  readonly machine: Machine;
  readonly batch: number;
}

export interface WhatIfOptions {
  /** Smallest share of the latency that a change has to gain. */
  readonly leastGain?: number;
}

/** Below a hundredth of the latency a change drowns in what no model of time sees. */
export const DEFAULT_LEAST_GAIN = 0.01;

export interface WhatIfSuggestion {
  readonly kind: WhatIfKind;
  /** The layer that is changed, by which the change is known; null where it is the whole network or the device. */
  readonly layer: string | null;
  /** All layers whose shapes change with it. */
  readonly layers: readonly string[];
  /** Channels, pixels, items, bytes, or the name of a precision, a runtime or a set of fusion rules. */
  readonly from: number | string;
  readonly to: number | string;
  readonly batch: number;
  /** Of the whole batch, at `batch`. */
  readonly latencySecondsAfter: number;
  /** Of one inference: latency / batch, before less after. */
  readonly gainSeconds: number;
  readonly gainShare: number;
  /** Of one inference. */
  readonly energyJoulesAfter: number;
  readonly energyGainShare: number;
  readonly paramsAfter: number;
  readonly paramsChange: number;
  /** Of the whole batch, at `batch`. */
  readonly macsAfter: number;
  /** Relative to before, of one inference. */
  readonly macsChangeShare: number;
  /** Both sides rest on the same constants, so that their ratio is safer than either. */
  readonly sharesCalibration: boolean;
  readonly reason: string;
}

/** A changed network or machine, evaluated. */
export interface Outcome {
  readonly estimate: Estimate;
  readonly parameters: number;
}

export interface Baseline extends Outcome {
  readonly subject: WhatIfSubject;
  readonly workload: Workload;
}

export const outcomeOf = (workload: Workload, machine: Machine, batch: number): Outcome => ({
  estimate: estimate(workload, machine, batch),
  parameters: workload.parameters,
});

export const baselineOf = (subject: WhatIfSubject): Baseline => {
  const { compiled, machine, batch } = subject;
  const workload = compiled.workload(machine.fusion);
  return { subject, workload, ...outcomeOf(workload, machine, batch) };
};

const perInference = ({ latencySeconds, batch }: Estimate): number => latencySeconds / batch;

/** Share of the latency of one inference that goes away; less than zero where it grows. */
export const gainOf = (before: Outcome, after: Outcome): number =>
  1 - perInference(after.estimate) / perInference(before.estimate);

/** Share of what the network can hold or compute that goes away: the larger of parameters and multiply-accumulates. */
export const capacityLossOf = (before: Outcome, after: Outcome): number => {
  const macs = ({ estimate: { macs, batch } }: Outcome): number => macs / batch;
  const loss = (from: number, to: number): number => (from === 0 ? 0 : 1 - to / from);
  return Math.max(loss(macs(before), macs(after)), loss(before.parameters, after.parameters));
};

export type Described = Pick<WhatIfSuggestion, 'kind' | 'layer' | 'layers' | 'from' | 'to' | 'reason'>;

export const suggestionOf = (before: Outcome, after: Outcome, described: Described): WhatIfSuggestion => {
  const { estimate: old, parameters } = before;
  const { estimate: own } = after;
  const oldMacs = old.macs / old.batch;
  return {
    ...described,
    batch: own.batch,
    latencySecondsAfter: own.latencySeconds,
    gainSeconds: perInference(old) - perInference(own),
    gainShare: gainOf(before, after),
    energyJoulesAfter: own.energyPerInferenceJoules,
    energyGainShare: 1 - own.energyPerInferenceJoules / old.energyPerInferenceJoules,
    paramsAfter: after.parameters,
    paramsChange: after.parameters - parameters,
    macsAfter: own.macs,
    macsChangeShare: oldMacs === 0 ? 0 : own.macs / own.batch / oldMacs - 1,
    sharesCalibration: own.calibration === old.calibration,
  };
};

/** A change that gives something for nothing may still cost this share of the latency: a thousandth is no time at all. */
export const NO_TIME = 0.001;
