import type { Block, ReportDocument } from '../blocks.ts';
import {
  escapeLabel,
  renderHeadingMarkdown,
  renderInlineMarkdown,
  renderPlainMarkdown,
  renderStrongMarkdown,
  singleLine,
} from './inline-markdown.ts';
import {
  type BlockRenderers,
  describedOf,
  type Layout,
  layOut,
  type NameAnchor,
  notesOf,
  renderBlock,
  slug,
  withStop,
} from './layout.ts';
import { columnHeader, renderTableGrid } from './markdown-table.ts';

export interface MarkdownOptions {
  /** Address of a chart's SVG file, relative to the Markdown file. */
  readonly chartHref: (id: string) => string;
}

const CONTENTS = 'Contents';

const ALERTS: Readonly<Record<Extract<Block, { kind: 'callout' }>['tone'], string>> = {
  note: 'NOTE',
  warning: 'WARNING',
  finding: 'IMPORTANT',
};

/** GitHub numbers repeated headings, and skips a number that another heading already spells out. */
const createSlugger = (): ((text: string) => string) => {
  const occurrences = new Map<string, number>();
  return (text) => {
    const base = slug(singleLine(text));
    let result = base;
    while (occurrences.has(result)) {
      const count = (occurrences.get(base) ?? 0) + 1;
      occurrences.set(base, count);
      result = `${base}-${count}`;
    }
    occurrences.set(result, 0);
    return result;
  };
};

/** Only headings have anchors on GitHub: a table or a chart is found under the heading it stands below. */
const createNamer = (title: string): NameAnchor => {
  const slugger = createSlugger();
  slugger(title);
  slugger(CONTENTS);
  let latest = '';
  return (kind, _id, text) => {
    if (kind === 'section' || kind === 'heading') latest = slugger(text);
    return latest;
  };
};

const hrefOf = (address: string): string => (/[\s()<>]/.test(address) ? `<${encodeURI(address)}>` : address);

const listKind = (line: string): string | undefined => /^(?:-|\d+\.) /.exec(line)?.[0].replace(/\d+/, '1');

/** Two lists with nothing between them would be read as one, so an empty comment keeps them apart. */
const paragraphs = (parts: readonly string[]): string =>
  parts
    .filter((part) => part !== '')
    .reduce((before, part) => {
      const kind = listKind(part);
      const apart = kind !== undefined && kind === listKind(before.slice(before.lastIndexOf('\n') + 1));
      return before === '' ? part : `${before}\n\n${apart ? '<!-- -->\n\n' : ''}${part}`;
    }, '');

/** "**Table 2.** A caption": the number first, so that a reader can cite it. */
const label = (name: string, number: number, text: string): string => `**${name} ${number}.** ${text}`.trim();

const createRenderers = ({ resolve }: Layout, { chartHref }: MarkdownOptions): BlockRenderers<string> => {
  const inline = (text: string): string => renderInlineMarkdown(text, { resolve });
  return {
    paragraph: ({ text }) => inline(text),
    list: ({ ordered, items }) =>
      items.map((item, index) => `${ordered ? `${index + 1}.` : '-'} ${inline(item)}`).join('\n'),
    heading: ({ level, text }) => renderHeadingMarkdown(level, text),
    callout: ({ tone, text }) => `> [!${ALERTS[tone]}]\n> ${inline(text)}`,
    table: (table, { number, said }) => {
      const descriptions = describedOf(table, said).map(
        (column) => `- **${columnHeader(column)}**: ${renderPlainMarkdown(column.description ?? '')}`,
      );
      const notes = notesOf(table, said).map((note) => `- ${inline(note)}`);
      return paragraphs([
        label('Table', number, inline(withStop(table.caption))),
        table.columns.length === 0 ? '' : renderTableGrid(table),
        table.rows.length === 0 ? '*No rows.*' : '',
        [...notes, ...descriptions].join('\n'),
      ]);
    },
    chart: ({ id, title, alternative, caption }, { number }) =>
      paragraphs([
        `![${escapeLabel(singleLine(alternative))}](${hrefOf(chartHref(id))})`,
        label(
          'Figure',
          number,
          [withStop(renderPlainMarkdown(title)), caption === undefined ? '' : inline(caption)].join(' '),
        ),
      ]),
    definitions: ({ entries }) =>
      entries.map(({ term, text }) => `- ${renderStrongMarkdown(term, { resolve })}: ${inline(text)}`).join('\n'),
  };
};

/** The document as GitHub-flavoured Markdown. */
export const renderMarkdown = (document: ReportDocument, options: MarkdownOptions): string => {
  const layout = layOut(document, createNamer(document.title));
  const renderers = createRenderers(layout, options);
  const facts = document.facts.map(
    ({ name, value }) => `- **${renderPlainMarkdown(name)}**: ${renderPlainMarkdown(value)}`,
  );
  const contents = layout.sections.map(
    ({ section, anchor }) => `- [${escapeLabel(singleLine(section.title))}](#${anchor})`,
  );
  const sections = layout.sections.flatMap(({ section, blocks }) => [
    renderHeadingMarkdown(2, section.title),
    ...blocks.map((placed) => renderBlock(renderers, placed)),
  ]);
  return `${paragraphs([
    renderHeadingMarkdown(1, document.title),
    renderPlainMarkdown(document.subtitle),
    facts.join('\n'),
    contents.length === 0 ? '' : `## ${CONTENTS}\n\n${contents.join('\n')}`,
    ...sections,
  ])}\n`;
};
