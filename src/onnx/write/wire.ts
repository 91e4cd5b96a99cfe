/**
 * The protobuf wire format, as far as ONNX uses it: https://protobuf.dev/programming-guides/encoding/.
 * A message is a list of parts; contents of tensors stay unmade until the file is written, but their size is known.
 */

/** Bytes that are made when they are asked for, each time anew. */
export interface ByteStream {
  readonly byteLength: number;
  chunks(): Iterable<Uint8Array>;
}

/** An encoded field or message: short parts as they are, long ones still to be made. */
export type Part = Uint8Array | ByteStream;

export interface Encoded {
  readonly byteLength: number;
  readonly parts: readonly Part[];
}

const VARINT = 0;
const LENGTH_DELIMITED = 2;
const FIXED_32 = 5;

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

const text = new TextEncoder();

/** int64 as a BigInt; what is beyond its range (+-Infinity stands for "to the end") becomes its last value. */
export const int64 = (value: number): bigint => {
  if (value >= 2 ** 63) return INT64_MAX;
  return value <= -(2 ** 63) ? INT64_MIN : BigInt(Math.trunc(value));
};

const pushVarint = (bytes: number[], value: number): void => {
  if (Number.isInteger(value) && value >= 0 && value < 2 ** 31) {
    let rest = value;
    for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
    bytes.push(rest);
    return;
  }
  let rest = BigInt.asUintN(64, int64(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
};

const tag = (bytes: number[], field: number, wireType: number): void => pushVarint(bytes, field * 8 + wireType);

const encoded = (parts: readonly Part[]): Encoded => ({
  byteLength: parts.reduce((sum, { byteLength }) => sum + byteLength, 0),
  parts,
});

/** int32, int64 and enumerations. Written even where it is 0: several ONNX fields tell 0 from absent. */
export const integerField = (field: number, value: number): Encoded => {
  const bytes: number[] = [];
  tag(bytes, field, VARINT);
  pushVarint(bytes, value);
  return encoded([Uint8Array.from(bytes)]);
};

export const floatField = (field: number, value: number): Encoded => {
  const bytes: number[] = [];
  tag(bytes, field, FIXED_32);
  const all = new Uint8Array(bytes.length + 4);
  all.set(bytes);
  new DataView(all.buffer).setFloat32(bytes.length, value, true);
  return encoded([all]);
};

/** A field of known length: bytes, or a message. */
export const lengthField = (field: number, { byteLength, parts }: Encoded): Encoded => {
  const bytes: number[] = [];
  tag(bytes, field, LENGTH_DELIMITED);
  pushVarint(bytes, byteLength);
  return encoded([Uint8Array.from(bytes), ...parts]);
};

export const bytesField = (field: number, bytes: Part): Encoded => lengthField(field, encoded([bytes]));

export const textField = (field: number, value: string): Encoded => bytesField(field, text.encode(value));

/** A text field that is left out where it is empty. */
export const optionalTextField = (field: number, value: string): readonly Encoded[] =>
  value === '' ? [] : [textField(field, value)];

const isBytes = (part: Part): part is Uint8Array => part instanceof Uint8Array;

const joined = (parts: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(parts.reduce((sum, { byteLength }) => sum + byteLength, 0));
  let offset = 0;
  for (const part of parts) {
    all.set(part, offset);
    offset += part.byteLength;
  }
  return all;
};

/** Fields one after the other. Short parts that touch become one, so that a message without tensors is one array. */
export const message = (fields: readonly Encoded[]): Encoded => {
  const parts: Part[] = [];
  let short: Uint8Array[] = [];
  const flush = (): void => {
    if (short.length > 0) parts.push(short.length === 1 ? (short[0] as Uint8Array) : joined(short));
    short = [];
  };
  for (const field of fields) {
    for (const part of field.parts) {
      if (isBytes(part)) {
        short.push(part);
      } else {
        flush();
        parts.push(part);
      }
    }
  }
  flush();
  return encoded(parts);
};

/** The bytes of a message in order, as large as they come. */
export function* chunksOf({ parts }: Encoded): Generator<Uint8Array> {
  for (const part of parts) {
    if (isBytes(part)) yield part;
    else yield* part.chunks();
  }
}

/** Collects small chunks, so that a file of a thousand small tensors is not written in thousands of calls. */
export function* gathered(chunks: Iterable<Uint8Array>, target = 1 << 16): Generator<Uint8Array> {
  let waiting: Uint8Array[] = [];
  let size = 0;
  for (const chunk of chunks) {
    waiting.push(chunk);
    size += chunk.byteLength;
    if (size < target) continue;
    yield waiting.length === 1 ? chunk : joined(waiting);
    waiting = [];
    size = 0;
  }
  if (size > 0) yield joined(waiting);
}
