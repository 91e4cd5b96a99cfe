/** `assay analyze` as a document: for the terminal, Markdown and HTML. */
import { CONVENTIONS, formatBytes, formatNumber, type ReportDocument } from '../../index.ts';
import { type Analysis, fusionTitle } from './analysis.ts';
import { arithmeticFacts, precisionText } from './arithmetic.ts';
import { listOf, shapeText, shownName } from './cells.ts';
import { layersTable } from './layers-table.ts';
import { concurrencyBlocks, coverageBlocks, warningBlocks } from './remarks.ts';
import { summaryTable } from './summary.ts';
import { classesTable, memoryTable, totalsTable } from './tables.ts';

const fileText = ({ source, compiled }: Analysis): string => {
  if (source === undefined) return '';
  const { path, sizeBytes, producer } = source.file;
  const by = producer === undefined ? '' : `, written by ${producer}`;
  return `${path}, ONNX of opset ${compiled.analyzed.graph.opset}, ${formatBytes(sizeBytes)}${by}`;
};

const settingFact = (analysis: Analysis) => {
  const { entry, resolution, batch, source, open } = analysis;
  const native = entry.variant.nativeResolution;
  const size = resolution === native ? ' (native)' : native === undefined ? '' : ` (native: ${native})`;
  const isOwn = batch !== undefined && batch === source?.model.ownBatch;
  const batchText = batch === undefined ? 'any batch' : `batch ${batch}${isOwn ? ' (fixed by the file)' : ''}`;
  const rest = [batchText, precisionText(analysis), ...(open.length > 0 ? [`open: ${listOf(open)}`] : [])].join(', ');
  return resolution === undefined
    ? { name: 'At', value: rest }
    : { name: 'Resolution', value: `${resolution}${size}, ${rest}` };
};

/** Nothing while it is an expression: that stands among the totals. */
const workText = ({ work }: Analysis): string => (typeof work === 'number' ? `, ${formatNumber(work / 1e9)} G` : '');

/** One model in full, or several as one table. */
export const analyzeDocument = (
  analyses: readonly Analysis[],
  withLayers: boolean,
  isList: boolean,
): ReportDocument => {
  const [analysis] = analyses;
  if (analysis === undefined) throw new RangeError('there is nothing to analyze');
  const { entry, source, settings, compiled } = analysis;
  const fusion = { name: 'Traffic after', value: fusionTitle(analysis) };
  if (isList) {
    return {
      title: entry.family.title,
      subtitle: `${analyses.length} variants`,
      facts: [
        { name: 'Batch', value: String(analysis.batch ?? 'any') },
        { name: 'Precision', value: analysis.precision },
        fusion,
      ],
      sections: [{ id: 'summary', title: 'Variants', blocks: [summaryTable(analyses)] }],
    };
  }
  const inputs = compiled.analyzed.graph.inputs.map(
    ({ name, shape }) => `${shownName(name)} ${shape === undefined ? 'of any shape' : shapeText(shape, analysis)}`,
  );
  return {
    title: source === undefined ? `${entry.variant.title} (${entry.variant.name})` : entry.variant.title,
    subtitle: source === undefined ? `${entry.family.title} family, ${entry.family.paper}` : fileText(analysis),
    facts: [
      { name: 'Input', value: listOf(inputs) },
      settingFact(analysis),
      ...arithmeticFacts(analysis),
      {
        name: 'Convention',
        value: `${settings.convention}${workText(analysis)}; ${CONVENTIONS[settings.convention]}`,
      },
      fusion,
    ],
    sections: [
      {
        id: 'analysis',
        title: 'Analysis',
        blocks: [
          totalsTable(analysis),
          memoryTable(analysis),
          classesTable(analysis),
          ...coverageBlocks(analysis),
          ...warningBlocks(analysis),
          ...concurrencyBlocks(analysis),
          ...(withLayers ? [layersTable(analysis)] : []),
        ],
      },
    ],
  };
};
