/** Feature pyramid: Lin et al. 2016, https://arxiv.org/abs/1612.03144, as torchvision builds it. */
import type { GraphBuilder } from '../../ir/builder.ts';
import { activate, add, conv, convNorm, type Feature } from './conv.ts';
import { resizeNearest, sizeOf } from './resize.ts';

/** One feature map and its stride in pixels of the image. */
export interface Level extends Feature {
  readonly name: string;
  readonly stride: number;
}

export interface PyramidOptions {
  /** BatchNorm after every convolution in place of its bias. */
  readonly batchNorm?: boolean;
}

export const PYRAMID_CHANNELS = 256;

/** Images are padded to whole cells of the coarsest map of the backbone. */
export const PADDED_TO_32 = { minimum: 32, multipleOf: 32, because: 'images are padded to multiples of 32' } as const;

/** Maps of the backbone, the finest first, each joined by the coarser one below it: as many maps of 256 channels. */
export const featurePyramid = (
  g: GraphBuilder,
  maps: readonly Level[],
  { batchNorm = false }: PyramidOptions = {},
): readonly Level[] =>
  g.scope('fpn', () => {
    const layer = (name: string, x: Feature, kernel: number): Feature =>
      batchNorm
        ? convNorm(g, name, x, PYRAMID_CHANNELS, { kernel })
        : conv(g, name, x, PYRAMID_CHANNELS, { kernel, bias: true });
    const levels: Level[] = [];
    let coarser: Feature | undefined;
    for (const { name, stride, ...map } of maps.toReversed()) {
      const lateral = layer(`${name}.inner`, map, 1);
      const enlarged = (from: Feature) => resizeNearest(g, `${name}.resize`, from, sizeOf(g, `${name}.size`, lateral));
      const joined: Feature = coarser === undefined ? lateral : add(g, `${name}.add`, lateral, enlarged(coarser));
      levels.unshift({ ...layer(`${name}.layer`, joined, 3), name, stride });
      coarser = joined;
    }
    return levels;
  });

/** One more level, every other cell of the coarsest, as Faster R-CNN has it. */
export const withSubsampledLevel = (g: GraphBuilder, levels: readonly Level[]): readonly Level[] => {
  const last = levels.at(-1);
  if (last === undefined) return levels;
  const attributes = { kernel_shape: [1, 1], strides: [2, 2], pads: [0, 0, 0, 0] };
  const tensor = g.node('MaxPool', 'fpn.pool', [last.tensor], { attributes });
  return [...levels, { tensor, channels: last.channels, name: 'pool', stride: 2 * last.stride }];
};

/** Two more levels by strided convolutions, of the coarsest level or of the backbone's last map, as RetinaNet has them. */
export const withStridedLevels = (
  g: GraphBuilder,
  levels: readonly Level[],
  from: Feature & Pick<Level, 'stride'>,
): readonly Level[] => {
  const strided = (name: string, x: Feature) =>
    conv(g, `fpn.${name}`, x, PYRAMID_CHANNELS, { kernel: 3, stride: 2, bias: true });
  const p6 = strided('p6', from);
  const p7 = strided('p7', activate(g, 'fpn.p6.act', p6, 'relu'));
  return [...levels, { ...p6, name: 'p6', stride: 2 * from.stride }, { ...p7, name: 'p7', stride: 4 * from.stride }];
};
