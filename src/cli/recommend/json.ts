/** The answer of `assay recommend --json`: plain data in SI units. */
import { energyOf, recommend, SECONDS_PER_DAY } from '../../index.ts';
import type { Warning } from '../output.ts';

/** JSON has no infinity: a battery of a device that draws nothing lasts for a time that is not said. */
const known = (value: number | null | undefined): number | null =>
  value === undefined || value === null || !Number.isFinite(value) ? null : value;

const missedBy = ({ actual, required }: recommend.Check): number | null =>
  actual === null ? null : known(Math.abs(actual - required));

export const checkJson = (check: recommend.Check) => {
  const { constraint, sense, required, actual, unit, margin, holds } = check;
  return {
    ...{ constraint, sense, required: known(required), actual: known(actual), unit },
    /** How many times the limit is missed; null where it holds or where the figure is unknown. */
    factor: holds || margin === 0 ? null : known(1 / margin),
    missedBy: holds ? null : missedBy(check),
    ...{ margin: known(margin), holds },
  };
};

export const candidateJson = (candidate: recommend.Candidate) => {
  const { model, target, machine, batch, outcome } = candidate;
  const { composition, upkeep } = outcome;
  return {
    model: model.entry.variant.name,
    family: model.entry.family.id,
    device: target.device.id,
    powerMode: machine.mode.name,
    precision: machine.precision,
    runtime: target.runtime.id,
    batch,
    resolution: recommend.resolutionOf(candidate) ?? null,
    latencySeconds: candidate.latencySeconds,
    low: candidate.lowSeconds,
    high: candidate.highSeconds,
    waitSeconds: composition.waitSeconds,
    responseSeconds: composition.responseSeconds,
    throughputPerSecond: batch / candidate.latencySeconds,
    energyPerInferenceJoules: candidate.energyPerInferenceJoules,
    accuracy: model.accuracy,
    weightBytes: model.weightBytes(machine.precision),
    peakActivationBytes: model.peakActivationBytes(machine.precision, batch),
    memoryBytes: recommend.memoryBytes(candidate),
    devicesNeeded: composition.devices,
    streamsPerDevice: composition.streamsPerDevice,
    averagePowerWatts: upkeep.averagePowerWatts,
    sustainedPowerWatts: candidate.sustainedPowerWatts,
    batteryDays: known(upkeep.batteryDays),
    energyPerMillionJoules: known(upkeep.energyPerMillionJoules),
    costPerMillion: known(upkeep.costPerMillion),
    costPerHour: known(upkeep.costPerHour),
    capital: known(upkeep.capital),
    bound: candidate.bound,
    calibration: candidate.calibration,
    coverage: candidate.isComplete ? 'complete' : 'partial',
    margins: Object.fromEntries(outcome.checks.map(({ constraint, margin }) => [constraint, known(margin)])),
  };
};

const scenarioJson = (scenario: recommend.DeploymentScenario, batches: readonly number[]) => {
  const { load, battery, cost, accuracy, power, memory } = scenario;
  return {
    ...{ id: scenario.id, title: scenario.title, workload: scenario.workload, assumptions: scenario.assumptions },
    load:
      load === undefined
        ? null
        : {
            ...load,
            peakPerSecond: recommend.peakRate(load),
            averagePerDay: recommend.averageRate(load) * SECONDS_PER_DAY,
          },
    deadlineSeconds: scenario.deadline ?? null,
    at: scenario.at,
    energyPerInferenceJoules: scenario.energyPerInference ?? null,
    power:
      power === undefined ? null : { averageWatts: power.average ?? null, sustainedWatts: power.sustained ?? null },
    battery:
      battery === undefined
        ? null
        : {
            capacityJoules: energyOf(battery.supply.capacity),
            usableShare: battery.supply.usableShare,
            regulatorEfficiency: battery.supply.regulatorEfficiency,
            lifeDays: battery.days,
            sleepWatts: battery.sleepWatts ?? null,
          },
    rest: scenario.rest,
    memory:
      memory === undefined
        ? null
        : { weightBytes: memory.weights ?? null, activationBytes: memory.activations ?? null },
    accuracy: accuracy ?? null,
    cost: cost ?? null,
    maxDevices: scenario.maxDevices ?? null,
    precisions: scenario.precisions ?? null,
    ...{ batches, resolutions: scenario.resolutions, prefer: scenario.prefer },
  };
};

