import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { createChartDocument } from '../../src/charts/api.ts';
import { referenceStudyOptions } from '../../src/explore/reference-study.ts';
import { runStudy } from '../../src/explore/study.ts';
import { buildReport } from '../../src/report/report.ts';
import { RESULT_COLUMNS } from '../../src/report/results.ts';

const study = runStudy(referenceStudyOptions());
const chartDocument = await createChartDocument();
const report = buildReport({ study, chartDocument, version: 'test' });
const textOf = (path: string): string => report.files.find((file) => file.path === path)?.text ?? '';

describe('the files of a report', () => {
  it('are the ones the command line promises', () => {
    const paths = report.files.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['report.md', 'report.html', 'report.json', 'results.csv']));
    expect(paths).toEqual(expect.arrayContaining(['mobilenet_results.csv', 'efficientnet_results.csv']));
    expect(new Set(paths).size).toBe(paths.length);
    for (const kind of ['roofline-', 'pareto-', 'energy-', 'memory-timeline-', 'flop-breakdown']) {
      expect(
        paths.some((path) => path.startsWith(`charts/${kind}`)),
        kind,
      ).toBe(true);
    }
  });

  it('hold 54 batch-1 rows at 224 in results.csv, with the columns of the contract', () => {
    const [header, ...rows] = textOf('results.csv').trimEnd().split('\n');
    expect(header).toBe(RESULT_COLUMNS.join(','));
    const atBatch1 = rows.filter((row) => {
      const cells = row.split(',');
      return cells[RESULT_COLUMNS.indexOf('resolution')] === '224' && cells[RESULT_COLUMNS.indexOf('batch')] === '1';
    });
    expect(atBatch1).toHaveLength(54);
    const families = ['mobilenet_results.csv', 'efficientnet_results.csv'].flatMap((path) =>
      textOf(path).trimEnd().split('\n').slice(1),
    );
    expect(families.length + rows.filter((row) => row.startsWith('resnet')).length).toBe(rows.length);
  });

  it('are the same bytes for the same study', () => {
    const again = buildReport({ study: runStudy(referenceStudyOptions()), chartDocument, version: 'test' });
    expect(again.files).toEqual(report.files);
  });

  it('contain every chart that the Markdown shows, and nothing undefined', () => {
    const shown = [...textOf('report.md').matchAll(/\]\((charts\/[^)\s]+\.svg)/g)].map((match) => match[1] as string);
    expect(shown.length).toBeGreaterThan(15);
    for (const path of shown) expect(textOf(path), path).toMatch(/^<svg[\s\S]*<title[\s\S]*<desc/);
    for (const { path, text } of report.files) expect(text, path).not.toMatch(/\bNaN\b|\bundefined\b|\[object/);
  });

  it('make one page without network, whose links and ids resolve', () => {
    const { document } = parseHTML(textOf('report.html'));
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.getAttribute('id'));
    expect(new Set(ids).size).toBe(ids.length);
    for (const link of document.querySelectorAll('a[href^="#"]')) {
      expect(ids).toContain(link.getAttribute('href')?.slice(1));
    }
    expect(textOf('report.html')).not.toMatch(/<(?:script|link|img|iframe)[^>]+(?:src|href)=["']?https?:/);
  });

  it('have a section for each of the report of 2025-10-17', () => {
    const ids = new Set(report.document.sections.map(({ id }) => id));
    for (const id of [
      'executive-summary',
      'model-complexity',
      'performance',
      'ranking',
      'energy',
      'battery',
      'flop-breakdown',
      'memory',
      'tiles',
      'scaling',
      'baseline-comparison',
      'design-patterns',
      'use-cases',
      'selection-matrix',
      'quantization',
      'batching',
      'methods',
    ]) {
      expect(ids).toContain(id);
    }
  });
});
