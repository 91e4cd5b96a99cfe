import { fromBinary } from '@bufbuild/protobuf';
import fc from 'fast-check';
import { AttributeProto_AttributeType as Kind, ModelProtoSchema } from 'onnx-buf';
import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import { GraphBuilder } from '../../src/ir/builder.ts';
import type { AttributeValue, Graph } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import type { AttributeRecord, GraphRecord, ModelRecord, TensorRecord } from '../../src/onnx/records.ts';
import { attributeRecord } from '../../src/onnx/write/attributes.ts';
import { encodeModel } from '../../src/onnx/write/encode.ts';
import { WriteError } from '../../src/onnx/write/error.ts';
import { chunksOf, type Encoded } from '../../src/onnx/write/wire.ts';
import { type WriteOptions, type WrittenModel, writeModel } from '../../src/onnx/write/write-model.ts';

const bytesOf = (chunks: Iterable<Uint8Array>): Uint8Array => Buffer.concat([...chunks]);
const decode = (encoded: Encoded) => {
  const bytes = bytesOf(chunksOf(encoded));
  expect(bytes.byteLength).toBe(encoded.byteLength);
  return fromBinary(ModelProtoSchema, bytes);
};

const EMPTY: GraphRecord = {
  name: 'g',
  nodes: [],
  initializers: [],
  sparseInitializers: [],
  inputs: [],
  outputs: [],
  valueInfo: [],
};

const model = (graph: Partial<GraphRecord>): ModelRecord => ({
  irVersion: 10,
  opsetImports: [
    { domain: '', version: 24 },
    { domain: 'com.microsoft', version: 1 },
  ],
  producerName: 'assay',
  producerVersion: '1.2.3',
  domain: '',
  modelVersion: 0,
  graph: { ...EMPTY, ...graph },
  metadata: [['key', 'value']],
  functions: [],
});

const node = (attributes: readonly AttributeRecord[]) => ({
  name: 'n',
  opType: 'Op',
  domain: 'com.microsoft',
  overload: '',
  inputs: ['a', '', 'b'],
  outputs: ['c'],
  attributes,
});

const tensor = (name: string, dataType: number, dims: readonly number[], values?: readonly number[]): TensorRecord => ({
  name,
  dataType,
  dims,
  payload: { kind: 'none' },
  ...(values !== undefined && { values }),
});

