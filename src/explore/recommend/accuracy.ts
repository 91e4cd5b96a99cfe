/** How accurate a model is as far as somebody has published it, or the user says. */
import type { PublishedAccuracy } from '../../zoo/family.ts';
import type { ModelSource } from '../compile.ts';
import type { AccuracyFloor, DeploymentScenario, ResolutionChoice } from './scenario.ts';

export const TOP_1 = 'top-1';

/** The weights that `accuracy` tells of at their own resolution, and the best ones published at another. */
const publishedAt = (variant: ModelSource, resolution: number | undefined): PublishedAccuracy | undefined => {
  const { accuracy, otherAccuracies = [] } = variant;
  if (accuracy === undefined || accuracy.resolution === resolution) return accuracy;
  return otherAccuracies.filter((other) => other.resolution === resolution).toSorted((a, b) => b.top1 - a.top1)[0];
};

/** Null where nobody says: an accuracy at one resolution tells nothing of another. */
export const accuracyOf = (
  variant: ModelSource,
  resolution: number | undefined,
  floor: AccuracyFloor | undefined,
): number | null => {
  if (floor?.values !== undefined) {
    return Object.hasOwn(floor.values, variant.name) ? (floor.values[variant.name] as number) : null;
  }
  if (floor === undefined || floor.metric === TOP_1) return publishedAt(variant, resolution)?.top1 ?? null;
  if (resolution !== undefined && variant.nativeResolution !== undefined && resolution !== variant.nativeResolution)
    return null;
  return variant.quality?.find(({ metric }) => metric === floor.metric)?.value ?? null;
};

const atChoice = (variant: ModelSource, choice: ResolutionChoice): readonly (number | undefined)[] => {
  if (variant.withoutResolution || choice === 'native') return [variant.nativeResolution];
  if (typeof choice === 'number') return [choice];
  const { accuracy, otherAccuracies = [] } = variant;
  return [
    variant.nativeResolution,
    ...(accuracy === undefined ? [] : [accuracy, ...otherAccuracies]).map(({ resolution }) => resolution),
  ];
};

/** The resolutions that a scenario allows for a model, each once; `undefined` for an input that is no square image. */
export const resolutionsOf = (
  variant: ModelSource,
  { resolutions }: DeploymentScenario,
): readonly (number | undefined)[] => [...new Set(resolutions.flatMap((choice) => atChoice(variant, choice)))];
