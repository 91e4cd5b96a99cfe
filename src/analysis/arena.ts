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
 * Comparisons of two buffers that exact planning may take: 20,000 buffers that are all alive at
 * once stay below. A file that asks for more has its smallest buffers placed by size alone.
 */
const MAX_COMPARISONS = 300_000_000;

/** The placed buffers in order of offset, as columns: a plan compares every buffer with many others. */
class Placement {
  readonly #first: Int32Array;
  readonly #last: Int32Array;
  readonly #offset: Float64Array;
  readonly #end: Float64Array;
  length = 0;

  constructor(capacity: number) {
    this.#first = new Int32Array(capacity);
    this.#last = new Int32Array(capacity);
    this.#offset = new Float64Array(capacity);
    this.#end = new Float64Array(capacity);
  }

  /** Puts the buffer at the lowest offset that is free while it is alive; `end` is where one after it can begin. */
  place({ bytes, firstStep, lastStep }: Buffer, align: (value: number) => number): number {
    const { length } = this;
    let offset = 0;
    for (let other = 0; other < length; other++) {
      if ((this.#first[other] as number) > lastStep || (this.#last[other] as number) < firstStep) continue;
      if ((this.#offset[other] as number) >= offset + bytes) break;
      const end = this.#end[other] as number;
      if (end > offset) offset = end;
    }
    const at = this.#after(offset);
    for (const column of [this.#first, this.#last, this.#offset, this.#end]) column.copyWithin(at + 1, at, length);
    this.#first[at] = firstStep;
    this.#last[at] = lastStep;
    this.#offset[at] = offset;
    this.#end[at] = align(offset + bytes);
    this.length += 1;
    return offset;
  }

  /** Place of the first buffer beyond the offset. */
  #after(offset: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#offset[middle] as number) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Buffers of one size take turns in slots of that size: never better than a search, and made in one pass over time. */
const placeBySize = (buffers: readonly Buffer[], start: number, align: (value: number) => number) => {
  const bySize = new Map<number, Buffer[]>();
  for (const buffer of buffers) {
    const bytes = align(buffer.bytes);
    const same = bySize.get(bytes);
    if (same === undefined) bySize.set(bytes, [buffer]);
    else same.push(buffer);
  }
  const placed: PlacedBuffer[] = [];
  let size = start;
  for (const [bytes, same] of bySize) {
    const offsets = new Map<Buffer, number>();
    const ends = [...same].sort((a, b) => a.lastStep - b.lastStep);
    const free: number[] = [];
    let ended = 0;
    for (const buffer of same.sort((a, b) => a.firstStep - b.firstStep)) {
      for (; (ends[ended]?.lastStep ?? Infinity) < buffer.firstStep; ended++) {
        free.push(offsets.get(ends[ended] as Buffer) as number);
      }
      const offset = free.pop() ?? size;
      if (offset === size) size += bytes;
      offsets.set(buffer, offset);
      placed.push({ ...buffer, offset });
    }
  }
  return { placed, size };
};

/**
 * Static memory plan, greedy by size (Pisarchyk and Lee 2020, "Efficient memory management for
 * deep neural net inference"): the largest buffer first, each at the lowest offset where it
 * overlaps no buffer that is alive at the same time.
 */
export const planArena = (buffers: readonly Buffer[], alignment = ARENA_ALIGNMENT): Arena => {
  const align = (value: number): number => Math.ceil(value / alignment) * alignment;
  const order = buffers.filter(({ bytes }) => bytes > 0).sort((a, b) => b.bytes - a.bytes || a.firstStep - b.firstStep);
  const placement = new Placement(order.length);
  const placed: PlacedBuffer[] = [];
  let comparisons = 0;
  let size = 0;
  for (const buffer of order) {
    comparisons += placement.length;
    if (comparisons > MAX_COMPARISONS) break;
    const offset = placement.place(buffer, align);
    placed.push({ ...buffer, offset });
    size = Math.max(size, offset + buffer.bytes);
  }
  const rest = placeBySize(order.slice(placed.length), align(size), align);
  const all = [...placed, ...rest.placed].sort((a, b) => a.offset - b.offset);
  return { alignment, buffers: all, bytes: rest.size };
};

/** Pairs of buffers that share memory while both are alive: empty for a correct plan. */
export const arenaConflicts = ({ buffers }: Arena): readonly (readonly [PlacedBuffer, PlacedBuffer])[] =>
  buffers.flatMap((a, index) =>
    buffers
      .slice(index + 1)
      .filter((b) => overlapsInTime(a, b) && a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes)
      .map((b) => [a, b] as const),
  );
