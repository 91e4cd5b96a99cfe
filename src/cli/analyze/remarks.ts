/** What is said below the tables: how much is known, what is odd, how much could run at once. */
import { type Block, formatRatio, formatSI, groupThousands, type OperatorTally } from '../../index.ts';
import type { Analysis } from './analysis.ts';
import { shownWarnings } from './warnings.ts';

const whyText: (tally: OperatorTally) => string = ({ type, domain, count, reason = '' }) =>
  `${count} × ${domain === '' ? '' : `${domain}.`}${type}${reason === '' ? '' : ` (${reason})`}`;

export const coverageBlocks = ({ coverage }: Analysis): readonly Block[] => {
  const { status, costed, free, approximated, unknown } = coverage;
  const count = (operators: typeof unknown) => operators.reduce((sum, operator) => sum + operator.count, 0);
  const text = `Coverage **${status}**: ${costed} operators costed, ${free} free (they move nothing), ${count(approximated)} approximated, ${count(unknown)} unknown.`;
  const list = unknown.map(whyText);
  return [
    { kind: 'paragraph', text },
    ...approximated.map(
      ({ type, reason = '' }): Block => ({ kind: 'callout', tone: 'note', text: `${type} is approximated: ${reason}` }),
    ),
    ...(unknown.length === 0
      ? []
      : [
          {
            kind: 'callout',
            tone: 'warning',
            text: `All totals are lower bounds: the cost of ${list.join(', ')} is not known.`,
          } as const,
        ]),
  ];
};

export const warningBlocks = ({ warnings }: Analysis): readonly Block[] => {
  // Coverage has said what is unknown or approximated.
  const others = warnings.filter(({ code }) => code !== 'unknown-operator' && code !== 'approximated-operator');
  if (others.length === 0) return [];
  const count = others.length === 1 ? '1 warning' : `${others.length} warnings`;
  return [
    { kind: 'paragraph', text: `${count}:` },
    { kind: 'list', ordered: false, items: shownWarnings(others) },
  ];
};

export const concurrencyBlocks = ({ concurrency, compiled }: Analysis): readonly Block[] => {
  if (concurrency === undefined) return [];
  const { criticalPathFlops, totalFlops, parallelism, depth, width } = concurrency;
  const path = `${formatSI(criticalPathFlops, '')} of ${groupThousands(totalFlops)} FLOPs on the longest chain of dependent operators`;
  const text = `Concurrency: ${path}, so running independent operators side by side gains at most ${formatRatio(parallelism)}; ${compiled.analyzed.nodes.length} operators in ${depth} steps, at most ${width} side by side.`;
  return [{ kind: 'paragraph', text }];
};
