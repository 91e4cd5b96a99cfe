/**
 * Swin Transformer: Liu et al. 2021, https://arxiv.org/abs/2103.14030, and its second version, Liu et al. 2021,
 * https://arxiv.org/abs/2111.09883, as torchvision builds them.
 */
import { GraphBuilder, type TensorName } from '../ir/builder.ts';
import type { Graph } from '../ir/graph.ts';
import { activate, conv, flatten, globalAveragePool, imageInput, linear } from './blocks/conv.ts';
import { layerNorm, mlp, reshape, transpose } from './blocks/tokens.ts';
import {
  channelsLast,
  type Grid,
  gridOf,
  partition,
  relativeBias,
  relativeIndex,
  relativeRows,
  rowsOf,
  unpartition,
  windowAttention,
} from './blocks/window-attention.ts';
import type { BuildOptions, ModelFamily, ModelVariant, PublishedCost } from './family.ts';
import { timmAccuracy, timmCost, torchvisionAccuracy, torchvisionCost } from './published.ts';

export interface SwinConfig {
  /** 2: cosine scores with a learned scale, normalization after each branch, biases from a small network. */
  readonly version: 1 | 2;
  /** Of the first stage; every further one has twice as many. */
  readonly channels: number;
  readonly depths: readonly [number, number, number, number];
  readonly heads: readonly [number, number, number, number];
  readonly window: number;
  /** Maps that are smaller than the window are one window of their own size, not padded to it, and keys have no bias. */
  readonly asTimm?: true;
}

const PATCH = 4;
/** Hidden units of the network that makes biases of relative coordinates. */
const POSITION_HIDDEN = 512;
/** Scores between regions that only the cyclic shift has brought together. */
const FORBIDDEN = -100;
/** Vectors are divided by no less: those of the padding have no length. */
const SHORTEST = 1e-12;
/** Biases of the second version stay between 0 and this. */
const POSITION_RANGE = 16;

/** ONNX's number for 32-bit floats. */
const FLOAT = 1;
/** Hidden units of a block's perceptron per channel. */
const MLP_RATIO = 4;

const SIZES = {
  t: { channels: 96, depths: [2, 2, 6, 2], heads: [3, 6, 12, 24] },
  s: { channels: 96, depths: [2, 2, 18, 2], heads: [3, 6, 12, 24] },
  b: { channels: 128, depths: [2, 2, 18, 2], heads: [4, 8, 16, 32] },
  l: { channels: 192, depths: [2, 2, 18, 2], heads: [6, 12, 24, 48] },
} as const;

const normalize = (g: GraphBuilder, name: string, { tensor, channels }: Grid): TensorName =>
  layerNorm(g, name, { tensor, channels, count: 1 }).tensor;

/** Rows below `height` and columns beyond `width` that make both a multiple of `multiple`, filled with zeros. */
const padded = (g: GraphBuilder, name: string, x: Grid, multiple: number): Grid => {
  const [below, beyond] = [x.height, x.width].map((extent) => (multiple - (extent % multiple)) % multiple) as [
    number,
    number,
  ];
  if (below === 0 && beyond === 0) return x;
  const widths = g.constant(`${name}.widths`, [0, 0, 0, 0, 0, below, beyond, 0], 'int64');
  const tensor = g.node('Pad', name, [x.tensor, widths]);
  return { ...x, tensor, height: x.height + below, width: x.width + beyond };
};

const slice = (
  g: GraphBuilder,
  name: string,
  tensor: TensorName,
  {
    axis,
    start,
    end,
    step = 1,
  }: { readonly axis: number; readonly start: number; readonly end: number; readonly step?: number },
): TensorName =>
  g.node('Slice', name, [
    tensor,
    ...[start, end, axis, step].map((value, part) => g.constant(`${name}.${part}`, [value], 'int64')),
  ]);

/** The upper left part of a map that was padded. */
const cropped = (g: GraphBuilder, name: string, x: Grid, { height, width }: Grid): Grid => {
  let { tensor } = x;
  if (x.height !== height) tensor = slice(g, `${name}.rows`, tensor, { axis: 1, start: 0, end: height });
  if (x.width !== width) tensor = slice(g, `${name}.columns`, tensor, { axis: 2, start: 0, end: width });
  return { ...x, tensor, height, width };
};

