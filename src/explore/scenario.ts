/** A deployment stated as constraints, and models held against them one constraint at a time. */
import { SECONDS_PER_DAY, type Seconds, type Watts, watts } from '../units/quantity.ts';
import { type Battery, batteryDays, deliverableEnergy, dutyCyclePower } from './battery.ts';
import type { Study, StudyCell, StudyDevice, StudyModel } from './study.ts';

export interface Scenario {
  readonly id: string;
  readonly title: string;
  readonly workload: string;
  /** Ids of the devices it is tried on; those that a study lacks are left out. */
  readonly devices: readonly string[];
  /** Inputs per second and source; a request rate is one source. */
  readonly ratePerSecond: number;
  readonly sources: number;
  /** From the arrival of a batch to its result. */
  readonly deadline: Seconds;
  /** More than one device may share the load; the deadline then holds on each. */
  readonly scaleOut: boolean;
  /** What decides among combinations that hold. */
  readonly prefer: 'accuracy' | 'devices';
  readonly minimumTop1?: number;
  readonly battery?: { readonly supply: Battery; readonly minimumDays: number };
  /** What was chosen by us where the workload leaves it open. */
  readonly assumptions: readonly string[];
}

export type ConstraintKind = 'deadline' | 'deadline, upper end' | 'rate' | 'accuracy' | 'battery';

export interface ConstraintCheck {
  readonly constraint: ConstraintKind;
  readonly unit: 's' | '/s' | '%' | 'days';
  readonly required: number;
  readonly actual: number;
  /** How far inside (above 1) or outside (below 1) the limit: limit / actual or actual / limit. */
  readonly margin: number;
  readonly holds: boolean;
}

export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly target: StudyDevice;
  readonly model: StudyModel;
  /** At the largest batch of one round of sources that meets the deadline at the interval's upper end, else at 1. */
  readonly cell: StudyCell;
  readonly checks: readonly ConstraintCheck[];
  readonly holds: boolean;
  /** The constraint with the smallest margin: what fails first, or what would. */
  readonly binding: ConstraintCheck;
  /** Sources that one device can serve inside the deadline. */
  readonly sourcesPerDevice: number;
  readonly devicesNeeded: number;
  readonly averagePowerWatts: Watts;
  /** With a battery: the rate at which it would last as long as wanted; 0 when resting alone empties it. */
  readonly sustainableRatePerSecond: number | null;
}

const check = (
  constraint: ConstraintKind,
  unit: ConstraintCheck['unit'],
  sense: 'at most' | 'at least',
  required: number,
  actual: number,
): ConstraintCheck => {
  const margin = sense === 'at most' ? required / actual : actual / required;
  return { constraint, unit, required, actual, margin, holds: margin >= 1 };
};

/** Batches tried when many sources can share one: powers of two, and the number of sources itself. */
const candidateBatches = (sources: number): readonly number[] => {
  const batches: number[] = [];
  for (let batch = 1; batch <= Math.min(sources, 256); batch *= 2) batches.push(batch);
  if (sources <= 256 && !batches.includes(sources)) batches.push(sources);
  return batches.sort((a, b) => a - b);
};

const restWatts = ({ device }: StudyDevice, busyShare: number): Watts =>
  // A device that works all the time never reaches its sleep state.
  busyShare > 0.5 || device.power.sleep === null ? device.power.idle.value : device.power.sleep.value;

/** Holds one model on one device against a scenario, at the model's native resolution, where its accuracy was measured. */
export const assess = (study: Study, scenario: Scenario, target: StudyDevice, model: StudyModel): ScenarioResult => {
  const resolution = model.nativeResolution;
  const demand = scenario.ratePerSecond * scenario.sources;
  const cells = candidateBatches(scenario.sources).map((batch) => study.cell(model, target, { batch, resolution }));
  const inTime = cells.filter(({ estimate }) => estimate.interval.highSeconds <= scenario.deadline);
  const fastest = inTime.toSorted((a, b) => b.estimate.throughputPerSecond - a.estimate.throughputPerSecond)[0];
  const cell = fastest ?? (cells[0] as StudyCell);
  const { estimate } = cell;
  const capacity = estimate.throughputPerSecond;
  const devicesNeeded = scenario.scaleOut ? Math.max(1, Math.ceil(demand / capacity)) : 1;

  const busyShare = Math.min(1, demand / (capacity * devicesNeeded));
  const rest = restWatts(target, busyShare);
  const averagePower = dutyCyclePower({
    energyPerInference: estimate.energyPerInferenceJoules,
    latencySeconds: estimate.latencySeconds / estimate.batch,
    inferencesPerSecond: Math.min(demand / devicesNeeded, capacity),
    restWatts: rest,
  });

  const checks: ConstraintCheck[] = [
    check('deadline', 's', 'at most', scenario.deadline, estimate.latencySeconds),
    check('deadline, upper end', 's', 'at most', scenario.deadline, estimate.interval.highSeconds),
    check('rate', '/s', 'at least', demand, capacity * devicesNeeded),
  ];
  const { accuracy } = model.entry.variant;
  if (scenario.minimumTop1 !== undefined && accuracy !== undefined) {
    checks.push(check('accuracy', '%', 'at least', scenario.minimumTop1, accuracy.top1));
  }
  let sustainable: number | null = null;
  if (scenario.battery !== undefined) {
    const { supply, minimumDays } = scenario.battery;
    checks.push(check('battery', 'days', 'at least', minimumDays, batteryDays(supply, averagePower)));
    const allowed = deliverableEnergy(supply) / (minimumDays * SECONDS_PER_DAY);
    const sleeping = restWatts(target, 0);
    const perInference = estimate.energyPerInferenceJoules - sleeping * (estimate.latencySeconds / estimate.batch);
    sustainable = Math.max(0, (allowed - sleeping) / perInference);
  }
  const binding = checks.reduce((worst, candidate) => (candidate.margin < worst.margin ? candidate : worst));
  return {
    scenario,
    target,
    model,
    cell,
    checks,
    holds: checks.every(({ holds }) => holds),
    binding,
    sourcesPerDevice: Math.floor(capacity / scenario.ratePerSecond),
    devicesNeeded,
    averagePowerWatts: watts(averagePower),
    sustainableRatePerSecond: sustainable,
  };
};

/** Every model of the study on every device that the scenario names and the study has. */
export const assessScenario = (study: Study, scenario: Scenario): readonly ScenarioResult[] =>
  scenario.devices.flatMap((id) =>
    study.devices
      .filter(({ device }) => device.id === id)
      .flatMap((target) => study.models.map((model) => assess(study, scenario, target, model))),
  );

/** Of what holds: the most accurate or the fewest devices, as the scenario prefers, then the other, then the least energy. */
export const recommendFrom = (results: readonly ScenarioResult[]): ScenarioResult | undefined => {
  const accuracy = ({ model }: ScenarioResult) => -(model.entry.variant.accuracy?.top1 ?? 0);
  const devices = ({ devicesNeeded }: ScenarioResult) => devicesNeeded;
  const energy = ({ cell }: ScenarioResult) => cell.estimate.energyPerInferenceJoules;
  return results
    .filter(({ holds }) => holds)
    .toSorted((a, b) => {
      const [first, second] = a.scenario.prefer === 'accuracy' ? [accuracy, devices] : [devices, accuracy];
      return first(a) - first(b) || second(a) - second(b) || energy(a) - energy(b);
    })[0];
};
