/** What design decisions buy, computed on the same networks with one decision undone. */
import { barChart } from '../../charts/api.ts';
import type { Study } from '../../explore/study.ts';
import { formatPercent, formatRatio } from '../../units/format.ts';
import type { Block } from '../blocks.ts';
import { chartBlock } from '../figures/chart.ts';
import { type Comparison, comparisons } from '../figures/counterfactual.ts';
import { pairTable, ratioTable, shareTable } from '../figures/design.ts';
import { cellsOn } from '../figures/lookup.ts';
import { pairRatio, separablePairs, summed } from '../figures/pairs.ts';
import { spanText } from '../figures/phrases.ts';
import { namedTarget, standingNote } from '../figures/standing.ts';
import { targetTitle } from '../figures/target.ts';
import { counted, countedOf, groupedBy, listOf, verbOf } from '../figures/text.ts';
import type { Section, SectionInput } from '../section.ts';

/** What the report of 2025-10-17 quoted for 3×3 kernels, to be held against the layers. */
const QUOTED = { low: 8, high: 9, window: 9 } as const;

const ratio = (value: number): string => formatRatio(value);
const percent = (value: number): string => formatPercent(value, 1);

const latenciesOn = (records: readonly Comparison[], device: number): readonly number[] =>
  records.flatMap(({ latencies }) => latencies[device] ?? []);

/** Time ratios of every device, devices with the same span named together. */
const byDevice = (study: Study, records: readonly Comparison[], format: (latencies: readonly number[]) => string) =>
  groupedBy(study.devices, (target) => format(latenciesOn(records, study.devices.indexOf(target))))
    .map(({ key, items }) => `${key} on ${listOf(items.map((target) => namedTarget(study, target)))}`)
    .join(', ');

const separableSentence = (study: Study, records: readonly Comparison[]): string => {
  const smaller = study.devices.filter((_, device) =>
    records.every(({ macs, latencies }) => (latencies[device] ?? Number.POSITIVE_INFINITY) < macs),
  );
  const both = records.flatMap(({ macs, latencies }) => latencies.map((latency) => macs / latency));
  return (
    `With standard convolutions in place of depthwise-separable ones, ${counted(records.length, 'model')} would take ` +
    `${spanText(
      records.map(({ macs }) => macs),
      ratio,
    )} the MACs and ${spanText(
      records.map(({ params }) => params),
      ratio,
    )} the parameters. ` +
    `Predicted time would be ${byDevice(study, records, (values) => spanText(values, ratio))}. ` +
    `The MAC ratio overstates the time ratio for every model on ${countedOf(smaller.length, study.devices.length, 'device')}, by ${spanText(both, ratio)} over all cases.`
  );
};

/** Where undoing the pairs is predicted to be faster, and the launches that explain it. */
const fasterSentence = (study: Study, records: readonly Comparison[]): string => {
  const parts = study.devices.flatMap((target, device) => {
    const faster = records.filter(({ latencies }) => (latencies[device] ?? 1) < 1);
    if (faster.length === 0) return [];
    const saved = faster.map(({ kernels }) => 1 - (kernels[device]?.undone ?? 0) / (kernels[device]?.built ?? 1));
    const bound = cellsOn(study, target).filter(
      ({ model, estimate }) => faster.some((record) => record.model === model) && estimate.bound === 'overhead',
    ).length;
    return [
      `On ${namedTarget(study, target)} the standard convolutions are predicted to be faster in ${countedOf(faster.length, records.length, 'model')}: ` +
        `they launch ${spanText(saved, (value) => formatPercent(value, 0))} fewer kernels, and ${countedOf(bound, faster.length, 'of these models', 'of these models')} ${verbOf(bound, faster.length, 'is', 'are')} bound by launch overhead.`,
    ];
  });
  return parts.join(' ');
};

const pairSentence = (study: Study, records: readonly Comparison[]): string => {
  const pairs = records.flatMap(({ model }) =>
    separablePairs(study.compiled(model, study.options.resolution).analyzed),
  );
  const quoted = pairs.filter(({ window }) => window === QUOTED.window);
  const ratios = quoted.map(pairRatio);
  const within = ratios.filter((value) => value >= QUOTED.low && value <= QUOTED.high).length;
  const shares = records.map(
    ({ model }) =>
      summed(separablePairs(study.compiled(model, study.options.resolution).analyzed), 'separableMacs') /
      model.common.totals.macs,
  );
  if (ratios.length === 0) return 'No pair has the 3×3 window of the quoted reduction.';
  return (
    `One pair saves k²N / (k² + N), which stays below k². The quoted ${QUOTED.low}-${QUOTED.high}× for 3×3 windows ` +
    `holds for ${countedOf(within, ratios.length, '3×3 pair')} of these models, which lie at ${spanText(ratios, ratio)}. ` +
    `Pairs are ${spanText(shares, percent)} of the MACs of a model, so whole models save ${spanText(
      records.map(({ macs }) => macs),
      ratio,
    )}.`
  );
};

const costSentence = (study: Study, records: readonly Comparison[], what: string, figure: 'macs' | 'flops'): string => {
  const unit = figure === 'macs' ? 'MACs' : 'FLOPs';
  const shares = records.map((record) => 1 - record[figure]);
  const times = byDevice(study, records, (values) =>
    spanText(
      values.map((value) => 1 - value),
      percent,
    ),
  );
  return `${what} ${spanText(shares, percent)} of the ${unit} of ${counted(records.length, 'model')}; of predicted time ${times}.`;
};

