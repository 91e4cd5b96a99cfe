import type { TableBlock, TableColumn } from '../blocks.ts';
import { formatCell, headerUnit, isNumeric, isUnknown } from './cell.ts';
import { escapeHtml } from './escape-html.ts';
import { describedOf, notesOf, type Place, withStop } from './layout.ts';

/** From here on a table is set smaller. */
const WIDE_COLUMNS = 10;
/** From here on a table scrolls in its own window, so that its header stays in sight. */
const TALL_ROWS = 25;

const classes = (names: readonly (string | false)[]): string => {
  const kept = names.filter((name) => name !== false);
  return kept.length === 0 ? '' : ` class="${kept.join(' ')}"`;
};

const headerText = (column: TableColumn): string => {
  const unit = headerUnit(column);
  const title = escapeHtml(column.title);
  return unit === null ? title : `${title} <span class="unit">(${escapeHtml(unit)})</span>`;
};

const renderHeader = (column: TableColumn): string => {
  const numeric = isNumeric(column.format);
  const tooltip = column.description === undefined ? '' : ` title="${escapeHtml(column.description)}"`;
  const type = numeric || column.format.kind === 'verdict' ? 'number' : 'text';
  return `<th scope="col" data-type="${type}"${classes([numeric && 'number'])}${tooltip}>${headerText(column)}</th>`;
};

/** What the sort script compares: the figure before rounding; none for an unknown one. */
const rawValue = (value: TableBlock['rows'][number][string] | undefined): string => {
  if (isUnknown(value)) return '';
  return ` data-value="${escapeHtml(typeof value === 'boolean' ? String(Number(value)) : String(value))}"`;
};

const renderCell = (row: TableBlock['rows'][number], column: TableColumn, index: number): string => {
  const value = row[column.key];
  const { kind } = column.format;
  const unknown = isUnknown(value);
  const text = escapeHtml(formatCell(value, column.format));
  const content =
    unknown || text === ''
      ? text
      : kind === 'code'
        ? `<code>${text}</code>`
        : kind === 'verdict' && typeof value === 'boolean'
          ? `<span class="verdict ${value ? 'pass' : 'fail'}">${text}</span>`
          : text;
  const numeric = isNumeric(column.format);
  // The first column names its row, for readers of the screen and for readers by ear.
  const [tag, scope] = index === 0 && !numeric ? ['th', ' scope="row"'] : ['td', ''];
  return `<${tag}${scope}${classes([numeric && 'number', unknown && 'unknown'])}${rawValue(value)}>${content}</${tag}>`;
};

const renderNotes = (table: TableBlock, said: ReadonlySet<string>, inline: (text: string) => string): string => {
  const notes = notesOf(table, said).map((note) => `<p>${inline(note)}</p>`);
  const entries = describedOf(table, said).map(
    (column) => `<div><dt>${headerText(column)}</dt> <dd>${escapeHtml(column.description ?? '')}</dd></div>`,
  );
  const body = [...notes, ...(entries.length === 0 ? [] : [`<dl>${entries.join('\n')}</dl>`])];
  return body.length === 0 ? '' : `\n<div class="notes">\n${body.join('\n')}\n</div>`;
};

export const renderHtmlTable = (
  table: TableBlock,
  { anchor, number, said }: Place,
  inline: (text: string) => string,
): string => {
  const emphasized = new Set(table.emphasized ?? []);
  const rows = table.rows.map((row, index) => {
    const cells = table.columns.map((column, position) => renderCell(row, column, position));
    return `<tr${classes([emphasized.has(index) && 'emphasized'])}>${cells.join('')}</tr>`;
  });
  const outer = classes([
    'table',
    table.columns.length >= WIDE_COLUMNS && 'wide',
    table.rows.length >= TALL_ROWS && 'tall',
  ]);
  const empty = table.rows.length === 0 ? '\n<p class="empty">No rows.</p>' : '';
  // A box that scrolls must be reachable by keyboard, and then it needs a name.
  return `<div${outer} id="${anchor}" style="--columns: ${table.columns.length}">
<div class="scroll" role="region" tabindex="0" aria-label="Table ${number}">
<table data-sortable>
<caption><span class="caption"><b>Table ${number}.</b> ${inline(withStop(table.caption))}</span></caption>
<thead>
<tr>${table.columns.map(renderHeader).join('')}</tr>
</thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
</div>${empty}${renderNotes(table, said, inline)}
</div>`;
};
