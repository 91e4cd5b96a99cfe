import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { CellValue } from '../../../src/report/blocks.ts';
import { SCRIPT } from '../../../src/report/render/html-script.ts';
import { renderHtml } from '../../../src/report/render/render.ts';
import { documentOf } from './sample.ts';

/** A page whose script has run, with a table of models and one other column. */
const openPage = (kind: 'integer' | 'text' | 'verdict', values: readonly CellValue[]) => {
  const html = renderHtml(
    documentOf({
      kind: 'table',
      id: 't',
      caption: 'T',
      columns: [
        { key: 'name', title: 'Name', format: { kind: 'text' } },
        { key: 'value', title: 'Value', unit: 'ms', format: { kind } },
      ],
      rows: values.map((value, index) => ({ name: `m${index}`, value })),
      emphasized: [0],
    }),
  );
  const { document, window } = parseHTML(html);
  new Function('document', 'window', 'matchMedia', SCRIPT)(document, window, undefined);
  const header = document.querySelectorAll('thead th')[1];
  return {
    document,
    header,
    click: (): void => {
      header?.querySelector('button')?.click();
    },
    names: (): string => [...document.querySelectorAll('tbody th')].map((cell) => cell.textContent).join(' '),
  };
};

describe('the script of a report', () => {
  it('puts a button with the same text into every header', () => {
    const { document } = openPage('integer', [1, 2]);
    expect(
      [...document.querySelectorAll('thead th > button[type=button]')].map((button) => button.textContent),
    ).toEqual(['Name', 'Value (ms)']);
  });

  it('sorts numbers by size, up, down and back, unknown ones always last', () => {
    const { header, click, names } = openPage('integer', [10_000, null, 9, -3, 200, null]);
    click();
    expect([names(), header?.getAttribute('aria-sort')]).toEqual(['m3 m2 m4 m0 m1 m5', 'ascending']);
    click();
    expect([names(), header?.getAttribute('aria-sort')]).toEqual(['m0 m4 m2 m3 m1 m5', 'descending']);
    click();
    expect([names(), header?.getAttribute('aria-sort')]).toEqual(['m0 m1 m2 m3 m4 m5', null]);
  });

  it('puts a word among numbers after them and before the unknown', () => {
    const { click, names } = openPage('integer', [null, 'not run', 2, 1, Number.POSITIVE_INFINITY]);
    click();
    expect(names()).toBe('m3 m2 m4 m1 m0');
    click();
    expect(names()).toBe('m4 m2 m3 m1 m0');
  });

  it('sorts text as people number things', () => {
    const { click, names } = openPage('text', ['resnet50', 'ResNet18', null, 'alexnet', 'resnet101']);
    click();
    expect(names()).toBe('m3 m1 m0 m4 m2');
  });

  it('sorts verdicts, failures first', () => {
    const { click, names } = openPage('verdict', [true, null, false, true]);
    click();
    expect(names()).toBe('m2 m0 m3 m1');
  });

  it('keeps one column marked, and the emphasis with its row', () => {
    const { document, header, click } = openPage('integer', [2, 1]);
    click();
    document.querySelector<HTMLElement>('thead th button')?.click();
    expect(header?.getAttribute('aria-sort')).toBeNull();
    expect(document.querySelectorAll('[aria-sort]')).toHaveLength(1);
    expect(document.querySelector('tr.emphasized th')?.textContent).toBe('m0');
  });

  it('leaves a table of one row alone', () => {
    expect(openPage('integer', [1]).document.querySelector('thead button')).toBeNull();
  });
});
