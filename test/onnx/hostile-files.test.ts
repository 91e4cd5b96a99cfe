/** Bad files: each gives an error with a code that names the place, or an analysis with a warning that does. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ModelRecord } from '../../src/onnx/records.ts';
import { bytesOf, graph, imageModel, integers, model, node, value, weight } from '../cli/onnx-files.ts';
import { patience } from '../patience.ts';
import * as bad from './hostile-models.ts';
import { type Outcome, outcomeOfFile, randomFrom } from './hostile-outcome.ts';
import { bytes, integer, model as rawModel, node as rawNode, text } from './protobuf-bytes.ts';

const MAX_MS = patience(500);

const outcome = (file: ModelRecord | Uint8Array): Outcome => {
  const encoded = file instanceof Uint8Array ? file : bytesOf(file);
  const started = performance.now();
  const found = outcomeOfFile(encoded);
  expect(performance.now() - started).toBeLessThan(MAX_MS);
  return found;
};
const codeOf = (file: ModelRecord | Uint8Array) => outcome(file).code;
const warningsOf = (file: ModelRecord | Uint8Array): readonly string[] => {
  const { code, message, warnings } = outcome(file);
  expect({ code, message }).toEqual({ code: undefined, message: '' });
  return warnings.map((warning) => `${warning.code} ${warning.path}`);
};
const utf8 = (contents: string) => new TextEncoder().encode(contents);
const IMAGE = bytesOf(imageModel(1, 8, 8));
const { relu, one, int, ints, scalar } = bad;

describe('files that are no model', () => {
  it.each([
    ['empty', new Uint8Array(0), 'empty-file'],
    ['JSON', utf8('{"graph": {"node": []}}'), 'not-onnx'],
    ['gzip', gzipSync(IMAGE), 'not-onnx'],
    [
      'another protobuf',
      Uint8Array.from([...text(1, 'serve'), ...integer(2, 1), ...bytes(3, text(1, 'x'))]),
      'not-onnx',
    ],
    ['half a model', IMAGE.subarray(0, IMAGE.length >> 1), 'truncated-file'],
  ])('%s', (_, file, code) => {
    expect(codeOf(file)).toBe(code);
  });

  it('a model cut at any byte', () => {
    let whole = 0;
    for (let length = 0; length < IMAGE.length; length++) {
      const { code } = outcomeOfFile(IMAGE.subarray(0, length));
      // Opset and functions may stand after the graph: without them a model is left.
      if (code === undefined) whole += 1;
    }
    expect(whole).toBeLessThan(5);
  });

  it('random bytes', () => {
    const random = randomFrom(11);
    for (let run = 0; run < 500; run++) {
      const file = Uint8Array.from({ length: Math.floor(random() * 600) }, () => Math.floor(random() * 256));
      expect(outcomeOfFile(file).code).toBeDefined();
    }
  });
});

describe('graphs that contradict themselves', () => {
  it.each<readonly [string, ModelRecord, string, RegExp]>([
    ['a self-loop', relu({ nodes: [node('Add', ['x', 'y'], ['y'])] }), 'cycle', /Add_y/],
    [
      'a cycle',
      relu({ nodes: [node('Add', ['x', 'b'], ['a']), node('Relu', ['a'], ['b']), node('Relu', ['b'], ['y'])] }),
      'cycle',
      /Add_a/,
    ],
    ['a missing initializer', relu({ nodes: [node('MatMul', ['x', 'w'], ['y'])] }), 'undefined-input', /"w"/],
    ['an output of nothing', relu({ outputs: [value('z', undefined)] }), 'undefined-output', /"z"/],
    [
      'duplicate outputs',
      relu({ nodes: [node('Relu', ['x'], ['y']), node('Tanh', ['x'], ['y'])] }),
      'duplicate-tensor',
      /"y".*Tanh/,
    ],
    ['two inputs of one name', relu({ inputs: [value('x', [1]), value('x', [2])] }), 'duplicate-input', /input/],
    ['mismatched channels', one('Conv', [], [weight('w', [8, 3, 3, 3])]), 'operator', /Conv_y.*channels/],
    ['group 0', one('Conv', [int('group', 0)], [weight('w', [8, 4, 3, 3])]), 'operator', /Conv_y.*group/],
    ['stride 0', one('Conv', [ints('strides', [0, 0])], [weight('w', [8, 4, 3, 3])]), 'operator', /Conv_y.*stride/],
    ['a kernel larger than its input', one('Conv', [], [weight('w', [8, 4, 9, 9])]), 'operator', /Conv_y/],
    ['operands that do not broadcast', one('Add', [], [weight('w', [5])]), 'operator', /Add_y.*8 and 5/],
    ['Reshape with two -1', one('Reshape', [], [integers('s', [-1, -1])]), 'operator', /Reshape_y.*-1/],
    ['Reshape to another size', one('Reshape', [], [integers('s', [7])]), 'operator', /Reshape_y/],
    [
      'an attribute of another kind',
      one('Conv', [{ name: 'strides', kind: 'string', value: 'two' }], [weight('w', [8, 4, 3, 3])]),
      'operator',
      /Conv_y.*strides/,
    ],
    ['Split into 10^9 parts', one('Split', [int('num_outputs', 1e9)]), 'operator', /Split_y/],
    ['elements beyond 2^53', relu({ inputs: [value('x', [2 ** 30, 2 ** 30])] }), 'count-overflow', /2\^53/],
    ['an extent beyond 2^53', relu({ inputs: [value('x', [2 ** 60])] }), 'huge-dimension', /"x".*2\^53/],
    [
      'work beyond 2^53',
      one('MatMul', [], [weight('w', [2 ** 20, 2 ** 20])], [2 ** 30, 2 ** 20]),
      'count-overflow',
      /2\^53/,
    ],
    [
      'padding beyond 2^53',
      one('Pad', [], [integers('p', [0, 0, 0, 2 ** 52, 0, 0, 0, 2 ** 52])]),
      'count-overflow',
      /Pad_y/,
    ],
    ['a stored tensor of unknown type', relu({ initializers: [weight('w', [2], 99)] }), 'unknown-data-type', /"w".*99/],
    [
      '100,000 axes',
      relu({
        inputs: [
          value(
            'x',
            bad.numbered(100_000, () => 1),
          ),
        ],
      }),
      'too-many-axes',
      /"x"/,
    ],
    ['opset 0', { ...relu(), opsetImports: [{ domain: '', version: 0 }] }, 'invalid-opset', /opset 0/],
    ['a function that calls itself', bad.callsItself(), 'recursive-function', /"f"/],
    ['a function that calls itself in a branch', bad.callsItselfInABranch(), 'recursive-function', /"f"/],
    ['functions that double 30 times', bad.callTree(30, 2), 'function-limit', /100000/],
    ['empty functions that double 30 times', bad.callTree(30, 2, []), 'function-limit', /100000/],
    ['functions 20,000 deep', bad.callTree(20_000, 1), 'function-limit', /64 deep/],
    ['functions that copy large branches', bad.copiesBranches(), 'function-limit', /100000/],
    ['a loop of 10^16 operations', bad.loopOf(1e15, 4), 'count-overflow', /2\^53/],
  ])('%s', (_, file, code, message) => {
    const found = outcome(file);
    expect({ code: found.code, message: found.message }).toEqual({ code, message: expect.stringMatching(message) });
    expect(found.message).not.toMatch(/[\n\r]/);
  });

  it('If nested 1,000 deep', () => {
    let inside = rawNode('Relu', ['x'], ['y']);
    for (let level = 0; level < 1000; level++) {
      inside = rawNode(
        'If',
        ['c'],
        ['y'],
        bytes(5, [...text(1, 'then_branch'), ...bytes(6, inside), ...integer(20, 5)]),
      );
    }
    expect(codeOf(rawModel(inside))).toBe('nesting-too-deep');
  });

  it('names of 2 MB', () => {
    expect(codeOf(relu({ inputs: [value('x'.repeat(2 ** 21), [1])] }))).toBe('name-too-long');
  });
});

describe('graphs that are odd', () => {
  it.each<readonly [string, ModelRecord, RegExp]>([
    [
      'unsorted nodes',
      relu({ nodes: [node('Relu', ['a'], ['y']), node('Relu', ['x'], ['a'])] }),
      /^unsorted-nodes Relu_y$/,
    ],
    ['opset 999', { ...relu(), opsetImports: [{ domain: '', version: 999 }] }, /^newer-opset opset_import$/],
    ['IR version 99', { ...relu(), irVersion: 99 }, /^newer-ir ir_version$/],
    ['no opset', { ...relu(), opsetImports: [] }, /^missing-opset/],
    ['a negative dimension', relu({ inputs: [value('x', [-3, 4])] }), /^negative-dimension x$/],
    ['another shape than declared', relu({ outputs: [value('y', [7, 7])] }), /^shape-conflict y$/],
    [
      'a tensor stored twice',
      relu({ initializers: [weight('w', [2]), weight('w', [3])] }),
      /^duplicate-initializer w$/,
    ],
  ])('%s', (_, file, warning) => {
    expect(warningsOf(file)).toContainEqual(expect.stringMatching(warning));
  });

  it('an unknown domain and operator', () => {
    const { analyzed } = outcome(relu({ nodes: [node('Mystery', ['x'], ['y'], { domain: 'nobody' })] }));
    expect(analyzed?.nodes[0]?.treatment.kind).toBe('unknown');
  });

  it.each([
    ['without a shape', value('x', undefined)],
    ['without a type', { name: 'x', type: undefined }],
    ['with an extent of 0', value('x', [0, 4])],
  ])('inputs %s', (_, input) => {
    expect(codeOf(relu({ inputs: [input] }))).toBeUndefined();
  });

  it('names that mean something to JavaScript', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'] as const;
    const file = model({
      inputs: [value('__proto__', names)],
      outputs: [value('constructor', undefined)],
      nodes: [
        node('Relu', ['__proto__'], ['constructor'], {
          name: '__proto__',
          attributes: names.map((name) => int(name, 1)),
        }),
        node('toString', ['constructor'], ['valueOf'], { domain: 'constructor', name: 'toString' }),
      ],
    });
    const { analyzed } = outcome(file);
    expect(analyzed?.types.get('constructor')?.shape.map(String)).toEqual([...names]);
  });

  it.each([
    ['ConstantOfShape', [], [1e6, 1e6]],
    ['Expand', [], [1e6, 1e6]],
    ['Tile', [], [1e6, 1e6]],
  ] as const)('%s of 10^12 elements, never made', (opType, _, extents) => {
    const stored = integers('s', extents);
    const nodes = [node(opType, opType === 'ConstantOfShape' ? ['s'] : ['one', 's'], ['y'])];
    const { code, analyzed } = outcome(relu({ initializers: [stored, weight('one', [1, 1])], nodes }));
    expect(code).toBeUndefined();
    expect(analyzed?.types.get('y')).toMatchObject({ shape: [...extents] });
    expect(analyzed?.types.get('y')?.values).toBeUndefined();
  });

  it('a Range of 10^15', () => {
    const initializers = [scalar('from', 0), scalar('to', 1e15), scalar('by', 1)];
    const { analyzed } = outcome(relu({ initializers, nodes: [node('Range', ['from', 'to', 'by'], ['y'])] }));
    expect(analyzed?.types.get('y')?.shape).toEqual([1e15]);
  });

  it('an Einsum of 10,000 letters', () => {
    const equation = `${'abcdefghij'.repeat(1000)}->a`;
    expect(codeOf(one('Einsum', [{ name: 'equation', kind: 'string', value: equation }]))).toBe('operator');
  });

  it('loops that widen what they carry at every level', () => {
    expect(codeOf(bad.growingLoops(3))).toBeUndefined();
    expect(['inference-limit', 'count-overflow', undefined]).toContain(codeOf(bad.growingLoops(24)));
  });

  it.each([
    [1e15, 1],
    [100_000, 1000],
  ])('a loop of %d iterations of %d operators', (trips, nodes) => {
    const { code, analyzed } = outcome(bad.loopOf(trips, nodes));
    expect([code, analyzed?.nodes[0]?.flops]).toEqual([undefined, 4 * trips]);
  });

  it('shape arithmetic that grows with every step', () => {
    for (const file of [bad.shapeDiamond('Add', 64), bad.shapeDiamond('Mul', 64), bad.nestedQuotients(200)]) {
      expect([undefined, 'expression-limit', 'count-overflow', 'open-dimension']).toContain(codeOf(file));
    }
  });

  it('control characters and markup in names, as they are', () => {
    const name = '\u001b[31m<script>alert(1)</script>\u202e\n';
    const { code, analyzed } = outcome(relu({ nodes: [node('Relu', ['x'], ['y'], { name })] }));
    expect([code, analyzed?.nodes[0]?.name]).toEqual([undefined, name]);
  });

  it('long names around thousands of tensors', () => {
    const name = 'n'.repeat(60_000);
    const inside = graph({
      outputs: [value('t2000', undefined)],
      nodes: bad.numbered(2000, bad.step('Relu')).map((own, index) => (index === 0 ? { ...own, inputs: ['x'] } : own)),
    });
    const attributes = [bad.body('then_branch', inside), bad.body('else_branch', inside)];
    const before = process.memoryUsage().heapUsed;
    const nodes = [node('Greater', ['x', 'x'], ['c']), node('If', ['c'], ['y'], { name, attributes })];
    expect(codeOf(relu({ nodes }))).toBeUndefined();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 2 ** 20);
  });
});
