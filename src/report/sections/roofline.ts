import { type RooflinePeak, rooflineChart } from '../../charts/api.ts';
import { BOUNDS, type Bound } from '../../estimate/roofs.ts';
import type { Study, StudyDevice } from '../../explore/study.ts';
import { OPERATOR_CLASS_TITLES } from '../../ops/classes.ts';
import { formatNumber, formatPercent, formatSI } from '../../units/format.ts';
import type { Block, ChartBlock, TableBlock } from '../blocks.ts';
import { latencyCells, latencyColumns, MODEL_COLUMN, modelCell } from '../figures/columns.ts';
import { baselineRow, cellsOn, mostBy } from '../figures/lookup.ts';
import { classTitles, type KernelFigures, kernelsOn, rooflinePoints, staysOnChip } from '../figures/roofline.ts';
import {
  matrixPeak,
  offChipBandwidth,
  onChipBandwidth,
  operationUnit,
  ridgePoint,
  standing,
  targetId,
  targetTitle,
  vectorPeak,
} from '../figures/target.ts';
import { counted, groupedBy, listOf, verb } from '../figures/text.ts';
import type { Section, SectionInput } from '../section.ts';

/** Mean over the models of the share of predicted time by bound: every model counts alike, the slow ones not more. */
const meanShare = (study: Study, target: StudyDevice, bound: Bound): number => {
  const cells = cellsOn(study, target);
  return cells.reduce((sum, { estimate }) => sum + estimate.timeByBound[bound], 0) / cells.length;
};

const leadingBound = (study: Study, target: StudyDevice): Bound =>
  mostBy(BOUNDS, (bound) => meanShare(study, target, bound));

const opening = (study: Study): string => {
  const groups = groupedBy(study.devices, (target) => leadingBound(study, target));
  const parts = groups.map(({ key, items }) => {
    const shares = items.map(
      (target) => `${targetTitle(study, target)} (${formatPercent(meanShare(study, target, key as Bound), 0)})`,
    );
    return `${key} takes the largest part of the predicted time on ${listOf(shares)}`;
  });
  return `At batch 1 ${parts.join('; ')}. In brackets, its share of the time in the mean over ${counted(study.models.length, 'model')}.`;
};

/** Kernels that run right of the ridge point, where the peak and not the memory is the lower roof. */
const sentence = (study: Study, target: StudyDevice, kernels: readonly KernelFigures[]): string => {
  const ridge = ridgePoint(target);
  const peak = matrixPeak(target, target.precision);
  const unit = operationUnit(target.precision);
  if (ridge === null || peak === null || kernels.length === 0) return 'Nothing to place.';
  const beyond = kernels.filter(({ flops, offChipBytes }) => flops > 0 && flops >= ridge * offChipBytes);
  const best = mostBy(kernels, ({ flops, seconds }) => flops / seconds);
  const rate = best.flops / best.seconds;
  const low = kernels.filter(({ flops, seconds }) => flops / seconds < peak / 10);
  return (
    `Of ${counted(kernels.length, 'kernel')} of ${counted(study.models.length, 'model')}, ${beyond.length} lie beyond the ridge point of ${formatNumber(ridge)} ${unit}/B or stay on the chip; ` +
    `${low.length} are predicted to run below a tenth of the peak of ${formatSI(peak, `${unit}/s`)}. The highest rate is ${formatSI(rate, `${unit}/s`)}, ` +
    `${formatPercent(rate / peak)} of the peak (${best.cell.model.title}, ${OPERATOR_CLASS_TITLES[best.class].toLowerCase()}).`
  );
};

/** The matrix peak at the precision and the vector peak; one roof where they are the same units. */
const peaksOf = (target: StudyDevice): readonly RooflinePeak[] => {
  const matrix = matrixPeak(target, target.precision);
  const vector = vectorPeak(target);
  if (matrix === vector) return [{ label: `${target.precision} matrix and vector`, operationsPerSecond: vector }];
  return [
    ...(matrix === null ? [] : [{ label: `${target.precision} matrix`, operationsPerSecond: matrix }]),
    { label: 'vector', operationsPerSecond: vector },
  ];
};

