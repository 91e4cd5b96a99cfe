import { type Seconds, seconds } from '../units/quantity.ts';
import type { Calibration } from './constants.ts';

export interface Interval {
  /** Probability with which the truth is meant to lie inside: 0.8. */
  readonly level: number;
  readonly lowSeconds: Seconds;
  readonly highSeconds: Seconds;
}

/**
 * Multiplies the prediction by the quantiles of its calibration (split-conformal on
 * family-held-out log residuals) or of its prior. A calibration made at one batch size says
 * less about another: its quantiles are widened by one more factor of themselves. No interval
 * reaches below the roofs, which no machine can beat.
 */
export const latencyInterval = (
  { interval, batch: calibratedBatch }: Calibration,
  batch: number,
  latency: number,
  roof: number,
): Interval => {
  const extrapolated = calibratedBatch !== undefined && calibratedBatch !== batch;
  const low = extrapolated ? interval.low ** 2 : interval.low;
  const high = extrapolated ? interval.high ** 2 : interval.high;
  return {
    level: interval.level,
    lowSeconds: seconds(Math.max(roof, latency * low)),
    highSeconds: seconds(latency * high),
  };
};
