/** A document with its figures understood: every cell and every sentence with metric, unit, model, device and conditions. */
import type { Device } from '../hardware/api.ts';
import type { ZooEntry } from '../zoo/api.ts';
import { type ColumnMeaning, columnMeaning, METRIC_OF_KIND, type Metric, PRECISION_WORDS } from './columns.ts';
import { type DeviceMention, deviceReader, familyWordsOf, type ModelMention, modelNamedBy, modelsIn } from './names.ts';
import type { Printed } from './printed.ts';
import { quantitiesIn, quantityOf, type TextQuantity } from './quantity-text.ts';
import type { SourceDocument, SourceHeading, SourceTable, SourceText } from './source.ts';

/** What a figure holds for; `undefined` where the document does not say. */
export interface Conditions {
  readonly model: ZooEntry | undefined;
  readonly device: Device | undefined;
  readonly batch: number | undefined;
  readonly resolution: number | undefined;
  readonly precision: string | undefined;
}

export interface CellFigure extends Conditions {
  readonly metric: Metric;
  /** Of ratios and shares. */
  readonly of: Metric | undefined;
  readonly qualifier: string;
  readonly printed: Printed;
  readonly text: string;
  readonly line: number;
  readonly table: number;
  readonly row: number;
  readonly column: number;
}

export interface AuditedColumn extends ColumnMeaning {
  readonly device: Device | undefined;
  readonly model: ZooEntry | undefined;
  readonly precision: string | undefined;
}

export interface AuditedRow extends Conditions {
  readonly line: number;
  readonly cells: readonly string[];
  readonly figures: readonly (CellFigure | undefined)[];
}

export interface AuditedTable {
  readonly index: number;
  readonly line: number;
  readonly columns: readonly AuditedColumn[];
  readonly rows: readonly AuditedRow[];
  readonly headings: readonly SourceHeading[];
  /** The text right before it, and all text after it up to the next table or heading. */
  readonly caption: string;
  readonly notes: readonly string[];
  /** Conditions that hold for all of it. */
  readonly conditions: Conditions;
}

export interface Sentence {
  readonly text: string;
  readonly line: number;
  readonly headings: readonly SourceHeading[];
  readonly list: number | undefined;
  readonly quantities: readonly TextQuantity[];
  readonly models: readonly ModelMention[];
  readonly devices: readonly DeviceMention[];
}

export interface ReportSection {
  readonly sentences: readonly Sentence[];
  readonly tables: readonly AuditedTable[];
}

export interface AuditedReport {
  readonly tables: readonly AuditedTable[];
  readonly sentences: readonly Sentence[];
  /** All figures of all tables. */
  readonly figures: readonly CellFigure[];
  /** What stands under one heading, by the heading's line (0 before the first). */
  section(headings: readonly SourceHeading[]): ReportSection;
  /** The figures of all tables of one metric of a model. */
  figuresOf(model: ZooEntry, metric: Metric): readonly CellFigure[];
  /** The image size of the whole document, where it names one and no other. */
  readonly resolution: number | undefined;
}

const only = <Value>(values: readonly Value[]): Value | undefined => {
  const distinct = [...new Set(values)];
  return distinct.length === 1 ? distinct[0] : undefined;
};

const precisionsIn = (text: string): readonly string[] =>
  (text.match(PRECISION_WORDS) ?? []).map((word) => word.toLowerCase());

const batchIn = (text: string): number | undefined => {
  const found = [...text.matchAll(/\bbatch(?:[ -]?size)?\s*(?:=|:|of)?\s*(\d{1,5})\b(?!\s*(?:,|and|to|–|-)\s*\d)/gi)];
  return only(found.map((match) => Number(match[1])));
};

const SIZE = /\b(\d{2,4})\s?[×x]\s?(\d{2,4})\b|\b(\d{2,4}) ?(?:px|pixels)\b/g;
const resolutionsIn = (text: string): readonly number[] =>
  [...text.matchAll(SIZE)]
    .filter(([, height, width]) => height === width)
    .map(([, height, , pixels]) => Number(height ?? pixels))
    .filter((size) => size >= 32);

