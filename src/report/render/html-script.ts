/**
 * The only script of a report: sortable tables, and a table of contents that folds on narrow screens.
 * The page reads the same without it. Plain text rather than a function, because its hash is part of the
 * page's Content-Security-Policy: after a change, the test prints the new hash.
 */
export const SCRIPT = `
(() => {
  'use strict';
  const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  const NEXT = { none: 'ascending', ascending: 'descending', descending: 'none' };

  // Rank 0 is a figure, 1 a word among figures, 2 an unknown: ranks keep their order in both directions.
  const keyOf = (row, column, numeric) => {
    const raw = row.children[column].getAttribute('data-value');
    if (raw === null || raw === '') return { rank: 2, value: 0 };
    if (!numeric) return { rank: 0, value: raw };
    const value = Number(raw);
    return Number.isNaN(value) ? { rank: 1, value: raw } : { rank: 0, value };
  };
  const compare = (a, b) =>
    typeof a === 'number' && typeof b === 'number' ? (a < b ? -1 : a > b ? 1 : 0) : collator.compare(a, b);

  const makeSortable = (table) => {
    const body = table.querySelector('tbody');
    const original = [...body.children];
    const headers = [...table.querySelectorAll('thead th')];
    if (original.length < 2) return;
    const sortBy = (column, direction) => {
      const numeric = headers[column].getAttribute('data-type') === 'number';
      const sign = direction === 'descending' ? -1 : 1;
      const keyed = original.map((row) => ({ row, key: keyOf(row, column, numeric) }));
      keyed.sort((a, b) => a.key.rank - b.key.rank || sign * compare(a.key.value, b.key.value));
      return keyed.map(({ row }) => row);
    };
    headers.forEach((header, column) => {
      const button = document.createElement('button');
      button.setAttribute('type', 'button');
      button.append(...header.childNodes);
      header.append(button);
      button.addEventListener('click', () => {
        const direction = NEXT[header.getAttribute('aria-sort') || 'none'];
        for (const other of headers) other.removeAttribute('aria-sort');
        if (direction !== 'none') header.setAttribute('aria-sort', direction);
        body.append(...(direction === 'none' ? original : sortBy(column, direction)));
      });
    });
  };
  document.querySelectorAll('table[data-sortable]').forEach(makeSortable);

  const contents = document.querySelector('details.contents');
  if (contents !== null && typeof matchMedia === 'function') {
    const narrow = matchMedia('(max-width: 64rem)');
    const fold = () => contents.toggleAttribute('open', !narrow.matches);
    fold();
    narrow.addEventListener('change', fold);
  }
})();
`;

/** SHA-256 of SCRIPT in base64; a browser refuses any other script on the page. */
export const SCRIPT_HASH = 'sha256-i9IjimF1xIk6ppCfsKH7clAVkapJZinwzP1HyrRU9oU=';
