/** Large graphs, end to end: every pass takes time in proportion to them, or a limit says so. */
import { describe, expect, it } from 'vitest';
import type { ModelRecord } from '../../src/onnx/records.ts';
import { bytesOf, integers, model, node, value, weight } from '../cli/onnx-files.ts';
import { patience } from '../patience.ts';
import * as bad from './hostile-models.ts';
import { outcomeOfFile, randomFrom } from './hostile-outcome.ts';

const { chain, step, numbered, int } = bad;
const COUNT = 20_000;
const MAX_MS = patience(2000);

const random = randomFrom(1);
const qdq = {
  initializers: [
    { ...weight('s', []), values: [0.5] },
    { ...weight('z', [], 3), values: [0] },
  ],
};
const QDQ = ['QuantizeLinear', 'DequantizeLinear', 'Relu'] as const;

const reversed = (record: ModelRecord): ModelRecord => ({
  ...record,
  graph: { ...record.graph, nodes: record.graph.nodes.toReversed() },
});

describe('graphs of 20,000 nodes and operators of 10,000 operands', () => {
  it.each<readonly [string, () => ModelRecord, string | undefined]>([
    ['Relu', () => chain(COUNT, step('Relu')), undefined],
    ['Identity', () => chain(COUNT, step('Identity')), undefined],
    [
      'Reshape',
      () =>
        chain(
          COUNT,
          step('Reshape', (index) => [index % 2 === 0 ? 'b' : 'a']),
          {
            initializers: [integers('a', [1, 64]), integers('b', [8, 8])],
          },
        ),
      undefined,
    ],
    [
      'Add with one shared operand',
      () =>
        chain(
          COUNT,
          step('Add', () => ['t0']),
        ),
      undefined,
    ],
    [
      'Add to itself',
      () =>
        chain(
          COUNT,
          step('Add', (index) => [`t${index}`]),
        ),
      undefined,
    ],
    [
      'Add of a distant one',
      () =>
        chain(
          COUNT,
          step('Add', (index) => [`t${index >> 1}`]),
        ),
      undefined,
    ],
    [
      'Add of any one',
      () =>
        chain(
          COUNT,
          step('Add', (index) => [`t${Math.floor(random() * (index + 1))}`]),
        ),
      undefined,
    ],
    [
      'MatMul',
      () =>
        chain(
          COUNT,
          step('MatMul', () => ['w']),
          { initializers: [weight('w', [64, 64])] },
        ),
      undefined,
    ],
    ['in reverse', () => reversed(chain(COUNT, step('Relu'))), undefined],
    [
      'of one name',
      () =>
        chain(
          COUNT,
          step('Relu', () => [], { name: 'same' }),
        ),
      undefined,
    ],
    [
      'with wrong shapes declared',
      () => chain(COUNT, step('Relu'), { valueInfo: numbered(COUNT, (index) => value(`t${index}`, [2, 3])) }),
      undefined,
    ],
    [
      'quantized',
      () => chain(COUNT, (index) => step(QDQ[index % 3] ?? '', () => (index % 3 < 2 ? ['s', 'z'] : []))(index), qdq),
      undefined,
    ],
    [
      'growing',
      () =>
        chain(
          COUNT,
          step('Concat', () => ['t0'], { attributes: [int('axis', 0)] }),
        ),
      undefined,
    ],
    [
      'doubling',
      () =>
        chain(
          COUNT,
          step('Concat', (index) => [`t${index}`], { attributes: [int('axis', 0)] }),
        ),
      'count-overflow',
    ],
    [
      'SequenceInsert',
      () =>
        chain(COUNT, (index) =>
          index === 0 ? node('SequenceEmpty', [], ['t1']) : step('SequenceInsert', () => ['t0'])(index),
        ),
      undefined,
    ],
    ['following large tables', () => bad.followedTables(COUNT), undefined],
    ['side by side', () => bad.fan(COUNT), undefined],
    [
      'all outputs',
      () =>
        bad.relu({
          outputs: numbered(COUNT, (i) => value(`r${i}`, undefined)),
          nodes: numbered(COUNT, (i) => node('Relu', ['x'], [`r${i}`])),
        }),
      undefined,
    ],
    ['Concat', () => bad.manyOperands('Concat', 10_000, () => 1), undefined],
    ['Sum', () => bad.manyOperands('Sum', 10_000, () => 1), undefined],
    ['Max of one open extent', () => bad.manyOperands('Max', 10_000, () => 'N'), undefined],
    ['Concat of open extents', () => bad.manyOperands('Concat', 10_000, (index) => `N${index}`), 'expression-limit'],
    ['Sum of open extents', () => bad.manyOperands('Sum', 10_000, (index) => `N${index}`), undefined],
    ['dimensions that are equal in turn', () => bad.chainedDimensions(5000), undefined],
    [
      'Split',
      () =>
        model({
          inputs: [value('x', [10_000, 4])],
          outputs: [value('y0', undefined)],
          nodes: [
            node(
              'Split',
              ['x'],
              numbered(10_000, (index) => `y${index}`),
              { attributes: [int('axis', 0)] },
            ),
          ],
        }),
      undefined,
    ],
    [
      '100,000 inputs',
      () => bad.relu({ inputs: [value('x', [1]), ...numbered(100_000, (index) => value(`r${index}`, [`N${index}`]))] }),
      undefined,
    ],
  ])('%s', (_, make, expected) => {
    const file = bytesOf(make());
    const started = performance.now();
    const { code } = outcomeOfFile(file);
    expect(code).toBe(expected);
    expect(performance.now() - started).toBeLessThan(MAX_MS);
  });
});