/** The map moved up and left by `shift` positions (down and right where it is below zero), what leaves entering on the other side. */
const rolled = (g: GraphBuilder, name: string, x: Grid, shifts: readonly [number, number]): Grid => {
  let tensor = x.tensor;
  shifts.forEach((shift, index) => {
    if (shift === 0) return;
    const axis = index + 1;
    const extent = index === 0 ? x.height : x.width;
    const at = (shift + extent) % extent;
    const tail = slice(g, `${name}.${index}.tail`, tensor, { axis, start: at, end: extent });
    const head = slice(g, `${name}.${index}.head`, tensor, { axis, start: 0, end: at });
    tensor = g.node('Concat', `${name}.${index}`, [tail, head], { attributes: { axis } });
  });
  return { ...x, tensor };
};

/** The region of every position after the shift: only positions of one region were neighbours before it. */
const regions = (
  { height, width }: Grid,
  window: number,
  [down, across]: readonly [number, number],
): readonly number[] => {
  const region = (at: number, extent: number, shift: number): number =>
    at < extent - window ? 0 : at < extent - shift ? 1 : 2;
  return Array.from({ length: height * width }, (_, index) => {
    const row = Math.floor(index / width);
    return 3 * region(row, height, down) + region(index % width, width, across);
  });
};

/** What the shift must not mix, 1 x windows x 1 x positions x positions: computed at every call, as the reference code does. */
const shiftMask = (g: GraphBuilder, x: Grid, window: number, shifts: readonly [number, number]): TensorName => {
  const count = window ** 2;
  const [down, across] = [x.height / window, x.width / window];
  const map = g.constant('mask.regions', regions(x, window, shifts), 'int64');
  const cut = transpose(g, 'mask.partition', reshape(g, 'mask.cut', map, [down, window, across, window]), [0, 2, 1, 3]);
  const rows = reshape(g, 'mask.rows', cut, [down * across, 1, count, 1]);
  const columns = reshape(g, 'mask.columns', cut, [down * across, 1, 1, count]);
  const same = g.node('Equal', 'mask.same', [rows, columns]);
  const [allowed, forbidden] = [g.constant('mask.allowed', 0), g.constant('mask.forbidden', FORBIDDEN)];
  return g.node('Where', 'mask', [same, allowed, forbidden]);
};

/** What all blocks with windows of one size share: which relative position a pair has, and, in the second version, where it lies. */
interface Positions {
  readonly window: number;
  readonly index: TensorName;
  readonly coordinates?: TensorName;
}

/** Relative coordinates on a logarithmic scale, sign(r) log2(1 + 8 |r| / (w - 1)) / 3: rows by relative position. */
const logCoordinates = (g: GraphBuilder, window: number): TensorName =>
  g.scope('relative_coords', () => {
    const side = 2 * window - 1;
    const offsets = Array.from({ length: relativeRows(window) }, (_, row) => [Math.floor(row / side), row % side]);
    const whole = g.constant(
      'offsets',
      offsets.flat().map((at) => at - (window - 1)),
      'int64',
    );
    const signed = g.node('Cast', 'cast', [whole], { attributes: { to: FLOAT } });
    const scaled = g.node('Mul', 'scale', [g.node('Abs', 'abs', [signed]), g.constant('eighths', 8 / (window - 1))]);
    const logarithm = g.node('Log', 'log', [g.node('Add', 'plus', [scaled, g.constant('one', 1)])]);
    const base = g.node('Mul', 'base', [logarithm, g.constant('per_log', 1 / (3 * Math.LN2))]);
    const coordinates = g.node('Mul', 'signed', [base, g.node('Sign', 'sign', [signed])]);
    return reshape(g, 'table', coordinates, [relativeRows(window), 2]);
  });

/** Rows of biases by relative position: learned, or between 0 and 16 from a network of two layers over the coordinates. */
const biasTable = (g: GraphBuilder, { coordinates, window }: Positions, heads: number): TensorName => {
  if (coordinates === undefined) return g.weight('relative_position_bias_table', [relativeRows(window), heads]);
  const hidden = linear(g, 'cpb.fc1', { tensor: coordinates, channels: 2 }, POSITION_HIDDEN);
  const activated = activate(g, 'cpb.act', hidden, 'relu');
  const scores = g.node('MatMul', 'cpb.fc2', [activated.tensor, g.weight('cpb.fc2.weight', [POSITION_HIDDEN, heads])]);
  return g.node('Mul', 'cpb.range', [
    g.node('Sigmoid', 'cpb.sigmoid', [scores]),
    g.constant('cpb.sixteen', POSITION_RANGE),
  ]);
};

/** Dot products over the root of their length. */
const scaledScores =
  (g: GraphBuilder, size: number) =>
  (query: TensorName, key: TensorName): TensorName =>
    g.node('MatMul', 'scores', [g.node('Mul', 'scale', [query, g.constant('scale.factor', size ** -0.5)]), key], {
      writtenOut: true,
    });

