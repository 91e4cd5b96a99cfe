import { FUSION_RULES } from '../../analysis/fusion.ts';
import type { Calibration } from '../../estimate/constants.ts';
import { findRuntime } from '../../estimate/runtime.ts';
import type { Study } from '../../explore/study.ts';
import { validationRows } from '../../explore/validation.ts';
import { formatNumber, formatPercent, formatSI } from '../../units/format.ts';
import { findModel } from '../../zoo/api.ts';
import type { Block, TableBlock } from '../blocks.ts';
import { calibrationOf, targetTitle } from '../figures/target.ts';
import { counted, listOf } from '../figures/text.ts';
import type { Section } from '../section.ts';

const constantsTable = (study: Study): TableBlock => ({
  kind: 'table',
  id: 'time-constants',
  caption: 'Constants of the time model per device, and what they rest on',
  columns: [
    { key: 'device', title: 'Device', format: { kind: 'text' } },
    { key: 'kind', title: 'Basis', format: { kind: 'text' } },
    { key: 'matrix', title: 'Matrix efficiency', format: { kind: 'number', digits: 3 } },
    { key: 'window', title: 'Window efficiency', format: { kind: 'number', digits: 3 } },
    { key: 'depthwise', title: 'Depthwise efficiency', format: { kind: 'number', digits: 3 } },
    { key: 'weights', title: 'Weight bandwidth share', format: { kind: 'number', digits: 3 } },
    { key: 'kernel', title: 'Per kernel', unit: 'µs', format: { kind: 'number', digits: 3, scale: 1e-6 } },
    { key: 'inference', title: 'Per inference', unit: 'µs', format: { kind: 'number', digits: 3, scale: 1e-6 } },
    { key: 'exponent', title: 'Exponent p', format: { kind: 'integer' } },
    { key: 'interval', title: 'Interval factors', format: { kind: 'text' } },
    { key: 'source', title: 'Source', format: { kind: 'text' } },
  ],
  rows: study.devices.map((target) => {
    const { kind, constants, interval, source } = calibrationOf(study, target);
    return {
      device: targetTitle(study, target),
      kind: kind === 'calibrated' ? 'calibrated' : 'prior, uncalibrated',
      matrix: constants.matrixEfficiency,
      window: constants.windowEfficiency,
      depthwise: constants.depthwiseEfficiency,
      weights: constants.weightEfficiency,
      kernel: constants.kernelSeconds,
      inference: constants.inferenceSeconds,
      exponent: constants.overlapExponent,
      interval: `×${formatNumber(interval.low)} to ×${formatNumber(interval.high)}`,
      source,
    };
  }),
});

const heldOutText = (title: string, calibration: Calibration): string | undefined => {
  const { heldOut, interval } = calibration;
  if (heldOut === undefined) return undefined;
  return (
    `**${title}** is calibrated on ${heldOut.rows} measured rows of ${heldOut.families} model families at batch ` +
    `${calibration.batch ?? 1}. Predicting each family from the others alone, the mean absolute error is ` +
    `${formatPercent(heldOut.mape)} (median ${formatPercent(heldOut.medianApe)}), ${formatPercent(heldOut.within10, 0)} of rows are ` +
    `within 10 % and ${formatPercent(heldOut.within20, 0)} within 20 %, Spearman's rho is ${formatNumber(heldOut.spearman)}, and the ` +
    `${formatPercent(interval.level, 0)} interval, made without the family in question, holds ${formatPercent(heldOut.intervalCoverage, 0)} of the rows. ` +
    'No error is quoted on rows that were fitted.'
  );
};

const validationTable = (study: Study): TableBlock | undefined => {
  const { devices } = study;
  const inStudy = new Set(devices.map(({ device }) => device.id));
  const rows = validationRows().filter(({ device }) => inStudy.has(device));
  if (rows.length === 0) return undefined;
  return {
    kind: 'table',
    id: 'validation',
    caption: 'Predictions of uncalibrated devices against measurements that no constant was fitted to',
    columns: [
      { key: 'device', title: 'Predicted for', format: { kind: 'text' } },
      { key: 'runtime', title: 'Runtime', format: { kind: 'text' } },
      { key: 'precision', title: 'Precision', format: { kind: 'text' } },
      { key: 'model', title: 'Model', format: { kind: 'text' } },
      { key: 'batch', title: 'Batch', format: { kind: 'integer' } },
      { key: 'measured', title: 'Measured', format: { kind: 'text' } },
      { key: 'predicted', title: 'Predicted', format: { kind: 'text' } },
      { key: 'ratio', title: 'Predicted / measured', format: { kind: 'ratio', digits: 3 } },
      { key: 'inside', title: 'Inside interval', format: { kind: 'verdict' } },
      { key: 'difference', title: 'What differs', format: { kind: 'text' } },
      { key: 'source', title: 'Source', format: { kind: 'text' } },
    ],
    rows: rows.map((row) => {
      const text = (value: number) =>
        row.quantity === 'latency' ? formatSI(value, 's') : `${formatNumber(value)} per second`;
      return {
        ...row,
        device: devices.find(({ device }) => device.id === row.device)?.device.name ?? row.device,
        model: findModel(row.model)?.variant.title ?? row.model,
        runtime: findRuntime(row.runtime)?.title ?? row.runtime,
        measured: text(row.measured),
        predicted: text(row.predicted),
      };
    }),
  };
};

const fusionItems = (study: Study): readonly string[] => {
  const used = new Set(study.devices.map(({ runtime }) => runtime.fusion));
  return [...used].map((id) => `\`${id}\`: ${FUSION_RULES[id].title}.`);
};

