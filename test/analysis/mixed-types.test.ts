/** Automatic mixed precision by hand: which tensors are in 32 bits, and what converts them. */
import { describe, expect, it } from 'vitest';
import { trafficBytes } from '../../src/analysis/memory.ts';
import type { AnalyzedGraph } from '../../src/analysis/nodes.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import { fusionIn, RUNTIMES } from '../../src/estimate/runtime.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { add, conv, convNorm } from '../../src/zoo/blocks/conv.ts';
import { layerNorm, mlp, patchEmbedding, reshape } from '../../src/zoo/blocks/tokens.ts';
import { analyzed, featureInput, REFERENCE_MODELS, zooModel } from './graphs.ts';

const kernelsOf = (graph: AnalyzedGraph) => compileWorkload(graph, 'autocast').kernels;

/** Name, elements of 16 bits read and written per item, weights that are converted among them. */
const listed = (graph: AnalyzedGraph) =>
  kernelsOf(graph).map(({ name, readElements: r, writeElements: w }) => [
    name,
    r.fixed + r.perItem,
    w.fixed + w.perItem,
  ]);

describe('mixed precision', () => {
  it('converts the image and the weights of every convolution, and nothing between convolutions', () => {
    // 4 x 8 x 8 = 256 elements in 32 bits, 8 x 8 x 8 = 512 in 16; 4 x 8 and 8 x 8 weights.
    const graph = analyzed((g) => {
      const first = convNorm(g, 'a', featureInput(g, 4, 8), 8, { activation: 'relu' });
      return [conv(g, 'b', first, 8, { bias: true }).tensor];
    });
    expect(listed(graph)).toEqual([
      ['a.conv', 256, 512],
      // The four vectors of a BatchNorm are in 32 bits, and its output is in 16 all the same.
      ['a.bn', 512, 512],
      ['a.act', 512, 512],
      ['b', 512, 512],
      ['a.conv.convert0', 512, 256],
      ['a.conv.convert1', 64, 32],
      ['b.convert1', 128, 64],
      ['b.convert2', 16, 8],
      ['b.bias', 512, 512],
    ]);
  });

  it('normalizes layers in 32 bits, between two conversions where the stream is in 16', () => {
    // 4 patches of 8 channels: 32 elements.
    const graph = analyzed((g) => {
      const tokens = patchEmbedding(g, featureInput(g, 3, 4), { resolution: 4, patch: 2, channels: 8 });
      const rows = { ...tokens, tensor: reshape(g, 'rows', tokens.tensor, [-1, 8]) };
      return [mlp(g, 'mlp', layerNorm(g, 'norm', rows), 16).tensor];
    });
    const named = new Map(listed(graph).map(([name, read, written]) => [name, [read, written]]));
    expect(named.get('norm')).toEqual([64, 64]);
    expect(named.get('norm.convert0')).toEqual([32, 64]);
    expect(named.get('mlp.fc1.convert0')).toEqual([64, 32]);
    expect(named.get('mlp.fc1')).toEqual([32, 64]);
    expect(named.get('mlp.fc2.convert0')).toBeUndefined();
  });

  it('keeps a stream in 32 bits from the addition of a parameter on', () => {
    const graph = zooModel('vit_b_16');
    const named = new Map(kernelsOf(graph).map((kernel) => [kernel.name, kernel]));
    // 197 x 768 elements: the position embedding makes them wide, every block adds its 16-bit output to them.
    const elements = 197 * 768;
    const sums = [...named.values()].filter(({ class: type, name }) => type === 'elementwise' && /add[12]$/.test(name));
    expect(sums.length).toBe(24);
    for (const { readElements, writeElements } of sums)
      expect([readElements.perItem, writeElements.perItem]).toEqual([3 * elements, 2 * elements]);
    // Nothing converts what a normalization reads, everything what it hands on.
    const conversions = [...named.keys()].filter((name) => /convert0$/.test(name));
    expect(conversions.filter((name) => /norm/.test(name))).toEqual([]);
    expect(conversions.length).toBeGreaterThan(24);
  });

  it('is not changed by a scalar', () => {
    const graph = analyzed((g) => {
      const x = conv(g, 'a', featureInput(g, 4, 8), 8, {});
      const scaled = g.node('Mul', 'scaled', [x.tensor, g.constant('two', 2, 'fp32')]);
      return [conv(g, 'b', { ...x, tensor: scaled }, 8, {}).tensor];
    });
    expect(kernelsOf(graph).map(({ name }) => name)).not.toContain('b.convert0');
  });

  it('reads the rows of a table in 32 bits, and leaves whole numbers as they are', () => {
    const graph = analyzed((g) => {
      const ids = g.input('ids', [BATCH, 16], 'int64');
      const doubled = g.node('Add', 'doubled', [ids, ids]);
      return [g.node('Gather', 'embedding', [g.weight('table', [100, 8]), doubled])];
    });
    // 16 numbers; of the table as many rows of 8.
    expect(listed(graph)).toEqual([
      ['doubled', 16, 16],
      ['embedding', 2 * 16 * 8, 2 * 16 * 8],
    ]);
  });

  it('converts no parameter of a model that is stored in 16 bits', () => {
    const graph = analyzed((g) => {
      const x = { tensor: g.input('x', [BATCH, 4, 8, 8], 'fp16'), channels: 4 };
      return [g.node('Conv', 'conv', [x.tensor, g.weight('w', [8, 4, 1, 1], 'fp16')])];
    });
    expect(kernelsOf(graph).map(({ name }) => name)).toEqual(['conv']);
  });

  it('adds in the wider type', () => {
    const graph = analyzed((g) => {
      const x = featureInput(g, 8, 8);
      return [add(g, 'sum', conv(g, 'a', x, 8, {}), x).tensor];
    });
    // 512 elements in 16 bits and 512 in 32, the image as it came.
    expect(listed(graph).find(([name]) => name === 'sum')).toEqual(['sum', 512 + 1024, 1024]);
  });
});

