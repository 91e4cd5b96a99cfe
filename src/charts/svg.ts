/** Elements that Plot does not draw for us: legends, titles, placed labels. */

export const SVG_NAMESPACE = 'http://www.w3.org/2000/svg';

export type Attributes = Readonly<Record<string, string | number | undefined>>;

export const appendElement = (parent: Element, name: string, attributes: Attributes, text?: string): SVGElement => {
  const element = parent.ownerDocument.createElementNS(SVG_NAMESPACE, name) as SVGElement;
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(key, String(value));
  }
  if (text !== undefined) element.textContent = text;
  parent.appendChild(element);
  return element;
};
