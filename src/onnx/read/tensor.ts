/** TensorProto and SparseTensorProto: everything but the contents, and those only where they are few. */
import type { Payload, SparseTensorRecord, TensorRecord } from '../records.ts';
import { bitsPerElement, decodeRaw, fromInt32Data, isFloatType, rawBytes, typedLength } from './elements.ts';
import { quoted } from './error.ts';
import { MAX_SMALL_FLOATS, MAX_SMALL_INTEGERS, MAX_SMALL_STRINGS } from './limits.ts';
import {
  type ByteRange,
  child,
  type FinishContext,
  longText,
  type MessageType,
  message,
  type NumberList,
  number,
  numberList,
  numbers,
  text,
} from './schema.ts';

/** More dimensions than any operator takes; a bound so that dims are no way to fill memory. */
const MAX_RANK = 1024;
/** Longer items of `string_data` are no constants that an analysis could use. */
const MAX_SMALL_TEXT_BYTES = 4096;
const STRING = 8;
const EXTERNAL = 1;

interface TensorDraft {
  name: string;
  dataType: number;
  readonly dims: NumberList;
  raw: ByteRange | undefined;
  /** `float_data` and its like; the one of the type, in a file that is right. */
  typed: NumberList | undefined;
  isInt32: boolean;
  strings: string[] | undefined;
  stringCount: number;
  stringOffset: number;
  stringBytes: number;
  hasLongString: boolean;
  isExternal: boolean;
  external: Map<string, string> | undefined;
}

const typedList = (draft: TensorDraft, limit: number): NumberList => {
  draft.typed ??= numberList(limit, false);
  return draft.typed;
};

/** Infinity past what a double holds; NaN is no small count either. */
const elementCount = (dims: readonly number[]): number => dims.reduce((product, dim) => product * dim, 1);

const isSmall = (dataType: number, count: number): boolean =>
  count <= (isFloatType(dataType) ? MAX_SMALL_FLOATS : MAX_SMALL_INTEGERS);

/** The contents that are worth reading: few, numbers, and of the length that type and dims ask for. */
const smallRaw = ({ dataType, dims, raw, isExternal }: TensorDraft): ByteRange | undefined => {
  if (raw === undefined || isExternal || dims.count > MAX_RANK) return undefined;
  const count = elementCount(dims.values);
  const isWanted = count >= 0 && isSmall(dataType, count) && raw.length === rawBytes(dataType, count);
  return isWanted ? raw : undefined;
};

const externalNumber = (draft: TensorDraft, key: string, context: FinishContext): number | undefined => {
  const text = draft.external?.get(key);
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value)) {
    context.fail('malformed-field', `${key} of external data is ${quoted(text)}, no number of bytes`);
  }
  return value;
};

const payloadOf = (draft: TensorDraft, context: FinishContext): Payload => {
  if (draft.isExternal) {
    return {
      kind: 'external',
      location: draft.external?.get('location') ?? '',
      offset: externalNumber(draft, 'offset', context) ?? 0,
      byteLength: externalNumber(draft, 'length', context),
    };
  }
  if (draft.raw !== undefined) return { kind: 'raw', offset: draft.raw.offset, byteLength: draft.raw.length };
  const { typed } = draft;
  if (typed !== undefined && typed.offset >= 0) {
    return { kind: 'typed', offset: typed.offset, byteLength: typed.byteLength };
  }
  if (draft.stringCount > 0) return { kind: 'typed', offset: draft.stringOffset, byteLength: draft.stringBytes };
  return { kind: 'none' };
};

/** What the payload has and what type and dims ask for, where both are known and differ. */
const mismatch = (draft: TensorDraft, payload: Payload, count: number): string | undefined => {
  const { dataType, typed } = draft;
  if (payload.kind === 'raw' || (payload.kind === 'external' && payload.byteLength !== undefined)) {
    const wanted = rawBytes(dataType, count);
    if (wanted === undefined || wanted === payload.byteLength) return undefined;
    return `${payload.byteLength} bytes of data where its type and dims need ${wanted}`;
  }
  if (dataType === STRING && draft.stringCount > 0 && draft.stringCount !== count) {
    return `${draft.stringCount} texts where its dims need ${count}`;
  }
  if (payload.kind !== 'typed' || typed === undefined || bitsPerElement(dataType) === undefined) return undefined;
  const wanted = typedLength(dataType, count);
  if (Number.isNaN(typed.count) || typed.count === wanted) return undefined;
  return `${typed.count} numbers of data where its type and dims need ${wanted}`;
};

const valuesOf = (draft: TensorDraft, count: number, raw: Uint8Array | undefined): readonly number[] | undefined => {
  const { dataType, typed } = draft;
  if (raw !== undefined) return decodeRaw(dataType, raw, count);
  if (draft.isExternal || draft.raw !== undefined || !isSmall(dataType, count)) return undefined;
  const bits = bitsPerElement(dataType);
  // Complex numbers are pairs, and no analysis wants their values.
  if (typed === undefined || bits === undefined || dataType === 14 || dataType === 15) return undefined;
  if (typed.count !== typed.values.length || typed.count !== typedLength(dataType, count)) return undefined;
  return draft.isInt32 ? fromInt32Data(dataType, typed.values, count) : typed.values;
};

