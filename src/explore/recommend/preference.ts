/** The rule by which one of several configurations that hold is recommended. */
import { type Candidate, memoryBytes } from './candidate.ts';
import type { Preference } from './scenario.ts';

export interface Criterion {
  readonly name: string;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /** Null where it is not known: after everything that is. */
  value(candidate: Candidate): number | null;
}

export const CRITERIA = {
  accuracy: { name: 'accuracy', unit: '', better: 'higher', value: ({ model }) => model.accuracy },
  latency: {
    name: 'latency',
    unit: 's',
    better: 'lower',
    value: ({ outcome }) => outcome.composition.responseSeconds,
  },
  energy: {
    name: 'energy per inference',
    unit: 'J',
    better: 'lower',
    value: ({ outcome }) => outcome.energyPerInferenceJoules,
  },
  cost: {
    name: 'cost per million',
    unit: '',
    better: 'lower',
    value: ({ outcome }) => outcome.upkeep.costPerMillion,
  },
  devices: { name: 'devices', unit: '', better: 'lower', value: ({ outcome }) => outcome.composition.devices },
  memory: { name: 'memory', unit: 'B', better: 'lower', value: memoryBytes },
} as const satisfies Readonly<Record<Preference, Criterion>>;

const ORDERS: Readonly<Record<Preference, readonly Preference[]>> = {
  accuracy: ['accuracy', 'devices', 'energy', 'latency'],
  devices: ['devices', 'accuracy', 'energy', 'latency'],
  latency: ['latency', 'accuracy', 'energy'],
  energy: ['energy', 'accuracy', 'latency'],
  cost: ['cost', 'accuracy', 'energy', 'latency'],
  memory: ['memory', 'accuracy', 'energy', 'latency'],
};

const SUPERLATIVES: Readonly<Record<Preference, string>> = {
  accuracy: 'the highest accuracy',
  latency: 'the lowest latency',
  energy: 'the least energy per inference',
  cost: 'the lowest cost per million inferences',
  devices: 'the fewest devices',
  memory: 'the least memory',
};

/** "the highest accuracy, then the fewest devices, then ...". */
export const ruleText = (prefer: Preference): string =>
  ORDERS[prefer].map((name) => SUPERLATIVES[name]).join(', then ');

const difference = (a: number | null, b: number | null, better: Criterion['better']): number => {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  return better === 'lower' ? a - b : b - a;
};

const nameOf = ({ model, target, machine, batch }: Candidate): string =>
  [model.entry.variant.name, target.device.id, machine.precision, batch].join('/');

export const compare = (prefer: Preference) => {
  const criteria: readonly Criterion[] = ORDERS[prefer].map((name) => CRITERIA[name]);
  return (a: Candidate, b: Candidate): number => {
    for (const { value, better } of criteria) {
      const found = difference(value(a), value(b), better);
      if (found !== 0) return found;
    }
    // The same input has the same answer.
    return nameOf(a) < nameOf(b) ? -1 : 1;
  };
};

/** The first criterion of the rule in which two differ. */
export const decidedBy = (prefer: Preference, a: Candidate, b: Candidate): Criterion | undefined =>
  ORDERS[prefer]
    .map((name): Criterion => CRITERIA[name])
    .find(({ value, better }) => difference(value(a), value(b), better) !== 0);
