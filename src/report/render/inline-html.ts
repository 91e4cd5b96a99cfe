import { escapeHtml } from './escape-html.ts';
import { type InlineNode, parseInline } from './inline.ts';

export interface InlineHtmlOptions {
  /** Turns `fragment` of `[text](#fragment)` into an id of this document; null drops the link and keeps its text. */
  readonly resolve?: (fragment: string) => string | null;
}

const renderLink = (url: string, label: string, resolve: (fragment: string) => string | null): string => {
  if (!url.startsWith('#')) return `<a href="${escapeHtml(url)}" rel="noreferrer">${label}</a>`;
  const id = resolve(url.slice(1));
  return id === null ? label : `<a href="#${escapeHtml(id)}">${label}</a>`;
};

/** InlineText as HTML. Only web, mail and in-document addresses become links; everything else is escaped text. */
export const renderInlineHtml = (text: string, options: InlineHtmlOptions = {}): string => {
  const resolve = options.resolve ?? ((fragment: string) => fragment);
  const renderNode = (node: InlineNode): string => {
    switch (node.kind) {
      case 'text':
        return escapeHtml(node.text);
      case 'code':
        return `<code>${escapeHtml(node.text)}</code>`;
      case 'strong':
        return `<strong>${node.children.map(renderNode).join('')}</strong>`;
      case 'emphasis':
        return `<em>${node.children.map(renderNode).join('')}</em>`;
      case 'link':
        return renderLink(node.url, node.children.map(renderNode).join(''), resolve);
    }
  };
  return parseInline(text).map(renderNode).join('');
};
