/** Figures of the sources that most variants quote, in the shape of the records. */
import type { PublishedAccuracy, PublishedCost, PublishedQuality } from './family.ts';

export const TORCHVISION = 'torchvision 0.29.1 weights metadata';
export const TIMM = 'timm benchmark tables (results/benchmark-infer-*.csv), counted with fvcore';
export const TIMM_EXACT = `${TIMM}; parameters to the unit as timm 1.0.31 builds the model`;
export const TIMM_PARAMETERS = 'parameters of the model as timm 1.0.31 builds it';
export const TIMM_ACCURACY = 'timm results/results-imagenet.csv';

/** torchvision prints parameters to the unit and three decimals of GMACs (under the name of GFLOPS). */
export const torchvisionCost = (resolution: number, parameters: number, gmacs: string): PublishedCost => ({
  resolution,
  parameters,
  gmacs,
  convention: 'torchvision',
  source: TORCHVISION,
});

/** timm prints two decimals of GMACs and of millions of activations, without trailing zeros. */
export const timmCost = (resolution: number, parameters: number, gmacs: string, mActs: string): PublishedCost => ({
  resolution,
  parameters,
  gmacs,
  mActs,
  convention: 'fvcore',
  source: TIMM_EXACT,
});

/** A model of timm that its benchmark tables leave out: only the parameters are known. */
export const timmParameters = (resolution: number, parameters: number): PublishedCost => ({
  resolution,
  parameters,
  convention: 'fvcore',
  source: TIMM_PARAMETERS,
});

export const torchvisionAccuracy = (
  weights: string,
  top1: number,
  top5: number,
  resolution = 224,
): PublishedAccuracy => ({ top1, top5, weights, resolution, source: TORCHVISION });

export const timmAccuracy = (weights: string, top1: number, top5: number, resolution = 224): PublishedAccuracy => ({
  top1,
  top5,
  weights,
  resolution,
  source: TIMM_ACCURACY,
});

/** Boxes of torchvision's detectors on COCO, at the mean of overlaps from 0.5 to 0.95. */
export const torchvisionBoxes = (weights: string, value: number): PublishedQuality => ({
  metric: 'box mAP 50-95',
  value,
  unit: '%',
  dataset: 'COCO val2017',
  weights: `${weights}_Weights.COCO_V1`,
  source: TORCHVISION,
});
