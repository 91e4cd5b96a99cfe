import { describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import { trafficBytes } from '../../src/analysis/memory.ts';
import { type AnalyzedGraph, analyzeGraph } from '../../src/analysis/nodes.ts';
import { storedTotals } from '../../src/analysis/totals.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import { estimate } from '../../src/estimate/estimate.ts';
import { devices } from '../../src/hardware/index.ts';
import type { Graph, GraphInput, Initializer, Node, Shape } from '../../src/ir/graph.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { add, multiply, symbol } from '../../src/units/integer.ts';
import { machineOf } from '../estimate/arbitraries.ts';

const node = (
  name: string,
  type: string,
  inputs: readonly string[],
  outputs: readonly string[],
  more: Partial<Node> = {},
): Node => ({ name, type, domain: '', inputs, outputs, attributes: {}, ...more });

const input = (name: string, shape?: Shape, dtype: GraphInput['dtype'] = 'fp32'): GraphInput => ({
  name,
  shape,
  dtype,
});
const weight = (name: string, shape: readonly number[]): Initializer => ({ name, shape, dtype: 'fp32' });
const scalar = (name: string, value: number, dtype: Initializer['dtype'] = 'int64'): Initializer => ({
  name,
  shape: [],
  dtype,
  values: [value],
});

const graph = (parts: Partial<Graph> & Pick<Graph, 'nodes' | 'outputs'>): Graph => ({
  name: 'g',
  opset: 16,
  inputs: [],
  initializers: [],
  ...parts,
});

const linear = (name: string, x: string, y: string): Node => node(name, 'MatMul', [x, `${name}.w`], [y]);

const totalOf = ({ nodes }: AnalyzedGraph, pick: 'macs' | 'parameters') =>
  nodes.reduce((total, found) => add(total, found[pick]), 0 as ReturnType<typeof add>);

const shapeOf = (analyzed: AnalyzedGraph, tensor: string) => analyzed.types.get(tensor)?.shape;

const codes = ({ warnings }: Pick<AnalyzedGraph, 'warnings'>) => warnings.map(({ code, path }) => `${code} ${path}`);

const CONDITION = input('c', [], 'bool');

describe('If', () => {
  const small = graph({ nodes: [linear('fc', 'x', 'y')], outputs: ['y'], initializers: [weight('fc.w', [8, 4])] });
  const large = graph({
    nodes: [linear('fc', 'x', 'h'), linear('fc2', 'h', 'y')],
    outputs: ['y'],
    initializers: [weight('fc.w', [8, 16]), weight('fc2.w', [16, 4])],
  });
  const choice = (initializers: readonly Initializer[] = [], inputs = [CONDITION]) =>
    analyzeGraph(
      graph({
        inputs: [input('x', [BATCH, 8]), ...inputs],
        initializers,
        nodes: [
          node('choose', 'If', ['c'], ['y'], { bodies: { then_branch: small, else_branch: large } }),
          node('relu', 'Relu', ['y'], ['z']),
        ],
        outputs: ['z'],
      }),
    );

  it('with a condition from data: both are shown, the larger is counted, and said', () => {
    const analyzed = choice();
    // 8 x 16 + 16 x 4 = 192 and not 8 x 4 = 32.
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(BATCH, 192));
    expect(analyzed.alternatives.map(({ name, parameters }) => [name, parameters])).toEqual([
      ['choose.then_branch/fc', 32],
    ]);
    expect(codes(analyzed)).toEqual(['larger-branch choose']);
    expect(shapeOf(analyzed, 'z')).toEqual([BATCH, 4]);
    expect(analyzed.nodes.map(({ name }) => name)).toEqual([
      'choose.else_branch/fc',
      'choose.else_branch/fc2',
      'choose',
      'relu',
    ]);
    expect(analyzed.nodes[2]).toMatchObject({ treatment: { kind: 'free' }, fusion: 'view' });
  });

  it('with a known condition: only that branch runs', () => {
    const analyzed = choice([scalar('c', 1, 'bool')], []);
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(BATCH, 32));
    expect([analyzed.alternatives.length, codes(analyzed)]).toEqual([0, []]);
  });

  it('whose branches hand out different shapes leaves those open', () => {
    const body = (rows: number): Graph =>
      graph({ nodes: [linear('fc', 'x', 'y')], outputs: ['y'], initializers: [weight('fc.w', [8, rows])] });
    const analyzed = analyzeGraph(
      graph({
        inputs: [input('x', [BATCH, 8]), CONDITION],
        nodes: [node('choose', 'If', ['c'], ['y'], { bodies: { then_branch: body(3), else_branch: body(5) } })],
        outputs: ['y'],
      }),
    );
    expect(shapeOf(analyzed, 'y')).toEqual([BATCH, symbol('choose.output0[1]')]);
  });

  it('counts the weights of both branches as parameters, each once', () => {
    expect(storedTotals(choice()).params).toBe(32 + 128 + 64);
  });

  it('nests a thousand deep', () => {
    let body = small;
    for (let depth = 0; depth < 1000; depth++) {
      const bodies = { then_branch: body, else_branch: body === small ? small : small };
      body = graph({ nodes: [node(`if${depth}`, 'If', ['c'], ['y'], { bodies })], outputs: ['y'] });
    }
    const nodes = [node('top', 'If', ['c'], ['y'], { bodies: { then_branch: body, else_branch: small } })];
    const analyzed = analyzeGraph(graph({ inputs: [input('x', [BATCH, 8]), CONDITION], nodes, outputs: ['y'] }));
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(BATCH, 32));
  });
});

