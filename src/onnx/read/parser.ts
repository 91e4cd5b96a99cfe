/**
 * Protobuf's wire format (https://protobuf.dev/programming-guides/encoding/) read through a small window that moves over
 * the source. The parser is one loop over an explicit stack: no depth overflows it, and between two steps it can stop
 * and ask for bytes, so that the same code reads a buffer, a file and a Blob whose bytes come later. A step that lacks
 * bytes changes nothing and is done again.
 */

import type { ReadWarning } from '../records.ts';
import { OnnxReadError, type OnnxReadErrorCode, quoted } from './error.ts';
import { DEFAULT_LIMITS, type ReadOptions } from './limits.ts';
import {
  type ByteRange,
  FIXED_BYTES,
  type Field,
  type FinishContext,
  type MessageType,
  type NumberEncoding,
  type NumberList,
} from './schema.ts';
import { textDecoder } from './text.ts';

export interface Parser<R> {
  /** Parses as far as the bytes go: the bytes wanted next, or undefined at the end. Throws `OnnxReadError`. */
  run(): ByteRange | undefined;
  /** Answers `run` with exactly what it asked for. */
  supply(range: ByteRange, bytes: Uint8Array): void;
  /** After the end. */
  result(): R;
  warnings(): readonly ReadWarning[];
  /** Messages read to their end: a file of another kind comes to few. */
  messagesRead(): number;
}

interface Frame {
  readonly type: MessageType<unknown>;
  readonly draft: unknown;
  readonly start: number;
  readonly end: number;
  readonly parent: Frame | undefined;
  /** The field of the parent that this is. */
  readonly field: Field<unknown> | undefined;
}

const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;
const WIRE_TYPE_NAMES = [
  'a varint',
  '8 bytes',
  'a length',
  'a group',
  'the end of a group',
  '4 bytes',
  'type 6',
  'type 7',
];

/** A tag and a length, or a tag and a number, of at most ten bytes each. */
const HEADER_BYTES = 20;
const VARINT_BYTES = 10;
const DEFAULT_READ_AHEAD = 4096;
/** Consecutive reads grow up to this. */
const MAX_READ_AHEAD = 256 * 1024;
/** Estimates for `maxRecordBytes`, in bytes: a text besides its characters, and a number. */
const TEXT_COST = 32;
const BYTES_PER_CHARACTER = 2;
const NUMBER_COST = 8;
/** In a run of numbers of one kind a byte is less work than a field is. */
const BYTES_PER_FIELD_OF_WORK = 8;
const MAX_WARNINGS = 100;

const NO_BYTES = new Uint8Array(0);
const TWO_32 = 2 ** 32;