/** Cosines, each head with a learned scale of at most 100. */
const cosineScores =
  (g: GraphBuilder, heads: number) =>
  (query: TensorName, key: TensorName): TensorName => {
    const unit = (name: string, x: TensorName, axis: number): TensorName => {
      const length = g.node('ReduceL2', `${name}.length`, [x, g.constant(`${name}.axis`, [axis], 'int64')]);
      const divisor = g.node('Max', `${name}.divisor`, [length, g.constant(`${name}.shortest`, SHORTEST)]);
      return g.node('Div', `${name}.unit`, [x, divisor]);
    };
    const cosines = g.node('MatMul', 'scores', [unit('q', query, -1), unit('k', key, -2)], { writtenOut: true });
    const limit = g.constant('logit_scale.limit', Math.log(100));
    const scale = g.node('Exp', 'logit_scale.exp', [
      g.node('Min', 'logit_scale.min', [g.weight('logit_scale', [heads, 1, 1]), limit]),
    ]);
    return g.node('Mul', 'logit_scale.mul', [cosines, scale]);
  };

interface BlockOptions {
  readonly config: SwinConfig;
  readonly positions: Positions;
  readonly heads: number;
  /** Windows lie half a window further in every second block. */
  readonly shifted: boolean;
}

const shiftedWindowAttention = (
  g: GraphBuilder,
  x: Grid,
  { config: { version, asTimm }, positions, heads, shifted }: BlockOptions,
): Grid =>
  g.scope('attn', () => {
    const { window } = positions;
    const whole = padded(g, 'pad', x, window);
    // A map that one window covers is not shifted.
    const shiftOf = (extent: number): number => (shifted && extent > window ? Math.floor(window / 2) : 0);
    const shifts = [shiftOf(whole.height), shiftOf(whole.width)] as const;
    const isShifted = shifts.some((shift) => shift > 0);
    const moved = rolled(g, 'shift', whole, shifts);
    const { channels } = x;
    const table = biasTable(g, positions, heads);
    const attended = windowAttention(g, partition(g, moved, window), channels, {
      heads,
      window,
      scores: version === 1 ? scaledScores(g, channels / heads) : cosineScores(g, heads),
      bias: relativeBias(g, { table, index: positions.index, window, heads }),
      writtenOut: true,
      keyBias: !(asTimm && version === 2),
      ...(isShifted && {
        mask: {
          tensor: shiftMask(g, moved, window, shifts),
          windows: (moved.height / window) * (moved.width / window),
        },
      }),
    });
    const back = rolled(g, 'unshift', unpartition(g, attended, moved, window), [-shifts[0], -shifts[1]]);
    return cropped(g, 'crop', back, x);
  });

const swinBlock = (g: GraphBuilder, x: Grid, options: BlockOptions): Grid => {
  const { channels } = x;
  const normalized = (name: string, from: Grid): Grid => ({ ...from, tensor: normalize(g, name, from) });
  const added = (name: string, to: Grid, branch: Grid): Grid => ({
    ...to,
    tensor: g.node('Add', name, [to.tensor, branch.tensor]),
  });
  const perceptron = (from: Grid): Grid => {
    const rows = { tensor: rowsOf(g, 'mlp.rows', from), channels };
    return gridOf(g, 'mlp.grid', mlp(g, 'mlp', rows, MLP_RATIO * channels).tensor, from);
  };
  if (options.config.version === 1) {
    const middle = added('add1', x, shiftedWindowAttention(g, normalized('norm1', x), options));
    return added('add2', middle, perceptron(normalized('norm2', middle)));
  }
  const middle = added('add1', x, normalized('norm1', shiftedWindowAttention(g, x, options)));
  return added('add2', middle, normalized('norm2', perceptron(middle)));
};

/** Four neighbours side by side, then twice the channels. */
const patchMerging = (g: GraphBuilder, x: Grid, version: 1 | 2): Grid => {
  const even = padded(g, 'pad', x, 2);
  const every = (row: number, column: number): TensorName => {
    const name = `neighbour${row}${column}`;
    const rows = slice(g, `${name}.rows`, even.tensor, { axis: 1, start: row, end: even.height, step: 2 });
    return slice(g, name, rows, { axis: 2, start: column, end: even.width, step: 2 });
  };
  const neighbours = [every(0, 0), every(1, 0), every(0, 1), every(1, 1)];
  const joined: Grid = {
    tensor: g.node('Concat', 'join', neighbours, { attributes: { axis: -1 } }),
    height: even.height / 2,
    width: even.width / 2,
    channels: 4 * x.channels,
  };
  const reduced = (from: Grid): Grid => {
    const channels = 2 * x.channels;
    const weight = g.weight('reduction.weight', [from.channels, channels]);
    const rows = g.node('MatMul', 'reduction', [rowsOf(g, 'reduction.rows', from), weight]);
    return gridOf(g, 'reduction.grid', rows, { ...from, channels });
  };
  if (version === 1) return reduced({ ...joined, tensor: normalize(g, 'norm', joined) });
  const merged = reduced(joined);
  return { ...merged, tensor: normalize(g, 'norm', merged) };
};

