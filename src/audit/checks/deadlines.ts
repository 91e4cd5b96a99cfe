/** A time beside the deadline that it is said to meet: "86 ms (acceptable for 30 FPS)", "20-24 ms, well within 10 ms". */
import { formatNumber, formatSI } from '../../units/format.ts';
import type { TextQuantity } from '../quantity-text.ts';
import type { Sentence } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';

const MEETS =
  /\b(?:acceptable|suitable|sufficient|enough|fast enough|fine|good enough|adequate|ok|okay|compatible|compliant|ready)\b[^.]{0,30}\b(?:for|at|with)\b|\b(?:well )?(?:within|inside|under|below)\b|\b(?:meets?|satisf(?:y|ies)|fits?(?: in| into| within)?|achieves|sustains|supports|holds)\b|\breal[- ]?time\b[^.]{0,20}\b(?:at|for)\b/i;
const MISSES = /\b(?:exceeds?|misses|violates|too slow|longer than|slower than|beyond)\b/i;
/** A comparison with another figure is no deadline. */
const LIMIT = /\b(?:budget|deadline|limit|target|requirement|constraint|frame|SLA)\b/i;
const NEGATION = /\b(?:not|no|never|cannot|can't|doesn't|isn't|fails?|without|unless|if|would|could)\b/i;
const FURTHEST = 70;
/** Longer than any deadline of one inference: a battery's life is no latency. */
const LONGEST_LATENCY_SECONDS = 60;
const LOWEST_FRAME_RATE = 1;

/** The deadline that a quantity states: a time, or the period of a rate. */
const deadlineOf = ({ kind, printed }: TextQuantity): number | undefined => {
  if (kind === 'time') return printed.high;
  return kind === 'rate' && printed.low >= LOWEST_FRAME_RATE ? 1 / printed.low : undefined;
};

const pairVerdict = (sentence: Sentence, first: TextQuantity, second: TextQuantity): Verdict | undefined => {
  const { text, line } = sentence;
  const between = text.slice(first.end, second.index);
  if (between.length > FURTHEST || NEGATION.test(between)) return undefined;
  const meets = MEETS.test(between);
  const misses = !meets && MISSES.test(between) && LIMIT.test(text.slice(first.end, second.end + 20));
  if (!meets && !misses) return undefined;
  const deadline = deadlineOf(second);
  if (deadline === undefined || first.printed.low > LONGEST_LATENCY_SECONDS) return undefined;
  const { low, high, step } = first.printed;
  const claim = text.slice(first.index, Math.min(text.length, second.end + 12)).trim();
  const tolerance = 1.02;
  const isBroken = meets ? low - step / 2 > deadline * tolerance : high + step / 2 < deadline / tolerance;
  if (!isBroken) return holding('deadline', line, claim);
  const limit = second.kind === 'rate' ? `${second.text} leaves ${formatSI(deadline, 's')}` : second.text;
  return failing({
    ...{ code: 'deadline', severity: 'error', line, claim, factor: low / deadline },
    computed: meets ? `at most ${formatSI(deadline, 's')}` : `more than ${formatSI(deadline, 's')}`,
    explanation: meets
      ? `${first.text} is ${formatNumber(low / deadline)} times the deadline: ${limit}`
      : `${first.text} is inside the limit that it is said to miss: ${limit}`,
    group: `deadline-${line}`,
  });
};

export const checkDeadlines: Check = ({ sentences }) =>
  sentences.flatMap((sentence) =>
    sentence.quantities.flatMap((first, at): readonly Verdict[] => {
      const second = sentence.quantities[at + 1];
      if (first.kind !== 'time' || second === undefined) return [];
      const found = pairVerdict(sentence, first, second);
      return found === undefined ? [] : [found];
    }),
  );
