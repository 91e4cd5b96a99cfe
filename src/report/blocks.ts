/**
 * A report is a tree of blocks; sections build it, renderers write it.
 * No renderer knows a section and no section knows a format.
 */

/** Inline text: `**bold**`, `*emphasis*`, `` `code` `` and `[text](url)` are understood, nothing else. */
export type InlineText = string;

export interface ParagraphBlock {
  readonly kind: 'paragraph';
  readonly text: InlineText;
}

export interface ListBlock {
  readonly kind: 'list';
  readonly ordered: boolean;
  readonly items: readonly InlineText[];
}

export interface HeadingBlock {
  readonly kind: 'heading';
  /** 3 or 4: a section's own title is level 2. */
  readonly level: 3 | 4;
  readonly text: string;
}

export interface CalloutBlock {
  readonly kind: 'callout';
  readonly tone: 'note' | 'warning' | 'finding';
  readonly text: InlineText;
}

/** How a column's raw values are written for people. Raw values stay in SI base units. */
export type ColumnFormat =
  | { readonly kind: 'text' }
  | { readonly kind: 'code' }
  | { readonly kind: 'integer' }
  /** `digits` significant digits of value / scale, no unit in the cell: the unit stands in the header. */
  | { readonly kind: 'number'; readonly digits: number; readonly scale?: number }
  /** Always `decimals` decimals of value / scale. */
  | { readonly kind: 'fixed'; readonly decimals: number; readonly scale?: number }
  | { readonly kind: 'percent'; readonly decimals: number }
  | { readonly kind: 'ratio'; readonly digits: number }
  | { readonly kind: 'verdict' };

export interface TableColumn {
  readonly key: string;
  readonly title: string;
  /** Unit as written in the header, e.g. "ms", "G", "MB"; omitted for text and ratios. */
  readonly unit?: string;
  readonly format: ColumnFormat;
  /** A sentence for the header's tooltip or a note under the table. */
  readonly description?: string;
}

/** `null` is an unknown figure and is written as a dash; a boolean stands in a verdict column (pass or fail). */
export type CellValue = string | number | boolean | null;

export interface TableBlock {
  readonly kind: 'table';
  readonly id: string;
  readonly caption: InlineText;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly Readonly<Record<string, CellValue>>[];
  /** Keys of rows to set apart (the baseline, a total), by row index. */
  readonly emphasized?: readonly number[];
  readonly notes?: readonly InlineText[];
}

export interface ChartBlock {
  readonly kind: 'chart';
  /** Also the file name: charts/<id>.svg. */
  readonly id: string;
  readonly title: string;
  /** What a reader who cannot see the chart should know: the finding, with figures. */
  readonly alternative: string;
  /** A complete standalone <svg> element. */
  readonly svg: string;
  readonly caption?: InlineText;
}

export interface DefinitionsBlock {
  readonly kind: 'definitions';
  readonly entries: readonly { readonly term: InlineText; readonly text: InlineText }[];
}

export type Block =
  | ParagraphBlock
  | ListBlock
  | HeadingBlock
  | CalloutBlock
  | TableBlock
  | ChartBlock
  | DefinitionsBlock;

export interface DocumentSection {
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  readonly subtitle: string;
  /** Facts about how the document was made: version, settings. No clock: the same input gives the same bytes. */
  readonly facts: readonly { readonly name: string; readonly value: string }[];
  readonly sections: readonly DocumentSection[];
}
