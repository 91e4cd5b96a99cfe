/** Scenarios from files that users write: bounded, read by the format, and put into SI units. */
import * as z from 'zod/mini';
import { boundedCopy, type Fields, inOrder, isObject, refusalsOf, show } from '../hardware/file-issues.ts';
import { bytes, joules, SECONDS_PER_DAY, seconds, wattHours, watts } from '../units/quantity.ts';
import { TOP_1 } from './recommend/accuracy.ts';
import type { AccuracyFloor, Claim, CostTerms, DeploymentScenario, Load, Proposal } from './recommend/scenario.ts';
import { type ScenarioFields, scenarioFile } from './scenario-format.ts';

export interface ScenarioIssue {
  readonly code: string;
  /** Where, from the root of the file: `battery.capacity`; of a contradiction both places. */
  readonly path: string;
  readonly message: string;
}

export interface DeviceChoice {
  /** An id, an alias or a path, with a power mode. */
  readonly word: string;
  readonly runtime?: string;
  readonly price?: number;
  readonly pricePerHour?: number;
}

/** A scenario with the names that it gives, which somebody else knows the meaning of. */
export interface ScenarioRequest {
  readonly scenario: DeploymentScenario;
  readonly devices?: readonly DeviceChoice[];
  readonly models?: readonly string[];
  readonly excludedDevices: readonly string[];
  readonly excludedModels: readonly string[];
  readonly runtimes?: readonly string[];
}

export type ParsedScenario =
  | { readonly ok: true; readonly request: ScenarioRequest }
  | { readonly ok: false; readonly issues: readonly ScenarioIssue[] };

const contradiction = (first: string, second: string, message: string): ScenarioIssue => ({
  code: 'contradictory-constraints',
  path: `${first} and ${second}`,
  message,
});

const PERCENT = 100;

const loadOf = (written: ScenarioFields['load'], issues: ScenarioIssue[]): Load | undefined => {
  if (written === undefined) return undefined;
  const { streams, cameras, rate, requests, peak = 1, arrival, dutyCycle, utilization = PERCENT } = written;
  const conflict = (first: string, second: string, why: string): undefined => {
    issues.push(contradiction(`load.${first}`, `load.${second}`, why));
  };
  if (rate !== undefined && requests !== undefined) {
    return conflict('rate', 'requests', 'say two loads: expected a rate per stream, or requests per day');
  }
  if (streams !== undefined && cameras !== undefined)
    return conflict('streams', 'cameras', 'are the same: expected one');
  if (requests !== undefined) {
    const ofStreams = { streams, cameras, arrival, dutyCycle };
    const odd = Object.entries(ofStreams).find(([, value]) => value !== undefined)?.[0];
    if (odd !== undefined) return conflict('requests', odd, 'do not go together: requests come from no stream');
    return { kind: 'requests', averagePerSecond: requests, peakFactor: peak, utilization: utilization / PERCENT };
  }
  if (rate === undefined) {
    issues.push({
      code: 'missing',
      path: 'load.rate',
      message: 'is missing: expected a rate per stream, such as "30 fps", or load.requests',
    });
    return undefined;
  }
  if (written.peak !== undefined)
    return conflict('rate', 'peak', 'do not go together: a peak factor is one of requests per day');
  return {
    ...{ kind: 'streams', streams: streams ?? cameras ?? 1, ratePerSecond: rate, arrival: arrival ?? 'spread' },
    ...{ dutyCycle: (dutyCycle ?? PERCENT) / PERCENT, utilization: utilization / PERCENT },
  };
};

const accuracyOf = (written: ScenarioFields['accuracy']): AccuracyFloor | undefined => {
  if (written === undefined) return undefined;
  if (typeof written === 'number') return { minimum: written, metric: TOP_1 };
  const { minimum, metric = written.values === undefined ? TOP_1 : 'value', values } = written;
  return { minimum, metric, ...(values !== undefined && { values }) };
};

const hasPrice = ({ devices = [] }: ScenarioFields): boolean =>
  devices.some((each) => typeof each !== 'string' && (each.price ?? each.perHour) !== undefined);

const costOf = (fields: ScenarioFields): CostTerms | undefined => {
  if (fields.cost === undefined && !hasPrice(fields)) return undefined;
  const { currency = 'USD', life, perKilowattHour, perMillion, perHour, capital } = fields.cost ?? {};
  return {
    currency,
    ...(life !== undefined && { lifeSeconds: life }),
    ...(perKilowattHour !== undefined && { perKilowattHour }),
    limits: {
      ...(perMillion !== undefined && { perMillion }),
      ...(perHour !== undefined && { perHour }),
      ...(capital !== undefined && { capital }),
    },
  };
};

const proposalOf = (written: NonNullable<ScenarioFields['proposed']>[number], source: string): Proposal => {
  if (typeof written === 'string') return { model: written, source, claims: [] };
  const { model, device, latency, energy, rate, streams, headroom } = written;
  const claims: readonly (readonly [Claim['figure'], number | undefined])[] = [
    ['latencySeconds', latency],
    ['energyPerInferenceJoules', energy],
    ['ratePerSecond', rate],
    ['streamsPerDevice', streams],
    ['peakHeadroom', headroom],
  ];
  return {
    ...{ model, source: written.source ?? source },
    ...(device !== undefined && { device }),
    claims: claims.flatMap(([figure, value]) => (value === undefined ? [] : [{ figure, value }])),
  };
};

