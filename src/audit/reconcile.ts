/** The figures of a document beside ours: theirs, ours with its interval, the factor between them, and the cause where one is known. */
import { estimate } from '../estimate/estimate.ts';
import { JOULES_PER_WATT_HOUR } from '../units/quantity.ts';
import type { Audit, Finding } from './audit.ts';
import { energyOf, supplyFor } from './checks/battery.ts';
import type { Metric } from './columns.ts';
import type { ModelFacts } from './model-facts.ts';
import type { AuditedReport, CellFigure } from './report.ts';
import type { FindingCode } from './verdict.ts';

export interface Reconciled {
  readonly metric: ReconciledMetric;
  readonly line: number;
  readonly model: string;
  readonly device: string | null;
  /** As printed. */
  readonly text: string;
  /** In SI base units, as is ours. */
  readonly theirs: number;
  readonly ours: number;
  /** Ends of the prediction's interval; `null` for counts, which have none, and for energies, whose error is not known as one. */
  readonly low: number | null;
  readonly high: number | null;
  readonly factor: number;
  /** Inside the interval, or a count within the spread of conventions. */
  readonly agrees: boolean;
  /** How ours was made: type, runtime and batch, or the convention. */
  readonly basis: string;
  /** Findings of the audit about this figure. */
  readonly causes: readonly FindingCode[];
}

export const RECONCILED = [
  'parameters',
  'flops',
  'macs',
  'latency',
  'rate',
  'energy',
  'memory',
  'inferences-per-wh',
  'battery-life',
] as const;
export type ReconciledMetric = (typeof RECONCILED)[number];

const CAUSES: Readonly<Record<ReconciledMetric, readonly FindingCode[]>> = {
  parameters: ['published-count'],
  flops: ['published-count'],
  macs: ['published-count'],
  latency: ['unit-slip', 'throughput-latency', 'beyond-bandwidth', 'inconsistent'],
  rate: ['unit-slip', 'throughput-latency', 'beyond-peak', 'beyond-bandwidth'],
  energy: ['beyond-power', 'inconsistent'],
  memory: ['memory-figure'],
  'inferences-per-wh': ['inferences-per-wh'],
  'battery-life': ['battery-life'],
};

const COUNT_SPREAD = 0.08;

interface Ours {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly basis: string;
}

const exact = (value: number | undefined, basis: string): Ours | undefined =>
  value === undefined ? undefined : { value, low: null, high: null, basis };

const oursFor = (
  figure: CellFigure,
  metric: ReconciledMetric,
  { report, facts }: { readonly report: AuditedReport; readonly facts: ModelFacts },
): Ours | undefined => {
  const { model, device, resolution, batch = 1 } = figure;
  if (model === undefined) return undefined;
  const at = resolution === undefined ? '' : ` at ${resolution}×${resolution}`;
  const count = (name: string) => facts.workCounts(model, resolution).find((each) => each.name === name)?.value;
  switch (metric) {
    case 'parameters':
      return exact(facts.parameterCounts(model)[0], 'learned parameters');
    case 'flops':
      return exact(count('2 × MACs'), `2 × MACs${at}`);
    case 'macs':
      return exact(count('MACs'), `MACs${at}`);
    case 'memory':
      return exact(
        facts.memory(model, resolution, 'fp32', batch)?.peakActivationBytes,
        `peak of live activations, fp32${at}`,
      );
    case 'battery-life':
    case 'latency':
    case 'rate':
    case 'energy':
    case 'inferences-per-wh':
      break;
  }
  const machine = device && facts.machine(device, figure.precision);
  const compiled = facts.compiled(model, resolution);
  if (machine === undefined || compiled === undefined) return undefined;
  const made = estimate(compiled.workload(machine.fusion), machine, batch);
  const basis = `${machine.precision}, ${machine.runtime.id}, batch ${batch}${at}`;
  const { lowSeconds, highSeconds } = made.interval;
  if (metric === 'latency') return { value: made.latencySeconds, low: lowSeconds, high: highSeconds, basis };
  if (metric === 'rate')
    return { value: made.throughputPerSecond, low: batch / highSeconds, high: batch / lowSeconds, basis };
  const joules = made.energyPerInferenceJoules;
  if (metric === 'energy') return exact(joules, basis);
  if (metric === 'inferences-per-wh') return exact(JOULES_PER_WATT_HOUR / joules, basis);
  const table = report.tables[figure.table];
  const supply = table && supplyFor(report, table);
  return supply && exact(supply.joules / (joules * supply.perSecond), `${basis}; nothing else draws power`);
};

const causesOf = (metric: ReconciledMetric, found: readonly Finding[]): readonly FindingCode[] => [
  ...new Set(found.map(({ code }) => code).filter((code) => CAUSES[metric].includes(code))),
];

/** The life of a battery is that on the device whose energies the document prints. */
const withDevice = (report: AuditedReport, figure: CellFigure): CellFigure => {
  const row = report.tables[figure.table]?.rows[figure.row];
  if (figure.metric !== 'battery-life' || figure.device !== undefined || row === undefined) return figure;
  return { ...figure, device: energyOf(report, row)?.device };
};

const isReconciled = (metric: Metric): metric is ReconciledMetric => (RECONCILED as readonly string[]).includes(metric);

/** One row per figure of a known model, and of a known device where it takes one; the first of several like it. */
export const reconcile = ({ report, findings }: Audit, facts: ModelFacts): readonly Reconciled[] => {
  const byLine = new Map<number, Finding[]>();
  for (const finding of findings) byLine.set(finding.line, [...(byLine.get(finding.line) ?? []), finding]);
  const seen = new Set<string>();
  return report.figures.flatMap((printedFigure): readonly Reconciled[] => {
    const figure = withDevice(report, printedFigure);
    const { metric, model, device, qualifier, printed, line, text, batch, resolution, precision } = figure;
    if (!isReconciled(metric) || model === undefined || qualifier !== '' || !(printed.value > 0)) return [];
    const key = [metric, model.variant.name, device?.id, batch, resolution, precision, text].join('|');
    if (seen.has(key)) return [];
    const ours = oursFor(figure, metric, { report, facts });
    if (ours === undefined) return [];
    seen.add(key);
    const { value, low, high, basis } = ours;
    const factor = printed.value / value;
    const [least, most] = [low ?? value * (1 - COUNT_SPREAD), high ?? value * (1 + COUNT_SPREAD)];
    const agrees = printed.low - printed.step <= most && printed.high + printed.step >= least;
    return [
      {
        ...{ metric, line, model: model.variant.title, device: device?.name ?? null, text, theirs: printed.value },
        ...{ ours: value, low, high, factor, basis },
        agrees,
        causes: agrees ? [] : causesOf(metric, byLine.get(line) ?? []),
      },
    ];
  });
};
