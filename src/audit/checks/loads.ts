/** What a rate is said to be enough for: cameras, streams, requests a day, times real time, times the peak load. */
import { formatNumber, formatSI } from '../../units/format.ts';
import { JOULES_PER_WATT_HOUR, SECONDS_PER_DAY, SECONDS_PER_HOUR } from '../../units/quantity.ts';
import { agrees, over, type Printed, type Span, spanAt, spanOf } from '../printed.ts';
import type { TextQuantity } from '../quantity-text.ts';
import type { AuditedReport, Sentence } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';

const SOURCES = /\b(?:cameras?|streams?|channels?|sensors?|feeds?|users?|clients?)\b/i;
const HIGHEST_FRAME_RATE = 1000;

/** Within what two rounded figures lose: a slip of the decimal point. */
const isPowerOfTen = (ratio: number): boolean => {
  const power = Math.round(Math.log10(ratio));
  return power >= 1 && Math.abs(ratio / 10 ** power - 1) < 0.06;
};

const isRate = ({ kind }: TextQuantity): boolean => kind === 'rate';
const perDay = ({ text }: TextQuantity): boolean => /day$/.test(text);

const verdictOf = (
  line: number,
  claim: string,
  printed: Printed,
  computed: Span,
  explanation: string,
  unit: string,
): Verdict => {
  if (agrees(printed, computed)) return holding('load', line, claim);
  const value = computed.mid;
  return failing({
    ...{ code: 'load', severity: 'error', line, claim, computed: `${formatNumber(value)} ${unit}`.trim() },
    factor: printed.value / value,
    explanation: `${explanation} is ${formatNumber(value)}, and the text has ${formatNumber(Math.max(printed.value / value, value / printed.value))} times ${printed.value > value ? 'more' : 'less'}`,
    group: `load-${line}`,
  });
};

/** "49K FPS (enough for 48 cameras @ 100 Hz)", "1.1M FPS → 36K simultaneous 30 FPS streams". */
const sourcesVerdicts = ({ text, quantities, line }: Sentence): readonly Verdict[] =>
  quantities.flatMap((count, at): readonly Verdict[] => {
    const each = quantities[at + 1];
    if (
      count.kind !== 'count' ||
      each === undefined ||
      !isRate(each) ||
      each.printed.value > HIGHEST_FRAME_RATE ||
      perDay(each)
    )
      return [];
    const around = text.slice(count.end, Math.min(text.length, each.end + 20));
    const gap = each.index - count.end;
    if (gap > 40 || !SOURCES.test(around)) return [];
    const capacity =
      quantities.slice(0, at).findLast((other) => isRate(other) && other.printed.value > each.printed.value) ??
      quantities.slice(at + 2).find((other) => isRate(other) && other.printed.value > each.printed.value);
    if (capacity === undefined) return [];
    const from = Math.min(capacity.index, count.index);
    const claim = text.slice(from, Math.min(text.length, Math.max(capacity.end, each.end) + 10)).trim();
    const computed = over(spanOf(capacity.printed), spanAt(each.printed.value));
    // Fewer than it can carry is modest and no mistake, unless it is a power of ten.
    const spare = computed.mid / count.printed.value;
    if (spare > 1 && !isPowerOfTen(spare)) return [holding('load', line, claim)];
    return [verdictOf(line, claim, count.printed, computed, `${capacity.text} over ${each.text}`, 'at once')];
  });

