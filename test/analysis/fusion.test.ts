import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FUSION_RULES, type FusionRulesId } from '../../src/analysis/fusion.ts';
import { trafficBytes } from '../../src/analysis/memory.ts';
import type { AnalyzedGraph } from '../../src/analysis/nodes.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import {
  activate,
  add,
  conv,
  convNorm,
  type Feature,
  flatten,
  globalAveragePool,
  linear,
} from '../../src/zoo/blocks/conv.ts';
import { squeezeExcite } from '../../src/zoo/blocks/inverted-residual.ts';
import { families } from '../../src/zoo/index.ts';
import { analyzed, featureInput, REFERENCE_MODELS, zooModel } from './graphs.ts';

const RULES = Object.keys(FUSION_RULES) as readonly FusionRulesId[];
/** Mixed precision moves what it converts besides: test/analysis/mixed-types.test.ts. */
const addsTraffic = (rules: FusionRulesId): boolean => FUSION_RULES[rules].mixesTypes;

/** The nodes of each kernel, by name. */
const kernelsOf = (graph: AnalyzedGraph, rules: FusionRulesId) =>
  compileWorkload(graph, rules).kernels.map(({ nodes }) => nodes.join(' '));

/** Kernels that can never be launched because they wait for each other, looking through views. */
const deadlocked = (graph: AnalyzedGraph, rules: FusionRulesId): readonly string[] => {
  const { kernels } = compileWorkload(graph, rules);
  const kernelOf = new Map(kernels.flatMap(({ nodes }, index) => nodes.map((node) => [node, index] as const)));
  const makers = new Map<string, ReadonlySet<number>>();
  const needs = kernels.map(() => new Set<number>());
  for (const node of graph.nodes) {
    const from = new Set(node.inputs.flatMap(({ tensor }) => [...(makers.get(tensor) ?? [])]));
    const own = kernelOf.get(node.name);
    if (own !== undefined) for (const maker of from) if (maker !== own) needs[own]?.add(maker);
    for (const { tensor } of node.outputs) makers.set(tensor, own === undefined ? from : new Set([own]));
  }
  const done = new Set<number>();
  for (let progress = true; progress; ) {
    progress = false;
    needs.forEach((wanted, index) => {
      if (done.has(index) || [...wanted].some((other) => !done.has(other))) return;
      done.add(index);
      progress = true;
    });
  }
  return kernels.filter((_, index) => !done.has(index)).map(({ nodes }) => nodes.join(' '));
};

describe('conv, batch norm, relu', () => {
  const graph = analyzed((g) => [convNorm(g, 'c', featureInput(g, 4, 8), 8, { activation: 'relu' }).tensor]);

  it.each<readonly [FusionRulesId, readonly string[]]>([
    ['none', ['c.conv', 'c.bn', 'c.act']],
    ['graph', ['c.conv', 'c.bn c.act']],
    ['inductor', ['c.conv', 'c.bn c.act']],
    ['epilogue', ['c.conv c.bn c.act']],
  ])('%s: %j', (rules, kernels) => expect(kernelsOf(graph, rules)).toEqual(kernels));

  it('moves what the kernels move: the hand count', () => {
    // Elements: x 256, conv weight 32, each output 512, four vectors of 8.
    const elements = (rules: FusionRulesId) => trafficBytes(compileWorkload(graph, rules), 1, 'int8');
    // conv 256 + 32 + 512; bn 512 + 32 + 512; relu 512 + 512.
    expect(elements('none')).toBe(800 + 1056 + 1024);
    // conv 800; bn and relu 512 + 32 + 512.
    expect(elements('graph')).toBe(800 + 1056);
    expect(elements('inductor')).toBe(800 + 1056);
    // x, conv weight, one folded bias of 8, the output.
    expect(elements('epilogue')).toBe(256 + 32 + 8 + 512);
  });

  it('leaves out the arithmetic of a folded batch norm, and nothing else', () => {
    // 512 outputs: batch norm 2 each, relu 1 each.
    const otherFlops = (rules: FusionRulesId) =>
      compileWorkload(graph, rules).kernels.reduce((sum, kernel) => sum + kernel.otherFlops.perItem, 0);
    expect(otherFlops('none')).toBe(1536);
    expect(otherFlops('inductor')).toBe(1536);
    expect(otherFlops('epilogue')).toBe(512);
  });
});

