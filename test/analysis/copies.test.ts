/** Kernels beside those of the operators: a bias added, an input padded, a transposed operand copied. */
import { describe, expect, it } from 'vitest';
import { FUSION_RULES, type FusionRulesId } from '../../src/analysis/fusion.ts';
import { type AnalyzedGraph, analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import type { GraphBuilder, TensorName } from '../../src/ir/builder.ts';
import type { AttributeValue, Graph, Node } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { activate, type ConvOptions, conv, linear, maxPool } from '../../src/zoo/blocks/conv.ts';
import { reshape, transpose } from '../../src/zoo/blocks/tokens.ts';
import { analyzed, featureInput, zooModel } from './graphs.ts';

const RULES = Object.keys(FUSION_RULES) as readonly FusionRulesId[];

const kernelsOf = (graph: AnalyzedGraph, rules: FusionRulesId) => compileWorkload(graph, rules).kernels;
const namesOf = (graph: AnalyzedGraph, rules: FusionRulesId) => kernelsOf(graph, rules).map(({ name }) => name);
const kernelOf = (graph: AnalyzedGraph, rules: FusionRulesId, name: string) => {
  const found = kernelsOf(graph, rules).find((kernel) => kernel.name === name);
  if (found === undefined) throw new Error(`no kernel ${name}`);
  return found;
};

const perItem = (count: number) => ({ fixed: 0, perItem: count });

/** What all of them have in common: bytes that move, and nothing else. */
const MOVES_ONLY = {
  class: 'data-movement',
  nodes: [],
  launches: 1,
  macs: perItem(0),
  otherFlops: perItem(0),
  transcendentals: perItem(0),
  weightElements: 0,
  narrowWeightBytes: 0,
  boundaryElements: perItem(0),
  view: undefined,
};

describe('the bias of a convolution', () => {
  // 4 x 8 x 8 = 256 elements in, 8 x 8 x 8 = 512 out.
  const withBias = (options: ConvOptions = {}) =>
    analyzed((g) => [conv(g, 'conv', featureInput(g, 4, 8), 8, { bias: true, ...options }).tensor]);

  it('is added to the whole output by another kernel where the library takes none', () => {
    const graph = withBias();
    expect(namesOf(graph, 'none')).toEqual(['conv', 'conv.bias']);
    expect(kernelOf(graph, 'none', 'conv.bias')).toMatchObject({
      ...MOVES_ONLY,
      readElements: perItem(512),
      writeElements: perItem(512),
    });
    // The 8 elements of the bias stay where they were counted: 32 + 8.
    expect(kernelOf(graph, 'none', 'conv').weightElements).toBe(40);
  });

  it('is part of the convolution elsewhere', () => {
    for (const rules of ['inductor', 'epilogue'] as const) expect(namesOf(withBias(), rules)).toEqual(['conv']);
  });

  it('is no kernel where there is none', () => {
    expect(namesOf(withBias({ bias: false }), 'none')).toEqual(['conv']);
  });

  it('of a depthwise convolution is one as well', () => {
    const graph = withBias({ kernel: 3, groups: 4 });
    expect(namesOf(graph, 'none')).toEqual(['conv', 'conv.bias']);
  });

  it('of a linear layer is not: the library takes that', () => {
    const graph = analyzed((g) => [linear(g, 'fc', { tensor: g.input('x', [BATCH, 16]), channels: 16 }, 8).tensor]);
    expect(namesOf(graph, 'none')).toEqual(['fc']);
  });

  it('in a loop is added once per iteration', () => {
    const body: Graph = {
      ...{ name: 'body', opset: 16 },
      inputs: [
        { name: 'i', shape: [], dtype: 'int64' },
        { name: 'on', shape: [], dtype: 'bool' },
        { name: 'h', shape: [BATCH, 4, 8, 8], dtype: 'fp32' },
      ],
      initializers: [
        { name: 'w', shape: [4, 4, 1, 1], dtype: 'fp32' },
        { name: 'b', shape: [4], dtype: 'fp32' },
      ],
      nodes: [node('same', 'Identity', ['on'], 'on.out'), node('conv', 'Conv', ['h', 'w', 'b'], 'h.out')],
      outputs: ['on.out', 'h.out'],
    };
    const found = kernelsOf(looped(5, body, [BATCH, 4, 8, 8]), 'none');
    expect(found.map(({ name, launches, writeElements }) => [name, launches, writeElements.perItem])).toEqual([
      ['loop.body/conv', 5, 256],
      ['loop.body/conv.bias', 5, 256],
    ]);
  });
});

const node = (
  name: string,
  type: string,
  inputs: readonly string[],
  output: string,
  more: Partial<Node> = {},
): Node => ({ name, type, domain: '', inputs, outputs: [output], attributes: {}, ...more });

/** A loop of so many iterations over one tensor. */
const looped = (times: number, body: Graph, shape: NonNullable<Graph['inputs'][number]['shape']>): AnalyzedGraph =>
  analyzeGraph({
    ...{ name: 'g', opset: 16, inputs: [{ name: 'x', shape, dtype: 'fp32' }], outputs: ['y'] },
    initializers: [
      { name: 'times', shape: [], dtype: 'int64', values: [times] },
      { name: 'go', shape: [], dtype: 'bool', values: [1] },
    ],
    nodes: [node('loop', 'Loop', ['times', 'go', 'x'], 'y', { bodies: { body } })],
  });

describe('uneven padding of a convolution', () => {
  const padded = (extent: number, kernel: number, attributes: Readonly<Record<string, AttributeValue>>) =>
    analyzed((g) => [
      g.node('Conv', 'conv', [featureInput(g, 4, extent).tensor, g.weight('w', [8, 4, kernel, kernel])], {
        attributes,
      }),
    ]);

  it.each<readonly [string, number, number, Readonly<Record<string, AttributeValue>>, number]>([
    // 4 channels; one row and one column more behind than before: 4 x 9 x 9.
    ['a row and a column behind', 8, 3, { pads: [0, 0, 1, 1], strides: [2, 2] }, 4 * 81],
    // One axis is enough: 8 + 2 rows and 8 + 1 columns.
    ['one axis of two', 8, 3, { pads: [1, 0, 1, 1] }, 4 * 90],
    // SAME at stride 2 on an even size: 4 outputs reach over 3 x 2 + 3 = 9, one more than there is.
    ['SAME_UPPER, 3 x 3 at stride 2 on 8', 8, 3, { auto_pad: 'SAME_UPPER', strides: [2, 2] }, 4 * 81],
    ['SAME_LOWER, the same', 8, 3, { auto_pad: 'SAME_LOWER', strides: [2, 2] }, 4 * 81],
    // 4 outputs reach over 3 x 2 + 5 = 11: three more, one before and two behind.
    ['SAME_UPPER, 5 x 5 at stride 2 on 8', 8, 5, { auto_pad: 'SAME_UPPER', strides: [2, 2] }, 4 * 121],
    // An even window at stride 1: 8 outputs reach over 9.
    ['SAME_UPPER, 2 x 2 on 8', 8, 2, { auto_pad: 'SAME_UPPER' }, 4 * 81],
  ])('%s: the input is copied with its padding', (_, extent, kernel, attributes, written) => {
    const graph = padded(extent, kernel, attributes);
    expect(namesOf(graph, 'none')).toEqual(['conv', 'conv.pad']);
    expect(kernelOf(graph, 'none', 'conv.pad')).toMatchObject({
      ...MOVES_ONLY,
      readElements: perItem(4 * extent * extent),
      writeElements: perItem(written),
    });
    for (const rules of ['inductor', 'epilogue'] as const) expect(namesOf(graph, rules)).toEqual(['conv']);
  });

  it.each<readonly [string, number, number, Readonly<Record<string, AttributeValue>>]>([
    ['as much before as behind', 8, 3, { pads: [1, 1, 1, 1], strides: [2, 2] }],
    ['as much before as behind, otherwise per axis', 8, 3, { pads: [1, 0, 1, 0] }],
    ['none', 8, 3, {}],
    ['VALID', 8, 3, { auto_pad: 'VALID', strides: [2, 2] }],
    // 8 outputs reach over 10: one before and one behind.
    ['SAME_UPPER at stride 1', 8, 3, { auto_pad: 'SAME_UPPER' }],
    // 5 outputs reach over 4 x 2 + 3 = 11 of 9.
    ['SAME_UPPER at stride 2 on an odd size', 9, 3, { auto_pad: 'SAME_UPPER', strides: [2, 2] }],
    // Two apart, a window of 2 reaches over 3: 8 outputs over 10.
    ['SAME_UPPER, dilated', 8, 2, { auto_pad: 'SAME_UPPER', dilations: [2, 2] }],
    // 4 outputs reach over 3 x 2 + 1 = 7 of 8: nothing to add.
    ['SAME_UPPER of a window smaller than its stride', 8, 1, { auto_pad: 'SAME_UPPER', strides: [2, 2] }],
  ])('not with %s', (_, extent, kernel, attributes) => {
    expect(namesOf(padded(extent, kernel, attributes), 'none')).toEqual(['conv']);
  });

  it('of a pooling is not copied: its library takes it', () => {
    const graph = analyzed((g) => [
      maxPool(g, 'pool', featureInput(g, 4, 8), { kernel: 3, stride: 2, padding: 'same' }).tensor,
    ]);
    expect(namesOf(graph, 'none')).toEqual(['pool']);
  });
});

describe('a transposed operand', () => {
  // A map of 4 x 8 x 8 as 64 tokens of 4 channels, and a linear layer with a bias to 16: 64 x 16 = 1024.
  const tokens = (
    g: GraphBuilder,
    map: TensorName,
    order: readonly number[] = [0, 2, 1],
    shape: readonly number[] = [0, 4, 64],
  ): TensorName => transpose(g, 'turn', reshape(g, 'flat', map, shape), order);
  const layer = (g: GraphBuilder, rows: TensorName, channels = 4): TensorName =>
    linear(g, 'fc', { tensor: reshape(g, 'rows', rows, [-1, channels]), channels }, 16).tensor;
  const afterConvolution = analyzed((g) => [layer(g, tokens(g, conv(g, 'conv', featureInput(g, 4, 8), 4).tensor))]);

  // A batch of transposed matrices is multiplied as it lies.
  it('is not copied before a linear layer, which then adds its bias by another kernel', () => {
    expect(namesOf(afterConvolution, 'none')).toEqual(['conv', 'fc', 'fc.bias']);
    expect(kernelOf(afterConvolution, 'none', 'fc.bias')).toMatchObject({
      ...MOVES_ONLY,
      readElements: perItem(1024),
      writeElements: perItem(1024),
    });
  });

  it('is copied by a compiler as well, between two products, with the bias inside', () => {
    expect(namesOf(afterConvolution, 'inductor')).toEqual(['conv', 'fc', 'turn.copy']);
  });

  it('is a kernel of its own where tensors have no strides, so that nothing has to be copied', () => {
    expect(namesOf(afterConvolution, 'epilogue')).toEqual(['conv', 'turn', 'fc']);
  });

  it('is written in the other order by a kernel that the compiler makes itself', () => {
    const graph = analyzed((g) => [
      layer(g, tokens(g, activate(g, 'relu', conv(g, 'conv', featureInput(g, 4, 8), 4), 'relu').tensor)),
    ]);
    expect(namesOf(graph, 'none')).toEqual(['conv', 'relu', 'fc', 'fc.bias']);
    expect(namesOf(graph, 'inductor')).toEqual(['conv', 'relu', 'fc']);
  });

  it('is copied where no strides state it as rows', () => {
    // 4 x 64 as 4 x 8 x 8 with the first two exchanged: rows of 8 stay rows, but no step leads from each to the next.
    const graph = analyzed((g) => {
      const map = conv(g, 'conv', featureInput(g, 4, 8), 4).tensor;
      return [layer(g, tokens(g, map, [0, 2, 1, 3], [0, 4, 8, 8]), 8)];
    });
    expect(namesOf(graph, 'none')).toEqual(['conv', 'fc', 'rows.copy']);
    expect(kernelOf(graph, 'none', 'rows.copy')).toMatchObject({
      ...MOVES_ONLY,
      readElements: perItem(256),
      writeElements: perItem(256),
    });
  });

  it('of a normalization over rows is copied, and of element-wise operators is not', () => {
    const followedBy = (type: string) =>
      analyzed((g) => [g.node(type, 'after', [tokens(g, conv(g, 'conv', featureInput(g, 4, 8), 4).tensor)])]);
    expect(namesOf(followedBy('Softmax'), 'none')).toEqual(['conv', 'after', 'after.copy']);
    expect(namesOf(followedBy('Relu'), 'none')).toEqual(['conv', 'after']);
  });

  it('of images is copied where the library takes them channels last', () => {
    const graph = analyzed((g) => {
      const map = conv(g, 'conv', featureInput(g, 4, 8), 4).tensor;
      // Rows and columns exchanged.
      return [conv(g, 'again', { tensor: transpose(g, 'turn', map, [0, 1, 3, 2]), channels: 4 }, 4).tensor];
    });
    expect(namesOf(graph, 'none')).toEqual(['conv', 'again']);
    expect(namesOf(graph, 'none-nhwc')).toEqual(['conv', 'again', 'again.copy']);
  });

  it("is not copied where it is the network's own input, or leaves as its output", () => {
    const first = analyzed((g) => [layer(g, tokens(g, featureInput(g, 4, 8).tensor))]);
    expect(namesOf(first, 'none')).toEqual(['fc', 'fc.bias']);
    const last = analyzed((g) => [tokens(g, conv(g, 'conv', featureInput(g, 4, 8), 4).tensor)]);
    expect(namesOf(last, 'none')).toEqual(['conv']);
  });

  it('is not copied before attention, whose products take their operands in any order', () => {
    const graph = analyzed((g) => {
      const of = (name: string) =>
        g.scope(name, () => tokens(g, conv(g, 'conv', featureInput(g, 4, 8, name), 4).tensor));
      // 64 tokens of 4 channels: the keys stay 4 x 64.
      const keys = reshape(g, 'k', conv(g, 'k.conv', featureInput(g, 4, 8, 'x'), 4).tensor, [0, 4, 64]);
      const scores = g.node('MatMul', 'scores', [of('q'), keys]);
      const weights = g.node('Softmax', 'softmax', [scores], { attributes: { axis: -1 } });
      return [g.node('MatMul', 'mix', [weights, of('v')])];
    });
    for (const rules of ['none', 'inductor'] as const) {
      expect(namesOf(graph, rules).filter((name) => name.endsWith('.copy'))).toEqual([]);
      expect(namesOf(graph, rules)).toHaveLength(4);
    }
  });

  it('is not copied after a product of two activations either', () => {
    const graph = analyzed((g) => {
      const product = g.node('MatMul', 'product', [g.input('a', [BATCH, 4, 16]), g.input('b', [BATCH, 16, 64])]);
      return [layer(g, transpose(g, 'turn', product, [0, 2, 1]))];
    });
    expect(namesOf(graph, 'none')).toEqual(['product', 'fc', 'fc.bias']);
    expect(namesOf(graph, 'inductor')).toEqual(['product', 'fc']);
  });

  const body = (inner: readonly Node[]): Graph => ({
    ...{ name: 'body', opset: 16, outputs: ['on.out', 'h.out'] },
    inputs: [
      { name: 'i', shape: [], dtype: 'int64' },
      { name: 'on', shape: [], dtype: 'bool' },
      { name: 'h', shape: [BATCH, 16, 16], dtype: 'fp32' },
    ],
    initializers: [{ name: 'w', shape: [16, 16], dtype: 'fp32' }],
    nodes: [node('same', 'Identity', ['on'], 'on.out'), ...inner],
  });
  const turned = body([
    node('first', 'MatMul', ['h', 'w'], 'm'),
    node('turn', 'Transpose', ['m'], 't', { attributes: { perm: [0, 2, 1] } }),
    node('second', 'Softmax', ['t'], 'h.out', { attributes: { axis: -1 } }),
  ]);

  it('in a loop is copied once per iteration, and never in one that does not run', () => {
    const found = (times: number) =>
      kernelsOf(looped(times, turned, [BATCH, 16, 16]), 'none').map(({ name, launches }) => [name, launches]);
    expect(found(3)).toEqual([
      ['loop.body/first', 3],
      ['loop.body/second', 3],
      ['loop.body/second.copy', 3],
    ]);
    expect(found(0)).toEqual([]);
  });
});

describe('a concatenation', () => {
  // 256 elements of each part.
  const graph = analyzed((g) => {
    const x = featureInput(g, 4, 8);
    const parts = ['a', 'b'].map((name) => activate(g, name, x, 'relu').tensor);
    return [
      activate(
        g,
        'after',
        { tensor: g.node('Concat', 'join', parts, { attributes: { axis: 1 } }), channels: 8 },
        'relu',
      ).tensor,
    ];
  });

  it('is written in place by what a compiler makes, and a kernel that moves everything elsewhere', () => {
    expect(namesOf(graph, 'inductor')).not.toContain('join');
    for (const rules of ['none', 'epilogue'] as const) {
      expect(kernelOf(graph, rules, 'join')).toMatchObject({ readElements: perItem(512), writeElements: perItem(512) });
    }
  });
});

it('kernels beside the operators add no work to a model of the zoo', () => {
  for (const name of ['efficientnet_b0', 'swin_t', 'mixer_b16_224']) {
    const graph = zooModel(name);
    const { macs, flops } = totals(graph);
    const workload = compileWorkload(graph, 'none');
    const beside = workload.kernels.filter(({ nodes }) => nodes.length === 0);
    expect([name, beside.length > 0]).toEqual([name, true]);
    expect([name, workload.macs.perItem]).toEqual([name, macs]);
    expect([name, 2 * workload.macs.perItem + workload.vectorOperations.perItem]).toEqual([name, flops]);
    for (const rules of RULES) {
      const { kernels } = compileWorkload(graph, rules);
      expect(new Set(kernels.map((kernel) => kernel.name)).size).toBe(kernels.length);
    }
  }
});
