/** Constraints, figures and configurations of a decision as words. */
import { type Candidate, resolutionOf } from '../../explore/recommend/candidate.ts';
import type { Check } from '../../explore/recommend/constraints.ts';
import type { Criterion } from '../../explore/recommend/preference.ts';
import { type Target, targetName } from '../../explore/recommend/scenario.ts';
import { formatFixed, formatNumber, formatSI, formatSpan, UNKNOWN } from '../../units/format.ts';
import { SECONDS_PER_DAY } from '../../units/quantity.ts';

const PREFIXED: readonly string[] = ['s', 'J', 'W', 'B'];

/** A figure with its unit, as a person would write it. */
export const figureText = (value: number | null, unit: string): string => {
  if (value === null || Number.isNaN(value)) return UNKNOWN;
  if (PREFIXED.includes(unit)) return formatSI(value, unit);
  if (unit === 'days') return formatSpan(value * SECONDS_PER_DAY);
  if (unit === '/s') return `${formatNumber(value)} per second`;
  if (unit === '%') return `${formatFixed(value, 2)} %`;
  if (unit === 'devices') return formatFixed(value, 0);
  return `${formatNumber(value)} ${unit}`.trim();
};

/** "missed by a factor of 3.2", "1.4 times inside", "2.1 points short". */
export const distanceText = ({ required, actual, unit, margin, holds }: Check): string => {
  if (actual === null) return 'not known';
  // A ratio of two percentages says little: accuracies are compared in points.
  if (unit === '%') return `${formatFixed(Math.abs(actual - required), 2)} points ${holds ? 'above' : 'short'}`;
  if (!holds) return margin === 0 ? 'missed altogether' : `missed by a factor of ${formatNumber(1 / margin)}`;
  return Number.isFinite(margin) ? `${formatNumber(margin)} times inside` : 'far inside';
};

/** "battery life: 3.1 days against at least 365 days, missed by a factor of 118". */
export const checkText = (check: Check): string => {
  const { constraint, sense, required, actual, unit } = check;
  if (Number.isNaN(required)) return `${constraint}: the device or the model has none that is allowed`;
  if (actual === null) return `${constraint}: unknown, ${sense} ${figureText(required, unit)} is asked for`;
  return `${constraint}: ${figureText(actual, unit)} against ${sense} ${figureText(required, unit)}, ${distanceText(check)}`;
};

export const targetTitle = (target: Target): string => {
  const { device, powerMode, runtime } = target;
  const marks = [powerMode, runtime.id === device.defaultRuntime ? undefined : runtime.id].filter(
    (mark) => mark !== undefined,
  );
  return marks.length === 0 ? device.name : `${device.name} (${marks.join(', ')})`;
};

export const targetCode = targetName;

/** "int8, batch 4, 224×224". */
export const configurationText = (candidate: Candidate): string => {
  const resolution = resolutionOf(candidate);
  return [
    candidate.machine.precision,
    `batch ${candidate.batch}`,
    ...(resolution === undefined ? [] : [`${resolution}×${resolution}`]),
  ].join(', ');
};

export const candidateTitle = (candidate: Candidate): string =>
  `${candidate.model.entry.variant.title} on ${targetTitle(candidate.target)}`;

/** "accuracy 79.8 against 80.1". */
export const behindText = ({ name, unit, value }: Criterion, ahead: Candidate, behind: Candidate): string =>
  `${name} ${figureText(value(behind), unit)} against ${figureText(value(ahead), unit)}`;
