/** Colours are properties, so that the dark scheme and print only change values. Text pairs hold WCAG AA (4.5:1). */
const COLOURS = `
:root {
  color-scheme: light dark;
  --paper: #ffffff; --ink: #1c2126; --muted: #57606a; --line: #dde2e7; --rule: #8b949e;
  --wash: #f4f6f8; --accent: #0550ae; --pass: #116329; --fail: #b3121d;
  --note: #0550ae; --warning: #8a4b00; --finding: #116329;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #14171b; --ink: #e2e6ea; --muted: #9ba5b0; --line: #2d333b; --rule: #6b7682;
    --wash: #1d2228; --accent: #79b8ff; --pass: #5fd67e; --fail: #ff8a80;
    --note: #79b8ff; --warning: #f0b254; --finding: #5fd67e;
  }
}`;

const PAGE = `
*, *::before, *::after { box-sizing: border-box; }
html { scroll-behavior: smooth; -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif;
  display: grid; grid-template: "top top" auto "nav main" 1fr / 14.5rem minmax(0, 1fr); column-gap: 2.5rem;
  max-width: 104rem; margin-inline: auto; padding: 0 2rem 6rem;
}
header { grid-area: top; padding: 3.5rem 0 2rem; border-bottom: 1px solid var(--line); margin-bottom: 2rem; }
nav { grid-area: nav; }
main { grid-area: main; }
h1, h2, h3, h4 { line-height: 1.25; text-wrap: balance; max-width: 40ch; scroll-margin-top: 1.5rem; overflow-wrap: break-word; }
h1 { font-size: 2.25rem; margin: 0; letter-spacing: -0.015em; }
h2 { font-size: 1.6rem; margin: 0 0 1rem; letter-spacing: -0.01em; }
h3 { font-size: 1.2rem; margin: 2.25rem 0 0.75rem; }
h4 { font-size: 1rem; margin: 1.75rem 0 0.5rem; }
section { padding-top: 2.75rem; scroll-margin-top: 0; }
section:first-child { padding-top: 0; }
p, ul, ol, .definitions, .callout { max-width: 64ch; margin: 0 0 1rem; overflow-wrap: break-word; }
ul, ol { padding-left: 1.5rem; }
li + li { margin-top: 0.3rem; }
a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; font-size: 0.9em; }
p code, li code, dd code { background: var(--wash); padding: 0.1em 0.3em; border-radius: 3px; }
.skip { position: absolute; left: -100vw; background: var(--paper); padding: 0.5rem 1rem; z-index: 4; }
.skip:focus { left: 1rem; top: 1rem; }
.subtitle { font-size: 1.2rem; line-height: 1.45; color: var(--muted); margin: 0.6rem 0 0; }
.facts { display: flex; flex-wrap: wrap; gap: 0.25rem 2rem; margin: 1.5rem 0 0; font-size: 0.875rem; }
.facts div { display: flex; gap: 0.5rem; min-width: 0; }
.facts dt { color: var(--muted); flex: none; }
.facts dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.definitions dt { font-weight: 600; }
.definitions dd { margin: 0 0 0.75rem 1.5rem; }
.callout { border-left: 3px solid var(--tone); padding: 0.15rem 0 0.15rem 1rem; margin: 1.5rem 0; }
.callout .label { display: block; font-weight: 650; font-size: 0.875rem; color: var(--tone); }
.callout p { margin: 0; }
.note { --tone: var(--note); } .warning { --tone: var(--warning); } .finding { --tone: var(--finding); }`;

const CONTENTS = `
.contents { position: sticky; top: 1.5rem; max-height: calc(100vh - 1.5rem); overflow-y: auto; padding: 0 0 2rem; font-size: 0.875rem; line-height: 1.4; }
.contents summary { font-weight: 650; padding: 0.25rem 0 0.5rem; }
.contents ol { list-style: none; padding: 0; margin: 0; }
.contents li + li { margin: 0; }
.contents a { display: block; padding: 0.3rem 0; color: var(--muted); text-decoration: none; overflow-wrap: break-word; }
.contents a:hover { color: var(--accent); text-decoration: underline; }
@media (min-width: 64.01rem) {
  .contents summary { list-style: none; pointer-events: none; }
  .contents summary::-webkit-details-marker { display: none; }
}
@media (max-width: 64rem) {
  body { display: block; padding: 0 1.25rem 4rem; }
  header { padding: 2rem 0 1.25rem; margin-bottom: 0; }
  h1 { font-size: 1.75rem; } h2 { font-size: 1.4rem; }
  .contents { position: static; max-height: none; padding: 0.75rem 0; border-bottom: 1px solid var(--line); margin-bottom: 2rem; }
  .contents summary { cursor: pointer; padding: 0.25rem 0; }
  .contents a { padding: 0.45rem 0; }
  .facts { flex-direction: column; }
}`;