const chart = (
  { study, chartDocument }: SectionInput,
  target: StudyDevice,
  kernels: readonly KernelFigures[],
): ChartBlock => {
  const { device, precision } = target;
  const id = `roofline-${targetId(study, target)}`;
  const name = targetTitle(study, target);
  const title = `Roofline of ${name}, ${precision} (${standing(study, target)})`;
  const resident = kernels.filter(staysOnChip);
  const share =
    resident.reduce((sum, { seconds }) => sum + seconds, 0) / kernels.reduce((sum, { seconds }) => sum + seconds, 0);
  const alternative = `${sentence(study, target, kernels)} Leading bound: ${leadingBound(study, target)}, ${formatPercent(meanShare(study, target, leadingBound(study, target)))} of the predicted time in the mean over the models.`;
  const left =
    resident.length === 0
      ? ''
      : ` Not drawn: ${counted(resident.length, 'kernel')} that ${verb(resident.length, 'moves', 'move')} nothing off chip (${formatPercent(share)} of the kernels' time).`;
  const integers = operationUnit(precision) === 'OP' ? ` ${precision} operations are counted like FLOPs.` : '';
  return {
    kind: 'chart',
    id,
    title,
    alternative,
    svg: rooflineChart({
      id,
      title,
      description: alternative,
      document: chartDocument,
      deviceName: `${name}, ${precision}`,
      peaks: [...peaksOf(target)],
      bandwidths: [
        { label: device.onChip.name, bytesPerSecond: onChipBandwidth(target) },
        { label: device.offChip.name, bytesPerSecond: offChipBandwidth(target) },
      ],
      points: rooflinePoints(kernels.filter((kernel) => !staysOnChip(kernel))),
      seriesOrder: classTitles(study),
      operation: operationUnit(precision),
    }),
    caption: `One mark per kernel of every model (kernels of repeated blocks that are alike share one) at batch 1 and ${study.options.resolution}×${study.options.resolution}; intensity counts bytes off chip, area is the share of the predicted time of its model, launch overhead included.${integers}${left}`,
  };
};

const boundTable = (study: Study, target: StudyDevice): TableBlock => {
  const cells = cellsOn(study, target);
  return {
    kind: 'table',
    id: `bounds-${targetId(study, target)}`,
    caption: `Share of the predicted time on ${targetTitle(study, target)} by what bounds each kernel, batch 1, ${target.precision}.`,
    columns: [
      MODEL_COLUMN,
      ...latencyColumns(cells),
      ...BOUNDS.map((bound) => ({
        key: bound,
        title: bound.charAt(0).toUpperCase() + bound.slice(1),
        format: { kind: 'percent', decimals: 1 } as const,
      })),
    ],
    rows: cells.map((cell) => ({ ...modelCell(cell.model), ...latencyCells(cell), ...cell.estimate.timeByBound })),
    emphasized: [baselineRow(study)],
  };
};

const deviceBlocks = (input: SectionInput, target: StudyDevice): readonly Block[] => {
  const { study } = input;
  const kernels = kernelsOn(study, target);
  return [
    { kind: 'heading', level: 3, text: `Roofline of ${targetTitle(study, target)}` },
    { kind: 'paragraph', text: sentence(study, target, kernels) },
    chart(input, target, kernels),
    boundTable(study, target),
  ];
};

export const section: Section = {
  id: 'roofline',
  title: 'Rooflines and what bounds the time',
  order: 70,
  build: (input) => [
    { kind: 'paragraph', text: opening(input.study) },
    {
      kind: 'paragraph',
      text:
        'A kernel counts as bound by overhead when its launch takes longer than both its arithmetic and its memory traffic; its whole time is then booked there. ' +
        'Time outside the kernels counts as overhead, and what the power cap adds as power. All rates and times are predictions.',
    },
    ...input.study.devices.flatMap((target) => deviceBlocks(input, target)),
  ],
};