describe('a batch norm is folded only where it may be', () => {
  it('not when somebody else reads the convolution', () => {
    const graph = analyzed((g) => {
      const c = convNorm(g, 'a', featureInput(g, 4, 8), 4);
      return [add(g, 'sum', c, { tensor: 'a.conv:out', channels: 4 }).tensor];
    });
    expect(kernelsOf(graph, 'epilogue')).toEqual(['a.conv a.bn sum']);
    const [kernel] = compileWorkload(graph, 'epilogue').kernels;
    // Batch norm 2 and the sum 1 for each of 256 outputs: nothing was folded away.
    expect(kernel?.otherFlops.perItem).toBe(3 * 256);
  });

  it('not without a convolution before it', () => {
    const graph = analyzed((g) => {
      const pooled = globalAveragePool(g, 'pool', featureInput(g, 4, 8));
      const vectors = ['s', 'b', 'm', 'v'].map((name) => g.weight(name, [4]));
      return [g.node('BatchNormalization', 'bn', [pooled.tensor, ...vectors])];
    });
    expect(kernelsOf(graph, 'epilogue')).toEqual(['pool', 'bn']);
    expect(compileWorkload(graph, 'epilogue').kernels[1]?.otherFlops.perItem).toBe(8);
  });

  it('not when the convolution itself is a network output', () => {
    const graph = analyzed((g) => ['a.conv:out', convNorm(g, 'a', featureInput(g, 4, 8), 4).tensor].reverse());
    const flops = compileWorkload(graph, 'epilogue').kernels.reduce(
      (sum, { otherFlops }) => sum + otherFlops.perItem,
      0,
    );
    expect(flops).toBe(512);
  });

  it('not through a view that changes what a channel is', () => {
    const graph = analyzed((g) => {
      const flat = flatten(g, 'flat', conv(g, 'conv', featureInput(g, 4, 8), 4));
      const vectors = ['s', 'b', 'm', 'v'].map((name) => g.weight(name, [256]));
      return [g.node('BatchNormalization', 'bn', [flat.tensor, ...vectors])];
    });
    const flops = compileWorkload(graph, 'epilogue').kernels.reduce(
      (sum, { otherFlops }) => sum + otherFlops.perItem,
      0,
    );
    expect(flops).toBe(512);
  });

  it('into the bias that the convolution has', () => {
    const graph = analyzed((g) => [convNorm(g, 'a', featureInput(g, 4, 8), 4, { bias: true }).tensor]);
    expect(compileWorkload(graph, 'epilogue').kernels.map(({ weightElements }) => weightElements)).toEqual([20]);
  });
});

describe('a residual block', () => {
  const graph = analyzed((g) => {
    const x = featureInput(g, 4, 8);
    const branch = convNorm(g, 'two', convNorm(g, 'one', x, 4, { activation: 'relu' }), 4);
    return [activate(g, 'out', add(g, 'add', branch, x), 'relu').tensor];
  });

  it('ends in the epilogue of its second convolution', () => {
    expect(kernelsOf(graph, 'epilogue')).toEqual(['one.conv one.bn one.act', 'two.conv two.bn add out']);
    expect(kernelsOf(graph, 'inductor')).toEqual(['one.conv', 'one.bn one.act', 'two.conv', 'two.bn add out']);
    expect(kernelsOf(graph, 'none')).toHaveLength(7);
    // A graph executor as well, but what pools the activation stays apart.
    expect(kernelsOf(graph, 'graph')).toEqual(['one.conv', 'one.bn one.act', 'two.conv', 'two.bn add out']);
  });

  it('reads the skip once more, and writes only the result', () => {
    const last = compileWorkload(graph, 'epilogue').kernels[1];
    expect(last?.readElements.perItem).toBe(2 * 256);
    expect(last?.writeElements.perItem).toBe(256);
    // Of these, the skip is the network's input and the result its output.
    expect(last?.boundaryElements.perItem).toBe(2 * 256);
    expect(last).toMatchObject({ name: 'two.conv', class: 'pointwise-conv' });
  });
});

describe('squeeze-and-excitation', () => {
  const graph = analyzed((g) => {
    const filtered = convNorm(g, 'filter', featureInput(g, 8, 8), 8, { kernel: 3, groups: 8, activation: 'silu' });
    const gated = squeezeExcite(g, filtered, { squeezeChannels: 2, activation: 'silu', gate: 'sigmoid' });
    return [convNorm(g, 'project', gated, 4).tensor];
  });

  it('does not pull the gated product into the kernel that the gate waits for', () => {
    expect(kernelsOf(graph, 'epilogue')).toEqual([
      'filter.conv filter.bn filter.act',
      'se.pool',
      'se.reduce se.act',
      'se.expand se.gate',
      'se.scale',
      'project.conv project.bn',
    ]);
    for (const rules of RULES) expect(deadlocked(graph, rules)).toEqual([]);
  });

  it('under TorchInductor shares a pass between the activation and the squeeze, and between gate and product', () => {
    expect(kernelsOf(graph, 'inductor')).toEqual([
      'filter.conv',
      'filter.bn filter.act se.pool',
      'se.reduce',
      'se.act',
      'se.expand',
      'se.gate se.scale',
      'project.conv',
      'project.bn',
    ]);
  });
});

