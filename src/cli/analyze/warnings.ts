/** What a reader has to know about the figures: of reading, of import, of inference and of the analysis. */
import { type AnalyzedGraph, coverage, type ModelEntry, type OperatorTally } from '../../index.ts';
import type { Warning } from '../output.ts';

export const typeOf = ({ type, domain }: OperatorTally): string => (domain === '' ? type : `${domain}.${type}`);

/** "3 operators of type X have", "1 operator of type X has". */
const some = (tally: OperatorTally, has: string, have: string): string =>
  `${tally.count} ${tally.count === 1 ? 'operator' : 'operators'} of type ${typeOf(tally)} ${tally.count === 1 ? has : have}`;

export const warningsOf = (
  { variant }: ModelEntry,
  earlier: readonly Warning[],
  analyzed: AnalyzedGraph,
): readonly Warning[] => {
  const { unknown, approximated } = coverage(analyzed);
  return [
    ...earlier,
    ...analyzed.warnings,
    ...unknown.map((tally) => ({
      code: 'unknown-operator',
      message: `${some(tally, 'has', 'have')} no known cost (${tally.reason ?? 'not known'}): totals are lower bounds`,
      path: variant.name,
    })),
    ...approximated.map((tally) => ({
      code: 'approximated-operator',
      message: `${some(tally, 'is', 'are')} approximated: ${tally.reason ?? ''}`,
      path: variant.name,
    })),
  ];
};

const SHOWN_PER_CODE = 3;

/** The first warnings of each code, and how many more there are. */
export const shownWarnings = (warnings: readonly Warning[]): readonly string[] => {
  const byCode = new Map<string, Warning[]>();
  for (const warning of warnings) byCode.set(warning.code, [...(byCode.get(warning.code) ?? []), warning]);
  return [...byCode].flatMap(([code, all]) => [
    ...all.slice(0, SHOWN_PER_CODE).map(({ message }) => `${code}: ${message}`),
    ...(all.length > SHOWN_PER_CODE ? [`${code}: ${all.length - SHOWN_PER_CODE} more; --json lists all`] : []),
  ]);
};
