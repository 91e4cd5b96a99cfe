/** What a reader of a decision has to know of how far its figures reach. */
import { formatFixed } from '../../units/format.ts';
import { quantizedAccuraciesOf } from '../quantized.ts';
import { TOP_1 } from './accuracy.ts';
import type { Candidate } from './candidate.ts';
import type { Decision } from './decide.ts';
import { objectiveValue } from './front.ts';

export interface Remark {
  readonly code: string;
  /** The model, device or constraint that it is about. */
  readonly path: string;
  readonly message: string;
}

/** Accuracies are published of floating-point weights; what rounding to integers costs is known of few models. */
const precisionRemarks = ({ recommendation, search }: Decision): readonly Remark[] => {
  const { accuracy } = search.scenario;
  if (recommendation === undefined || accuracy?.values !== undefined) return [];
  const { model, machine } = recommendation.candidate;
  const { name } = model.entry.variant;
  if (model.accuracy === null || !machine.precision.startsWith('int')) return [];
  const published = quantizedAccuraciesOf(name)
    .filter(({ precision }) => precision === machine.precision)
    .toSorted((a, b) => b.top1 - a.top1)[0];
  const remark = (message: string): readonly Remark[] => [{ code: 'float-accuracy', path: name, message }];
  const floats = `${formatFixed(model.accuracy, 2)} is the accuracy of its floating-point weights`;
  if (published === undefined || (accuracy?.metric ?? TOP_1) !== TOP_1) {
    return remark(`${floats}; what ${machine.precision} costs it has not been published`);
  }
  const how = published.method === 'not stated' ? '' : ` (${published.method})`;
  const isBelow = accuracy !== undefined && published.top1 < accuracy.minimum;
  return remark(
    `${floats}; at ${machine.precision} ${formatFixed(published.top1, 2)} has been published${how}` +
      (isBelow ? `, which is below the floor of ${formatFixed(accuracy.minimum, 2)}` : ''),
  );
};

const standingRemarks = ({ recommendation }: Decision): readonly Remark[] => {
  if (recommendation === undefined) return [];
  const { target, calibration, isComplete, model, machine, batch } = recommendation.candidate;
  const { device } = target;
  return [
    ...(device.status === 'hypothetical'
      ? [{ code: 'hypothetical-device', path: device.id, message: 'is hypothetical: no silicon was measured' }]
      : []),
    ...(calibration === 'uncalibrated'
      ? [
          {
            code: 'uncalibrated',
            path: device.id,
            message: `no measurement of this device at ${machine.precision}, batch ${batch} stands behind the latency: its interval is that of the class`,
          },
        ]
      : []),
    ...(isComplete
      ? []
      : [
          {
            code: 'partial-coverage',
            path: model.entry.variant.name,
            message: 'has operators of unknown cost: its latency and energy are lower bounds',
          },
        ]),
  ];
};

const searchRemarks = ({ search }: Decision): readonly Remark[] => {
  const { load } = search.scenario;
  return [
    ...(load?.kind === 'requests' && load.utilization > 0.8
      ? [
          {
            code: 'regular-arrivals',
            path: 'load.requests',
            message:
              'requests are taken to come evenly spaced at the peak: at random they queue, which load.utilization below 80 % leaves room for',
          },
        ]
      : []),
    ...search.illegal.map(({ model, resolution, message }) => ({
      code: 'illegal-resolution',
      path: model,
      message: `is not tried at ${resolution}: ${message}`,
    })),
  ];
};

const frontRemarks = ({ feasible, pareto }: Decision): readonly Remark[] => {
  const lacking = (candidate: Candidate): boolean =>
    pareto.objectives.some((name) => objectiveValue(candidate, name) === null);
  const models = new Set(
    feasible.filter(({ candidate }) => lacking(candidate)).map(({ candidate }) => candidate.model.entry.variant.name),
  );
  if (models.size === 0) return [];
  const [lack, are] = models.size === 1 ? ['model that holds lacks', 'is'] : ['models that hold lack', 'are'];
  const message = `${models.size} ${lack} a figure of ${pareto.objectives.join(' or ')} and ${are} on no front`;
  return [{ code: 'not-on-front', path: 'pareto', message }];
};

export const remarksOf = (decision: Decision): readonly Remark[] => [
  ...standingRemarks(decision),
  ...precisionRemarks(decision),
  ...searchRemarks(decision),
  ...frontRemarks(decision),
];
