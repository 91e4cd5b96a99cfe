/** Holds a document's figures to arithmetic, physics, published counts and itself. */
import { checkBattery } from './checks/battery.ts';
import type { Check } from './checks/check.ts';
import { checkComparisons, checkLists } from './checks/comparisons.ts';
import { checkAccuracies, checkMemory, checkParameters, checkWork } from './checks/counts.ts';
import { checkDeadlines } from './checks/deadlines.ts';
import { checkFormulas } from './checks/formulas.ts';
import { checkLoads, checkStatedLives } from './checks/loads.ts';
import { checkConsistency, checkMethod, checkSuperlatives } from './checks/logic.ts';
import { checkMargins, checkPhysics } from './checks/physics.ts';
import { checkRatioColumns, checkUtilization } from './checks/ratios.ts';
import { checkSpeedUps } from './checks/speedups.ts';
import { checkSums } from './checks/sums.ts';
import { checkListedThroughput, checkThroughput } from './checks/throughput.ts';
import { type ModelFacts, modelFacts } from './model-facts.ts';
import { type AuditedReport, understandReport } from './report.ts';
import type { SourceDocument } from './source.ts';
import type { Severity, Verdict } from './verdict.ts';

const CHECKS: readonly Check[] = [
  checkThroughput,
  checkListedThroughput,
  checkRatioColumns,
  checkSpeedUps,
  checkFormulas,
  checkMargins,
  checkBattery,
  checkWork,
  checkParameters,
  checkAccuracies,
  checkMemory,
  checkPhysics,
  checkUtilization,
  checkDeadlines,
  checkLoads,
  checkStatedLives,
  checkComparisons,
  checkLists,
  checkSums,
  checkSuperlatives,
  checkConsistency,
  checkMethod,
];

export type Finding = Omit<Verdict, 'holds'>;

export interface Audit {
  /** What is wrong, in the order of the document. */
  readonly findings: readonly Finding[];
  /** How many claims were understood and checked, and how many of them held. */
  readonly claims: number;
  readonly agreed: number;
  /** Figures of tables and sentences that were read at all. */
  readonly figures: number;
  readonly tables: number;
  readonly report: AuditedReport;
}

export const auditDocument = (document: SourceDocument, facts: ModelFacts = modelFacts()): Audit => {
  const report = understandReport(document);
  const verdicts = CHECKS.flatMap((check) => check(report, facts));
  const findings = verdicts.filter(({ holds }) => !holds).map(({ holds: _, ...finding }) => finding);
  return {
    findings: findings.toSorted((a, b) => a.line - b.line),
    claims: verdicts.length,
    agreed: verdicts.length - findings.length,
    figures: report.figures.length + report.sentences.reduce((sum, { quantities }) => sum + quantities.length, 0),
    tables: report.tables.length,
    report,
  };
};

const RANK: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

export interface FindingGroup {
  readonly findings: readonly Finding[];
  readonly severity: Severity;
  readonly lines: string;
}

/** Findings of one cause together, the gravest first. */
export const groupFindings = (findings: readonly Finding[]): readonly FindingGroup[] => {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.code}/${finding.group}`;
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [finding]);
    else known.push(finding);
  }
  return [...groups.values()]
    .map((same) => {
      const lines = [...new Set(same.map(({ line }) => line))];
      const [first, last] = [lines[0] ?? 0, lines.at(-1) ?? 0];
      const severity = same.reduce<Severity>(
        (gravest, each) => (RANK[each.severity] < RANK[gravest] ? each.severity : gravest),
        'info',
      );
      return { findings: same, severity, lines: first === last ? String(first) : `${first}–${last}` };
    })
    .toSorted((a, b) => RANK[a.severity] - RANK[b.severity]);
};
