import type { Study } from '../explore/study.ts';
import type { Block } from './blocks.ts';

/** What every section may read: the study's figures, and a document to draw charts in. */
export interface SectionInput {
  readonly study: Study;
  /** Passed on to the chart functions; see createChartDocument in charts/. */
  readonly chartDocument: Document;
}

/** One section of the report: figures in, blocks out. No sentence with a figure is typed by hand. */
export interface Section {
  /** Also the anchor in the HTML. */
  readonly id: string;
  readonly title: string;
  /** Position in the report; lower stands first. */
  readonly order: number;
  build(input: SectionInput): readonly Block[];
}
