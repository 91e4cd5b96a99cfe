import type { GraphBuilder } from '../../ir/builder.ts';
import type { Feature } from './conv.ts';

/** Height and width of a map. */
export type MapSize = readonly [height: number, width: number];

/** Of a map that odd kernels with half their reach as padding have brought to a stride. */
export const mapSize = ([height, width]: MapSize, stride: number): MapSize => [
  Math.ceil(height / stride),
  Math.ceil(width / stride),
];

const SAMPLING = {
  linear: { mode: 'linear', coordinate_transformation_mode: 'half_pixel' },
  nearest: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
} as const;

/** To a height and width, with the sampling places of PyTorch's `interpolate` (corners not aligned). */
export const resizeTo = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  size: MapSize,
  mode: keyof typeof SAMPLING,
): Feature => ({
  tensor: g.node('Resize', name, [x.tensor, '', '', g.constant(`${name}.sizes`, size, 'int64')], {
    attributes: { ...SAMPLING[mode], axes: [2, 3] },
  }),
  channels: x.channels,
});
