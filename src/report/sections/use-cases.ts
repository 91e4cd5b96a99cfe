import { REFERENCE_SCENARIOS } from '../../explore/reference-scenarios.ts';
import {
  assessScenario,
  type ConstraintCheck,
  recommendFrom,
  type Scenario,
  type ScenarioResult,
} from '../../explore/scenario.ts';
import type { Study } from '../../explore/study.ts';
import { formatFixed, formatNumber, formatPercent, formatSI } from '../../units/format.ts';
import type { Block, TableBlock } from '../blocks.ts';
import { targetTitle } from '../figures/target.ts';
import { capitalized, counted, countedOf, listOf, verbOf } from '../figures/text.ts';
import type { Section } from '../section.ts';

const quantity = (value: number, unit: ConstraintCheck['unit']): string => {
  switch (unit) {
    case 's':
      return formatSI(value, 's');
    case '/s':
      return `${formatNumber(value)} per second`;
    case '%':
      return `${formatNumber(value)} %`;
    case 'days':
      return `${formatNumber(value)} days`;
  }
};

const distance = ({ required, actual, unit, margin, holds }: ConstraintCheck): string => {
  // A ratio of two percentages says little: accuracies are compared in points.
  if (unit === '%') return `${formatFixed(Math.abs(actual - required), 1)} points ${holds ? 'above' : 'short'}`;
  return holds ? `${formatNumber(margin)} times inside` : `missed by a factor of ${formatNumber(1 / margin)}`;
};

const missText = (check: ConstraintCheck): string =>
  `${check.constraint}: ${quantity(check.actual, check.unit)} against ${quantity(check.required, check.unit)}, ${distance(check)}`;

const resultTable = (study: Study, scenario: Scenario, results: readonly ScenarioResult[]): TableBlock => ({
  kind: 'table',
  id: `use-case-${scenario.id}`,
  caption: `${scenario.title}: every model against every constraint`,
  columns: [
    { key: 'device', title: 'Device', format: { kind: 'text' } },
    { key: 'model', title: 'Model', format: { kind: 'text' } },
    { key: 'resolution', title: 'Resolution', unit: 'px', format: { kind: 'integer' } },
    { key: 'batch', title: 'Batch', format: { kind: 'integer' } },
    { key: 'latency', title: 'Predicted latency', unit: 'ms', format: { kind: 'number', digits: 3, scale: 1e-3 } },
    { key: 'high', title: 'Upper end', unit: 'ms', format: { kind: 'number', digits: 3, scale: 1e-3 } },
    { key: 'top1', title: 'Top-1', unit: '%', format: { kind: 'fixed', decimals: 1 } },
    { key: 'energy', title: 'Energy per inference', unit: 'mJ', format: { kind: 'number', digits: 3, scale: 1e-3 } },
    { key: 'sources', title: 'Sources per device', format: { kind: 'integer' } },
    { key: 'devices', title: 'Devices needed', format: { kind: 'integer' } },
    { key: 'verdict', title: 'Holds', format: { kind: 'verdict' } },
    { key: 'binding', title: 'Binding constraint', format: { kind: 'text' } },
  ],
  rows: results.map((result) => ({
    device: targetTitle(study, result.target),
    model: result.model.title,
    resolution: result.cell.resolution ?? null,
    batch: result.cell.batch,
    latency: result.cell.estimate.latencySeconds,
    high: result.cell.estimate.interval.highSeconds,
    top1: result.model.entry.variant.accuracy?.top1 ?? null,
    energy: result.cell.estimate.energyPerInferenceJoules,
    sources: result.sourcesPerDevice,
    devices: scenario.scaleOut ? result.devicesNeeded : null,
    verdict: result.holds,
    binding: missText(result.binding),
  })),
  notes: [
    'Each model at its native resolution, where its accuracy was measured. The batch is the one with the highest rate whose latency meets the deadline at the upper end of its interval.',
  ],
});

