import { describe, expect, it } from 'vitest';
import { quantizationSummary } from '../../src/analysis/arithmetic-types.ts';
import { liveness } from '../../src/analysis/liveness.ts';
import type { AnalyzedGraph, NodeAnalysis } from '../../src/analysis/nodes.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import type { GraphBuilder, TensorName } from '../../src/ir/builder.ts';
import type { DType } from '../../src/ir/dtype.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { multiply } from '../../src/units/integer.ts';
import { analyzed } from './graphs.ts';

const quantize = (g: GraphBuilder, name: string, x: TensorName, dtype: DType = 'uint8'): TensorName =>
  g.node('QuantizeLinear', `${name}.q`, [
    x,
    g.constant(`${name}.scale`, 1, 'fp32'),
    g.constant(`${name}.zero`, 0, dtype),
  ]);

const dequantize = (g: GraphBuilder, name: string, x: TensorName, dtype: DType = 'uint8'): TensorName =>
  g.node('DequantizeLinear', `${name}.dq`, [x, g.constant(`${name}.s`, 1, 'fp32'), g.constant(`${name}.z`, 0, dtype)]);

const pair = (g: GraphBuilder, name: string, x: TensorName): TensorName => dequantize(g, name, quantize(g, name, x));

const weight = (g: GraphBuilder, name: string, shape: readonly number[], dtype: DType = 'int8'): TensorName =>
  dequantize(g, name, g.weight(`${name}.weight`, shape, dtype), dtype);

const bias = (g: GraphBuilder, name: string, count: number): TensorName =>
  g.node('DequantizeLinear', `${name}.bias.dq`, [
    g.weight(`${name}.bias`, [count], 'int32'),
    g.constant(`${name}.bias.s`, 1, 'fp32'),
  ]);

const named = (graph: AnalyzedGraph, name: string): NodeAnalysis => {
  const node = graph.nodes.find((candidate) => candidate.name === name);
  if (node === undefined) throw new Error(`no ${name}`);
  return node;
};

/** Two convolutions with a residual, as a static quantizer writes them. */
const residual = (): AnalyzedGraph =>
  analyzed((g) => {
    const x = pair(g, 'in', g.input('x', [BATCH, 4, 8, 8]));
    const first = g.node('Conv', 'conv1', [x, weight(g, 'w1', [4, 4, 1, 1]), bias(g, 'b1', 4)]);
    const relu = pair(g, 'relu', g.node('Relu', 'act', [first]));
    const second = pair(g, 'second', g.node('Conv', 'conv2', [relu, weight(g, 'w2', [4, 4, 1, 1])]));
    const sum = pair(g, 'sum', g.node('Add', 'add', [second, x]));
    const pooled = pair(g, 'pool', g.node('MaxPool', 'pool', [sum], { attributes: { kernel_shape: [2, 2] } }));
    return [pooled];
  });

describe('a statically quantized model', () => {
  it('multiplies in int8, and says what share', () => {
    const graph = residual();
    expect(named(graph, 'conv1').arithmetic).toBe('int8');
    expect(named(graph, 'conv2').arithmetic).toBe('int8');
    expect(named(graph, 'add').arithmetic).toBeUndefined();
    // 2 convolutions x 4 x 4 x 64.
    expect(quantizationSummary(graph)).toEqual([{ dtype: 'int8', macs: multiply(BATCH, 2048), share: 1 }]);
  });

  it('takes the nodes around a kernel into it: they cost nothing and are no kernels', () => {
    const graph = residual();
    for (const name of [
      'w1.dq',
      'b1.bias.dq',
      'relu.q',
      'relu.dq',
      'second.q',
      'second.dq',
      'sum.q',
      'sum.dq',
      'pool.q',
    ]) {
      const { treatment, fusion, flops } = named(graph, name);
      expect([name, treatment, fusion, flops]).toEqual([
        name,
        { kind: 'free', reason: 'part of the int8 kernel' },
        'view',
        0,
      ]);
    }
  });

  it('keeps what stands at its ends: the input is quantized and the output widened', () => {
    const graph = residual();
    expect(named(graph, 'in.q').flops).toEqual(multiply(BATCH, 5 * 256));
    expect(named(graph, 'in.q').fusion).toBe('pointwise');
    expect(named(graph, 'in.dq').treatment).toEqual({ kind: 'free', reason: 'part of the int8 kernel' });
    expect(named(graph, 'pool.dq').flops).toEqual(multiply(BATCH, 2 * 4 * 49));
  });

  it('reads and writes narrow tensors, so that memory is that of the narrow ones', () => {
    const graph = residual();
    const conv = named(graph, 'conv2');
    expect(conv.inputs.map(({ type }) => type?.dtype)).toEqual(['uint8', 'int8']);
    expect(conv.outputs).toEqual([expect.objectContaining({ tensor: 'second.q:out' })]);
    expect(named(graph, 'act').outputs[0]?.type?.dtype).toBe('uint8');
    expect(named(graph, 'add').inputs.map(({ type }) => type?.dtype)).toEqual(['uint8', 'uint8']);
    // Three tensors of 256 bytes at once, beside the 1,024 of the input, which is fp32, while it is read.
    expect(liveness(graph, 1, 'fp32').peakBytes).toBe(1024 + 256);
  });

  it('launches five kernels and two conversions', () => {
    // Quantize, convolution with its activation, convolution with the sum, pooling, widening.
    const kernels = compileWorkload(residual(), 'epilogue').kernels.map(({ nodes }) => nodes);
    expect(kernels).toEqual([['in.q'], ['conv1', 'act'], ['conv2', 'add'], ['pool'], ['pool.dq']]);
  });

  it('counts the stored weights where they are read', () => {
    const graph = residual();
    // 16 weights of one byte, 4 biases of four.
    expect(named(graph, 'conv1').parameters).toBe(16 + 4);
    expect(named(graph, 'conv1').parameterBytes).toBe(16 + 16);
    expect(named(graph, 'w1.dq').parameters).toBe(0);
    expect(named(graph, 'conv2').parameters).toBe(16);
  });
});

