/** Finds quantities in text: "11.5K FPS", "20-24 ms", "6.1B inferences/day", "2.54M", "38 %", "10×". */
import { SECONDS_PER_HOUR as HOUR, SECONDS_PER_DAY } from '../units/quantity.ts';
import { type Printed, parseNumber } from './printed.ts';

export type QuantityKind =
  | 'time'
  | 'rate'
  | 'energy'
  | 'power'
  | 'bytes'
  | 'bandwidth'
  | 'operation-rate'
  | 'flops'
  | 'macs'
  | 'percent'
  | 'ratio'
  /** Width by height of an image. */
  | 'size'
  /** Without a unit; the noun after it says what is counted. */
  | 'count';

export interface TextQuantity {
  readonly kind: QuantityKind;
  /** In SI base units; percent as printed. */
  readonly printed: Printed;
  /** Whether "about" or a tilde stands before it. */
  readonly about: boolean;
  readonly text: string;
  readonly index: number;
  readonly end: number;
}

interface Unit {
  readonly kind: QuantityKind;
  readonly scale: number;
}

const WEEK_DAYS = 7;
/** Of the Gregorian calendar, in the mean. */
const YEAR_DAYS = 365.2425;
const MONTHS = 12;
const PREFIXES: Readonly<Record<string, number>> = {
  ...{ '': 1, n: 1e-9, u: 1e-6, µ: 1e-6, μ: 1e-6, m: 1e-3, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12, P: 1e15 },
  ...{ Ki: 1024, ki: 1024, Mi: 1024 ** 2, Gi: 1024 ** 3, Ti: 1024 ** 4 },
};
const TIMES: Readonly<Record<string, number>> = {
  ...{ ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, sec: 1, secs: 1, second: 1, seconds: 1 },
  ...{ msec: 1e-3, millisecond: 1e-3, milliseconds: 1e-3, microsecond: 1e-6, microseconds: 1e-6 },
  ...{ min: 60, minute: 60, minutes: 60, h: HOUR, hr: HOUR, hrs: HOUR, hour: HOUR, hours: HOUR },
  ...{ day: SECONDS_PER_DAY, days: SECONDS_PER_DAY, week: WEEK_DAYS * SECONDS_PER_DAY },
  ...{ weeks: WEEK_DAYS * SECONDS_PER_DAY, year: YEAR_DAYS * SECONDS_PER_DAY, years: YEAR_DAYS * SECONDS_PER_DAY },
  ...{ month: (YEAR_DAYS / MONTHS) * SECONDS_PER_DAY, months: (YEAR_DAYS / MONTHS) * SECONDS_PER_DAY },
};

const RATE =
  /^(?:(FPS|fps|IPS|ips|QPS|RPS)|([kM]?)Hz|(?:frames?|inferences?|images?|imgs?|samples?|requests?|queries|items?)?(?:\s+per\s+|\s+a\s+|\/)(second|sec|s|minute|min|hour|h|day)|(img|images?|inferences?)\/(s))(?![A-Za-z])/;
const TIME =
  /^(ns|us|µs|μs|ms|msec|millisecond|microsecond|secs?|seconds?|milliseconds|microseconds|s|min|minutes?|hours?|hrs?|h|days?|weeks?|months?|years?)(?![A-Za-z/])/;
const BANDWIDTH = /^([kKMGT]i?)B\/s(?:ec)?(?![A-Za-z])/;
const BYTES = /^(?:([kKMGT]i?)B|(bytes))(?![A-Za-z/])/;
const ENERGY = /^(?:([numµμkM]?)J|([mkM]?)Wh|(joules?))(?![A-Za-z/])/;
const POWER = /^(?:([umµμkM]?)W|(watts?))(?![A-Za-z/])/;
const OPERATION_RATE = /^(?:([kMGTP]?)(?:FLOP|OP|MAC)\/s|([TP])(?:FLOPS|OPS|FLOPs))(?![A-Za-z])/;
const WORK = /^([kMGTP]?)(FLOPs?|FLOPS|MACs?|MAdds?|Mult-Adds)(?![A-Za-z/])/;
const PERCENT = /^(?:%|percent(?![A-Za-z]))/;
const RATIO = /^(?:×|x(?![A-Za-z0-9])|times(?![A-Za-z]))/;
const SCALE = /^([KkMGBT])(?![A-Za-z])/;
const BILLION = 1e9;

const prefix = (text: string | undefined): number => PREFIXES[text ?? ''] ?? 1;

/** The unit at the beginning of a text, and how long it is. */
export const unitAt = (text: string): (Unit & { readonly length: number }) | undefined => {
  const found = (match: RegExpExecArray, kind: QuantityKind, scale: number) => ({
    kind,
    scale,
    length: match[0].length,
  });
  let match = BANDWIDTH.exec(text);
  if (match !== null) return found(match, 'bandwidth', prefix(match[1]));
  match = OPERATION_RATE.exec(text);
  if (match !== null) return found(match, 'operation-rate', prefix(match[1] ?? match[2]));
  match = RATE.exec(text);
  if (match !== null)
    return found(match, 'rate', match[2] === undefined ? 1 / (TIMES[match[3] ?? 's'] ?? 1) : prefix(match[2]));
  match = WORK.exec(text);
  if (match !== null) return found(match, /^M/.test(match[2] as string) ? 'macs' : 'flops', prefix(match[1]));
  match = TIME.exec(text);
  if (match !== null) return found(match, 'time', TIMES[match[1] as string] ?? 1);
  match = ENERGY.exec(text);
  if (match !== null)
    return found(match, 'energy', match[2] === undefined ? prefix(match[1]) : HOUR * prefix(match[2]));
  match = POWER.exec(text);
  if (match !== null) return found(match, 'power', prefix(match[1]));
  match = BYTES.exec(text);
  if (match !== null) return found(match, 'bytes', prefix(match[1]));
  match = PERCENT.exec(text);
  if (match !== null) return found(match, 'percent', 1);
  match = RATIO.exec(text);
  if (match !== null) return found(match, 'ratio', 1);
  return undefined;
};

