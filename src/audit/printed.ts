/** Numbers as printed: a value and how far the printing lets it be from what was meant. */

export interface Printed {
  readonly value: number;
  /** One unit of the last printed digit, in the unit of the value: what was cut off is less. */
  readonly step: number;
  /** Ends of a printed range ("20-24 ms"); equal to the value where there is none. */
  readonly low: number;
  readonly high: number;
}

export interface Span {
  readonly low: number;
  readonly high: number;
  /** What the printed values themselves give. */
  readonly mid: number;
}

/** Where the figure that was printed can lie: half of a unit of its last digit, as rounding leaves it. */
export const spanOf = ({ value, low, high, step }: Printed): Span => ({
  low: low - step / 2,
  high: high + step / 2,
  mid: value,
});

/** A figure that is stated and not rounded. */
export const spanAt = (value: number): Span => ({ low: value, high: value, mid: value });

export const times = (a: Span, b: Span): Span => {
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return { low: Math.min(...ends), high: Math.max(...ends), mid: a.mid * b.mid };
};

const inverse = ({ low, high, mid }: Span): Span =>
  low > 0 ? { low: 1 / high, high: 1 / low, mid: 1 / mid } : { low: 0, high: Number.POSITIVE_INFINITY, mid: 1 / mid };

export const over = (a: Span, b: Span): Span => times(a, inverse(b));
export const plus = (a: Span, b: Span): Span => ({ low: a.low + b.low, high: a.high + b.high, mid: a.mid + b.mid });
export const minus = (a: Span, b: Span): Span => ({ low: a.low - b.high, high: a.high - b.low, mid: a.mid - b.mid });
export const scaled = ({ low, high, mid }: Span, factor: number): Span => ({
  low: low * factor,
  high: high * factor,
  mid: mid * factor,
});

/** What an author may lose by computing with other roundings than those printed. */
const SLACK = 0.015;

/** Whether a printed figure can be what its operands give: cut off or rounded, and with a little slack. */
export const agrees = (printed: Printed, computed: Span): boolean => {
  const slack = SLACK * Math.max(Math.abs(computed.low), Math.abs(computed.high));
  // One digit is not so vague that it could be nothing.
  const step = Math.min(printed.step, Math.abs(printed.value) / 2);
  return printed.low - step <= computed.high + slack && printed.high + step >= computed.low - slack;
};

const NUMBER = /^([+-]?)(\d{1,3}(?:[,  ’']\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:[eE]([+-]?\d{1,2}))?$/;

/** One number without a unit; `undefined` where the text is none. */
export const parseNumber = (text: string): { readonly value: number; readonly step: number } | undefined => {
  const match = NUMBER.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = '', exponent] = match;
  const bare = digits.replace(/[,  ’']/g, '');
  const scale = 10 ** Number(exponent ?? 0);
  const decimals = bare.split('.')[1]?.length ?? 0;
  return { value: (sign === '-' ? -1 : 1) * Number(bare) * scale, step: scale / 10 ** decimals };
};