describe('encodeModel, read back by another implementation', () => {
  it('writes the header', () => {
    expect(decode(encodeModel(model({})))).toMatchObject({
      irVersion: 10n,
      producerName: 'assay',
      producerVersion: '1.2.3',
      opsetImport: [
        { domain: '', version: 24n },
        { domain: 'com.microsoft', version: 1n },
      ],
      metadataProps: [{ key: 'key', value: 'value' }],
      graph: { name: 'g' },
    });
  });

  it('writes every kind of attribute with its type', () => {
    const sparse = { values: tensor('v', 1, [1], [2]), indices: tensor('', 7, [1], [3]), dims: [4] };
    const type = { kind: 'tensor', elementType: 1, shape: ['N', 3, undefined] } as const;
    const attributes: readonly AttributeRecord[] = [
      { name: 'f', kind: 'float', value: 0.5 },
      { name: 'i', kind: 'int', value: 0 },
      { name: 's', kind: 'string', value: 'grün' },
      { name: 't', kind: 'tensor', value: tensor('x', 7, [2], [1, -1]) },
      { name: 'g', kind: 'graph', value: EMPTY },
      { name: 'floats', kind: 'floats', value: [1, -2.5] },
      { name: 'ints', kind: 'ints', value: [-1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2 ** 40] },
      { name: 'strings', kind: 'strings', value: ['a', ''] },
      { name: 'tensors', kind: 'tensors', value: [tensor('y', 1, [], [1])] },
      { name: 'graphs', kind: 'graphs', value: [EMPTY] },
      { name: 'tp', kind: 'type', value: { kind: 'sequence', element: type } },
      {
        name: 'types',
        kind: 'types',
        value: [
          { kind: 'optional', element: type },
          { kind: 'map', keyType: 7, value: type },
        ],
      },
      { name: 'sparse', kind: 'sparseTensor', value: sparse },
      { name: 'sparses', kind: 'sparseTensors', value: [sparse] },
      { name: 'ref', kind: 'reference', value: 'outer' },
    ];
    const [read] = decode(encodeModel(model({ nodes: [node(attributes)] }))).graph?.node ?? [];
    expect(read).toMatchObject({
      name: 'n',
      opType: 'Op',
      domain: 'com.microsoft',
      input: ['a', '', 'b'],
      output: ['c'],
    });
    const types = [
      ...[Kind.FLOAT, Kind.INT, Kind.STRING, Kind.TENSOR, Kind.GRAPH, Kind.FLOATS, Kind.INTS, Kind.STRINGS],
      ...[Kind.TENSORS, Kind.GRAPHS, Kind.TYPE_PROTO, Kind.TYPE_PROTOS, Kind.SPARSE_TENSOR, Kind.SPARSE_TENSORS],
      Kind.UNDEFINED,
    ];
    expect(read?.attribute.map(({ type: kind }) => kind)).toEqual(types);
    const by = (name: string) => read?.attribute.find((attribute) => attribute.name === name);
    expect(by('f')?.f).toBe(0.5);
    expect(Buffer.from(by('s')?.s ?? []).toString()).toBe('grün');
    expect(by('t')?.t).toMatchObject({ name: 'x', dataType: 7, dims: [2n] });
    expect([...(by('t')?.t?.rawData ?? [])]).toEqual([1, 0, 0, 0, 0, 0, 0, 0, ...Array(8).fill(255)]);
    expect(by('floats')?.floats).toEqual([1, -2.5]);
    expect(by('ints')?.ints).toEqual([-1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 40n]);
    expect(by('strings')?.strings.map((text) => Buffer.from(text).toString())).toEqual(['a', '']);
    expect(by('sparse')?.sparseTensor).toMatchObject({ dims: [4n], values: { name: 'v' }, indices: { dims: [1n] } });
    expect(by('ref')?.refAttrName).toBe('outer');
    const tensorType = {
      value: {
        case: 'tensorType',
        value: {
          elemType: 1,
          shape: { dim: [{ value: { case: 'dimParam', value: 'N' } }, { value: { case: 'dimValue', value: 3n } }, {}] },
        },
      },
    };
    expect(by('tp')?.tp).toMatchObject({ value: { case: 'sequenceType', value: { elemType: tensorType } } });
    expect(by('types')?.typeProtos).toMatchObject([
      { value: { case: 'optionalType', value: { elemType: tensorType } } },
      { value: { case: 'mapType', value: { keyType: 7, valueType: tensorType } } },
    ]);
  });

  it('writes functions, and places of external contents', () => {
    const external = {
      ...tensor('w', 1, [1000]),
      payload: { kind: 'external', location: 'w.bin', offset: 4096, byteLength: 4000 } as const,
    };
    const record = {
      name: 'Twice',
      domain: 'local',
      overload: 'o',
      inputs: ['x'],
      outputs: ['y'],
      attributes: ['alpha'],
      attributeDefaults: [{ name: 'beta', kind: 'float', value: 1 } as const],
      opsetImports: [{ domain: '', version: 24 }],
      nodes: [node([])],
    };
    const read = decode(encodeModel({ ...model({ initializers: [external] }), functions: [record] }));
    expect(read.graph?.initializer[0]).toMatchObject({
      dataLocation: 1,
      externalData: [
        { key: 'location', value: 'w.bin' },
        { key: 'offset', value: '4096' },
        { key: 'length', value: '4000' },
      ],
    });
    expect(read.functions[0]).toMatchObject({
      name: 'Twice',
      domain: 'local',
      overload: 'o',
      input: ['x'],
      output: ['y'],
      attribute: ['alpha'],
      attributeProto: [{ name: 'beta', f: 1 }],
      opsetImport: [{ version: 24n }],
      node: [{ opType: 'Op' }],
    });
  });

  it('keeps any integer, float and text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.maxSafeInteger()),
        fc.array(fc.float({ noNaN: true })),
        fc.array(fc.string({ unit: 'grapheme' })),
        (ints, floats, names) => {
          const attributes = [
            { name: 'i', kind: 'ints', value: ints },
            { name: 'f', kind: 'floats', value: floats },
          ] as const;
          const read = decode(encodeModel(model({ nodes: [{ ...node(attributes), inputs: names }] }))).graph?.node[0];
          expect(read?.attribute[0]?.ints).toEqual(ints.map(BigInt));
          expect(read?.attribute[1]?.floats).toEqual(floats);
          expect(read?.input).toEqual(names);
        },
      ),
    );
  });
});

