/** An audit as a document: what is wrong, grouped by cause, every finding, and their figures beside ours. */
import {
  type Audit,
  CODES,
  type Finding,
  type FindingGroup,
  groupFindings,
  type Reconciled,
  type ReconciledMetric,
} from '../../audit/api.ts';
import { formatNumber, formatPercent } from '../../units/format.ts';
import { SECONDS_PER_DAY } from '../../units/quantity.ts';
import type { Block, ColumnFormat, DocumentSection, ReportDocument, TableBlock } from '../blocks.ts';
import { capitalized, counted } from '../figures/text.ts';

/** Text of somebody else's document must not be taken for markup. */
const quoted = (text: string, longest = 200): string =>
  text
    .replace(/[*`[\]]/g, '')
    .replace(/[.\s]+$/, '')
    .slice(0, longest);

const factorText = (factor: number | null): string =>
  factor === null || (factor > 0.99 && factor < 1.01)
    ? ''
    : ` Off by a factor of ${formatNumber(factor >= 1 ? factor : 1 / factor)}${factor < 1 ? ' (too low)' : ''}.`;

const groupText = ({ findings, severity, lines }: FindingGroup): string => {
  const [first] = findings as readonly [Finding, ...Finding[]];
  const several = findings.length > 1 ? ` (${findings.length} claims)` : '';
  const should = first.computed === '' ? '' : ` Should be ${quoted(first.computed)}.`;
  const example = findings.length > 1 ? 'First: ' : '';
  const factors = findings.flatMap(({ factor }) => factor ?? []);
  const range =
    factors.length > 1
      ? ` Factors ${formatNumber(Math.min(...factors))} to ${formatNumber(Math.max(...factors))}.`
      : factorText(first.factor);
  return `**${severity}**, line ${lines}, ${first.code}${several}: ${example}${quoted(first.claim)}.${should}${range} ${capitalized(quoted(first.explanation, 800))}.`;
};

const summary = ({ findings, claims, agreed, figures, tables }: Audit): readonly Block[] => {
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  const text =
    claims === 0
      ? 'No claim was understood well enough to be checked.'
      : findings.length === 0
        ? `**Nothing found.** All ${counted(claims, 'claim')} that were checked hold.`
        : `**${counted(errors, 'error')} and ${counted(warnings, 'warning')}** among ${counted(claims, 'claim')} that were checked; ${agreed} hold (${formatPercent(agreed / claims, 0)}).`;
  return [
    { kind: 'callout', tone: 'finding', text },
    {
      kind: 'paragraph',
      text: `${counted(figures, 'figure')} in ${counted(tables, 'table')} and in the text were read. What is not understood is not counted as right.`,
    },
  ];
};

const everyFinding = (findings: readonly Finding[]): TableBlock => ({
  kind: 'table',
  id: 'every-finding',
  caption: 'Every finding, in the order of the document',
  columns: [
    { key: 'line', title: 'Line', format: { kind: 'integer' } },
    { key: 'severity', title: 'Severity', format: { kind: 'text' } },
    { key: 'code', title: 'Code', format: { kind: 'code' } },
    { key: 'claim', title: 'Claim', format: { kind: 'text' } },
    { key: 'computed', title: 'Should be', format: { kind: 'text' } },
    { key: 'factor', title: 'Factor', format: { kind: 'number', digits: 3 } },
    { key: 'explanation', title: 'Why', format: { kind: 'text' } },
  ],
  rows: findings.map(({ line, severity, code, claim, computed, factor, explanation }) => ({
    ...{ line, severity, code, claim, computed, factor, explanation },
  })),
});

const number = (scale: number): ColumnFormat => ({ kind: 'number', digits: 3, scale });
const METRICS: Readonly<
  Record<
    ReconciledMetric,
    { readonly title: string; readonly unit?: string; readonly scale: number; readonly ofDevice: boolean }
  >
> = {
  parameters: { title: 'Parameters', unit: 'M', scale: 1e6, ofDevice: false },
  flops: { title: 'FLOPs', unit: 'G', scale: 1e9, ofDevice: false },
  macs: { title: 'MACs', unit: 'G', scale: 1e9, ofDevice: false },
  latency: { title: 'Latency', unit: 'ms', scale: 1e-3, ofDevice: true },
  rate: { title: 'Throughput', unit: '1/s', scale: 1, ofDevice: true },
  energy: { title: 'Energy of one inference', unit: 'mJ', scale: 1e-3, ofDevice: true },
  memory: { title: 'Memory', unit: 'MB', scale: 1e6, ofDevice: false },
  'inferences-per-wh': { title: 'Inferences per Wh', scale: 1, ofDevice: true },
  'battery-life': { title: 'Battery life', unit: 'days', scale: SECONDS_PER_DAY, ofDevice: true },
};

const reconciliationTable = (metric: ReconciledMetric, rows: readonly Reconciled[]): TableBlock => {
  const { title, unit, scale, ofDevice } = METRICS[metric];
  const inUnit = unit === undefined ? {} : { unit };
  const bases = new Set(rows.map(({ basis }) => basis));
  const hasInterval = rows.some(({ low }) => low !== null);
  return {
    kind: 'table',
    id: `reconciliation-${metric}`,
    caption: `${title}: theirs and ours`,
    columns: [
      { key: 'line', title: 'Line', format: { kind: 'integer' } },
      { key: 'model', title: 'Model', format: { kind: 'text' } },
      ...(ofDevice ? [{ key: 'device', title: 'Device', format: { kind: 'text' } } as const] : []),
      { key: 'theirs', title: 'Theirs', ...inUnit, format: number(scale) },
      { key: 'ours', title: 'Ours', ...inUnit, format: number(scale) },
      ...(hasInterval
        ? ([
            { key: 'low', title: '80 % low', ...inUnit, format: number(scale) },
            { key: 'high', title: '80 % high', ...inUnit, format: number(scale) },
          ] as const)
        : []),
      { key: 'factor', title: 'Theirs over ours', format: { kind: 'ratio', digits: 3 } },
      { key: 'agrees', title: 'Agrees', format: { kind: 'verdict' } },
      ...(rows.every(({ causes }) => causes.length === 0)
        ? []
        : [{ key: 'cause', title: 'Cause', format: { kind: 'text' } } as const]),
      ...(bases.size === 1 ? [] : [{ key: 'basis', title: 'Ours is', format: { kind: 'text' } } as const]),
    ],
    rows: rows.map(({ line, model, device, theirs, ours, low, high, factor, agrees, causes, basis }) => ({
      ...{ line, model, device, theirs, ours, low, high, factor, agrees, basis },
      cause: causes.join(', '),
    })),
    ...(bases.size === 1 && { notes: [`Ours: ${[...bases][0]}.`] }),
  };
};

const reconciliation = (rows: readonly Reconciled[]): readonly Block[] => {
  const metrics = [...new Set(rows.map(({ metric }) => metric))];
  const codes = [...new Set(rows.flatMap(({ causes }) => causes))];
  const agreeing = rows.filter(({ agrees }) => agrees).length;
  return [
    {
      kind: 'paragraph',
      text:
        `${agreeing} of ${counted(rows.length, 'figure')} agree with ours: inside the 80 % interval of a prediction, or within 8 % of a count or an energy. ` +
        'Predictions are those of `assay estimate` for the device, at its own type and runtime where the document names none; a prediction is no measurement.',
    },
    ...(codes.length === 0
      ? []
      : [{ kind: 'definitions', entries: codes.map((code) => ({ term: code, text: CODES[code] })) } as const]),
    ...metrics.map((metric) =>
      reconciliationTable(
        metric,
        rows.filter((row) => row.metric === metric),
      ),
    ),
  ];
};

export interface AuditDocumentOptions {
  /** Beside the groups a table of every finding. */
  readonly every?: boolean;
  readonly reconciled?: readonly Reconciled[];
  /** Of the page; the name of the file unless stated. */
  readonly title?: string;
}

export const auditDocumentOf = (
  audit: Audit,
  name: string,
  { every = false, reconciled, title }: AuditDocumentOptions = {},
): ReportDocument => {
  const { findings, claims, agreed } = audit;
  const groups = groupFindings(findings);
  const sections: DocumentSection[] = [
    {
      id: 'findings',
      title: 'Findings',
      blocks: [
        ...summary(audit),
        ...(groups.length === 0 ? [] : [{ kind: 'list', ordered: false, items: groups.map(groupText) } as const]),
      ],
    },
    ...(reconciled === undefined
      ? []
      : [{ id: 'reconciliation', title: 'Their figures beside ours', blocks: reconciliation(reconciled) }]),
    ...(every && findings.length > 0
      ? [{ id: 'every-finding', title: 'Every finding', blocks: [everyFinding(findings)] }]
      : []),
  ];
  return {
    title: title ?? `Audit of ${name}`,
    subtitle: 'Figures held to arithmetic, physics, published counts and each other',
    facts: [
      { name: 'File', value: name },
      { name: 'Claims checked', value: String(claims) },
      { name: 'Hold', value: String(agreed) },
      { name: 'Errors', value: String(findings.filter(({ severity }) => severity === 'error').length) },
      { name: 'Warnings', value: String(findings.filter(({ severity }) => severity === 'warning').length) },
    ],
    sections,
  };
};
