import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atBatch } from '../../src/ir/shape.ts';
import type { OperatorClass } from '../../src/ops/classes.ts';
import { classOfNest, type LoopNest, matrixView, nestMacs } from '../../src/ops/nest.ts';
import { product } from '../../src/units/integer.ts';
import { N, type OperatorResult, perItem, runOperator } from './one-operator.ts';

const viewOf = ({ work }: OperatorResult) => {
  if (work.nest === undefined) throw new Error('no loop nest');
  return matrixView(work.nest);
};

describe('a loop nest as matrix products', () => {
  it.each<readonly [OperatorClass, OperatorResult, object]>([
    // Each: m = positions, n = outputs per group, k = inputs per group x taps.
    [
      'dense-conv',
      runOperator('Conv', [
        [N, 3, 8, 8],
        [16, 3, 3, 3],
      ]),
      { groups: 1, m: perItem(36), n: 16, k: 27, window: 9, spatial: true },
    ],
    [
      'pointwise-conv',
      runOperator('Conv', [
        [N, 3, 8, 8],
        [16, 3, 1, 1],
      ]),
      { groups: 1, m: perItem(64), n: 16, k: 3, window: 1, spatial: true },
    ],
    [
      'depthwise-conv',
      runOperator(
        'Conv',
        [
          [N, 16, 8, 8],
          [16, 1, 5, 5],
        ],
        { group: 16 },
      ),
      { groups: 16, m: perItem(16), n: 1, k: 25, window: 25, spatial: true },
    ],
    [
      'grouped-conv',
      runOperator(
        'Conv',
        [
          [N, 16, 8, 8],
          [32, 4, 3, 3],
        ],
        { group: 4 },
      ),
      { groups: 4, m: perItem(36), n: 8, k: 36, window: 9, spatial: true },
    ],
    // A grouped 1x1 has more inputs than window, so it is no depthwise one.
    [
      'grouped-conv',
      runOperator(
        'Conv',
        [
          [N, 16, 8, 8],
          [32, 4, 1, 1],
        ],
        { group: 4 },
      ),
      { groups: 4, m: perItem(64), n: 8, k: 4, window: 1, spatial: true },
    ],
    [
      'linear',
      runOperator('Gemm', [
        [N, 1280],
        [1280, 1000],
      ]),
      { groups: 1, m: perItem(1), n: 1000, k: 1280, window: 1, spatial: false },
    ],
  ])('%s', (kind, result, view) => {
    expect(viewOf(result)).toEqual(view);
    expect(classOfNest(viewOf(result))).toBe(kind);
    expect(result.class).toBe(kind);
    expect(result.work.view).toEqual(viewOf(result));
  });

  it('a convolution whose window covers its whole input is still a convolution', () => {
    expect(
      runOperator('Conv', [
        [N, 8, 7, 7],
        [8, 8, 7, 7],
      ]).class,
    ).toBe('dense-conv');
  });
});

interface ConvCase {
  readonly groups: number;
  readonly channelsPerGroup: number;
  readonly outputsPerGroup: number;
  readonly kernel: readonly [number, number];
  readonly input: readonly [number, number];
  readonly stride: number;
  readonly dilation: number;
  readonly pad: number;
}

const pair = (minimum: number, maximum: number) =>
  fc.tuple(fc.integer({ min: minimum, max: maximum }), fc.integer({ min: minimum, max: maximum }));

const convCase: fc.Arbitrary<ConvCase> = fc.record({
  groups: fc.integer({ min: 1, max: 40 }),
  channelsPerGroup: fc.integer({ min: 1, max: 20 }),
  outputsPerGroup: fc.integer({ min: 1, max: 20 }),
  kernel: pair(1, 7),
  // At least the reach of the largest kernel at the largest dilation: 2 x 6 + 1.
  input: pair(13, 64),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  pad: fc.integer({ min: 0, max: 3 }),
});

const runConv = ({ groups, channelsPerGroup, outputsPerGroup, kernel, input, stride, dilation, pad }: ConvCase) =>
  runOperator(
    'Conv',
    [
      [N, groups * channelsPerGroup, ...input],
      [groups * outputsPerGroup, channelsPerGroup, ...kernel],
    ],
    {
      group: groups,
      strides: [stride, stride],
      dilations: [dilation, dilation],
      pads: [pad, pad, pad, pad],
    },
  );

describe('random convolutions', () => {
  it('do M x (C / groups) x kernel x outputs x N multiply-accumulates', () => {
    fc.assert(
      fc.property(convCase, fc.integer({ min: 1, max: 64 }), (conv, batch) => {
        const { work, shape } = runConv(conv);
        const outputs = conv.input.map((extent, axis) => {
          // Counted, not computed: starts of windows that end inside the padded input.
          const reach = conv.dilation * ((conv.kernel[axis] ?? 0) - 1) + 1;
          let count = 0;
          for (let start = 0; start + reach <= extent + 2 * conv.pad; start += conv.stride) count++;
          return count;
        });
        expect(shape.slice(2)).toEqual(outputs);
        const positions = (outputs[0] ?? 0) * (outputs[1] ?? 0);
        const taps = conv.kernel[0] * conv.kernel[1];
        const outputChannels = conv.groups * conv.outputsPerGroup;
        expect(atBatch(work.macs, batch)).toBe(outputChannels * conv.channelsPerGroup * taps * positions * batch);
      }),
    );
  });

  it('do as many as the product of all loop extents, and as m x n x k x groups', () => {
    fc.assert(
      fc.property(convCase, fc.integer({ min: 1, max: 64 }), (conv, batch) => {
        const { work } = runConv(conv);
        const extents = (work.nest?.dims ?? []).map(({ extent }) => atBatch(extent, batch));
        const macs = atBatch(work.macs, batch);
        expect(macs).toBe(extents.reduce((a, b) => a * b, 1));
        const view = matrixView(work.nest as LoopNest);
        expect(macs).toBe(atBatch(product([view.m, view.n, view.k, view.groups]), batch));
        expect(atBatch(nestMacs(view), batch)).toBe(macs);
      }),
    );
  });

  it('project each operand onto as many axes as it has, through loops that exist', () => {
    fc.assert(
      fc.property(convCase, (conv) => {
        const nest = runConv(conv).work.nest as LoopNest;
        const extents = new Map(nest.dims.map(({ name, extent }) => [name, atBatch(extent, 1)]));
        const sizeOf = (operand: LoopNest['weight']) =>
          operand.flat().reduce((size, { dim }) => size * (extents.get(dim) ?? Number.NaN), 1);
        const weights = conv.groups * conv.outputsPerGroup * conv.channelsPerGroup * conv.kernel[0] * conv.kernel[1];
        expect(sizeOf(nest.weight)).toBe(weights);
        const reached = nest.input.filter((axis) => axis.length > 1).map((axis) => axis.map(({ step }) => step));
        expect(reached).toEqual([
          [conv.stride, conv.dilation],
          [conv.stride, conv.dilation],
        ]);
      }),
    );
  });
});
