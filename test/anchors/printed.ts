import { countByConvention } from '../../src/analysis/conventions.ts';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import type { BuildOptions, ModelVariant, PublishedConvention } from '../../src/zoo/family.ts';
import { TIMM } from '../../src/zoo/published.ts';

/** What a published table says of a model, as far as it says it. */
export interface Counts {
  readonly parameters: number;
  readonly gmacs: number;
  readonly mActs: number;
}

const known = new Map<string, Readonly<Record<PublishedConvention, Counts>>>();

/** Counts of a zoo model in the convention of a published table; each graph is analyzed once. */
export const countsOf = (variant: ModelVariant, options: BuildOptions, convention: PublishedConvention): Counts => {
  const key = `${variant.name} ${JSON.stringify(options)}`;
  const cached = known.get(key);
  if (cached !== undefined) return cached[convention];
  const analysis = analyzeGraph(variant.build(options));
  const { params, activationElements } = totals(analysis);
  const counts = (as: PublishedConvention): Counts => ({
    parameters: params,
    gmacs: countByConvention(analysis, as) / 1e9,
    mActs: activationElements / 1e6,
  });
  const all = { torchvision: counts('torchvision'), fvcore: counts('fvcore'), papers: counts('papers') };
  known.set(key, all);
  return all[convention];
};

/** Decimals that the source prints: timm's tables round to two and then drop zeros ("0.1" is 0.10), others print all. */
export const decimalsOf = (printed: string, source: string): number =>
  source.startsWith(TIMM) ? 2 : (printed.split('.')[1]?.length ?? 0);

/** The number as the source would print it, zeros kept. */
export const asPrinted = (value: number | string, decimals: number): string => Number(value).toFixed(decimals);