describe('attributeRecord', () => {
  const kindOf = (operator: string, name: string, value: AttributeValue, opset = 24): string =>
    attributeRecord(name, value, { operator, opset, tensor: () => tensor('', 1, []) }).kind;

  it('knows floats by name and operator', () => {
    expect(kindOf('LeakyRelu', 'alpha', 1)).toBe('float');
    expect(kindOf('Conv', 'group', 1)).toBe('int');
    expect(kindOf('Upsample', 'scales', [1, 2])).toBe('floats');
    expect(kindOf('Conv', 'pads', [1, 2])).toBe('ints');
    expect(kindOf('Dropout', 'seed', 1)).toBe('int');
    expect(kindOf('RandomNormal', 'seed', 1)).toBe('float');
    expect([kindOf('LpPool', 'p', 2, 1), kindOf('LpPool', 'p', 2, 2)]).toEqual(['float', 'int']);
    expect(kindOf('Custom', 'unheard', 0.5)).toBe('float');
    expect(kindOf('Custom', 'unheard', ['a'])).toBe('strings');
    expect(kindOf('Constant', 'value', { shape: [], dtype: 'fp32', values: [1] })).toBe('tensor');
  });
});

const network = (): Graph => {
  const g = new GraphBuilder('net');
  const x = g.input('x', [BATCH, 8]);
  const hidden = g.node('Gemm', 'fc', [x, g.weight('fc.weight', [600, 8]), g.weight('fc.bias', [600])], {
    attributes: { transB: 1 },
  });
  const shape = g.constant('rows', [-1, 300], 'int64');
  return g.finish([g.node('Reshape', 'fold', [g.node('Relu', 'act', [hidden]), shape])]);
};

const write = (graph: Graph, options: Partial<WriteOptions> = {}): WrittenModel =>
  writeModel(graph, { weights: 'random', producerVersion: '1', types: inferShapes(graph).types, ...options });

const read = ({ model: file }: WrittenModel) => {
  const bytes = bytesOf(file.chunks());
  expect(bytes.byteLength).toBe(file.byteLength);
  return fromBinary(ModelProtoSchema, bytes);
};

const floatsOf = (raw: Uint8Array): Float32Array => new Float32Array(Uint8Array.from(raw).buffer);

