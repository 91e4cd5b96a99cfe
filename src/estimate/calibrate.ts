/** Fits the constants of the per-kernel form to measurements, and says how well it does on families it never saw. */
import type { Workload } from '../analysis/workload.ts';
import type { HeldOutError, IntervalFactors, TimeConstants } from './constants.ts';
import { type FreeConstant, freeConstants, scaledConstants } from './free-constants.ts';
import { type Machine, roundsOf } from './machine.ts';
import { robustFit } from './robust-fit.ts';
import { type ErrorSummary, errorSummary, weightedQuantile } from './statistics.ts';
import { sumsOf } from './sums.ts';

export interface MeasuredRow {
  readonly model: string;
  /** Held out together: architectures that share their blocks. */
  readonly family: string;
  readonly batch: number;
  readonly workload: Workload;
  readonly latencySeconds: number;
}

/** Latency without the power roof, which no measurement of a running device exceeds. */
export const predictSeconds = ({ workload, batch }: MeasuredRow, machine: Machine): number =>
  machine.constants.inferenceSeconds * roundsOf(machine, batch) + sumsOf(workload, machine, batch).seconds;

const familySizes = (rows: readonly MeasuredRow[]): ReadonlyMap<string, number> => {
  const sizes = new Map<string, number>();
  for (const { family } of rows) sizes.set(family, (sizes.get(family) ?? 0) + 1);
  return sizes;
};

export interface FitOptions {
  /** Where the fit starts and what it is held to: constants of the class of devices and runtimes. */
  readonly start: TimeConstants;
  /** Of rows that were measured on several machines: the machine of each; otherwise all run on `machine`. */
  readonly machines?: readonly Machine[];
  /**
   * Rows of the table that `rows` are a part of, where some were left out: how much a fit may move follows from them, so
   * that a fit without a family is made as the one in use.
   */
  readonly tableRows?: number;
}

/** Log residuals below this count as squares, those above by their size: a twentieth is what measurements repeat to. */
const ROBUST_FROM = 0.05;
const SCALE_SPREAD = 0.7;
/** Of what hosts take to hand kernels over, from machine to machine. */
const HOST_SPREAD = 1;
/** With many rows every constant says itself how fast the machine is. */
const FIXED = 1e-6;
/** Rows from which a refit of every constant pays; below, one scale moves and the others are held to the class. */
export const REFIT_ROWS = 30;
const MANY_ROWS = 100;
const FEW_ROWS = 8;
const OVERLAP_EXPONENTS = [1, 2, 4] as const;

/** How freely constants leave where they start: the more rows, the more. */
const freedomOf = (rows: number): number => (rows >= MANY_ROWS ? 8 : rows >= FEW_ROWS ? 3 : 1);

/** exp of the first parameter is the scale of all times, of the others what each free constant is multiplied by. */
const constantsAt = (start: TimeConstants, names: readonly FreeConstant[], parameters: Float64Array): TimeConstants => {
  const moved: Record<string, number> = { ...start };
  names.forEach(({ name, limits }, i) => {
    const value = (start[name] as number) * Math.exp(parameters[i + 1] as number);
    moved[name] = Math.min(limits[1], Math.max(limits[0], value));
  });
  return scaledConstants(moved as unknown as TimeConstants, Math.exp(parameters[0] as number));
};

/**
 * The constants that are most likely after the rows: robust log error of every row, and a pull of every constant
 * towards its start as strong as its spread says. A row weighs 1 / sqrt(rows of its family), so that large families do
 * not drown small ones. Without rows it is the start.
 */
export const fitConstants = (
  rows: readonly MeasuredRow[],
  machine: Machine,
  options: FitOptions = { start: machine.constants },
): TimeConstants => {
  const { start, tableRows = rows.length } = options;
  if (rows.length === 0) return start;
  const exponents = tableRows < REFIT_ROWS ? [start.overlapExponent] : OVERLAP_EXPONENTS;
  const fits = exponents.map((overlapExponent) =>
    fitAt(rows, machine, { ...options, tableRows, start: { ...start, overlapExponent } }),
  );
  return fits.reduce((best, fit) => (fit.loss < best.loss ? fit : best)).constants;
};

interface Members {
  readonly own: Machine;
  readonly indices: readonly number[];
}

const byMachine = (
  rows: readonly MeasuredRow[],
  machine: Machine,
  machines: readonly Machine[] | undefined,
): readonly Members[] => {
  const found = new Map<Machine, number[]>();
  rows.forEach((_, index) => {
    const own = machines?.[index] ?? machine;
    const indices = found.get(own);
    if (indices === undefined) found.set(own, [index]);
    else indices.push(index);
  });
  return [...found].map(([own, indices]) => ({ own, indices }));
};