const NUMERAL =
  /(?<![\w.,×]|[A-Za-z]-)([~≈]\s?|\babout\s+)?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?:\s*[×x]\s*(\d+)(?![\d.A-Za-z]))?/g;
const RANGE_MARK = /^\s*(?:-|–|—|to)\s*(?=\d)/;

interface Suffix extends Unit {
  readonly length: number;
  readonly hasUnit: boolean;
}

const suffixAt = (text: string): Suffix => {
  const scale = SCALE.exec(text);
  const afterScale = scale === null ? text : text.slice(scale[0].length);
  const gap = /^[  -]?/.exec(afterScale)?.[0].length ?? 0;
  // "2.54M": a letter right after the number is a scale; "8 B" with a space is bytes.
  const unit = scale === null ? (unitAt(text) ?? unitAt(afterScale.slice(gap))) : unitAt(afterScale.slice(gap));
  const scaleOf = scale === null ? 1 : scale[1] === 'B' ? BILLION : prefix(scale[1]);
  if (unit === undefined) return { kind: 'count', scale: scaleOf, length: scale?.[0].length ?? 0, hasUnit: false };
  const isDirect = scale === null && unitAt(text) !== undefined;
  return {
    kind: unit.kind,
    scale: scaleOf * unit.scale,
    length: (scale?.[0].length ?? 0) + (isDirect ? 0 : gap) + unit.length,
    hasUnit: true,
  };
};

/** Ranges of more digits than this are no quantities of anybody. */
const MAX_TEXT = 20_000;

/** Every quantity of a text, in order. */
export const quantitiesIn = (whole: string): readonly TextQuantity[] => {
  const text = whole.slice(0, MAX_TEXT);
  const found: TextQuantity[] = [];
  NUMERAL.lastIndex = 0;
  for (let match = NUMERAL.exec(text); match !== null; match = NUMERAL.exec(text)) {
    const [all, about, digits = '', other] = match;
    const index = match.index + (about?.length ?? 0);
    const number = parseNumber(digits);
    if (number === undefined) continue;
    if (other !== undefined) {
      const end = match.index + all.length;
      const printed = { ...number, low: number.value, high: number.value };
      found.push({ kind: 'size', printed, about: false, text: text.slice(index, end), index, end });
      continue;
    }
    let end = match.index + all.length;
    let suffix = suffixAt(text.slice(end, end + 40));
    let last = { ...number };
    let firstScale = suffix.scale;
    const afterFirst = end + suffix.length;
    const range = RANGE_MARK.exec(text.slice(afterFirst, afterFirst + 8));
    const second =
      range === null
        ? null
        : /^(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d-])/.exec(text.slice(afterFirst + range[0].length));
    if (range !== null && second !== null) {
      const secondEnd = afterFirst + range[0].length + second[0].length;
      const secondSuffix = suffixAt(text.slice(secondEnd, secondEnd + 40));
      const parsed = parseNumber(second[1] as string);
      // "49K-42K FPS", "20-24 ms": the unit of the second is that of both; "3 ms to 5 s" has two.
      if (parsed !== undefined && (!suffix.hasUnit || suffix.kind === secondSuffix.kind)) {
        if (!suffix.hasUnit) {
          const own = suffix.length > 0 ? suffix.scale : 1;
          const shared =
            secondSuffix.hasUnit && suffix.length > 0
              ? secondSuffix.scale / scaleAlone(text, secondEnd)
              : secondSuffix.scale;
          firstScale = suffix.length > 0 ? own * shared : secondSuffix.scale;
        }
        last = { ...parsed };
        suffix = secondSuffix;
        end = secondEnd;
      }
    }
    const [a, b] = [number.value * firstScale, last.value * suffix.scale];
    const isRange = end !== match.index + all.length;
    const ends = isRange ? [a, b] : [a, a];
    const step = number.step * firstScale;
    end += suffix.length;
    found.push({
      kind: suffix.kind,
      printed: {
        value: isRange ? (a + b) / 2 : a,
        step: about === undefined ? step : Math.max(step, Math.abs(a) / 10),
        low: Math.min(...ends),
        high: Math.max(...ends),
      },
      about: about !== undefined,
      text: text.slice(index, end),
      index,
      end,
    });
    NUMERAL.lastIndex = Math.max(NUMERAL.lastIndex, end);
  }
  return found;
};

/** The scale letter after a number, without its unit. */
const scaleAlone = (text: string, at: number): number => {
  const scale = SCALE.exec(text.slice(at, at + 2));
  return scale === null ? 1 : scale[1] === 'B' ? BILLION : prefix(scale[1]);
};

/** The quantity that a cell is: a number with nothing but a unit and marks beside it. */
export const quantityOf = (cell: string): TextQuantity | undefined => {
  const text = cell.replace(/[*†‡]/g, '').trim();
  if (text.length > 60) return undefined;
  const [first, ...rest] = quantitiesIn(text);
  if (first === undefined || rest.length > 0) return undefined;
  const beside = (text.slice(0, first.index) + text.slice(first.end)).replace(/[~≈\s]/g, '');
  return beside === '' ? first : undefined;
};