const LETTER_SCALE = /[KkMGBT]$/;

/** A sentence ends at its mark before a capital, or at an empty line. */
const SENTENCE_END = /(?<=[.!?])\s+(?=[A-Z*])|\n\s*\n|\n(?=\s*[-*•✓]\s)/g;

const sentencesOf = ({ text, line, headings, list }: SourceText, understand: Understand): readonly Sentence[] => {
  const sentences: Sentence[] = [];
  let from = 0;
  let lines = line;
  let counted = 0;
  const lineAt = (place: number): number => {
    for (; counted < place; counted++) if (text[counted] === '\n') lines += 1;
    return lines;
  };
  const push = (end: number): void => {
    const part = text.slice(from, end);
    const lead = part.length - part.trimStart().length;
    if (part.trim() === '') return;
    const lineOf = lineAt(from + lead);
    const whole = part.trim().replace(/\s*\n\s*/g, ' ');
    sentences.push({
      text: whole,
      line: lineOf,
      headings,
      list,
      quantities: quantitiesIn(whole),
      models: understand.models(whole, headings),
      devices: understand.devices(whole),
    });
  };
  for (const match of text.matchAll(SENTENCE_END)) {
    push(match.index);
    from = match.index + match[0].length;
  }
  push(text.length);
  return sentences;
};

interface Understand {
  models(text: string, headings: readonly SourceHeading[]): readonly ModelMention[];
  modelOfCell(cell: string, headings: readonly SourceHeading[]): ZooEntry | undefined;
  devices(text: string): readonly DeviceMention[];
}

/**
 * A table with models side by side and metrics one below the other, the other way round: then every check sees one
 * model in a row.
 */
const upright = (table: SourceTable, understand: Understand): SourceTable => {
  const { headings, headers, rows } = table;
  const named = headers.slice(1).map((header) => understand.modelOfCell(header, headings));
  if (named.length < 2 || named.some((model) => model === undefined) || new Set(named).size < named.length)
    return table;
  const metrics = rows.filter(({ cells }) => columnMeaning(cells[0] ?? '').metric !== undefined);
  if (metrics.length < rows.length / 2) return table;
  return {
    ...table,
    headers: [headers[0] ?? '', ...rows.map(({ cells }) => cells[0] ?? '')],
    rows: headers.slice(1).map((header, at) => ({
      line: table.line,
      cells: [header, ...rows.map(({ cells }) => cells[at + 1] ?? '')],
      cellLines: [table.line, ...rows.map(({ line }) => line)],
    })),
  };
};