/** How often the model of each row was measured on its machine: batches of one model say little more than one of them. */
const repetitions = (members: readonly Members[], rows: readonly MeasuredRow[]): readonly number[] => {
  const repeats: number[] = [];
  for (const { indices } of members) {
    const models = indices.map((index) => (rows[index] as MeasuredRow).model);
    for (const index of indices) {
      const { model } = rows[index] as MeasuredRow;
      repeats[index] = models.filter((other) => other === model).length;
    }
  }
  return repeats;
};

const withSlowerHost = (constants: TimeConstants, factor: number): TimeConstants =>
  constants.dispatchSeconds === undefined || factor === 1
    ? constants
    : { ...constants, dispatchSeconds: constants.dispatchSeconds * factor };

const fitAt = (
  rows: readonly MeasuredRow[],
  machine: Machine,
  { start, machines, tableRows }: FitOptions & { readonly tableRows: number },
): { readonly constants: TimeConstants; readonly loss: number } => {
  const sizes = familySizes(rows);
  const freedom = freedomOf(tableRows);
  const names = freeConstants(start);
  const members = byMachine(rows, machine, machines);
  const spreads = [tableRows >= MANY_ROWS ? FIXED : SCALE_SPREAD, ...names.map(({ spread }) => spread * freedom)];
  // Of several machines each has a host of its own.
  const hosts = members.length > 1 && start.dispatchSeconds !== undefined ? members.length : 0;
  for (let host = 0; host < hosts; host++) spreads.push(HOST_SPREAD);
  const repeats = hosts > 0 ? repetitions(members, rows) : rows.map(() => 1);
  const importance = rows.map(
    ({ family }, index) => (sizes.get(family) ?? 1) ** -0.25 * (repeats[index] as number) ** -0.5,
  );
  const logs = rows.map((row) => Math.log(row.latencySeconds));
  const { parameters, loss } = robustFit({
    parameters: spreads.length,
    // Behind the rows stands one residual for every parameter: how far from the start it is, in spreads.
    residuals: rows.length + spreads.length,
    squareBelow: ROBUST_FROM,
    farthest: LARGEST_MOVE,
    evaluate: (at, out) => {
      const constants = constantsAt(start, names, at);
      members.forEach(({ own, indices }, host) => {
        const slower = hosts === 0 ? 1 : Math.exp(at[1 + names.length + host] as number);
        const moved: Machine = { ...own, constants: withSlowerHost(constants, slower) };
        for (const index of indices) {
          const row = rows[index] as MeasuredRow;
          out[index] = (Math.log(predictSeconds(row, moved)) - (logs[index] as number)) * (importance[index] as number);
        }
      });
      spreads.forEach((spread, i) => {
        out[rows.length + i] = (at[i] as number) / spread;
      });
    },
  });
  return { constants: constantsAt(start, names, parameters), loss };
};

/** Five natural logarithms, a factor of 150 either way, is beyond every limit. */
const LARGEST_MOVE = 5;

export interface HeldOutPrediction {
  readonly row: MeasuredRow;
  readonly predictedSeconds: number;
}

/** Families from which a fit without one of them still says something about it. */
const FEWEST_FAMILIES = 3;

/**
 * Rows as they are held out together: by family, or by measured point where there are too few families, so that the
 * `family` of each row is then its point.
 */
export const heldOutUnits = <Row extends MeasuredRow>(
  rows: readonly Row[],
): { readonly by: HeldOutError['by']; readonly rows: readonly Row[] } => {
  if (familySizes(rows).size >= FEWEST_FAMILIES) return { by: 'model family', rows };
  const point = ({ model, batch, workload }: Row) => `${model} at batch ${batch}, ${workload.macs.perItem} MACs`;
  return { by: 'measured point', rows: rows.map((row) => ({ ...row, family: point(row) })) };
};

/** Constants fitted without one family. */
export interface HeldOutFit {
  readonly family: string;
  readonly constants: TimeConstants;
}

/** Constants for every family, fitted on all others. */
export const heldOutFits = (
  rows: readonly MeasuredRow[],
  machine: Machine,
  options: FitOptions = { start: machine.constants },
): readonly HeldOutFit[] =>
  [...familySizes(rows).keys()].map((family) => ({
    family,
    constants: fitConstants(
      rows.filter((row) => row.family !== family),
      machine,
      { ...options, tableRows: rows.length },
    ),
  }));

/** Predicts every row with constants fitted on all other families. */
export const predictHeldOut = (
  rows: readonly MeasuredRow[],
  machine: Machine,
  fits: readonly HeldOutFit[] = heldOutFits(rows, machine),
): readonly HeldOutPrediction[] =>
  fits.flatMap(({ family, constants }) => {
    const fitted = { ...machine, constants };
    return rows
      .filter((row) => row.family === family)
      .map((row) => ({ row, predictedSeconds: predictSeconds(row, fitted) }));
  });

/**
 * Split-conformal quantiles of the held-out log residuals, each row weighing the same, or each set of rows that were held
 * out together: a new device is a new set, a new model a new row. What is in one set errs alike, so the level is corrected
 * for the number of sets, (sets + 1) / sets, in both.
 */
