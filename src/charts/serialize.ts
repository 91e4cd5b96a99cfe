/**
 * Elements -> text. Ours rather than the document's: coordinates are cut to what a screen can show, and text that is no
 * legal XML never reaches the file.
 */

import { CHART_COLORS } from './theme.ts';

const ELEMENT_NODE = 1;
const TEXT_NODE = 3;
const DECIMALS = 2;

const GEOMETRY: ReadonlySet<string> = new Set([
  'cx',
  'cy',
  'd',
  'dx',
  'dy',
  'font-size',
  'height',
  'points',
  'r',
  'rx',
  'ry',
  'transform',
  'viewBox',
  'width',
  'x',
  'x1',
  'x2',
  'y',
  'y1',
  'y2',
]);
const FRACTION = /-?\d*\.\d+(?:e[-+]?\d+)?|-?\d+e[-+]?\d+/g;

const rounded = (text: string): string =>
  text.replace(FRACTION, (number) => {
    const value = Number(number)
      .toFixed(DECIMALS)
      .replace(/\.?0+$/, '');
    return value === '-0' ? '0' : value;
  });

// Control characters and lone surrogates cannot be written in XML at all, escaped or not.
const ILLEGAL =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string =>
  text.replace(ILLEGAL, '\ufffd').replace(/[&<>"]/g, (character) => ESCAPES[character] as string);

const write = (node: Node, parts: string[]): void => {
  if (node.nodeType === TEXT_NODE) {
    parts.push(escaped(node.nodeValue ?? ''));
    return;
  }
  if (node.nodeType !== ELEMENT_NODE) return;
  const element = node as Element;
  const name = element.localName;
  parts.push('<', name);
  // Plot repeats the namespace on elements of some documents; the root's is the only one needed.
  for (const attribute of element.attributes) {
    const key = attribute.name;
    if (key === 'xmlns' || key.startsWith('aria-hidden')) continue;
    parts.push(' ', key, '="', escaped(GEOMETRY.has(key) ? rounded(attribute.value) : attribute.value), '"');
  }
  if (name === 'svg') parts.push(' xmlns="http://www.w3.org/2000/svg"');
  const first = element.firstChild;
  if (first === null) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (let child: ChildNode | null = first; child !== null; child = child.nextSibling) write(child, parts);
  parts.push('</', name, '>');
  // A line per group: differences between two versions of a chart stay readable.
  if (name === 'g' || name === 'style' || name === 'desc') parts.push('\n');
};

/** A complete standalone `<svg>` element. */
export const serializeSvg = (root: Element): string => {
  const parts: string[] = [];
  write(root, parts);
  return parts.join('');
};

/**
 * The same chart in its light colours and without custom properties, for rasterizers and editors that do not know them
 * (resvg, librsvg). Only whole attribute values are replaced: text is escaped, so no label can look like one.
 */
export const flattenForRaster = (svg: string): string =>
  svg.replace(/<style>[^<]*<\/style>\n?/g, '').replace(/="var\(--([a-z0-9]+)\)"/g, (whole, name: string) => {
    const color = CHART_COLORS.light.get(name);
    return color === undefined ? whole : `="${color}"`;
  });
