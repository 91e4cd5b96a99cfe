import { describe, expect, it } from 'vitest';
import { isMachine, type Machine, resolveMachine } from '../../src/estimate/machine.ts';
import { findRuntime } from '../../src/estimate/runtime.ts';
import { compileModel } from '../../src/explore/compile.ts';
import { graphModel } from '../../src/explore/graph-model.ts';
import { diffModels, increasesOver } from '../../src/explore/model-diff.ts';
import type { MeasuredModel } from '../../src/explore/model-figures.ts';
import { findDevice } from '../../src/hardware/api.ts';
import type { Graph, Initializer, Node } from '../../src/ir/graph.ts';
import { findModel } from '../../src/zoo/api.ts';
import { patience } from '../patience.ts';

/** A chain of products of 16 features, each with its own weights, under the names given. */
const chain = (
  layers: readonly { readonly name: string; readonly features: number; readonly type?: 'Relu' }[],
): Graph => {
  const nodes: Node[] = [];
  const initializers: Initializer[] = [];
  let [from, wide] = ['x', 16];
  layers.forEach(({ name, features, type = 'MatMul' }, index) => {
    const to = `t${index}`;
    if (type === 'MatMul') {
      initializers.push({ name: `w${index}`, dtype: 'fp32', shape: [wide, features] });
      nodes.push({ name, type, domain: '', inputs: [from, `w${index}`], outputs: [to], attributes: {} });
      wide = features;
    } else nodes.push({ name, type, domain: '', inputs: [from], outputs: [to], attributes: {} });
    from = to;
  });
  return {
    name: 'chain',
    opset: 17,
    inputs: [{ name: 'x', dtype: 'fp32', shape: [1, 16] }],
    outputs: [from],
    initializers,
    nodes,
  };
};

const measured = (graph: Graph, name = graph.name): MeasuredModel => ({
  ...{ name, batch: 1, precision: 'fp32', stored: true },
  compiled: compileModel(graphModel(graph, { name }).variant),
});
const zoo = (name: string): MeasuredModel => {
  const entry = findModel(name);
  if (entry === undefined) throw new Error(name);
  return { name, compiled: compileModel(entry.variant), batch: 1, precision: 'fp32', stored: false };
};
const machine = (id: string): Machine => {
  const device = findDevice(id);
  const runtime = findRuntime(device?.defaultRuntime ?? '');
  const found = device && runtime && resolveMachine(device, runtime);
  if (found === undefined || !isMachine(found)) throw new Error(id);
  return found;
};
const layersOf = (a: Graph, b: Graph) => diffModels(measured(a, 'a'), measured(b, 'b'), []).layers;
const names = (layers: readonly { readonly name: string }[]): readonly string[] => layers.map(({ name }) => name);

describe('layers', () => {
  const plain = ['stem', 'body', 'head'].map((name) => ({ name, features: 16 }));

  it('are all matched in a model and itself', () => {
    expect(layersOf(chain(plain), chain(plain))).toEqual({
      ...{ matched: 3, renamed: 0, changed: [], added: [], removed: [] },
    });
  });

  it('are matched by names that mean something, and say what changed', () => {
    const wider = [plain[0], { name: 'body', features: 32 }, plain[2]].filter((layer) => layer !== undefined);
    const { matched, changed } = layersOf(chain(plain), chain(wider));
    expect(matched).toBe(3);
    expect(changed.map(({ a, changes }) => [a.name, changes])).toEqual([
      [
        'body',
        [
          { what: 'shape', a: '1×16', b: '1×32' },
          { what: 'params', a: 256, b: 512 },
          { what: 'macs', a: 256, b: 512 },
          { what: 'flops', a: 512, b: 1024 },
        ],
      ],
      [
        'head',
        [
          { what: 'params', a: 256, b: 512 },
          { what: 'macs', a: 256, b: 512 },
          { what: 'flops', a: 512, b: 1024 },
        ],
      ],
    ]);
  });

  it('say when another operator stands under the name', () => {
    const other = [plain[0], { name: 'body', features: 16, type: 'Relu' as const }, plain[2]];
    const { matched, changed, added } = layersOf(chain(plain), chain(other.filter((layer) => layer !== undefined)));
    expect({ matched, added }).toEqual({ matched: 3, added: [] });
    expect(changed[0]?.changes[0]).toEqual({ what: 'type', a: 'MatMul', b: 'Relu' });
  });

  it('are matched by what they are where names are only counted', () => {
    const counted = (features: readonly number[]) =>
      chain(features.map((width, index) => ({ name: `MatMul_${index}`, features: width })));
    // One layer in front: every number shifts by one.
    const { matched, renamed, changed, added, removed } = layersOf(counted([16, 8, 4]), counted([16, 16, 8, 4]));
    expect({ matched, changed, removed }).toEqual({ matched: 3, changed: [], removed: [] });
    expect(added).toHaveLength(1);
    expect(renamed).toBe(2);
  });

  it('are added and removed', () => {
    const more = [...plain, { name: 'extra', features: 16 }];
    expect(names(layersOf(chain(plain), chain(more)).added)).toEqual(['extra']);
    expect(names(layersOf(chain(more), chain(plain)).removed)).toEqual(['extra']);
  });

  it('with the same name twice are told apart by where they stand', () => {
    const twice = ['same', 'same'].map((name) => ({ name, features: 16 }));
    expect(layersOf(chain(twice), chain(twice))).toMatchObject({ matched: 2, changed: [], added: [], removed: [] });
  });

  it('of a deeper network are what its blocks have more', () => {
    const { layers } = diffModels(zoo('resnet18'), zoo('resnet34'), []);
    // ResNet-34 has 3 4 6 3 blocks in place of 2 2 2 2: eight more, of seven operators each.
    expect({ added: layers.added.length, removed: layers.removed.length }).toEqual({ added: 8 * 7, removed: 0 });
    expect(layers.changed).toEqual([]);
  });

  it('are matched in bounded time in graphs of 20,000 nodes that have nothing in common', () => {
    const long = (stem: string, offset: number): Graph =>
      chain(
        Array.from({ length: 20_000 }, (_, index) => ({
          name: `${stem}${index}`,
          features: 1 + ((index + offset) % 97),
        })),
      );
    const [a, b] = [measured(long('MatMul_', 0), 'a'), measured(long('node_', 41), 'b')];
    const start = performance.now();
    const { layers } = diffModels(a, b, []);
    expect(performance.now() - start).toBeLessThan(patience(4000));
    expect(layers.matched + layers.added.length).toBe(20_000);
    expect(layers.matched + layers.removed.length).toBe(20_000);
  });
});

