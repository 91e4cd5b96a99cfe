/** Contents of weights, made chunk by chunk: the same on every machine, and never all in memory. */
import { elementEncoding } from './element-types.ts';
import type { ByteStream } from './wire.ts';

/** What a weight is filled with. */
export type Fill =
  | { readonly kind: 'constant'; readonly value: number }
  /** Evenly from -bound to bound. */
  | { readonly kind: 'uniform'; readonly bound: number };

/** Even, so that elements of half a byte and less never straddle two chunks. */
const CHUNK_ELEMENTS = 1 << 18;

/** FNV-1a over the code units of a text. */
const hash = (text: string): number => {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return state >>> 0;
};

const WARM_UP_ROUNDS = 12;

/** Chris Doty-Humphrey's sfc32, which passes PractRand: 32 random bits per call, integer arithmetic only. */
const randomBits = (stream: string, seed: number): (() => number) => {
  let a = hash(stream) | 0;
  let b = seed | 0;
  let c = Math.floor(seed / 2 ** 32) | 0;
  let counter = 1;
  const next = (): number => {
    const result = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result >>> 0;
  };
  for (let round = 0; round < WARM_UP_ROUNDS; round++) next();
  return next;
};

interface FillOptions {
  /** TensorProto.DataType */
  readonly dataType: number;
  readonly elements: number;
  readonly fill: Fill;
  readonly seed: number;
  /** Tensors of different names are filled independently. */
  readonly name: string;
}

/** `raw_data` of a filled tensor. */
export const filled = ({ dataType, elements, fill, seed, name }: FillOptions): ByteStream => {
  const { bytesPerElement, write } = elementEncoding(dataType);
  const bytesOf = (count: number): number => Math.ceil(count * bytesPerElement);
  const draw = (): (() => number) => {
    if (fill.kind === 'constant') return () => fill.value;
    const next = randomBits(name, seed);
    // The middle of one of 2^32 steps: never quite the bound, and as often below zero as above.
    return () => ((next() + 0.5) / 2 ** 31 - 1) * fill.bound;
  };
  function* chunks(): Generator<Uint8Array> {
    const value = draw();
    const isZero = fill.kind === 'constant' && fill.value === 0;
    for (let done = 0; done < elements; done += CHUNK_ELEMENTS) {
      const count = Math.min(CHUNK_ELEMENTS, elements - done);
      const bytes = new Uint8Array(bytesOf(count));
      const view = new DataView(bytes.buffer);
      if (!isZero) for (let index = 0; index < count; index++) write(view, index, value());
      yield bytes;
    }
  }
  return { byteLength: bytesOf(elements), chunks };
};
