/** The text and the tables of a page. It is read as text: nothing in it runs, is fetched or is shown unescaped. */
import { Parser } from 'htmlparser2';
import { type SourceDocument, type SourceRow, sourceBuilder } from './source.ts';

/** What holds no text for a reader, or text that belongs to a picture. */
const SKIPPED = new Set(['script', 'style', 'svg', 'template', 'noscript', 'head', 'iframe', 'object', 'math']);
const BLOCKS = new Set([
  ...['p', 'li', 'dt', 'dd', 'div', 'section', 'article', 'blockquote', 'pre', 'figcaption', 'caption', 'br', 'main'],
  ...['ul', 'ol', 'dl', 'header', 'footer', 'nav', 'aside', 'summary', 'details', 'figure', 'body', 'html', 'hr'],
]);

/** Line of a place in the text, asked for in rising order. */
const lineCounter = (text: string) => {
  let next = text.indexOf('\n');
  let line = 1;
  return (place: number): number => {
    while (next !== -1 && next < place) {
      next = text.indexOf('\n', next + 1);
      line += 1;
    }
    return line;
  };
};

/** A page is a few dozen levels deep. The parser searches all that are open at every tag. */
const MAX_DEPTH = 2000;

/** Thrown out of the parser, which has no other way to stop. */
class TooDeep extends Error {}

/** `undefined` where elements are nested deeper than in any page. */
export const readHtml = (text: string): SourceDocument | undefined => {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof TooDeep) return undefined;
    throw error;
  }
};

const parse = (text: string): SourceDocument => {
  let depth = 0;
  const builder = sourceBuilder();
  const lineAt = lineCounter(text);
  let skipping = 0;
  let heading = 0;
  let buffer = '';
  let start = 0;
  let lists = 0;
  let item: number | undefined;
  let table:
    | { line: number; headers: string[]; rows: SourceRow[]; cells: string[] | undefined; row: number }
    | undefined;
  let isHeader = false;
  const tidy = (): string => {
    const tidied = buffer.replace(/\s+/g, ' ').trim();
    buffer = '';
    return tidied;
  };
  const flush = (): void => {
    // A cell ends where the next one begins.
    if (table?.cells !== undefined) return;
    if (heading > 0) return;
    builder.text(tidy(), start, item);
  };
  const endRow = (): void => {
    if (table?.cells === undefined) return;
    if (table.headers.length === 0 && isHeader) table.headers = table.cells;
    else table.rows.push({ line: table.row, cells: table.cells });
    table.cells = undefined;
  };
  const endTable = (): void => {
    if (table === undefined) return;
    endRow();
    const { headers, rows, line } = table;
    // A table without header cells has them in its first row.
    if (headers.length > 0) builder.table(headers, rows, line);
    else if (rows[0] !== undefined) builder.table(rows[0].cells, rows.slice(1), line);
    table = undefined;
  };
  const parser = new Parser(
    {
      onopentag: (name) => {
        depth += 1;
        if (depth > MAX_DEPTH) throw new TooDeep();
        if (SKIPPED.has(name)) skipping += 1;
        if (skipping > 0) return;
        const line = lineAt(parser.startIndex);
        const level = /^h([1-6])$/.exec(name)?.[1];
        if (level !== undefined) {
          flush();
          heading = Number(level);
          start = line;
        } else if (name === 'table') {
          flush();
          endTable();
          buffer = '';
          table = { line, headers: [], rows: [], cells: undefined, row: line };
        } else if (name === 'tr' && table !== undefined) {
          endRow();
          table.cells = [];
          table.row = line;
          isHeader = false;
        } else if ((name === 'td' || name === 'th') && table !== undefined) {
          table.cells ??= [];
          if (name === 'th') isHeader ||= table.cells.length === 0 || table.headers.length === 0;
          if (name === 'td') isHeader = false;
          buffer = '';
        } else if (BLOCKS.has(name)) {
          if (table?.cells !== undefined) buffer += ' ';
          else flush();
          if (name === 'ul' || name === 'ol') lists += 1;
          if (name === 'li') item = lists;
        }
      },
      ontext: (data) => {
        if (skipping > 0) return;
        if (buffer.trim() === '') start = lineAt(parser.startIndex);
        buffer += data;
      },
      onclosetag: (name) => {
        depth -= 1;
        if (SKIPPED.has(name)) {
          skipping = Math.max(0, skipping - 1);
          return;
        }
        if (skipping > 0) return;
        if (/^h[1-6]$/.test(name) && heading > 0) {
          const level = heading;
          heading = 0;
          builder.heading(level, tidy(), start);
        } else if ((name === 'td' || name === 'th') && table?.cells !== undefined) table.cells.push(tidy());
        else if (name === 'tr') endRow();
        else if (name === 'table') endTable();
        else if (BLOCKS.has(name)) {
          flush();
          if (name === 'li') item = undefined;
        }
      },
    },
    { decodeEntities: true },
  );
  parser.write(text);
  parser.end();
  endTable();
  heading = 0;
  flush();
  return builder.done();
};
