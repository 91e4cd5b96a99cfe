/** One configuration (model, device, runtime, precision, resolution, batch) held against a scenario. */
import { type Estimate, estimate } from '../../estimate/estimate.ts';
import type { Machine } from '../../estimate/machine.ts';
import { type Composition, compose } from './composition.ts';
import { bindingOf, type Check, checksOf } from './constraints.ts';
import type { DeploymentScenario, Target, Timing } from './scenario.ts';
import type { SearchedModel } from './searched-model.ts';
import { type Upkeep, upkeep } from './upkeep.ts';

/** What a configuration does at one timing. */
export interface Outcome {
  readonly timing: Timing;
  /** Of one batch. */
  readonly latencySeconds: number;
  readonly energyPerInferenceJoules: number;
  readonly composition: Composition;
  readonly upkeep: Upkeep;
  readonly checks: readonly Check[];
  readonly holds: boolean;
  /** The check with the smallest margin; none where nothing is asked. */
  readonly binding: Check | undefined;
}

export interface Configuration {
  readonly model: SearchedModel;
  readonly target: Target;
  readonly machine: Machine;
  readonly batch: number;
}

/** A configuration with its figures. Estimates are not kept: a search makes hundreds of thousands. */
export interface Candidate extends Configuration {
  readonly latencySeconds: number;
  readonly lowSeconds: number;
  readonly highSeconds: number;
  readonly energyPerInferenceJoules: number;
  readonly sustainedPowerWatts: number;
  readonly bound: Estimate['bound'];
  readonly calibration: string;
  readonly isComplete: boolean;
  /** At the timing of the scenario. */
  readonly outcome: Outcome;
}

export interface EvaluateOptions {
  readonly priced: boolean;
}

type Timed = Pick<Outcome, 'latencySeconds' | 'energyPerInferenceJoules'>;

/** Where a run takes longer, static power is drawn for longer; the work costs the same. */
const timed = ({ latencySeconds, interval, energy, batch }: Estimate, timing: Timing): Timed => {
  if (timing === 'point') return { latencySeconds, energyPerInferenceJoules: energy.total / batch };
  const stretched = energy.static * (interval.highSeconds / latencySeconds);
  return {
    latencySeconds: interval.highSeconds,
    energyPerInferenceJoules: (energy.total - energy.static + stretched) / batch,
  };
};

const outcomeOf = (
  scenario: DeploymentScenario,
  { model, target, machine, batch }: Configuration,
  made: Estimate,
  timing: Timing,
  { priced }: EvaluateOptions,
): Outcome => {
  const { precision } = machine;
  const { latencySeconds, energyPerInferenceJoules } = timed(made, timing);
  const { load, deadline, maxDevices } = scenario;
  const composition = compose({ load, batch, latencySeconds, deadline, maxDevices });
  const kept = upkeep({
    ...{ scenario, target, composition, batch, latencySeconds, energyPerInferenceJoules, priced },
  });
  const checks = checksOf(scenario, {
    ...{ composition, upkeep: kept, energyPerInferenceJoules },
    sustainedPowerWatts: made.averagePowerWatts,
    accuracy: model.accuracy,
    weightBytes: model.weightBytes(precision),
    peakActivationBytes: () => model.peakActivationBytes(precision, batch),
    banks: model.banks(target, precision, batch),
  });
  return {
    ...{ timing, latencySeconds, energyPerInferenceJoules, composition, upkeep: kept, checks },
    holds: checks.every(({ holds }) => holds),
    binding: bindingOf(checks),
  };
};

const estimateOf = ({ model, target, machine, batch }: Configuration): Estimate =>
  estimate(model.compiled.workload(target.runtime.fusion), machine, batch);

export const evaluate = (
  scenario: DeploymentScenario,
  configuration: Configuration,
  options: EvaluateOptions,
): Candidate => {
  const made = estimateOf(configuration);
  return {
    ...configuration,
    latencySeconds: made.latencySeconds,
    lowSeconds: made.interval.lowSeconds,
    highSeconds: made.interval.highSeconds,
    energyPerInferenceJoules: made.energyPerInferenceJoules,
    sustainedPowerWatts: made.averagePowerWatts,
    bound: made.bound,
    calibration: made.calibration.kind === 'calibrated' ? made.calibration.id : 'uncalibrated',
    isComplete: made.coverage === 'complete',
    outcome: outcomeOf(scenario, configuration, made, scenario.at, options),
  };
};

/** The same configuration under another scenario or at another timing. */
export const outcomeAt = (
  scenario: DeploymentScenario,
  configuration: Configuration,
  timing: Timing,
  options: EvaluateOptions,
): Outcome => outcomeOf(scenario, configuration, estimateOf(configuration), timing, options);

export const resolutionOf = ({ model }: Configuration): number | undefined => model.compiled.resolution;
export const memoryBytes = ({ model, machine: { precision }, batch }: Configuration): number =>
  model.weightBytes(precision) + model.peakActivationBytes(precision, batch);
