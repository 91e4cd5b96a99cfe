/** `assay analyze` as a document: for the terminal, Markdown and HTML. */

import type { Block, ReportDocument } from '../../index.ts';
import {
  atBatch,
  CONVENTIONS,
  formatBytes,
  formatNumber,
  formatRatio,
  formatShape,
  formatSI,
  groupThousands,
  OPERATOR_CLASS_TITLES,
  shapeAt,
} from '../../index.ts';
import type { FlexibleTable } from '../render/table.ts';
import { type Analysis, fusionTitle, layersOf } from './analysis.ts';
import { summaryTable } from './summary.ts';

const place = ({ resolution, settings: { batch } }: Analysis): string =>
  `at ${resolution}×${resolution}, batch ${batch}`;

const shapeText = (shape: Parameters<typeof shapeAt>[0], batch: number): string => formatShape(shapeAt(shape, batch));

const totalsTable = (analysis: Analysis): FlexibleTable => {
  const { totals, work, settings } = analysis;
  const row = (figure: string, value: number, meaning: string) => ({
    figure,
    short: formatSI(value, ''),
    exact: value,
    meaning,
  });
  return {
    kind: 'table',
    id: 'totals',
    caption: `Totals ${place(analysis)}`,
    columns: [
      { key: 'figure', title: 'Figure', format: { kind: 'text' } },
      { key: 'short', title: 'Value', format: { kind: 'text' } },
      { key: 'exact', title: 'Exact', format: { kind: 'integer' } },
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
    expendable: ['meaning'],
  };
};

const memoryTable = (analysis: Analysis): FlexibleTable => {
  const { memory, settings } = analysis;
  const row = (figure: string, bytes: number, meaning: string) => ({
    figure,
    size: formatBytes(bytes),
    bytes,
    meaning,
  });
  return {
    kind: 'table',
    id: 'memory',
    caption: `Memory ${place(analysis)}, ${settings.precision} (MB = 10^6 bytes)`,
    columns: [
      { key: 'figure', title: 'Figure', format: { kind: 'text' } },
      { key: 'size', title: 'Size', format: { kind: 'text' } },
      { key: 'bytes', title: 'Bytes', format: { kind: 'integer' } },
      { key: 'meaning', title: 'Meaning', format: { kind: 'text' } },
    ],
    rows: [
      row('Weights', memory.weightBytes, 'parameters as stored'),
      row('Peak live activations', memory.peakActivationBytes, 'most alive at one step, in the order as written'),
      row('Arena', memory.arenaBytes, 'what a static planner needs for them, with alignment'),
      row('Traffic', memory.trafficBytes, `read and written after fusion (${analysis.fusion})`),
      row('Sum of outputs', memory.sumOfOutputsBytes, 'all outputs added up; no machine needs this at once'),
    ],
    expendable: ['meaning'],
  };
};

const classesTable = (analysis: Analysis): FlexibleTable => {
  const { classes, totals, compiled } = analysis;
  return {
    kind: 'table',
    id: 'classes',
    caption: `Classes of work ${place(analysis)}`,
    columns: [
      { key: 'class', title: 'Class', format: { kind: 'text' } },
      { key: 'count', title: 'Operators', format: { kind: 'integer' } },
      { key: 'params', title: 'Parameters', format: { kind: 'integer' } },
      { key: 'macs', title: 'MACs', format: { kind: 'integer' } },
      { key: 'flops', title: 'FLOPs', format: { kind: 'integer' } },
      { key: 'shareOfMacs', title: 'Share of MACs', format: { kind: 'percent', decimals: 1 } },
    ],
    rows: [
      ...classes.map(({ class: name, count, params, macs, flops, shareOfMacs }) => ({
        class: OPERATOR_CLASS_TITLES[name],
        count,
        params,
        macs,
        flops,
        shareOfMacs,
      })),
      {
        class: 'Total',
        count: compiled.analyzed.nodes.length,
        params: totals.params,
        macs: totals.macs,
        flops: totals.flops,
        shareOfMacs: totals.macs === 0 ? 0 : 1,
      },
    ],
    emphasized: [classes.length],
    expendable: ['params', 'flops'],
  };
};

const layersTable = (analysis: Analysis): FlexibleTable => {
  const { batch, precision } = analysis.settings;
  return {
    kind: 'table',
    id: 'layers',
    caption: `Layers ${place(analysis)}, ${precision}; bytes as written, before fusion`,
    columns: [
      { key: 'name', title: 'Layer', format: { kind: 'code' } },
      { key: 'type', title: 'Operator', format: { kind: 'text' } },
      { key: 'class', title: 'Class', format: { kind: 'text' } },
      { key: 'output', title: 'Output', format: { kind: 'text' } },
      { key: 'params', title: 'Parameters', format: { kind: 'integer' } },
      { key: 'macs', title: 'MACs', format: { kind: 'integer' } },
      { key: 'flops', title: 'FLOPs', format: { kind: 'integer' } },
      { key: 'bytes', title: 'Bytes', format: { kind: 'integer' } },
    ],
    rows: layersOf(analysis).map(({ node, bytes }) => {
      const shape = node.outputs[0]?.type?.shape;
      return {
        name: node.name,
        type: node.type,
        class: node.class,
        output: shape === undefined ? null : shapeText(shape, batch),
        params: node.parameters,
        macs: atBatch(node.macs, batch),
        flops: atBatch(node.flops, batch),
        bytes,
      };
    }),
    expendable: ['class', 'flops', 'params', 'output', 'bytes'],
  };
};

const coverageBlocks = ({ coverage }: Analysis): readonly Block[] => {
  const { status, costed, free, approximated, unknown } = coverage;
  const count = (operators: typeof unknown) => operators.reduce((sum, operator) => sum + operator.count, 0);
  const text = `Coverage **${status}**: ${costed} operators costed, ${free} free (they move nothing), ${count(approximated)} approximated, ${count(unknown)} unknown.`;
  const list = unknown.map(
    ({ type, domain, count: times }) => `${times} × ${domain === '' ? '' : `${domain}.`}${type}`,
  );
  return [
    { kind: 'paragraph', text },
    ...approximated.map(
      ({ type, reason = '' }): Block => ({ kind: 'callout', tone: 'note', text: `${type} is approximated: ${reason}` }),
    ),
    ...(unknown.length === 0
      ? []
      : [
          {
            kind: 'callout',
            tone: 'warning',
            text: `All totals are lower bounds: the cost of ${list.join(', ')} is not known.`,
          } as const,
        ]),
  ];
};

const concurrencyBlock = ({ concurrency, compiled }: Analysis): Block => {
  const { criticalPathFlops, totalFlops, parallelism, depth, width } = concurrency;
  const path = `${formatSI(criticalPathFlops, '')} of ${groupThousands(totalFlops)} FLOPs on the longest chain of dependent operators`;
  return {
    kind: 'paragraph',
    text: `Concurrency: ${path}, so running independent operators side by side gains at most ${formatRatio(parallelism)}; ${compiled.analyzed.nodes.length} operators in ${depth} steps, at most ${width} side by side.`,
  };
};

/** One model in full, or several as one table. */
export const analyzeDocument = (
  analyses: readonly Analysis[],
  withLayers: boolean,
  isList: boolean,
): ReportDocument => {
  const [analysis] = analyses;
  if (analysis === undefined) throw new RangeError('there is nothing to analyze');
  const { entry, settings, compiled, resolution } = analysis;
  const fusion = { name: 'Traffic after', value: fusionTitle(analysis) };
  if (isList) {
    return {
      title: entry.family.title,
      subtitle: `${analyses.length} variants`,
      facts: [
        { name: 'Batch', value: String(settings.batch) },
        { name: 'Precision', value: settings.precision },
        fusion,
      ],
      sections: [{ id: 'summary', title: 'Variants', blocks: [summaryTable(analyses)] }],
    };
  }
  const native = entry.variant.nativeResolution;
  const inputs = compiled.analyzed.graph.inputs.map(
    ({ name, shape }) => `${name} ${shape === undefined ? '?' : shapeText(shape, settings.batch)}`,
  );
  return {
    title: `${entry.variant.title} (${entry.variant.name})`,
    subtitle: `${entry.family.title} family, ${entry.family.paper}`,
    facts: [
      { name: 'Input', value: inputs.join(', ') },
      {
        name: 'Resolution',
        value: `${resolution}${resolution === native ? ' (native)' : ` (native: ${native})`}, batch ${settings.batch}, ${settings.precision}`,
      },
      {
        name: 'Convention',
        value: `${settings.convention}, ${formatNumber(analysis.work / 1e9)} G; ${CONVENTIONS[settings.convention]}`,
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
          concurrencyBlock(analysis),
          ...(withLayers ? [layersTable(analysis)] : []),
        ],
      },
    ],
  };
};