/** y = x W, x the carried value; W in the graph around it or in its own. */
const step = (goesOn: Partial<Graph> = {}): Graph =>
  graph({
    inputs: [input('i', [], 'int64'), input('on', [], 'bool'), input('h')],
    initializers: [weight('fc.w', [8, 8])],
    nodes: [node('same', 'Identity', ['on'], ['on.out']), linear('fc', 'h', 'h.out')],
    outputs: ['on.out', 'h.out', 'h.out'],
    ...goesOn,
  });

const loop = (
  trips: readonly Initializer[],
  body: Graph,
  more: readonly GraphInput[] = [],
  names = ['m', 'c'],
): AnalyzedGraph =>
  analyzeGraph(
    graph({
      inputs: [input('x', [BATCH, 8]), ...more],
      initializers: trips,
      nodes: [node('loop', 'Loop', [...names, 'x'], ['y', 'all'], { bodies: { body } })],
      outputs: ['y', 'all'],
    }),
  );

const ON = scalar('c', 1, 'bool');

describe('Loop', () => {
  it('with a known trip count is multiplied; its weights are parameters once', () => {
    const analyzed = loop([scalar('m', 5), ON], step());
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(BATCH, 5 * 64));
    expect(totalOf(analyzed, 'parameters')).toBe(64);
    expect(shapeOf(analyzed, 'y')).toEqual([BATCH, 8]);
    expect(shapeOf(analyzed, 'all')).toEqual([5, BATCH, 8]);
    expect(codes(analyzed)).toEqual([]);
    expect(analyzed.nodes.find(({ name }) => name === 'loop.body/fc')).toMatchObject({ times: 5, view: { k: 8 } });
  });

  it('with a trip count that is an open dimension is multiplied by it', () => {
    const S = symbol('S');
    const analyzed = analyzeGraph(
      graph({
        inputs: [input('x', [BATCH, 8]), input('ids', [BATCH, S], 'int64')],
        initializers: [ON, scalar('one', 1)],
        nodes: [
          node('shape', 'Shape', ['ids'], ['extents']),
          node('length', 'Gather', ['extents', 'one'], ['m']),
          node('loop', 'Loop', ['m', 'c', 'x'], ['y', 'all'], { bodies: { body: step() } }),
        ],
        outputs: ['y', 'all'],
      }),
    );
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(multiply(BATCH, S), 64));
    expect(shapeOf(analyzed, 'all')).toEqual([S, BATCH, 8]);
  });

  it('with a trip count from data is counted per iteration, and said', () => {
    const analyzed = loop([ON], step(), [input('m', [], 'int64')]);
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(BATCH, 64));
    expect(codes(analyzed)).toEqual(['unknown-trip-count loop']);
    expect(shapeOf(analyzed, 'all')).toEqual([symbol('loop.iterations'), BATCH, 8]);
    // Without any limit, a condition decides.
    expect(codes(loop([scalar('m', Infinity), ON], step()))).toEqual(['unknown-trip-count loop']);
  });

  it('that may end early is counted up to its trip count, and said', () => {
    const stops = step({
      nodes: [
        linear('fc', 'h', 'h.out'),
        node('sum', 'ReduceSum', ['h.out'], ['total'], { attributes: { keepdims: 0 } }),
        node('less', 'Less', ['total', 'total'], ['on.out']),
      ],
    });
    const analyzed = loop([scalar('m', 5), ON], stops);
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(BATCH, 5 * 64));
    expect(codes(analyzed)).toEqual(['loop-may-end-early loop']);
    expect(shapeOf(analyzed, 'all')).toEqual([symbol('loop.iterations'), BATCH, 8]);
    // Without a condition from outside, that of the graph is not looked at.
    expect(codes(loop([scalar('m', 5)], stops, [], ['m', '']))).toEqual([]);
  });

  it('of no iterations costs nothing', () => {
    const analyzed = loop([scalar('m', 0), ON], step());
    expect(totalOf(analyzed, 'macs')).toBe(0);
    expect(shapeOf(analyzed, 'all')).toEqual([0, BATCH, 8]);
    expect(compileWorkload(analyzed, 'none').kernels).toEqual([]);
  });

  it('opens the extents that an iteration changes', () => {
    const grows = step({
      initializers: [weight('row', [1, 8])],
      nodes: [
        node('same', 'Identity', ['on'], ['on.out']),
        node('join', 'Concat', ['h', 'row'], ['h.out'], { attributes: { axis: 0 } }),
        node('relu', 'Relu', ['h'], ['z']),
      ],
      outputs: ['on.out', 'h.out', 'z'],
    });
    const analyzed = loop([scalar('m', 5), ON], grows);
    const carried = symbol('loop.carried2[0]');
    expect(shapeOf(analyzed, 'loop.body/h')).toEqual([carried, 8]);
    expect(shapeOf(analyzed, 'loop.body/h.out')).toEqual([add(carried, 1), 8]);
    expect(shapeOf(analyzed, 'y')).toEqual([symbol('loop.output0[0]'), 8]);
  });

  it('does not take the counter of the first iteration for that of all', () => {
    const counts = step({
      nodes: [
        node('same', 'Identity', ['on'], ['on.out']),
        node('next', 'Add', ['h', 'h'], ['h.out']),
        node('ones', 'ConstantOfShape', ['h'], ['z']),
      ],
      outputs: ['on.out', 'h.out', 'z'],
      initializers: [],
    });
    const analyzed = analyzeGraph(
      graph({
        initializers: [scalar('m', 3), ON, { name: 'start', shape: [1], dtype: 'int64', values: [1] }],
        nodes: [node('loop', 'Loop', ['m', 'c', 'start'], ['y', 'all'], { bodies: { body: counts } })],
        outputs: ['y', 'all'],
      }),
    );
    expect(analyzed.types.get('y')).toEqual({ shape: [1], dtype: 'int64' });
    expect(shapeOf(analyzed, 'all')).toEqual([3, symbol('loop.body/ones.extent0')]);
  });

  it('keeps a carried value that nothing changes, and follows it', () => {
    const keeps = step({
      initializers: [],
      nodes: [
        node('same', 'Identity', ['on'], ['on.out']),
        node('hand-on', 'Identity', ['h'], ['h.out']),
        node('ones', 'ConstantOfShape', ['h'], ['z']),
      ],
      outputs: ['on.out', 'h.out', 'z'],
    });
    const analyzed = analyzeGraph(
      graph({
        initializers: [scalar('m', 3), ON, { name: 'start', shape: [1], dtype: 'int64', values: [7] }],
        nodes: [node('loop', 'Loop', ['m', 'c', 'start'], ['y', 'all'], { bodies: { body: keeps } })],
        outputs: ['y', 'all'],
      }),
    );
    expect(shapeOf(analyzed, 'all')).toEqual([3, 7]);
  });

  it('collects tensors in a list', () => {
    const collects = step({
      inputs: [input('i', [], 'int64'), input('on', [], 'bool'), { name: 'list', container: 'sequence' }],
      initializers: [],
      nodes: [
        node('same', 'Identity', ['on'], ['on.out']),
        node('insert', 'SequenceInsert', ['list', 'outer'], ['list.out']),
      ],
      outputs: ['on.out', 'list.out'],
    });
    const inferred = inferShapes(
      graph({
        inputs: [input('outer', [BATCH, 4])],
        initializers: [scalar('m', 3), ON],
        nodes: [
          node('empty', 'SequenceEmpty', [], ['none']),
          node('loop', 'Loop', ['m', 'c', 'none'], ['lists'], { bodies: { body: collects } }),
          node('join', 'ConcatFromSequence', ['lists'], ['y'], { attributes: { axis: 0, new_axis: 1 } }),
        ],
        outputs: ['y'],
      }),
    );
    const found = inferred.types.get('y');
    expect(found).toMatchObject({ dtype: 'fp32', shape: [expect.anything(), BATCH, 4] });
  });

  it('in a loop is multiplied by both, and sees tensors of all graphs around it', () => {
    const inner = step({ initializers: [] });
    const outer = step({
      initializers: [scalar('inner.m', 4)],
      nodes: [
        node('same', 'Identity', ['on'], ['on.out']),
        node('inner', 'Loop', ['inner.m', 'on', 'h'], ['h.out', 'rest'], { bodies: { body: inner } }),
      ],
      outputs: ['on.out', 'h.out', 'h.out'],
    });
    const analyzed = loop([scalar('m', 5), ON, weight('fc.w', [8, 8])], outer);
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(BATCH, 4 * 5 * 64));
    expect(totalOf(analyzed, 'parameters')).toBe(64);
    expect(analyzed.nodes.find(({ name }) => name === 'loop.body/inner.body/fc')).toMatchObject({ times: 20 });
  });

  it('sixty deep is walked no more often than it needs', () => {
    const grows = (depth: number): Graph =>
      step({
        initializers: [weight('row', [1, 8])],
        nodes: [
          node('same', 'Identity', ['on'], ['on.out']),
          depth === 0
            ? node('join', 'Concat', ['h', 'row'], ['h.out'], { attributes: { axis: 0 } })
            : node(`loop${depth}`, 'Loop', ['m', 'c', 'h'], ['h.out'], { bodies: { body: grows(depth - 1) } }),
        ],
      });
    const analyzed = loop([scalar('m', 1), ON], grows(60));
    expect(shapeOf(analyzed, 'y')?.[1]).toBe(8);
  });

  it('launches its kernels once per iteration', () => {
    const analyzed = loop([scalar('m', 5), ON], step());
    const { kernels, macs } = compileWorkload(analyzed, 'none');
    expect(kernels.map(({ name, launches }) => [name, launches])).toEqual([['loop.body/fc', 5]]);
    expect(macs).toEqual({ fixed: 0, perItem: 320 });
    expect(kernels[0]?.macs).toEqual({ fixed: 0, perItem: 64 });
  });

  it('of very many iterations is as small a workload as of one', () => {
    const workload = (times: number) => compileWorkload(loop([scalar('m', times), ON], step()), 'none');
    const [once, often] = [workload(1), workload(1_000_000)];
    expect(often.columns.length).toBe(once.columns.length);
    expect(often.macs.perItem).toBe(1_000_000 * once.macs.perItem);
    expect(trafficBytes(often, 1, 'fp32')).toBe(1_000_000 * trafficBytes(once, 1, 'fp32'));
    const device = devices.find(({ id }) => id === 'intel_i7_12700h') as (typeof devices)[number];
    const machine = machineOf(device, { precision: 'fp32' });
    const [one, all] = [estimate(once, machine), estimate(often, machine)];
    const { inferenceSeconds } = machine.constants;
    const ratio = (all.unstretchedSeconds - inferenceSeconds) / (one.unstretchedSeconds - inferenceSeconds);
    expect(ratio).toBeCloseTo(1_000_000, 3);
    expect(all.offChipBytes).toBe(1_000_000 * one.offChipBytes);
    expect(all.tiles.kernels).toBe(1_000_000);
    expect([all.tiles.meanBusy, all.tiles.meanSpatialUtilization]).toEqual([
      expect.closeTo(one.tiles.meanBusy, 9),
      expect.closeTo(one.tiles.meanSpatialUtilization, 9),
    ]);
  });
});

