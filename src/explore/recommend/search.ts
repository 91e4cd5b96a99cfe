/** Every model on every target at every precision, resolution and batch that a scenario allows. */
import { isMachine, type Machine, resolveMachine } from '../../estimate/machine.ts';
import { DTYPE_BYTES, PRECISIONS, type Precision } from '../../ir/dtype.ts';
import { OperatorError } from '../../ops/definition.ts';
import { seconds } from '../../units/quantity.ts';
import { ModelOptionError } from '../../zoo/api.ts';
import { type CompiledModel, type CompileOptions, compileModel, type ModelEntry } from '../compile.ts';
import { paretoFront } from '../pareto.ts';
import { accuracyOf, resolutionsOf } from './accuracy.ts';
import { type Candidate, evaluate, loadShare, outcomeAt } from './candidate.ts';
import { usualBatches } from './composition.ts';
import { type Check, type ConstraintName, checkOf } from './constraints.ts';
import { objectivesOf } from './front.ts';
import { compare } from './preference.ts';
import { type DeploymentScenario, peakRate, type SearchSpace, type Target } from './scenario.ts';
import { type SearchedModel, searchedModel } from './searched-model.ts';

/** All configurations of one model on one target. */
export interface Pair {
  readonly entry: ModelEntry;
  readonly target: Target;
  readonly configurations: number;
  /** How many of them hold. */
  readonly holding: number;
  /** Of those that hold: the best batch by the rule for each precision and resolution, best first. */
  readonly feasible: readonly Feasible[];
  /** Of those that hold: what no other of the pair beats in every objective. */
  readonly front: readonly Candidate[];
  /** Where none holds: the one whose worst margin is largest; `undefined` where there is none to try. */
  readonly nearest: Candidate | undefined;
  /** Where none holds: constraints that alone stand in the way of some configuration, with what it would take. */
  readonly opens: ReadonlyMap<ConstraintName, Check>;
  /** Why there is nothing to try. */
  readonly refused: Check | undefined;
}

export interface Feasible {
  readonly candidate: Candidate;
  readonly batches: readonly number[];
}

export interface Search {
  readonly scenario: DeploymentScenario;
  readonly space: SearchSpace;
  readonly pairs: readonly Pair[];
  readonly configurations: number;
  readonly batches: readonly number[];
  readonly priced: boolean;
  /** Resolutions that are asked for and that a model cannot take. */
  readonly illegal: readonly { readonly model: string; readonly resolution: number; readonly message: string }[];
}

export interface SearchOptions {
  readonly compile?: (entry: ModelEntry, options: CompileOptions) => CompiledModel;
  /** Whether devices without a price have an unknown one; found out from the targets where it is left out. */
  readonly priced?: boolean;
}

const NOT_TRIED = { unit: '', sense: 'at least', required: Number.NaN, actual: null, margin: 0, holds: false } as const;

/**
 * Of less than a byte only where it is asked for: weights of four bits lose points of accuracy unless they were trained
 * for it, and what they lose is published for hardly any model.
 */
const USUAL_PRECISIONS = PRECISIONS.filter((precision) => DTYPE_BYTES[precision] >= 1);

const targetMachines = (target: Target, wanted: readonly Precision[] | undefined): readonly Machine[] =>
  (wanted ?? USUAL_PRECISIONS).flatMap((precision) => {
    const mode = target.powerMode === undefined ? {} : { mode: target.powerMode };
    const machine = resolveMachine(target.device, target.runtime, { precision, ...mode });
    return isMachine(machine) ? [machine] : [];
  });

