import { readTable } from '../explore/table.ts';
import { readHtml } from './read-html.ts';
import { readMarkdown } from './read-markdown.ts';
import { type SourceDocument, sourceBuilder } from './source.ts';

export const SOURCE_FORMATS = ['markdown', 'html', 'csv'] as const;
export type SourceFormat = (typeof SOURCE_FORMATS)[number];

export type ReadSource =
  | { readonly ok: true; readonly document: SourceDocument }
  | { readonly ok: false; readonly code: string; readonly path: string; readonly message: string };

const readCsv = (text: string): ReadSource => {
  const table = readTable(text);
  if (!table.ok) return { ok: false, ...table.issue };
  const builder = sourceBuilder();
  builder.table(
    table.columns,
    table.rows.map((cells, row) => ({ line: table.lines[row] ?? row + 2, cells })),
    1,
  );
  return { ok: true, document: builder.done() };
};

const readPage = (text: string): ReadSource => {
  const document = readHtml(text);
  if (document !== undefined) return { ok: true, document };
  return { ok: false, code: 'too-deep', path: '', message: 'its elements are nested thousands deep: expected a page' };
};

/** A page begins with a tag, and a Markdown text hardly ever does. */
const looksLikeHtml = (text: string): boolean =>
  /^\s*<(?:!doctype html|html|head|body|table)\b/i.test(text.slice(0, 2000));

const FORMAT_OF_ENDING: Readonly<Record<string, SourceFormat>> = {
  ...{ '.md': 'markdown', '.markdown': 'markdown', '.txt': 'markdown' },
  ...{ '.html': 'html', '.htm': 'html', '.csv': 'csv', '.tsv': 'csv' },
};

/** By the ending where it says something, else by how the text begins. */
export const sourceFormatOf = (ending: string, text: string): SourceFormat => {
  const known = FORMAT_OF_ENDING[ending.toLowerCase()];
  return known ?? (looksLikeHtml(text) ? 'html' : 'markdown');
};

export const readSource = (text: string, format: SourceFormat): ReadSource => {
  switch (format) {
    case 'markdown':
      return { ok: true, document: readMarkdown(text) };
    case 'html':
      return readPage(text);
    case 'csv':
      return readCsv(text);
  }
};