describe.each(REFERENCE_MODELS)('%s in mixed precision', (name) => {
  const graph = zooModel(name);
  const plain = compileWorkload(graph, 'none');
  const mixed = compileWorkload(graph, 'autocast');

  it('launches what it launches without, and a conversion for every parameter of a product', () => {
    const ofNodes = ({ kernels }: typeof plain) => kernels.filter(({ nodes }) => nodes.length > 0);
    expect(ofNodes(mixed).map((kernel) => kernel.name)).toEqual(ofNodes(plain).map((kernel) => kernel.name));
    const parameters = graph.nodes
      .filter(({ fusion }) => fusion === 'contraction')
      .reduce((sum, { inputs }) => sum + inputs.filter(({ role }) => role === 'weight').length, 0);
    const conversions = mixed.kernels.filter(({ name: own }) => /\.convert[12]$/.test(own));
    expect(conversions.length).toBe(parameters);
    expect(mixed.macs).toEqual(plain.macs);
    expect(trafficBytes(mixed, 1, 'fp16')).toBeGreaterThan(trafficBytes(plain, 1, 'fp16'));
  });
});

it('is how PyTorch runs eagerly in 16 bits, and nothing else', () => {
  const mixing = RUNTIMES.filter((runtime) => fusionIn(runtime, 'fp16') !== fusionIn(runtime, 'fp32'));
  expect(new Set(mixing.map(({ framework, mode }) => `${framework} ${mode}`))).toEqual(new Set(['pytorch eager']));
  for (const runtime of mixing) {
    expect(['fp16', 'bf16'].map((precision) => fusionIn(runtime, precision as 'fp16'))).toEqual([
      'autocast',
      'autocast',
    ]);
    expect(['fp32', 'tf32', 'int8'].map((precision) => fusionIn(runtime, precision as 'fp32'))).toEqual(
      Array(3).fill('none'),
    );
  }
});
