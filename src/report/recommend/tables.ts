/** The tables of a decision. Rows stand in the order of the decision; `rows` bounds how many are shown. */
import { type Candidate, memoryBytes, resolutionOf } from '../../explore/recommend/candidate.ts';
import type { Check } from '../../explore/recommend/constraints.ts';
import type { Decision, Relaxation } from '../../explore/recommend/decide.ts';
import type { CheckedProposal } from '../../explore/recommend/proposed.ts';
import { CLAIM_FIGURES } from '../../explore/recommend/scenario.ts';
import { formatNumber } from '../../units/format.ts';
import type { Block, CellValue, TableBlock, TableColumn } from '../blocks.ts';
import { listOf } from '../figures/text.ts';
import { checkText, configurationText, distanceText, figureText, targetCode } from './text.ts';

const TEXT = { kind: 'text' } as const;
const CODE = { kind: 'code' } as const;
const INTEGER = { kind: 'integer' } as const;
const scaled = (scale: number) => ({ kind: 'number', digits: 3, scale }) as const;

type Row = Readonly<Record<string, CellValue>>;

/** Columns of which no row has a figure are left out. */
const filled = (columns: readonly TableColumn[], rows: readonly Row[]): readonly TableColumn[] =>
  columns.filter(({ key }) => rows.some((row) => row[key] !== null && row[key] !== undefined));

const table = (block: Omit<TableBlock, 'kind'> & { readonly expendable?: readonly string[] }): TableBlock => ({
  ...{ kind: 'table' as const, ...block },
  columns: filled(block.columns, block.rows),
});

const shown = (count: number, total: number, what: string): string =>
  count < total ? `${what} (the first ${count} of ${total})` : what;

const known = (value: number | null): number | null => (value !== null && Number.isFinite(value) ? value : null);

const candidateRow = (candidate: Candidate): Row => {
  const { model, target, machine, batch, outcome } = candidate;
  return {
    model: model.entry.variant.name,
    device: targetCode(target),
    precision: machine.precision,
    batch,
    resolution: resolutionOf(candidate) ?? null,
    accuracy: model.accuracy,
    latency: candidate.latencySeconds,
    high: candidate.highSeconds,
    response: outcome.composition.waitSeconds > 0 ? outcome.composition.responseSeconds : null,
    energy: candidate.energyPerInferenceJoules,
    memory: memoryBytes(candidate),
    power: outcome.upkeep.averagePowerWatts,
    streams: outcome.composition.streamsPerDevice,
    devices: outcome.composition.devices,
    days: known(outcome.upkeep.batteryDays),
    cost: known(outcome.upkeep.costPerMillion),
  };
};

const candidateColumns = ({ search }: Decision): readonly TableColumn[] => [
  { key: 'model', title: 'Model', format: CODE },
  { key: 'device', title: 'Device', format: CODE },
  { key: 'precision', title: 'Type', format: TEXT },
  { key: 'batch', title: 'Batch', format: INTEGER },
  { key: 'resolution', title: 'Size', unit: 'px', format: INTEGER },
  { key: 'accuracy', title: 'Accuracy', format: { kind: 'fixed', decimals: 2 } },
  { key: 'latency', title: 'Latency', unit: 'ms', format: scaled(1e-3) },
  { key: 'high', title: 'Upper end', unit: 'ms', format: scaled(1e-3) },
  {
    key: 'response',
    title: 'With wait',
    unit: 'ms',
    format: scaled(1e-3),
    description: 'From arrival to result, waiting for the batch included, at the timing that the scenario asks for',
  },
  { key: 'energy', title: 'Energy', unit: 'mJ', format: scaled(1e-3), description: 'Per inference' },
  { key: 'memory', title: 'Memory', unit: 'MB', format: scaled(1e6), description: 'Weights and peak activations' },
  { key: 'power', title: 'Power', unit: 'W', format: scaled(1), description: 'Average of one device over the day' },
  { key: 'streams', title: 'Streams', format: INTEGER, description: 'That one device carries inside the deadline' },
  { key: 'devices', title: 'Devices', format: INTEGER },
  { key: 'days', title: 'Battery', unit: 'days', format: scaled(1) },
  {
    ...{ key: 'cost', title: 'Cost', unit: `${search.scenario.cost?.currency ?? ''}/M`, format: scaled(1) },
    description: 'Per million inferences: devices written off, rent and electricity',
  },
];

const EXPENDABLE = ['memory', 'power', 'streams', 'response', 'resolution', 'high'];

export const feasibleTable = (decision: Decision, rows: number): TableBlock => {
  const best = decision.feasible.slice(0, rows);
  return table({
    id: 'feasible',
    caption: shown(
      best.length,
      decision.feasible.length,
      'What holds, best first; the best batch of each type and size',
    ),
    columns: candidateColumns(decision),
    rows: best.map(({ candidate }) => candidateRow(candidate)),
    ...(decision.recommendation !== undefined && { emphasized: [0] }),
    expendable: EXPENDABLE,
  });
};

