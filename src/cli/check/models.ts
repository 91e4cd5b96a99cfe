/** The models of each budget, compiled, and held to its limits. */
import {
  type Budget,
  type BudgetHardware,
  type BudgetPath,
  checkBudget,
  type LimitResult,
  type MeasuredModel,
  needsSizes,
} from '../../index.ts';
import { ownPrecision } from '../analyze/analysis.ts';
import { warningsOf } from '../analyze/warnings.ts';
import type { Session } from '../command.ts';
import { InputError } from '../errors.ts';
import { onFile } from '../model/file.ts';
import {
  compileSelected,
  requireClosed,
  type SelectedModel,
  type SelectOptions,
  selectAnyModels,
} from '../model/select.ts';
import { type Fixed, parseFixed } from '../model/words.ts';
import type { Warning } from '../output.ts';
import { exactly } from '../select.ts';
import { atPlace, type BudgetFile, modelWord } from './file.ts';

export interface CheckedModel {
  readonly results: readonly LimitResult[];
  /** Of reading the file and of counting it. */
  readonly warnings: readonly Warning[];
}

interface Named {
  readonly words: readonly string[];
  /** Where they stand in the file; on the command line they stand nowhere in it. */
  readonly place: BudgetPath | undefined;
}

/** Models of the command line take the place of those of the only budget, or are for those that name none. */
const wordsFor = async (file: BudgetFile, index: number, given: readonly string[], { io }: Session): Promise<Named> => {
  const { models = [] } = file.budgets[index] ?? {};
  const replaces = models.length === 0 || file.budgets.length === 1;
  if (given.length > 0 && replaces) return { words: given, place: undefined };
  const words = await Promise.all(models.map((word) => modelWord(file, word, io.files)));
  return { words, place: [...placeOf(file, index), 'models'] };
};

const placeOf = ({ budgets }: BudgetFile, index: number): BudgetPath =>
  budgets.length === 1 ? [] : ['budgets', index];

const select = async (
  file: BudgetFile,
  { words, place }: Named,
  options: SelectOptions,
): Promise<readonly SelectedModel[]> => {
  if (place === undefined) return selectAnyModels(words, options);
  try {
    return await selectAnyModels(words, options);
  } catch (error) {
    const index = error instanceof InputError ? words.indexOf(error.path) : -1;
    return atPlace(file, index === -1 ? place : [...place, index], () => {
      throw error;
    });
  }
};

/** What the budget fixes, and over it what the command line does. */
const fixedOf = ({ dims, inputs }: Budget, given: Fixed): Fixed => {
  const own = parseFixed({
    dim: Object.entries(dims).map(([name, value]) => `${name}=${value}`),
    input: Object.entries(inputs).map(([name, shape]) => `${name}=${shape}`),
  });
  return { dims: new Map([...own.dims, ...given.dims]), inputs: new Map([...own.inputs, ...given.inputs]) };
};

const batchesOf = ({ batch, limits }: Budget): readonly number[] | undefined => {
  const asked = limits.flatMap((limit) => (limit.kind === 'device' ? (limit.on.batch ?? []) : []));
  const all = [...new Set([...(batch === undefined ? [] : [batch]), ...asked])];
  return all.length === 0 ? undefined : all;
};

const budgetModel = (selected: SelectedModel, budget: Budget): MeasuredModel => {
  const { entry, source } = selected;
  const { resolution, batch } = budget;
  // A model without images in a family or a list of others is counted as it is.
  const isFixed = resolution === undefined || entry.variant.withoutResolution === true;
  const compiled = compileSelected(selected, isFixed ? {} : { resolution });
  if (budget.limits.some(needsSizes)) requireClosed(selected, compiled);
  return {
    name: entry.variant.name,
    compiled,
    batch: batch ?? source?.model.ownBatch ?? 1,
    precision: source === undefined ? 'fp32' : ownPrecision(compiled.analyzed),
    stored: source !== undefined,
  };
};

/** Throws `InputError`. */
export const checkModels = async (
  file: BudgetFile,
  hardware: BudgetHardware,
  { words, fixed, session }: { words: readonly string[]; fixed: Fixed; session: Session },
): Promise<readonly CheckedModel[]> => {
  const { budgets } = file;
  if (words.length > 0 && budgets.length > 1 && budgets.every(({ models }) => models.length > 0)) {
    const message = `every budget of ${file.path} names its own models: expected none on the command line`;
    throw new InputError('conflicting-models', 'MODEL', message);
  }
  const checked: CheckedModel[] = [];
  for (const [index, budget] of budgets.entries()) {
    const place = placeOf(file, index);
    const named = await wordsFor(file, index, words, session);
    if (named.words.length === 0) {
      await atPlace(file, place, () => {
        const message = 'no model is named: expected models in the budget, or assay check BUDGET.yaml MODEL';
        throw new InputError('missing-argument', 'MODEL', message);
      });
    }
    const models = await select(file, named, {
      ...{ files: session.io.files, fixed: fixedOf(budget, fixed), batches: batchesOf(budget), batch: 'one' },
    });
    for (const selected of models) {
      await atPlace(file, place, () => {
        const model = budgetModel(selected, budget);
        const run = (): readonly LimitResult[] => checkBudget(budget, model, hardware);
        const { source, entry } = selected;
        checked.push({
          results: source === undefined ? exactly(model.name, run) : onFile(source.file.path, run),
          warnings: source === undefined ? [] : warningsOf(entry, source.file.warnings, model.compiled.analyzed),
        });
      });
    }
  }
  return checked;
};
