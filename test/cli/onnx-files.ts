/** Small ONNX files for tests of the command line. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AttributeRecord,
  DimRecord,
  GraphRecord,
  ModelRecord,
  NodeRecord,
  TensorRecord,
} from '../../src/onnx/records.ts';
import { encodeModel } from '../../src/onnx/write/encode.ts';
import { chunksOf } from '../../src/onnx/write/wire.ts';

const FLOAT = 1;
const INT8 = 3;
const INT64 = 7;
const BOOL = 9;

export const value = (name: string, shape: readonly DimRecord[] | undefined, elementType = FLOAT) => ({
  name,
  type: { kind: 'tensor' as const, elementType, shape },
});

export const weight = (name: string, dims: readonly number[], dataType = FLOAT): TensorRecord => ({
  name,
  dataType,
  dims,
  payload: { kind: 'none' },
});

export const integers = (name: string, values: readonly number[]): TensorRecord => ({
  ...weight(name, [values.length], INT64),
  values,
});

export const node = (
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  more: Partial<NodeRecord> = {},
): NodeRecord => ({
  name: `${opType}_${outputs[0]}`,
  opType,
  domain: '',
  overload: '',
  inputs,
  outputs,
  attributes: [],
  ...more,
});

export const graph = (parts: Partial<GraphRecord>): GraphRecord => ({
  name: 'g',
  nodes: [],
  initializers: [],
  sparseInitializers: [],
  inputs: [],
  outputs: [],
  valueInfo: [],
  ...parts,
});

export const model = (parts: Partial<GraphRecord>): ModelRecord => ({
  irVersion: 8,
  opsetImports: [
    { domain: '', version: 17 },
    { domain: 'custom', version: 1 },
  ],
  producerName: 'test',
  producerVersion: '1',
  domain: '',
  modelVersion: 0,
  metadata: [],
  functions: [],
  graph: graph(parts),
});

export const bytesOf = (record: ModelRecord): Buffer => Buffer.concat([...chunksOf(encodeModel(record))]);

/** Writes a file into a folder and returns its path. */
export const written = (folder: string, name: string, contents: ModelRecord | Uint8Array | string): string => {
  const path = join(folder, name);
  const isRecord = typeof contents === 'object' && 'graph' in contents;
  writeFileSync(path, isRecord ? bytesOf(contents) : contents);
  return path;
};

const ints = (name: string, value: readonly number[]): AttributeRecord => ({ name, kind: 'ints', value });

/** A 3×3 convolution to 8 channels, a global pooling and a linear layer to 10 classes: 216 + 8 + 80 + 10 parameters. */
export const imageModel = (batch: DimRecord, height: DimRecord, width: DimRecord): ModelRecord =>
  model({
    inputs: [value('image', [batch, 3, height, width])],
    outputs: [value('classes', [batch, 10])],
    initializers: [weight('w', [8, 3, 3, 3]), weight('b', [8]), weight('fc', [8, 10]), weight('fcb', [10])],
    nodes: [
      node('Conv', ['image', 'w', 'b'], ['c'], {
        attributes: [ints('kernel_shape', [3, 3]), ints('pads', [1, 1, 1, 1])],
      }),
      node('Relu', ['c'], ['r']),
      node('GlobalAveragePool', ['r'], ['p']),
      node('Flatten', ['p'], ['f']),
      node('Gemm', ['f', 'fc', 'fcb'], ['classes']),
    ],
  });

export const IMAGE_PARAMETERS = 3 * 3 * 3 * 8 + 8 + 8 * 10 + 10;
export const imageMacs = (batch: number, height: number, width = height): number =>
  batch * (3 * 3 * 3 * 8 * height * width + 8 * 10);

/** y = x · w on [batch, seq, 16]: no image, two open dimensions. */
export const textModel = (): ModelRecord =>
  model({
    inputs: [value('x', ['batch', 'seq', 16])],
    outputs: [value('y', ['batch', 'seq', 4])],
    initializers: [weight('w', [16, 4])],
    nodes: [node('MatMul', ['x', 'w'], ['y'])],
  });

