import type { Graph } from '../ir/graph.ts';

/** How a published count was made; see docs/conventions.md. */
export type PublishedConvention = 'torchvision' | 'fvcore' | 'papers';

export interface PublishedCost {
  /** Height and width of the input; `undefined` where the input is no image. */
  readonly resolution?: number;
  /** What else the source counted at, where it is not what `build` takes by itself. */
  readonly options?: BuildOptions;
  /** Learned parameters, to the unit. */
  readonly parameters?: number;
  /** Millions of parameters where the source rounds them, as text so that the printed precision is kept: "5.29". */
  readonly parametersMillions?: string;
  /** Billions of multiply-accumulates, as printed: "0.301". */
  readonly gmacs?: string;
  /** Billions of floating-point operations as printed, two to a multiply-accumulate: "8.7". */
  readonly gflops?: string;
  /** Millions of activations (outputs of convolutions and matrix products), as printed. */
  readonly mActs?: string;
  readonly convention: PublishedConvention;
  readonly source: string;
  /** Parameters that the source counts beyond those of the graph (less than zero: leaves out), and why. */
  readonly elsewhere?: { readonly parameters: number; readonly reason: string };
  /** Why figures of the source are not ours: it is in error, or counts something else. Those named here do differ. */
  readonly differs?: { readonly figures: readonly PublishedFigure[]; readonly reason: string };
}

export type PublishedFigure = 'parameters' | 'gmacs' | 'gflops' | 'mActs';

export interface PublishedAccuracy {
  /** ImageNet-1k validation, percent. */
  readonly top1: number;
  readonly top5?: number;
  readonly weights: string;
  readonly resolution: number;
  readonly source: string;
}

/** How well a model does another task than ImageNet-1k classification. */
export interface PublishedQuality {
  /** "mIoU", "box mAP", "accuracy". */
  readonly metric: string;
  readonly value: number;
  readonly unit: '%' | 'AUC' | 'points';
  readonly dataset: string;
  readonly weights: string;
  readonly source: string;
}

export interface BuildOptions {
  /** Height of an image in pixels, and its width unless `imageWidth` says otherwise. */
  readonly resolution?: number;
  /** Width of an image that is not square, for families that take one. */
  readonly imageWidth?: number;
  /** Outputs of a classifier. */
  readonly classes?: number;
  /** Multiplies the channels of the variant. */
  readonly width?: number;
  /** Tokens of a text. */
  readonly tokens?: number;
}

/** What a variant can be built with beside its resolution. */
export type Knob = 'classes' | 'width' | 'tokens';

export interface ModelVariant {
  /** torchvision's spelling where torchvision has the model. */
  readonly name: string;
  /** Other names of the same architecture with the same counts (timm's). */
  readonly aliases?: readonly string[];
  readonly title: string;
  /** Name of the variant that this is another form of, as trained branches are folded: measured under that name too. */
  readonly formOf?: string;
  /** Resolution at which the published accuracy was measured; `undefined` where the input is no square image of a fixed size. */
  readonly nativeResolution: number | undefined;
  /** No input is an image: no resolution can be asked for. */
  readonly withoutResolution?: true;
  /** Tokens of a text at which the published figures hold. */
  readonly nativeTokens?: number;
  /** `classes` alone unless stated. */
  readonly knobs?: readonly Knob[];
  readonly published: readonly PublishedCost[];
  readonly accuracy?: PublishedAccuracy;
  /** With other weights than those of `accuracy`. */
  readonly otherAccuracies?: readonly PublishedAccuracy[];
  readonly quality?: readonly PublishedQuality[];
  /** Multipliers of width and depth as published, and the variant that they multiply where the family has several. */
  readonly scaling?: { readonly width: number; readonly depth: number; readonly base?: string };
  /** Throws `ModelOptionError` for options that the architecture cannot take. */
  build(options?: BuildOptions): Graph;
  /** The same network with one design decision undone, so that what it buys is computed and not quoted. */
  readonly counterfactuals?: Readonly<Partial<Record<Counterfactual, (options?: BuildOptions) => Graph>>>;
}

export type Counterfactual =
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
