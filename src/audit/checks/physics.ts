/** What no device does: more work than its peak, more bytes than its memory, more power than its cap. */

import { fastestMode, modeSpeed } from '../../estimate/machine.ts';
import type { Device } from '../../hardware/api.ts';
import { formatNumber, formatPercent, formatSI } from '../../units/format.ts';
import { type ModelFacts, possibleResolutions } from '../model-facts.ts';
import { agrees, over, spanAt, spanOf } from '../printed.ts';
import type { AuditedReport, AuditedRow, CellFigure } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';
import { latenciesWithRates, slipOf, subject } from './throughput.ts';

/** What a peak that was rounded, or a boost clock, may give beyond the peak of a datasheet. */
const PEAK_SLACK = 1.05;

/** The work that the document itself states for a model, at one inference. */
const statedWork = (report: AuditedReport, { model }: CellFigure): CellFigure | undefined =>
  (model === undefined ? [] : report.figuresOf(model, 'flops')).find(
    ({ qualifier, batch }) => qualifier === '' && (batch ?? 1) === 1,
  );

const peakOf = (
  device: Device,
  precision: string | undefined,
): { readonly value: number; readonly precision: string } | undefined => {
  const rates = Object.entries(device.matrixPeaks).filter(([name]) => precision === undefined || name === precision);
  const best = rates.toSorted(([, a], [, b]) => b.value - a.value)[0];
  // A document rarely says in which mode it measured.
  return best && { precision: best[0], value: best[1].value * modeSpeed(device, fastestMode(device)) };
};

/** Arithmetic per second at the printed rate, by the document's own count and by ours. */
const beyondPeak = (rate: CellFigure, report: AuditedReport, facts: ModelFacts): readonly Verdict[] => {
  const { device, model } = rate;
  if (device === undefined || model === undefined) return [];
  const best = peakOf(device, rate.precision);
  if (best === undefined) return [];
  const stated = statedWork(report, rate);
  const counts = possibleResolutions(model, rate.resolution).flatMap((resolution) =>
    facts.workCounts(model, resolution).filter(({ name }) => name === '2 × MACs'),
  );
  const ours = counts.length === 0 ? undefined : Math.min(...counts.map(({ value }) => value));
  const claim = `${subject(rate)}${formatSI(rate.printed.value, '', 4).trim()} inferences per second`;
  const verdict = (work: number, whose: string): Verdict | undefined => {
    const done = (rate.printed.low - rate.printed.step) * work;
    // Without a stated type the device's usual one is meant; another may be faster.
    const usual = peakOf(device, rate.precision ?? device.defaultPrecision) ?? best;
    if (done <= usual.value * PEAK_SLACK) return undefined;
    const share = (rate.printed.value * work) / usual.value;
    const isImpossible = done > best.value * PEAK_SLACK;
    return failing({
      ...{ code: 'beyond-peak', line: rate.line, claim, factor: share, severity: isImpossible ? 'error' : 'warning' },
      computed: `at most ${formatNumber(usual.value / work)} per second`,
      explanation:
        `${whose} of ${formatSI(work, 'FLOPs')} that is ${formatSI(rate.printed.value * work, 'FLOP/s')}, ${formatPercent(share, 0)} of the dense ${usual.precision} peak of ` +
        `${formatSI(usual.value, 'FLOP/s')}${isImpossible ? '' : `; only ${best.precision} would have it`}`,
      group: `peak-${rate.table}`,
    });
  };
  const found = [
    stated === undefined ? undefined : verdict(stated.printed.value, 'at its own count'),
    ours === undefined ? undefined : verdict(ours, 'at the count'),
  ].filter((each) => each !== undefined);
  return found.length > 0 ? found.slice(0, 1) : [holding('beyond-peak', rate.line, claim)];
};

