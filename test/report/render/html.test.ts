import { createHash } from 'node:crypto';
import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import type { Block, TableBlock } from '../../../src/report/blocks.ts';
import { SCRIPT, SCRIPT_HASH } from '../../../src/report/render/html-script.ts';
import { renderHtml } from '../../../src/report/render/render.ts';
import { documentOf, everyFormat, everything } from './sample.ts';

const body = (...blocks: readonly Block[]): string => {
  const html = renderHtml(documentOf(...blocks));
  return html.slice(html.indexOf('</h2>\n') + 6, html.indexOf('\n</section>'));
};

describe('renderHtml, block by block', () => {
  it('writes paragraphs, headings and lists', () => {
    expect(
      body(
        { kind: 'paragraph', text: 'Some **bold** text.' },
        { kind: 'heading', level: 3, text: 'A *title* & more' },
        { kind: 'heading', level: 4, text: 'Four' },
        { kind: 'list', ordered: true, items: ['one', '*two*'] },
        { kind: 'list', ordered: false, items: ['one'] },
      ),
    ).toBe(`<p>Some <strong>bold</strong> text.</p>
<h3 id="only-a-title--more">A *title* &amp; more</h3>
<h4 id="only-four">Four</h4>
<ol>
<li>one</li>
<li><em>two</em></li>
</ol>
<ul>
<li>one</li>
</ul>`);
  });

  it('writes callouts with their tone as a word', () => {
    expect(
      body(
        { kind: 'callout', tone: 'note', text: 'One.' },
        { kind: 'callout', tone: 'warning', text: 'Two.' },
        { kind: 'callout', tone: 'finding', text: 'Three.' },
      ),
    ).toBe(`<div class="callout note" role="note"><span class="label">Note</span><p>One.</p></div>
<div class="callout warning" role="note"><span class="label">Warning</span><p>Two.</p></div>
<div class="callout finding" role="note"><span class="label">Finding</span><p>Three.</p></div>`);
  });

  it('writes charts as figures with the drawing as it is', () => {
    const svg = '<svg viewBox="0 0 1 1"><style>@media (prefers-color-scheme: dark) {}</style></svg>';
    expect(
      body({ kind: 'chart', id: 'a b', title: 'T', alternative: 'A "b"', svg, caption: 'More *text*.' }),
    ).toBe(`<figure id="figure-a-b">
<div class="chart" role="img" tabindex="0" aria-label="A &quot;b&quot;">
${svg}
</div>
<figcaption><b>Figure 1. T.</b> More <em>text</em>.</figcaption>
</figure>`);
  });

  it('puts a drawing that knows no dark scheme on paper', () => {
    expect(body({ kind: 'chart', id: 'a', title: 'T', alternative: 'A', svg: '<svg/>' })).toContain(
      'class="chart paper"',
    );
  });

  it('writes definitions', () => {
    expect(body({ kind: 'definitions', entries: [{ term: '`arena`', text: 'What *it* needs.' }] })).toBe(
      '<dl class="definitions">\n<div><dt><code>arena</code></dt><dd>What <em>it</em> needs.</dd></div>\n</dl>',
    );
  });

  it('writes a table of every format', () => {
    expect(body(everyFormat)).toBe(`<div class="table" id="table-every" style="--columns: 8">
<div class="scroll" role="region" tabindex="0" aria-label="Table 1">
<table data-sortable>
<caption><span class="caption"><b>Table 1.</b> Every <em>format</em>.</span></caption>
<thead>
<tr><th scope="col" data-type="text">Name</th><th scope="col" data-type="text">Bound</th><th scope="col" data-type="number" class="number">Parameters</th><th scope="col" data-type="number" class="number" title="The median.">Latency <span class="unit">(ms)</span></th><th scope="col" data-type="number" class="number">Energy <span class="unit">(mJ)</span></th><th scope="col" data-type="number" class="number">Share</th><th scope="col" data-type="number" class="number">Speed-up</th><th scope="col" data-type="number">Budget</th></tr>
</thead>
<tbody>
<tr class="emphasized"><th scope="row" data-value="a_b"><code>a_b</code></th><td data-value="memory">memory</td><td class="number" data-value="3504872">3,504,872</td><td class="number" data-value="0.0054">5.40</td><td class="number" data-value="0.0123">12.30</td><td class="number" data-value="0.0752">7.5 %</td><td class="number" data-value="1.84">1.84×</td><td data-value="1"><span class="verdict pass">pass</span></td></tr>
<tr><th scope="row" data-value="c|d"><code>c|d</code></th><td data-value="compute">compute</td><td class="number unknown">–</td><td class="number unknown">–</td><td class="number unknown">–</td><td class="number unknown">–</td><td class="number unknown">–</td><td data-value="0"><span class="verdict fail">FAIL</span></td></tr>
</tbody>
</table>
</div>
<div class="notes">
<p>See the text.</p>
<dl><div><dt>Latency <span class="unit">(ms)</span></dt> <dd>The median.</dd></div></dl>
</div>
</div>`);
  });

  it('marks wide and tall tables, and says where there are no rows', () => {
    const table = (columns: number, rows: number): TableBlock => ({
      kind: 'table',
      id: 't',
      caption: 'T',
      columns: Array.from({ length: columns }, (_, index) => ({
        key: `${index}`,
        title: 'C',
        format: { kind: 'integer' },
      })),
      rows: Array.from({ length: rows }, () => ({})),
    });
    expect(body(table(20, 54))).toContain('class="table wide tall"');
    expect(body(table(9, 24))).toContain('class="table"');
    expect(body(table(1, 0))).toContain('<p class="empty">No rows.</p>');
  });
});

