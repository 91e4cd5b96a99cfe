import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OnnxReadError } from '../../src/onnx/read/error.ts';
import type { ReadOptions } from '../../src/onnx/read/limits.ts';
import { readModelSync } from '../../src/onnx/read/read-model.ts';
import { bytesSource } from '../../src/onnx/source.ts';
import { patience } from '../patience.ts';
import {
  bytes,
  initializer,
  integer,
  model,
  modelWithTensor,
  node,
  packedFloats,
  text,
  varint,
} from './protobuf-bytes.ts';

const errorOf = (file: Uint8Array, options?: ReadOptions): OnnxReadError | undefined => {
  try {
    readModelSync(bytesSource(file), options);
    return undefined;
  } catch (error) {
    if (!(error instanceof OnnxReadError)) throw error;
    expect(error.message).not.toMatch(/[\n\r]/);
    return error;
  }
};
const codeOf = (file: Uint8Array, options?: ReadOptions) => errorOf(file, options)?.code;
const utf8 = (contents: string) => new TextEncoder().encode(contents);
const repeat = (count: number, item: readonly number[]): Uint8Array => {
  const all = new Uint8Array(count * item.length);
  for (let index = 0; index < count; index++) all.set(item, index * item.length);
  return all;
};
const concat = (...parts: readonly ArrayLike<number>[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.length;
  }
  return all;
};
/** A model around the fields of a graph that are too many to spread. */
const largeModel = (graph: Uint8Array): Uint8Array =>
  concat(integer(1, 8), bytes(8, integer(2, 17)), varint(7 * 8 + 2), varint(graph.length), graph);

describe('files of another kind', () => {
  it.each([
    ['gzip', [0x1f, 0x8b, 8, 0, 0, 0, 0, 0], /gzip/],
    ['PyTorch', utf8('PK\x03\x04\0\0\0\0archive/data.pkl'), /torch\.onnx\.export/],
    ['HDF5', [0x89, ...utf8('HDF\r\n\x1a\n')], /HDF5/],
    ['TensorFlow Lite', [0x1c, 0, 0, 0, ...utf8('TFL3')], /TensorFlow Lite/],
    ['pickle', [0x80, 2, 0x8a, 0x0a, 0x6c], /pickle/],
    ['JSON', utf8('{"ir_versions": 1}'), /JSON|text form/],
    ['JSON in lines', utf8(' [\n  1, 2\n]'), /JSON/],
    ['text form', utf8('ir_version: 8\ngraph { }\n'), /text form/],
    ['Git LFS', utf8('version https://git-lfs.github.com/spec/v1\n'), /git lfs pull/],
    ['HTML', utf8('<!doctype html><title>404</title>'), /HTML/],
    ['text', utf8('Not found'), /text/],
    ['another protobuf', [...integer(1, 1), ...text(2, 'x'), ...integer(3, 7)], /./],
    ['a protobuf without a graph', [...integer(1, 8), ...bytes(8, integer(2, 17))], /without a graph/],
    ['a graph without anything', [...integer(1, 8), ...bytes(7, [])], /holds nothing/],
    ['zeros', new Uint8Array(100), /./],
  ])('refuses %s', (_, file, hint) => {
    const error = errorOf(Uint8Array.from(file));
    expect(error).toMatchObject({ code: 'not-onnx', path: '' });
    expect(error?.message).toMatch(hint);
  });

  it('refuses an empty file', () => {
    expect(codeOf(new Uint8Array(0))).toBe('empty-file');
  });

  it('refuses random bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (file) => {
        expect(errorOf(file)).toBeInstanceOf(OnnxReadError);
      }),
      { seed: 3, numRuns: 2000 },
    );
  });
});

const SMALL = model([
  ...node('Conv', ['x', 'w'], ['y'], bytes(5, [...text(1, 'pads'), ...bytes(8, [1, 1, 1, 1]), ...integer(20, 7)])),
  ...initializer([...integer(1, 2), ...integer(2, 1), ...text(8, 'w'), ...bytes(9, [0, 0, 128, 63, 0, 0, 0, 64])]),
  ...initializer([...integer(1, 2), ...integer(2, 1), ...packedFloats(4, [1, 2])]),
  ...bytes(11, [...text(1, 'x'), ...bytes(2, bytes(1, [...integer(1, 1), ...bytes(2, bytes(1, integer(1, 300)))]))]),
  ...bytes(12, text(1, 'y')),
]);

