/** What dense detectors predict for every cell of every level of a pyramid, with the same weights at all levels. */
import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import { activate, type Feature } from './conv.ts';
import { reshape, transpose } from './tokens.ts';

/** Runs at one level, which its nodes are named after. */
export type SharedLayer = (x: Feature, level: string) => Feature;

export interface SharedConvOptions {
  readonly kernel?: number;
  readonly bias?: boolean;
  /** Groups of a GroupNorm after the convolution. */
  readonly normGroups?: number;
  readonly relu?: boolean;
}

/** One convolution of stride 1 that keeps the size of the map, its weights stored once. */
export const sharedConv = (
  g: GraphBuilder,
  name: string,
  inputs: number,
  channels: number,
  { kernel = 3, bias = true, normGroups, relu = false }: SharedConvOptions = {},
): SharedLayer => {
  const weights = [
    g.weight(`${name}.weight`, [channels, inputs, kernel, kernel]),
    ...(bias ? [g.weight(`${name}.bias`, [channels])] : []),
  ];
  const scales =
    normGroups === undefined
      ? []
      : [g.weight(`${name}.norm.weight`, [channels]), g.weight(`${name}.norm.bias`, [channels])];
  const reach = Math.floor(kernel / 2);
  const attributes = {
    kernel_shape: [kernel, kernel],
    strides: [1, 1],
    pads: [reach, reach, reach, reach],
    group: 1,
  };
  return (x, level) => {
    let tensor = g.node('Conv', `${name}.${level}`, [x.tensor, ...weights], { attributes });
    if (normGroups !== undefined) {
      tensor = g.node('GroupNormalization', `${name}.${level}.norm`, [tensor, ...scales], {
        attributes: { num_groups: normGroups },
      });
    }
    const feature = { tensor, channels };
    return relu ? activate(g, `${name}.${level}.act`, feature, 'relu') : feature;
  };
};

/** Several of them, each with a ReLU, from as many channels to as many. */
export const sharedTower = (
  g: GraphBuilder,
  name: string,
  channels: number,
  depth: number,
  options: Omit<SharedConvOptions, 'relu' | 'kernel'> = {},
): SharedLayer => {
  const layers = Array.from({ length: depth }, (_, index) =>
    sharedConv(g, `${name}.${index}`, channels, channels, { ...options, relu: true }),
  );
  return (x, level) => layers.reduce((feature, layer) => layer(feature, level), x);
};

/** Anchors x columns channels of every cell to a row per cell and anchor: N x (cells x anchors) x columns. */
export const rowPerAnchor = (g: GraphBuilder, name: string, x: Feature, columns: number): TensorName =>
  g.scope(name, () => {
    const split = reshape(g, 'split', x.tensor, [0, x.channels / columns, columns, -1]);
    return reshape(g, 'join', transpose(g, 'transpose', split, [0, 3, 1, 2]), [0, -1, columns]);
  });

/** Rows of all levels in one table. */
export const joinRows = (g: GraphBuilder, name: string, levels: readonly TensorName[]): TensorName =>
  g.node('Concat', name, levels, { attributes: { axis: 1 } });
