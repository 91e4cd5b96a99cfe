/** Blocks of a document as text for a terminal. */
import type { Block, ReportDocument } from '../../index.ts';
import type { Io } from '../command.ts';
import { oneLine } from '../errors.ts';
import { type Colors, colorsOf, widthOf } from './style.ts';
import { renderTable, wrapText } from './table.ts';

/** The inline marks of blocks as a terminal shows them. */
const inline = (text: string, { bold, underline }: Colors): string =>
  text
    .replace(/\*\*(.+?)\*\*/g, (_, inner: string) => bold(inner))
    .replace(/`([^`]+)`/g, (_, inner: string) => bold(inner))
    .replace(/\[([^\]]+)\]\((https?:[^)]+)\)/g, (_, label: string, url: string) => `${label} (${underline(url)})`);

const paragraph = (text: string, width: number, colors: Colors): string =>
  wrapText(oneLine(text), width)
    .map((line) => inline(line, colors))
    .join('\n');

const listItem = (text: string, mark: string, width: number, colors: Colors): string =>
  paragraph(text, width - mark.length, colors)
    .split('\n')
    .map((line, index) => (index === 0 ? mark : ' '.repeat(mark.length)) + line)
    .join('\n');

const renderBlock = (block: Block, width: number, colors: Colors): string => {
  switch (block.kind) {
    case 'paragraph':
      return paragraph(block.text, width, colors);
    case 'list':
      return block.items
        .map((item, index) => listItem(item, block.ordered ? `${index + 1}. ` : '- ', width, colors))
        .join('\n');
    case 'heading':
      return colors.bold(block.text);
    case 'callout':
      return listItem(block.text, `${block.tone}: `, width, colors);
    case 'table':
      return renderTable(block, { width, colors });
    case 'chart':
      return paragraph(block.alternative, width, colors);
    case 'definitions':
      return block.entries.map(({ term, text }) => listItem(text, `${term}: `, width, colors)).join('\n');
  }
};

/** A document for reading at a terminal. */
export const renderTerminal = ({ title, subtitle, facts, sections }: ReportDocument, io: Io): string => {
  const width = widthOf(io);
  const colors = colorsOf(io);
  const heading = colors.bold(paragraph(title, width, colors));
  const about = [subtitle, ...facts.map(({ name, value }) => `${name}: ${value}`)]
    .filter((line) => line !== '')
    .map((line) => paragraph(line, width, colors));
  const parts = sections.flatMap((section) => [
    // A result of one section has said in its title what it is.
    ...(sections.length === 1 ? [] : [colors.bold(section.title)]),
    ...section.blocks.map((block) => renderBlock(block, width, colors)),
  ]);
  return `${[[heading, ...about].join('\n'), ...parts].join('\n\n')}\n`;
};
