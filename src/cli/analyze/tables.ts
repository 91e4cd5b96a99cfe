/** Totals, memory and classes of work of one model as tables. */
import { CONVENTIONS, formatBytes, formatSI, type Integer, OPERATOR_CLASS_TITLES } from '../../index.ts';
import type { FlexibleTable } from '../render/table.ts';
import { type Analysis, placeText } from './analysis.ts';
import { precisionText } from './arithmetic.ts';
import { countCell, countFormat, listOf, MAX_NAMED } from './cells.ts';

export const totalsTable = (analysis: Analysis): FlexibleTable => {
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

export const memoryTable = (analysis: Analysis): FlexibleTable => {
  const { memory, weightBytes, source, settings } = analysis;
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
    caption: `Memory ${placeText(analysis)}, ${precisionText(analysis)} (MB = 10^6 bytes)`,
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

export const classesTable = (analysis: Analysis): FlexibleTable => {
  const { classes, totals, compiled } = analysis;
  const elsewhere = totals.params - classes.reduce((sum, { params }) => sum + params, 0);
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
      ...(elsewhere === 0
        ? []
        : [
            {
              class: 'In branches that are not counted',
              count: null,
              params: elsewhere,
              macs: null,
              flops: null,
              shareOfMacs: null,
            },
          ]),
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
