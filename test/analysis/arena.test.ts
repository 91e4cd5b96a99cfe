import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARENA_ALIGNMENT, arenaConflicts, planArena } from '../../src/analysis/arena.ts';
import { type Buffer, liveness } from '../../src/analysis/liveness.ts';
import { REFERENCE_MODELS, zooModel } from './graphs.ts';

const buffer = (name: string, bytes: number, firstStep: number, lastStep: number): Buffer => ({
  tensors: [name],
  bytes,
  firstStep,
  lastStep,
});

const peakOf = (buffers: readonly Buffer[]): number => {
  const steps = Math.max(0, ...buffers.map(({ lastStep }) => lastStep + 1));
  const live = Array.from({ length: steps }, (_, step) =>
    buffers
      .filter(({ firstStep, lastStep }) => firstStep <= step && step <= lastStep)
      .reduce((sum, b) => sum + b.bytes, 0),
  );
  return Math.max(0, ...live);
};

const offsets = (buffers: readonly Buffer[]): Record<string, number> =>
  Object.fromEntries(planArena(buffers).buffers.map(({ tensors, offset }) => [tensors[0], offset]));

describe('planArena by hand', () => {
  it('four buffers: largest first, each as low as its neighbours in time allow', () => {
    const buffers = [buffer('a', 128, 0, 1), buffer('b', 256, 1, 2), buffer('c', 64, 2, 3), buffer('d', 192, 3, 4)];
    // b (256) at 0. d (192) is never alive with b: at 0. a (128) is alive with b: at 256.
    // c (64) is alive with b and d, not with a: at 256 as well. 256 + 128 = 384, which is the peak (step 1: a and b).
    expect(offsets(buffers)).toEqual({ a: 256, b: 0, c: 256, d: 0 });
    expect(planArena(buffers).bytes).toBe(384);
    expect(peakOf(buffers)).toBe(384);
  });

  it('puts a small buffer into a gap below a larger one', () => {
    const buffers = [
      buffer('long', 512, 0, 0),
      buffer('high', 448, 0, 3),
      buffer('low', 128, 2, 3),
      buffer('gone', 64, 3, 3),
    ];
    // long 0..512, high above it at 512; low and gone live after long, in the gap that it left: 0 and 128.
    expect(offsets(buffers)).toEqual({ long: 0, high: 512, low: 0, gone: 128 });
    expect(planArena(buffers).bytes).toBe(960);
  });

  it('can need more than the peak: fragmentation', () => {
    const stuck = [
      buffer('big', 128, 0, 1),
      buffer('mid', 64, 1, 2),
      buffer('late', 127, 2, 3),
      buffer('last', 65, 2, 2),
    ];
    // big 0..128, late 0..127, last alive with late: 128..193, mid alive with all three: above last, at 256.
    expect(offsets(stuck)).toEqual({ big: 0, late: 0, last: 128, mid: 256 });
    expect([peakOf(stuck), planArena(stuck).bytes]).toEqual([256, 320]);
  });

  it('aligns every offset and the whole', () => {
    const plan = planArena([buffer('a', 100, 0, 0), buffer('b', 100, 0, 0)]);
    expect(plan.buffers.map(({ offset }) => offset)).toEqual([0, 128]);
    expect(plan.bytes).toBe(256);
    expect(planArena([buffer('a', 100, 0, 0)], 1).bytes).toBe(100);
  });

  it('leaves out empty buffers', () => {
    expect(planArena([buffer('a', 0, 0, 3)])).toEqual({ alignment: ARENA_ALIGNMENT, buffers: [], bytes: 0 });
    expect(planArena([]).bytes).toBe(0);
  });
});

const randomBuffer = fc
  .record({ bytes: fc.integer({ min: 1, max: 5000 }), firstStep: fc.nat(20), length: fc.nat(8) })
  .map(({ bytes, firstStep, length }) => buffer('t', bytes, firstStep, firstStep + length));

describe('planArena on random buffers', () => {
  it('never puts two living buffers in one place, and needs at least the peak', () => {
    fc.assert(
      fc.property(fc.array(randomBuffer, { maxLength: 40 }), (buffers) => {
        const plan = planArena(buffers);
        expect(arenaConflicts(plan)).toEqual([]);
        expect(plan.buffers).toHaveLength(buffers.length);
        expect(plan.bytes).toBeGreaterThanOrEqual(peakOf(buffers));
        expect(plan.bytes % ARENA_ALIGNMENT).toBe(0);
        for (const { offset, bytes } of plan.buffers) {
          expect(offset % ARENA_ALIGNMENT).toBe(0);
          expect(offset + bytes).toBeLessThanOrEqual(plan.bytes);
        }
      }),
    );
  });

  it('needs at most what everything side by side would', () => {
    fc.assert(
      fc.property(fc.array(randomBuffer, { maxLength: 40 }), (buffers) => {
        const sideBySide = buffers.reduce(
          (sum, { bytes }) => sum + Math.ceil(bytes / ARENA_ALIGNMENT) * ARENA_ALIGNMENT,
          0,
        );
        expect(planArena(buffers).bytes).toBeLessThanOrEqual(sideBySide);
      }),
    );
  });
});

it('arenaConflicts sees a conflict when there is one', () => {
  const placed = [
    { ...buffer('a', 100, 0, 2), offset: 0 },
    { ...buffer('b', 100, 2, 3), offset: 99 },
    { ...buffer('c', 100, 3, 4), offset: 0 },
  ];
  const names = arenaConflicts({ alignment: 1, buffers: placed, bytes: 199 }).map((pair) =>
    pair.map((b) => b.tensors[0]),
  );
  expect(names).toEqual([
    ['a', 'b'],
    ['b', 'c'],
  ]);
});

describe.each(REFERENCE_MODELS)('%s', (name) => {
  it('has a plan without conflicts, at least its peak and less than all its outputs', () => {
    const graph = zooModel(name);
    const { buffers, peakBytes } = liveness(graph, 2, 'fp16');
    const plan = planArena(buffers);
    expect(arenaConflicts(plan)).toEqual([]);
    expect(plan.bytes).toBeGreaterThanOrEqual(peakBytes);
    expect(peakBytes).toBe(peakOf(buffers));
    // Every tensor lies in one buffer only.
    const tensors = buffers.flatMap((b) => b.tensors);
    expect(new Set(tensors).size).toBe(tensors.length);
    expect(tensors).toHaveLength(graph.nodes.length + 1);
  });
});
