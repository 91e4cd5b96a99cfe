/** Text to quantities: "1.2 TB/s", "64 GiB", "350 W". The inverse of format.ts. */

const PREFIX_SCALES: Readonly<Record<string, number>> = {
  '': 1,
  f: 1e-15,
  p: 1e-12,
  n: 1e-9,
  u: 1e-6,
  µ: 1e-6,
  μ: 1e-6,
  m: 1e-3,
  k: 1e3,
  K: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** Spellings of each unit, after its prefix. */
const UNIT_SPELLINGS = {
  s: ['s', 'sec'],
  J: ['J'],
  W: ['W'],
  B: ['B'],
  Hz: ['Hz'],
  'B/s': ['B/s', 'Bps'],
  'OP/s': ['OP/s', 'OPS', 'FLOP/s', 'FLOPS', 'OPs'],
  'J/B': ['J/B'],
  'J/OP': ['J/OP', 'J/FLOP', 'J/op'],
  Wh: ['Wh'],
  m: ['m'],
  '/s': ['/s', 'fps', 'FPS', 'Hz'],
} as const;

export type UnitName = keyof typeof UNIT_SPELLINGS;

export type ParsedQuantity =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string };

/** Reads a number with a unit; the unit is required and must be of the kind asked for. */
export const parseQuantity = (text: string, unit: UnitName): ParsedQuantity => {
  const match = /^\s*([+-]?(?:[1-9]\d{0,2}(?:[,_]\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$/.exec(
    text,
  );
  const expected = `expected a number with a unit of ${unit}, such as "${EXAMPLES[unit]}"`;
  if (match === null) return { ok: false, message: `"${text}" is not a quantity: ${expected}` };
  const value = Number((match[1] ?? '').replace(/[,_]/g, ''));
  if (!Number.isFinite(value)) return { ok: false, message: `"${text}" is beyond any number: ${expected}` };
  const suffix = match[2] ?? '';
  for (const spelling of UNIT_SPELLINGS[unit]) {
    if (!suffix.endsWith(spelling)) continue;
    const scale = PREFIX_SCALES[suffix.slice(0, suffix.length - spelling.length)];
    if (scale !== undefined) return { ok: true, value: value * scale };
  }
  return { ok: false, message: suffix === '' ? `"${text}" has no unit: ${expected}` : `"${text}": ${expected}` };
};

const EXAMPLES: Readonly<Record<UnitName, string>> = {
  s: '5 us',
  J: '12 mJ',
  W: '350 W',
  B: '64 GiB',
  Hz: '1.05 GHz',
  'B/s': '2 TB/s',
  'OP/s': '100 TOP/s',
  'J/B': '31 pJ/B',
  'J/OP': '0.2 pJ/OP',
  Wh: '10 Wh',
  m: '7 nm',
  '/s': '30 /s',
};

const COUNT_SCALES: Readonly<Record<string, number>> = { '': 1, k: 1e3, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/**
 * Reads a whole number, with a prefix or in full: "5 M", "4.1 G", "25,557,032". What is counted may follow, as in
 * "300 MMACs"; B is no prefix, since it is a byte as often as it is 10^9.
 */
export const parseCount = (text: string, noun = ''): ParsedQuantity => {
  const expected = 'expected a whole number, as 3504872, "3.5 M" or "4.1 G"';
  const match = /^\s*((?:\d{1,3}(?:[,_]\d{3})+(?:\.\d*)?|\d+\.?\d*|\.\d+)(?:[eE]\+?\d+)?)\s*([A-Za-z]*)\s*$/.exec(text);
  if (match === null) {
    const what = /^\s*-\s*[\d.]/.test(text) ? 'is negative' : 'is no count';
    return { ok: false, message: `"${text}" ${what}: ${expected}` };
  }
  const written = match[2] ?? '';
  const prefix = noun !== '' && written.endsWith(noun) ? written.slice(0, written.length - noun.length) : written;
  const scale = Object.hasOwn(COUNT_SCALES, prefix) ? COUNT_SCALES[prefix] : undefined;
  if (scale === undefined) {
    return { ok: false, message: `"${text}": ${JSON.stringify(prefix)} is none of k, M, G and T; ${expected}` };
  }
  const value = Number((match[1] ?? '').replace(/[,_]/g, '')) * scale;
  const whole = Math.round(value);
  if (!Number.isSafeInteger(whole)) return { ok: false, message: `"${text}" is beyond 2^53: ${expected}` };
  // 4.1 * 10^9 is a whole number but for the rounding of 4.1.
  if (Math.abs(value - whole) > 1e-6 + whole * Number.EPSILON || (whole === 0 && value > 0)) {
    return { ok: false, message: `"${text}" is not whole: ${expected}` };
  }
  return { ok: true, value: whole };
};

/** Reads a share in percent: "2.5 %" is 0.025. */
export const parseShare = (text: string): ParsedQuantity => {
  const match = /^\s*(\d+\.?\d*|\.\d+)\s*%\s*$/.exec(text);
  const value = match === null ? Number.NaN : Number(match[1]) / 100;
  return value <= 1
    ? { ok: true, value }
    : { ok: false, message: `"${text}": expected a share from 0 % to 100 %, such as "2 %"` };
};