const TABLES = `
.table, figure { margin: 2rem 0; scroll-margin-top: 1.5rem; }
.scroll { overflow: auto; container-type: inline-size; }
.tall > .scroll { max-height: min(85vh, 56rem); border-bottom: 1px solid var(--line); }
table { width: max-content; border-collapse: separate; border-spacing: 0; font-size: 0.875rem; line-height: 1.4; font-variant-numeric: tabular-nums lining-nums; }
caption { text-align: left; padding: 0 0 0.6rem; }
.caption { display: block; position: sticky; left: 0; width: max-content; max-width: min(72ch, 100cqi); font-size: 0.9375rem; }
th, td { padding: 0.35rem 0.7rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--line); max-width: 24rem; background: var(--paper); }
th:first-child, td:first-child { padding-left: 0; }
thead th { position: sticky; top: 0; z-index: 2; vertical-align: bottom; border-top: 1px solid var(--rule); border-bottom-color: var(--rule); font-weight: 600; line-height: 1.25; }
tbody th { font-weight: 500; }
tbody tr:last-child > * { border-bottom-color: var(--rule); }
tbody tr:hover > * { background: var(--wash); }
.number { text-align: right; white-space: nowrap; }
thead .number { white-space: normal; max-width: 8rem; }
.wide thead .number .unit { display: block; }
.unit { font-weight: 400; color: var(--muted); white-space: nowrap; }
.unknown { color: var(--muted); }
.emphasized > * { font-weight: 700; background: var(--wash); }
.wide table { font-size: 0.8125rem; }
.wide th, .wide td { padding-inline: 0.45rem; }
.wide thead .number { max-width: 6.25rem; }
tr > :first-child { position: sticky; left: 0; z-index: 1; }
thead tr > :first-child { z-index: 3; }
.wide tr > :first-child { border-right: 1px solid var(--line); padding-left: 0; }
.verdict { font-weight: 600; }
.pass { color: var(--pass); } .fail { color: var(--fail); font-weight: 750; }
.notes { margin-top: 0.6rem; font-size: 0.8125rem; line-height: 1.5; color: var(--muted); }
.notes p, .notes dl { margin: 0 0 0.25rem; max-width: 80ch; }
.notes div, .notes dt, .notes dd { display: inline; margin: 0; }
.notes dt { font-weight: 600; } .notes dt::after { content: ":"; } .notes div + div::before { content: " "; }
.empty { color: var(--muted); font-size: 0.875rem; margin: 0.5rem 0; }
thead button {
  all: unset; cursor: pointer; position: relative; display: inline-block;
}
thead button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
/* The arrow stands in the gutter, so that a heading stays flush with its figures. */
thead button::after { content: "↕"; position: absolute; left: 100%; bottom: 0; width: 0.55rem; text-align: center; font-size: 0.75em; line-height: 1.7; font-weight: 400; color: var(--rule); }
thead [aria-sort] button::after { color: var(--accent); font-weight: 700; }
thead [aria-sort="ascending"] button::after { content: "↑"; }
thead [aria-sort="descending"] button::after { content: "↓"; }
@media (max-width: 40rem) {
  tr > :first-child { max-width: 10.5rem; border-right: 1px solid var(--line); overflow-wrap: anywhere; }
}`;

/** Charts that do not say how they look in the dark stand on light paper there. */
const FIGURES = `
.chart { overflow-x: auto; --assay-surface: var(--paper); }
.chart svg { display: block; max-width: 100%; height: auto; }
figcaption { margin-top: 0.6rem; font-size: 0.9375rem; max-width: 72ch; }
@media (max-width: 40rem) { .chart svg { min-width: 34rem; } }
@media (prefers-color-scheme: dark) {
  .chart.paper { color-scheme: light; background: #ffffff; color: #1c2126; border-radius: 4px; padding: 0.75rem; width: fit-content; max-width: 100%; }
}`;

const PRINT = `
@media print {
  /* One orientation: a page of its own for each wide table left half of the pages empty. */
  @page { size: A4; margin: 14mm 12mm; }
  :root {
    color-scheme: light;
    --paper: #ffffff; --ink: #000000; --muted: #444444; --line: #cccccc; --rule: #777777; --wash: #f2f2f2;
    --accent: #000000; --pass: #0b5424; --fail: #a00d17; --note: #444444; --warning: #8a4b00; --finding: #0b5424;
  }
  body { display: block; max-width: none; padding: 0; font-size: 10pt; line-height: 1.45; }
  nav, .skip, thead button::after { display: none; }
  /* Chromium does not paint a button in the headers it repeats, so that only its text is left. */
  thead button { display: contents; }
  header { padding: 0 0 1rem; margin-bottom: 1.5rem; }
  .facts { flex-direction: row; }
  p, ul, ol, .definitions, .callout, figcaption, .caption, .notes p, .notes dl { max-width: none; }
  .caption { max-width: 180mm; position: static; }
  h1, h2, h3, h4, caption { break-after: avoid; }
  tr, figure, .callout, li, .definitions div { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll, .chart { overflow: visible; container-type: normal; }
  .tall > .scroll { max-height: none; border: 0; }
  thead th, tr > :first-child { position: static; }
  table { font-size: 8pt; width: auto; }
  th, td { padding: 0.2rem 0.4rem; }
  .wide table { font-size: clamp(4.5pt, calc(84pt / var(--columns)), 8pt); width: 100%; }
  .wide th, .wide td { padding-inline: 0.15rem; overflow-wrap: break-word; }
  .table:not(.tall) { break-inside: avoid; }
  .emphasized > * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .chart.paper { padding: 0; background: none; }
  .chart svg { min-width: 0; max-height: 200mm; }
  a { color: inherit; text-decoration: none; }
}
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }`;

export const STYLE = [COLOURS, PAGE, CONTENTS, TABLES, FIGURES, PRINT].join('\n');
