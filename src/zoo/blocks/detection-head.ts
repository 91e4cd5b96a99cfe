/**
 * The head of YOLOv8: without anchor boxes, boxes and classes apart, and distances from a cell to the sides of its box as
 * distributions (generalized focal loss, Li et al. 2020, https://arxiv.org/abs/2006.04388).
 */
import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import { concat, conv, convNorm, type Feature } from './conv.ts';
import { reshape, transpose } from './tokens.ts';

/** Maps of three strides, the finest first. */
export type Pyramid = readonly [Feature, Feature, Feature];

const STRIDES = [8, 16, 32] as const;

/** Bins of the distance from a cell to a side of its box: 0 to 15 cells, of which the head predicts probabilities. */
const BINS = 16;
const SIDES = 4;

/** Convolution without bias, BatchNorm, SiLU. */
export const convSilu = (
  g: GraphBuilder,
  name: string,
  x: Feature,
  channels: number,
  kernel = 1,
  stride = 1,
): Feature => convNorm(g, name, x, channels, { kernel, stride, activation: 'silu' });

/** Two 3x3 convolutions and a pointwise one with bias. */
const branch = (g: GraphBuilder, name: string, x: Feature, hidden: number, outputs: number): Feature =>
  g.scope(name, () =>
    conv(g, '2', convSilu(g, '1', convSilu(g, '0', x, hidden, 3), hidden, 3), outputs, { bias: true }),
  );

interface Grid {
  readonly height: number;
  readonly width: number;
  readonly stride: number;
}

/** ONNX's number of the type, TensorProto.FLOAT. */
const FLOAT = 1;

/** Centres of the cells (1 x 2 x cells, in cells) and their strides in pixels (1 x cells), stored as integers. */
const buildAnchors = (g: GraphBuilder, grids: readonly Grid[]): { anchors: TensorName; strides: TensorName } => {
  const cells = grids.flatMap(({ height, width, stride }) =>
    Array.from({ length: height * width }, (_, cell) => ({ x: cell % width, y: Math.floor(cell / width), stride })),
  );
  const floating = (name: string, values: readonly number[], shape: readonly number[]) =>
    g.node('Cast', name, [g.constant(`${name}.cells`, values, 'int64', shape)], { attributes: { to: FLOAT } });
  const corners = floating('corners', [...cells.map(({ x }) => x), ...cells.map(({ y }) => y)], [1, 2, cells.length]);
  return {
    anchors: g.node('Add', 'anchors', [corners, g.constant('half', 0.5)]),
    strides: floating(
      'strides',
      cells.map(({ stride }) => stride),
      [1, cells.length],
    ),
  };
};

const split = (g: GraphBuilder, name: string, x: TensorName, sizes: readonly number[]) =>
  g.nodeWithOutputs('Split', name, [x, g.constant(`${name}.sizes`, sizes, 'int64')], {
    attributes: { axis: 1 },
    outputs: sizes.length,
  }) as readonly [TensorName, TensorName];

/** Probabilities over distances to expected distances (distribution focal loss): N x 64 x cells to N x 4 x cells. */
const expectedDistances = (g: GraphBuilder, x: TensorName, cells: number): TensorName =>
  g.scope('dfl', () => {
    const bySide = transpose(g, 'transpose', reshape(g, 'sides', x, [0, SIDES, BINS, cells]), [0, 2, 1, 3]);
    const probabilities = g.node('Softmax', 'softmax', [bySide], { attributes: { axis: 1 } });
    const distances = Array.from({ length: BINS }, (_, bin) => bin);
    const weight = g.constant('conv.weight', distances, undefined, [1, BINS, 1, 1]);
    const attributes = { kernel_shape: [1, 1], strides: [1, 1], pads: [0, 0, 0, 0], group: 1 };
    return reshape(g, 'join', g.node('Conv', 'conv', [probabilities, weight], { attributes }), [0, SIDES, cells]);
  });

/** Distances to left, top, right and bottom around the centres, in cells, to centre and size in pixels. */
const decodeBoxes = (g: GraphBuilder, distances: TensorName, grids: readonly Grid[]): TensorName =>
  g.scope('boxes', () => {
    const { anchors, strides } = buildAnchors(g, grids);
    const [before, after] = split(g, 'split', distances, [2, 2]);
    const first = g.node('Sub', 'first', [anchors, before]);
    const last = g.node('Add', 'last', [anchors, after]);
    const centre = g.node('Div', 'centre', [g.node('Add', 'sum', [first, last]), g.constant('two', 2)]);
    const size = g.node('Sub', 'size', [last, first]);
    const inCells = g.node('Concat', 'concat', [centre, size], { attributes: { axis: 1 } });
    return g.node('Mul', 'pixels', [inCells, strides]);
  });

export interface DetectionOptions {
  /** Of the image. */
  readonly resolution: number;
  readonly imageWidth: number;
  readonly classes: number;
}

/** Boxes and class scores of every cell: N x (4 + classes) x cells. */
export const detectionHead = (
  g: GraphBuilder,
  pyramid: Pyramid,
  { resolution, imageWidth, classes }: DetectionOptions,
): TensorName =>
  g.scope('detect', () => {
    const grids = STRIDES.map((stride) => ({ height: resolution / stride, width: imageWidth / stride, stride }));
    const finest = pyramid[0].channels;
    const boxHidden = Math.max(16, Math.floor(finest / 4), SIDES * BINS);
    const classHidden = Math.max(finest, Math.min(classes, 100));
    const outputs = SIDES * BINS + classes;
    const levels = pyramid.map((x, level) =>
      g.scope(`p${level + 3}`, () => {
        const box = branch(g, 'box', x, boxHidden, SIDES * BINS);
        const map = concat(g, 'concat', [box, branch(g, 'class', x, classHidden, classes)]);
        const { height, width } = grids[level] as Grid;
        return reshape(g, 'flatten', map.tensor, [0, outputs, height * width]);
      }),
    );
    const cells = grids.reduce((sum, { height, width }) => sum + height * width, 0);
    const all = g.node('Concat', 'levels', levels, { attributes: { axis: 2 } });
    const [box, logits] = split(g, 'split', all, [SIDES * BINS, classes]);
    const boxes = decodeBoxes(g, expectedDistances(g, box, cells), grids);
    const scores = g.node('Sigmoid', 'scores', [logits]);
    return g.node('Concat', 'output', [boxes, scores], { attributes: { axis: 1 } });
  });
