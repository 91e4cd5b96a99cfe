/** The zoo's public face: families, variants and names. */
import { nearestNames } from '../units/suggest.ts';
import type { ModelFamily, ModelVariant } from './family.ts';
import { families } from './index.ts';

/** By family: builders that take a typed configuration, as in `builders.resnet.buildResNet('mine', config)`. */
export * as builders from './builders.ts';
export type {
  BuildOptions,
  Counterfactual,
  Knob,
  ModelFamily,
  ModelVariant,
  PublishedAccuracy,
  PublishedConvention,
  PublishedCost,
  PublishedFigure,
  PublishedQuality,
} from './family.ts';
export { ModelOptionError, type ModelOptionErrorCode } from './options.ts';
export { families };

export interface ZooEntry {
  readonly family: ModelFamily;
  readonly variant: ModelVariant;
}

const entries: readonly ZooEntry[] = families.flatMap((family) =>
  family.variants.map((variant) => ({ family, variant })),
);

const byName: ReadonlyMap<string, ZooEntry> = new Map(
  entries.flatMap((entry) =>
    [entry.variant.name, ...(entry.variant.aliases ?? [])].map((name) => [name.toLowerCase(), entry] as const),
  ),
);

export const allModels = (): readonly ZooEntry[] => entries;

/** A model by its name or an alias, whatever the case and with `-` for `_`. */
export const findModel = (name: string): ZooEntry | undefined =>
  byName.get(name.toLowerCase()) ?? byName.get(name.toLowerCase().replaceAll('-', '_'));

export const findFamily = (id: string): ModelFamily | undefined =>
  families.find((family) => family.id === id.toLowerCase().replaceAll('-', '_'));

export const nearestModels = (name: string): readonly string[] => nearestNames(name, byName.keys());
export { type Rewritten, withSeparableConvolutions, withStandardConvolutions } from './convolutions.ts';
export { type Convolutions, knobsOf, type Variation, varied } from './variation.ts';
