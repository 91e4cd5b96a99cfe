/** The report's public face: a study in, a document and files out. */

export { type AccuracyDocumentOptions, accuracyDocument } from './accuracy/document.ts';
export type * from './blocks.ts';
export type { Plot } from './recommend/chart.ts';
export { type RecommendDocumentOptions, recommendDocument } from './recommend/document.ts';
export * from './render/render.ts';
export { buildReport, type Report, type ReportFile, type ReportOptions } from './report.ts';
export { RESULT_COLUMNS, type ResultRow, resultRow } from './results.ts';
export type { Section, SectionInput } from './section.ts';
