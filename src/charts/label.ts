/** Text on top of a chart's marks: a halo in the page's colour keeps it legible over lines and dots. */

import { type Attributes, appendElement } from './svg.ts';
import { LABEL_FONT_SIZE, SURFACE } from './theme.ts';

export const HALO: Attributes = {
  stroke: SURFACE,
  'stroke-width': 3,
  'stroke-linejoin': 'round',
  'paint-order': 'stroke',
};

export const appendLabel = (parent: Element, attributes: Attributes, text: string): SVGElement =>
  appendElement(parent, 'text', { 'font-size': LABEL_FONT_SIZE, dy: '0.35em', ...HALO, ...attributes }, text);