/** Keeps what can be said of a pair while its configurations go by. */
const collect = (search: Pick<Search, 'scenario' | 'priced'>, entry: ModelEntry, target: Target) => {
  const { scenario, priced } = search;
  const isBetter = compare(scenario.prefer);
  const groups = new Map<string, { best: Candidate; batches: number[]; all: Candidate[] }>();
  const opens = new Map<ConstraintName, Check>();
  let nearest: Candidate | undefined;
  let configurations = 0;
  let holding = 0;
  const marginOf = ({ outcome }: Candidate): number => outcome.binding?.margin ?? Number.POSITIVE_INFINITY;

  const keepOpening = (check: Check): void => {
    const known = opens.get(check.constraint);
    if (known === undefined || check.margin > known.margin) opens.set(check.constraint, check);
  };
  const holdsWith = (candidate: Candidate, change: Partial<DeploymentScenario>): boolean =>
    outcomeAt({ ...scenario, ...change }, candidate, scenario.at, { priced }).holds;
  const miss = (candidate: Candidate): void => {
    if (nearest === undefined || marginOf(candidate) > marginOf(nearest)) nearest = candidate;
    const [only, ...others] = candidate.outcome.checks.filter(({ holds }) => !holds);
    // A lower rate is no lower limit: batches fill more slowly, and less power is drawn. It is looked for below.
    if (only !== undefined && others.length === 0 && only.actual !== null && only.constraint !== 'rate') {
      if (only.constraint !== 'deadline' || holdsWith(candidate, { deadline: seconds(only.actual) })) keepOpening(only);
    }
    const { maxDevices, load } = scenario;
    if (load === undefined) return;
    const share = loadShare(scenario, candidate, { priced });
    if (share !== undefined) keepOpening(checkOf('rate', 'at least', peakRate(load), peakRate(load) * share));
    if (maxDevices === undefined) return;
    const { maxDevices: _, ...unlimited } = scenario;
    const outcome = outcomeAt(unlimited, candidate, scenario.at, { priced });
    if (outcome.holds) keepOpening(checkOf('devices', 'at most', maxDevices, outcome.composition.devices));
  };
  const keep = (candidate: Candidate): void => {
    holding += 1;
    const key = `${candidate.machine.precision}/${candidate.model.resolution}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { best: candidate, batches: [candidate.batch], all: [candidate] });
      return;
    }
    group.batches.push(candidate.batch);
    group.all.push(candidate);
    if (isBetter(candidate, group.best) < 0) group.best = candidate;
  };
  return {
    add: (candidate: Candidate): void => {
      configurations += 1;
      if (candidate.outcome.holds) keep(candidate);
      else miss(candidate);
    },
    pair: (refused: Check | undefined): Pair => {
      const all = [...groups.values()];
      return {
        ...{ entry, target, configurations, holding },
        feasible: all
          .map(({ best, batches }) => ({ candidate: best, batches }))
          .sort((a, b) => isBetter(a.candidate, b.candidate)),
        front: paretoFront(
          all.flatMap((group) => group.all),
          objectivesOf(all.flatMap((group) => group.all)),
        ),
        nearest: holding > 0 ? undefined : nearest,
        opens: holding > 0 ? new Map() : opens,
        refused: configurations > 0 ? undefined : refused,
      };
    },
  };
};

const isPriced = ({ targets }: SearchSpace): boolean =>
  targets.some(({ price, pricePerHour }) => price !== undefined || pricePerHour !== undefined);

/** A search that goes model by model, so that whoever waits for it can be told how far it is. */
export interface RunningSearch {
  /** Throws what compiling a model at its own resolution throws. */
  searchModel(entry: ModelEntry): readonly Pair[];
  done(pairs: readonly Pair[]): Search;
}

export const startSearch = (
  scenario: DeploymentScenario,
  space: SearchSpace,
  options: SearchOptions = {},
): RunningSearch => {
  const { compile = ({ variant }, settings) => compileModel(variant, settings) } = options;
  const batches = scenario.batches ?? usualBatches(scenario.load, scenario.deadline);
  const { priced = isPriced(space) } = options;
  const targets = space.targets.map((target) => ({ target, machines: targetMachines(target, scenario.precisions) }));
  const illegal: { model: string; resolution: number; message: string }[] = [];

  const atResolutions = (entry: ModelEntry): readonly SearchedModel[] =>
    resolutionsOf(entry.variant, scenario).flatMap((resolution) => {
      try {
        const make = () => compile(entry, resolution === undefined ? {} : { resolution });
        return [searchedModel(entry, make, accuracyOf(entry.variant, resolution, scenario.accuracy))];
      } catch (error) {
        const isNative = resolution === undefined || resolution === entry.variant.nativeResolution;
        const isRefusal =
          error instanceof ModelOptionError || error instanceof OperatorError || error instanceof RangeError;
        if (isNative || !isRefusal) throw error;
        illegal.push({ model: entry.variant.name, resolution, message: error.message });
        return [];
      }
    });

  const searchModel = (entry: ModelEntry): readonly Pair[] => {
    const models = atResolutions(entry);
    const pairs = targets.map(({ target, machines }) => {
      const found = collect({ scenario, priced }, entry, target);
      for (const model of models) {
        for (const machine of machines) {
          for (const batch of batches) found.add(evaluate(scenario, { model, target, machine, batch }, { priced }));
        }
      }
      const constraint = machines.length === 0 ? 'precision' : 'resolution';
      return found.pair({ constraint, ...NOT_TRIED });
    });
    for (const model of models) model.release();
    return pairs;
  };
  return {
    searchModel,
    done: (pairs) => ({
      ...{ scenario, space, pairs, batches, priced, illegal },
      configurations: pairs.reduce((sum, pair) => sum + pair.configurations, 0),
    }),
  };
};

export const search = (scenario: DeploymentScenario, space: SearchSpace, options: SearchOptions = {}): Search => {
  const { searchModel, done } = startSearch(scenario, space, options);
  return done(space.models.flatMap(searchModel));
};
