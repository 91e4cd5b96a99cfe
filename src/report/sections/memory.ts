/** Five figures that are all called memory, what fits on chip, and where the peak is. */
import type { MemoryAnalysis } from '../../analysis/memory.ts';
import { memoryTimeline } from '../../charts/api.ts';
import type { Study, StudyModel } from '../../explore/study.ts';
import { formatBytes, formatPercent, formatRatio } from '../../units/format.ts';
import type { Block } from '../blocks.ts';
import { chartBlock } from '../figures/chart.ts';
import { leastBy, mostBy } from '../figures/lookup.ts';
import { FITS, fitOnChip, fragmentation, peakStep } from '../figures/memory.ts';
import { concurrencyTable, figureTable, fitTable, NARROW, peakTable, REFERENCE } from '../figures/memory-tables.ts';
import { spanText } from '../figures/phrases.ts';
import { namedTarget } from '../figures/standing.ts';
import { counted, countedOf, groupedBy, listOf, verbOf } from '../figures/text.ts';
import type { Section, SectionInput } from '../section.ts';

/** A gap below this prints as zero. */
const TIGHT = 5e-4;

const peakOf = ({ common }: StudyModel): number => common.memory.peakActivationBytes;

const peakSentence = (model: StudyModel, memory: MemoryAnalysis): string => {
  const { step, steps, layer, buffers } = peakStep(memory);
  const held = buffers.slice(0, 2).map(({ tensor, bytes }) => `\`${tensor}\` (${formatBytes(bytes)})`);
  return `${model.title}: peak ${formatBytes(memory.peakActivationBytes)} at \`${layer}\`, step ${step} of ${steps}, where ${listOf(held)} ${held.length === 1 ? 'is' : 'are'} alive`;
};

const timeline = ({ chartDocument }: SectionInput, model: StudyModel): Block => {
  const { memory } = model.common;
  const request = {
    id: `memory-timeline-${model.name.replaceAll('_', '-').toLowerCase()}`,
    title: `Live activations of ${model.title} over its execution, ${REFERENCE}, batch 1`,
    alternative: `${peakSentence(model, memory).replaceAll('`', '')}; arena ${formatBytes(memory.arenaBytes)}.`,
  };
  return chartBlock(chartDocument, request, (options) =>
    memoryTimeline({
      ...options,
      steps: memory.liveness.steps.map(({ name, liveBytes }) => ({ label: name, liveBytes })),
      peakIndex: memory.liveness.peakStep,
      arenaBytes: memory.arenaBytes,
    }),
  );
};

const opening = (study: Study): string => {
  const low = leastBy(study.models, peakOf);
  const high = mostBy(study.models, peakOf);
  const sums = study.models.map(({ common }) => common.memory.sumOfOutputsBytes / common.memory.peakActivationBytes);
  const gaps = study.models.map(({ common }) => fragmentation(common.memory));
  const { length } = study.models;
  const heavier = study.models.filter(
    ({ common }) => common.memory.weightBytes > common.memory.peakActivationBytes,
  ).length;
  const names = (peak: number) =>
    listOf(study.models.filter((model) => peakOf(model) === peak).map(({ title }) => title));
  const planned = gaps.every((gap) => gap < TIGHT)
    ? 'a static plan reaches the peak in every model'
    : `a static plan takes ${spanText(gaps, (gap) => formatPercent(gap))} more than the peak`;
  return (
    `At ${REFERENCE}, batch 1 and ${study.options.resolution}×${study.options.resolution} the peak of live activations is between ` +
    `${formatBytes(peakOf(low))} (${names(peakOf(low))}) and ${formatBytes(peakOf(high))} (${names(peakOf(high))}); ` +
    `${countedOf(heavier, length, 'model')} ${verbOf(heavier, length, 'has', 'have')} more bytes of weights than of live activations. ` +
    `The sum of all outputs is ${spanText(sums, (value) => formatRatio(value))} the peak and is never held at once; ${planned}.`
  );
};

const fitSentence = (study: Study): string => {
  const { length } = study.models;
  const counts = study.devices.map((target) => {
    const fits = study.models.map((model) => fitOnChip(study, model, target));
    return {
      name: `${namedTarget(study, target)}`,
      live: fits.filter((fit) => fit === FITS.both || fit === FITS.activations).length,
      whole: fits.filter((fit) => fit === FITS.both).length,
    };
  });
  const said = (pick: (count: (typeof counts)[number]) => number) =>
    groupedBy(counts, (count) => countedOf(pick(count), length, 'model'))
      .map(({ key, items }) => `${key} on ${listOf(items.map(({ name }) => name))}`)
      .join('; ');
  return (
    `At each device’s own precision the shared on-chip memory holds all activations of ${said(({ live }) => live)}. ` +
    `It holds activations and weights together of ${said(({ whole }) => whole)}.`
  );
};

const concurrencySentence = (study: Study): string => {
  const most = mostBy(study.models, ({ common }) => common.concurrency.parallelism);
  const widest = mostBy(study.models, ({ common }) => common.concurrency.width).common.concurrency.width;
  return (
    `By data dependence alone, running independent operators side by side could bring at most ${formatRatio(most.common.concurrency.parallelism)} (${most.title}); ` +
    `the widest graph has ${counted(widest, 'operator')} at one depth.`
  );
};

export const section: Section = {
  id: 'memory',
  title: 'Memory',
  order: 110,
  build: (input) => {
    const { study } = input;
    const shown = [...new Set([leastBy(study.models, peakOf), study.baseline, mostBy(study.models, peakOf)])];
    return [
      { kind: 'paragraph', text: opening(study) },
      { kind: 'paragraph', text: fitSentence(study) },
      figureTable(study, REFERENCE),
      figureTable(study, NARROW),
      fitTable(study),
      { kind: 'heading', level: 3, text: 'Where the peak is' },
      {
        kind: 'list',
        ordered: false,
        items: shown.map((model) => `${peakSentence(model, model.common.memory)}.`),
      },
      peakTable(study),
      ...shown.map((model) => timeline(input, model)),
      { kind: 'heading', level: 3, text: 'Concurrency' },
      { kind: 'paragraph', text: concurrencySentence(study) },
      concurrencyTable(study),
    ];
  },
};
