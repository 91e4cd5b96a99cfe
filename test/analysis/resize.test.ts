import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import { analyzeGraph } from '../../src/analysis/nodes.ts';
import { isResized, type Resized, resizer } from '../../src/analysis/resize.ts';
import { totals } from '../../src/analysis/totals.ts';
import { GraphBuilder, type TensorName } from '../../src/ir/builder.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { BATCH, formatShape } from '../../src/ir/shape.ts';
import { findModel } from '../../src/zoo/api.ts';

const image = (g: GraphBuilder): TensorName => g.input('image', [BATCH, 3, 16, 16]);

const conv = (g: GraphBuilder, name: string, x: TensorName, [out, own, window]: readonly number[], group = 1) =>
  g.node(
    'Conv',
    name,
    [x, g.weight(`${name}.w`, [out, own, window, window] as number[]), g.weight(`${name}.b`, [out as number])],
    {
      attributes: {
        group,
        kernel_shape: [window, window] as number[],
        pads: Array(4).fill(((window as number) - 1) / 2),
      },
    },
  );

const norm = (g: GraphBuilder, name: string, x: TensorName, channels: number) =>
  g.node('BatchNormalization', name, [
    x,
    ...['scale', 'shift', 'mean', 'variance'].map((part) => g.weight(`${name}.${part}`, [channels])),
  ]);

const head = (g: GraphBuilder, x: TensorName, features: number): Graph => {
  const flat = g.node('Flatten', 'flat', [g.node('GlobalAveragePool', 'pool', [x])]);
  return g.finish([g.node('Gemm', 'fc', [flat, g.weight('fc.w', [10, features])], { attributes: { transB: 1 } })]);
};

const resized = (graph: Graph, node: string, to: number): Resized => {
  const result = resizer(inferShapes(graph)).resize(node, to);
  if (!isResized(result)) throw new Error(`${result.path}: ${result.reason}`);
  return result;
};

const refusal = (graph: Graph, node: string, to: number): string => {
  const result = resizer(inferShapes(graph)).resize(node, to);
  if (isResized(result)) throw new Error('it was resized');
  return `${result.path}: ${result.reason}`;
};

/** Everything that a graph is counted by: the shape and attributes of every operator and stored tensor. */
const described = (graph: Graph) => ({
  nodes: graph.nodes.map(({ name, inputs, attributes }) => ({ name, inputs, attributes })),
  stored: graph.initializers.map(({ name, shape }) => `${name} ${shape.join('x')}`),
  types: [...analyzeGraph(graph).types].map(([name, { shape }]) => `${name} ${formatShape(shape)}`).toSorted(),
  totals: totals(analyzeGraph(graph)),
});