export const parser = <R>(
  { size, readAheadBytes = DEFAULT_READ_AHEAD }: { readonly size: number; readonly readAheadBytes?: number },
  root: MessageType<R>,
  options: ReadOptions = {},
): Parser<R> => {
  const limits = { ...DEFAULT_LIMITS, ...options };
  const decodeText = textDecoder();
  const found: ReadWarning[] = [];
  let bytes: Uint8Array = NO_BYTES;
  let view = new DataView(bytes.buffer);
  let base = 0;
  let windowEnd = 0;
  let readAhead = readAheadBytes;
  let wanted: ByteRange | undefined;

  let at = 0;
  let low = 0;
  let high = 0;
  let depth = 0;
  let fieldsSeen = 0;
  let recordBytes = 0;
  let messagesRead = 0;
  let frame: Frame | undefined;
  let result: unknown;
  /** A run of packed numbers under way: up to `end`, after which reading goes on at `next`. */
  let packed:
    | { readonly list: NumberList; readonly encoding: NumberEncoding; readonly end: number; readonly next: number }
    | undefined;

  const path = (): string => {
    const parts: string[] = [];
    for (let each = frame; each?.field !== undefined; each = each.parent) {
      const { draft } = each;
      const named = typeof draft === 'object' && draft !== null && 'name' in draft ? draft.name : '';
      // A graph's own name says nothing about where it is.
      const isNamed = typeof named === 'string' && named !== '' && !each.field.name.startsWith('graph');
      parts.unshift(isNamed ? `${each.field.name} ${quoted(named)}` : each.field.name);
    }
    // Deep nesting repeats itself: its two ends say what there is to say.
    return (parts.length > 12 ? [...parts.slice(0, 6), '...', ...parts.slice(-5)] : parts).join(' / ');
  };
  const fail = (code: OnnxReadErrorCode, sentence: string, offset = at): never => {
    throw new OnnxReadError(code, sentence, { path: path(), offset });
  };
  const context: FinishContext = {
    limits,
    fail: (code, sentence) => fail(code, sentence, frame?.start),
    warn: (warning) => {
      if (found.length < MAX_WARNINGS) found.push(warning);
      else if (found.length === MAX_WARNINGS) {
        found.push({ code: 'too-many-warnings', path: '', message: `only the first ${MAX_WARNINGS} are listed` });
      }
    },
    path,
  };

  const has = (offset: number, length: number): boolean => {
    if (offset >= base && offset + length <= windowEnd) return true;
    // Reading on grows; after a jump over a payload little is wanted before the next one.
    const isReadingOn = offset >= base && offset <= windowEnd;
    readAhead = isReadingOn ? Math.min(readAhead * 2, Math.max(MAX_READ_AHEAD, readAheadBytes)) : readAheadBytes;
    wanted = { offset, length: Math.min(Math.max(length, readAhead), size - offset) };
    return false;
  };
  const charge = (cost: number): void => {
    recordBytes += cost;
    if (recordBytes > limits.maxRecordBytes) {
      fail('too-many-items', `more items than ${Math.round(limits.maxRecordBytes / 2 ** 20)} MiB of memory hold`);
    }
  };
  const work = (fields: number): void => {
    fieldsSeen += fields;
    if (fieldsSeen > limits.maxFields) fail('work-limit', `more than ${limits.maxFields} fields`);
  };

  /** Reads 64 bits into `low` and `high`, both unsigned. The window holds them as far as `end` allows. */
  const readVarint = (end: number): void => {
    let index = at - base;
    const stop = Math.min(end, at + VARINT_BYTES) - base;
    low = 0;
    high = 0;
    for (let shift = 0; index < stop; shift += 7) {
      const byte = bytes[index++] ?? 0;
      const part = byte & 0x7f;
      if (shift < 28) low |= part << shift;
      else if (shift === 28) {
        low |= part << 28;
        high = part >>> 4;
      } else high |= part << (shift - 32);
      if (byte < 0x80) {
        at = base + index;
        low >>>= 0;
        high >>>= 0;
        return;
      }
    }
    if (stop + base === end) {
      fail(end === size ? 'truncated-file' : 'malformed-varint', 'a number runs past the end of its message');
    }
    fail('malformed-varint', 'a number of more than ten bytes');
  };
  /** The number last read, as a type of protobuf. */
  const asNumber = (encoding: NumberEncoding): number => {
    if (encoding === 'int32') return low | 0;
    const upper = encoding === 'int64' ? high | 0 : high;
    const value = upper * TWO_32 + low;
    return Number.isSafeInteger(value) ? value : value < 0 ? -Infinity : Infinity;
  };
  const readNumber = (encoding: NumberEncoding, end: number): number => {
    const width = FIXED_BYTES[encoding];
    if (width === 0) {
      readVarint(end);
      return asNumber(encoding);
    }
    if (at + width > end)
      fail(end === size ? 'truncated-file' : 'malformed-field', 'a number runs past the end of its message');
    const value = width === 4 ? view.getFloat32(at - base, true) : view.getFloat64(at - base, true);
    at += width;
    return value;
  };
  const readLength = (name: string, end: number): number => {
    readVarint(end);
    const length = high * TWO_32 + low;
    if (length > end - at) {
      if (length > size - at) fail('truncated-file', `${name} of ${length} bytes ends after the end of the file`);
      fail('malformed-field', `${name} of ${length} bytes ends after the message that it is in`);
    }
    return length;
  };
  const take = (list: NumberList, value: number): void => {
    list.count += 1;
    if (list.values.length >= list.limit) return;
    charge(NUMBER_COST);
    list.values.push(value);
  };

  const skip = (wire: number, end: number): void => {
    if (wire === VARINT) readVarint(end);
    else if (wire === LENGTH) {
      const length = readLength('a field', end);
      at += length;
    } else if (wire === FIXED64 || wire === FIXED32) {
      at += wire === FIXED64 ? 8 : 4;
      if (at > end)
        fail(end === size ? 'truncated-file' : 'malformed-field', 'a field runs past the end of its message');
    } else fail('malformed-field', `${WIRE_TYPE_NAMES[wire]}, which ONNX has none of`);
  };

  const beginNumbers = (
    field: Field<unknown> & { kind: 'numbers' },
    wire: number,
    tag: number,
    inside: Frame,
  ): void => {
    const { end } = inside;
    const { encoding } = field;
    const list = field.list(inside.draft);
    const width = FIXED_BYTES[encoding];
    if (wire === LENGTH) {
      const length = readLength(field.name, end);
      if (list.offset < 0) list.offset = at;
      list.byteLength += length;
      const room = list.limit - list.values.length;
      if (width > 0) {
        if (length % width !== 0) fail('malformed-field', `${field.name} of ${length} bytes, no multiple of ${width}`);
        const kept = Math.min(room, length / width);
        list.count += length / width - kept;
        packed = { list, encoding, end: at + kept * width, next: at + length };
      } else {
        // A varint has at least one byte, so a run may be long and its numbers few: only then it is read.
        const isPassed = !list.isCounted && length > room * VARINT_BYTES;
        if (isPassed) list.count = NaN;
        packed = { list, encoding, end: isPassed ? at : at + length, next: at + length };
      }
      return;
    }
    expectWire(field, wire, width === 0 ? VARINT : width === 4 ? FIXED32 : FIXED64);
    const first = at;
    if (list.offset < 0) list.offset = at;
    for (;;) {
      const start = at;
      take(list, readNumber(encoding, end));
      list.byteLength += at - start;
      // The next of the same list, as long as the window surely holds it.
      if (at >= end || at + VARINT_BYTES >= windowEnd || bytes[at - base] !== tag || tag > 0x7f) break;
      at += 1;
    }
    work((at - first) / BYTES_PER_FIELD_OF_WORK);
  };

  const continuePacked = (run: NonNullable<typeof packed>): boolean => {
    const { list, encoding, end, next } = run;
    const first = at;
    while (at < end) {
      if (!has(at, Math.min(VARINT_BYTES, end - at))) break;
      take(list, readNumber(encoding, end));
    }
    work((at - first) / BYTES_PER_FIELD_OF_WORK);
    if (at < end) return false;
    at = next;
    packed = undefined;
    return true;
  };

  const expectWire = (field: Field<unknown>, wire: number, expected: number): void => {
    if (wire === expected) return;
    fail('malformed-field', `${field.name} is ${WIRE_TYPE_NAMES[wire]} where ONNX has ${WIRE_TYPE_NAMES[expected]}`);
  };

  const open = (type: MessageType<unknown>, end: number, field: Field<unknown> | undefined): void => {
    depth += 1;
    if (depth > limits.maxDepth) fail('nesting-too-deep', `more than ${limits.maxDepth} messages inside each other`);
    charge(type.cost);
    frame = { type, draft: type.start(limits), start: at, end, parent: frame, field };
  };

  const close = (inside: Frame): boolean => {
    const { type, draft, parent, field } = inside;
    const range = type.contents?.(draft);
    if (range !== undefined && !has(range.offset, range.length)) return false;
    const contents =
      range === undefined ? undefined : bytes.subarray(range.offset - base, range.offset - base + range.length);
    const record = type.finish(draft, context, contents);
    depth -= 1;
    messagesRead += 1;
    frame = parent;
    if (parent === undefined) result = record;
    else if (field?.kind === 'message') field.set(parent.draft, record);
    return true;
  };

  /** One field, or the end of a message; false where bytes are missing. */
  const step = (inside: Frame): boolean => {
    const { end, draft } = inside;
    if (at === end) return close(inside);
    if (!has(at, Math.min(HEADER_BYTES, end - at))) return false;
    const start = at;
    readVarint(end);
    const tag = low;
    const wire = tag & 7;
    const number = tag >>> 3;
    if (number === 0 || high !== 0) fail('malformed-field', 'a field without a valid number', start);
    const field = inside.type.fields[number];
    work(1);
    if (field === undefined) {
      skip(wire, end);
      return true;
    }
    switch (field.kind) {
      case 'message':
        expectWire(field, wire, LENGTH);
        open(field.type(), readLength(field.name, end) + at, field);
        return true;
      case 'text': {
        expectWire(field, wire, LENGTH);
        const length = readLength(field.name, end);
        const kept = Math.min(length, field.cut ? limits.maxTextBytes : limits.maxNameBytes);
        if (kept < length && !field.cut) {
          fail('name-too-long', `${field.name} of ${length} bytes; at most ${limits.maxNameBytes} are read`, start);
        }
        if (!has(start, at - start + kept)) {
          at = start;
          return false;
        }
        const isKept = field.set(draft, decodeText(bytes, at - base, at - base + kept), length, at);
        if (isKept !== false) charge(TEXT_COST + kept * BYTES_PER_CHARACTER);
        at += length;
        return true;
      }
      case 'number': {
        const width = FIXED_BYTES[field.encoding];
        expectWire(field, wire, width === 0 ? VARINT : width === 4 ? FIXED32 : FIXED64);
        field.set(draft, readNumber(field.encoding, end));
        return true;
      }
      case 'numbers':
        beginNumbers(field, wire, tag, inside);
        return true;
      case 'extent': {
        expectWire(field, wire, LENGTH);
        const length = readLength(field.name, end);
        field.set(draft, { offset: at, length });
        at += length;
        return true;
      }
    }
  };

  open(root, size, undefined);
  return {
    run: () => {
      for (;;) {
        const isDone = packed !== undefined ? continuePacked(packed) : frame === undefined || step(frame);
        if (!isDone) return wanted;
        if (frame === undefined) return undefined;
      }
    },
    supply: (range, given) => {
      if (given.byteLength !== range.length) {
        fail('unreadable-source', `${given.byteLength} bytes where ${range.length} should be`, range.offset);
      }
      bytes = given;
      view = new DataView(given.buffer, given.byteOffset, given.byteLength);
      base = range.offset;
      windowEnd = base + given.byteLength;
    },
    result: () => result as R,
    warnings: () => found,
    messagesRead: () => messagesRead,
  };
};