/** The same, written for a batch of 1: a Reshape with a constant shape says so. */
export const fixedModel = (): ModelRecord =>
  model({
    inputs: [value('x', [1, 4, 4])],
    outputs: [value('y', [1, 3])],
    initializers: [integers('shape', [1, 16]), weight('w', [16, 3])],
    nodes: [node('Reshape', ['x', 'shape'], ['flat']), node('MatMul', ['flat', 'w'], ['y'])],
  });

/** One operator of a domain that nobody knows, between two that are known. */
export const customModel = (): ModelRecord =>
  model({
    inputs: [value('x', [1, 16])],
    outputs: [value('z', [1, 4])],
    valueInfo: [value('y', [1, 16])],
    initializers: [weight('w', [16, 4])],
    nodes: [node('Mystery', ['x'], ['y'], { domain: 'custom' }), node('MatMul', ['y', 'w'], ['z'])],
  });

/** An If whose branches are a product with 16×64 weights and one with 16×8. */
export const branchModel = (): ModelRecord => {
  const branch = (name: string, columns: number): AttributeRecord => ({
    name,
    kind: 'graph',
    value: graph({
      name,
      initializers: [weight(`${name}_w`, [16, columns])],
      outputs: [value(`${name}_y`, [1, columns])],
      nodes: [node('MatMul', ['x', `${name}_w`], [`${name}_y`])],
    }),
  });
  return model({
    inputs: [value('x', [1, 16]), value('which', [], BOOL)],
    outputs: [value('y', [1, 'columns'])],
    nodes: [node('If', ['which'], ['y'], { attributes: [branch('then_branch', 64), branch('else_branch', 8)] })],
  });
};

/** Weights of 8 bits, turned into numbers before the product. */
export const int8Model = (): ModelRecord =>
  model({
    inputs: [value('x', ['N', 16])],
    outputs: [value('y', ['N', 4])],
    initializers: [weight('q', [16, 4], INT8), { ...weight('scale', []), values: [0.5] }],
    nodes: [node('DequantizeLinear', ['q', 'scale'], ['w']), node('MatMul', ['x', 'w'], ['y'])],
  });

/** Two 3×3 convolutions of 64 channels: the first one between quantizers to 8 bits, the second one in floats. */
export const mixedModel = (): ModelRecord => {
  const around = { attributes: [ints('kernel_shape', [3, 3]), ints('pads', [1, 1, 1, 1])] };
  const pair = (from: string, to: string) => [
    node('QuantizeLinear', [from, 'scale', 'zero'], [`${to}_q`]),
    node('DequantizeLinear', [`${to}_q`, 'scale', 'zero'], [to]),
  ];
  return model({
    inputs: [value('x', ['N', 64, 32, 32])],
    outputs: [value('y', ['N', 64, 32, 32])],
    initializers: [
      weight('q', [64, 64, 3, 3], INT8),
      weight('w', [64, 64, 3, 3]),
      { ...weight('scale', []), values: [0.5] },
      { ...weight('zero', [], INT8), values: [0] },
    ],
    nodes: [
      ...pair('x', 'xr'),
      node('DequantizeLinear', ['q', 'scale', 'zero'], ['wr']),
      node('Conv', ['xr', 'wr'], ['c'], around),
      ...pair('c', 'cr'),
      node('Conv', ['cr', 'w'], ['y'], around),
    ],
  });
};

/** A loop of a known number of iterations, each a product with 64×64 weights. */
export const loopModel = (iterations: number): ModelRecord =>
  model({
    inputs: [value('x', [1, 64])],
    outputs: [value('y', [1, 64])],
    initializers: [
      { ...weight('m', [], INT64), values: [iterations] },
      { ...weight('go', [], BOOL), values: [1] },
      weight('w', [64, 64]),
    ],
    nodes: [
      node('Loop', ['m', 'go', 'x'], ['y'], {
        attributes: [
          {
            name: 'body',
            kind: 'graph',
            value: graph({
              name: 'body',
              inputs: [value('i', [], INT64), value('on', [], BOOL), value('h', [1, 64])],
              outputs: [value('on_out', [], BOOL), value('h_out', [1, 64])],
              nodes: [node('Identity', ['on'], ['on_out']), node('MatMul', ['h', 'w'], ['h_out'])],
            }),
          },
        ],
      }),
    ],
  });