/** "71K FPS (6.1B inferences/day)". */
const dayVerdicts = ({ text, quantities, line }: Sentence): readonly Verdict[] =>
  quantities.flatMap((day, at): readonly Verdict[] => {
    const rate = quantities[at - 1];
    if (!isRate(day) || !perDay(day) || rate === undefined || !isRate(rate) || perDay(rate)) return [];
    if (day.index - rate.end > 30 || !/[(=≈→]|\bor\b|i\.e\./.test(text.slice(rate.end, day.index))) return [];
    const claim = text.slice(rate.index, day.end);
    if (agrees(day.printed, spanOf(rate.printed))) return [holding('load', line, claim)];
    return [
      failing({
        ...{ code: 'load', severity: 'error', line, claim, factor: day.printed.value / rate.printed.value },
        computed: `${formatSI(rate.printed.value * SECONDS_PER_DAY, '').trim()} a day`,
        explanation: `${rate.text} over ${formatNumber(SECONDS_PER_DAY)} s is ${formatSI(rate.printed.value * SECONDS_PER_DAY, '').trim()} a day`,
        group: `load-${line}`,
      }),
    ];
  });

/** "11.5K FPS, 383× real-time at 30 FPS". */
const realTimeVerdicts = (sentence: Sentence, report: AuditedReport): readonly Verdict[] => {
  const { text, quantities, line } = sentence;
  return quantities.flatMap((multiple, at): readonly Verdict[] => {
    if (multiple.kind !== 'ratio' || !/^\s*(?:the )?real[- ]?time/i.test(text.slice(multiple.end))) return [];
    const before = quantities.slice(0, at).findLast(isRate);
    const after = quantities.slice(at + 1).find((other) => isRate(other) && other.index - multiple.end < 60);
    const section = report.section(sentence.headings).sentences;
    const stated = section
      .flatMap((other) => other.quantities)
      .find((other) => isRate(other) && other.printed.value <= HIGHEST_FRAME_RATE);
    const target = after ?? stated;
    if (before === undefined || target === undefined || before === target) return [];
    const computed = over(spanOf(before.printed), spanAt(target.printed.value));
    const claim = `${before.text}, ${multiple.text} real time`;
    return [verdictOf(line, claim, multiple.printed, computed, `${before.text} over ${target.text}`, 'times')];
  });
};

/** "handles 6× peak load" beside a rate and the requests per day of the section. */
const peakVerdicts = (sentence: Sentence, report: AuditedReport): readonly Verdict[] =>
  sentence.quantities.flatMap((multiple): readonly Verdict[] => {
    const tail = sentence.text.slice(multiple.end);
    if (multiple.kind !== 'ratio' || !/^\s*(?:the )?(?:peak|average|expected|daily|required)?\s*load\b/i.test(tail))
      return [];
    const section = report.section(sentence.headings).sentences.flatMap(({ quantities }) => quantities);
    const demands = section.filter(
      (quantity) => isRate(quantity) && /requests?\s*(?:\/|per|a)\s*day$/i.test(quantity.text),
    );
    const capacities = section.filter((quantity) => isRate(quantity) && !perDay(quantity));
    const [demand] = demands;
    const [capacity] = capacities;
    if (demand === undefined || capacity === undefined || demands.length > 1) return [];
    const average = over(spanOf(capacity.printed), spanAt(demand.printed.value));
    const claim = `${multiple.text} peak load, ${capacity.text} for ${demand.text}`;
    // A peak is at least the average and rarely more than ten times it; less than is possible is modest.
    const value = average.mid;
    const spare = value / multiple.printed.value;
    const isSlip = spare > 2 * LARGEST_PEAK_FACTOR && isPowerOfTen(spare);
    if (!isSlip && multiple.printed.low - multiple.printed.step <= average.high) {
      return [holding('load', sentence.line, claim)];
    }
    return [
      failing({
        ...{ code: 'load', severity: 'error', line: sentence.line, claim, factor: multiple.printed.value / value },
        computed: `${formatNumber(value)} times the average load`,
        explanation:
          `${demand.text} are ${formatNumber(demand.printed.value)} per second; ${capacity.text} are ${formatNumber(value)} times that, and ` +
          `${formatNumber(value / LARGEST_PEAK_FACTOR)} times a peak of ${LARGEST_PEAK_FACTOR} times the average`,
        group: `load-${sentence.line}`,
      }),
    ];
  });

const LARGEST_PEAK_FACTOR = 10;

/** "12 W at 100 images per second, 120 mJ each"; "18.5 Wh at 2 W last 9 hours". */
const powerVerdicts = ({ text, quantities, line }: Sentence): readonly Verdict[] => {
  const one = (kind: TextQuantity['kind'], pattern = /./): TextQuantity | undefined => {
    const found = quantities.filter((quantity) => quantity.kind === kind && pattern.test(quantity.text));
    return found.length === 1 ? found[0] : undefined;
  };
  const power = one('power');
  if (power === undefined) return [];
  const rate = one('rate');
  const energy = one('energy', /(?<!Wh)$/);
  const capacity = one('energy', /Wh$/);
  const life = one('time', /(?:h|hours?|hrs?|days?|weeks?|months?|years?)$/);
  const says = (
    claimed: TextQuantity,
    computed: Span,
    unitText: string,
    why: string,
    code: 'load' | 'battery-life',
    isBound: boolean,
  ): readonly Verdict[] => {
    const claim = text.slice(0, 120);
    const holds = isBound
      ? claimed.printed.low - claimed.printed.step <= computed.high * 1.02
      : agrees(claimed.printed, computed);
    if (holds) return [holding(code, line, claim)];
    return [
      failing({
        ...{
          code,
          severity: 'error',
          line,
          claim,
          computed: unitText,
          factor: claimed.printed.value / computed.mid,
        },
        explanation: why,
        group: `power-text-${line}`,
      }),
    ];
  };
  if (
    rate !== undefined &&
    energy !== undefined &&
    /\b(?:per|each|an?)\b|\//.test(text.slice(energy.end, energy.end + 14))
  ) {
    const computed = over(spanOf(power.printed), spanOf(rate.printed));
    const value = formatSI(computed.mid, 'J');
    return says(energy, computed, value, `${power.text} over ${rate.text} is ${value}`, 'load', false);
  }
  if (capacity !== undefined && life !== undefined && /\b(?:lasts?|for|runs?|lifetime|life)\b/i.test(text)) {
    const computed = over(spanOf(capacity.printed), spanOf(power.printed));
    const value = `${formatNumber(computed.mid / SECONDS_PER_HOUR)} h`;
    return says(life, computed, value, `${capacity.text} at ${power.text} last ${value} at best`, 'battery-life', true);
  }
  return [];
};

export const checkLoads: Check = (report) =>
  report.sentences.flatMap((sentence) => {
    if (sentence.quantities.length === 0) return [];
    return [
      ...sourcesVerdicts(sentence),
      ...dayVerdicts(sentence),
      ...realTimeVerdicts(sentence, report),
      ...peakVerdicts(sentence, report),
      ...powerVerdicts(sentence),
    ];
  });

/** A life in years wanted of a battery, beside an energy and a rate that give another. */
export const checkStatedLives: Check = (report) => {
  const capacities = new Set(
    report.sentences.flatMap(({ quantities }) =>
      quantities.filter(({ kind, text }) => kind === 'energy' && /Wh$/.test(text)).map(({ printed }) => printed.value),
    ),
  );
  const [capacity] = capacities;
  if (capacity === undefined || capacities.size !== 1) return [];
  return report.sentences.flatMap((sentence): readonly Verdict[] => {
    const life = sentence.quantities.find(
      ({ kind, end, text }) =>
        kind === 'time' &&
        /(?:day|week|month|year)s?$/.test(text) &&
        /^[^.]{0,12}\bbattery\b/i.test(sentence.text.slice(end)),
    );
    const rate = sentence.quantities.find((quantity) => isRate(quantity) && !perDay(quantity));
    if (life === undefined || rate === undefined) return [];
    const energies = report
      .section(sentence.headings)
      .sentences.flatMap(({ quantities, line }) =>
        quantities
          .filter(({ kind, text }) => kind === 'energy' && !/Wh$/.test(text))
          .map((energy) => ({ energy, line })),
      );
    const [first] = energies;
    if (first === undefined || energies.length > 1) return [];
    const seconds = capacity / (first.energy.printed.value * rate.printed.value);
    const claim = `${rate.text}, ${life.text} on a battery, ${first.energy.text} for an inference`;
    if (life.printed.low <= seconds * 1.02) return [holding('battery-life', sentence.line, claim)];
    return [
      failing({
        ...{ code: 'battery-life', severity: 'error', line: sentence.line, claim, factor: life.printed.low / seconds },
        computed: `${formatNumber(seconds / SECONDS_PER_DAY)} days`,
        explanation: `${formatNumber(capacity / JOULES_PER_WATT_HOUR)} Wh at ${first.energy.text} (line ${first.line}) and ${rate.text} last ${formatNumber(seconds / SECONDS_PER_HOUR)} h at best`,
        group: `life-${sentence.line}`,
      }),
    ];
  });
};