describe('Scan', () => {
  it('runs once per step of the sequence', () => {
    const body = graph({
      inputs: [input('h'), input('t')],
      initializers: [weight('u.w', [16, 8])],
      nodes: [linear('u', 't', 'p'), node('add', 'Add', ['h', 'p'], ['h.out'])],
      outputs: ['h.out', 'h.out'],
    });
    const analyzed = analyzeGraph(
      graph({
        inputs: [input('h0', [BATCH, 8]), input('x', [BATCH, 12, 16])],
        nodes: [
          node('scan', 'Scan', ['h0', 'x'], ['y', 'all'], {
            bodies: { body },
            attributes: { num_scan_inputs: 1, scan_input_axes: [1], scan_output_axes: [1] },
          }),
        ],
        outputs: ['y', 'all'],
      }),
    );
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(BATCH, 12 * 128));
    expect(shapeOf(analyzed, 'scan.body/t')).toEqual([BATCH, 16]);
    expect(shapeOf(analyzed, 'all')).toEqual([BATCH, 12, 8]);
  });
});

describe('SequenceMap', () => {
  it('runs once per member', () => {
    const body = graph({
      inputs: [input('t')],
      initializers: [weight('u.w', [16, 8])],
      nodes: [linear('u', 't', 'p')],
      outputs: ['p'],
    });
    const analyzed = analyzeGraph(
      graph({
        inputs: [input('a', [BATCH, 16]), input('b', [BATCH, 16])],
        initializers: [scalar('zero', 0)],
        nodes: [
          node('list', 'SequenceConstruct', ['a', 'b'], ['list']),
          node('map', 'SequenceMap', ['list'], ['mapped'], { bodies: { body } }),
          node('first', 'SequenceAt', ['mapped', 'zero'], ['y']),
        ],
        outputs: ['y'],
      }),
    );
    expect(totalOf(analyzed, 'macs')).toEqual(multiply(BATCH, 2 * 128));
    expect(shapeOf(analyzed, 'y')).toEqual([BATCH, 8]);
  });
});