describe('totals and devices', () => {
  const [small, large] = [
    measured(chain([{ name: 'a', features: 16 }]), 'small'),
    measured(chain([{ name: 'a', features: 24 }]), 'large'),
  ];

  it('have both sides, their difference and their ratio', () => {
    const { totals } = diffModels(small, large, []);
    const of = (figure: string) => totals.find((total) => total.figure === figure);
    // 16 x 16 and 16 x 24 weights of four bytes.
    expect(of('params')).toMatchObject({ a: 256, b: 384, delta: 128, ratio: 1.5 });
    expect(of('weights')).toMatchObject({ a: 1024, b: 1536, delta: 512, ratio: 1.5 });
    // The input and the output: 16 + 16 and 16 + 24 floats.
    expect(of('peakActivations')).toMatchObject({ a: 128, b: 160, delta: 32 });
    expect(of('unknownOperators')).toMatchObject({ a: 0, b: 0, delta: 0, ratio: null });
  });

  it('take the predicted points of both on each device', () => {
    const target = machine('i7');
    const { devices } = diffModels(zoo('resnet18'), zoo('resnet34'), [target]);
    const [device] = devices;
    const latency = device?.figures.find(({ figure }) => figure === 'latency');
    const throughput = device?.figures.find(({ figure }) => figure === 'throughput');
    expect(latency?.b).toBeGreaterThan(latency?.a ?? Number.NaN);
    expect(latency?.delta).toBe((latency?.b ?? 0) - (latency?.a ?? 0));
    expect((throughput?.a ?? 0) * (latency?.a ?? 0)).toBeCloseTo(1, 12);
    for (const [side, point] of [
      [device?.intervalA, latency?.a],
      [device?.intervalB, latency?.b],
    ] as const) {
      expect(side?.[0]).toBeLessThan(point ?? 0);
      expect(side?.[1]).toBeGreaterThan(point ?? Number.POSITIVE_INFINITY);
    }
  });

  it('say which grew by more than allowed', () => {
    const diff = diffModels(small, large, []);
    const grown = (most: number) => increasesOver(diff, most).map(({ figure }) => figure);
    expect(grown(0.5)).toEqual([]);
    // Activations by a quarter, 32 to 40; all else by half or nearly: traffic from 16 + 256 + 16 to 16 + 384 + 24, and the
    // arena, where what follows 96 bytes begins at 128, from 128 to 192. Operators are no cost.
    expect(grown(0.3)).toEqual(['params', 'macs', 'flops', 'weights', 'arena', 'traffic']);
    expect(grown(0.2)).toContain('peakActivations');
    expect(increasesOver(diffModels(large, small, []), 0)).toEqual([]);
  });

  it('know no change of what is only bounded', () => {
    const builder = chain([{ name: 'a', features: 16 }]);
    const odd: Graph = {
      ...builder,
      nodes: builder.nodes.map((node) => ({ ...node, type: 'Mystery', domain: 'custom' })),
      declared: new Map([['t0', { dtype: 'fp32', shape: [1, 16] }]]),
    };
    const diff = diffModels(small, measured(odd, 'odd'), []);
    expect(diff.totals.find(({ figure }) => figure === 'macs')).toMatchObject({ delta: null, ratio: null });
    expect(increasesOver(diff, 1).find(({ figure }) => figure === 'macs')?.status).toBe('unknown');
  });
});
