/** Models that no exporter writes: each contradicts itself, or asks for more than anything real does. */
import type { AttributeRecord, FunctionRecord, GraphRecord, ModelRecord, NodeRecord } from '../../src/onnx/records.ts';
import { graph, integers, model, node, value, weight } from '../cli/onnx-files.ts';

export const int = (name: string, number: number): AttributeRecord => ({ name, kind: 'int', value: number });
export const ints = (name: string, list: readonly number[]): AttributeRecord => ({ name, kind: 'ints', value: list });
export const body = (name: string, inside: GraphRecord): AttributeRecord => ({ name, kind: 'graph', value: inside });
export const scalar = (name: string, number: number, dataType = 7) => ({
  ...weight(name, [], dataType),
  values: [number],
});
export const numbered = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i));
const open = (name: string) => value(name, undefined);
const x = value('x', [1, 4]);
const AXIS_0 = { attributes: [int('axis', 0)] };

/** x through one operator, with further stored operands, to y. */
export const one = (
  opType: string,
  attributes: readonly AttributeRecord[] = [],
  stored: GraphRecord['initializers'] = [],
  shape: readonly (number | string)[] = [1, 4, 8, 8],
): ModelRecord =>
  model({
    inputs: [value('x', shape)],
    outputs: [open('y')],
    initializers: stored,
    nodes: [node(opType, ['x', ...stored.map(({ name }) => name)], ['y'], { attributes })],
  });

export const relu = (parts: Partial<GraphRecord> = {}): ModelRecord =>
  model({ inputs: [x], outputs: [open('y')], nodes: [node('Relu', ['x'], ['y'])], ...parts });

/** t0 to t(count): each node reads the tensor before and what `more` names. */
export const chain = (
  count: number,
  make: (index: number) => NodeRecord,
  parts: Partial<GraphRecord> = {},
): ModelRecord =>
  model({ inputs: [value('t0', [1, 64])], outputs: [open(`t${count}`)], nodes: numbered(count, make), ...parts });
export const step =
  (opType: string, more: (index: number) => readonly string[] = () => [], rest: Partial<NodeRecord> = {}) =>
  (index: number): NodeRecord =>
    node(opType, [`t${index}`, ...more(index)], [`t${index + 1}`], rest);

/** `count` operands of one operator; open ones have a first extent of their own each. */
export const manyOperands = (opType: string, count: number, first: (index: number) => number | string): ModelRecord =>
  model({
    inputs: numbered(count, (index) => value(`r${index}`, [first(index), 64])),
    outputs: [open('y')],
    nodes: [
      node(
        opType,
        numbered(count, (index) => `r${index}`),
        ['y'],
        opType === 'Concat' ? AXIS_0 : {},
      ),
    ],
  });

/** `count` operators of one input side by side, joined by one. */
export const fan = (count: number): ModelRecord =>
  relu({
    nodes: [
      ...numbered(count, (index) => node('Relu', ['x'], [`r${index}`])),
      node(
        'Concat',
        numbered(count, (index) => `r${index}`),
        ['y'],
        AXIS_0,
      ),
    ],
  });

// Functions

const calling = (name: string, nodes: readonly NodeRecord[]): FunctionRecord => ({
  ...{ name, domain: 'f', overload: '', inputs: ['x'], outputs: ['y'], attributes: [], attributeDefaults: [] },
  opsetImports: [
    { domain: '', version: 17 },
    { domain: 'f', version: 1 },
  ],
  nodes,
});
const call = (name: string, from: string, to: string) => node(name, [from], [to], { domain: 'f' });

const withFunctions = (top: string, functions: readonly FunctionRecord[]): ModelRecord => ({
  ...relu({ nodes: [call(top, 'x', 'y')] }),
  functions,
});

/** f(n) calls f(n - 1) `width` times, `depth` levels deep. */
export const callTree = (
  depth: number,
  width: 1 | 2,
  innermost: readonly NodeRecord[] = [node('Relu', ['x'], ['y'])],
) =>
  withFunctions(
    `f${depth}`,
    numbered(depth + 1, (level) => {
      if (level === 0) return calling('f0', innermost);
      const inner = `f${level - 1}`;
      return calling(
        `f${level}`,
        width === 1 ? [call(inner, 'x', 'y')] : [call(inner, 'x', 'm'), call(inner, 'm', 'y')],
      );
    }),
  );

export const callsItself = (): ModelRecord => withFunctions('f', [calling('f', [call('f', 'x', 'y')])]);

