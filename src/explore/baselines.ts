/** Two simple models of time to beat. What they are fitted to and judged by is the affair of whoever asks. */
import type { MeasuredRow } from '../estimate/calibrate.ts';
import type { Machine } from '../estimate/machine.ts';

/** log t = a + b log MACs; and the sum over kernels of max(2 MACs / peak, bytes / bandwidth) times one scale. */
export type Baseline = 'macs' | 'roofline';

/** What the baselines see of a row. */
export interface BaselineRow {
  readonly macs: number;
  readonly rooflineSeconds: number;
  readonly latencySeconds: number;
  /** In the fit. */
  readonly weight: number;
}

export type BaselineSeconds = Readonly<Record<Baseline, number>>;

/** Every kernel at the whole peak or the whole bandwidth, whichever takes longer. */
export const rooflineSeconds = ({ workload: { columns }, batch }: MeasuredRow, machine: Machine): number => {
  const { launches, macsFixed, macsPerItem, weightElements, activationFixed, activationPerItem } = columns;
  let seconds = 0;
  for (let i = 0; i < columns.length; i++) {
    const macs = (macsFixed[i] as number) + (macsPerItem[i] as number) * batch;
    const elements =
      (weightElements[i] as number) + (activationFixed[i] as number) + (activationPerItem[i] as number) * batch;
    const compute = (2 * macs) / machine.matrixPeak;
    const memory = (elements * machine.elementBytes) / machine.offChipBandwidth;
    seconds += Math.max(compute, memory) * (launches[i] as number);
  }
  return seconds;
};

export const baselineRow = (row: MeasuredRow, machine: Machine, weight: number): BaselineRow => ({
  macs: row.workload.macs.fixed + row.workload.macs.perItem * row.batch,
  rooflineSeconds: rooflineSeconds(row, machine),
  latencySeconds: row.latencySeconds,
  weight,
});

const NOTHING: BaselineSeconds = { macs: Number.NaN, roofline: Number.NaN };

/** Fitted to some rows, says the seconds of others; NaN where there is no row to fit to. */
export const fitBaselines = (rows: readonly BaselineRow[]): ((row: BaselineRow) => BaselineSeconds) => {
  const total = rows.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return () => NOTHING;
  const mean = (value: (row: BaselineRow) => number): number =>
    rows.reduce((sum, row) => sum + row.weight * value(row), 0) / total;
  const x = ({ macs }: BaselineRow): number => Math.log(macs);
  const y = ({ latencySeconds }: BaselineRow): number => Math.log(latencySeconds);
  const [centerX, centerY] = [mean(x), mean(y)];
  const spread = mean((row) => (x(row) - centerX) ** 2);
  const shared = mean((row) => (x(row) - centerX) * (y(row) - centerY));
  // One size of model says nothing of larger ones: in proportion is what anybody would say.
  const slope = spread < SMALLEST_SPREAD ? 1 : shared / spread;
  const scale = mean((row) => y(row) - Math.log(row.rooflineSeconds));
  return (row) => ({
    macs: Math.exp(centerY + slope * (x(row) - centerX)),
    roofline: row.rooflineSeconds * Math.exp(scale),
  });
};

/** Variance of the logarithm of the MACs. */
const SMALLEST_SPREAD = 1e-6;