export const buildSwin = (
  name: string,
  config: SwinConfig,
  { resolution = 224, imageWidth = resolution, classes = 1000 }: BuildOptions = {},
): Graph => {
  const { version, channels, depths, heads, window, asTimm } = config;
  const g = new GraphBuilder(name);
  // Later maps are padded: one patch is enough.
  const rule = { minimum: PATCH, because: `patches of ${PATCH} pixels` };
  const image = imageInput(g, { resolution, imageWidth }, rule);
  const embedded = conv(g, 'patch_embed', image, channels, { kernel: PATCH, stride: PATCH, padding: 0, bias: true });
  const [height, width] = [resolution, imageWidth].map((extent) => Math.floor(extent / PATCH)) as [number, number];
  let x = channelsLast(g, 'patch_embed.channels_last', embedded.tensor, { height, width, channels });
  x = { ...x, tensor: normalize(g, 'patch_embed.norm', x) };
  const known = new Map<number, Positions>();
  const positionsIn = (side: number): Positions => {
    const found = known.get(side);
    if (found !== undefined) return found;
    const make = () => ({
      ...{ window: side, index: relativeIndex(g, side) },
      ...(version === 2 && { coordinates: logCoordinates(g, side) }),
    });
    const made = side === window ? make() : g.scope(`window${side}`, make);
    known.set(side, made);
    return made;
  };
  depths.forEach((depth, stage) => {
    const positions = positionsIn(asTimm ? Math.min(window, Math.max(x.height, x.width)) : window);
    for (let block = 0; block < depth; block++) {
      const options = { config, positions, heads: heads[stage] ?? 1, shifted: block % 2 === 1 };
      x = g.scope(`stage${stage + 1}.${block}`, () => swinBlock(g, x, options));
    }
    if (stage < depths.length - 1) x = g.scope(`merge${stage + 1}`, () => patchMerging(g, x, version));
  });
  const last = transpose(g, 'channels_first', normalize(g, 'norm', x), [0, 3, 1, 2]);
  const pooled = globalAveragePool(g, 'pool', { tensor: last, channels: x.channels });
  return g.finish([linear(g, 'head', flatten(g, 'flatten', pooled), classes).tensor]);
};

const BIAS_NETWORKS: PublishedCost['differs'] = {
  figures: ['gmacs'],
  reason:
    'torchvision runs the networks that make biases of positions at every call; they depend on no input and are run once here, on loading',
};

const TIMM_BIAS_NETWORKS: PublishedCost['differs'] = {
  figures: ['gmacs', 'mActs'],
  reason:
    'timm runs the networks that make biases of positions at every call; they depend on no input and are run once here, on loading',
};

interface TimmSwin {
  readonly version: 1 | 2;
  readonly size: 't' | 's' | 'b' | 'l';
  readonly window: number;
  readonly resolution: number;
  /** Of the name, where windows and images were smaller in training before the last: "12to16_192to256". */
  readonly trained?: string;
}

const variant = (
  version: 1 | 2,
  size: 't' | 's' | 'b',
  parameters: number,
  gmacs: string,
  [top1, top5]: readonly [number, number],
): ModelVariant => {
  const name = `swin_${version === 2 ? 'v2_' : ''}${size}`;
  const weights = `Swin_${version === 2 ? 'V2_' : ''}${size.toUpperCase()}_Weights.IMAGENET1K_V1`;
  const resolution = version === 1 ? 224 : 256;
  const config = { version, ...SIZES[size], window: version === 1 ? 7 : 8 };
  return {
    name,
    title: `Swin${version === 2 ? 'V2' : ''}-${size.toUpperCase()}`,
    nativeResolution: resolution,
    published: [
      { ...torchvisionCost(resolution, parameters, gmacs), ...(version === 2 && { differs: BIAS_NETWORKS }) },
    ],
    accuracy: torchvisionAccuracy(weights, top1, top5, resolution),
    build: (options) => buildSwin(name, config, { resolution, ...options }),
  };
};

const TIMM_SIZES = { t: 'tiny', s: 'small', b: 'base', l: 'large' } as const;

