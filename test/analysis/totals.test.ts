import { describe, expect, it } from 'vitest';
import { CONVENTIONS, type Convention, countByConvention, isConvention } from '../../src/analysis/conventions.ts';
import { classTotals, coverage, totals } from '../../src/analysis/totals.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { OperatorError } from '../../src/ops/definition.ts';
import { activate, conv, convNorm } from '../../src/zoo/blocks/conv.ts';
import { analyzed, featureInput, REFERENCE_MODELS, zooModel } from './graphs.ts';

describe('totals by hand', () => {
  // conv 4 -> 8, 3x3 on 8x8: 8 x 4 x 9 x 64 = 18,432 MACs; 512 outputs; batch norm 2, silu 5 (2 transcendental) each.
  const graph = analyzed((g) => [convNorm(g, 'c', featureInput(g, 4, 8), 8, { kernel: 3, activation: 'silu' }).tensor]);

  it('of a convolution, batch norm and SiLU', () => {
    expect(totals(graph)).toEqual({
      // 8 x 4 x 9 weights, scale and shift of 8.
      params: 288 + 16,
      // Running mean and variance.
      statistics: 16,
      macs: 18_432,
      flops: 2 * 18_432 + 2 * 512 + 5 * 512,
      transcendentals: 2 * 512,
      activationElements: 512,
    });
  });

  it('count a tensor that two nodes read once', () => {
    const tied = analyzed((g) => {
      const x = { tensor: g.input('x', [BATCH, 6]), channels: 6 };
      const weight = g.weight('w', [6, 6]);
      const first = g.node('Gemm', 'first', [x.tensor, weight]);
      return [g.node('Gemm', 'second', [first, weight])];
    });
    expect(totals(tied)).toMatchObject({ params: 36, macs: 72 });
  });

  it('count a stored operand of an addition as a parameter, and a setting not at all', () => {
    const graphOf = analyzed((g) => {
      const x = featureInput(g, 4, 8);
      const shifted = g.node('Add', 'shift', [x.tensor, g.weight('shift.bias', [4, 1, 1])]);
      return [activate(g, 'act', { tensor: shifted, channels: 4 }, 'relu6').tensor];
    });
    expect(totals(graphOf).params).toBe(4);
  });

  it('an operator whose operands do not fit stops the analysis and is named', () => {
    const broken = () =>
      analyzed((g) => {
        const x = featureInput(g, 4, 8);
        return [g.scope('block', () => g.node('Conv', 'conv', [x.tensor, g.weight('w', [8, 5, 3, 3])]))];
      });
    expect(broken).toThrow(OperatorError);
    expect(broken).toThrow(/^block\.conv: Conv: /);
  });
});

describe.each(REFERENCE_MODELS)('%s', (name) => {
  const graph = zooModel(name);
  const one = totals(graph);

  it('is exactly linear in the batch, and its parameters do not grow', () => {
    for (const batch of [2, 7, 64]) {
      expect(totals(graph, batch)).toEqual({
        params: one.params,
        statistics: one.statistics,
        macs: one.macs * batch,
        flops: one.flops * batch,
        transcendentals: one.transcendentals * batch,
        activationElements: one.activationElements * batch,
      });
    }
  });

  it('is the sum of its classes', () => {
    const classes = classTotals(graph, 3);
    const sum = (pick: (part: (typeof classes)[number]) => number) =>
      classes.reduce((all, part) => all + pick(part), 0);
    expect(sum(({ macs }) => macs)).toBe(3 * one.macs);
    expect(sum(({ flops }) => flops)).toBe(3 * one.flops);
    expect(sum(({ params }) => params)).toBe(one.params);
    expect(sum(({ count }) => count)).toBe(graph.nodes.length);
    expect(sum(({ shareOfMacs }) => shareOfMacs)).toBeCloseTo(1, 12);
    expect(sum(({ shareOfFlops }) => shareOfFlops)).toBeCloseTo(1, 12);
    expect(new Set(classes.map((part) => part.class)).size).toBe(classes.length);
  });

  it('is covered completely', () => {
    const { costed, free, ...rest } = coverage(graph);
    expect(rest).toEqual({ status: 'complete', unknown: [], approximated: [], share: 1 });
    expect(costed + free).toBe(graph.nodes.length);
  });
});