const pairJson = ({ entry, target }: recommend.Pair) => ({
  model: entry.variant.name,
  device: target.device.id,
  target: recommend.targetName(target),
});

const recommendationJson = ({ candidate, rule, runnerUp, robust, safest }: recommend.Recommendation) => {
  const { outcome } = robust;
  return {
    ...candidateJson(candidate),
    rule,
    runnerUp:
      runnerUp === undefined
        ? null
        : {
            ...candidateJson(runnerUp.candidate),
            behindIn:
              runnerUp.behindIn === undefined
                ? null
                : {
                    criterion: runnerUp.behindIn.name,
                    recommended: runnerUp.behindIn.value(candidate),
                    runnerUp: runnerUp.behindIn.value(runnerUp.candidate),
                  },
          },
    robust: {
      holds: robust.holds,
      at: 'upper',
      latencySeconds: outcome.latencySeconds,
      responseSeconds: outcome.composition.responseSeconds,
      smallestMargin: known(outcome.binding?.margin),
      binding: outcome.binding === undefined ? null : checkJson(outcome.binding),
      /** The best by the rule that holds there, where the recommendation does not. */
      alternative: safest === undefined ? null : candidateJson(safest),
    },
    binding: candidate.outcome.binding === undefined ? null : checkJson(candidate.outcome.binding),
    checks: candidate.outcome.checks.map(checkJson),
  };
};

const configurationJson = (candidate: recommend.Candidate | undefined) =>
  candidate === undefined
    ? null
    : {
        precision: candidate.machine.precision,
        runtime: candidate.target.runtime.id,
        batch: candidate.batch,
        resolution: recommend.resolutionOf(candidate) ?? null,
        latencySeconds: candidate.latencySeconds,
        high: candidate.highSeconds,
        responseSeconds: candidate.outcome.composition.responseSeconds,
        energyPerInferenceJoules: candidate.energyPerInferenceJoules,
        accuracy: candidate.model.accuracy,
        missed: candidate.outcome.checks.filter(({ holds }) => !holds).map(checkJson),
      };

const relaxJson = ({ constraint, unit, required, opens, steps }: recommend.Relaxation) => ({
  ...{ constraint, unit, required: known(required), opens },
  steps: steps.map(({ to, factor, opens: count }) => ({ to: known(to), factor: known(factor), opens: count })),
});

const proposedJson = ({ proposal, pair, survives, candidate, binding, claims }: recommend.CheckedProposal) => ({
  ...pairJson(pair),
  source: proposal.source,
  survives,
  binding: binding === undefined ? null : checkJson(binding),
  configuration: configurationJson(candidate),
  claims: claims.map(({ figure, value, computed }) => ({
    ...{ figure, claimed: value, computed: known(computed) },
    factor: computed === null ? null : known(value / computed),
  })),
});

export const recommendJson = (
  { search, feasible, pareto, recommendation, rejected, relax }: recommend.Decision,
  proposed: readonly recommend.CheckedProposal[],
  warnings: readonly Warning[],
) => ({
  schema: 'assay.recommend/1',
  scenario: scenarioJson(search.scenario, search.batches),
  searched: {
    combinations: search.configurations,
    targets: search.space.targets.map(recommend.targetName),
    models: search.space.models.length,
    devices: search.space.targets.length,
    holding: search.pairs.reduce((sum, { holding }) => sum + holding, 0),
    pairs: search.pairs.length,
    pairsHolding: search.pairs.filter(({ holding }) => holding > 0).length,
  },
  feasible: feasible.map(({ candidate, batches }) => ({ ...candidateJson(candidate), batches })),
  pareto: { objectives: pareto.objectives, front: pareto.front.map(candidateJson) },
  recommendation: recommendation === undefined ? null : recommendationJson(recommendation),
  rejected: rejected.map(({ pair, binding }) => ({
    ...pairJson(pair),
    binding: checkJson(binding),
    nearest: configurationJson(pair.nearest),
  })),
  relax: relax.map(relaxJson),
  proposed: proposed.map(proposedJson),
  warnings,
});