/** Larger ones, and ones with larger windows, that timm has under names of its own. */
const timmVariant = (
  { version, size, window, resolution, trained = '' }: TimmSwin,
  parameters: number,
  [gmacs, mActs]: readonly [gmacs: string, mActs: string],
  accuracy?: readonly [weights: string, top1: number, top5: number],
): ModelVariant => {
  const word = TIMM_SIZES[size];
  const name =
    version === 1
      ? `swin_${word}_patch4_window${window}_${resolution}`
      : `swinv2_${word}_window${trained || `${window}_${resolution}`}`;
  const config: SwinConfig = { version, ...SIZES[size], window, asTimm: true };
  return {
    name,
    title: `Swin${version === 2 ? 'V2' : ''}-${size.toUpperCase()}, windows of ${window} at ${resolution}${trained === '' ? '' : `, trained with ${trained.split('to')[0]}`}`,
    nativeResolution: resolution,
    published: [
      { ...timmCost(resolution, parameters, gmacs, mActs), ...(version === 2 && { differs: TIMM_BIAS_NETWORKS }) },
    ],
    ...(accuracy && { accuracy: timmAccuracy(`${name}.${accuracy[0]}`, accuracy[1], accuracy[2], resolution) }),
    build: (options) => buildSwin(name, config, { resolution, ...options }),
  };
};

export const family: ModelFamily = {
  id: 'swin',
  title: 'Swin Transformer',
  paper: 'https://arxiv.org/abs/2103.14030',
  notes: [
    'Dropout and stochastic depth are the identity at inference and are left out.',
    'Biases of relative positions and masks of shifted windows depend on the network alone: runtimes make them once, on loading.',
    'Weights fit any resolution: maps are padded to whole windows.',
    'torchvision sets the biases of the keys of the second version to zero at every call; here they are used as stored. timm has none: where a variant is under its name, its keys have no bias, and a map smaller than the window is one window of its own size.',
  ],
  variants: [
    variant(1, 't', 28_288_354, '4.491', [81.474, 95.776]),
    variant(1, 's', 49_606_258, '8.741', [83.196, 96.36]),
    variant(1, 'b', 87_768_224, '15.431', [83.582, 96.64]),
    variant(2, 't', 28_351_570, '5.94', [82.072, 96.132]),
    variant(2, 's', 49_737_442, '11.546', [83.712, 96.816]),
    variant(2, 'b', 87_930_848, '20.325', [84.112, 96.864]),
    timmVariant(
      { version: 1, size: 'b', window: 12, resolution: 384 },
      87_903_584,
      ['47.19', '134.78'],
      ['ms_in1k', 84.476, 96.892],
    ),
    timmVariant(
      { version: 1, size: 'l', window: 7, resolution: 224 },
      196_532_476,
      ['34.53', '54.94'],
      ['ms_in22k_ft_in1k', 86.312, 97.902],
    ),
    timmVariant(
      { version: 1, size: 'l', window: 12, resolution: 384 },
      196_735_516,
      ['104.08', '202.16'],
      ['ms_in22k_ft_in1k', 87.132, 98.234],
    ),
    timmVariant({ version: 2, size: 't', window: 16, resolution: 256 }, 28_347_154, ['6.68', '39.02']),
    timmVariant(
      { version: 2, size: 's', window: 16, resolution: 256 },
      49_728_418,
      ['12.82', '66.29'],
      ['ms_in1k', 84.224, 96.868],
    ),
    timmVariant(
      { version: 2, size: 'b', window: 16, resolution: 256 },
      87_918_816,
      ['22.02', '84.71'],
      ['ms_in1k', 84.6, 97.09],
    ),
    timmVariant(
      { version: 2, size: 'b', window: 16, resolution: 256, trained: '12to16_192to256' },
      87_918_816,
      ['22.02', '84.71'],
      ['ms_in22k_ft_in1k', 86.268, 97.882],
    ),
    timmVariant(
      { version: 2, size: 'b', window: 24, resolution: 384, trained: '12to24_192to384' },
      87_918_816,
      ['55.25', '280.36'],
      ['ms_in22k_ft_in1k', 87.096, 98.234],
    ),
    timmVariant(
      { version: 2, size: 'l', window: 16, resolution: 256, trained: '12to16_192to256' },
      196_739_932,
      ['47.81', '121.53'],
      ['ms_in22k_ft_in1k', 86.952, 98.106],
    ),
    timmVariant(
      { version: 2, size: 'l', window: 24, resolution: 384, trained: '12to24_192to384' },
      196_739_932,
      ['116.15', '407.83'],
      ['ms_in22k_ft_in1k', 87.464, 98.25],
    ),
  ],
};
