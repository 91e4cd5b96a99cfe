import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import type { Feature } from './conv.ts';

/** Height and width of a map, read from it at run time, so that the graph fits images of any size. */
export const sizeOf = (g: GraphBuilder, name: string, { tensor }: Feature): TensorName =>
  g.node('Shape', name, [tensor], { attributes: { start: 2, end: 4 } });

const LINEAR = { mode: 'linear', coordinate_transformation_mode: 'half_pixel', axes: [2, 3] } as const;

const NEAREST = {
  mode: 'nearest',
  coordinate_transformation_mode: 'asymmetric',
  nearest_mode: 'floor',
  axes: [2, 3],
} as const;

/** Bilinear, to a height and width, with the sampling places of PyTorch's `interpolate` (corners not aligned). */
export const resizeLinear = (g: GraphBuilder, name: string, x: Feature, size: TensorName): Feature => ({
  tensor: g.node('Resize', name, [x.tensor, '', '', size], { attributes: LINEAR }),
  channels: x.channels,
});

/** The nearest neighbour above and to the left, to a height and width, as PyTorch's `interpolate` takes it. */
export const resizeNearest = (g: GraphBuilder, name: string, x: Feature, size: TensorName): Feature => ({
  tensor: g.node('Resize', name, [x.tensor, '', '', size], { attributes: NEAREST }),
  channels: x.channels,
});

/** Bilinear, by a whole factor. */
export const scaleLinear = (g: GraphBuilder, name: string, x: Feature, factor: number): Feature => ({
  tensor: g.node('Resize', name, [x.tensor, '', g.constant(`${name}.scales`, [factor, factor])], {
    attributes: LINEAR,
  }),
  channels: x.channels,
});
