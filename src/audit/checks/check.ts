import type { ModelFacts } from '../model-facts.ts';
import type { AuditedReport } from '../report.ts';
import type { Verdict } from '../verdict.ts';

/** One kind of check: every claim that it understands, held or not. */
export type Check = (report: AuditedReport, facts: ModelFacts) => readonly Verdict[];
