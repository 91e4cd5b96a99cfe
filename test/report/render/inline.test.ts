import { describe, expect, it } from 'vitest';
import { codeSpan, renderInlineMarkdown, renderPlainMarkdown } from '../../../src/report/render/inline-markdown.ts';
import { renderInlineHtml } from '../../../src/report/render/render.ts';

describe('renderInlineHtml', () => {
  it.each([
    ['plain', 'plain'],
    ['**bold** and *em*', '<strong>bold</strong> and <em>em</em>'],
    ['***both***', '<strong><em>both</em></strong>'],
    ['**bold *and em***', '<strong>bold <em>and em</em></strong>'],
    ['*em **and bold***', '<em>em <strong>and bold</strong></em>'],
    ['`a*b*<c>`', '<code>a*b*&lt;c&gt;</code>'],
    ['**not `closed** here`', '**not <code>closed** here</code>'],
    ['[text **b**](https://a.b/c_(d))', '<a href="https://a.b/c_(d)" rel="noreferrer">text <strong>b</strong></a>'],
    ['[mail](mailto:a@b.c)', '<a href="mailto:a@b.c" rel="noreferrer">mail</a>'],
    // There is no escape character.
    ['a \\*b*', 'a \\<em>b</em>'],
    ['[in](#part)', '<a href="#part">in</a>'],
  ])('%s', (text, expected) => {
    expect(renderInlineHtml(text)).toBe(expected);
  });

  it.each([
    ['3*4*5 and 2 * 3 * 4', '3*4*5 and 2 * 3 * 4'],
    ['a_b_c __d__', 'a_b_c __d__'],
    ['*open and `open', '*open and `open'],
    ['** and ****', '** and ****'],
    ['``', '``'],
    ['[1, 2] and [x](y)', '[1, 2] and [x](y)'],
    ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
    ['[x](JaVaScRiPt:alert)', '[x](JaVaScRiPt:alert)'],
    ['[x](data:text/html,a)', '[x](data:text/html,a)'],
    ['[x](//evil.example)', '[x](//evil.example)'],
  ])('leaves %s literal', (text, expected) => {
    expect(renderInlineHtml(text)).toBe(expected);
  });

  it('escapes text, code, labels and addresses', () => {
    expect(renderInlineHtml(`<b>&"'`)).toBe('&lt;b&gt;&amp;&quot;&#39;');
    expect(renderInlineHtml('[<i>](https://a.b/"onclick="x)')).toBe(
      '<a href="https://a.b/%22onclick=%22x" rel="noreferrer">&lt;i&gt;</a>',
    );
    expect(renderInlineHtml('a\u0000b\uD800c')).toBe('a\uFFFDb\uFFFDc');
  });

  it('takes links inside the document from its layout', () => {
    const resolve = (fragment: string): string | null => (fragment === 'a' ? 'a-2' : null);
    expect(renderInlineHtml('[x](#a) [y](#b)', { resolve })).toBe('<a href="#a-2">x</a> y');
  });

  it('reads a long run of openers in no time', () => {
    expect(renderInlineHtml('*a '.repeat(3000))).toBe('*a '.repeat(3000));
  });
});

describe('renderInlineMarkdown', () => {
  it.each([
    ['**bold**, *em*, `code` and [text](https://a.b)', '**bold**, *em*, `code` and [text](https://a.b)'],
    ['[t](https://a.b/c_(d))', '[t](<https://a.b/c_(d)>)'],
    ['mobilenet_v2 at 3 < 4, 5 * 6, ~2 ms, [1, 2]', 'mobilenet_v2 at 3 < 4, 5 * 6, ~2 ms, [1, 2]'],
    ['3*4*5 _x_ ~~y~~', '3\\*4\\*5 \\_x\\_ \\~\\~y\\~\\~'],
    ['<img src=x> &lt; & &amp', '&lt;img src=x&gt; &amp;lt; & &amp'],
    ['a ` b', 'a \\` b'],
    ['[x](javascript:y) ![z](https://a.b)', '[x\\](javascript:y) \\![z](https://a.b)'],
    ['C:\\dir \\*', 'C:\\dir \\\\\\*'],
    ['two\nlines\t here ', 'two lines here'],
    ['https://a.b/x_y', 'https://a.b/x_y'],
    ['https://a.b/~x_', 'https\\://a.b/\\~x\\_'],
  ])('%j becomes %j', (text, expected) => {
    expect(renderInlineMarkdown(text)).toBe(expected);
  });

  it.each([
    ['# a', '\\# a'],
    ['- a', '\\- a'],
    ['+ a', '\\+ a'],
    ['---', '\\---'],
    ['===', '\\==='],
    ['12. a', '12\\. a'],
    ['[ ] a', '\\[ ] a'],
    ['> a', '&gt; a'],
    ['-5 % and #1', '-5 % and #1'],
    ['1.5 ms', '1.5 ms'],
  ])('keeps %j from opening a block', (text, expected) => {
    expect(renderPlainMarkdown(text)).toBe(expected);
  });

  it('fences code by more backticks than it holds', () => {
    expect(codeSpan('a`b')).toBe('``a`b``');
    expect(codeSpan('``a')).toBe('``` ``a ```');
    expect(codeSpan('')).toBe('');
  });
});
