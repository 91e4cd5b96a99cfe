/** The second stage of detectors in two stages: what is computed for each region that the first one proposes. */
import type { GraphBuilder } from '../../ir/builder.ts';
import { BATCH } from '../../ir/shape.ts';
import { multiply } from '../../units/integer.ts';
import { type Activation, activate, type Feature } from './conv.ts';
import type { Level } from './feature-pyramid.ts';

export interface RegionsOptions {
  /** Regions of one image. */
  readonly count: number;
  /** Height and width of what is sampled from each. */
  readonly side: number;
}

/** Samples along each side of a bin. */
const SAMPLING_RATIO = 2;

/**
 * An equal share of the regions from each level: which level a region goes to depends on its size, and so on
 * the data, but costs the same at all. Regions (corners in pixels) and the image each is of are inputs of the graph.
 */
export const regionFeatures = (
  g: GraphBuilder,
  name: string,
  levels: readonly Level[],
  { count, side }: RegionsOptions,
): Feature => {
  const regions = multiply(BATCH, count / levels.length);
  const pooled = levels.map((level) => {
    const boxes = g.input(`${name}.${level.name}`, [regions, 4]);
    const images = g.input(`${name}.${level.name}.image`, [regions], 'int64');
    return g.node('RoiAlign', `${name}.${level.name}.align`, [level.tensor, boxes, images], {
      attributes: {
        mode: 'avg',
        output_height: side,
        output_width: side,
        sampling_ratio: SAMPLING_RATIO,
        spatial_scale: 1 / level.stride,
        coordinate_transformation_mode: 'output_half_pixel',
      },
    });
  });
  const [first, ...others] = pooled;
  const tensor =
    first !== undefined && others.length === 0
      ? first
      : g.node('Concat', `${name}.levels`, pooled, { attributes: { axis: 0 } });
  return { tensor, channels: levels[0]?.channels ?? 0 };
};

/** Twice the height and width, by a transposed convolution with bias. */
export const upsampledConv = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  channels: number,
  { kernel, activation }: { readonly kernel: number; readonly activation?: Activation },
): Feature =>
  g.scope(name, () => {
    const reach = Math.floor(kernel / 2) - 1;
    const weights = [
      g.weight('conv.weight', [x.channels, channels, kernel, kernel]),
      g.weight('conv.bias', [channels]),
    ];
    const tensor = g.node('ConvTranspose', 'conv', [x.tensor, ...weights], {
      attributes: {
        kernel_shape: [kernel, kernel],
        strides: [2, 2],
        pads: [reach, reach, reach, reach],
      },
    });
    const upsampled = { tensor, channels };
    return activation === undefined ? upsampled : activate(g, 'act', upsampled, activation);
  });