describe('resizing channels', () => {
  it('makes the network that would have been built with as many', () => {
    const net = (c: number): Graph => {
      const g = new GraphBuilder('plain');
      const first = norm(g, 'bn', conv(g, 'a', image(g), [c, 3, 3]), c);
      return head(g, conv(g, 'b', g.node('Relu', 'relu', [first]), [24, c, 3]), 24);
    };
    const result = resized(net(129), 'a', 128);
    expect(described(result.graph)).toEqual(described(net(128)));
    // The layer, its normalization, and the depth of the next: k = 9 x 129 = 1161 becomes 1152.
    expect(result.stored.toSorted()).toEqual(['a.b', 'a.w', 'b.w', 'bn.mean', 'bn.scale', 'bn.shift', 'bn.variance']);
    const [a, b] = result.products;
    expect([a?.before.n, a?.after.n]).toEqual([129, 128]);
    expect([b?.before.k, b?.after.k]).toEqual([1161, 1152]);
  });

  it('takes both sides of a sum along, and what computes them', () => {
    const net = (c: number): Graph => {
      const g = new GraphBuilder('residual');
      const trunk = conv(g, 'stem', image(g), [c, 3, 3]);
      const branch = conv(g, 'out', g.node('Relu', 'relu', [conv(g, 'in', trunk, [40, c, 1])]), [c, 40, 1]);
      return head(g, g.node('Add', 'sum', [trunk, branch]), c);
    };
    for (const seed of ['stem', 'out']) {
      expect(described(resized(net(20), seed, 32).graph)).toEqual(described(net(32)));
    }
    // The inner width is one of its own.
    expect(resized(net(20), 'in', 48).stored.toSorted()).toEqual(['in.b', 'in.w', 'out.w']);
  });

  it('keeps a filter to a channel where layers are depthwise, also where half of the channels would divide', () => {
    const net = (c: number): Graph => {
      const g = new GraphBuilder('separable');
      const wide = conv(g, 'expand', image(g), [c, 3, 1]);
      return head(g, conv(g, 'project', conv(g, 'filter', wide, [c, 1, 3], c), [8, c, 1]), 8);
    };
    for (const to of [24, 32, 96]) {
      expect(described(resized(net(48), 'expand', to).graph)).toEqual(described(net(to)));
    }
  });

  it('goes through a gate of squeeze-and-excitation', () => {
    const net = (c: number): Graph => {
      const g = new GraphBuilder('gated');
      const x = conv(g, 'a', image(g), [c, 3, 3]);
      const narrow = conv(g, 'reduce', g.node('GlobalAveragePool', 'squeeze', [x]), [6, c, 1]);
      const gate = g.node('Sigmoid', 'gate', [conv(g, 'excite', narrow, [c, 6, 1])]);
      return head(g, g.node('Mul', 'scale', [x, gate]), c);
    };
    expect(described(resized(net(30), 'excite', 32).graph)).toEqual(described(net(32)));
  });

  it('takes the scales of quantized weights along', () => {
    const net = (c: number): Graph => {
      const g = new GraphBuilder('quantized');
      const dequantized = (name: string, shape: readonly number[], scales: number) =>
        g.node(
          'DequantizeLinear',
          `${name}.dq`,
          [
            g.weight(name, shape, 'int8'),
            g.weight(`${name}.scale`, [scales]),
            g.weight(`${name}.zero`, [scales], 'int8'),
          ],
          { attributes: { axis: 0 } },
        );
      const a = g.node('Conv', 'a', [image(g), dequantized('a.w', [c, 3, 1, 1], c)]);
      return head(g, g.node('Conv', 'b', [a, dequantized('b.w', [9, c, 1, 1], 9)]), 9);
    };
    const result = resized(net(20), 'a', 24);
    expect(described(result.graph)).toEqual(described(net(24)));
    expect(result.stored.toSorted()).toEqual(['a.w', 'a.w.scale', 'a.w.zero', 'b.w']);
  });

  it('counts what a concatenation and a flattening make of it', () => {
    const net = (c: number): Graph => {
      const g = new GraphBuilder('joined');
      const x = image(g);
      const both = g.node('Concat', 'both', [conv(g, 'a', x, [c, 3, 1]), conv(g, 'b', x, [7, 3, 1])], {
        attributes: { axis: 1 },
      });
      const flat = g.node('Flatten', 'flat', [both]);
      const weight = g.weight('fc.w', [10, (c + 7) * 256]);
      return g.finish([g.node('Gemm', 'fc', [flat, weight], { attributes: { transB: 1 } })]);
    };
    // 16 x 16 positions of 9 + 7 channels: 4096 features.
    expect(described(resized(net(5), 'a', 9).graph)).toEqual(described(net(9)));
  });

  it('refuses what others fix: inputs, outputs, shapes that are cut to numbers', () => {
    const g = new GraphBuilder('fixed');
    const x = conv(g, 'a', image(g), [12, 3, 1]);
    const cut = g.node('Reshape', 'cut', [x, g.constant('shape', [0, 3, 4, 256], 'int64')]);
    const sum = g.node('Add', 'sum', [conv(g, 'back', x, [3, 12, 1]), 'image']);
    const graph = g.finish([cut, conv(g, 'last', sum, [4, 3, 1])]);
    expect(refusal(graph, 'a', 16)).toMatch(/^cut: Reshape/);
    expect(refusal(graph, 'back', 8)).toBe('image: it is an input of the network');
    expect(refusal(graph, 'last', 8)).toBe('last:out: it is an output of the network');
    expect(refusal(graph, 'sum', 8)).toBe('sum: it makes no channels with weights of its own');
    expect(refusal(graph, 'nowhere', 8)).toMatch(/^nowhere: /);
  });

  it('finds the layers of a stage of ResNet that share their width', () => {
    const graph = findModel('resnet18')?.variant.build();
    if (graph === undefined) throw new Error('the zoo changed');
    const { products, tied } = resized(graph, 'layer1.0.conv2.conv', 72);
    expect(tied.toSorted()).toEqual(['layer1.0.conv2.conv', 'layer1.1.conv2.conv', 'stem.conv']);
    const widened = products.filter(({ before, after }) => before.n !== after.n).map(({ node }) => node);
    expect(widened).toEqual(['stem.conv', 'layer1.0.conv2.conv', 'layer1.1.conv2.conv']);
    const deepened = products.filter(({ before, after }) => before.k !== after.k).map(({ node }) => node);
    expect(deepened).toEqual([
      'layer1.0.conv1.conv',
      'layer1.1.conv1.conv',
      'layer2.0.conv1.conv',
      'layer2.0.downsample.conv',
    ]);
  });
});
