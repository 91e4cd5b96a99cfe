/** A study as a document, and the document as files. */
import type { Study } from '../explore/study.ts';
import type { ChartBlock, ReportDocument } from './blocks.ts';
import { documentToJson, renderCsv, renderHtml, renderJson, renderMarkdown } from './render/render.ts';
import { RESULT_COLUMNS, type ResultRow, resultRow } from './results.ts';
import { sections } from './sections/index.ts';

export interface ReportOptions {
  readonly study: Study;
  /** See createChartDocument in charts/. */
  readonly chartDocument: Document;
  readonly version: string;
}

export interface ReportFile {
  /** Relative to the output folder, with `/`. */
  readonly path: string;
  readonly text: string;
}

export interface Report {
  readonly document: ReportDocument;
  readonly rows: readonly ResultRow[];
  readonly files: readonly ReportFile[];
}

/** Models whose input is no image stand beside the others as they are. */
const resolutionFact = ({ options, models }: Study): string => {
  const without = models.filter(({ common }) => common.resolution === undefined).map(({ title }) => title);
  const all = without.length === models.length;
  const set = `${options.resolution} and each model's native one`;
  if (without.length === 0) return set;
  return all ? 'none: no input is an image' : `${set}; ${without.join(', ')} as written, without images`;
};

const buildDocument = ({ study, chartDocument, version }: ReportOptions): ReportDocument => {
  const { options, models, devices } = study;
  return {
    title: 'Characterization of efficient convolutional networks',
    subtitle: `${models.length} models on ${devices.length} devices, predicted from exact operator graphs`,
    facts: [
      { name: 'Made by', value: `assay ${version}` },
      { name: 'Devices', value: devices.map(({ device }) => device.name).join(', ') },
      { name: 'Resolution', value: resolutionFact(study) },
      { name: 'Batches', value: options.batches.join(', ') },
      { name: 'Baseline', value: study.baseline.title },
    ],
    sections: sections
      .toSorted((a, b) => a.order - b.order)
      .map(({ id, title, build }) => ({ id, title, blocks: build({ study, chartDocument }) })),
  };
};

/** Everything that `assay report` writes, in memory. The same study gives the same bytes. */
export const buildReport = (options: ReportOptions): Report => {
  const { study, version } = options;
  const document = buildDocument(options);
  const rows = study.cells.map((cell) => resultRow(study, cell));
  const commonPrecisionRows = study.commonPrecisionCells.map((cell) => resultRow(study, cell));
  const charts = document.sections.flatMap(({ blocks }) =>
    blocks.filter((block): block is ChartBlock => block.kind === 'chart'),
  );
  const familyRows = (prefix: string) => rows.filter(({ family }) => String(family).startsWith(prefix));
  const csv = (part: readonly ResultRow[]) => renderCsv(RESULT_COLUMNS, part);
  const json = {
    schema: 'assay.study/1',
    version,
    baseline: study.baseline.name,
    resolution: study.options.resolution,
    batches: study.options.batches,
    commonPrecision: study.options.commonPrecision,
    rows,
    commonPrecisionRows,
    document: documentToJson(document),
  };
  return {
    document,
    rows,
    files: [
      { path: 'report.md', text: renderMarkdown(document, { chartHref: (id) => `charts/${id}.svg` }) },
      { path: 'report.html', text: renderHtml(document) },
      { path: 'report.json', text: renderJson(json) },
      { path: 'results.csv', text: csv(rows) },
      { path: 'mobilenet_results.csv', text: csv(familyRows('mobilenet')) },
      { path: 'efficientnet_results.csv', text: csv(familyRows('efficientnet')) },
      ...charts.map(({ id, svg }) => ({ path: `charts/${id}.svg`, text: svg })),
    ],
  };
};
