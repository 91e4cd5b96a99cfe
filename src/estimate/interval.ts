import { type Seconds, seconds } from '../units/quantity.ts';
import type { Calibration, IntervalFactors } from './constants.ts';

export interface Interval {
  /** Probability with which the truth is meant to lie inside: 0.8. */
  readonly level: number;
  readonly lowSeconds: Seconds;
  readonly highSeconds: Seconds;
  /** Why it is wider than that of the calibration; none where it is not. */
  readonly widened: readonly WideningReason[];
}

/** What the rows of a calibration do not say enough about. */
export type WideningReason = 'other-batch' | 'large-depthwise' | 'rare-kernels' | 'other-mode' | 'other-host';

export const WIDENING_TEXTS: Readonly<Record<WideningReason, string>> = {
  'other-batch': 'the batch is outside of those that were measured',
  'large-depthwise': 'much of the time goes to depthwise windows larger than those that were measured',
  'rare-kernels': 'much of the time goes to kinds of kernels on which no network that was measured spent much',
  'other-mode': 'it was measured in a power mode with other clocks',
  'other-host': 'much of the time goes to hand-overs by the host, which the batches that were measured hide',
};

/** Share of the time from which large windows, rare kinds of kernels and hand-overs count. */
const NOTABLE_SHARE = 0.1;

/** Share of the time in rare kinds from which the rows of a device say no more than those of others of its class. */
export const MOST = 0.5;

export interface Extrapolation {
  readonly batch: number;
  /** Share of the time in depthwise kernels with windows larger than the calibration's largest. */
  readonly largeWindowShare: number;
  /** Share of the time in kinds of kernels on which no row of the calibration spent much of its time. */
  readonly rareKindShare?: number;
  /** Of devices that nobody measured: what is known of a network whose kinds of kernels are mostly rare. */
  readonly ofClass?: IntervalFactors;
  /** Whether the rows were measured in a power mode with other clocks. */
  readonly isOtherMode?: boolean;
  /** Share of the time in which the device waits for its host. */
  readonly waitShare?: number;
}

/**
 * What hosts take to hand a kernel over, relative to the constant of their class: public tables of four GPUs at small
 * batches lie between 29 and 62 µs, about a constant of 45, and processors of desktops are faster than those of servers.
 */
const HOST = { low: 0.45, high: 1.7 };

const reasons = (
  { batches }: Calibration,
  { batch, largeWindowShare, rareKindShare = 0, isOtherMode = false, waitShare = 0 }: Extrapolation,
): readonly WideningReason[] => [
  ...(batches !== undefined && (batch < batches[0] || batch > batches[1]) ? (['other-batch'] as const) : []),
  ...(largeWindowShare > NOTABLE_SHARE ? (['large-depthwise'] as const) : []),
  ...(rareKindShare > NOTABLE_SHARE ? (['rare-kernels'] as const) : []),
  ...(isOtherMode ? (['other-mode'] as const) : []),
  ...(batches !== undefined && batch < batches[0] && waitShare > NOTABLE_SHARE ? (['other-host'] as const) : []),
];

/**
 * Multiplies the prediction by the quantiles of its calibration (split-conformal on family-held-out log residuals) or of
 * its class. For every reason to say less its quantiles are widened by one more half of themselves on a logarithmic scale,
 * and for a host that nothing timed by how far hosts differ. Where most of the time goes to rare kinds of kernels, it is as wide as that of the class at least.
 * No interval reaches below the roofs, which no machine can beat.
 */
export const latencyInterval = (
  calibration: Calibration,
  extrapolation: Extrapolation,
  latency: number,
  roof: number,
): Interval => {
  const { level, low, high } = calibration.interval;
  const widened = reasons(calibration, extrapolation);
  const isOtherHost = widened.includes('other-host');
  const width = 1 + (widened.length - (isOtherHost ? 1 : 0)) / 2;
  const host = isOtherHost ? HOST : { low: 1, high: 1 };
  const { rareKindShare = 0, ofClass = calibration.interval } = extrapolation;
  const least = rareKindShare > MOST ? ofClass : calibration.interval;
  return {
    level,
    lowSeconds: seconds(Math.max(roof, latency * Math.min(low ** width, least.low) * host.low)),
    highSeconds: seconds(latency * Math.max(high ** width, least.high) * host.high),
    widened,
  };
};
