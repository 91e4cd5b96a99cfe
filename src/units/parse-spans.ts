/** Text to what deployments are stated in: spans up to years, rates, percentages. Prefixed SI units are parse.ts. */
import { type ParsedQuantity, parseQuantity } from './parse.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
/** As a warranty counts them: 365 days. */
const YEAR = 365 * DAY;

const SPANS: Readonly<Record<string, number>> = {
  ...{ min: MINUTE, minute: MINUTE, minutes: MINUTE },
  ...{ h: HOUR, hour: HOUR, hours: HOUR },
  ...{ d: DAY, day: DAY, days: DAY },
  ...{ week: WEEK, weeks: WEEK },
  ...{ year: YEAR, years: YEAR },
};

const NUMBER = '([+-]?(?:[1-9]\\d{0,2}(?:[,_]\\d{3})+(?:\\.\\d*)?|\\d+\\.?\\d*|\\.\\d+)(?:[eE][+-]?\\d+)?)';
const numberOf = (text: string): number => Number(text.replace(/[,_]/g, ''));

const refused = (text: string, expected: string): ParsedQuantity => {
  const bare = new RegExp(`^\\s*${NUMBER}\\s*$`).test(text);
  return { ok: false, message: bare ? `"${text}" has no unit: ${expected}` : `"${text}": ${expected}` };
};

const SPAN = new RegExp(`^\\s*${NUMBER}\\s*([a-z]+)\\s*$`);

/** "33 ms", "90 min", "365 days", "2 years", in seconds. */
export const parseSpan = (text: string): ParsedQuantity => {
  const match = SPAN.exec(text);
  const unit = match?.[2] ?? '';
  const scale = Object.hasOwn(SPANS, unit) ? SPANS[unit] : undefined;
  if (match !== null && scale !== undefined) return { ok: true, value: numberOf(match[1] ?? '') * scale };
  const plain = parseQuantity(text, 's');
  return plain.ok
    ? plain
    : refused(text, 'expected a time with its unit, such as "33 ms", "12 h", "365 days" or "2 years"');
};

const PER: Readonly<Record<string, number>> = {
  ...{ s: 1, sec: 1, second: 1, min: MINUTE, minute: MINUTE, h: HOUR, hour: HOUR },
  ...{ d: DAY, day: DAY, week: WEEK, year: YEAR },
};

const SCALES: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9 };
const RATE = new RegExp(
  `^\\s*${NUMBER}\\s*(?:([kMG]?)\\s*(?:[a-z]{2,12})?\\s*(?:/|\\bper\\b)\\s*([a-z]+)|([kMG]?)(?:Hz|fps|FPS))\\s*$`,
);

/** "30 fps", "100 Hz", "30 frames/s", "1,000,000 requests per day", per second. */
export const parseRate = (text: string): ParsedQuantity => {
  const match = RATE.exec(text);
  const expected = 'expected a rate, such as "30 fps", "100 Hz", "5 per hour" or "1M requests/day"';
  if (match === null) return refused(text, expected);
  const [, number = '', prefix, span, hertzPrefix = ''] = match;
  const each = span === undefined ? 1 : Object.hasOwn(PER, span) ? PER[span] : undefined;
  if (each === undefined) return refused(text, expected);
  return { ok: true, value: (numberOf(number) * (SCALES[prefix ?? hertzPrefix] as number)) / each };
};

const PERCENT = new RegExp(`^\\s*${NUMBER}\\s*%\\s*$`);

/** "75 %" is 75: in the unit in which accuracies are printed. */
export const parsePercent = (text: string): ParsedQuantity => {
  const match = PERCENT.exec(text);
  return match === null
    ? refused(text, 'expected a percentage, such as "75 %"')
    : { ok: true, value: numberOf(match[1] ?? '') };
};