export const frontTable = (decision: Decision, rows: number): TableBlock => {
  const { objectives, front } = decision.pareto;
  return table({
    id: 'pareto-front',
    caption: shown(
      Math.min(rows, front.length),
      front.length,
      `Pareto front of ${listOf(objectives)}: none of these is beaten in all of them`,
    ),
    columns: candidateColumns(decision),
    rows: front.slice(0, rows).map(candidateRow),
    expendable: EXPENDABLE,
  });
};

/** `upper` are the same at the upper end of the interval; none where they are held to that already. */
export const checksTable = (checks: readonly Check[], upper: readonly Check[]): TableBlock =>
  table({
    id: 'constraints',
    caption: 'The recommendation against every constraint, the tightest first',
    columns: [
      { key: 'constraint', title: 'Constraint', format: TEXT },
      { key: 'limit', title: 'Limit', format: TEXT },
      { key: 'actual', title: 'Actual', format: TEXT },
      { key: 'distance', title: 'Distance', format: TEXT },
      { key: 'upper', title: 'At the upper end', format: TEXT },
      { key: 'holds', title: 'Holds there', format: { kind: 'verdict' } },
    ],
    rows: checks
      .toSorted((a, b) => a.margin - b.margin)
      .map((check) => {
        const other = upper.find(({ constraint }) => constraint === check.constraint);
        return {
          constraint: check.constraint,
          limit: `${check.sense} ${figureText(check.required, check.unit)}`,
          actual: figureText(check.actual, check.unit),
          distance: distanceText(check),
          upper: other === undefined ? null : figureText(other.actual, other.unit),
          holds: other?.holds ?? null,
        };
      }),
  });

export const rejectedTable = ({ rejected }: Decision, rows: number): TableBlock =>
  table({
    id: 'rejected',
    caption: shown(
      Math.min(rows, rejected.length),
      rejected.length,
      'What does not hold, nearest first, and the constraint that binds',
    ),
    columns: [
      { key: 'model', title: 'Model', format: CODE },
      { key: 'device', title: 'Device', format: CODE },
      { key: 'nearest', title: 'Nearest configuration', format: TEXT },
      { key: 'binding', title: 'Binding constraint', format: TEXT },
    ],
    rows: rejected.slice(0, rows).map(({ pair, binding }) => ({
      model: pair.entry.variant.name,
      device: targetCode(pair.target),
      nearest: pair.nearest === undefined ? null : configurationText(pair.nearest),
      binding: checkText(binding),
    })),
    expendable: ['nearest'],
  });

export const relaxTable = (relax: readonly Relaxation[]): TableBlock =>
  table({
    id: 'relax',
    caption: 'One constraint moved, all others kept: how many more models and devices would hold',
    columns: [
      { key: 'constraint', title: 'Constraint', format: TEXT },
      { key: 'from', title: 'From', format: TEXT },
      { key: 'to', title: 'To', format: TEXT },
      { key: 'factor', title: 'Of the limit', format: { kind: 'ratio', digits: 3 } },
      { key: 'opens', title: 'Opens', format: INTEGER },
    ],
    rows: relax.flatMap(({ constraint, unit, required, steps }) =>
      steps.map(({ to, factor, opens }) => ({
        constraint,
        from: figureText(required, unit),
        to: figureText(to, unit),
        ...{ factor, opens },
      })),
    ),
  });

const claimText = ({ claims }: CheckedProposal): string =>
  claims
    .map(({ figure, value, computed }) => {
      const unit = CLAIM_FIGURES[figure];
      const ours =
        computed === null
          ? 'not known'
          : `${figureText(computed, unit)} (${formatNumber(value / computed)} times as much)`;
      return `${figureText(value, unit)} claimed, here ${ours}`;
    })
    .join('; ');

export const proposedBlocks = (proposed: readonly CheckedProposal[]): readonly Block[] => {
  if (proposed.length === 0) return [];
  const sources = [...new Set(proposed.map(({ proposal }) => proposal.source))];
  return [
    table({
      id: 'proposed',
      caption: `What others recommended for it (${listOf(sources)})`,
      columns: [
        { key: 'model', title: 'Model', format: CODE },
        { key: 'device', title: 'Device', format: CODE },
        { key: 'survives', title: 'Survives', format: { kind: 'verdict' } },
        { key: 'binding', title: 'Binding constraint', format: TEXT },
        { key: 'configuration', title: 'Configuration', format: TEXT },
        { key: 'claims', title: 'Figures', format: TEXT },
      ],
      rows: proposed.map((each) => ({
        model: each.pair.entry.variant.name,
        device: targetCode(each.pair.target),
        survives: each.survives,
        binding: each.binding === undefined ? null : checkText(each.binding),
        configuration: each.candidate === undefined ? null : configurationText(each.candidate),
        claims: each.claims.length === 0 ? null : claimText(each),
      })),
      expendable: ['configuration'],
    }),
  ];
};
