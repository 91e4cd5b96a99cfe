/**
 * Colours, symbols and type sizes of every chart.
 *
 * A chart's colours are custom properties, so that one SVG is legible on a light and on a dark page. A page with its
 * own theme switch sets `--assay-ink` and its siblings (`chartCustomProperties`), which win over the reader's system.
 */

export type ColorScheme = 'light' | 'dark';

/**
 * Found by search rather than by taste: hues near Okabe and Ito's, at least 3:1 against the page (WCAG 1.4.11; three of
 * theirs have less than 2.4:1 on white), and the least distance in OKLab between any two, as seen with normal, protan,
 * deutan and tritan vision, made as large as possible: 0.09 (theirs: 0.076). test/charts/theme.test.ts holds both.
 */
const SERIES_COLORS: Readonly<Record<ColorScheme, readonly string[]>> = {
  light: ['#0f4892', '#d87317', '#40a37c', '#73354a', '#226fb9', '#9583f0', '#955804', '#6b6d71'],
  dark: ['#2e6dc5', '#e5bf68', '#24a551', '#f182a9', '#70dbff', '#9790f9', '#925201', '#746e7b'],
};

const BASE_COLORS: Readonly<Record<ColorScheme, Readonly<Record<string, string>>>> = {
  light: { ink: '#1b1f24', muted: '#57606a', grid: '#e3e6ea', surface: '#ffffff' },
  dark: { ink: '#e6edf3', muted: '#9ea7b3', grid: '#2b323b', surface: '#0d1117' },
};

export const MAX_SERIES = 8;

export const FONT_FAMILY = 'system-ui, sans-serif';
export const LABEL_FONT_SIZE = 12;
export const TICK_FONT_SIZE = 11;

export const INK = 'var(--ink)';
export const MUTED = 'var(--muted)';
export const GRID = 'var(--grid)';
export const SURFACE = 'var(--surface)';

/** The fill of the n-th series; past the palette it stays on the last colour (see `series.ts`, which folds the rest). */
export const seriesColor = (index: number): string => `var(--s${Math.min(index, MAX_SERIES - 1) + 1})`;

/** Text drawn on top of the n-th series' fill. */
export const onSeriesColor = (index: number): string => `var(--on${Math.min(index, MAX_SERIES - 1) + 1})`;

const relativeLuminance = (hex: string): number => {
  const linear = (offset: number): number => {
    const channel = Number.parseInt(hex.slice(offset, offset + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * linear(1) + 0.7152 * linear(3) + 0.0722 * linear(5);
};

/** WCAG 2 contrast ratio of two `#rrggbb` colours. */
export const contrastRatio = (first: string, second: string): number => {
  const [a, b] = [relativeLuminance(first), relativeLuminance(second)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
};

const textOn = (fill: string): string =>
  contrastRatio(fill, '#ffffff') >= contrastRatio(fill, '#10141a') ? '#ffffff' : '#10141a';

const colorsOf = (scheme: ColorScheme): ReadonlyMap<string, string> =>
  new Map([
    ...Object.entries(BASE_COLORS[scheme]),
    ...SERIES_COLORS[scheme].map((color, index): [string, string] => [`s${index + 1}`, color]),
    ...SERIES_COLORS[scheme].map((color, index): [string, string] => [`on${index + 1}`, textOn(color)]),
  ]);

/** Custom property name (without dashes) -> `#rrggbb`. */
export const CHART_COLORS: Readonly<Record<ColorScheme, ReadonlyMap<string, string>>> = {
  light: colorsOf('light'),
  dark: colorsOf('dark'),
};

/** Declarations for a page that chooses the scheme itself: `[data-theme=dark] { ${chartCustomProperties('dark')} }`. */
export const chartCustomProperties = (scheme: ColorScheme): string =>
  [...CHART_COLORS[scheme]].map(([name, color]) => `--assay-${name}:${color}`).join(';');

/**
 * The style of one chart, for those custom properties that it uses. `:root` matches only where the SVG is a document
 * of its own (a file, an <img>): there it must bring its background, for a browser's canvas may be of either scheme.
 */
export const chartStyle = (className: string, isUsed: (name: string) => boolean): string => {
  const declarations = (scheme: ColorScheme): string =>
    [...CHART_COLORS[scheme]]
      .filter(([name]) => name === 'ink' || name === 'surface' || isUsed(name))
      .map(([name, color]) => `--${name}:var(--assay-${name},${color})`)
      .join(';');
  return [
    `.${className}{${declarations('light')};color:var(--ink);max-width:100%;height:auto}`,
    `@media (prefers-color-scheme:dark){.${className}{${declarations('dark')}}}`,
    `.${className}:root{background:var(--surface);color-scheme:light dark}`,
  ].join('\n');
};
