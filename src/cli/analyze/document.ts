/** `assay analyze` as a document: for the terminal, Markdown and HTML. */

import type { ReportDocument, TableColumn } from '../../index.ts';
import {
  CONVENTIONS,
  formatBytes,
  formatInteger,
  formatNumber,
  formatShape,
  formatSI,
  groupThousands,
  type Integer,
  OPERATOR_CLASS_TITLES,
  type Shape,
} from '../../index.ts';
import type { FlexibleTable } from '../render/table.ts';
import { type Analysis, fusionTitle, placeText } from './analysis.ts';
import { atBatchOf } from './figures.ts';
import { layersOf } from './layers.ts';
import { concurrencyBlocks, coverageBlocks, warningBlocks } from './remarks.ts';
import { summaryTable } from './summary.ts';

const shapeText = (shape: Shape, analysis: Analysis): string =>
  shape.length === 0 ? 'scalar' : formatShape(shape.map((dim) => atBatchOf(analysis, dim)));

/** A count over open dimensions is its expression. */
const cell = (value: Integer): number | string => (typeof value === 'number' ? value : formatInteger(value));

/** Expressions are as long as they are: a text column may wrap them. */
const countFormat = ({ open }: Analysis): TableColumn['format'] => ({ kind: open.length === 0 ? 'integer' : 'text' });
const countCell = ({ open }: Analysis, value: Integer): number | string =>
  open.length > 0 && typeof value === 'number' ? groupThousands(value) : cell(value);

/** A file may name its operators at any length. */
const MAX_NAME = 100;
const shownName = (name: string): string => (name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name);

const MAX_NAMED = 8;
const listOf = (names: readonly string[]): string =>
  names.length > MAX_NAMED
    ? `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`
    : names.join(', ');

const totalsTable = (analysis: Analysis): FlexibleTable => {
  const { totals, work, settings, open } = analysis;
  const row = (figure: string, value: Integer, meaning: string) => ({
    figure,
    short: typeof value === 'number' ? formatSI(value, '') : null,
    exact: countCell(analysis, value),
    meaning,
  });
  const dims = open.map((name) => `--dim ${name}=VALUE`).slice(0, MAX_NAMED);
  return {
    kind: 'table',
    id: 'totals',
    caption: `Totals ${placeText(analysis)}`,
    columns: [
      { key: 'figure', title: 'Figure', format: { kind: 'text' } },
      { key: 'short', title: 'Value', format: { kind: 'text' } },
      { key: 'exact', title: 'Exact', format: countFormat(analysis) },
      { key: 'meaning', title: 'Meaning', format: { kind: 'text' } },
    ],
    rows: [
      row('Parameters', totals.params, 'learned; shared tensors once'),
      row('Statistics', totals.statistics, 'stored, not learned: running means and variances'),
      row('MACs', totals.macs, 'multiply-accumulates'),
      row('FLOPs', totals.flops, CONVENTIONS.assay.replace(/^FLOPs: /, '')),
      ...(settings.convention === 'assay'
        ? []
        : [row(`Work (${settings.convention})`, work, CONVENTIONS[settings.convention])]),
      row('Transcendentals', totals.transcendentals, 'exp, tanh, sqrt, division: part of the FLOPs'),
      row('Activations', totals.activationElements, 'output elements of convolutions and matrix products (MActs)'),
    ],
    ...(open.length > 0 && {
      notes: [
        `Expressions in ${listOf(open)}: ${dims.join(' ')} puts values to them, and then sizes in memory are known.`,
      ],
    }),
    expendable: ['meaning', ...(open.length > 0 ? ['short'] : [])],
  };
};

const memoryTable = (analysis: Analysis): FlexibleTable => {
  const { memory, precision, weightBytes, source, settings } = analysis;
  const row = (figure: string, bytes: number | undefined, meaning: string) => ({
    figure,
    size: bytes === undefined ? null : formatBytes(bytes),
    bytes: bytes ?? null,
    meaning,
  });
  const stored = source !== undefined && settings.precision === undefined;
  return {
    kind: 'table',
    id: 'memory',
    caption: `Memory ${placeText(analysis)}, ${precision} (MB = 10^6 bytes)`,
    columns: [
      { key: 'figure', title: 'Figure', format: { kind: 'text' } },
      { key: 'size', title: 'Size', format: { kind: 'text' } },
      { key: 'bytes', title: 'Bytes', format: { kind: 'integer' } },
      { key: 'meaning', title: 'Meaning', format: { kind: 'text' } },
    ],
    rows: [
      row('Weights', weightBytes, stored ? 'parameters in the types that the file stores' : 'parameters as stored'),
      row('Peak live activations', memory?.peakActivationBytes, 'most alive at one step, in the order as written'),
      row('Arena', memory?.arenaBytes, 'what a static planner needs for them, with alignment'),
      row('Traffic', memory?.trafficBytes, `read and written after fusion (${analysis.fusion})`),
      row('Sum of outputs', memory?.sumOfOutputsBytes, 'all outputs added up; no machine needs this at once'),
    ],
    expendable: ['meaning'],
  };
};

