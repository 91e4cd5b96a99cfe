import type { Block, DocumentSection, ReportDocument, TableBlock, TableColumn } from '../blocks.ts';

/** Where a block stands: its anchor (where it has one) and its number among the tables or the figures. */
export interface Place {
  readonly anchor: string;
  readonly number: number;
  /** What earlier tables of the section say under them already: it is not said again. */
  readonly said: ReadonlySet<string>;
}

export interface PlacedBlock extends Place {
  readonly block: Block;
}

export interface PlacedSection {
  readonly section: DocumentSection;
  readonly anchor: string;
  readonly blocks: readonly PlacedBlock[];
}

export interface Layout {
  readonly sections: readonly PlacedSection[];
  /** The anchor behind `#fragment`: the id of a section, table or chart, or an anchor itself; null when there is none. */
  readonly resolve: (fragment: string) => string | null;
}

export type AnchorKind = 'section' | 'heading' | 'table' | 'chart';

/** Called once for each thing that can be linked to, in the order of the document. */
export type NameAnchor = (kind: AnchorKind, id: string, title: string) => string;

const nameBlock = (block: Block, nameAnchor: NameAnchor): string => {
  switch (block.kind) {
    case 'heading':
      return nameAnchor('heading', '', block.text);
    case 'table':
      return nameAnchor('table', block.id, block.caption);
    case 'chart':
      return nameAnchor('chart', block.id, block.title);
    default:
      return '';
  }
};

const descriptionOf = ({ title, description }: TableColumn): string => `${title}: ${description ?? ''}`;

/** The notes under a table, less those that the section has said. */
export const notesOf = (table: TableBlock, said: ReadonlySet<string>): readonly string[] =>
  (table.notes ?? []).filter((note) => !said.has(note));

/** The columns explained under a table, less those that the section has explained in the same words. */
export const describedOf = (table: TableBlock, said: ReadonlySet<string>): readonly TableColumn[] =>
  table.columns.filter((column) => column.description !== undefined && !said.has(descriptionOf(column)));

export const layOut = (document: ReportDocument, nameAnchor: NameAnchor): Layout => {
  const counts = { table: 0, chart: 0 };
  const place = (block: Block, said: ReadonlySet<string>): PlacedBlock => ({
    block,
    anchor: nameBlock(block, nameAnchor),
    number: block.kind === 'table' || block.kind === 'chart' ? ++counts[block.kind] : 0,
    said,
  });
  const sections = document.sections.map((section): PlacedSection => {
    const anchor = nameAnchor('section', section.id, section.title);
    let said: ReadonlySet<string> = new Set();
    const blocks = section.blocks.map((block) => {
      const placed = place(block, said);
      if (block.kind === 'table')
        said = new Set([...said, ...notesOf(block, said), ...describedOf(block, said).map(descriptionOf)]);
      return placed;
    });
    return { section, anchor, blocks };
  });

  const blocks = sections.flatMap((section) => section.blocks);
  // Where a section and a table share an id, the id means the section; where two share it, the first.
  const known: (readonly [string, string])[] = [
    ...sections.map(({ section, anchor }) => [section.id, anchor] as const),
    ...blocks.flatMap(({ block, anchor }) =>
      block.kind === 'table' || block.kind === 'chart' ? [[block.id, anchor] as const] : [],
    ),
    ...[...sections, ...blocks].filter(({ anchor }) => anchor !== '').map(({ anchor }) => [anchor, anchor] as const),
  ];
  const anchors = new Map(known.reverse());
  return { sections, resolve: (fragment) => anchors.get(fragment) ?? null };
};

/** One function per kind of block: the compiler lists what a renderer is missing. */
export type BlockRenderers<Result> = {
  readonly [Kind in Block['kind']]: (block: Extract<Block, { readonly kind: Kind }>, place: Place) => Result;
};

export const renderBlock = <Result>(renderers: BlockRenderers<Result>, { block, ...place }: PlacedBlock): Result =>
  // The key and the argument come from the same block, which the type of the record cannot say.
  (renderers[block.kind] as (block: Block, place: Place) => Result)(block, place);

/** GitHub's rule for the anchor of a heading, before repeated ones are numbered. */
export const slug = (text: string): string =>
  text
    .toLowerCase()
    .trim()
    .replace(/[^\p{L}\p{M}\p{N}\p{Pc} -]/gu, '')
    .replace(/ /g, '-');

/** The title of a figure runs into its caption, so it ends as a sentence. */
export const withStop = (text: string): string => (/[.!?:]$/.test(text) ? text : `${text}.`);
