/** Fits the constants of the per-kernel form to measurements, and says how well it does on families it never saw. */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import type { Workload } from '../analysis/workload.ts';
import type { HeldOutError, IntervalFactors, TimeConstants } from './constants.ts';
import type { Machine } from './machine.ts';
import { allocateKernelTimes, evaluateKernels } from './roofs.ts';
import { errorSummary, weightedQuantile } from './statistics.ts';

export interface MeasuredRow {
  readonly model: string;
  /** Held out together: architectures that share their blocks. */
  readonly family: string;
  readonly batch: number;
  readonly workload: Workload;
  readonly latencySeconds: number;
}

/** A constant that the fit may move, inside physical limits; it starts from the machine's present value. */
interface FreeConstant {
  readonly apply: (constants: TimeConstants, value: number) => TimeConstants;
  readonly read: (constants: TimeConstants) => number;
  readonly limits: readonly [number, number];
}

/** Five constants; the rest is taken from the machine as it stands (see `source` of its calibration). */
const FREE: readonly FreeConstant[] = [
  {
    read: (constants) => constants.matrixEfficiency,
    apply: (constants, matrixEfficiency) => ({ ...constants, matrixEfficiency }),
    limits: [0.01, 1],
  },
  {
    read: (constants) => constants.windowEfficiency,
    apply: (constants, windowEfficiency) => ({ ...constants, windowEfficiency }),
    limits: [0.1, 1],
  },
  {
    // One rate for everything that cannot use blocked products.
    read: (constants) => constants.depthwiseEfficiency,
    apply: (constants, share) => ({ ...constants, depthwiseEfficiency: share, vectorEfficiency: share }),
    limits: [0.001, 1],
  },
  {
    read: (constants) => constants.weightEfficiency,
    apply: (constants, weightEfficiency) => ({ ...constants, weightEfficiency }),
    limits: [0.01, 1],
  },
  {
    read: (constants) => constants.kernelSeconds,
    apply: (constants, kernelSeconds) => ({ ...constants, kernelSeconds }),
    limits: [1e-7, 1e-3],
  },
];

/** Latency without the power roof, which no measurement of a running device exceeds. */
export const predictSeconds = (
  row: MeasuredRow,
  machine: Machine,
  times = allocateKernelTimes(row.workload.columns.length),
): number => {
  const { seconds } = evaluateKernels(row.workload.columns, machine, row.batch, times);
  return machine.constants.inferenceSeconds + seconds;
};

const familySizes = (rows: readonly MeasuredRow[]): ReadonlyMap<string, number> => {
  const sizes = new Map<string, number>();
  for (const { family } of rows) sizes.set(family, (sizes.get(family) ?? 0) + 1);
  return sizes;
};

const withConstants = (machine: Machine, logs: readonly number[]): Machine => ({
  ...machine,
  constants: FREE.reduce((constants, free, i) => free.apply(constants, Math.exp(logs[i] as number)), machine.constants),
});

/** Rounds of reweighting that turn least squares into least absolute deviations. */
const REWEIGHTING_ROUNDS = 6;
const ITERATIONS_PER_ROUND = 12;
const SMALLEST_RESIDUAL = 0.01;

/**
 * Least absolute log error, by iteratively reweighted Levenberg-Marquardt on the logarithms of
 * the constants. A row weighs 1 / sqrt(rows of its family), so that large families do not drown
 * small ones.
 */
export const fitConstants = (rows: readonly MeasuredRow[], machine: Machine): TimeConstants => {
  const sizes = familySizes(rows);
  const x = rows.map((_, index) => index);
  const y = rows.map((row) => Math.log(row.latencySeconds));
  let logs = FREE.map((free) => Math.log(free.read(machine.constants)));
  // One scratch for all rows: the fit evaluates each of them thousands of times.
  const scratch = allocateKernelTimes(Math.max(...rows.map((row) => row.workload.columns.length)));
  const predictLogs = (parameters: readonly number[]) => {
    const fitted = withConstants(machine, parameters);
    return (index: number) => Math.log(predictSeconds(rows[index] as MeasuredRow, fitted, scratch));
  };
  for (let round = 0; round < REWEIGHTING_ROUNDS; round++) {
    const predict = predictLogs(logs);
    // The library takes weights as standard deviations of the points: larger counts less.
    const weights = rows.map((row, index) => {
      const residual = Math.max(SMALLEST_RESIDUAL, Math.abs(predict(index) - (y[index] as number)));
      return Math.sqrt(residual * Math.sqrt(sizes.get(row.family) ?? 1));
    });
    const { parameterValues } = levenbergMarquardt({ x, y }, predictLogs, {
      initialValues: logs,
      minValues: FREE.map(({ limits }) => Math.log(limits[0])),
      maxValues: FREE.map(({ limits }) => Math.log(limits[1])),
      gradientDifference: 1e-4,
      damping: 0.01,
      maxIterations: ITERATIONS_PER_ROUND,
      weights,
    });
    logs = parameterValues;
  }
  return withConstants(machine, logs).constants;
};

export interface HeldOutPrediction {
  readonly row: MeasuredRow;
  readonly predictedSeconds: number;
}

/** Predicts every row with constants fitted on all other families. */
export const predictHeldOut = (rows: readonly MeasuredRow[], machine: Machine): readonly HeldOutPrediction[] =>
  [...familySizes(rows).keys()].flatMap((family) => {
    const constants = fitConstants(
      rows.filter((row) => row.family !== family),
      machine,
    );
    const fitted = { ...machine, constants };
    return rows
      .filter((row) => row.family === family)
      .map((row) => ({ row, predictedSeconds: predictSeconds(row, fitted) }));
  });

/**
 * Split-conformal quantiles of the held-out log residuals. Every family weighs the same, since a
 * new model brings a new family and not a new row, and the level is corrected for their number,
 * (families + 1) / families.
 */
export const intervalFactors = (predictions: readonly HeldOutPrediction[], level: number): IntervalFactors => {
  const sizes = familySizes(predictions.map(({ row }) => row));
  const residuals = predictions.map(({ row, predictedSeconds }) => ({
    value: Math.log(row.latencySeconds / predictedSeconds),
    weight: 1 / (sizes.get(row.family) ?? 1),
  }));
  const corrected = Math.min(1, (level * (sizes.size + 1)) / sizes.size);
  const tail = (1 + corrected) / 2;
  return {
    level,
    low: Math.min(1, Math.exp(weightedQuantile(residuals, 1 - tail))),
    high: Math.max(1, Math.exp(weightedQuantile(residuals, tail))),
  };
};

const insideShare = (predictions: readonly HeldOutPrediction[], level: number): number => {
  const families = new Set(predictions.map(({ row }) => row.family));
  let inside = 0;
  for (const family of families) {
    const { low, high } = intervalFactors(
      predictions.filter(({ row }) => row.family !== family),
      level,
    );
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
}

/** Fit on all rows, error and interval from family-held-out predictions only. */
export const calibrate = (rows: readonly MeasuredRow[], machine: Machine, level = 0.8): CalibrationResult => {
  const predictions = predictHeldOut(rows, machine);
  const summary = errorSummary(
    predictions.map(({ row, predictedSeconds }) => ({ predicted: predictedSeconds, measured: row.latencySeconds })),
  );
  return {
    constants: fitConstants(rows, machine),
    interval: intervalFactors(predictions, level),
    heldOut: {
      by: 'model family',
      families: familySizes(rows).size,
      intervalCoverage: insideShare(predictions, level),
      ...summary,
    },
    predictions,
  };
};
