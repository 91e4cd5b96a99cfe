/** What an axis measures, and how its values become ticks and labels. */

import { formatBinaryBytes, formatBytes, formatNumber, formatPercent, formatSI } from '../units/format.ts';

export interface ChartAxis {
  readonly label: string;
  /**
   * The SI base unit of the values: "s", "J", "W", "B", "B/s", "FLOP/s" take prefixes in the labels; "KiB" takes bytes
   * and writes binary prefixes; "%" takes a share (0.75 is written "75 %"); any other ("images/s", "") stands in the
   * axis' title only.
   */
  readonly unit: string;
  readonly log?: boolean;
}

const BINARY_UNITS: ReadonlySet<string> = new Set(['KiB', 'MiB', 'GiB', 'TiB']);
const PREFIXED_UNIT = /^(?:s|J|W|B|Hz|FLOP|OP|MAC|b)(?:\/(?:s|J|W|B|FLOP|OP|MAC|b))?$/;

/** "1.51 POP/s", "75.2 %", "12.3 k". */
export const valueText = (value: number, unit: string, digits = 3): string => {
  if (unit === '%') return formatPercent(value, digits - 2);
  if (BINARY_UNITS.has(unit)) return formatBinaryBytes(value, digits);
  if (unit === 'B') return formatBytes(value, digits);
  if (PREFIXED_UNIT.test(unit)) return formatSI(value, unit, digits);
  // A count with a word for a unit: "12.3 kimages/s" is no unit, so the prefix stands alone and only where it helps.
  return Math.abs(value) < 1e4 ? formatNumber(value, digits) : formatSI(value, '', digits);
};

const takesPrefix = (unit: string): boolean => BINARY_UNITS.has(unit) || PREFIXED_UNIT.test(unit);

const tickText = (value: number, unit: string, digits: number, isLarge: boolean): string => {
  if (value === 0) return '0';
  const thousands = isLarge && Math.abs(value) >= 1e3 && unit !== '%' && !takesPrefix(unit);
  const text = thousands ? formatSI(value, '', digits) : valueText(value, unit, digits);
  return text.replace(/(\d)(?:\.0+|(\.\d*?[1-9])0+)(?=\s|$)/, '$1$2');
};

/** Ticks are round numbers ("5.00 ms" is "5 ms", zero needs no unit) with as many digits as tell them apart. */
export const tickTexts = (ticks: readonly number[], unit: string): readonly string[] => {
  // "5 k" beside "10 k", but "5000" alone.
  const isLarge = ticks.some((tick) => Math.abs(tick) >= 1e4);
  for (let digits = 3; ; digits++) {
    const texts = ticks.map((tick) => tickText(tick, unit, digits, isLarge));
    if (digits >= 8 || new Set(texts).size === ticks.length) return texts;
  }
};

/** "Latency", "Throughput (images/s)": the unit stands here only if the ticks do not carry it. */
export const axisTitle = (axis: ChartAxis): string => {
  const onTicks = axis.unit === '' || axis.unit === '%' || takesPrefix(axis.unit);
  return onTicks ? axis.label : `${axis.label} (${axis.unit})`;
};

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The least and the greatest of the finite values (positive ones on a log axis); undefined when there is none. */
export const extentOf = (values: Iterable<number | undefined>, log = false): Interval | undefined => {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === undefined || !isDrawable(value, log)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return low <= high ? { low, high } : undefined;
};

export const isDrawable = (value: number, log = false): boolean => Number.isFinite(value) && (!log || value > 0);

/** Room on both sides as a share of the span, so that no point lies on the frame. A single value gets a span of its own. */
export const padded = (extent: Interval, share: number, log = false): Interval => {
  if (log) {
    const decades = Math.max(Math.log10(extent.high / extent.low), 0.5);
    return { low: extent.low / 10 ** (decades * share), high: extent.high * 10 ** (decades * share) };
  }
  const span = extent.high - extent.low || Math.abs(extent.high) || 1;
  return { low: extent.low - span * share, high: extent.high + span * share };
};

const steps = (low: number, high: number, step: number): readonly number[] => {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Through text: 3 * 0.1 is 0.30000000000000004, and the coordinate of a tick should not show it.
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
};

/** Round values between the ends, at most `most` of them: steps of 1, 2 or 5 times a power of ten. */
export const linearTicks = ({ low, high }: Interval, most: number): readonly number[] => {
  if (!(high > low)) return [low];
  const exponent = Math.floor(Math.log10((high - low) / Math.max(1, most)));
  for (let power = exponent; power < exponent + 4; power++) {
    for (const factor of [1, 2, 5]) {
      const ticks = steps(low, high, factor * 10 ** power);
      if (ticks.length <= most) return ticks;
    }
  }
  return [];
};

/** As `linearTicks` with steps of 1, 2, 4, ... binary units, so that ticks read "64 KiB". */
export const binaryTicks = ({ low, high }: Interval, most: number): readonly number[] => {
  let step = 2 ** Math.floor(Math.log2((high - low) / Math.max(1, most)));
  while (steps(low, high, step).length > most) step *= 2;
  return steps(low, high, step);
};

/** The densest of 1-2-5 per decade, 1 per decade, 1 per two decades, ... that has at most `most` ticks. */
export const logTicks = ({ low, high }: Interval, most: number): readonly number[] => {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(high));
  const within = (factors: readonly number[], stride: number): readonly number[] => {
    const ticks: number[] = [];
    for (let power = first; power <= last; power++) {
      if (power % stride !== 0) continue;
      for (const factor of factors) ticks.push(Number(`${factor}e${power}`));
    }
    return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
  };
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const ticks = within(factors, 1);
    if (ticks.length > most) continue;
    // Less than a decade: powers of ten may miss it altogether.
    return ticks.length >= 2 ? ticks : linearTicks({ low, high }, most);
  }
  for (let stride = 2; ; stride++) {
    const ticks = within([1], stride);
    if (ticks.length <= most) return ticks;
  }
};

export const axisTicks = (domain: Interval, axis: ChartAxis, most: number): readonly number[] => {
  if (axis.log === true) return logTicks(domain, most);
  return BINARY_UNITS.has(axis.unit) ? binaryTicks(domain, most) : linearTicks(domain, most);
};
