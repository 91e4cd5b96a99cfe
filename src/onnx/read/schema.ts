/** How a message is described to the parser: its fields by number, and what to do with each. */
import type { ReadWarning } from '../records.ts';
import type { OnnxReadErrorCode } from './error.ts';
import type { ReadLimits } from './limits.ts';

export interface ByteRange {
  readonly offset: number;
  readonly length: number;
}

/** How a number is written: varints of these types, or 4 and 8 bytes, little-endian. */
export type NumberEncoding = 'int64' | 'int32' | 'uint64' | 'float' | 'double';

export const FIXED_BYTES: Readonly<Record<NumberEncoding, number>> = {
  int64: 0,
  int32: 0,
  uint64: 0,
  float: 4,
  double: 8,
};

/** Numbers of a repeated field: the first `limit` of them, and where all of them lie. */
export interface NumberList {
  readonly values: number[];
  readonly limit: number;
  /** Whether varints past the limit are counted, which means that they are read. */
  readonly isCounted: boolean;
  /** Not a number where varints were passed over without counting. */
  count: number;
  /** First byte of the first run; -1 where there is none. */
  offset: number;
  byteLength: number;
}

/** Of a repeated field that is not there: shared, because most tensors leave most lists out. */
export const numberList = (limit: number, isCounted: boolean): NumberList => ({
  values: [],
  limit,
  isCounted,
  count: 0,
  offset: -1,
  byteLength: 0,
});

/**
 * A field of a message that is collected in a draft `D`. Members are methods, so that a field of one draft is a field
 * of drafts in general: the parser only ever hands a draft back to the message that began it.
 */
export type Field<D> = { readonly name: string } & (
  | { readonly kind: 'message'; type(): MessageType<unknown>; set(draft: D, record: unknown): void }
  /**
   * `byteLength` is that in the file: more than the text has where a cut text is longer than the limit. `set` returns
   * false where it kept nothing.
   */
  | {
      readonly kind: 'text';
      readonly cut: boolean;
      set(draft: D, text: string, byteLength: number, offset: number): unknown;
    }
  | { readonly kind: 'number'; readonly encoding: NumberEncoding; set(draft: D, value: number): void }
  | { readonly kind: 'numbers'; readonly encoding: NumberEncoding; list(draft: D): NumberList }
  /** Bytes that stay where they are. */
  | { readonly kind: 'extent'; set(draft: D, extent: ByteRange): void }
);

export interface FinishContext {
  readonly limits: ReadLimits;
  fail(code: OnnxReadErrorCode, sentence: string): never;
  warn(warning: ReadWarning): void;
  /** Where the message lies, for a warning. */
  path(): string;
}

export interface MessageType<R> {
  /** Estimated memory of an empty one, in bytes. */
  readonly cost: number;
  /** By field number. */
  readonly fields: readonly (Field<unknown> | undefined)[];
  start(limits: ReadLimits): unknown;
  /** Bytes that `finish` wants to see. */
  contents?(draft: unknown): ByteRange | undefined;
  finish(draft: unknown, context: FinishContext, contents: Uint8Array | undefined): R;
}

/** A record of two or three fields. */
const SMALL_COST = 64;

/** The parser sees drafts as unknown: what `start` made is what `set` and `finish` get. */
export const message = <D, R>(description: {
  readonly cost?: number;
  readonly fields: Readonly<Record<number, Field<D>>>;
  start(limits: ReadLimits): D;
  contents?(draft: D): ByteRange | undefined;
  finish(draft: D, context: FinishContext, contents: Uint8Array | undefined): R;
}): MessageType<R> => {
  const fields: (Field<unknown> | undefined)[] = [];
  for (const [number, field] of Object.entries(description.fields)) fields[Number(number)] = field;
  return { cost: SMALL_COST, ...description, fields: Array.from(fields) };
};

type SetText<D> = (draft: D, text: string, byteLength: number, offset: number) => unknown;

export const text = <D>(name: string, set: SetText<D>): Field<D> => ({
  kind: 'text',
  name,
  cut: false,
  set,
});

/** A text that may be long and is no name. */
export const longText = <D>(name: string, set: SetText<D>): Field<D> => ({
  kind: 'text',
  name,
  cut: true,
  set,
});

export const child = <D, R>(
  name: string,
  type: () => MessageType<R>,
  set: (draft: D, record: R) => void,
): Field<D> => ({ kind: 'message', name, type, set: set as (draft: D, record: unknown) => void });

export const number = <D>(
  name: string,
  encoding: NumberEncoding,
  set: (draft: D, value: number) => void,
): Field<D> => ({ kind: 'number', name, encoding, set });

export const numbers = <D>(name: string, encoding: NumberEncoding, list: (draft: D) => NumberList): Field<D> => ({
  kind: 'numbers',
  name,
  encoding,
  list,
});