describe('broken files', () => {
  it('tells a broken model from another kind of file', () => {
    expect(codeOf(concat(SMALL, [0, 0]))).toBe('malformed-field');
  });

  it('refuses a file that is cut anywhere inside its graph', () => {
    // After the graph a cut may fall between two fields, and what is left is a model without an opset.
    const graphEnd = SMALL.length - bytes(8, integer(2, 17)).length;
    for (let length = 1; length < SMALL.length; length++) {
      const code = codeOf(SMALL.slice(0, length));
      if (length === graphEnd) expect(code).toBeUndefined();
      else expect(['truncated-file', 'not-onnx'], `${length} bytes`).toContain(code);
      if (length > 3 && length < graphEnd) expect(code).toBe('truncated-file');
    }
  });

  it('ends with a model or an error for any change of one byte', () => {
    for (let at = 0; at < SMALL.length; at++) {
      for (const value of [0, 1, 0x7f, 0x80, 0xff]) {
        const file = SMALL.slice();
        file[at] = value;
        errorOf(file);
      }
    }
  });

  it.each([
    ['a varint without an end', [...new Array<number>(11).fill(0xff), 1], 'malformed-varint'],
    ['a message that overruns its parent', [(1 << 3) | 2, 2, (4 << 3) | 2, 12], 'malformed-field'],
    ['a group', [(1 << 3) | 3, (1 << 3) | 4], 'malformed-field'],
    ['field number 0', [2, 0], 'malformed-field'],
    ['a node that is a number', integer(1, 5), 'malformed-field'],
    ['a node without an operator', bytes(1, text(1, 'x')), 'missing-op-type'],
    ['a declared length of 2^60', [(1 << 3) | 2, ...varint(2n ** 60n)], 'truncated-file'],
  ])('refuses %s', (_, graph, code) => {
    expect(codeOf(model([...node('Relu', ['x'], ['y']), ...graph, ...node('Relu', ['x'], ['y'])]))).toBe(code);
  });

  it.each([
    ['a negative dimension', [...integer(1, -2), ...integer(2, 1)], 'negative-dimension'],
    ['2^60 elements', [...integer(1, 2 ** 30), ...integer(1, 2 ** 30), ...integer(2, 1)], 'too-many-elements'],
    ['2^63 elements', [...integer(1, 2n ** 63n - 1n), ...integer(2, 1)], 'too-many-elements'],
    ['2,000 dimensions', [...bytes(1, new Array<number>(2000).fill(1)), ...integer(2, 1)], 'too-many-items'],
    ['half a float', [...integer(2, 1), ...bytes(4, [1, 2])], 'malformed-field'],
    [
      'an external offset that is none',
      [...bytes(13, [...text(1, 'offset'), ...text(2, '-1')]), ...integer(14, 1)],
      'malformed-field',
    ],
  ])('refuses a tensor of %s', (_, tensor, code) => {
    const error = errorOf(modelWithTensor([...text(8, 'w'), ...tensor]));
    expect(error?.code).toBe(code);
    expect(error?.path).toContain('initializer "w"');
  });

  it('replaces what is no UTF-8 and escapes what is no name', () => {
    const file = model(node('Relu', [], [], bytes(3, [0xff, 0x41])));
    expect(readModelSync(bytesSource(file)).graph.nodes[0]?.name).toBe('\ufffdA');
    const error = errorOf(modelWithTensor([...text(8, '\x1b[31m\n\u202e<b>'), ...integer(1, -1)]));
    expect(error?.path).toBe('graph / initializer "\\u001b[31m\\n\\u202e<b>"');
  });
});

describe('bombs', () => {
  const nested = (depth: number): number[] => {
    let graph = node('Relu', ['x'], ['y']);
    for (let level = 0; level < depth; level++) {
      graph = node('If', ['c'], ['y'], bytes(5, [...text(1, 'then_branch'), ...bytes(6, graph), ...integer(20, 5)]));
    }
    return graph;
  };

  it('reads what is nested 30 deep and refuses 1,000', () => {
    expect(codeOf(model(nested(30)))).toBeUndefined();
    const error = errorOf(model(nested(1000)));
    expect(error?.code).toBe('nesting-too-deep');
    expect(error?.message.length).toBeLessThan(600);
  });

  it('refuses names above its limit, also at the top', () => {
    const long = 'n'.repeat(70_000);
    expect(codeOf(model(node('Relu', ['x'], ['y'], text(3, long))))).toBe('name-too-long');
    expect(codeOf(model(node('Relu', ['x'], ['y'], text(3, long))), { maxNameBytes: 100_000 })).toBeUndefined();
  });

  it.each([
    ['empty tensors', [(5 << 3) | 2, 0]],
    ['empty values', [(13 << 3) | 2, 0]],
    ['small nodes', node('A', [], [])],
  ])('refuses millions of %s before they fill memory', (_, item) => {
    const file = largeModel(repeat(Math.ceil(12e6 / item.length), item));
    const started = performance.now();
    expect(codeOf(file)).toBe('too-many-items');
    expect(performance.now() - started).toBeLessThan(patience(1000));
  });

  it('refuses endless work', () => {
    const file = largeModel(concat(node('Relu', ['x'], ['y']), repeat(1000, integer(3, 0))));
    expect(codeOf(file)).toBeUndefined();
    expect(codeOf(file, { maxFields: 900 })).toBe('work-limit');
  });

  it('reads 20,000 nodes and 10,000 inputs fast', () => {
    const nodes = Array.from({ length: 20_000 }, (_, index) => node('Relu', [`t${index}`], [`t${index + 1}`]));
    const inputs = Array.from({ length: 10_000 }, (_, index) => `t${index}`);
    const file = largeModel(concat(...nodes, node('Concat', inputs, ['y'])));
    const started = performance.now();
    const { graph } = readModelSync(bytesSource(file));
    expect(performance.now() - started).toBeLessThan(patience(500));
    expect([graph.nodes.length, graph.nodes.at(-1)?.inputs.length]).toEqual([20_001, 10_000]);
  });
});
