/** Elements of a tensor as they are stored (https://onnx.ai/onnx/repo-docs/IR.html): little-endian, several to a byte below 8 bits. */

interface Minifloat {
  readonly exponentBits: number;
  readonly mantissaBits: number;
  readonly bias: number;
  /** What the codes of the highest exponent are: IEEE's infinity and NaN, only NaN at the very top, or numbers. */
  readonly top: 'ieee' | 'one-nan' | 'finite' | 'negative-zero-nan';
}

const minifloat = (exponentBits: number, mantissaBits: number, bias: number, top: Minifloat['top']): Minifloat => ({
  exponentBits,
  mantissaBits,
  bias,
  top,
});

type Reader = (view: DataView, offset: number) => number;

interface ElementType {
  readonly bits: number;
  readonly isFloat: boolean;
  /** From a whole number of bytes. */
  readonly read?: Reader;
  /** From less than a byte, or from `int32_data`. */
  readonly fromBits?: (code: number) => number;
}

const decodeMinifloat = ({ exponentBits, mantissaBits, bias, top }: Minifloat): ((code: number) => number) => {
  const signBit = 2 ** (exponentBits + mantissaBits);
  const highest = 2 ** exponentBits - 1;
  return (code) => {
    const size = code % signBit;
    const isNegative = Math.floor(code / signBit) % 2 === 1;
    if (top === 'negative-zero-nan' && isNegative && size === 0) return Number.NaN;
    const exponent = Math.floor(size / 2 ** mantissaBits);
    const mantissa = size % 2 ** mantissaBits;
    if (exponent === highest && top === 'ieee') {
      if (mantissa !== 0) return Number.NaN;
      return isNegative ? -Infinity : Infinity;
    }
    if (top === 'one-nan' && size === signBit - 1) return Number.NaN;
    const value =
      exponent === 0
        ? mantissa * 2 ** (1 - bias - mantissaBits)
        : (1 + mantissa / 2 ** mantissaBits) * 2 ** (exponent - bias);
    return isNegative ? -value : value;
  };
};

const smallFloat = (bits: number, format: Minifloat): ElementType => {
  const fromBits = decodeMinifloat(format);
  if (bits < 8) return { bits, isFloat: true, fromBits };
  const read: Reader =
    bits === 16
      ? (view, offset) => fromBits(view.getUint16(offset, true))
      : (view, offset) => fromBits(view.getUint8(offset));
  return { bits, isFloat: true, read, fromBits };
};
const integer = (bits: number, read: Reader): ElementType => ({ bits, isFloat: false, read });
const smallInteger = (bits: number, isSigned: boolean): ElementType => ({
  bits,
  isFloat: false,
  fromBits: (code) => (isSigned && code >= 2 ** (bits - 1) ? code - 2 ** bits : code),
});

/** e8m0: a power of two, 2^(code - 127). */
const powerOfTwo = (code: number): number => (code === 0xff ? Number.NaN : 2 ** (code - 127));

const saturated = (value: bigint): number => {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : number < 0 ? -Infinity : Infinity;
};

