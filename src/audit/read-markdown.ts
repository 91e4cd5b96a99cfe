/**
 * Markdown by the line: headings, tables of GitHub's dialect, list items, quotes, code and paragraphs. Not a renderer:
 * every figure keeps its line, and time is linear in the length whatever the text, which parsers of inline markup are not.
 */
import { type SourceDocument, type SourceRow, sourceBuilder } from './source.ts';

const HEADING = /^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$/;
const FENCE = /^ {0,3}(```|~~~)/;
const ITEM = /^\s*(?:[-*+]|\d{1,9}[.)])\s+(?:\[[ xX]\]\s+)?(.*)$/;
const DELIMITER_CELL = /^\s*:?-+:?\s*$/;
const QUOTE = /^ {0,3}>\s?(?:\[![A-Z]+\]\s*)?/;

/** The cells of a row; a bar after a backslash belongs to the text. */
export const cellsOf = (line: string): readonly string[] => {
  const cells: string[] = [];
  let cell = '';
  const trimmed = line.trim();
  const text = trimmed.startsWith('|') ? trimmed.slice(1) : trimmed;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === '\\' && text[at + 1] === '|') {
      cell += '|';
      at += 1;
    } else if (char === '|') {
      cells.push(plain(cell));
      cell = '';
    } else cell += char;
  }
  if (cell.trim() !== '') cells.push(plain(cell));
  return cells;
};

/** Without emphasis, code marks, links and pictures. Footnote stars stay: they tell a column from another. */
export const plain = (text: string): string =>
  text
    .replace(/!\[[^\]]{0,500}\]\([^)]{0,500}\)/g, '')
    .replace(/\[([^\]]{0,500})\]\([^)]{0,500}\)/g, '$1')
    .replace(/\*\*([^*\n]{1,500})\*\*/g, '$1')
    .replace(/(^|[\s(])[*_]([^*_\n]{1,300})[*_](?=[\s).,;:]|$)/g, '$1$2')
    .replace(/`/g, '')
    .replace(/\\([*_|#~>[\]\\])/g, '$1')
    .trim();

const isDelimiter = (line: string | undefined): boolean => {
  if (line === undefined || !line.includes('-') || !line.includes('|')) return false;
  const trimmed = line.trim().replace(/^\|/, '').replace(/\|$/, '');
  return trimmed.split('|').every((cell) => DELIMITER_CELL.test(cell));
};

export const readMarkdown = (text: string): SourceDocument => {
  const lines = text.split(/\r\n?|\n/);
  const builder = sourceBuilder();
  let paragraph: string[] = [];
  let start = 0;
  let lists = 0;
  let inList = false;
  const flush = (): void => {
    builder.text(plain(paragraph.join('\n')), start + 1, inList ? lists : undefined);
    paragraph = [];
  };
  let fence: string | undefined;
  for (let at = 0; at < lines.length; at++) {
    const raw = lines[at] as string;
    const marks = FENCE.exec(raw)?.[1];
    if (marks !== undefined && (fence === undefined || fence === marks)) {
      flush();
      fence = fence === undefined ? marks : undefined;
      continue;
    }
    // What is set as code is said like anything else, a line at a time.
    if (fence !== undefined) {
      builder.text(raw, at + 1);
      continue;
    }
    const line = raw.replace(QUOTE, '');
    if (line.trim() === '' || /^\s*<!--.*-->\s*$/.test(line) || /^ {0,3}([-*_])\s*(?:\1\s*){2,}$/.test(line)) {
      flush();
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading !== null) {
      flush();
      inList = false;
      builder.heading((heading[1] as string).length, plain(heading[2] as string), at + 1);
      continue;
    }
    if (line.includes('|') && isDelimiter(lines[at + 1])) {
      flush();
      inList = false;
      const rows: SourceRow[] = [];
      let next = at + 2;
      for (; next < lines.length && (lines[next] as string).includes('|'); next++) {
        rows.push({ line: next + 1, cells: cellsOf(lines[next] as string) });
      }
      builder.table(cellsOf(line), rows, at + 1);
      at = next - 1;
      continue;
    }
    const item = ITEM.exec(line);
    if (item !== null) {
      flush();
      if (!inList) lists += 1;
      inList = true;
      start = at;
      paragraph = [item[1] as string];
      continue;
    }
    if (paragraph.length === 0) {
      start = at;
      // Text that is not indented ends the list before it.
      if (!/^\s/.test(line)) inList = false;
    }
    paragraph.push(line.trim());
  }
  flush();
  return builder.done();
};
