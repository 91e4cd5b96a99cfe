import { type InlineNode, parseInline } from './inline.ts';

/** A line break would end a cell or open a block: all space becomes one space. */
export const singleLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

interface Neighbours {
  /** The character before and after; '' at the edge, where anything may follow. */
  readonly before: string;
  readonly after: string;
  readonly rest: string;
}

const isWord = (char: string): boolean => /[\p{L}\p{N}]/u.test(char);
const isSpace = (char: string): boolean => /\s/.test(char);

/**
 * What to write for a character that Markdown may read as syntax where it stands.
 * Left alone where it cannot, so that the raw text stays readable: mobilenet_v2, 3 < 4, 5 * 6, ~2 ms.
 */
const SYNTAX: Readonly<Record<string, (near: Neighbours) => string | null>> = {
  '\\': ({ after }) => (after === '' || /[!-/:-@[-`{-~]/.test(after) ? '\\\\' : null),
  '`': () => '\\`',
  '*': ({ before, after }) => (isSpace(before) && isSpace(after) ? null : '\\*'),
  _: ({ before, after }) => (isWord(before) && isWord(after) ? null : '\\_'),
  ']': ({ after }) => (/[[(:]/.test(after) ? '\\]' : null),
  '<': ({ after }) => (isSpace(after) || after === '=' ? null : '&lt;'),
  '>': ({ before }) => (/[\s=-]/.test(before) ? null : '&gt;'),
  '&': ({ rest }) => (/^(?:#\d+|#x[\da-f]+|[a-z][a-z\d]*);/i.test(rest) ? '&amp;' : null),
  '~': ({ before, after }) => (isSpace(before) && after !== '~' ? null : '\\~'),
  '!': ({ after }) => (after === '[' || after === '' ? '\\!' : null),
};

/** GitHub links a bare address and reads no escapes in it: one that needs an escape is kept from being linked. */
const unlink = (markdown: string): string =>
  markdown.replace(/(https?|ftp|www)(?=(?::\/\/|\.)\S*(?:[\\|]|&(?:lt|gt|amp);))/gi, '$1\\');

/** An address that touches the syntax after it would take that into the link too. */
const unlinkEnd = (markdown: string): string => markdown.replace(/(https?|ftp|www)(?=(?::\/\/|\.)\S*$)/gi, '$1\\');

/** Literal text; its edges count as touching syntax, since bold or a link may stand there. */
export const escapeMarkdown = (text: string): string =>
  unlink(
    text.replace(/[\\`*_\]<>&~!]/g, (char: string, offset: number) => {
      const near = {
        before: text[offset - 1] ?? '',
        after: text[offset + 1] ?? '',
        rest: text.slice(offset + 1, offset + 40),
      };
      return SYNTAX[char]?.(near) ?? char;
    }),
  );

/** Text in square brackets (a link, a picture's alternative), where a bracket would end it. */
export const escapeLabel = (text: string): string =>
  escapeMarkdown(text).replace(/\\\]|[[\]]/g, (bracket) => (bracket.length === 2 ? bracket : `\\${bracket}`));

/** A first word that would open a list, heading, rule or task instead of a paragraph. */
const escapeStart = (markdown: string): string =>
  markdown
    .replace(/^(\d{1,9})(?=[.)](?:\s|$))/, '$1\\')
    .replace(/^(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|-{2}|=|\[[ xX]\\?\](?:\s|$))/, '\\');

/** Plain text standing at the start of a block or a heading. */
export const renderPlainMarkdown = (text: string): string => escapeStart(escapeMarkdown(singleLine(text)));

/** A heading's text: number signs at its end would be taken for the closing ones of the heading. */
export const renderHeadingMarkdown = (level: number, text: string): string =>
  `${'#'.repeat(level)} ${renderPlainMarkdown(text).replace(/(?<=\s)(?=#+$)/, '\\')}`;

/** A fence one longer than any run of backticks inside. */
export const codeSpan = (code: string): string => {
  const text = singleLine(code);
  if (text === '') return '';
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${text}${pad}${fence}`;
};

export interface InlineMarkdownOptions {
  /** Turns `fragment` of `[text](#fragment)` into an anchor of this document; null drops the link and keeps its text. */
  readonly resolve?: (fragment: string) => string | null;
}

const renderLink = (url: string, label: string, resolve: (fragment: string) => string | null): string => {
  if (!url.startsWith('#')) return `[${label}](${/[()]/.test(url) ? `<${url}>` : url})`;
  const anchor = resolve(url.slice(1));
  return anchor === null ? label : `[${label}](#${anchor})`;
};

interface InlineContext {
  readonly resolve: (fragment: string) => string | null;
  readonly inLabel: boolean;
  /** Nothing follows in this line. */
  readonly isLast: boolean;
}

const renderNode = (node: InlineNode, context: InlineContext): string => {
  const children = (nodes: readonly InlineNode[], inLabel: boolean): string =>
    nodes.map((child) => renderNode(child, { ...context, inLabel, isLast: false })).join('');
  switch (node.kind) {
    case 'text': {
      const text = context.inLabel ? escapeLabel(node.text) : escapeMarkdown(node.text);
      return context.isLast ? text : unlinkEnd(text);
    }
    case 'code':
      return codeSpan(node.text);
    case 'strong':
      return `**${children(node.children, context.inLabel)}**`;
    case 'emphasis':
      return `*${children(node.children, context.inLabel)}*`;
    case 'link':
      return renderLink(node.url, children(node.children, true), context.resolve);
  }
};

const renderNodes = (
  nodes: readonly InlineNode[],
  { resolve = (fragment) => fragment }: InlineMarkdownOptions,
): string =>
  nodes
    .map((node, index) => renderNode(node, { resolve, inLabel: false, isLast: index === nodes.length - 1 }))
    .join('');

/** InlineText as one line of Markdown, safe at the start of a block. */
export const renderInlineMarkdown = (text: string, options: InlineMarkdownOptions = {}): string =>
  escapeStart(renderNodes(parseInline(singleLine(text)), options));

/** InlineText set in bold as a whole: bold parts of its own would close it. */
export const renderStrongMarkdown = (text: string, options: InlineMarkdownOptions = {}): string => {
  const nodes = parseInline(singleLine(text)).flatMap((node) => (node.kind === 'strong' ? node.children : [node]));
  return nodes.length === 0 ? '' : `**${renderNodes(nodes, options)}**`;
};
