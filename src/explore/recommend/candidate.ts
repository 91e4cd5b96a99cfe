/** One configuration (model, device, runtime, precision, resolution, batch) held against a scenario. */
import { type Estimate, estimate } from '../../estimate/estimate.ts';
import type { Machine } from '../../estimate/machine.ts';
import { type Composition, compose } from './composition.ts';
import { bindingOf, type Check, type ConstraintName, checksOf } from './constraints.ts';
import type { DeploymentScenario, Load, Target, Timing } from './scenario.ts';
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

const estimateOf = ({ model, machine, batch }: Configuration): Estimate =>
  estimate(model.compiled().workload(machine.fusion), machine, batch);

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

/** What a lower load makes easier, or leaves as it is. Waiting for a batch takes longer then, and fixed cost is shared by less. */
const EASED: readonly ConstraintName[] = [
  ...(['rate', 'average power', 'battery life', 'cost per hour', 'price of the devices'] as const),
];

const lighter = (load: Load, share: number): Load =>
  load.kind === 'streams'
    ? { ...load, ratePerSecond: load.ratePerSecond * share }
    : { ...load, averagePerSecond: load.averagePerSecond * share };

/** A load this small is none. */
const LEAST_SHARE = 1e-6;
/** Halvings of the logarithm of a million: enough for ten digits. */
const HALVINGS = 40;

/** The largest share of the load at which a configuration holds that fails at all of it; `undefined` where none is. */
export const loadShare = (
  scenario: DeploymentScenario,
  configuration: Configuration & Pick<Candidate, 'outcome'>,
  options: EvaluateOptions,
): number | undefined => {
  const { load, at } = scenario;
  const missed = configuration.outcome.checks.filter(({ holds }) => !holds);
  if (load === undefined || missed.length === 0 || !missed.every(({ constraint }) => EASED.includes(constraint))) {
    return undefined;
  }
  const made = estimateOf(configuration);
  const outcome = (share: number): Outcome =>
    outcomeOf({ ...scenario, load: lighter(load, share) }, configuration, made, at, options);
  const isEased = (share: number): boolean =>
    outcome(share).checks.every(({ constraint, holds }) => holds || !EASED.includes(constraint));
  if (!isEased(LEAST_SHARE)) return undefined;
  let [low, high] = [Math.log(LEAST_SHARE), 0];
  for (let step = 0; step < HALVINGS; step++) {
    const middle = (low + high) / 2;
    if (isEased(Math.exp(middle))) low = middle;
    else high = middle;
  }
  const share = Math.exp(low);
  return outcome(share).holds ? share : undefined;
};

export const resolutionOf = ({ model }: Configuration): number | undefined => model.resolution;
export const memoryBytes = ({ model, machine: { precision }, batch }: Configuration): number =>
  model.weightBytes(precision) + model.peakActivationBytes(precision, batch);