/** Time of one batch against the bytes and the work that no machine does without (the least over the device's types). */
const belowRoof = (
  figure: CellFigure,
  seconds: { readonly high: number; readonly value: number },
  batch: number,
  what: string,
  facts: ModelFacts,
): readonly Verdict[] => {
  const { device, model } = figure;
  if (device === undefined || model === undefined) return [];
  const machine = figure.precision === undefined ? undefined : facts.machine(device, figure.precision);
  const machines = machine === undefined ? facts.machines(device) : [machine];
  const roofs = machines.flatMap((each) => facts.roofSeconds(model, each, figure.resolution, batch) ?? []);
  const roof = Math.min(...roofs);
  if (!Number.isFinite(roof)) return [];
  const claim = `${subject(figure)}${what}`;
  if (seconds.high >= roof / PEAK_SLACK) return [holding('beyond-bandwidth', figure.line, claim)];
  return [
    failing({
      ...{ code: 'beyond-bandwidth', severity: 'error', line: figure.line, claim, factor: seconds.value / roof },
      computed: `at least ${formatSI(roof, 's')}`,
      explanation:
        `one batch of ${batch} takes at least ${formatSI(roof, 's')} on ${device.name}, weights, input and output over ` +
        `${formatSI(device.offChip.bandwidth.value, 'B/s')} or work over peak, whatever its type: ${formatNumber(roof / seconds.value)} times longer`,
      group: `roof-${figure.table}-${what.startsWith('latency') ? 'latency' : 'rate'}`,
    }),
  ];
};

const capOf = ({ power }: Device): number => Math.max(...power.modes.map(({ cap }) => cap.value));

/** What an average over a short run, or a supply, may show beyond the cap. */
const POWER_SLACK = 1.1;
/** Host, board and supply draw as much again, and rarely more than this times the device. */
const SYSTEM_SLACK = 3;
const OF_A_SYSTEM = /\b(?:wall|system|server|node|platform|board|mlperf power|plug)\b/i;

const powerVerdict = (
  figure: CellFigure,
  watts: number,
  how: string,
  { device, isOfSystem }: PowerContext,
): Verdict => {
  const cap = capOf(device);
  const claim = `${subject(figure)}${how}`;
  if (watts <= cap * (isOfSystem ? SYSTEM_SLACK : POWER_SLACK)) return holding('beyond-power', figure.line, claim);
  return failing({
    ...{ code: 'beyond-power', line: figure.line, claim, factor: watts / cap },
    severity: watts > cap * SYSTEM_SLACK ? 'error' : 'warning',
    computed: `at most ${formatSI(cap, 'W')}`,
    explanation: `that is ${formatSI(watts, 'W')}, ${formatNumber(watts / cap)} times the power cap of ${device.name} (${formatSI(cap, 'W')})`,
    group: `power-${figure.table}`,
  });
};

interface PowerContext {
  readonly device: Device;
  /** The row or its table says that more than the device was measured. */
  readonly isOfSystem: boolean;
}

/** Energy of one inference over its time, by the latency and by the rate that stand beside it. */
const impliedPower = (row: AuditedRow, energy: CellFigure, isOfSystem: boolean): readonly Verdict[] => {
  const { device } = energy;
  if (device === undefined) return [];
  const context = { device, isOfSystem };
  const beside = (metric: 'latency' | 'rate') =>
    row.figures.find(
      (figure) =>
        figure?.metric === metric && figure.qualifier === '' && figure.device === device && figure.printed.low > 0,
    );
  const latency = beside('latency');
  const rate = beside('rate');
  const joules = Math.max(0, energy.printed.low - energy.printed.step / 2);
  const printed = formatSI(energy.printed.value, 'J');
  return [
    ...(latency === undefined
      ? []
      : [
          powerVerdict(
            energy,
            (joules * (energy.batch ?? 1)) / (latency.printed.high + latency.printed.step / 2),
            `${printed} in ${formatSI(latency.printed.value, 's')}`,
            context,
          ),
        ]),
    ...(rate === undefined
      ? []
      : [
          powerVerdict(
            energy,
            joules * Math.max(0, rate.printed.low - rate.printed.step / 2),
            `${printed} at ${formatSI(rate.printed.value, '', 4).trim()} per second`,
            context,
          ),
        ]),
  ];
};

