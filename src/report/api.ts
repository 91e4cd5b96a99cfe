/** The report's public face: a study in, a document and files out. */

export { type AccuracyDocumentOptions, accuracyDocument } from './accuracy/document.ts';
export { type AuditDocumentOptions, auditDocumentOf } from './audit/document.ts';
export type * from './blocks.ts';
export { budgetDocument } from './check/document.ts';
export { renderGithub } from './check/github.ts';
export { renderJunit } from './check/junit.ts';
export { renderSarif } from './check/sarif.ts';
export {
  type BudgetReport,
  type CheckedLimit,
  failures,
  ruleOf,
  sentenceOf,
  settingText,
} from './check/words.ts';
export { diffDocument } from './diff/document.ts';
export type { Plot } from './recommend/chart.ts';
export { type RecommendDocumentOptions, recommendDocument } from './recommend/document.ts';
export * from './render/render.ts';
export { buildReport, type Report, type ReportFile, type ReportOptions } from './report.ts';
export { RESULT_COLUMNS, type ResultRow, resultRow } from './results.ts';
export type { Section, SectionInput } from './section.ts';