const auditedTable = (
  table: SourceTable,
  {
    index,
    caption,
    notes,
    resolution,
  }: { index: number; caption: string; notes: readonly string[]; resolution: number | undefined },
  understand: Understand,
): AuditedTable => {
  const { headings, headers } = table;
  const deviceOf = (text: string): Device | undefined => only(understand.devices(text).map(({ named }) => named));
  const modelOf = (text: string): ZooEntry | undefined =>
    only(understand.models(text, headings).map(({ named }) => named));
  const modelOfCell = (cell: string): ZooEntry | undefined => understand.modelOfCell(cell, headings);
  // The nearest text that names exactly one speaks for the table.
  const about = [caption, ...headings.toReversed().map(({ text }) => text)];
  const device = about.map(deviceOf).find((found) => found !== undefined);
  const first = <Value>(read: (text: string) => Value | undefined): Value | undefined =>
    about.map(read).find((found) => found !== undefined);
  const conditions: Conditions = {
    model: first(modelOf),
    device,
    batch: first(batchIn),
    precision: first((text) => only(precisionsIn(text))),
    resolution: first((text) => only(resolutionsIn(text))) ?? resolution,
  };
  const columns = headers.map((header): AuditedColumn => {
    const named = [...understand.devices(header), ...understand.models(header, headings)];
    const removed = named.map(({ index: from, end }) => header.slice(from, end));
    const meaning = columnMeaning(header, removed);
    const columnDevice = deviceOf(header);
    const precision = only(precisionsIn(header));
    // "KPU-T2 (ms)", "int8 (ms)": named after what it is for, and the unit says of what.
    const isNamed = columnDevice !== undefined || (precision !== undefined && meaning.qualifier === '');
    const byUnit = isNamed && meaning.metric === undefined && meaning.kind !== undefined;
    return {
      ...meaning,
      ...(byUnit && { metric: METRIC_OF_KIND[meaning.kind as TextQuantity['kind']] }),
      device: columnDevice,
      model: modelOf(header),
      precision,
    };
  });
  const place = (metric: Metric): number =>
    columns.findIndex((column) => column.metric === metric && column.qualifier === '');
  const [batchAt, resolutionAt, precisionAt] = [place('batch'), place('resolution'), place('precision')];
  const whole = (cell: string | undefined): number | undefined => {
    const value = cell === undefined ? undefined : quantityOf(cell)?.printed.value;
    return value !== undefined && Number.isInteger(value) && value > 0 ? value : undefined;
  };
  const rows = table.rows.map(({ line, cells, cellLines }, row): AuditedRow => {
    const labels = cells.slice(0, 3);
    const rowConditions: Conditions = {
      model: labels.map(modelOfCell).find((found) => found !== undefined) ?? conditions.model,
      device:
        labels.map(deviceOf).find((found) => found !== undefined) ??
        cells.map(deviceOf).find((found) => found !== undefined) ??
        device,
      batch: whole(cells[batchAt]) ?? conditions.batch,
      resolution: whole(cells[resolutionAt]) ?? only(resolutionsIn(cells[resolutionAt] ?? '')) ?? conditions.resolution,
      precision: precisionsIn(cells[precisionAt] ?? '')[0] ?? conditions.precision,
    };
    const label = columnMeaning(cells[0] ?? '');
    const named = cells.map(modelOfCell);
    const isOfSeveral = named[0] === undefined && new Set(named.filter((model) => model !== undefined)).size > 1;
    const conditionsAt = (column: number): Conditions => {
      if (!isOfSeveral) return rowConditions;
      // Two models in one row: a figure belongs to the nearest one before it, at the size that stands between them.
      const from = named.findLastIndex((model, at) => model !== undefined && at <= column);
      if (from === -1) return rowConditions;
      const size = resolutionAt > from && resolutionAt < column ? rowConditions.resolution : undefined;
      return { ...rowConditions, model: named[from], resolution: size ?? only(resolutionsIn(headers[from] ?? '')) };
    };
    return {
      ...rowConditions,
      line,
      cells,
      figures: cells.map((cell, column) =>
        figureOf(cell, columns[column], label, {
          ...conditionsAt(column),
          line: cellLines?.[column] ?? line,
          table: index,
          row,
          column,
        }),
      ),
    };
  });
  return { index, line: table.line, columns, rows, headings, caption, notes, conditions };
};

type Place = Conditions & Pick<CellFigure, 'line' | 'table' | 'row' | 'column'>;

const figureOf = (
  cell: string,
  column: AuditedColumn | undefined,
  label: ColumnMeaning,
  place: Place,
): CellFigure | undefined => {
  if (column === undefined) return undefined;
  // With models or devices side by side, the metric stands at the head of the row.
  const isTurned =
    column.metric === undefined &&
    place.column > 0 &&
    label.metric !== undefined &&
    (column.model ?? column.device) !== undefined;
  const meaning = isTurned ? label : column;
  if (meaning.metric === undefined) return undefined;
  const quantity = quantityOf(cell);
  if (quantity === undefined) return undefined;
  const { kind, printed, text } = quantity;
  const isBare = kind === 'count';
  const hasLetter = isBare && LETTER_SCALE.test(text) && meaning.kind === 'count';
  const scale = isBare && !hasLetter ? meaning.scale : 1;
  const { value, step, low, high } = printed;
  // A multiple of something is no figure of the metric that the column is named after.
  const isRelative =
    (kind === 'ratio' || kind === 'percent') &&
    !['real-time-margin', 'utilization', 'top1', 'share', 'ratio'].includes(meaning.metric);
  const { batch, resolution, precision, ...where } = place;
  return {
    ...where,
    batch,
    resolution,
    precision: column.precision ?? precision,
    model: place.model ?? column.model,
    device: column.device ?? place.device,
    metric: isRelative ? 'ratio' : meaning.metric,
    of: isRelative ? meaning.metric : meaning.of,
    qualifier: meaning.qualifier,
    printed: { value: value * scale, step: step * scale, low: low * scale, high: high * scale },
    text: cell.trim(),
  };
};