describe('work that is not all quantized', () => {
  it('a tensor that also goes elsewhere in wide form stays wide for it', () => {
    const graph = analyzed((g) => {
      const x = pair(g, 'in', g.input('x', [BATCH, 4, 8, 8]));
      const conv = g.node('Conv', 'conv', [x, weight(g, 'w', [4, 4, 1, 1])]);
      return [quantize(g, 'out', conv), g.node('Sigmoid', 'wide', [conv])];
    });
    expect(named(graph, 'conv').arithmetic).toBe('int8');
    expect(named(graph, 'out.q').treatment.kind).toBe('costed');
    expect(named(graph, 'conv').outputs[0]?.type?.dtype).toBe('fp32');
  });

  it('an operator between wide tensors is no integer work, and its neighbours are costed', () => {
    const graph = analyzed((g) => {
      const x = pair(g, 'in', g.input('x', [BATCH, 4]));
      return [g.node('Sigmoid', 'wide', [x])];
    });
    expect(named(graph, 'in.dq').treatment.kind).toBe('costed');
    expect(named(graph, 'wide').inputs[0]?.type?.dtype).toBe('fp32');
  });

  it('a sum that is not rounded is no narrow operand', () => {
    const graph = analyzed((g) => {
      const x = pair(g, 'in', g.input('x', [BATCH, 4, 8, 8]));
      const sum = g.node('Add', 'add', [x, x]);
      return [g.node('Conv', 'conv', [sum, weight(g, 'w', [4, 4, 1, 1])])];
    });
    expect(named(graph, 'conv').arithmetic).toBe('fp32');
  });

  it('4-bit weights beside a floating-point activation: floating-point work on narrow weights', () => {
    const graph = analyzed((g) => {
      const x = g.input('x', [BATCH, 64], 'fp16');
      const stored = g.weight('w', [64, 32], 'int4');
      const scales = g.weight('scales', [2, 32], 'fp16');
      const wide = g.node('DequantizeLinear', 'dq', [stored, scales], { attributes: { axis: 0, block_size: 32 } });
      return [g.node('MatMul', 'matmul', [x, wide])];
    });
    const matmul = named(graph, 'matmul');
    expect(matmul.arithmetic).toBe('fp16');
    expect(matmul.inputs[1]).toEqual({ tensor: 'w', role: 'weight', type: { shape: [64, 32], dtype: 'int4' } });
    expect(matmul.parameters).toBe(64 * 32);
    expect(named(graph, 'dq').treatment).toEqual({
      kind: 'free',
      reason: 'the kernel widens its weights as it reads them',
    });
  });

  it('weights that are transposed on loading are still the stored ones', () => {
    const graph = analyzed((g) => {
      const x = pair(g, 'in', g.input('x', [BATCH, 64]));
      const turned = g.node('Transpose', 'turn', [weight(g, 'w', [32, 64])]);
      return [g.node('MatMul', 'matmul', [x, turned])];
    });
    expect(named(graph, 'matmul').arithmetic).toBe('int8');
    expect(named(graph, 'matmul').inputs[1]?.tensor).toBe('w.weight');
  });

  it('activations that are rearranged on the way stay narrow', () => {
    const graph = analyzed((g) => {
      const x = pair(g, 'in', g.input('x', [BATCH, 4, 16]));
      const flat = g.node('Reshape', 'flat', [x, g.constant('shape', [0, 64], 'int64')]);
      return [g.node('MatMul', 'matmul', [flat, weight(g, 'w', [64, 32])])];
    });
    expect(named(graph, 'matmul').arithmetic).toBe('int8');
    expect(named(graph, 'in.dq').treatment.kind).toBe('free');
    expect(named(graph, 'flat').outputs[0]?.type?.dtype).toBe('uint8');
  });
});

describe('operators that are narrow of themselves', () => {
  it('QOperator form and products of integers', () => {
    const graph = analyzed((g) => {
      const x = g.input('x', [BATCH, 64], 'uint8');
      const s = g.constant('s', 1, 'fp32');
      const z = g.constant('z', 0, 'uint8');
      const w = g.weight('w', [64, 32], 'uint8');
      const y = g.node('QLinearMatMul', 'linear', [x, s, z, w, s, z, s, z]);
      return [g.node('MatMulInteger', 'integer', [y, g.weight('v', [32, 8], 'int8')])];
    });
    expect(named(graph, 'linear').arithmetic).toBe('int8');
    expect(named(graph, 'linear').parameters).toBe(64 * 32);
    expect(named(graph, 'integer').arithmetic).toBe('int8');
  });

  it('8-bit floating point is a kind of its own', () => {
    const graph = analyzed((g) => {
      const e4m3 = (name: string, x: TensorName) =>
        g.node('DequantizeLinear', name, [x, g.constant(`${name}.s`, 1, 'fp32')]);
      const x = e4m3('x.dq', g.input('x', [BATCH, 64], 'fp8e4m3fn'));
      return [g.node('MatMul', 'matmul', [x, e4m3('w.dq', g.weight('w', [64, 32], 'fp8e4m3fn'))])];
    });
    expect(named(graph, 'matmul').arithmetic).toBe('fp8');
  });

  it('plain models multiply in the type of their tensors', () => {
    const graph = analyzed((g) => [g.node('MatMul', 'matmul', [g.input('x', [BATCH, 64]), g.weight('w', [64, 32])])]);
    expect(named(graph, 'matmul').arithmetic).toBe('fp32');
  });
});
