/** What the charts' tests share: one document, and reading a chart back. */

import { Resvg } from '@resvg/resvg-js';
import { DOMParser } from 'linkedom';
import { expect } from 'vitest';
import { createChartDocument, flattenForRaster } from '../../src/charts/api.ts';

export const document = await createChartDocument();

export const base = (id: string) => ({ id, title: `Title of ${id}`, description: `Description of ${id}`, document });

/** Parses strictly (resvg's parser rejects what is no XML) and hands back the root element. */
export const parseChart = (svg: string): Element => {
  expect(() => new Resvg(flattenForRaster(svg))).not.toThrow();
  return new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement as unknown as Element;
};

export const all = (root: Element, selector: string): readonly Element[] => [...root.querySelectorAll(selector)];

export const texts = (root: Element, selector: string): readonly string[] =>
  all(root, `${selector} text`).map((element) => element.textContent ?? '');

export const numberOf = (element: Element, attribute: string): number => Number(element.getAttribute(attribute));

/** Pixels of the tick labels of an axis, by text: an independent ruler for where values lie. */
export const tickPixels = (root: Element, axis: 'x' | 'y'): ReadonlyMap<string, number> =>
  new Map(
    all(root, `g[aria-label="${axis}-axis tick label"] text`).map((element) => {
      const [x, y] = [...(element.getAttribute('transform') ?? '').matchAll(/-?[\d.]+/g)].map(Number);
      return [element.textContent ?? '', (axis === 'x' ? x : y) ?? Number.NaN];
    }),
  );

/** All numbers of a path, in order. */
export const pathNumbers = (path: Element | undefined): readonly number[] =>
  [...(path?.getAttribute('d') ?? '').matchAll(/-?\d+(?:\.\d+)?/g)].map(Number);
