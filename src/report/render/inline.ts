/**
 * Reads InlineText: `**bold**`, `*emphasis*`, `` `code` `` and `[text](url)`. All else is literal:
 * `3*4*5`, `a * b`, `snake_case` and `<tag>` mean themselves, and there is no escape character.
 */
export type InlineNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'strong' | 'emphasis'; readonly children: readonly InlineNode[] }
  | { readonly kind: 'link'; readonly url: string; readonly children: readonly InlineNode[] };

interface Construct {
  readonly node: InlineNode;
  readonly end: number;
}

const isSpace = (char: string | undefined): boolean => char === undefined || /\s/.test(char);
const isWord = (char: string | undefined): boolean => char !== undefined && /[\p{L}\p{N}]/u.test(char);

const starRun = (text: string, from: number): number => {
  let end = from;
  while (text[end] === '*') end++;
  return end - from;
};

const codeEnd = (text: string, from: number): number => text.indexOf('`', from + 1);

/** Where the stars that close `marker` begin, or -1. Stars inside code do not count. */
const findCloser = (text: string, from: number, marker: '*' | '**'): number => {
  let position = from;
  while (position < text.length) {
    if (text[position] === '`') {
      position = Math.max(codeEnd(text, position), position) + 1;
    } else if (text[position] === '*') {
      const run = starRun(text, position);
      const fits = marker === '**' ? run >= 2 : run % 2 === 1;
      // The outer marker closes last, so it is the end of the run that counts.
      const start = position + run - marker.length;
      if (fits && start > from && !isSpace(text[position - 1]) && !isWord(text[position + run])) return start;
      position += run;
    } else {
      position++;
    }
  }
  return -1;
};

const readStars = (text: string, from: number, linkable: boolean): Construct => {
  const run = starRun(text, from);
  const literal: Construct = { node: { kind: 'text', text: '*'.repeat(run) }, end: from + run };
  if (run > 3 || isWord(text[from - 1]) || isSpace(text[from + run])) return literal;
  const marker = run === 1 ? '*' : '**';
  const start = from + marker.length;
  const closer = findCloser(text, start, marker);
  if (closer < 0) return literal;
  const children = parse(text.slice(start, closer), linkable);
  return { node: { kind: run === 1 ? 'emphasis' : 'strong', children }, end: closer + marker.length };
};

const readCode = (text: string, from: number): Construct | null => {
  const end = codeEnd(text, from);
  const code = text.slice(from + 1, Math.max(end, from + 1)).trim();
  return code === '' ? null : { node: { kind: 'code', text: code }, end: end + 1 };
};

const SAFE_URL = /^(?:https?:\/\/|mailto:|#)[^\s\p{Cc}]+$/iu;

/** Only web, mail and in-document addresses; characters that some syntax would trip over are percent-encoded. */
const safeUrl = (url: string): string | null =>
  SAFE_URL.test(url)
    ? url.replace(/[\\<>|`"'*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    : null;

/** One level of parentheses inside an address is common in encyclopedia links. */
const LINK = /\[((?:`[^`]*`|[^[\]`])+)\]\(((?:[^\s()]|\([^\s()]*\))+)\)/y;

const readLink = (text: string, from: number): Construct | null => {
  LINK.lastIndex = from;
  const match = LINK.exec(text);
  const url = safeUrl(match?.[2] ?? '');
  if (match === null || url === null) return null;
  return { node: { kind: 'link', url, children: parse(match[1] ?? '', false) }, end: from + match[0].length };
};

const constructAt = (text: string, position: number, linkable: boolean): Construct | null => {
  switch (text[position]) {
    case '*':
      return readStars(text, position, linkable);
    case '`':
      return readCode(text, position);
    case '[':
      return linkable ? readLink(text, position) : null;
    default:
      return null;
  }
};

const parse = (text: string, linkable: boolean): readonly InlineNode[] => {
  const nodes: InlineNode[] = [];
  let literal = '';
  const flush = (): void => {
    if (literal !== '') nodes.push({ kind: 'text', text: literal });
    literal = '';
  };
  let position = 0;
  while (position < text.length) {
    const found = constructAt(text, position, linkable);
    if (found === null || found.node.kind === 'text') {
      literal += found?.node.kind === 'text' ? found.node.text : text[position];
      position = found?.end ?? position + 1;
    } else {
      flush();
      nodes.push(found.node);
      position = found.end;
    }
  }
  flush();
  return nodes;
};

export const parseInline = (text: string): readonly InlineNode[] => parse(text, true);