/** By TensorProto.DataType. Texts (8) have no size. */
const ELEMENT_TYPES: Readonly<Record<number, ElementType>> = {
  1: { bits: 32, isFloat: true, read: (view, offset) => view.getFloat32(offset, true) },
  2: integer(8, (view, offset) => view.getUint8(offset)),
  3: integer(8, (view, offset) => view.getInt8(offset)),
  4: integer(16, (view, offset) => view.getUint16(offset, true)),
  5: integer(16, (view, offset) => view.getInt16(offset, true)),
  6: integer(32, (view, offset) => view.getInt32(offset, true)),
  7: integer(64, (view, offset) => saturated(view.getBigInt64(offset, true))),
  9: integer(8, (view, offset) => view.getUint8(offset)),
  10: smallFloat(16, minifloat(5, 10, 15, 'ieee')),
  11: { bits: 64, isFloat: true, read: (view, offset) => view.getFloat64(offset, true) },
  12: integer(32, (view, offset) => view.getUint32(offset, true)),
  13: integer(64, (view, offset) => saturated(view.getBigUint64(offset, true))),
  14: { bits: 64, isFloat: true },
  15: { bits: 128, isFloat: true },
  16: smallFloat(16, minifloat(8, 7, 127, 'ieee')),
  17: smallFloat(8, minifloat(4, 3, 7, 'one-nan')),
  18: smallFloat(8, minifloat(4, 3, 8, 'negative-zero-nan')),
  19: smallFloat(8, minifloat(5, 2, 15, 'ieee')),
  20: smallFloat(8, minifloat(5, 2, 16, 'negative-zero-nan')),
  21: smallInteger(4, false),
  22: smallInteger(4, true),
  23: smallFloat(4, minifloat(2, 1, 1, 'finite')),
  24: { bits: 8, isFloat: true, read: (view, offset) => powerOfTwo(view.getUint8(offset)), fromBits: powerOfTwo },
  25: smallInteger(2, false),
  26: smallInteger(2, true),
  27: smallFloat(6, minifloat(2, 3, 1, 'finite')),
  28: smallFloat(6, minifloat(3, 2, 3, 'finite')),
};

/** Bits of one element in `raw_data`; undefined for texts and for types that are not known. */
export const bitsPerElement = (dataType: number): number | undefined => ELEMENT_TYPES[dataType]?.bits;

export const isFloatType = (dataType: number): boolean => ELEMENT_TYPES[dataType]?.isFloat ?? false;

/** Bytes that `count` elements take in `raw_data`. */
export const rawBytes = (dataType: number, count: number): number | undefined => {
  const bits = bitsPerElement(dataType);
  return bits === undefined ? undefined : Math.ceil((count * bits) / 8);
};

const codeAt = (bytes: Uint8Array, index: number, bits: number): number => {
  const bit = index * bits;
  const byte = bit >> 3;
  const pair = (bytes[byte] ?? 0) | ((bytes[byte + 1] ?? 0) << 8);
  return (pair >> (bit & 7)) & (2 ** bits - 1);
};

/** Numbers in `raw_data` of exactly `rawBytes`; undefined for complex numbers, texts and unknown types. */
export const decodeRaw = (dataType: number, bytes: Uint8Array, count: number): readonly number[] | undefined => {
  const type = ELEMENT_TYPES[dataType];
  const { read, fromBits } = type ?? {};
  if (type !== undefined && read !== undefined) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: count }, (_, index) => read(view, index * (type.bits / 8)));
  }
  if (type === undefined || fromBits === undefined) return undefined;
  return Array.from({ length: count }, (_, index) => fromBits(codeAt(bytes, index, type.bits)));
};

/** Elements per number of `int32_data`: types of 4 and 2 bits share a byte there, those of 6 do not. */
const elementsPerInt32 = (dataType: number): number => {
  const bits = bitsPerElement(dataType) ?? 32;
  return bits === 4 || bits === 2 ? 8 / bits : 1;
};

/** How many numbers `float_data`, `int32_data` and their like have for `count` elements. */
export const typedLength = (dataType: number, count: number): number =>
  dataType === 14 || dataType === 15 ? 2 * count : Math.ceil(count / elementsPerInt32(dataType));

/** Elements from the numbers of `int32_data`, where small types are stored as bits. */
export const fromInt32Data = (dataType: number, stored: readonly number[], count: number): readonly number[] => {
  const fromBits = ELEMENT_TYPES[dataType]?.fromBits;
  if (fromBits === undefined) return stored;
  const bits = bitsPerElement(dataType) ?? 32;
  if (elementsPerInt32(dataType) === 1) return stored.map((code) => fromBits(code & (2 ** bits - 1)));
  const bytes = Uint8Array.from(stored);
  return Array.from({ length: count }, (_, index) => fromBits(codeAt(bytes, index, bits)));
};