describe('coverage', () => {
  const graph = analyzed((g) => {
    const stem = conv(g, 'stem', featureInput(g, 4, 8), 4);
    const strange = g.node('Warp', 'warp', [stem.tensor], { domain: 'com.example' });
    const again = g.node('Warp', 'warp2', [stem.tensor], { domain: 'com.example' });
    const after = activate(g, 'after', { tensor: strange, channels: 4 }, 'relu');
    return [activate(g, 'known', conv(g, 'side', stem, 8), 'relu').tensor, after.tensor, again];
  });

  it('goes on past an operator that it does not know, and counts what it does', () => {
    // stem 4 x 4 x 64 = 1024, side 8 x 4 x 64 = 2048.
    expect(totals(graph).macs).toBe(3072);
    // and the relu of the side branch, 512.
    expect(totals(graph).flops).toBe(2 * 3072 + 512);
    expect(graph.nodes.map(({ treatment }) => treatment.kind)).toEqual([
      'costed',
      'unknown',
      'unknown',
      'unknown',
      'costed',
      'costed',
    ]);
  });

  it('is partial, and lists what is missing with its domain: unknown is not zero', () => {
    expect(coverage(graph)).toEqual({
      status: 'partial',
      costed: 3,
      free: 0,
      approximated: [],
      unknown: [
        { type: 'Warp', domain: 'com.example', count: 2, reason: 'an operator that is not known' },
        // Known, but of an unknown shape.
        {
          type: 'Relu',
          domain: '',
          count: 1,
          reason: expect.stringMatching(/^after.*the shape of input 0 \("warp:out"\) is not known$/),
        },
      ],
      share: 0.5,
    });
  });

  it('of nothing is complete', () => {
    expect(coverage({ ...graph, nodes: [] })).toMatchObject({ status: 'complete', share: 1 });
  });

  it('lists free operators apart from costed ones', () => {
    const flat = analyzed((g) => [g.node('Flatten', 'flat', [featureInput(g, 4, 8).tensor])]);
    expect(coverage(flat)).toMatchObject({ status: 'complete', costed: 0, free: 1 });
  });
});

describe('conventions', () => {
  const mobilenet = zooModel('mobilenet_v2');
  const { macs, flops } = totals(mobilenet);

  it.each<readonly [Convention, number, string]>([
    // torchvision 0.29.1 prints 0.301 "GFLOPS" in the metadata of its weights; the paper 300 M.
    ['torchvision', 3, '0.301'],
    ['papers', 3, '0.301'],
    // timm's tables, made with fvcore.
    ['fvcore', 2, '0.31'],
    // torch.utils.flop_counter: 2 x 300,774,272.
    ['flop-counter', 9, '0.601548544'],
  ])('%s counts MobileNetV2 as it is published', (convention, decimals, published) => {
    expect((countByConvention(mobilenet, convention) / 1e9).toFixed(decimals)).toBe(published);
  });

  it('differ by what they leave out', () => {
    expect(countByConvention(mobilenet, 'assay')).toBe(flops);
    expect(countByConvention(mobilenet, 'torchvision')).toBe(macs);
    expect(countByConvention(mobilenet, 'flop-counter')).toBe(2 * macs);
    // fvcore: MACs, 2 for each output of a batch norm, 1 for each input of the global pool (1280 x 7 x 7).
    const normalized = totals(mobilenet).activationElements - 1000;
    expect(countByConvention(mobilenet, 'fvcore')).toBe(macs + 2 * normalized + 62_720);
  });

  it('scale with the batch', () => {
    for (const convention of Object.keys(CONVENTIONS) as Convention[]) {
      expect(countByConvention(mobilenet, convention, 5)).toBe(5 * countByConvention(mobilenet, convention));
    }
  });

  it('are known by name, own names only', () => {
    expect(isConvention('fvcore')).toBe(true);
    expect(isConvention('toString')).toBe(false);
    expect(isConvention('FVCORE')).toBe(false);
  });

  it('EfficientNet-B0 is 0.386 for torchvision and 0.40 for fvcore', () => {
    const graph = zooModel('efficientnet_b0');
    expect((countByConvention(graph, 'torchvision') / 1e9).toFixed(3)).toBe('0.386');
    expect((countByConvention(graph, 'fvcore') / 1e9).toFixed(2)).toBe('0.40');
  });
});
