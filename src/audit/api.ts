/** The public face of the audit. */
export { type Audit, auditDocument, type Finding, type FindingGroup, groupFindings } from './audit.ts';
export { modelFacts } from './model-facts.ts';
export { type ReadSource, readSource, SOURCE_FORMATS, type SourceFormat, sourceFormatOf } from './read-source.ts';
export { RECONCILED, type Reconciled, type ReconciledMetric, reconcile } from './reconcile.ts';
export type { SourceDocument } from './source.ts';
export { CODES, type FindingCode, type Severity } from './verdict.ts';