describe('writeModel', () => {
  it('writes names, types and open dimensions', () => {
    const { graph, metadataProps } = read(write(network()));
    expect(graph?.node.map(({ name }) => name)).toEqual(['fc', 'act', 'fold']);
    const dims = (dim: readonly unknown[]) => ({ type: { value: { value: { elemType: 1, shape: { dim } } } } });
    const open = (value: string) => ({ value: { case: 'dimParam', value } });
    const fixed = (value: bigint) => ({ value: { case: 'dimValue', value } });
    expect(graph?.input).toMatchObject([{ name: 'x', ...dims([open('N'), fixed(8n)]) }]);
    expect(graph?.output).toMatchObject([{ name: 'fold:out', ...dims([open('2*N'), fixed(300n)]) }]);
    expect(graph?.valueInfo.map(({ name }) => name)).toEqual(['fc:out', 'act:out']);
    expect(metadataProps).toMatchObject([
      { key: 'assay.weights', value: 'random' },
      { key: 'assay.seed', value: '0' },
    ]);
  });

  it('gives the same bytes for the same seed, and others for another', () => {
    const bytes = (seed: number) => bytesOf(write(network(), { seed }).model.chunks());
    expect(bytes(7)).toEqual(bytes(7));
    expect(bytes(7)).not.toEqual(bytes(8));
    const file = write(network()).model;
    expect(bytesOf(file.chunks())).toEqual(bytesOf(file.chunks()));
  });

  it('draws filters with the variance that an activation after them wants, and leaves biases 0', () => {
    const { graph } = read(write(network()));
    const weights = floatsOf(graph?.initializer[0]?.rawData ?? new Uint8Array());
    const meanSquare = weights.reduce((sum, value) => sum + value * value, 0) / weights.length;
    expect(weights.length).toBe(4800);
    // 2 / fan-in before a ReLU; 4800 draws are within a few percent.
    expect(meanSquare).toBeGreaterThan(0.95 * (2 / 8));
    expect(meanSquare).toBeLessThan(1.05 * (2 / 8));
    // The first draws of seed 0, so that no change of the generator goes unseen.
    expect([...weights.slice(0, 3)]).toMatchInlineSnapshot(`
      [
        0.07082892209291458,
        0.4727299213409424,
        0.5207352042198181,
      ]
    `);
    expect(floatsOf(graph?.initializer[1]?.rawData ?? new Uint8Array()).every((value) => value === 0)).toBe(true);
  });

  it('without weights keeps shapes, and values that steer the network', () => {
    const written = write(network(), { weights: 'none' });
    const { graph } = read(written);
    expect(graph?.sparseInitializer).toMatchObject([
      { dims: [600n, 8n], values: { name: 'fc.weight', dims: [0n] }, indices: { dims: [0n] } },
      { dims: [600n], values: { name: 'fc.bias' } },
    ]);
    expect(graph?.initializer.map(({ name }) => name)).toEqual(['rows']);
    expect(written.model.byteLength).toBeLessThan(1000);
  });

  it('puts weights into a file of their own where they do not fit', () => {
    const whole = read(write(network()));
    const { model: file, external, ...rest } = write(network(), { maxModelBytes: 1000, externalLocation: 'w.data' });
    const { graph } = read({ model: file, external, ...rest });
    const data = bytesOf(external?.chunks() ?? []);
    expect(external?.byteLength).toBe(data.byteLength);
    const places = graph?.initializer.slice(0, 2).map(({ externalData }) => externalData.map(({ value }) => value));
    expect(places).toEqual([
      ['w.data', '0', '19200'],
      ['w.data', '20480', '2400'],
    ]);
    expect(data.subarray(0, 19_200)).toEqual(Buffer.from(whole.graph?.initializer[0]?.rawData ?? []));
    expect(() => write(network(), { maxModelBytes: 1000 })).toThrow(WriteError);
  });

  it('makes large weights in pieces', () => {
    const g = new GraphBuilder('large');
    const x = g.input('x', [BATCH, 2048]);
    const graph = g.finish([g.node('MatMul', 'm', [x, g.weight('w', [2048, 2048])])]);
    const { model: file } = write(graph);
    let largest = 0;
    let total = 0;
    for (const { byteLength } of file.chunks()) {
      largest = Math.max(largest, byteLength);
      total += byteLength;
    }
    expect(total).toBe(file.byteLength);
    expect(largest).toBeLessThanOrEqual(2 ** 21);
  });

  it('writes graphs inside control flow, and constants of the program as nodes', () => {
    const branch = (name: string): Graph => ({
      name,
      opset: 24,
      inputs: [],
      outputs: [`${name}.y`],
      initializers: [{ name: `${name}.c`, shape: [1], dtype: 'fp32', values: [1], inline: true }],
      nodes: [
        {
          name: `${name}.add`,
          type: 'Add',
          domain: '',
          inputs: ['x', `${name}.c`],
          outputs: [`${name}.y`],
          attributes: {},
        },
      ],
    });
    const graph: Graph = {
      name: 'choice',
      opset: 24,
      inputs: [
        { name: 'x', dtype: 'fp32', shape: [1] },
        { name: 'c', dtype: 'bool', shape: [] },
      ],
      outputs: ['y'],
      initializers: [],
      nodes: [
        {
          name: 'if',
          type: 'If',
          domain: '',
          inputs: ['c'],
          outputs: ['y'],
          attributes: {},
          bodies: { then_branch: branch('then'), else_branch: branch('else') },
        },
      ],
      declared: new Map([['y', { dtype: 'fp32', shape: [1] }]]),
    };
    const attributes = read(write(graph, { types: new Map() })).graph?.node[0]?.attribute;
    expect(attributes).toMatchObject([
      { name: 'then_branch', type: Kind.GRAPH, g: { node: [{ opType: 'Constant' }, { opType: 'Add' }] } },
      { name: 'else_branch', type: Kind.GRAPH },
    ]);
  });

  it('states another opset only where all operators mean the same in it', () => {
    expect(write(network(), { opset: 24 }).opset).toBe(24);
    expect(() => write(network(), { opset: 4 })).toThrow(/Gemm of "fc" is written for opset 24/);
  });

  it('refuses outputs of unknown type', () => {
    expect(() => write(network(), { types: new Map() })).toThrow(/"fold:out"/);
  });
});
