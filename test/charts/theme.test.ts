import { describe, expect, it } from 'vitest';
import { CHART_COLORS, type ColorScheme, contrastRatio, MAX_SERIES } from '../../src/charts/theme.ts';

type Triple = readonly [number, number, number];
type Matrix = readonly [Triple, Triple, Triple];

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const VISIONS: Readonly<Record<string, Matrix>> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protan: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deutan: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritan: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (hex: string): Triple => {
  const channel = (offset: number): number => {
    const value = Number.parseInt(hex.slice(offset, offset + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [channel(1), channel(3), channel(5)];
};

const times = (matrix: Matrix, v: Triple): Triple => {
  const row = ([a, b, c]: Triple): number => Math.min(1, Math.max(0, a * v[0] + b * v[1] + c * v[2]));
  return [row(matrix[0]), row(matrix[1]), row(matrix[2])];
};

/** Ottosson's OKLab of linear sRGB. */
const oklab = ([r, g, b]: Triple): Triple => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
};

const distance = (a: Triple, b: Triple): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

describe.each<ColorScheme>(['light', 'dark'])('the %s palette', (scheme) => {
  const color = (name: string): string => CHART_COLORS[scheme].get(name) ?? '';
  const series = Array.from({ length: MAX_SERIES }, (_, index) => index + 1);

  it('stands out from the page: 3:1 for marks, 4.5:1 for text', () => {
    for (const index of series) {
      expect(contrastRatio(color(`s${index}`), color('surface'))).toBeGreaterThanOrEqual(3);
      expect(contrastRatio(color(`on${index}`), color(`s${index}`))).toBeGreaterThanOrEqual(4.5);
    }
    for (const name of ['ink', 'muted'])
      expect(contrastRatio(color(name), color('surface'))).toBeGreaterThanOrEqual(4.5);
  });

  it.each(Object.entries(VISIONS))('keeps all colours apart for %s vision', (_, matrix) => {
    const seen = series.map((index) => oklab(times(matrix, linear(color(`s${index}`)))));
    const least = Math.min(...seen.flatMap((a, index) => seen.slice(index + 1).map((b) => distance(a, b))));
    // Okabe and Ito's eight reach 0.156, 0.096, 0.076 and 0.085 by the same measure.
    expect(least).toBeGreaterThan(0.08);
  });
});