const batteryOf = ({ battery }: ScenarioFields): DeploymentScenario['battery'] =>
  battery && {
    supply: {
      capacity: wattHours(battery.capacity),
      usableShare: (battery.usable ?? PERCENT) / PERCENT,
      regulatorEfficiency: (battery.efficiency ?? PERCENT) / PERCENT,
    },
    days: battery.life / SECONDS_PER_DAY,
    ...(battery.sleep !== undefined && { sleepWatts: watts(battery.sleep) }),
  };

const scenarioOf = (fields: ScenarioFields, name: string, issues: ScenarioIssue[]): DeploymentScenario => {
  const { power, memory } = fields;
  const load = loadOf(fields.load, issues);
  const accuracy = accuracyOf(fields.accuracy);
  const battery = batteryOf(fields);
  const cost = costOf(fields);
  return {
    id: fields.id ?? name,
    title: fields.title ?? fields.id ?? name,
    workload: fields.workload ?? '',
    assumptions: fields.assumptions ?? [],
    at: fields.at ?? 'point',
    rest: fields.rest ?? 'idle',
    prefer: fields.prefer ?? 'accuracy',
    resolutions: fields.resolutions ?? ['native'],
    proposed: (fields.proposed ?? []).map((each) => proposalOf(each, name)),
    ...(load !== undefined && { load }),
    ...(fields.deadline !== undefined && { deadline: seconds(fields.deadline) }),
    ...(fields.energyPerInference !== undefined && { energyPerInference: joules(fields.energyPerInference) }),
    ...(power !== undefined && {
      power: {
        ...(power.average !== undefined && { average: watts(power.average) }),
        ...(power.sustained !== undefined && { sustained: watts(power.sustained) }),
      },
    }),
    ...(battery !== undefined && { battery }),
    ...(memory !== undefined && {
      memory: {
        ...(memory.weights !== undefined && { weights: bytes(memory.weights) }),
        ...(memory.activations !== undefined && { activations: bytes(memory.activations) }),
      },
    }),
    ...(accuracy !== undefined && { accuracy }),
    ...(cost !== undefined && { cost }),
    ...(fields.maxDevices !== undefined && { maxDevices: fields.maxDevices }),
    ...(fields.precisions !== undefined && { precisions: [...new Set(fields.precisions)] }),
    ...(fields.batches !== undefined && { batches: [...new Set(fields.batches)].sort((a, b) => a - b) }),
  };
};

const deviceOf = (written: NonNullable<ScenarioFields['devices']>[number]): DeviceChoice => {
  if (typeof written === 'string') return { word: written };
  const { device, runtime, price, perHour } = written;
  return {
    word: device,
    ...(runtime !== undefined && { runtime }),
    ...(price !== undefined && { price }),
    ...(perHour !== undefined && { pricePerHour: perHour }),
  };
};

/** Accuracies of the zoo are in percent, and 0.75 might be one or a share; a column of one's own has its own unit. */
const unitlessFloor = (file: Fields): readonly ScenarioIssue[] => {
  const { accuracy } = file;
  if (!isObject(accuracy) || typeof accuracy.minimum !== 'number' || accuracy.values !== undefined) return [];
  const message = `${accuracy.minimum} has no unit: expected a percentage, such as "75 %"`;
  return [{ code: 'missing-unit', path: 'accuracy.minimum', message }];
};

/** Reads a scenario that the caller has parsed to plain data; `name` is what it is called where it has no id. */
export const parseScenario = (input: unknown, { name }: { readonly name: string }): ParsedScenario => {
  const bounded = boundedCopy(input, 'a scenario');
  if (bounded.issues.length > 0) return { ok: false, issues: bounded.issues };
  if (!isObject(bounded.copy)) {
    const found = bounded.copy === null ? 'empty' : show(bounded.copy);
    const message = `is ${found}: expected a mapping of what the deployment needs, such as deadline and devices`;
    return { ok: false, issues: [{ code: 'not-an-object', path: '(root)', message }] };
  }
  const parsed = z.safeParse(scenarioFile, bounded.copy, { reportInput: true });
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap((issue) => refusalsOf(issue, [], 'a scenario'));
    return { ok: false, issues: inOrder(issues) };
  }
  const { devices, models, exclude, runtimes } = parsed.data;
  const issues = [...unitlessFloor(bounded.copy)];
  const scenario = scenarioOf(parsed.data, name, issues);
  if (issues.length > 0) return { ok: false, issues };
  return {
    ok: true,
    request: {
      scenario,
      ...(devices !== undefined && { devices: devices.map(deviceOf) }),
      ...(models !== undefined && { models }),
      excludedDevices: exclude?.devices ?? [],
      excludedModels: exclude?.models ?? [],
      ...(runtimes !== undefined && { runtimes }),
    },
  };
};