export const checkPhysics: Check = (report, facts) =>
  report.tables.flatMap((table) => {
    const pairs = new Map(latenciesWithRates(table).map((pair) => [pair.rate, pair] as const));
    const about = [table.caption, ...table.notes, ...table.columns.map(({ header }) => header)].join(' ');
    return table.rows.flatMap((row) => {
      const isOfSystem = OF_A_SYSTEM.test(about) || row.cells.some((cell) => OF_A_SYSTEM.test(cell));
      return row.figures.flatMap((figure): readonly Verdict[] => {
        if (figure === undefined || !(figure.printed.value > 0)) return [];
        const { printed, batch } = figure;
        if (figure.metric === 'rate') {
          const pair = pairs.get(figure);
          // One at a time, as the latency beside it says, but for the unit: then the rate is a time too.
          const isOneByOne = pair !== undefined && (pair.holds || slipOf(pair.factor) !== undefined);
          const inFlight = batch ?? 1;
          const seconds = {
            value: inFlight / printed.value,
            high: inFlight / Math.max(printed.low - printed.step, Number.MIN_VALUE),
          };
          const what = `${formatSI(printed.value, '', 4).trim()} per second, ${formatSI(seconds.value, 's')} each`;
          return [
            ...beyondPeak(figure, report, facts),
            ...(isOneByOne && !pair.holds ? belowRoof(figure, seconds, inFlight, what, facts) : []),
          ];
        }
        if (figure.metric === 'latency') {
          const seconds = { value: printed.value, high: printed.high + printed.step };
          return belowRoof(figure, seconds, batch ?? 1, `latency ${formatSI(printed.value, 's')}`, facts);
        }
        if (figure.metric === 'energy' && figure.qualifier === '') return impliedPower(row, figure, isOfSystem);
        if (figure.metric === 'power' && figure.qualifier === '' && figure.device !== undefined) {
          return [
            powerVerdict(figure, printed.low - printed.step, `power ${formatSI(printed.value, 'W')}`, {
              device: figure.device,
              isOfSystem,
            }),
          ];
        }
        return [];
      });
    });
  });

/** A multiple of real time against the rate or the latency of its row: "Margin (30 FPS)". */
export const checkMargins: Check = ({ tables }) =>
  tables.flatMap((table) =>
    table.rows.flatMap((row) =>
      row.figures.flatMap((margin): readonly Verdict[] => {
        if (margin?.metric !== 'real-time-margin') return [];
        const header = table.columns[margin.column]?.header ?? '';
        const target = Number(/(\d+(?:\.\d+)?)\s*(?:fps|hz)/i.exec(header)?.[1]);
        const rate = row.figures.find((figure) => figure?.metric === 'rate' && figure.qualifier === '');
        const latency = row.figures.find((figure) => figure?.metric === 'latency' && figure.qualifier === '');
        const base = rate ?? latency;
        if (!(target > 0) || base === undefined || !(base.printed.low > 0)) return [];
        const perSecond =
          rate === undefined ? over(spanAt(margin.batch ?? 1), spanOf(base.printed)) : spanOf(base.printed);
        const computed = over(perSecond, spanAt(target));
        const claim = `${subject(margin)}margin ${margin.text} at ${target} FPS`;
        if (agrees(margin.printed, computed)) return [holding('real-time-margin', margin.line, claim)];
        const value = computed.mid;
        return [
          failing({
            ...{
              code: 'real-time-margin',
              severity: 'error',
              line: margin.line,
              claim,
              computed: `${formatNumber(value)}×`,
            },
            factor: margin.printed.value / value,
            explanation: `${base.text} against ${target} per second is ${formatNumber(value)}×`,
            group: `margin-${table.line}`,
          }),
        ];
      }),
    ),
  );
