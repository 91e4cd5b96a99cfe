import type { Buffer } from './liveness.ts';

export interface PlacedBuffer extends Buffer {
  readonly offset: number;
}

export interface Arena {
  readonly alignment: number;
  readonly buffers: readonly PlacedBuffer[];
  /** Size of the one block of memory that holds every buffer at its offset. */
  readonly bytes: number;
}

/** Cache-line alignment, what static planners of inference runtimes use. */
export const ARENA_ALIGNMENT = 64;

const overlapsInTime = (a: Buffer, b: Buffer): boolean => a.firstStep <= b.lastStep && b.firstStep <= a.lastStep;

/**
 * Static memory plan, greedy by size (Pisarchyk and Lee 2020, "Efficient memory management for
 * deep neural net inference"): the largest buffer first, each at the lowest offset where it
 * overlaps no buffer that is alive at the same time.
 */
export const planArena = (buffers: readonly Buffer[], alignment = ARENA_ALIGNMENT): Arena => {
  const align = (value: number): number => Math.ceil(value / alignment) * alignment;
  const order = buffers.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes || a.firstStep - b.firstStep);
  /** Kept in order of offset, so that gaps are found in one pass. */
  const placed: PlacedBuffer[] = [];
  let size = 0;
  for (const buffer of order) {
    let offset = 0;
    for (const other of placed) {
      if (!overlapsInTime(buffer, other)) continue;
      if (other.offset >= offset + buffer.bytes) break;
      offset = Math.max(offset, align(other.offset + other.bytes));
    }
    const position = placed.findIndex((other) => other.offset > offset);
    placed.splice(position === -1 ? placed.length : position, 0, { ...buffer, offset });
    size = Math.max(size, offset + buffer.bytes);
  }
  return { alignment, buffers: placed, bytes: align(size) };
};

/** Pairs of buffers that share memory while both are alive: empty for a correct plan. */
export const arenaConflicts = ({ buffers }: Arena): readonly (readonly [PlacedBuffer, PlacedBuffer])[] =>
  buffers.flatMap((a, index) =>
    buffers
      .slice(index + 1)
      .filter((b) => overlapsInTime(a, b) && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes)
      .map((b) => [a, b] as const),
  );