const distrust = (study: Study): readonly string[] => {
  const uncalibrated = study.devices.filter((target) => calibrationOf(study, target).kind === 'prior');
  const hypothetical = study.devices.filter(({ device }) => device.status === 'hypothetical');
  const calibrated = study.devices.filter((target) => calibrationOf(study, target).kind === 'calibrated');
  const names = (targets: Study['devices']) => listOf(targets.map((target) => targetTitle(study, target)));
  return [
    ...(hypothetical.length > 0
      ? [
          `${names(hypothetical)}: no silicon exists. Tiles, clocks, power caps and on-chip memories marked "chosen" are ours, made to meet the stated peaks.`,
        ]
      : []),
    ...(uncalibrated.length > 0
      ? [
          `${names(uncalibrated)}: not one latency of these networks on ${uncalibrated.length === 1 ? 'it' : 'them'} was fitted. Ratios between models on one device are safer than absolute values, and those safer than ratios between devices.`,
        ]
      : []),
    ...(calibrated.length > 0
      ? [
          `${names(calibrated)}: calibrated at batch 1 and one precision. Other batches widen the interval; other precisions fall back to the prior.`,
        ]
      : []),
    'Energy: static and idle power of most devices are chosen, not published, and carry more of the total than any other term at batch 1. No interval is given for energy because there is nothing to make one from.',
    'Depthwise kernels of 7×7 and more, mixed kernels, and plain 3×3 convolutions on large maps on processors are known to be predicted worse than the rest.',
    'A prediction is a median of a warmed-up device. It is not a percentile, and says nothing of thermal throttling, other load, or input and output outside the network.',
    "Accuracies are the publishers', at native resolution and full precision; at the common resolution they would be lower for models trained at a larger one.",
  ];
};

const publishedSources = (study: Study): readonly string[] => [
  ...new Set(
    study.models.flatMap(({ entry: { variant } }) => [
      ...(variant.accuracy === undefined ? [] : [variant.accuracy.source]),
      ...variant.published.map(({ source }) => source),
    ]),
  ),
];

export const section: Section = {
  id: 'methods',
  title: 'Methods, sources and trust',
  order: 200,
  build: ({ study }): readonly Block[] => {
    const heldOut = study.devices.flatMap((target) => {
      const text = heldOutText(targetTitle(study, target), calibrationOf(study, target));
      return text === undefined ? [] : [text];
    });
    const validation = validationTable(study);
    return [
      {
        kind: 'paragraph',
        text:
          `Every figure is computed from ${counted(study.models.length, 'operator graph')} and ${counted(study.devices.length, 'device description')}; ` +
          `the ${study.cells.length} latencies of the study and the ${study.commonPrecisionCells.length} at ${study.options.commonPrecision} are predictions, and none is a measurement made for this report.`,
      },
      { kind: 'heading', level: 3, text: 'Counting' },
      {
        kind: 'paragraph',
        text:
          'A MAC is one multiply with its accumulate. FLOPs are 2 × MACs and every other arithmetic operation: bias, normalization, activation, pooling, ' +
          'element-wise. Counts are exact integers, of the graph as written. Where a published table counts otherwise, the comparison says in whose convention.',
      },
      { kind: 'heading', level: 3, text: 'Kernels' },
      {
        kind: 'paragraph',
        text: 'What a runtime launches decides most of the accuracy of a prediction. Fusion rules in use:',
      },
      { kind: 'list', ordered: false, items: fusionItems(study) },
      { kind: 'heading', level: 3, text: 'Time' },
      {
        kind: 'paragraph',
        text:
          'Per kernel, `t = (t_compute^p + t_memory^p)^(1/p) + t_kernel`. `t_compute` is the work over the share of the peak that its mapping reaches: ' +
          'waves of output tiles on multiprocessors, padding of m, n and k with fill and drain on systolic arrays, output-stationary blocks with fill and drain paid once per run on ' +
          'spatial tiles, blocked products on SIMD cores. Depthwise work is mapped as depthwise. `t_memory` is the larger of the off-chip and on-chip times; weights come from off chip once per batch, ' +
          'activations as far as they do not fit on chip. The inference is the sum of its kernels and a constant, stretched where its average power would exceed the cap.',
      },
      constantsTable(study),
      { kind: 'heading', level: 3, text: 'Calibration and validation' },
      ...heldOut.map((text): Block => ({ kind: 'paragraph', text })),
      ...(validation === undefined ? [] : [validation]),
      { kind: 'heading', level: 3, text: 'Energy' },
      {
        kind: 'paragraph',
        text:
          'Energy is compute (MACs and vector operations), memory per level (bytes) and static power over the latency, as separate terms. ' +
          'Host, board, cooling and power supply are not in it. Every coefficient stands with its source in `assay devices`.',
      },
      { kind: 'heading', level: 3, text: 'What not to trust' },
      { kind: 'list', ordered: false, items: distrust(study) },
      { kind: 'heading', level: 3, text: 'Sources' },
      {
        kind: 'definitions',
        entries: [
          ...study.devices.map((target) => ({
            term: targetTitle(study, target),
            text: `${target.precision} peak: ${target.device.matrixPeaks[target.precision]?.source ?? 'none'}`,
          })),
          {
            term: 'Published accuracies and counts',
            text: publishedSources(study).join('; '),
          },
          ...[...new Map(study.models.map(({ entry }) => [entry.family.id, entry.family])).values()].map((family) => ({
            term: family.title,
            text: `[${family.paper.replace(/^https?:\/\/(?:arxiv\.org\/abs\/)?/, (start) => (start.includes('arxiv') ? 'arXiv:' : ''))}](${family.paper}). ${family.notes.join(' ')}`,
          })),
        ],
      },
    ];
  },
};
