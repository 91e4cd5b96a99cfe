/** Any two objectives of what holds, or of what comes nearest where nothing does. */
import { paretoScatter } from '../../charts/api.ts';
import type { Candidate } from '../../explore/recommend/candidate.ts';
import type { Decision } from '../../explore/recommend/decide.ts';
import { frontOf, type ObjectiveName, objectiveValue } from '../../explore/recommend/front.ts';
import { CRITERIA } from '../../explore/recommend/preference.ts';
import type { Block } from '../blocks.ts';
import { chartBlock } from '../figures/chart.ts';
import { capitalized, counted, listOf } from '../figures/text.ts';
import { candidateTitle, figureText, targetTitle } from './text.ts';

export type Plot = readonly [x: ObjectiveName, y: ObjectiveName];

/** Points beyond this many cover one another: then only the best of each model and device are drawn. */
const MAX_POINTS = 600;

const unitOf = (name: ObjectiveName, { search: { scenario } }: Decision): string => {
  if (name === 'cost') return scenario.cost?.currency ?? '';
  if (name === 'accuracy') return scenario.accuracy?.values === undefined ? '%' : '';
  return CRITERIA[name].unit;
};

const LABELS: Readonly<Record<ObjectiveName, string>> = {
  latency: 'Time from arrival to result',
  energy: 'Energy per inference',
  accuracy: 'Accuracy',
  memory: 'Weights and peak activations',
  cost: 'Cost per million inferences',
};

const drawn = ({ search, feasible }: Decision, front: readonly Candidate[]): readonly Candidate[] => {
  if (feasible.length === 0) return search.pairs.flatMap(({ nearest }) => nearest ?? []);
  const best = feasible.map(({ candidate }) => candidate);
  const onePerPair = search.pairs.flatMap(({ feasible: own }) => own[0]?.candidate ?? []);
  return [...new Set([...front, ...(best.length > MAX_POINTS ? onePerPair : best)])];
};

export const chartBlocks = (decision: Decision, [x, y]: Plot, chartDocument: Document): readonly Block[] => {
  const isHolding = decision.feasible.length > 0;
  const pool = isHolding
    ? [
        ...new Set([
          ...decision.search.pairs.flatMap(({ front }) => front),
          ...decision.feasible.map(({ candidate }) => candidate),
        ]),
      ]
    : drawn(decision, []);
  const front = frontOf(pool, [x, y]);
  const points = drawn(decision, front).filter((each) => [x, y].every((name) => objectiveValue(each, name) !== null));
  if (points.length === 0) return [];
  const [xUnit, yUnit] = [unitOf(x, decision), unitOf(y, decision)];
  const pointText = (each: Candidate): string =>
    `${candidateTitle(each)} (${figureText(objectiveValue(each, x), xUnit)}, ${figureText(objectiveValue(each, y), yUnit)})`;
  const axis = (name: ObjectiveName, unit: string) => ({
    label: LABELS[name],
    // Charts write shares as percentages.
    unit,
    log: name !== 'accuracy',
    better: CRITERIA[name].better,
  });
  const scale = (name: ObjectiveName, unit: string, value: number): number =>
    name === 'accuracy' && unit === '%' ? value / 100 : value;
  const what = isHolding ? 'what holds' : 'what comes nearest, of which nothing holds';
  const MAX_NAMED = 6;
  const named = listOf(front.slice(0, MAX_NAMED).map(pointText));
  return [
    chartBlock(
      chartDocument,
      {
        id: `recommend-${x}-${y}`,
        title: `${capitalized(y)} against ${x} of ${what}`,
        alternative: `${LABELS[y]} over ${LABELS[x].toLowerCase()} of ${counted(points.length, 'configuration')}. On the front of these two: ${named}${front.length > MAX_NAMED ? ` and ${front.length - MAX_NAMED} more` : ''}.`,
      },
      (options) =>
        paretoScatter({
          ...options,
          x: axis(x, xUnit),
          y: axis(y, yUnit),
          points: points.map((each) => ({
            label: each.model.entry.variant.title,
            series: targetTitle(each.target),
            x: scale(x, xUnit, objectiveValue(each, x) as number),
            y: scale(y, yUnit, objectiveValue(each, y) as number),
            onFront: front.includes(each),
          })),
        }),
    ),
  ];
};