/** Tags that open without closing, or close what is not open; SVG and void elements as HTML reads them. */
const unbalanced = (html: string): readonly string[] => {
  const VOID = new Set(['meta', 'link', 'br', 'img', 'hr', 'input']);
  const open: string[] = [];
  const wrong: string[] = [];
  const text = html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '').replace(/<!doctype html>/, '');
  // Attributes are always quoted here, so that a bare quote or bracket in a tag shows as a wrong tag.
  for (const [tag, close, name = '', attributes = '', self] of text.matchAll(
    /<(\/?)([a-z][a-z0-9]*)([^<>]*?)(\/?)>/gi,
  )) {
    if (!/^(?:\s+[a-zA-Z:-]+(?:="[^"]*")?)*\s*$/.test(attributes)) wrong.push(tag);
    if (close === '/') {
      if (open.pop() !== name) wrong.push(tag);
    } else if (self !== '/' && !VOID.has(name)) open.push(name);
  }
  return [...wrong, ...open];
};

describe('renderHtml, as a page', () => {
  const html = renderHtml(everything);
  const { document } = parseHTML(html);
  const all = (selector: string): readonly Element[] => [...document.querySelectorAll(selector)];

  it('is well-formed', () => {
    expect(unbalanced(html)).toEqual([]);
    expect(html.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    expect(html.endsWith('</html>\n')).toBe(true);
  });

  it('has unique ids without characters that need escaping', () => {
    const ids = all('[id]').map((element) => element.id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[\w-]+$/);
    expect(ids).toContain('first');
    expect(ids).toContain('first-2');
  });

  it('has a target for every link inside it', () => {
    const targets = all('a[href^="#"]').map((link) => (link.getAttribute('href') ?? '').slice(1));
    expect(targets).toHaveLength(1 + everything.sections.length + 2);
    for (const target of targets) expect(document.getElementById(target)).not.toBeNull();
  });

  it('gives every table row as many cells as columns', () => {
    for (const table of all('table')) {
      const counts = [...table.querySelectorAll('tr')].map((row) => row.children.length);
      expect(new Set(counts).size).toBe(1);
    }
  });

  it('lets no hostile text become markup', () => {
    expect(all('img')).toEqual([]);
    expect(all('script')).toHaveLength(1);
    expect(html).not.toContain('<img');
    expect(html).not.toMatch(/href="javascript/i);
    for (const element of all('*')) {
      for (const { name } of [...element.attributes]) expect(name).not.toMatch(/^on/);
    }
  });

  it('asks the network for nothing', () => {
    expect(all('link, [src], iframe, object, embed, base')).toEqual([]);
    expect(html).not.toMatch(/@import|url\(/);
  });

  it('has the landmarks and names that a screen reader uses', () => {
    for (const tag of ['header', 'nav', 'main', 'h1']) expect(all(tag)).toHaveLength(1);
    for (const section of all('section')) {
      expect(document.getElementById(section.getAttribute('aria-labelledby') ?? '')?.tagName).toBe('H2');
    }
    for (const region of all('[role=region], [role=img]')) expect(region.getAttribute('aria-label')).toBeTruthy();
    for (const header of all('th')) expect(header.getAttribute('scope')).toMatch(/^(?:col|row)$/);
  });

  it('allows its own script and no other', () => {
    expect(SCRIPT_HASH).toBe(`sha256-${createHash('sha256').update(SCRIPT).digest('base64')}`);
    const policy = all('meta[http-equiv]')[0]?.getAttribute('content');
    expect(policy).toContain(`script-src '${SCRIPT_HASH}'`);
    expect(html).toContain(`<script>${SCRIPT}</script>`);
  });

  it('gives the same bytes for the same document', () => {
    expect(renderHtml(everything)).toBe(html);
  });
});
