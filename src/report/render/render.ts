export { formatCell } from './cell.ts';
export { renderCsv } from './csv.ts';
export { renderHtml } from './html.ts';
export { renderInlineHtml } from './inline-html.ts';
export { type BlockJson, type DocumentJson, documentToJson, JsonValueError, renderJson } from './json.ts';
export { type MarkdownOptions, renderMarkdown } from './markdown.ts';
