/** Cells of a table to values: an empty one is `undefined`, one that cannot be what it should is an issue. */
const SECONDS_IN: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  // The micro sign and the Greek letter look alike.
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  sec: 1,
};
/** A vision transformer at 8192 is still counted exactly. */
const MAX_RESOLUTION = 8192;

/** No figure is longer. Patterns are quick on what is short. */
const MAX_CHARACTERS = 100;
const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const WITH_TIME_UNIT = /^(.*\d\.?)\s*(ns|us|µs|μs|ms|s|sec)$/i;

export const shown = (text: string): string => `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;

/** An issue less its place, which the row knows. */
export interface CellIssue {
  readonly code: string;
  readonly message: string;
}
export type Read<Value> = { readonly value: Value | undefined } | CellIssue;

export const isIssue = <Value>(read: Read<Value>): read is CellIssue => 'code' in read;

const positive = (text: string, unit: number): Read<number> => {
  if (text.length <= MAX_CHARACTERS && NUMBER.test(text)) {
    const value = Number(text) * unit;
    if (!Number.isFinite(value)) return { code: 'not-finite', message: `${shown(text)} is too large for a number` };
    return value > 0 ? { value } : { code: 'not-positive', message: `${shown(text)}: expected more than zero` };
  }
  if (/^[+-]?(nan|inf(inity)?)$/i.test(text)) {
    return { code: 'not-finite', message: `${shown(text)}: expected a finite number` };
  }
  if (/^[+-]?\d+,\d+$/.test(text)) {
    return { code: 'decimal-comma', message: `${shown(text)} has a decimal comma: expected a decimal point` };
  }
  return { code: 'not-a-number', message: `${shown(text)}: expected a number` };
};

/** A figure of a column whose unit is `unit` in SI. */
export const figureCell = (text: string, unit: number): Read<number> =>
  text === '' ? { value: undefined } : positive(text, unit);

/** A time, whose unit stands in the cell or is that of the column; NaN for a column that has none. */
export const timeCell = (text: string, columnSeconds: number): Read<number> => {
  const timed = text.length > MAX_CHARACTERS ? null : WITH_TIME_UNIT.exec(text);
  const unit = SECONDS_IN[timed?.[2]?.toLowerCase() ?? ''];
  if (timed?.[1] === undefined || unit === undefined) {
    const isBare = Number.isNaN(columnSeconds) && text.length <= MAX_CHARACTERS && NUMBER.test(text);
    return isBare
      ? {
          code: 'missing-unit',
          message: `${shown(text)} has no unit: expected one such as ms in the cell or in the column's name`,
        }
      : figureCell(text, columnSeconds);
  }
  return positive(timed[1].trim(), unit);
};

export const hasTimeUnit = (text: string): boolean => text.length <= MAX_CHARACTERS && WITH_TIME_UNIT.test(text);

export const wholeCell = (text: string, name: string, max: number): Read<number> => {
  if (text === '') return { value: undefined };
  const value = /^\d{1,9}(?:\.0+)?$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return { value };
  const message = `${shown(text)}: expected a whole number from 1 to ${max}`;
  return { code: `invalid-${name}`, message };
};

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** "224", "224x224", "224x224x3" and "3x224x224". */
export const imageSizeCell = (text: string): Read<ImageSize> => {
  if (text === '') return { value: undefined };
  const words = text.slice(0, MAX_CHARACTERS).split(/\s*[x×*]\s*/i);
  const MAX_CHANNELS = 4;
  const isChannels = (word: string | undefined): boolean => Number(word) <= MAX_CHANNELS;
  const pixels = words.length !== 3 ? words : isChannels(words[0]) ? words.slice(1) : words.slice(0, 2);
  const [height, width = height] = pixels.map((word) => wholeCell(word, 'resolution', MAX_RESOLUTION));
  if (pixels.length > 2 || height === undefined || width === undefined) {
    return { code: 'invalid-resolution', message: `${shown(text)}: expected pixels, as 224 or 224x224` };
  }
  if (isIssue(height)) return height;
  if (isIssue(width)) return width;
  if (height.value === undefined || width.value === undefined) return { value: undefined };
  return { value: { height: height.value, width: width.value } };
};
