/** What a battery lasts: a best case without losses, and a realistic one with rest power between inferences. */
import { type Battery, batteryDays, dutyCyclePower } from '../../explore/battery.ts';
import type { StudyCell } from '../../explore/study.ts';
import { type Watts, wattHours, watts } from '../../units/quantity.ts';
import { ENERGY_TERM_TITLES, ENERGY_TERMS, termJoules } from './energy.ts';
import { mostBy } from './lookup.ts';

export interface Assumption {
  readonly value: number;
  readonly reason: string;
}

/** Capacity (Wh) and rate (1/s) of the earlier report, kept so that its table can be compared. */
export const CAPACITY_WATT_HOURS: Assumption = { value: 10, reason: 'the battery of the report of 2025-10-17' };
export const INFERENCES_PER_SECOND: Assumption = { value: 1, reason: 'the rate of the report of 2025-10-17' };
export const USABLE_SHARE: Assumption = {
  value: 0.85,
  reason: 'chosen: cut-off voltage, cold and ageing leave a part of the rated capacity unused',
};
export const REGULATOR_EFFICIENCY: Assumption = {
  value: 0.9,
  reason: 'chosen: a switching regulator between cell and chip, over light and full load',
};

export const BEST_BATTERY: Battery = {
  capacity: wattHours(CAPACITY_WATT_HOURS.value),
  usableShare: 1,
  regulatorEfficiency: 1,
};
export const REALISTIC_BATTERY: Battery = {
  capacity: wattHours(CAPACITY_WATT_HOURS.value),
  usableShare: USABLE_SHARE.value,
  regulatorEfficiency: REGULATOR_EFFICIENCY.value,
};

export interface BatteryCase {
  /** null where the device cannot keep up with the rate. */
  readonly days: number | null;
  readonly averageWatts: number | null;
  /** Share of the average draw that inferences cause; the rest flows while the device waits. */
  readonly inferenceShare: number | null;
  /** The largest single term of the draw. */
  readonly largest: string | null;
}

const UNABLE: BatteryCase = { days: null, averageWatts: null, inferenceShare: null, largest: null };

const REST = 'Rest power';

const batteryCase = (cell: StudyCell, battery: Battery, restWatts: Watts): BatteryCase => {
  const { energyPerInferenceJoules, latencySeconds } = cell.estimate;
  const inferencesPerSecond = INFERENCES_PER_SECOND.value;
  const power = dutyCyclePower({
    energyPerInference: energyPerInferenceJoules,
    latencySeconds,
    inferencesPerSecond,
    restWatts,
  });
  if (!Number.isFinite(power)) return UNABLE;
  const inferenceWatts = energyPerInferenceJoules * inferencesPerSecond;
  const draws = [
    ...ENERGY_TERMS.map((term) => ({
      name: ENERGY_TERM_TITLES[term],
      drawn: termJoules(cell, term) * inferencesPerSecond,
    })),
    { name: REST, drawn: power - inferenceWatts },
  ];
  return {
    days: batteryDays(battery, power),
    averageWatts: power,
    inferenceShare: inferenceWatts / power,
    largest: mostBy(draws, ({ drawn }) => drawn).name,
  };
};

export interface BatteryRow {
  readonly cell: StudyCell;
  readonly best: BatteryCase;
  /** Sleep power between inferences. */
  readonly sleep: BatteryCase;
  /** Idle power between inferences: ready at once, never suspended. */
  readonly idle: BatteryCase;
}

/** null for a device without a sleep power figure. */
export const batteryRow = (cell: StudyCell): BatteryRow | null => {
  const { sleep, idle } = cell.target.device.power;
  if (sleep === null) return null;
  return {
    cell,
    best: batteryCase(cell, BEST_BATTERY, watts(0)),
    sleep: batteryCase(cell, REALISTIC_BATTERY, sleep.value),
    idle: batteryCase(cell, REALISTIC_BATTERY, idle.value),
  };
};