describe('views', () => {
  it('launch nothing, and fusion looks through them', () => {
    const graph = analyzed((g) => {
      const flat = flatten(g, 'flat', conv(g, 'conv', featureInput(g, 4, 8), 4));
      const active = activate(g, 'act', flat, 'relu');
      return [linear(g, 'fc', { ...active, channels: 256 }, 10).tensor];
    });
    expect(kernelsOf(graph, 'none')).toEqual(['conv', 'act', 'fc']);
    expect(kernelsOf(graph, 'epilogue')).toEqual(['conv act', 'fc']);
  });
});

const KINDS = ['conv', 'relu', 'add', 'norm', 'pool'] as const;

/** Random networks of maps of one size: each node reads one or two of the last maps made before it. */
const networkOf = (kinds: readonly (typeof KINDS)[number][], reach: number) =>
  fc
    .array(fc.record({ kind: fc.constantFrom(...kinds), first: fc.nat(reach - 1), second: fc.nat(reach - 1) }), {
      minLength: 1,
      maxLength: 12,
    })
    .map((steps) =>
      analyzed((g) => {
        const maps: Feature[] = [featureInput(g, 4, 4, 'x'), featureInput(g, 4, 4, 'y')];
        steps.forEach(({ kind, first, second }, index) => {
          const recent = maps.slice(-reach);
          const a = recent[first % recent.length] as Feature;
          const b = recent[second % recent.length] as Feature;
          const make = {
            conv: () => conv(g, `conv${index}`, a, 4),
            relu: () => activate(g, `relu${index}`, a, 'relu'),
            add: () => add(g, `add${index}`, a, b),
            norm: () => convNorm(g, `norm${index}`, a, 4),
            pool: () => ({
              tensor: g.node('MaxPool', `pool${index}`, [a.tensor], {
                attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
              }),
              channels: 4,
            }),
          };
          maps.push(make[kind]());
        });
        return [(maps.at(-1) as Feature).tensor];
      }),
    );

const randomGraph = networkOf(KINDS, 6);

describe.each(RULES)('%s on random networks', (rules) => {
  it('puts every node that computes into one kernel, and moves no more than without fusion', () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        const workload = compileWorkload(graph, rules);
        expect(workload.kernels.flatMap(({ nodes }) => nodes).sort()).toEqual(
          graph.nodes.map(({ name }) => name).sort(),
        );
        if (addsTraffic(rules)) return;
        expect(trafficBytes(workload, 1, 'fp32')).toBeLessThanOrEqual(
          trafficBytes(compileWorkload(graph, 'none'), 1, 'fp32'),
        );
      }),
      { numRuns: 60 },
    );
  });
});

it('without fusion, random networks can be launched', () => {
  fc.assert(
    fc.property(randomGraph, (graph) => {
      expect(deadlocked(graph, 'none')).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

describe('kernels that wait for each other', () => {
  const interleaved = () =>
    analyzed((g) => {
      const a = activate(g, 'a', featureInput(g, 4, 8, 'x'), 'relu');
      const b = activate(g, 'b', featureInput(g, 4, 8, 'y'), 'relu');
      const c = conv(g, 'c', a, 4);
      const d = add(g, 'd', a, b);
      return [add(g, 'e', b, c).tensor, d.tensor];
    });

  it('never: two chains that read from each other', () => {
    expect(deadlocked(interleaved(), 'inductor')).toEqual([]);
  });

  it('never: random networks', () => {
    fc.assert(
      fc.property(networkOf(['relu', 'conv', 'add', 'add'], 4), (graph) => {
        for (const rules of RULES) expect(deadlocked(graph, rules)).toEqual([]);
      }),
      { numRuns: 600, seed: 1 },
    );
  });
});

describe.each(REFERENCE_MODELS)('%s', (name) => {
  it.each(RULES)('%s: every node in one kernel, launchable, traffic never more than without fusion', (rules) => {
    const graph = zooModel(name);
    const workload = compileWorkload(graph, rules);
    const computing = graph.nodes.filter(({ fusion }) => fusion !== 'view').map((node) => node.name);
    expect(workload.kernels.flatMap(({ nodes }) => nodes).sort()).toEqual(computing.sort());
    expect(deadlocked(graph, rules)).toEqual([]);
    if (addsTraffic(rules)) return;
    const unfused = compileWorkload(graph, 'none');
    for (const batch of [1, 16]) {
      expect(trafficBytes(workload, batch, 'fp32')).toBeLessThanOrEqual(trafficBytes(unfused, batch, 'fp32'));
    }
    expect(workload.kernels.length).toBeLessThanOrEqual(unfused.kernels.length);
  });
});

it('no model of the zoo has kernels that wait for each other', () => {
  for (const { variants } of families) {
    for (const { name } of variants) {
      for (const rules of RULES) expect([name, rules, deadlocked(zooModel(name), rules)]).toEqual([name, rules, []]);
    }
  }
}, 60_000);
