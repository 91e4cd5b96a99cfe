import type { Block, ReportDocument } from '../blocks.ts';
import { escapeHtml } from './escape-html.ts';
import { SCRIPT, SCRIPT_HASH } from './html-script.ts';
import { STYLE } from './html-style.ts';
import { renderHtmlTable } from './html-table.ts';
import { renderInlineHtml } from './inline-html.ts';
import {
  type AnchorKind,
  type BlockRenderers,
  type Layout,
  layOut,
  type NameAnchor,
  renderBlock,
  slug,
  withStop,
} from './layout.ts';

/** Ids of the page itself, which no section may take. */
const RESERVED = ['main', 'contents'];

const PREFIXES: Readonly<Record<AnchorKind, string>> = { section: '', heading: '', table: 'table-', chart: 'figure-' };

/** Letters, digits, - and _ need no escaping in an attribute, a selector or an address. */
const idFrom = (text: string): string => text.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');

const titleId = (sectionId: string): string => `${sectionId}-title`;

const createNamer = (): NameAnchor => {
  const used = new Set(RESERVED);
  let section = '';
  return (kind, id, title) => {
    const own = kind === 'heading' ? `${section}-${idFrom(slug(title))}` : idFrom(id);
    const base = `${PREFIXES[kind]}${own}` || 'section';
    const isTaken = (name: string): boolean => used.has(name) || (kind === 'section' && used.has(titleId(name)));
    let name = base;
    for (let copy = 2; isTaken(name); copy++) name = `${base}-${copy}`;
    used.add(name);
    if (kind === 'section') {
      used.add(titleId(name));
      section = name;
    }
    return name;
  };
};

const LABELS: Readonly<Record<Extract<Block, { kind: 'callout' }>['tone'], string>> = {
  note: 'Note',
  warning: 'Warning',
  finding: 'Finding',
};

const createRenderers = ({ resolve }: Layout): BlockRenderers<string> => {
  const inline = (text: string): string => renderInlineHtml(text, { resolve });
  return {
    paragraph: ({ text }) => `<p>${inline(text)}</p>`,
    list: ({ ordered, items }) => {
      const tag = ordered ? 'ol' : 'ul';
      return `<${tag}>\n${items.map((item) => `<li>${inline(item)}</li>`).join('\n')}\n</${tag}>`;
    },
    heading: ({ level, text }, { anchor }) => `<h${level} id="${anchor}">${escapeHtml(text)}</h${level}>`,
    callout: ({ tone, text }) =>
      `<div class="callout ${tone}" role="note"><span class="label">${LABELS[tone]}</span><p>${inline(text)}</p></div>`,
    table: (table, place) => renderHtmlTable(table, place, inline),
    chart: ({ title, alternative, svg, caption }, { anchor, number }) => {
      const paper = svg.includes('prefers-color-scheme') ? '' : ' paper';
      const text = caption === undefined ? '' : ` ${inline(caption)}`;
      return `<figure id="${anchor}">
<div class="chart${paper}" role="img" tabindex="0" aria-label="${escapeHtml(alternative)}">
${svg}
</div>
<figcaption><b>Figure ${number}. ${escapeHtml(withStop(title))}</b>${text}</figcaption>
</figure>`;
    },
    definitions: ({ entries }) => {
      const body = entries.map(({ term, text }) => `<div><dt>${inline(term)}</dt><dd>${inline(text)}</dd></div>`);
      return `<dl class="definitions">\n${body.join('\n')}\n</dl>`;
    },
  };
};

const POLICY = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  `script-src '${SCRIPT_HASH}'`,
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const renderHead = (title: string): string => `<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${STYLE}
</style>
</head>`;

const renderHeader = ({ title, subtitle, facts }: ReportDocument): string => {
  const entries = facts.map(
    ({ name, value }) => `<div><dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd></div>`,
  );
  return `<header>
<h1>${escapeHtml(title)}</h1>${subtitle === '' ? '' : `\n<p class="subtitle">${escapeHtml(subtitle)}</p>`}${
    entries.length === 0 ? '' : `\n<dl class="facts">\n${entries.join('\n')}\n</dl>`
  }
</header>`;
};

const renderContents = ({ sections }: Layout): string => {
  const items = sections.map(({ section, anchor }) => `<li><a href="#${anchor}">${escapeHtml(section.title)}</a></li>`);
  return `<nav aria-label="Contents">
<details class="contents" id="contents" open>
<summary>Contents</summary>
<ol>
${items.join('\n')}
</ol>
</details>
</nav>`;
};

/** The document as one self-contained page: no request leaves it, and it reads the same without its script. */
export const renderHtml = (document: ReportDocument): string => {
  const layout = layOut(document, createNamer());
  const renderers = createRenderers(layout);
  const sections = layout.sections.map(
    ({ section, anchor, blocks }) => `<section id="${anchor}" aria-labelledby="${titleId(anchor)}">
<h2 id="${titleId(anchor)}">${escapeHtml(section.title)}</h2>
${blocks.map((placed) => renderBlock(renderers, placed)).join('\n')}
</section>`,
  );
  return `<!doctype html>
<html lang="en">
${renderHead(document.title)}
<body>
<a class="skip" href="#main">Skip to the text</a>
${renderHeader(document)}
${renderContents(layout)}
<main id="main">
${sections.join('\n')}
</main>
<script>${SCRIPT}</script>
</body>
</html>
`;
};