const finishTensor = (draft: TensorDraft, context: FinishContext, raw: Uint8Array | undefined): TensorRecord => {
  const { name, dataType, strings } = draft;
  const dims = dimsOf(draft.dims, context);
  const count = elementCount(dims);
  const payload = payloadOf(draft, context);
  const problem = mismatch(draft, payload, count);
  const path = problem === undefined ? '' : context.path();
  if (problem !== undefined) context.warn({ code: 'size-mismatch', path, message: `${path}: ${problem}` });
  const record: TensorRecord = { name, dataType, dims, payload };
  if (dataType === STRING) {
    const isWhole = draft.stringCount === count && count <= MAX_SMALL_STRINGS && !draft.hasLongString;
    return isWhole && !draft.isExternal ? { ...record, strings: strings ?? [] } : record;
  }
  const values = valuesOf(draft, count, raw);
  return values === undefined ? record : { ...record, values };
};

const dimsOf = (dims: NumberList, context: FinishContext): readonly number[] => {
  if (dims.count > MAX_RANK) context.fail('too-many-items', `${dims.count} dimensions; at most ${MAX_RANK} are read`);
  const negative = dims.values.find((dim) => dim < 0);
  if (negative !== undefined) context.fail('negative-dimension', `a dimension of ${negative}`);
  const count = elementCount(dims.values.filter((dim) => dim > 0));
  if (count > Number.MAX_SAFE_INTEGER) {
    context.fail('too-many-elements', `dimensions [${dims.values.slice(0, 8).join(', ')}]: more than 2^53 elements`);
  }
  return dims.values;
};

const ENTRY = message<{ key: string; value: string; fullLength: number }, readonly [string, string]>({
  start: () => ({ key: '', value: '', fullLength: 0 }),
  fields: {
    1: text('key', (draft, key) => {
      draft.key = key;
    }),
    2: longText('value', (draft, value, byteLength) => {
      draft.value = value;
      draft.fullLength = byteLength;
    }),
  },
  finish: ({ key, value, fullLength }, { limits }) => [key, fullLength > limits.maxTextBytes ? `${value}...` : value],
});

/** A StringStringEntryProto; a value that was cut ends in three dots. */
export const entryType = (): MessageType<readonly [string, string]> => ENTRY;

export const TENSOR: MessageType<TensorRecord> = message<TensorDraft, TensorRecord>({
  cost: 320,
  start: () => ({
    name: '',
    dataType: 0,
    dims: numberList(MAX_RANK, true),
    raw: undefined,
    typed: undefined,
    isInt32: false,
    strings: undefined,
    stringCount: 0,
    stringOffset: 0,
    stringBytes: 0,
    hasLongString: false,
    isExternal: false,
    external: undefined,
  }),
  fields: {
    1: numbers('dims', 'int64', (draft) => draft.dims),
    2: number('data_type', 'int32', (draft, value) => {
      draft.dataType = value;
    }),
    4: numbers('float_data', 'float', (draft) => typedList(draft, MAX_SMALL_FLOATS)),
    5: numbers('int32_data', 'int32', (draft) => {
      draft.isInt32 = true;
      return typedList(draft, MAX_SMALL_INTEGERS);
    }),
    6: longText('string_data', (draft, value, byteLength, offset) => {
      if (draft.stringCount === 0) draft.stringOffset = offset;
      draft.stringCount += 1;
      draft.stringBytes += byteLength;
      if (byteLength > MAX_SMALL_TEXT_BYTES) draft.hasLongString = true;
      if (draft.stringCount > MAX_SMALL_STRINGS || draft.hasLongString) return false;
      draft.strings ??= [];
      return draft.strings.push(value);
    }),
    7: numbers('int64_data', 'int64', (draft) => typedList(draft, MAX_SMALL_INTEGERS)),
    8: text('name', (draft, value) => {
      draft.name = value;
    }),
    9: {
      kind: 'extent',
      name: 'raw_data',
      set: (draft, extent) => {
        draft.raw = extent;
      },
    },
    10: numbers('double_data', 'double', (draft) => typedList(draft, MAX_SMALL_FLOATS)),
    11: numbers('uint64_data', 'uint64', (draft) => typedList(draft, MAX_SMALL_INTEGERS)),
    13: child('external_data', entryType, (draft, [key, value]) => {
      draft.external ??= new Map();
      draft.external.set(key, value);
    }),
    14: number('data_location', 'int32', (draft, value) => {
      draft.isExternal = value === EXTERNAL;
    }),
  },
  contents: smallRaw,
  finish: finishTensor,
});

/** What stands where a sparse tensor leaves out one of its two parts. */
const NO_TENSOR: TensorRecord = { name: '', dataType: 0, dims: [0], payload: { kind: 'none' } };

interface SparseDraft {
  /** That of `values`, by which the whole is known. */
  name: string;
  values: TensorRecord;
  indices: TensorRecord;
  readonly dims: NumberList;
}

export const SPARSE_TENSOR: MessageType<SparseTensorRecord> = message<SparseDraft, SparseTensorRecord>({
  cost: 240,
  start: () => ({ name: '', values: NO_TENSOR, indices: NO_TENSOR, dims: numberList(MAX_RANK, true) }),
  fields: {
    1: child(
      'values',
      () => TENSOR,
      (draft, tensor) => {
        draft.values = tensor;
        draft.name = tensor.name;
      },
    ),
    2: child(
      'indices',
      () => TENSOR,
      (draft, tensor) => {
        draft.indices = tensor;
      },
    ),
    3: numbers('dims', 'int64', (draft) => draft.dims),
  },
  finish: ({ values, indices, dims }, context) => ({ values, indices, dims: dimsOf(dims, context) }),
});
