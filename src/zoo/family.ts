import type { Graph } from '../ir/graph.ts';

/** How a published count was made; see docs/conventions.md. */
export type PublishedConvention = 'torchvision' | 'fvcore';

export interface PublishedCost {
  readonly resolution: number;
  /** Learned parameters; exact where the source prints all digits. */
  readonly parameters?: number;
  /** Billions of multiply-accumulates, as text so that the printed precision is kept: "0.301". */
  readonly gmacs: string;
  /** Millions of activations (outputs of convolutions and matrix products), as printed. */
  readonly mActs?: string;
  readonly convention: PublishedConvention;
  readonly source: string;
}

export interface PublishedAccuracy {
  /** ImageNet-1k validation, percent. */
  readonly top1: number;
  readonly top5: number;
  readonly weights: string;
  readonly resolution: number;
  readonly source: string;
}

export interface BuildOptions {
  /** Height and width of the square input in pixels. */
  readonly resolution?: number;
  readonly classes?: number;
}

export interface ModelVariant {
  /** torchvision's spelling where torchvision has the model. */
  readonly name: string;
  /** Other names of the same architecture with the same counts (timm's). */
  readonly aliases?: readonly string[];
  readonly title: string;
  /** Resolution at which the published accuracy was measured. */
  readonly nativeResolution: number;
  readonly published: readonly PublishedCost[];
  readonly accuracy?: PublishedAccuracy;
  /** Named knobs of the architecture as published (width and depth multipliers). */
  readonly scaling?: { readonly width: number; readonly depth: number };
  build(options?: BuildOptions): Graph;
  /** The same network with one design decision undone, so that what it buys is computed and not quoted. */
  readonly counterfactuals?: Readonly<Partial<Record<Counterfactual, (options?: BuildOptions) => Graph>>>;
}

export type Counterfactual =
  /** Every depthwise-separable pair as the one standard convolution it stands in for. */
  | 'standard-convolutions'
  | 'without-squeeze-excitation'
  /** ReLU in place of SiLU and hard-swish. */
  | 'relu-activations'
  /** Fused-MBConv blocks as the depthwise MBConv they were derived from. */
  | 'unfused-blocks';

export interface ModelFamily {
  readonly id: string;
  readonly title: string;
  readonly paper: string;
  /** What the graph leaves out or folds, compared with the reference code. */
  readonly notes: readonly string[];
  readonly variants: readonly ModelVariant[];
}

export const TORCHVISION = 'torchvision 0.29.1 weights metadata';
export const TIMM = 'timm benchmark tables (results/benchmark-infer-*.csv), counted with fvcore';
