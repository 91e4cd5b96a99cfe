/** What a document says, whatever its format: tables and texts in order, each with its line and the headings above it. */

export interface SourceHeading {
  readonly level: number;
  readonly text: string;
  readonly line: number;
}

export interface SourceRow {
  readonly line: number;
  readonly cells: readonly string[];
  /** Where the cells of a row stand in several lines of the source. */
  readonly cellLines?: readonly number[];
}

export interface SourceTable {
  readonly kind: 'table';
  readonly line: number;
  readonly headings: readonly SourceHeading[];
  readonly headers: readonly string[];
  readonly rows: readonly SourceRow[];
}

export interface SourceText {
  readonly kind: 'text';
  readonly line: number;
  readonly headings: readonly SourceHeading[];
  /** Line breaks as in the source, so that a place in the text has a line. */
  readonly text: string;
  /** Of a list: which one, counted in the document. */
  readonly list?: number;
}

export type SourceBlock = SourceTable | SourceText;

export interface SourceDocument {
  readonly blocks: readonly SourceBlock[];
}

/** Collects blocks under the headings that are open. */
export const sourceBuilder = () => {
  const blocks: SourceBlock[] = [];
  let headings: readonly SourceHeading[] = [];
  return {
    heading: (level: number, text: string, line: number): void => {
      headings = [...headings.filter((each) => each.level < level), { level, text, line }];
    },
    text: (text: string, line: number, list?: number): void => {
      if (text.trim() !== '') blocks.push({ kind: 'text', line, headings, text, ...(list !== undefined && { list }) });
    },
    table: (headers: readonly string[], rows: readonly SourceRow[], line: number): void => {
      if (headers.length > 0) blocks.push({ kind: 'table', line, headings, headers, rows });
    },
    done: (): SourceDocument => ({ blocks }),
  };
};