export const callsItselfInABranch = (): ModelRecord => {
  const branch = graph({ outputs: [open('a')], nodes: [call('f', 'x', 'a')] });
  const condition = node('Greater', ['x', 'x'], ['c']);
  const choice = node('If', ['c'], ['y'], { attributes: [body('then_branch', branch), body('else_branch', branch)] });
  return withFunctions('f', [calling('f', [condition, choice])]);
};

/** Every call copies a branch of many nodes before a single one of them is looked at. */
export const copiesBranches = (): ModelRecord => {
  const inside = graph({
    outputs: [open('t5000')],
    nodes: numbered(5000, step('Relu')).map((own, i) => (i === 0 ? { ...own, inputs: ['x'] } : own)),
  });
  const choice = node('If', ['c'], ['y'], { attributes: [body('then_branch', inside), body('else_branch', inside)] });
  const functions = [calling('f', [node('Greater', ['x', 'x'], ['c']), choice])];
  return {
    ...relu({ nodes: numbered(5000, (index) => call('f', 'x', `y${index}`)), outputs: [open('y0')] }),
    functions,
  };
};

// Control flow

const loopBody = (level: number): GraphRecord => {
  const inner: NodeRecord[] =
    level === 0
      ? [node('Concat', ['s0', 's0'], ['o0'], AXIS_0)]
      : [
          node('Concat', [`s${level}`, `s${level}`], [`q${level}`], AXIS_0),
          node('Loop', ['n', '', `q${level}`], [`o${level}`], { attributes: [body('body', loopBody(level - 1))] }),
        ];
  return graph({
    inputs: [value(`i${level}`, [], 7), value(`k${level}`, [], 9), open(`s${level}`)],
    outputs: [value(`k${level}`, [], 9), open(`o${level}`)],
    nodes: inner,
  });
};

/** Loops inside loops, each of which doubles what it carries. */
export const growingLoops = (depth: number): ModelRecord =>
  relu({
    initializers: [scalar('n', 5)],
    nodes: [node('Loop', ['n', '', 'x'], ['y'], { attributes: [body('body', loopBody(depth))] })],
  });

export const loopOf = (trips: number, nodes = 1): ModelRecord =>
  relu({
    initializers: [scalar('n', trips)],
    nodes: [
      node('Loop', ['n', '', 'x'], ['y'], {
        attributes: [
          body(
            'body',
            graph({
              inputs: [value('i', [], 7), value('k', [], 9), open('t0')],
              outputs: [value('k', [], 9), open(`t${nodes}`)],
              nodes: numbered(nodes, step('Relu')),
            }),
          ),
        ],
      }),
    ],
  });

// Shape arithmetic

/** Doubles (or squares) the shape of x so often and makes a tensor of that shape. */
export const shapeDiamond = (opType: 'Add' | 'Mul', times: number): ModelRecord =>
  relu({
    inputs: [value('x', ['N', 'M'])],
    nodes: [
      node('Shape', ['x'], ['v0']),
      ...numbered(times, (index) => node(opType, [`v${index}`, `v${index}`], [`v${index + 1}`])),
      node('ConstantOfShape', [`v${times}`], ['y']),
    ],
  });

/** Halves and thirds of halves and thirds, joined: atoms inside atoms. */
export const nestedQuotients = (levels: number): ModelRecord =>
  relu({
    inputs: [value('x', ['N', 'M'])],
    initializers: [integers('two', [2]), integers('three', [3])],
    nodes: [
      node('Shape', ['x'], ['v0']),
      ...numbered(levels, (index) => [
        node('Div', [`v${index}`, 'two'], [`a${index}`]),
        node('Div', [`v${index}`, 'three'], [`b${index}`]),
        node(index % 2 === 0 ? 'Mul' : 'Sub', [`a${index}`, `b${index}`], [`v${index + 1}`]),
      ]).flat(),
      node('ConstantOfShape', [`v${levels}`], ['y']),
    ],
  });

/** Every node follows a table of 4,096 numbers. */
export const followedTables = (nodes: number): ModelRecord =>
  relu({
    initializers: [
      {
        ...integers(
          't0',
          numbered(4096, (index) => index % 3),
        ),
      },
      integers('one', [1]),
    ],
    nodes: [
      ...numbered(
        nodes,
        step('Mul', () => ['one']),
      ),
      node('Relu', ['x'], ['y']),
    ],
  });

/** Dimensions that turn out to be equal one after the other. */
export const chainedDimensions = (count: number): ModelRecord =>
  model({
    inputs: numbered(count, (index) => value(`r${index}`, [`D${index}`, 64])),
    outputs: [open(`t${count - 1}`)],
    nodes: numbered(count - 1, (index) =>
      node('Add', [index === 0 ? 'r0' : `t${index}`, `r${index + 1}`], [`t${index + 1}`]),
    ),
  });
