import { describe, expect, it } from 'vitest';
import { readModel, readModelSync } from '../../src/onnx/read/read-model.ts';
import type { TensorRecord } from '../../src/onnx/records.ts';
import { type ByteSource, bytesSource } from '../../src/onnx/source.ts';
import {
  bytes,
  float,
  initializer,
  integer,
  model,
  modelWithTensor,
  node,
  packedFloats,
  text,
  varint,
} from './protobuf-bytes.ts';

const read = (file: Uint8Array) => readModelSync(bytesSource(file));
const onlyTensor = (contents: readonly number[]): TensorRecord => {
  const [tensor] = read(modelWithTensor(contents)).graph.initializers;
  if (tensor === undefined) throw new Error('no tensor');
  return tensor;
};
const dims = (...sizes: readonly number[]) => sizes.flatMap((size) => integer(1, size));

describe('records', () => {
  it('keeps the fields of a model', () => {
    const file = model(
      [...node('Relu', ['x', ''], ['y'], [...text(3, 'n'), ...text(7, 'ai.onnx'), ...text(8, 'v2')]), ...text(2, 'g')],
      [...text(2, 'tool'), ...text(3, '1.2'), ...integer(5, 7), ...bytes(14, [...text(1, 'k'), ...text(2, 'v')])],
    );
    expect(read(file)).toEqual({
      irVersion: 8,
      opsetImports: [{ domain: '', version: 17 }],
      producerName: 'tool',
      producerVersion: '1.2',
      domain: '',
      modelVersion: 7,
      graph: {
        name: 'g',
        nodes: [
          { name: 'n', opType: 'Relu', domain: '', overload: 'v2', inputs: ['x', ''], outputs: ['y'], attributes: [] },
        ],
        initializers: [],
        sparseInitializers: [],
        inputs: [],
        outputs: [],
        valueInfo: [],
      },
      metadata: [['k', 'v']],
      functions: [],
    });
  });

  it('keeps every kind of attribute', () => {
    const attribute = (name: string, type: number, contents: readonly number[]) =>
      bytes(5, [...text(1, name), ...contents, ...integer(20, type)]);
    const tensor = [...integer(2, 7), ...bytes(9, [5, 0, 0, 0, 0, 0, 0, 0])];
    const type = bytes(4, bytes(1, bytes(1, [...integer(1, 1), ...bytes(2, bytes(1, text(2, 'N')))])));
    const record = { name: '', dataType: 7, dims: [], values: [5] };
    const file = model(
      node(
        'Any',
        [],
        ['y'],
        [
          ...attribute('f', 1, float(2, 1.5)),
          ...attribute('zero', 2, []),
          ...attribute('i', 2, integer(3, -3)),
          ...attribute('s', 3, text(4, 'é')),
          ...attribute('t', 4, bytes(5, tensor)),
          ...attribute('unpacked', 6, [...float(7, 1), ...float(7, 2)]),
          ...attribute('packed', 6, packedFloats(7, [1, 2])),
          ...attribute('ints', 7, [...integer(8, 1), ...integer(8, -1), ...bytes(8, [...varint(300), ...varint(-2)])]),
          ...attribute('strings', 8, [...text(9, 'a'), ...text(9, '')]),
          ...attribute('ts', 9, bytes(10, tensor)),
          ...attribute('tp', 13, bytes(14, type)),
          ...bytes(5, [...text(1, 'ref'), ...text(21, 'outer')]),
          ...bytes(5, [...text(1, 'untyped'), ...integer(3, 9)]),
        ],
      ),
    );
    const found = read(file).graph.nodes[0]?.attributes;
    expect(found).toMatchObject([
      { name: 'f', kind: 'float', value: 1.5 },
      { name: 'zero', kind: 'int', value: 0 },
      { name: 'i', kind: 'int', value: -3 },
      { name: 's', kind: 'string', value: 'é' },
      { name: 't', kind: 'tensor', value: record },
      { name: 'unpacked', kind: 'floats', value: [1, 2] },
      { name: 'packed', kind: 'floats', value: [1, 2] },
      { name: 'ints', kind: 'ints', value: [1, -1, 300, -2] },
      { name: 'strings', kind: 'strings', value: ['a', ''] },
      { name: 'ts', kind: 'tensors', value: [record] },
      {
        name: 'tp',
        kind: 'type',
        value: { kind: 'sequence', element: { kind: 'tensor', elementType: 1, shape: ['N'] } },
      },
      { name: 'ref', kind: 'reference', value: 'outer' },
      { name: 'untyped', kind: 'int', value: 9 },
    ]);
  });

  it('cuts long lists and texts and says how long they were', () => {
    const limits = { maxListItems: 3, maxTextBytes: 4 };
    const attributes = [
      ...bytes(5, [...integer(20, 7), ...bytes(8, [1, 2, 3, 4, 5])]),
      ...bytes(5, [...integer(20, 7), ...[1, 2, 3, 4].flatMap((value) => integer(8, value))]),
      ...bytes(5, [...integer(20, 6), ...packedFloats(7, [1, 2, 3, 4])]),
      ...bytes(5, [...integer(20, 3), ...text(4, 'abcdefg')]),
    ];
    const record = readModelSync(bytesSource(model(node('Any', [], [], attributes))), limits);
    expect(record.graph.nodes[0]?.attributes).toMatchObject([
      { value: [1, 2, 3], fullLength: 5 },
      { value: [1, 2, 3], fullLength: 4 },
      { value: [1, 2, 3], fullLength: 4 },
      { value: 'abcd', fullLength: 7 },
    ]);
  });
});

