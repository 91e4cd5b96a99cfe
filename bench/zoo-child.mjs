// @ts-nocheck: runs on the built library, which type checking does not wait for
/** In a process of its own: builds, infers and counts every model of the zoo, then each once more, warm. Prints JSON. */
import { allModels, analyzeGraph, coverage, totals } from '../dist/index.js';

const WARM_ROUNDS = 3;

const count = (variant) => {
  const start = process.hrtime.bigint();
  const analyzed = analyzeGraph(variant.build());
  if (totals(analyzed).macs <= 0 || coverage(analyzed).status !== 'complete')
    throw new Error(`miscounted ${variant.name}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
};

const variants = allModels().map(({ variant }) => variant);
const cold = variants.map(count).reduce((sum, milliseconds) => sum + milliseconds, 0);
const warm = variants
  .map((variant) => ({
    name: variant.name,
    milliseconds: Math.min(...Array.from({ length: WARM_ROUNDS }, () => count(variant))),
  }))
  .toSorted((a, b) => b.milliseconds - a.milliseconds);
process.stdout.write(JSON.stringify({ models: variants.length, cold, warm }));
