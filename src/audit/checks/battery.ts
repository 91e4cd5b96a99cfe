/** Days of battery, inferences per watt-hour, and multiples of battery life, from energies beside them. */
import { formatNumber, formatRatio, formatSI } from '../../units/format.ts';
import { JOULES_PER_WATT_HOUR, SECONDS_PER_DAY } from '../../units/quantity.ts';
import { agrees, over, type Span, scaled, spanAt, spanOf } from '../printed.ts';
import type { AuditedReport, AuditedRow, AuditedTable, CellFigure, Sentence } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';
import { baselineOf } from './ratios.ts';
import { subject } from './throughput.ts';

export interface Supply {
  readonly joules: number;
  readonly perSecond: number;
}

/** A capacity and a rate of inferences, where a section states one of each. */
const supplyIn = (sentences: readonly Sentence[]): Supply | undefined => {
  const stated = sentences.flatMap(({ quantities }) => quantities);
  const capacities = new Set(
    stated.filter(({ kind, text }) => kind === 'energy' && /Wh$/.test(text)).map(({ printed }) => printed.value),
  );
  const rates = new Set(stated.filter(({ kind }) => kind === 'rate').map(({ printed }) => printed.value));
  const [joules] = capacities;
  const [perSecond] = rates;
  if (capacities.size !== 1 || rates.size !== 1 || joules === undefined || perSecond === undefined) return undefined;
  return { joules, perSecond };
};

const ofWhole = new WeakMap<AuditedReport, { readonly supply: Supply | undefined }>();

/** What a battery life of a table is for: the section's capacity and rate, else those of the whole document. */
export const supplyFor = (report: AuditedReport, table: AuditedTable): Supply | undefined => {
  const own = supplyIn(report.section(table.headings).sentences);
  if (own !== undefined) return own;
  const known = ofWhole.get(report) ?? { supply: supplyIn(report.sentences) };
  ofWhole.set(report, known);
  return known.supply;
};

/** Energies of one inference that the document prints for a model, on the device where the row names one. */
export const energyOf = (report: AuditedReport, row: AuditedRow): CellFigure | undefined => {
  const own = row.figures.find((figure) => figure?.metric === 'energy' && figure.qualifier === '');
  if (own !== undefined) return own;
  const known = (row.model === undefined ? [] : report.figuresOf(row.model, 'energy')).filter(
    ({ qualifier, device }) => qualifier === '' && (row.device === undefined || device === row.device),
  );
  const [first] = known;
  // Energies on several devices leave open which one is meant.
  return first !== undefined && known.every(({ printed }) => printed.value === first.printed.value) ? first : undefined;
};

const daysVerdict = (figure: CellFigure, energy: CellFigure, { joules, perSecond }: Supply): Verdict => {
  const computed = scaled(over(spanAt(joules), spanOf(energy.printed)), 1 / perSecond);
  const claim = `${subject(figure)}battery life ${formatNumber(figure.printed.value / SECONDS_PER_DAY, 4)} days`;
  // Losses and rest power only shorten it: what is shorter than the best case can be right.
  if (figure.printed.low - figure.printed.step <= computed.high * 1.015)
    return holding('battery-life', figure.line, claim);
  const days = computed.mid / SECONDS_PER_DAY;
  const factor = figure.printed.value / computed.mid;
  return failing({
    ...{ code: 'battery-life', severity: 'error', line: figure.line, claim, factor },
    computed: `${formatNumber(days)} days`,
    explanation:
      `${formatNumber(joules / JOULES_PER_WATT_HOUR)} Wh are ${formatSI(joules, 'J')}; at ${formatSI(energy.printed.value, 'J')} for an inference (line ${energy.line}) and ` +
      `${formatNumber(perSecond)} per second they last ${formatNumber(days)} days at best, ${formatNumber(factor)} times less`,
    group: `battery-${figure.table}`,
  });
};

export const checkBattery: Check = (report) =>
  report.tables.flatMap((table) =>
    table.rows.flatMap((row) =>
      row.figures.flatMap((figure): readonly Verdict[] => {
        if (figure === undefined) return [];
        if (figure.metric === 'battery-life' && figure.qualifier === '') {
          const supply = supplyFor(report, table);
          const energy = energyOf(report, row);
          return supply === undefined || energy === undefined ? [] : [daysVerdict(figure, energy, supply)];
        }
        if (figure.metric === 'ratio' && figure.of === 'battery-life') return lifeRatio(report, table, row, figure);
        if (figure.metric === 'inferences-per-wh') return perWattHour(row, figure, table);
        return [];
      }),
    ),
  );

/** Longer by as much as the energy is less. */
const lifeRatio = (
  report: AuditedReport,
  table: AuditedTable,
  row: AuditedRow,
  figure: CellFigure,
): readonly Verdict[] => {
  const energy = energyOf(report, row);
  const base = baselineOf(table);
  if (energy === undefined || base === undefined) return [];
  const stated = report
    .section(table.headings)
    .sentences.filter(({ models }) => models.some(({ named }) => named === base))
    .flatMap(({ quantities }) => quantities.filter(({ kind }) => kind === 'energy'));
  const baseRow = table.rows.find(({ model }) => model === base);
  const baseSpan: Span | undefined =
    stated.length === 1 ? spanAt((stated[0] as (typeof stated)[number]).printed.value) : energyIn(baseRow);
  if (baseSpan === undefined) return [];
  const computed = over(baseSpan, spanOf(energy.printed));
  const claim = `${subject(figure)}battery life ${figure.text}`;
  if (agrees(figure.printed, computed)) return [holding('ratio', figure.line, claim)];
  return [
    failing({
      ...{ code: 'ratio', severity: 'error', line: figure.line, claim, computed: formatRatio(computed.mid) },
      factor: figure.printed.value / computed.mid,
      explanation: `energies of ${formatNumber(baseSpan.mid)} J and ${energy.text} make it ${formatRatio(computed.mid)}`,
      group: `life-ratio-${table.line}`,
    }),
  ];
};

const energyIn = (row: AuditedRow | undefined): Span | undefined => {
  const figure = row?.figures.find((each) => each?.metric === 'energy' && each.qualifier === '');
  return figure && spanOf(figure.printed);
};

const perWattHour = (row: AuditedRow, figure: CellFigure, table: AuditedTable): readonly Verdict[] => {
  const energy = energyIn(row);
  if (energy === undefined) return [];
  const computed = over(spanAt(JOULES_PER_WATT_HOUR), energy);
  const claim = `${subject(figure)}${figure.text} inferences per Wh`;
  if (agrees(figure.printed, computed)) return [holding('inferences-per-wh', figure.line, claim)];
  return [
    failing({
      ...{
        code: 'inferences-per-wh',
        severity: 'error',
        line: figure.line,
        claim,
        computed: formatNumber(computed.mid, 4),
      },
      factor: figure.printed.value / computed.mid,
      explanation: `${JOULES_PER_WATT_HOUR} J over the energy of one inference is ${formatNumber(computed.mid, 4)}`,
      group: `per-wh-${table.line}`,
    }),
  ];
};
