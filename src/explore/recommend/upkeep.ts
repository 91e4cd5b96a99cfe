/** What a composition draws and costs: average power, battery days, cost and energy per million inferences. */
import { joules, SECONDS_PER_DAY, SECONDS_PER_HOUR, type Watts, watts } from '../../units/quantity.ts';
import { batteryDays, deliverableEnergy, dutyCyclePower } from '../battery.ts';
import type { Composition } from './composition.ts';
import { averageRate, type CostTerms, type DeploymentScenario, type Load, type Target } from './scenario.ts';

export interface Upkeep {
  /** Of one device over the day, rest included. */
  readonly averagePowerWatts: Watts;
  readonly batteryDays: number | null;
  /** Of all devices, rest included. */
  readonly energyPerMillionJoules: number;
  /** Null where a price is not known, or none is stated at all. */
  readonly costPerMillion: number | null;
  readonly costPerHour: number | null;
  readonly capital: number | null;
}

export interface UpkeepInput {
  readonly scenario: DeploymentScenario;
  readonly target: Target;
  readonly composition: Composition;
  readonly batch: number;
  /** Of one batch. */
  readonly latencySeconds: number;
  readonly energyPerInferenceJoules: number;
  /** Whether any device of the search has a price: then one without has an unknown one, and is not free. */
  readonly priced: boolean;
}

const sleepWatts = ({ battery }: DeploymentScenario, { device }: Target): Watts =>
  battery?.sleepWatts ?? device.power.sleep?.value ?? device.power.idle.value;

const dutyOf = (load: Load | undefined): number => (load?.kind === 'streams' ? load.dutyCycle : 1);

/** The rate while the load runs, of one device: no more than it can do. */
const activeRate = ({ scenario: { load }, composition: { devices }, batch, latencySeconds }: UpkeepInput): number => {
  const most = batch / latencySeconds;
  return load === undefined ? most : Math.min(most, averageRate(load) / dutyOf(load) / devices);
};

const JOULES_PER_KILOWATT_HOUR = 3.6e6;

const hourly = (
  { lifeSeconds, perKilowattHour }: CostTerms,
  { target: { price, pricePerHour }, composition: { devices }, priced }: UpkeepInput,
  averagePowerWatts: number,
): number | null => {
  if (priced ? price === undefined && pricePerHour === undefined : perKilowattHour === undefined) return null;
  // A price that is written off over no stated time says nothing of an hour.
  if (price !== undefined && lifeSeconds === undefined) return null;
  const writtenOff = ((price ?? 0) / (lifeSeconds ?? 1)) * SECONDS_PER_HOUR;
  const electricity = ((averagePowerWatts * SECONDS_PER_HOUR) / JOULES_PER_KILOWATT_HOUR) * (perKilowattHour ?? 0);
  return devices * (writtenOff + (pricePerHour ?? 0) + electricity);
};

export const upkeep = (input: UpkeepInput): Upkeep => {
  const { scenario, target, composition, latencySeconds, energyPerInferenceJoules, batch } = input;
  const { load, battery, cost, rest } = scenario;
  const rate = activeRate(input);
  const duty = dutyOf(load);
  const asleep = sleepWatts(scenario, target);
  const active = dutyCyclePower({
    energyPerInference: joules(energyPerInferenceJoules),
    // Rounding must not make a device that is just busy all the time one that falls behind.
    latencySeconds: Math.min(latencySeconds / batch, 1 / rate),
    inferencesPerSecond: rate,
    restWatts: rest === 'sleep' ? asleep : target.device.power.idle.value,
  });
  const averagePowerWatts = watts(active * duty + asleep * (1 - duty));
  const inferencesPerSecond = rate * duty * composition.devices;
  const perHour = cost === undefined ? null : hourly(cost, input, averagePowerWatts);
  return {
    averagePowerWatts,
    batteryDays: battery === undefined ? null : batteryDays(battery.supply, averagePowerWatts),
    energyPerMillionJoules: ((averagePowerWatts * composition.devices) / inferencesPerSecond) * 1e6,
    costPerHour: perHour,
    costPerMillion: perHour === null ? null : (perHour / (inferencesPerSecond * SECONDS_PER_HOUR)) * 1e6,
    capital: target.price === undefined ? null : target.price * composition.devices,
  };
};

/** Power that empties a battery in the time wanted. */
export const allowedWatts = ({ supply, days }: NonNullable<DeploymentScenario['battery']>): number =>
  deliverableEnergy(supply) / (days * SECONDS_PER_DAY);
