import { FUSION_RULES } from '../../analysis/fusion.ts';
import type { Calibration, HeldOutError } from '../../estimate/constants.ts';
import type { Study } from '../../explore/study.ts';
import { formatNumber, formatPercent } from '../../units/format.ts';
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

const UNITS: Readonly<Record<HeldOutError['by'], string>> = {
  'model family': 'family',
  'measured point': 'point',
  device: 'device',
};

/** What the figures of a record rest on. */
const basis = (title: string, { kind, batches = [1, 1] }: Calibration, heldOut: HeldOutError): string => {
  const rows = `${heldOut.rows} measured rows`;
  if (kind === 'prior') {
    return `**${title}** is uncalibrated, with constants fitted on ${counted(heldOut.families, 'other device')} of its class. Predicting each of those from its datasheet and the others alone, over ${rows}`;
  }
  const at = batches[0] === batches[1] ? `batch ${batches[0]}` : `batches ${batches[0]} to ${batches[1]}`;
  const unit = UNITS[heldOut.by];
  const units = unit === 'family' ? 'model families' : `${unit}s`;
  return `**${title}** is calibrated on ${rows} of ${heldOut.families} ${units} at ${at}. Predicting each ${unit} from the others alone`;
};

const heldOutText = (title: string, calibration: Calibration): string | undefined => {
  const { heldOut, interval } = calibration;
  if (heldOut === undefined) return undefined;
  return (
    `${basis(title, calibration, heldOut)}, the mean absolute error is ` +
    `${formatPercent(heldOut.mape)} (median ${formatPercent(heldOut.medianApe)}), ${formatPercent(heldOut.within10, 0)} of rows are ` +
    `within 10 % and ${formatPercent(heldOut.within20, 0)} within 20 %, Spearman's rho is ${formatNumber(heldOut.spearman)}, and the ` +
    `${formatPercent(interval.level, 0)} interval, made without the ${UNITS[heldOut.by]} in question, holds ${formatPercent(heldOut.intervalCoverage, 0)} of the rows. ` +
    'No error is quoted on rows that were fitted.'
  );
};

const fusionItems = (study: Study): readonly string[] => {
  const used = new Set(study.devices.map((target) => study.fusion(target)));
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
