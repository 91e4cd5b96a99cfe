// One analysis with open batch, height and width says what an analysis of every closed shape says.
import { describe, expect, it } from 'vitest';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { symbolicTotals, totals } from '../../src/analysis/totals.ts';
import { withDimensions } from '../../src/ir/bind.ts';
import type { Dim, Graph } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { evaluate, symbol } from '../../src/units/integer.ts';
import { families } from '../../src/zoo/api.ts';

const at = (graph: Graph, batch: Dim, height: Dim, width: Dim): Graph =>
  withDimensions(graph, { dims: new Map([['N', batch]]), inputs: new Map([['input', [batch, 3, height, width]]]) });

const SHAPES: readonly (readonly [batch: number, height: number, width: number])[] = [
  [1, 224, 224],
  [3, 256, 192],
  [2, 225, 321],
];

/** Their weights stand for a number of positions, or their shapes are written with it, so that height and width are not free. */
const FIXED = [
  ...['alexnet', 'vgg', 'vision_transformer', 'mlp_mixer', 'shufflenet_v2', 'swin', 'maxvit'],
  ...['convnext', 'mobilevit', 'mobilevit_v2', 'clip', 'mobileclip', 'fastvit', 'mlperf_tiny', 'yolov8'],
];

const free = families.filter(
  ({ id, variants }) => !FIXED.includes(id) && variants.some(({ withoutResolution }) => withoutResolution !== true),
);

describe.each(free.map((family) => [family.id, family.variants] as const))('%s', (_, variants) => {
  const [variant] = variants;
  if (variant === undefined) throw new Error('a family without variants');
  const graph = variant.build({ classes: 10 });
  const open = symbolicTotals(analyzeGraph(at(graph, BATCH, symbol('H'), symbol('W'))));

  it.each(SHAPES)(`${variant.name} at batch %i, %i×%i`, (batch, height, width) => {
    const bindings = new Map([
      ['N', batch],
      ['H', height],
      ['W', width],
    ]);
    const {
      params: _params,
      statistics: _statistics,
      ...closed
    } = totals(analyzeGraph(at(graph, batch, height, width)));
    const evaluated = Object.fromEntries(
      Object.entries(open).map(([name, count]) => [name, evaluate(count, bindings)]),
    );
    expect(evaluated).toEqual(closed);
  });
});

it('a network whose weights stand for a number of positions says so', () => {
  const vgg = families.find(({ id }) => id === 'vgg')?.variants[0]?.build();
  if (vgg === undefined) throw new Error('the zoo has no VGG');
  expect(() => analyzeGraph(at(vgg, 1, 320, 320))).toThrow(/25088|Gemm|inner extents/);
});