/** Figures beyond this many are not looked at: no report has them, and a hostile one would take minutes. */
export const MAX_FIGURES = 400_000;

const headingLine = (headings: readonly SourceHeading[]): number => headings.at(-1)?.line ?? 0;

/** Puts names, units and conditions to a document. */
export const understandReport = ({ blocks }: SourceDocument): AuditedReport => {
  const texts = blocks.flatMap((block) => [
    ...block.headings.slice(-1).map(({ text }) => text),
    ...(block.kind === 'text'
      ? [block.text]
      : [block.headers.join(' | '), ...block.rows.map(({ cells }) => cells.slice(0, 3).join(' | '))]),
  ]);
  const deviceMentions = deviceReader(texts.join('\n').slice(0, 2_000_000));
  const familyWords = new Map<readonly SourceHeading[], readonly string[]>();
  const wordsAbove = (headings: readonly SourceHeading[]): readonly string[] => {
    let words = familyWords.get(headings);
    if (words === undefined) {
      words = familyWordsOf(headings.map((heading) => heading.text));
      familyWords.set(headings, words);
    }
    return words;
  };
  const understand: Understand = {
    devices: deviceMentions,
    models: (text, headings) => modelsIn(text, wordsAbove(headings)),
    modelOfCell: (cell, headings) => modelNamedBy(cell, wordsAbove(headings)),
  };
  const resolution = only(texts.flatMap(resolutionsIn));
  const tables: AuditedTable[] = [];
  const sentences: Sentence[] = [];
  let cells = 0;
  blocks.forEach((block, at) => {
    if (block.kind === 'text') {
      sentences.push(...sentencesOf(block, understand));
      return;
    }
    cells += block.rows.length * block.headers.length;
    if (cells > MAX_FIGURES) return;
    const before = blocks[at - 1];
    const caption =
      before?.kind === 'text' && headingLine(before.headings) === headingLine(block.headings) ? before.text : '';
    const notes: string[] = [];
    for (let next = at + 1; next < blocks.length; next++) {
      const after = blocks[next];
      if (after?.kind !== 'text' || headingLine(after.headings) !== headingLine(block.headings)) break;
      notes.push(after.text);
    }
    tables.push(
      auditedTable(upright(block, understand), { index: tables.length, caption, notes, resolution }, understand),
    );
  });
  const figures = tables.flatMap(({ rows }) =>
    rows.flatMap((row) => row.figures.filter((figure) => figure !== undefined)),
  );
  const sections = new Map<number, { sentences: Sentence[]; tables: AuditedTable[] }>();
  const sectionAt = (line: number) => {
    const known = sections.get(line) ?? { sentences: [], tables: [] };
    sections.set(line, known);
    return known;
  };
  for (const sentence of sentences) sectionAt(headingLine(sentence.headings)).sentences.push(sentence);
  for (const table of tables) sectionAt(headingLine(table.headings)).tables.push(table);
  const byModel = new Map<string, CellFigure[]>();
  const keyOf = ({ variant }: ZooEntry, metric: Metric): string => `${metric}/${variant.name}`;
  for (const figure of figures) {
    if (figure.model === undefined) continue;
    const key = keyOf(figure.model, figure.metric);
    const known = byModel.get(key);
    if (known === undefined) byModel.set(key, [figure]);
    else known.push(figure);
  }
  return {
    ...{ tables, sentences, figures, resolution },
    section: (headings) => sections.get(headingLine(headings)) ?? { sentences: [], tables: [] },
    figuresOf: (model, metric) => byModel.get(keyOf(model, metric)) ?? [],
  };
};
