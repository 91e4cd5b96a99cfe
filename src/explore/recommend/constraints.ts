/** The constraints that one configuration is held to, each with its limit and by how much it is kept or missed. */
import type { Composition } from './composition.ts';
import type { DeploymentScenario } from './scenario.ts';
import type { Upkeep } from './upkeep.ts';

export const CONSTRAINTS = {
  deadline: 's',
  rate: '/s',
  devices: 'devices',
  'energy per inference': 'J',
  'average power': 'W',
  'sustained power': 'W',
  'battery life': 'days',
  'weight memory': 'B',
  'activation memory': 'B',
  'device memory for weights': 'B',
  'device memory for activations': 'B',
  'device memory': 'B',
  accuracy: '',
  'cost per million': '',
  'cost per hour': '',
  'price of the devices': '',
  precision: '',
  resolution: '',
} as const;

export type ConstraintName = keyof typeof CONSTRAINTS;

export interface Check {
  readonly constraint: ConstraintName;
  readonly unit: string;
  readonly sense: 'at most' | 'at least';
  readonly required: number;
  /** Null where it is not known: then it does not hold. */
  readonly actual: number | null;
  /** How far inside (above 1) or outside (below 1) the limit: limit / actual or actual / limit; 0 where unknown. */
  readonly margin: number;
  readonly holds: boolean;
}

export const checkOf = (
  constraint: ConstraintName,
  sense: Check['sense'],
  required: number,
  actual: number | null,
  unit: string = CONSTRAINTS[constraint],
): Check => {
  if (actual === null) return { constraint, unit, sense, required, actual, margin: 0, holds: false };
  const holds = sense === 'at most' ? actual <= required : actual >= required;
  const margin = sense === 'at most' ? required / actual : actual / required;
  // 0 / 0: nothing is needed and nothing is allowed.
  return { constraint, unit, sense, required, actual, margin: Number.isNaN(margin) ? 1 : margin, holds };
};

/** What a configuration does, at one timing, with what does not change with it. */
export interface Figures {
  readonly composition: Composition;
  readonly upkeep: Upkeep;
  readonly energyPerInferenceJoules: number;
  readonly sustainedPowerWatts: number;
  readonly accuracy: number | null;
  readonly weightBytes: number;
  /** Evaluated only where a constraint asks: planning memory takes longer than an estimate. */
  peakActivationBytes(): number;
  /** Memories of the device itself that have to hold the model. */
  readonly banks: readonly Bank[];
}

export interface Bank {
  readonly constraint: Extract<ConstraintName, `device memory${string}`>;
  readonly neededBytes: number;
  readonly capacityBytes: number;
}

const timeChecks = (
  { load, deadline, power, energyPerInference }: DeploymentScenario,
  figures: Figures,
): readonly Check[] => {
  const { composition, upkeep, energyPerInferenceJoules, sustainedPowerWatts } = figures;
  const demand = composition.loadPerDevice * composition.devices;
  return [
    ...(deadline === undefined ? [] : [checkOf('deadline', 'at most', deadline, composition.responseSeconds)]),
    ...(load === undefined ? [] : [rateCheck(demand, composition.carried)]),
    ...(energyPerInference === undefined
      ? []
      : [checkOf('energy per inference', 'at most', energyPerInference, energyPerInferenceJoules)]),
    ...(power?.average === undefined
      ? []
      : [checkOf('average power', 'at most', power.average, upkeep.averagePowerWatts)]),
    ...(power?.sustained === undefined
      ? []
      : [checkOf('sustained power', 'at most', power.sustained, sustainedPowerWatts)]),
  ];
};

/** Rounding: a device that is planned to be exactly full carries its load. */
const ROUNDING = 1e-9;

const rateCheck = (demand: number, carried: number): Check => ({
  ...checkOf('rate', 'at least', demand, demand * carried),
  ...{ margin: carried, holds: carried >= 1 - ROUNDING },
});

const memoryChecks = ({ memory }: DeploymentScenario, figures: Figures): readonly Check[] => [
  ...(memory?.weights === undefined ? [] : [checkOf('weight memory', 'at most', memory.weights, figures.weightBytes)]),
  ...(memory?.activations === undefined
    ? []
    : [checkOf('activation memory', 'at most', memory.activations, figures.peakActivationBytes())]),
  ...figures.banks.map(({ constraint, neededBytes, capacityBytes }) =>
    checkOf(constraint, 'at most', capacityBytes, neededBytes),
  ),
];

const costChecks = ({ cost }: DeploymentScenario, { upkeep }: Figures): readonly Check[] => {
  if (cost === undefined) return [];
  const { perMillion, perHour, capital } = cost.limits;
  const limited = (name: ConstraintName, limit: number | undefined, actual: number | null) =>
    limit === undefined ? [] : [checkOf(name, 'at most', limit, actual, cost.currency)];
  return [
    ...limited('cost per million', perMillion, upkeep.costPerMillion),
    ...limited('cost per hour', perHour, upkeep.costPerHour),
    ...limited('price of the devices', capital, upkeep.capital),
  ];
};

/** All of them, in the order in which they are told: that of `CONSTRAINTS`. */
export const checksOf = (scenario: DeploymentScenario, figures: Figures): readonly Check[] => {
  const { battery, accuracy } = scenario;
  return [
    ...timeChecks(scenario, figures),
    ...(battery === undefined ? [] : [checkOf('battery life', 'at least', battery.days, figures.upkeep.batteryDays)]),
    ...memoryChecks(scenario, figures),
    ...(accuracy === undefined
      ? []
      : [checkOf('accuracy', 'at least', accuracy.minimum, figures.accuracy, accuracyUnit(scenario))]),
    ...costChecks(scenario, figures),
  ];
};

/** Metrics of the zoo are in percent but for areas under a curve; a column of one's own says no unit. */
export const accuracyUnit = ({ accuracy }: DeploymentScenario): string =>
  accuracy === undefined || (accuracy.values === undefined && accuracy.metric !== 'AUC') ? '%' : '';

/** The one that gives first, or has given most. */
export const bindingOf = (checks: readonly Check[]): Check | undefined =>
  checks.length === 0 ? undefined : checks.reduce((worst, each) => (each.margin < worst.margin ? each : worst));