export const intervalFactors = (
  predictions: readonly HeldOutPrediction[],
  level: number,
  equal: 'rows' | 'sets' = 'rows',
): IntervalFactors => {
  const sizes = familySizes(predictions.map(({ row }) => row));
  const residuals = predictions.map(({ row, predictedSeconds }) => ({
    value: Math.log(row.latencySeconds / predictedSeconds),
    weight: equal === 'rows' ? 1 : 1 / (sizes.get(row.family) ?? 1),
  }));
  const corrected = Math.min(1, (level * (sizes.size + 1)) / sizes.size);
  const tail = (1 + corrected) / 2;
  return {
    level,
    low: Math.min(1, Math.exp(weightedQuantile(residuals, 1 - tail))),
    high: Math.max(1, Math.exp(weightedQuantile(residuals, tail))),
  };
};

/** Held-out sets from which their quantiles say something by themselves, and from which they do if they are large. */
const ENOUGH_SETS = 5;
const ENOUGH_LARGE_SETS = 3;
const ENOUGH_NETWORKS = 20;

/** What an interval rests on: all held-out sets and the networks in them, those that it is applied to included. */
export interface IntervalBasis {
  readonly sets: number;
  readonly networks: number;
  /** Of the class. */
  readonly widest: IntervalFactors | undefined;
}

const isEnough = ({ sets, networks }: IntervalBasis): boolean =>
  sets >= ENOUGH_SETS || (sets >= ENOUGH_LARGE_SETS && networks >= ENOUGH_NETWORKS);

/** Different networks among the rows: batches of one say little more of another than one of them does. */
export const networksIn = (rows: readonly MeasuredRow[]): number =>
  new Set(rows.map(({ model, workload: { macs } }) => `${model} ${macs.perItem}`)).size;

/** Factors of a handful of sets say little: none is narrower than `widest` there. */
export const heldOutInterval = (
  predictions: readonly HeldOutPrediction[],
  level: number,
  basis: IntervalBasis,
): IntervalFactors => {
  const { widest } = basis;
  if (isEnough(basis) || widest === undefined) return intervalFactors(predictions, level);
  if (predictions.length === 0) return widest;
  const own = intervalFactors(predictions, level);
  return { ...own, low: Math.min(own.low, widest.low), high: Math.max(own.high, widest.high) };
};

/** Share of the predictions inside an interval that was made without their family. */
const insideShare = (predictions: readonly HeldOutPrediction[], level: number, widest?: IntervalFactors): number => {
  const families = new Set(predictions.map(({ row }) => row.family));
  const networks = networksIn(predictions.map(({ row }) => row));
  let inside = 0;
  for (const family of families) {
    const others = predictions.filter(({ row }) => row.family !== family);
    const { low, high } = heldOutInterval(others, level, { sets: families.size, networks, widest });
    for (const { row, predictedSeconds } of predictions.filter((prediction) => prediction.row.family === family)) {
      const ratio = row.latencySeconds / predictedSeconds;
      if (ratio >= low && ratio <= high) inside++;
    }
  }
  return inside / predictions.length;
};

export interface CalibrationResult {
  readonly constants: TimeConstants;
  readonly interval: IntervalFactors;
  readonly heldOut: HeldOutError;
  readonly predictions: readonly HeldOutPrediction[];
  readonly fits: readonly HeldOutFit[];
}

export interface CalibrateOptions {
  readonly level?: number;
  /** Where the fit starts and what it is held to. */
  readonly start?: TimeConstants;
  /** Fits that have been made already. */
  readonly constants?: TimeConstants;
  readonly fits?: readonly HeldOutFit[];
  readonly by?: HeldOutError['by'];
  /** Of the class. */
  readonly widest?: IntervalFactors;
}

/** Absolute percentage errors and rank agreement of held-out predictions. */
export const summarize = (predictions: readonly HeldOutPrediction[]): ErrorSummary =>
  errorSummary(
    predictions.map(({ row, predictedSeconds }) => ({ predicted: predictedSeconds, measured: row.latencySeconds })),
  );

/** Fit on all rows, error and interval from family-held-out predictions only. */
export const calibrate = (
  rows: readonly MeasuredRow[],
  machine: Machine,
  options: CalibrateOptions = {},
): CalibrationResult => {
  const { level = 0.8, start = machine.constants } = options;
  const fits = options.fits ?? heldOutFits(rows, machine, { start });
  const predictions = predictHeldOut(rows, machine, fits);
  return {
    constants: options.constants ?? fitConstants(rows, machine, { start }),
    interval: heldOutInterval(predictions, level, {
      ...{ sets: familySizes(rows).size, networks: networksIn(rows), widest: options.widest },
    }),
    heldOut: {
      by: options.by ?? 'model family',
      families: familySizes(rows).size,
      intervalCoverage: insideShare(predictions, level, options.widest),
      ...summarize(predictions),
    },
    predictions,
    fits,
  };
};
