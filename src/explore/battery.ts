import {
  energyOf,
  type Joules,
  joules,
  SECONDS_PER_DAY,
  type WattHours,
  type Watts,
  watts,
} from '../units/quantity.ts';

/** A battery and what stands between it and the chip. Shares are 0 to 1. */
export interface Battery {
  readonly capacity: WattHours;
  /** What can be drawn before the cell is empty or too cold. */
  readonly usableShare: number;
  readonly regulatorEfficiency: number;
}

export interface DutyCycle {
  readonly energyPerInference: Joules;
  readonly latencySeconds: number;
  readonly inferencesPerSecond: number;
  /** Drawn between inferences. */
  readonly restWatts: Watts;
}

/** Energy that reaches the chip before the battery is empty. */
export const deliverableEnergy = ({ capacity, usableShare, regulatorEfficiency }: Battery): Joules =>
  joules(energyOf(capacity) * usableShare * regulatorEfficiency);

/** Average power of a device that infers at a fixed rate and rests in between; infinite when it cannot keep up. */
export const dutyCyclePower = ({
  energyPerInference,
  latencySeconds,
  inferencesPerSecond,
  restWatts,
}: DutyCycle): Watts => {
  const busyShare = latencySeconds * inferencesPerSecond;
  if (busyShare > 1) return watts(Number.POSITIVE_INFINITY);
  return watts(energyPerInference * inferencesPerSecond + restWatts * (1 - busyShare));
};

/** Days until the battery is empty: deliverable energy over average power. */
export const batteryDays = (battery: Battery, averagePower: Watts): number =>
  deliverableEnergy(battery) / averagePower / SECONDS_PER_DAY;
