import { type Seconds, seconds } from '../units/quantity.ts';
import type { Calibration } from './constants.ts';

export interface Interval {
  /** Probability with which the truth is meant to lie inside: 0.8. */
  readonly level: number;
  readonly lowSeconds: Seconds;
  readonly highSeconds: Seconds;
  /** Why it is wider than that of the calibration; none where it is not. */
  readonly widened: readonly WideningReason[];
}

/** What the rows of a calibration do not say enough about. */
export type WideningReason = 'other-batch' | 'large-depthwise';

export const WIDENING_TEXTS: Readonly<Record<WideningReason, string>> = {
  'other-batch': 'the batch is outside of those that were measured',
  'large-depthwise': 'much of the time goes to depthwise windows larger than those that were measured',
};

/** Share of the time from which large windows count. */
const NOTABLE_SHARE = 0.1;

export interface Extrapolation {
  readonly batch: number;
  /** Share of the time in depthwise kernels with windows larger than the calibration's largest. */
  readonly largeWindowShare: number;
}

const reasons = ({ batches }: Calibration, { batch, largeWindowShare }: Extrapolation): readonly WideningReason[] => [
  ...(batches !== undefined && (batch < batches[0] || batch > batches[1]) ? (['other-batch'] as const) : []),
  ...(largeWindowShare > NOTABLE_SHARE ? (['large-depthwise'] as const) : []),
];

/**
 * Multiplies the prediction by the quantiles of its calibration (split-conformal on family-held-out log residuals) or of
 * its class. For every reason to say less its quantiles are widened by one more half of themselves on a logarithmic scale.
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
  const width = 1 + widened.length / 2;
  return {
    level,
    lowSeconds: seconds(Math.max(roof, latency * low ** width)),
    highSeconds: seconds(latency * high ** width),
    widened,
  };
};
