/** The only place where numbers become text. Prefixes are chosen here and nowhere else. */

const SI_PREFIXES: readonly (readonly [number, string])[] = [
  [1e18, 'E'],
  [1e15, 'P'],
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
  [1, ''],
  [1e-3, 'm'],
  [1e-6, 'µ'],
  [1e-9, 'n'],
  [1e-12, 'p'],
  [1e-15, 'f'],
];

const BINARY_PREFIXES: readonly (readonly [number, string])[] = [
  [1024 ** 4, 'Ti'],
  [1024 ** 3, 'Gi'],
  [1024 ** 2, 'Mi'],
  [1024, 'Ki'],
  [1, ''],
];

/** Marks a figure that is not known. Never 0, never an empty cell. */
export const UNKNOWN = '–';

/**
 * A number to `digits` significant digits without an exponent in the range people read
 * (1e-4 to 1e15), grouped by thousands above 9,999.
 */
export const formatNumber = (value: number, digits = 3): string => {
  if (Number.isNaN(value)) return UNKNOWN;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '-∞';
  if (value === 0) return '0';
  const magnitude = Math.abs(value);
  if (magnitude >= 1e15 || magnitude < 1e-4) return value.toExponential(digits - 1);
  const rounded = Number(value.toPrecision(digits));
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(Math.abs(rounded))));
  if (Math.abs(rounded) >= 10_000) return groupThousands(Math.round(rounded));
  return rounded.toFixed(decimals);
};

/** An integer in full, with thousands separated: 3504872 -> "3,504,872". */
export const groupThousands = (value: number): string => {
  const text = String(Math.abs(value));
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return `${value < 0 ? '-' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
};

const withPrefix = (
  value: number,
  unit: string,
  digits: number,
  prefixes: readonly (readonly [number, string])[],
): string => {
  if (Number.isNaN(value)) return UNKNOWN;
  if (value === 0) return `0 ${unit}`.trim();
  if (!Number.isFinite(value)) return `${formatNumber(value)} ${unit}`.trim();
  // Rounded first: 999.96 with three digits is 1.00 k, not 1000.
  const magnitude = Math.abs(Number(value.toPrecision(digits)));
  const [scale, prefix] =
    prefixes.find(([size]) => magnitude >= size) ?? (prefixes.at(-1) as readonly [number, string]);
  const scaled = value / scale;
  // Binary prefixes change at 1024: 1023 B has four digits however many were asked for.
  const text = Math.abs(scaled) >= 10 ** digits ? String(Math.round(scaled)) : formatNumber(scaled, digits);
  return `${text} ${prefix}${unit}`.trim();
};

/** "5.40 ms", "1.51 POP/s": three significant digits and the SI prefix that fits. */
export const formatSI = (value: number, unit: string, digits = 3): string =>
  withPrefix(value, unit, digits, SI_PREFIXES);

/** MB = 10^6 bytes. */
export const formatBytes = (value: number, digits = 3): string => {
  const prefixes = SI_PREFIXES.filter(([scale]) => scale >= 1);
  return withPrefix(value, 'B', digits, prefixes);
};

/** MiB = 2^20 bytes. */
export const formatBinaryBytes = (value: number, digits = 3): string => withPrefix(value, 'B', digits, BINARY_PREFIXES);

/** "0.0752" -> "7.5 %". */
export const formatPercent = (share: number, decimals = 1): string =>
  Number.isFinite(share) ? `${formatFixed(share * 100, decimals)} %` : UNKNOWN;

/** "1.84×". */
export const formatRatio = (ratio: number, digits = 3): string =>
  Number.isFinite(ratio) ? `${formatNumber(ratio, digits)}×` : UNKNOWN;

/** Always `decimals` decimals, thousands grouped from 10,000. */
export const formatFixed = (value: number, decimals: number): string => {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return formatNumber(value);
  const [whole = '', fraction] = Math.abs(value).toFixed(decimals).split('.');
  const grouped = Number(whole) >= 10_000 ? groupThousands(Number(whole)) : whole;
  const text = fraction === undefined ? grouped : `${grouped}.${fraction}`;
  // A value that rounds to nothing has no sign: -0.00 reads as a mistake.
  return value < 0 && /[1-9]/.test(text) ? `-${text}` : text;
};

/** A cell for a machine: integers exactly, other numbers to 9 digits; empty for unknown. */
export const formatPlain = (value: number | null | undefined): string => {
  if (value === null || value === undefined || !Number.isFinite(value)) return '';
  return String(Number.isSafeInteger(value) ? value : Number(value.toPrecision(9)));
};

/** "12 min", "3.1 days": a span in the unit that fits. */
export const formatSpan = (spanSeconds: number): string => {
  if (!Number.isFinite(spanSeconds)) return UNKNOWN;
  if (spanSeconds < 60) return formatSI(spanSeconds, 's');
  const minutes = spanSeconds / 60;
  if (minutes < 60) return `${formatNumber(minutes, 2)} min`;
  const hours = minutes / 60;
  if (hours < 48) return `${formatNumber(hours, 2)} h`;
  const days = hours / 24;
  return days < 730 ? `${formatNumber(days)} days` : `${formatNumber(days / 365.25)} years`;
};
