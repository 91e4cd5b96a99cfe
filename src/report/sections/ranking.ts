import type { Study } from '../../explore/study.ts';
import { formatFixed } from '../../units/format.ts';
import type { ColumnFormat, TableBlock } from '../blocks.ts';
import { latencyColumn, MODEL_COLUMN, modelCell } from '../figures/columns.ts';
import { baselineRow, leastBy, mostBy } from '../figures/lookup.ts';
import { type DeviceRanking, flopRanks, movedText, orderText, rankingOn } from '../figures/ranking.ts';
import { rankRange, separatedPairs } from '../figures/statistics.ts';
import { counted } from '../figures/text.ts';
import type { Section } from '../section.ts';

/** Models of equal latency share the mean of their ranks: only then there are halves. */
const rankFormat = (ranks: readonly number[]): ColumnFormat =>
  ranks.every(Number.isInteger) ? { kind: 'integer' } : { kind: 'fixed', decimals: 1 };

const rankTable = (study: Study, rankings: readonly DeviceRanking[]): TableBlock => {
  const byFlops = flopRanks(study);
  return {
    kind: 'table',
    id: 'ranking',
    caption: `Ranks by FLOPs and by predicted latency at ${study.options.resolution}×${study.options.resolution} and batch 1; 1 is the least.`,
    columns: [
      MODEL_COLUMN,
      { key: 'flops', title: 'Rank by FLOPs', format: rankFormat(byFlops) },
      ...rankings.flatMap(({ id, title, ranks }) => [
        { key: `${id}-rank`, title: `${title}: rank`, format: rankFormat(ranks) },
        latencyColumn(`${id}-latency`, `${title}: latency`),
      ]),
    ],
    rows: study.models.map((model, index) => ({
      ...modelCell(model),
      flops: byFlops[index] ?? null,
      ...Object.fromEntries(
        rankings.flatMap(({ id, ranks, latencies }) => [
          [`${id}-rank`, ranks[index] ?? null],
          [`${id}-latency`, latencies[index] ?? null],
        ]),
      ),
    })),
    emphasized: [baselineRow(study)],
    notes: ['The intervals of these latencies stand in the tables of [performance by device](#performance).'],
  };
};

const rangeTable = (study: Study, rankings: readonly DeviceRanking[]): TableBlock => ({
  kind: 'table',
  id: 'ranking-ranges',
  caption: 'Ranks that the intervals leave open.',
  columns: [MODEL_COLUMN, ...rankings.map(({ id, title }) => ({ key: id, title, format: { kind: 'text' } as const }))],
  rows: study.models.map((model, index) => ({
    ...modelCell(model),
    ...Object.fromEntries(
      rankings.map(({ id, spans }) => {
        const { best, worst } = rankRange(spans, index);
        return [id, best === worst ? String(best) : `${best}–${worst}`];
      }),
    ),
  })),
  emphasized: [baselineRow(study)],
  notes: [
    'A model can rank before another unless its whole interval lies above that of the other: models whose intervals overlap are ties. ' +
      'Errors of two models on one device are likely to go the same way, so this is the cautious reading.',
  ],
});

const agreementTable = (rankings: readonly DeviceRanking[]): TableBlock => ({
  kind: 'table',
  id: 'ranking-agreement',
  caption:
    'How well FLOPs predict the order of the predicted latencies, and how many pairs of models the intervals tell apart.',
  columns: [
    { key: 'device', title: 'Device', format: { kind: 'text' } },
    { key: 'standing', title: 'Calibration', format: { kind: 'text' } },
    {
      key: 'rho',
      title: "Spearman's rho",
      format: { kind: 'fixed', decimals: 2 },
      description: 'Between FLOPs and predicted latency over all models: 1 is the same order.',
    },
    { key: 'moved', title: 'Models whose rank differs', format: { kind: 'integer' } },
    { key: 'separated', title: 'Pairs told apart', format: { kind: 'integer' } },
    { key: 'pairs', title: 'Pairs', format: { kind: 'integer' } },
  ],
  rows: rankings.map(({ title, standing: text, rho, moved, spans }) => ({
    device: title,
    standing: text,
    rho: Number.isNaN(rho) ? null : rho,
    moved: moved.length,
    ...separatedPairs(spans),
  })),
});

const opening = (study: Study, rankings: readonly DeviceRanking[]): string => {
  const known = rankings.filter(({ rho }) => !Number.isNaN(rho));
  const pairs = rankings.map(({ spans }) => separatedPairs(spans));
  const apart = pairs.reduce((sum, { separated }) => sum + separated, 0);
  const all = pairs.reduce((sum, pair) => sum + pair.pairs, 0);
  if (known.length === 0 || all === 0) return 'A ranking takes at least two different models.';
  const best = mostBy(known, ({ rho }) => rho);
  const worst = leastBy(known, ({ rho }) => rho);
  const rho = ({ rho: value }: DeviceRanking) => formatFixedRho(value);
  const range =
    known.length === 1
      ? `On ${best.title} the order by predicted latency follows the order by FLOPs with a Spearman's rho of ${rho(best)}.`
      : `The order by predicted latency follows the order by FLOPs best on ${best.title} (Spearman's rho ${rho(best)}) and worst on ${worst.title} (${rho(worst)}).`;
  return `${range} Of ${counted(all, 'pair')} of ${study.models.length} models on ${counted(rankings.length, 'device')}, the intervals tell ${apart} apart; the rest are ties.`;
};

const formatFixedRho = (rho: number): string => formatFixed(rho, 2);

export const section: Section = {
  id: 'ranking',
  title: 'Model ranking by predicted latency',
  order: 40,
  build: ({ study }) => {
    const rankings = study.devices.map((target) => rankingOn(study, target));
    if (study.models.length < 2) return [{ kind: 'paragraph', text: opening(study, rankings) }];
    return [
      { kind: 'paragraph', text: opening(study, rankings) },
      rankTable(study, rankings),
      { kind: 'heading', level: 3, text: 'Latency order against FLOP order' },
      agreementTable(rankings),
      { kind: 'paragraph', text: 'Fastest first; ≈ stands between neighbours whose intervals overlap.' },
      {
        kind: 'list',
        ordered: false,
        items: rankings.map(
          (ranking) =>
            `**${ranking.title}** (${ranking.standing}): ${orderText(study, ranking)}. ${movedText(study, ranking)}`,
        ),
      },
      { kind: 'heading', level: 3, text: 'Ties' },
      rangeTable(study, rankings),
    ];
  },
};