const classesTable = (analysis: Analysis): FlexibleTable => {
  const { classes, totals, compiled } = analysis;
  return {
    kind: 'table',
    id: 'classes',
    caption: `Classes of work ${placeText(analysis)}`,
    columns: [
      { key: 'class', title: 'Class', format: { kind: 'text' } },
      { key: 'count', title: 'Operators', format: { kind: 'integer' } },
      { key: 'params', title: 'Parameters', format: { kind: 'integer' } },
      { key: 'macs', title: 'MACs', format: countFormat(analysis) },
      { key: 'flops', title: 'FLOPs', format: countFormat(analysis) },
      { key: 'shareOfMacs', title: 'Share of MACs', format: { kind: 'percent', decimals: 1 } },
    ],
    rows: [
      ...classes.map(({ class: name, count, params, macs, flops, shareOfMacs }) => ({
        class: OPERATOR_CLASS_TITLES[name],
        count,
        params,
        macs: countCell(analysis, macs),
        flops: countCell(analysis, flops),
        shareOfMacs: shareOfMacs ?? null,
      })),
      {
        class: 'Total',
        count: compiled.analyzed.nodes.length,
        params: totals.params,
        macs: countCell(analysis, totals.macs),
        flops: countCell(analysis, totals.flops),
        shareOfMacs: totals.macs === 0 ? 0 : 1,
      },
    ],
    emphasized: [classes.length],
    expendable: ['params', 'flops'],
  };
};

const layersTable = (analysis: Analysis): FlexibleTable => {
  const layers = layersOf(analysis);
  const hasLoops = layers.some(({ times }) => times !== 1);
  const hasBranches = layers.some(({ counted }) => !counted);
  return {
    kind: 'table',
    id: 'layers',
    caption: `Layers ${placeText(analysis)}, ${analysis.precision}; bytes as written, before fusion`,
    columns: [
      { key: 'name', title: 'Layer', format: { kind: 'code' } },
      { key: 'type', title: 'Operator', format: { kind: 'text' } },
      { key: 'class', title: 'Class', format: { kind: 'text' } },
      { key: 'output', title: 'Output', format: { kind: 'text' } },
      ...(hasLoops ? [{ key: 'times', title: 'Times', format: { kind: 'integer' } } as const] : []),
      { key: 'params', title: 'Parameters', format: { kind: 'integer' } },
      { key: 'macs', title: 'MACs', format: countFormat(analysis) },
      { key: 'flops', title: 'FLOPs', format: countFormat(analysis) },
      { key: 'bytes', title: 'Bytes', format: { kind: 'integer' } },
    ],
    rows: layers.map(({ node, bytes, times, counted, macs, flops }) => {
      const shape = node.outputs[0]?.type?.shape;
      return {
        name: counted ? shownName(node.name) : `${shownName(node.name)} (not counted)`,
        type: node.type,
        class: node.class,
        output: shape === undefined ? null : shapeText(shape, analysis),
        times: cell(times),
        params: node.parameters,
        macs: countCell(analysis, macs),
        flops: countCell(analysis, flops),
        bytes: bytes ?? null,
      };
    }),
    ...(hasBranches && { notes: ['Not counted: branches of which another one is taken to run.'] }),
    expendable: ['class', 'flops', 'params', 'output', 'bytes', ...(hasLoops ? ['times'] : [])],
  };
};

const fileText = ({ source, compiled }: Analysis): string => {
  if (source === undefined) return '';
  const { path, sizeBytes, producer } = source.file;
  const by = producer === undefined ? '' : `, written by ${producer}`;
  return `${path}, ONNX of opset ${compiled.analyzed.graph.opset}, ${formatBytes(sizeBytes)}${by}`;
};

const settingFact = (analysis: Analysis) => {
  const { entry, resolution, batch, precision, source, open } = analysis;
  const native = entry.variant.nativeResolution;
  const size = resolution === native ? ' (native)' : native === undefined ? '' : ` (native: ${native})`;
  const isOwn = batch !== undefined && batch === source?.model.ownBatch;
  const batchText = batch === undefined ? 'any batch' : `batch ${batch}${isOwn ? ' (fixed by the file)' : ''}`;
  const rest = [batchText, precision, ...(open.length > 0 ? [`open: ${listOf(open)}`] : [])].join(', ');
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
