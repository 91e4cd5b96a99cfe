import { describe, expect, it } from 'vitest';
import type { Block, ReportDocument } from '../../../src/report/blocks.ts';
import { renderMarkdown } from '../../../src/report/render/render.ts';
import { documentOf, everyFormat, everything, HOSTILE } from './sample.ts';

const options = { chartHref: (id: string): string => `charts/${id}.svg` };
const body = (...blocks: readonly Block[]): string =>
  renderMarkdown(documentOf(...blocks), options).split('## Only\n\n')[1] ?? '';

describe('renderMarkdown', () => {
  it('writes the front of the document', () => {
    const document: ReportDocument = {
      title: 'A *study*',
      subtitle: 'Of two models',
      facts: [
        { name: 'Version', value: '0.1.0' },
        { name: 'Batch', value: '1, 8' },
      ],
      sections: [
        { id: 'a', title: 'Latency & energy (ms)', blocks: [] },
        { id: 'b', title: 'mobilenet_v2: what limits it?', blocks: [] },
      ],
    };
    expect(renderMarkdown(document, options)).toBe(`# A \\*study\\*

Of two models

- **Version**: 0.1.0
- **Batch**: 1, 8

## Contents

- [Latency & energy (ms)](#latency--energy-ms)
- [mobilenet_v2: what limits it?](#mobilenet_v2-what-limits-it)

## Latency & energy (ms)

## mobilenet_v2: what limits it?
`);
  });

  it('writes a table of every format, padded', () => {
    expect(body(everyFormat)).toBe(`**Table 1.** Every *format*.

| Name      | Bound      |    Parameters | Latency (ms) | Energy (mJ) |     Share |  Speed-up | Budget   |
| --------- | ---------- | ------------: | -----------: | ----------: | --------: | --------: | -------- |
| **\`a_b\`** | **memory** | **3,504,872** |     **5.40** |   **12.30** | **7.5 %** | **1.84×** | **pass** |
| \`c\\|d\`    | compute    |             – |            – |           – |         – |         – | FAIL     |

- See the text.
- **Latency (ms)**: The median.
`);
  });

  it('writes paragraphs, headings and lists', () => {
    expect(
      body(
        { kind: 'paragraph', text: 'Some **bold** text.' },
        { kind: 'heading', level: 3, text: 'Three # #' },
        { kind: 'heading', level: 4, text: '*Four*' },
        { kind: 'list', ordered: true, items: ['one', 'two'] },
        { kind: 'list', ordered: false, items: ['- one', '*two*'] },
      ),
    ).toBe(`Some **bold** text.

### Three # \\#

#### \\*Four\\*

1. one
2. two

- \\- one
- *two*
`);
  });

  it('keeps lists that follow each other apart', () => {
    const list = (item: string): Block => ({ kind: 'list', ordered: false, items: [item] });
    expect(body(list('a'), list('b'))).toBe('- a\n\n<!-- -->\n\n- b\n');
  });

  it('writes callouts as alerts', () => {
    expect(
      body(
        { kind: 'callout', tone: 'note', text: 'One.\nTwo.' },
        { kind: 'callout', tone: 'warning', text: '*Three.*' },
        { kind: 'callout', tone: 'finding', text: '> Four.' },
      ),
    ).toBe('> [!NOTE]\n> One. Two.\n\n> [!WARNING]\n> *Three.*\n\n> [!IMPORTANT]\n> &gt; Four.\n');
  });

  it('writes charts as pictures', () => {
    expect(
      body(
        { kind: 'chart', id: 'a-b', title: 'Title', alternative: 'Bars [1]: a_b', svg: '<svg/>', caption: 'With `x`.' },
        { kind: 'chart', id: 'a (b)', title: 'Why?', alternative: 'Dots', svg: '<svg/>' },
      ),
    ).toBe(`![Bars \\[1\\]: a_b](charts/a-b.svg)

**Figure 1.** Title. With \`x\`.

![Dots](<charts/a%20(b).svg>)

**Figure 2.** Why?
`);
  });

  it('writes definitions as a list of bold terms', () => {
    expect(
      body({
        kind: 'definitions',
        entries: [
          { term: 'Ridge point', text: 'Peak over bandwidth.' },
          { term: '**`arena`**', text: 'What *it* needs.' },
        ],
      }),
    ).toBe('- **Ridge point**: Peak over bandwidth.\n- **`arena`**: What *it* needs.\n');
  });

  it('says a note and explains a column once in a section, and again where the words differ', () => {
    const table = (id: string, description: string): Block => ({
      kind: 'table',
      id,
      caption: id,
      columns: [{ key: 'a', title: 'A', format: { kind: 'text' }, description }],
      rows: [],
      notes: ['Read with care.'],
    });
    const text = body(table('one', 'First.'), table('two', 'First.'), table('three', 'Other.'));
    expect(text.match(/Read with care\./g)).toHaveLength(1);
    expect(text.match(/\*\*A\*\*: First\./g)).toHaveLength(1);
    expect(text.match(/\*\*A\*\*: Other\./g)).toHaveLength(1);
  });

  it('says where a table has no rows', () => {
    expect(body({ ...everyFormat, columns: everyFormat.columns.slice(0, 1), rows: [], notes: [] })).toBe(
      '**Table 1.** Every *format*.\n\n| Name |\n| ---- |\n\n*No rows.*\n',
    );
  });

  it('escapes cells: their text is literal, pipes and backslashes included', () => {
    const table: Block = {
      kind: 'table',
      id: 't',
      caption: 'T',
      columns: [
        { key: 'a', title: 'A|B', format: { kind: 'text' } },
        { key: 'b', title: 'C', format: { kind: 'code' } },
      ],
      rows: [
        { a: 'x|y\\|z', b: 'x|y' },
        { a: '**a** <b>', b: 'x\\|y' },
        { a: 'two\nlines', b: 'a`b' },
      ],
    };
    expect(body(table).split('\n').slice(2, -1)).toEqual([
      '| A\\|B                | C                          |',
      '| ------------------- | -------------------------- |',
      '| x\\|y\\\\\\|z           | `x\\|y`                     |',
      '| \\*\\*a\\*\\* &lt;b&gt; | <code>x&#92;&#124;y</code> |',
      '| two lines           | ``a`b``                    |',
    ]);
  });

  it('numbers repeated anchors as GitHub does, the title and the contents included', () => {
    const sections = ['Study', 'Contents', 'Latency', 'Latency', 'Latency 1'].map((title, index) => ({
      id: `s${index}`,
      title,
      blocks: index === 2 ? [{ kind: 'heading', level: 3, text: 'Latency' } as const] : [],
    }));
    const text = renderMarkdown({ title: 'Study', subtitle: '', facts: [], sections }, options);
    expect([...text.matchAll(/\]\(#(.*)\)/g)].map(([, anchor]) => anchor)).toEqual([
      'study-1',
      'contents-1',
      'latency',
      'latency-2',
      'latency-1-1',
    ]);
  });

  it('leads links to sections, tables and charts to the heading above them', () => {
    const document: ReportDocument = {
      title: 'T',
      subtitle: '',
      facts: [],
      sections: [
        { id: 'a', title: 'First', blocks: [{ kind: 'paragraph', text: '[x](#b) [y](#every) [z](#none)' }] },
        { id: 'b', title: 'Second part', blocks: [{ kind: 'heading', level: 3, text: 'Inner' }, everyFormat] },
      ],
    };
    expect(renderMarkdown(document, options)).toContain('\n[x](#second-part) [y](#inner) z\n');
  });

  it('lets no hostile text become markup', () => {
    const text = renderMarkdown(everything, options);
    // Code is literal in Markdown; what is left outside of it must not hold a tag or a script.
    const outside = text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    expect(outside).not.toMatch(/<(?!!-- -->|charts)/);
    expect(outside).not.toMatch(/[^\\]\]\(javascript/);
    expect(text).toContain('&lt;img src=x onerror=');
  });

  it('gives every table row as many cells as columns', () => {
    const text = renderMarkdown(everything, options);
    const grids = text.split('\n\n').filter((block) => block.startsWith('| '));
    expect(grids).toHaveLength(2);
    for (const grid of grids) {
      const counts = grid.split('\n').map((line) => line.replace(/\\[\\|]/g, '').split('|').length - 2);
      expect(new Set(counts).size).toBe(1);
    }
    expect(HOSTILE).toContain('|');
  });
});