const kernelSentence = (study: Study, records: readonly Comparison[]): string => {
  const added = study.devices.flatMap((_, device) =>
    records.map(({ kernels }) => (kernels[device]?.built ?? 0) / (kernels[device]?.undone ?? 1) - 1),
  );
  const cases = records.flatMap(({ macs, latencies }) => latencies.map((latency) => 1 - latency > 1 - macs));
  const more = cases.filter(Boolean).length;
  return (
    `It adds ${spanText(added, (value) => formatPercent(value, 0))} to the kernels launched, ` +
    `and its share of time exceeds its share of MACs in ${countedOf(more, cases.length, 'case')} (one model on one device).`
  );
};

const unfusedSentence = (study: Study, records: readonly Comparison[]): string => {
  const all = records.flatMap(({ latencies }) => latencies);
  const slower = all.filter((value) => value > 1).length;
  return (
    `Written as depthwise MBConv, the Fused-MBConv blocks of ${listOf(records.map(({ model }) => model.title))} would take ` +
    `${spanText(
      records.map(({ macs }) => macs),
      ratio,
    )} the MACs and ${spanText(
      records.map(({ params }) => params),
      ratio,
    )} the parameters of the model, ` +
    `and predicted time would be ${byDevice(study, records, (values) => spanText(values, ratio))}: ` +
    `longer in ${countedOf(slower, all.length, 'case')} (one model on one device).`
  );
};

const chart = ({ study, chartDocument }: SectionInput, records: readonly Comparison[]): Block => {
  const parts = study.devices.map(
    (target, device) => `time ${spanText(latenciesOn(records, device), ratio)} on ${targetTitle(study, target)}`,
  );
  const request = {
    id: 'separable-convolutions',
    title: 'Standard over depthwise-separable convolutions: MACs against predicted time, batch 1',
    alternative: `MACs ${spanText(
      records.map(({ macs }) => macs),
      ratio,
    )}; ${listOf(parts)}.`,
    caption: 'Below 1 the standard convolutions are predicted to be faster.',
  };
  return chartBlock(chartDocument, request, (options) =>
    barChart({
      ...options,
      value: { label: 'Standard over separable', unit: '' },
      bars: records.flatMap(({ model, macs, latencies }) => [
        { category: model.title, series: 'MACs', value: macs },
        ...study.devices.map((target, device) => ({
          category: model.title,
          series: `Time, ${targetTitle(study, target)}`,
          value: latencies[device] ?? null,
        })),
      ]),
    }),
  );
};

const heading = (text: string): Block => ({ kind: 'heading', level: 3, text });
const paragraph = (text: string): Block => ({ kind: 'paragraph', text });

export const section: Section = {
  id: 'design-patterns',
  title: 'What design patterns buy',
  order: 140,
  build: (input) => {
    const { study } = input;
    const separable = comparisons(study, 'standard-convolutions');
    const squeezed = comparisons(study, 'without-squeeze-excitation');
    const activated = comparisons(study, 'relu-activations');
    const fused = comparisons(study, 'unfused-blocks');
    const models = new Set([separable, squeezed, activated, fused].flat().map(({ model }) => model));
    if (models.size === 0) return [paragraph('No model of this study has a counterfactual: nothing can be undone.')];
    const where = `${study.options.resolution}×${study.options.resolution}, batch 1, each device’s own precision`;
    const separableBlocks = (): readonly Block[] => [
      paragraph(separableSentence(study, separable)),
      ...[fasterSentence(study, separable)].filter((text) => text !== '').map(paragraph),
      ratioTable(
        study,
        'standard-convolutions',
        `Standard over depthwise-separable convolutions (${where}; times predicted)`,
        separable,
      ),
      chart(input, separable),
      paragraph(pairSentence(study, separable)),
      pairTable(study, separable),
    ];
    return [
      ...(separable.length === 0 ? [] : separableBlocks()),
      {
        kind: 'callout',
        tone: 'note',
        text: 'Each comparison is of a model with itself, one decision undone, on the same device, runtime and precision. The altered networks are not trained: what they would do to accuracy is not known.',
      },
      standingNote(
        study,
        study.devices.flatMap((target) => [...models].map((model) => study.cell(model, target))),
      ),
      ...(squeezed.length === 0
        ? []
        : [
            heading('Squeeze-and-excitation'),
            paragraph(
              `${costSentence(study, squeezed, 'Squeeze-and-excitation is', 'macs')} ${kernelSentence(study, squeezed)}`,
            ),
            shareTable(
              study,
              'squeeze-excitation',
              `What squeeze-and-excitation costs (${where}; times predicted)`,
              squeezed,
            ),
          ]),
      ...(activated.length === 0
        ? []
        : [
            heading('SiLU and hard-swish'),
            paragraph(costSentence(study, activated, 'SiLU and hard-swish instead of ReLU are', 'flops')),
            shareTable(
              study,
              'activations',
              `What SiLU and hard-swish cost over ReLU (${where}; times predicted)`,
              activated,
            ),
          ]),
      ...(fused.length === 0
        ? []
        : [
            heading('MBConv and Fused-MBConv'),
            paragraph(unfusedSentence(study, fused)),
            ratioTable(
              study,
              'unfused-blocks',
              `MBConv over Fused-MBConv, whole model (${where}; times predicted)`,
              fused,
            ),
          ]),
    ];
  },
};
