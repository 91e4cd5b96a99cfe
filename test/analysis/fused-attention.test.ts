/** softmax(q k') v as one kernel: what it computes stays, what lies between the two products moves no more. */
import { describe, expect, it } from 'vitest';
import type { FusionRulesId } from '../../src/analysis/fusion.ts';
import { trafficBytes } from '../../src/analysis/memory.ts';
import { type AnalyzedGraph, analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import type { GraphBuilder, TensorName } from '../../src/ir/builder.ts';
import type { Graph, Node, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { reshape } from '../../src/zoo/blocks/tokens.ts';
import { analyzed, zooModel } from './graphs.ts';

const FUSING = ['none', 'inductor'] as const satisfies readonly FusionRulesId[];

const kernelsOf = (graph: AnalyzedGraph, rules: FusionRulesId) =>
  compileWorkload(graph, rules).kernels.map(({ nodes }) => nodes.join(' '));

// 2 heads of 16 tokens and 8 channels: q, k and v are 256 elements each, the scores 2 x 16 x 16 = 512.
const HEADS = [BATCH, 2, 16, 8];
const KEYS = [BATCH, 2, 8, 16];

interface Parts {
  readonly between?: (g: GraphBuilder, scores: TensorName) => TensorName;
  readonly values?: (g: GraphBuilder) => TensorName;
  readonly outputs?: readonly TensorName[];
}

const scale = (g: GraphBuilder, scores: TensorName): TensorName =>
  g.node('Mul', 'scale', [scores, g.constant('factor', 8 ** -0.5)]);
const softmax = (g: GraphBuilder, scores: TensorName): TensorName =>
  g.node('Softmax', 'softmax', [scores], { attributes: { axis: -1 } });
const scaledSoftmax = (g: GraphBuilder, scores: TensorName): TensorName => softmax(g, scale(g, scores));

/** Two products of activations with something between, the softmax of scaled scores unless stated. */
const attention = ({ between = scaledSoftmax, values = (g) => g.input('v', HEADS), outputs = [] }: Parts = {}) =>
  analyzed((g) => {
    const scores = g.node('MatMul', 'scores', [g.input('q', HEADS), g.input('k', KEYS)]);
    const mixed = g.node('MatMul', 'mix', [between(g, scores), values(g)]);
    return [mixed, ...outputs];
  });

describe('attention by hand', () => {
  const graph = attention();

  it.each(FUSING)('is one kernel under %s', (rules) => {
    expect(kernelsOf(graph, rules)).toEqual(['scores scale softmax mix']);
    expect(compileWorkload(graph, rules).kernels[0]).toMatchObject({ name: 'scores', class: 'attention', launches: 1 });
  });

  it('is not one of the engines that join epilogues', () => {
    expect(kernelsOf(graph, 'epilogue')).toEqual(['scores scale', 'softmax', 'mix']);
  });

  it.each(FUSING)('moves q, k, v and the result under %s, and none of the scores', (rules) => {
    const workload = compileWorkload(graph, rules);
    const [kernel] = workload.kernels;
    // q, k and v of 256 elements in, 256 out.
    expect(kernel?.readElements).toEqual({ fixed: 0, perItem: 3 * 256 });
    expect(kernel?.writeElements).toEqual({ fixed: 0, perItem: 256 });
    expect(trafficBytes(workload, 4, 'int8')).toBe(4 * 1024);
    // Apart: 256 + 256 + 512 for the scores, 2 x 512 for their softmax, 512 + 256 + 256 for the mix; the scale is in the
    // kernel of the scores.
    expect(trafficBytes(compileWorkload(graph, 'epilogue'), 4, 'int8')).toBe(4 * 3 * 1024);
  });

  it.each(FUSING)('computes under %s what it computes apart', (rules) => {
    const [kernel, ...others] = compileWorkload(graph, rules).kernels;
    const whole = totals(graph);
    expect(others).toEqual([]);
    // 2 x 16 x 16 x 8 for the scores and 2 x 16 x 8 x 16 for the mix.
    expect(kernel?.macs).toEqual({ fixed: 0, perItem: 4096 + 4096 });
    expect(2 * 8192 + (kernel?.otherFlops.perItem ?? 0)).toBe(whole.flops);
    // An exponential and a quotient for each of 512 scores.
    expect(kernel?.transcendentals).toEqual({ fixed: 0, perItem: 2 * 512 });
    expect(whole.transcendentals).toBe(2 * 512);
  });

  it('is a product over the scores as deep as both together', () => {
    const [kernel] = compileWorkload(graph, 'none').kernels;
    // 8 deep for a score, and 4096 multiply-accumulates of the mix for 512 scores: 8 more.
    expect(kernel?.view).toMatchObject({ groups: 2, m: { fixed: 0, perItem: 16 }, n: 16, k: 16, window: 1 });
  });

  it('adds a depth of its own where values are wider than keys', () => {
    const wide = attention({ values: (g) => g.input('v', [BATCH, 2, 16, 24]) });
    const [kernel] = compileWorkload(wide, 'none').kernels;
    // 2 x 16 x 24 x 16 = 12,288 for 512 scores: 24 more than 8.
    expect(kernel?.view?.k).toBe(32);
    expect(kernel?.macs.perItem).toBe(4096 + 12_288);
  });
});

describe('what stands between the products', () => {
  it.each(FUSING)('may be a mask, and views, through which the scores stay inside (%s)', (rules) => {
    const masked = attention({
      between: (g, scores) => {
        const flat = reshape(g, 'flat', scores, [0, 2, 256]);
        const added = g.node('Add', 'mask', [flat, g.input('m', [BATCH, 2, 256])]);
        return softmax(g, reshape(g, 'back', added, [0, 2, 16, 16]));
      },
    });
    expect(kernelsOf(masked, rules)).toEqual(['scores flat mask back softmax mix']);
    // The mask of 512 elements is one more thing to read.
    expect(compileWorkload(masked, rules).kernels[0]?.readElements.perItem).toBe(3 * 256 + 512);
  });

  it('has to reduce: a plain chain of two products is two kernels', () => {
    expect(kernelsOf(attention({ between: scale }), 'none')).toEqual(['scores', 'scale', 'mix']);
  });

  it('may not rearrange the scores', () => {
    const turned = attention({
      between: (g, scores) => g.node('Transpose', 'turn', [softmax(g, scores)], { attributes: { perm: [0, 1, 3, 2] } }),
    });
    expect(kernelsOf(turned, 'none')).toEqual(['scores', 'softmax', 'mix']);
  });
});

describe('is not fused', () => {
  it('where somebody else reads the scores, or the weights that are made of them', () => {
    for (const outputs of [['scores:out'], ['scale:out'], ['softmax:out']]) {
      expect(kernelsOf(attention({ outputs }), 'none')).toEqual(['scores', 'scale', 'softmax', 'mix']);
    }
    const gate = attention({
      between: (g, scores) => g.node('Mul', 'gate', [softmax(g, scores), g.node('Sigmoid', 'sigmoid', [scores])]),
    });
    expect(kernelsOf(gate, 'none')).toEqual(['scores', 'softmax', 'sigmoid', 'gate', 'mix']);
  });

  it('where an operand is a weight: those are linear layers', () => {
    const learned = attention({ values: (g) => g.weight('w', [16, 8]) });
    expect(kernelsOf(learned, 'none')).toEqual(['scores', 'scale', 'softmax', 'mix']);
  });
});

it('puts no product into two kernels: the end of one chain does not begin another', () => {
  const graph = analyzed((g) => {
    const scores = g.node('MatMul', 'scores', [g.input('q', HEADS), g.input('k', KEYS)]);
    const mixed = g.node('MatMul', 'mix', [softmax(g, scores), g.input('v', HEADS)]);
    const again = g.node('Softmax', 'softmax2', [mixed], { attributes: { axis: -1 } });
    return [g.node('MatMul', 'last', [again, g.input('w', KEYS)])];
  });
  for (const rules of FUSING) {
    // Eagerly, one more makes the output dense for the second softmax.
    expect(kernelsOf(graph, rules).filter((members) => members !== '')).toEqual([
      'scores softmax mix',
      'softmax2',
      'last',
    ]);
    expect(compileWorkload(graph, rules).macs.perItem).toBe(3 * 4096);
  }
});

it('does not reach into a loop, which repeats its part', () => {
  const node = (name: string, type: string, inputs: readonly string[], output: string, more: Partial<Node> = {}) => ({
    ...{ name, type, domain: '', inputs, outputs: [output], attributes: {} },
    ...more,
  });
  const input = (name: string, shape: Shape, dtype: 'fp32' | 'bool' | 'int64' = 'fp32') => ({ name, shape, dtype });
  // The values are what the loop carries; the scores are made before it.
  const body: Graph = {
    ...{ name: 'body', opset: 16, initializers: [] },
    inputs: [input('i', [], 'int64'), input('on', [], 'bool'), input('h', HEADS)],
    nodes: [
      node('same', 'Identity', ['on'], 'on.out'),
      node('softmax', 'Softmax', ['s'], 'p', { attributes: { axis: -1 } }),
      node('mix', 'MatMul', ['p', 'h'], 'h.out'),
    ],
    outputs: ['on.out', 'h.out'],
  };
  const graph = analyzeGraph({
    ...{ name: 'g', opset: 16 },
    inputs: [input('q', HEADS), input('k', KEYS), input('v', HEADS)],
    initializers: [
      { name: 'times', shape: [], dtype: 'int64', values: [5] },
      { name: 'go', shape: [], dtype: 'bool', values: [1] },
    ],
    nodes: [
      node('scores', 'MatMul', ['q', 'k'], 's'),
      node('loop', 'Loop', ['times', 'go', 'v'], 'y', { bodies: { body } }),
    ],
    outputs: ['y'],
  });
  const { kernels, macs } = compileWorkload(graph, 'none');
  expect(kernels.map(({ nodes, launches }) => [nodes.join(' '), launches])).toEqual([
    ['scores', 1],
    ['loop.body/softmax', 5],
    ['loop.body/mix', 5],
  ]);
  expect(macs.perItem).toBe(4096 + 5 * 4096);
});

it('is one kernel in every block of a vision transformer, and moves less', () => {
  const graph = zooModel('vit_b_16');
  for (const rules of FUSING) {
    const { kernels } = compileWorkload(graph, rules);
    const fused = kernels.filter(({ nodes }) => nodes.some((name) => name.endsWith('softmax')));
    expect(fused).toHaveLength(12);
    for (const { nodes, view, macs } of fused) {
      expect(nodes.map((name) => name.split('.').at(-1))).toEqual(['scores', 'softmax', 'mix']);
      // 12 heads of 64 over 197 tokens: 12 x 197 x 197 x 64 each way.
      expect(macs.perItem).toBe(2 * 12 * 197 * 197 * 64);
      expect(view).toMatchObject({ groups: 12, m: { perItem: 197 }, n: 197, k: 128 });
    }
  }
});