const recommendation = (study: Study, scenario: Scenario, results: readonly ScenarioResult[]): string => {
  const holding = results.filter(({ holds }) => holds);
  const best = recommendFrom(results);
  if (best !== undefined) {
    const rule = scenario.prefer === 'accuracy' ? 'the most accurate' : 'the one that needs the fewest devices';
    const devicesText = scenario.scaleOut ? ` on ${counted(best.devicesNeeded, 'device')}` : '';
    return (
      `**Recommended: ${best.model.title} on ${targetTitle(study, best.target)}**${devicesText}, ${rule} of ` +
      `the ${counted(holding.length, 'combination')} of ${results.length} that ${verbOf(holding.length, results.length, 'holds', 'hold')}. ` +
      `What would give first: ${missText(best.binding)}.`
    );
  }
  const nearest = results.reduce((a, b) => (b.binding.margin > a.binding.margin ? b : a));
  const rates = results.flatMap(({ sustainableRatePerSecond: rate, model }) =>
    rate === null ? [] : [{ rate, model }],
  );
  const slowest = rates.toSorted((a, b) => b.rate - a.rate)[0];
  const battery = scenario.battery;
  const relaxed =
    slowest === undefined || battery === undefined
      ? ''
      : slowest.rate > 0
        ? ` What the battery allows for ${formatNumber(battery.minimumDays)} days is ${formatNumber(slowest.rate)} ` +
          `inferences per second with ${slowest.model.title}, asleep in between, instead of ${formatNumber(scenario.ratePerSecond)}.`
        : ` Asleep and without a single inference the device already empties the battery before ${formatNumber(battery.minimumDays)} days.`;
  return (
    `**No combination holds.** Nearest is ${nearest.model.title} on ${targetTitle(study, nearest.target)}; ` +
    `it fails on ${missText(nearest.binding)}.${relaxed}`
  );
};

const scenarioBlocks = (study: Study, scenario: Scenario): readonly Block[] => {
  const results = assessScenario(study, scenario);
  const heading: Block = { kind: 'heading', level: 3, text: scenario.title };
  if (results.length === 0) {
    return [
      heading,
      { kind: 'callout', tone: 'note', text: 'None of the devices that this scenario is about is in the study.' },
    ];
  }
  const hypothetical = results.some(({ target }) => target.device.status === 'hypothetical');
  return [
    heading,
    { kind: 'paragraph', text: `${capitalized(scenario.workload)}. Assumed: ${scenario.assumptions.join('; ')}.` },
    { kind: 'callout', tone: 'finding', text: recommendation(study, scenario, results) },
    ...(hypothetical
      ? [
          {
            kind: 'callout',
            tone: 'warning',
            text: 'A device of this scenario is hypothetical: no silicon was measured.',
          } as const,
        ]
      : []),
    resultTable(study, scenario, results),
  ];
};

export const section: Section = {
  id: 'use-cases',
  title: 'Use-case scenarios',
  order: 170,
  build: ({ study }) => {
    const outcomes = REFERENCE_SCENARIOS.map((scenario) => ({
      scenario,
      results: assessScenario(study, scenario),
    })).filter(({ results }) => results.length > 0);
    const holding = outcomes.filter(({ results }) => recommendFrom(results) !== undefined);
    const failing = outcomes.filter(({ results }) => recommendFrom(results) === undefined);
    const failText =
      failing.length === 0
        ? ''
        : ` Without a solution: ${listOf(failing.map(({ scenario }) => scenario.title.toLowerCase()))}.`;
    const level = study.cells[0]?.estimate.interval.level ?? 0;
    return [
      {
        kind: 'paragraph',
        text:
          `${capitalized(countedOf(holding.length, outcomes.length, 'scenario'))} ${verbOf(holding.length, outcomes.length, 'has', 'have')} ` +
          `a combination of model and device that meets every constraint, the deadline at the upper end of the ${formatPercent(level, 0)} interval.${failText} ` +
          'Of what holds, the recommendation is the most accurate or, where a load is shared out, what needs the fewest devices; among equals the other of the two, then the least energy.',
      },
      ...REFERENCE_SCENARIOS.flatMap((scenario) => scenarioBlocks(study, scenario)),
    ];
  },
};
