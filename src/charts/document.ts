/**
 * Where a chart's elements are created: linkedom's document in Node, or the page's own where there is one.
 * Charts take the document as an option, so drawing stays synchronous; and a page that passes its `document` never
 * names this function, so that linkedom falls out of its bundle.
 */
export const createChartDocument = async (): Promise<Document> => {
  if (typeof globalThis.document !== 'undefined') return globalThis.document;
  const { parseHTML } = await import('linkedom');
  return parseHTML('<!doctype html><html><head></head><body></body></html>').document;
};
