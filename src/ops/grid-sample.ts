/**
 * Sampling at places that a tensor states. Specs: https://onnx.ai/onnx/operators/ (GridSample: opsets 16, 20, 22;
 * AffineGrid: 20). Over n spatial axes:
 *   GridSample   per output, with t neighbours along each axis (1 nearest, 2 linear, 4 cubic), t^n products and their sum:
 *                2 t^n - 1, and nothing with one neighbour; per place, whatever the channels, on each axis: the place in
 *                pixels (4 operations, 2 with `align_corners`) and its rounding (1), or for linear its floor, fraction and
 *                complement (3), or for cubic its floor and fraction (2), the distances of the other neighbours (3), and
 *                the weights, 2 polynomials of 5 and 2 of 6 operations (22); and (n - 1) t^n products of weights. What
 *                lies outside counts like what lies inside
 *   AffineGrid   per coordinate n products and n additions; the grid itself the sizes alone determine
 * fvcore counts 4 per output of GridSample.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { statedExtents } from './stated-extents.ts';
import { OPEN_LIST } from './table-texts.ts';

const MODES = {
  nearest: { neighbours: 1, perAxis: 1 },
  linear: { neighbours: 2, perAxis: 3 },
  cubic: { neighbours: 4, perAxis: 27 },
};
const TO_PIXELS = { aligned: 2, plain: 4 };
const FVCORE_PER_OUTPUT = 4;

const modeOf = (context: OperatorContext): (typeof MODES)[keyof typeof MODES] => {
  const mode = context.text('mode', 'linear');
  if (mode === 'nearest') return MODES.nearest;
  // Opset 16 knew them by the names for images.
  if (mode === 'linear' || mode === 'bilinear') return MODES.linear;
  if (mode === 'cubic' || mode === 'bicubic') return MODES.cubic;
  return context.fail(`mode is "${mode}", expected nearest, linear or cubic`);
};

const sampledShape = (context: OperatorContext): readonly Dim[] => {
  const { shape } = context.input(0);
  const grid = context.input(1).shape;
  if (shape.length < 3) context.fail(`an input of ${shape.length} axes, expected items, channels and spatial axes`);
  if (grid.length !== shape.length) context.fail(`a grid of ${grid.length} axes, expected ${shape.length}`);
  context.agree(grid.at(-1) as Dim, shape.length - 2, 'coordinates of a place and spatial axes');
  const items = context.agree(shape[0] as Dim, grid[0] as Dim, 'items of the input and of the grid');
  return [items, shape[1] as Dim, ...grid.slice(1, -1)];
};

/** Rows of the matrix of one item: the spatial axes, of which it has one more as columns. */
const spatialAxes = (context: OperatorContext): number => {
  const { shape } = context.input(0);
  const sizes = statedExtents(context, 1);
  const axes = sizes.length - 2;
  if (shape.length !== 3) context.fail(`matrices of ${shape.length} axes, expected items, rows and columns`);
  if (axes < 2 || axes > 3) context.fail(`a size of ${sizes.length} extents, expected 4 or 5`);
  context.agree(shape[1] as Dim, axes, 'rows of the matrices');
  context.agree(shape[2] as Dim, axes + 1, 'columns of the matrices');
  return axes;
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'GridSample',
    domain: '',
    since: [16, 20, 22],
    summary: 'Samples at the places of a grid: nearest, linear or cubic',
    specification: 'https://onnx.ai/onnx/operators/onnx__GridSample.html',
    table: {
      shape: 'N×C×D... by a grid N×O...×n to N×C×O...',
      work: '2 t^n - 1 per output, t 2 linear, 4 cubic; weights once per place',
      notes: 'what lies outside counts like what lies inside',
    },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation', 'activation'],
    infer: (context) => {
      modeOf(context);
      return [{ shape: sampledShape(context), dtype: context.input(0).dtype }];
    },
    work: (context) => {
      const { neighbours, perAxis } = modeOf(context);
      const output = context.output(0).shape;
      const outputs = elementCount(output);
      const places = elementCount([output[0] as Dim, ...output.slice(2)]);
      const axes = output.length - 2;
      const corners = neighbours ** axes;
      const isWeighted = neighbours > 1;
      const toPixels = TO_PIXELS[context.integer('align_corners', 0) === 1 ? 'aligned' : 'plain'];
      const perPlace = axes * (toPixels + perAxis) + (isWeighted ? corners * (axes - 1) : 0);
      return {
        macs: 0,
        flops: add(multiply(outputs, isWeighted ? 2 * corners - 1 : 0), multiply(places, perPlace)),
        transcendentals: 0,
        fvcoreCount: multiply(outputs, FVCORE_PER_OUTPUT),
        treatment: { kind: 'costed' },
      };
    },
  },
  {
    type: 'AffineGrid',
    domain: '',
    since: [20],
    summary: 'Places of a grid after an affine map; spatial transformers',
    specification: 'https://onnx.ai/onnx/operators/onnx__AffineGrid.html',
    table: { shape: 'N×D...×n as the size says', work: '2 n per output element over n spatial axes', notes: OPEN_LIST },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      const axes = spatialAxes(context);
      const [items, , ...extents] = statedExtents(context, 1);
      const agreed = context.agree(items as Dim, shape[0] as Dim, 'items of the matrices and of the size');
      return [{ shape: [agreed, ...extents, axes], dtype }];
    },
    work: (context) => ({
      macs: 0,
      flops: multiply(elementCount(context.output(0).shape), 2 * spatialAxes(context)),
      transcendentals: 0,
      treatment: { kind: 'costed' },
    }),
  },
];