describe('tensors', () => {
  it('reads small contents in every encoding', () => {
    expect(onlyTensor([...dims(2), ...integer(2, 7), ...bytes(7, [...varint(-1), ...varint(7)])]).values).toEqual([
      -1, 7,
    ]);
    expect(onlyTensor([...dims(2), ...integer(2, 7), ...integer(7, -1), ...integer(7, 7)]).values).toEqual([-1, 7]);
    expect(onlyTensor([...dims(1), ...integer(2, 6), ...integer(5, -5)]).values).toEqual([-5]);
    expect(onlyTensor([...dims(2), ...integer(2, 1), ...packedFloats(4, [0.5, -2])]).values).toEqual([0.5, -2]);
    // fp16 as bits: 1.5, -0.5; bf16: 1; uint4 and int4, two to a byte; float8e4m3fn: 448
    expect(onlyTensor([...dims(2), ...integer(2, 10), ...bytes(9, [0, 0x3e, 0, 0xb8])]).values).toEqual([1.5, -0.5]);
    expect(onlyTensor([...dims(1), ...integer(2, 10), ...integer(5, 0x3e00)]).values).toEqual([1.5]);
    expect(onlyTensor([...dims(1), ...integer(2, 16), ...bytes(9, [0x80, 0x3f])]).values).toEqual([1]);
    expect(onlyTensor([...dims(3), ...integer(2, 21), ...bytes(9, [0xf1, 0x02])]).values).toEqual([1, 15, 2]);
    expect(onlyTensor([...dims(3), ...integer(2, 22), ...integer(5, 0xf1), ...integer(5, 2)]).values).toEqual([
      1, -1, 2,
    ]);
    expect(onlyTensor([...dims(1), ...integer(2, 17), ...bytes(9, [0x7e])]).values).toEqual([448]);
    expect(onlyTensor([...dims(2), ...integer(2, 8), ...text(6, 'a'), ...text(6, 'b')]).strings).toEqual(['a', 'b']);
  });

  it('saturates what a double does not hold', () => {
    const values = [2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n - 1n];
    expect(onlyTensor([...dims(3), ...integer(2, 7), ...values.flatMap((value) => integer(7, value))]).values).toEqual([
      Infinity,
      -Infinity,
      2 ** 53 - 1,
    ]);
  });

  it('accepts the fields in any order', () => {
    const raw = bytes(9, [3, 0, 0, 0]);
    expect(onlyTensor([...raw, ...text(8, 'w'), ...integer(2, 6), ...dims(1)])).toMatchObject({
      name: 'w',
      values: [3],
    });
  });

  it('points at large contents', () => {
    const contents = new Array<number>(65 * 4).fill(1);
    const file = modelWithTensor([...dims(65), ...integer(2, 1), ...bytes(9, contents)]);
    const [tensor] = read(file).graph.initializers;
    expect(tensor?.values).toBeUndefined();
    expect(tensor?.payload).toMatchObject({ kind: 'raw', byteLength: 260 });
    const offset = tensor?.payload.kind === 'raw' ? tensor.payload.offset : -1;
    expect([...file.subarray(offset - 2, offset + 260)]).toEqual([...varint(260), ...contents]);
  });

  it('says where external data lies', () => {
    const entry = (key: string, value: string) => bytes(13, [...text(1, key), ...text(2, value)]);
    const external = [
      ...entry('location', 'w.bin'),
      ...entry('offset', '4096'),
      ...entry('length', '8'),
      ...integer(14, 1),
    ];
    expect(onlyTensor([...dims(2), ...integer(2, 1), ...external]).payload).toEqual({
      kind: 'external',
      location: 'w.bin',
      offset: 4096,
      byteLength: 8,
    });
  });

  it('warns of contents that type and dims do not ask for', () => {
    const file = modelWithTensor([...dims(3), ...integer(2, 1), ...text(8, 'w'), ...bytes(9, [1, 2, 3, 4])]);
    expect(read(file).warnings).toEqual([
      {
        code: 'size-mismatch',
        path: 'graph / initializer "w"',
        message: 'graph / initializer "w": 4 bytes of data where its type and dims need 12',
      },
    ]);
    expect(read(file).graph.initializers[0]?.values).toBeUndefined();
  });
});

describe('sources', () => {
  const weights = new Array<number>(50_000).fill(7);
  const nodes = Array.from({ length: 500 }, (_, index) => node('Add', [`t${index}`, 'w'], [`t${index + 1}`])).flat();
  const file = model([...nodes, ...initializer([...dims(50_000), ...integer(2, 2), ...bytes(9, weights)]), ...nodes]);

  it('reads the same from any source, however small its window', async () => {
    const expected = read(file);
    for (const readAheadBytes of [1, 7, 64, 4096]) {
      const source = { ...bytesSource(file), readAheadBytes };
      expect(readModelSync(source)).toEqual(expected);
      const later: ByteSource = { ...source, read: async (offset, length) => file.slice(offset, offset + length) };
      expect(await readModel(later)).toEqual(expected);
    }
  });

  it('does not read payloads', () => {
    let bytesRead = 0;
    const source = bytesSource(file);
    readModelSync({
      size: source.size,
      read: (offset, length) => {
        bytesRead += length;
        return source.read(offset, length);
      },
    });
    expect(file.byteLength - bytesRead).toBeGreaterThan(30_000);
  });

  it('does not accept fewer bytes than it asked for', () => {
    expect(() => readModelSync({ size: file.byteLength, read: () => file.subarray(0, 3) })).toThrow(
      expect.objectContaining({ code: 'unreadable-source' }),
    );
  });
});
