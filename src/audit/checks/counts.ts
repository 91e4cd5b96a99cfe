/** Parameters, work, accuracy and memory of networks that are known, against what is published and counted. */

import type { MemoryAnalysis } from '../../analysis/memory.ts';
import { formatNumber, formatRatio, formatSI } from '../../units/format.ts';
import type { ZooEntry } from '../../zoo/api.ts';
import { type ModelFacts, possibleResolutions, type WorkCount } from '../model-facts.ts';
import type { AuditedTable, CellFigure } from '../report.ts';
import { failing, holding, type Verdict } from '../verdict.ts';
import type { Check } from './check.ts';
import { subject } from './throughput.ts';

/** Counters differ in which small operations they count; none of them differs by more than this from its own convention. */
const CONVENTION_SPREAD = 0.08;
/** A count that is further off than this is no question of what was counted. */
const GROSS = 1.5;
const PARAMETER_SPREAD = 0.01;

/** A number without a unit under a header without one may be in millions or billions: nobody has five parameters. */
const inUnits = (figure: CellFigure, scale: number): CellFigure => {
  const { printed } = figure;
  const isBare = /^[\d.,]+$/.test(figure.text) && printed.value < MOST_WITHOUT_UNIT;
  if (!isBare) return figure;
  const { value, step, low, high } = printed;
  return { ...figure, printed: { value: value * scale, step: step * scale, low: low * scale, high: high * scale } };
};
const MOST_WITHOUT_UNIT = 5000;

const within = (figure: CellFigure, value: number, spread: number): boolean => {
  const { low, high, step } = figure.printed;
  return low - step <= value * (1 + spread) && high + step >= value * (1 - spread);
};

const nearestOf = (counts: readonly WorkCount[], value: number): WorkCount | undefined =>
  counts.toSorted((a, b) => Math.abs(Math.log(a.value / value)) - Math.abs(Math.log(b.value / value)))[0];

/** One operation or two to a multiply-accumulate; `undefined` where a count could be either, or is wrong. */
const operationsPerMac = (figure: CellFigure, counts: readonly WorkCount[]): 1 | 2 | undefined => {
  const fits = (isDouble: boolean): boolean =>
    counts.some(
      ({ name, value }) => /^(?:2 ×|twice)/.test(name) === isDouble && within(figure, value, CONVENTION_SPREAD),
    );
  const [single, double] = [fits(false), fits(true)];
  return single === double ? undefined : single ? 1 : 2;
};

interface Count {
  readonly perMac: 1 | 2 | undefined;
  readonly figure: CellFigure;
  readonly model: ZooEntry;
  readonly nearest: WorkCount;
  readonly holds: boolean;
  readonly doubled: number;
  readonly resolution: number | undefined;
}

const workCount = (figure: CellFigure, facts: ModelFacts): Count | undefined => {
  const { model, printed, batch = 1 } = figure;
  if (model === undefined || !(printed.value > 0)) return undefined;
  const resolutions = possibleResolutions(model, figure.resolution);
  const counts = resolutions.flatMap((resolution) =>
    facts.workCounts(model, resolution).flatMap(({ name, value }) => {
      const at = resolution === undefined ? '' : ` at ${resolution}×${resolution}`;
      return [...new Set([1, batch])].map((items) => ({ name: `${name}${at}`, value: value * items, resolution }));
    }),
  );
  const nearest = nearestOf(counts, printed.value);
  const doubled = facts.workCounts(model, resolutions[0]).find(({ name }) => name === '2 × MACs');
  if (nearest === undefined || doubled === undefined) return undefined;
  const holds = counts.some(({ value }) => within(figure, value, CONVENTION_SPREAD));
  const perMac = operationsPerMac(figure, counts);
  return { perMac, figure, model, nearest, holds, doubled: doubled.value, resolution: resolutions[0] };
};

/** Why the counts of a table are off, as far as the pattern of those that are and are not says. */
const patternOf = (counts: readonly Count[], facts: ModelFacts): string => {
  const wrong = counts.filter(({ holds }) => !holds);
  const right = counts.filter(({ holds }) => holds);
  const depthwise = wrong.filter(({ model }) => facts.hasDepthwise(model));
  const plainRight = right.filter(({ model }) => !facts.hasDepthwise(model));
  if (
    depthwise.length !== wrong.length ||
    plainRight.length === 0 ||
    right.some(({ model }) => facts.hasDepthwise(model))
  )
    return '';
  const factors = wrong.map(({ figure, doubled }) => figure.printed.value / doubled);
  const [least, most] = [Math.min(...factors), Math.max(...factors)];
  return (
    `; every network with depthwise convolutions is overcounted ${formatNumber(least, 2)} to ${formatNumber(most, 2)} times over 2 × MACs while ` +
    `${plainRight.map(({ model }) => model.variant.title).join(', ')} without them is right: the counter does not divide by the groups`
  );
};

/** A column in which most count one way and some the other: ratios between the two are off by two. */
const mixedConvention = (counts: readonly Count[]): { readonly rare: 1 | 2; readonly others: number } | undefined => {
  const known = counts.filter(
    ({ figure, holds }) => holds && figure.metric === 'flops' && !/[A-Za-z]{2}/.test(figure.text),
  );
  const [singles, doubles] = [1, 2].map((perMac) => known.filter((count) => count.perMac === perMac).length) as [
    number,
    number,
  ];
  if (singles === 0 || doubles === 0 || singles === doubles) return undefined;
  return singles < doubles ? { rare: 1, others: doubles } : { rare: 2, others: singles };
};

export const checkWork: Check = ({ tables }, facts) =>
  tables.flatMap((table) => {
    const counts = table.rows.flatMap((row) =>
      row.figures.flatMap((figure): readonly Count[] => {
        const isWork = (figure?.metric === 'flops' || figure?.metric === 'macs') && figure.qualifier === '';
        const count = isWork ? workCount(inUnits(figure, 1e9), facts) : undefined;
        return count === undefined ? [] : [count];
      }),
    );
    const pattern = patternOf(counts, facts);
    const mixed = mixedConvention(counts);
    return counts.map((count): Verdict => {
      const { figure, nearest, doubled, resolution } = count;
      const claim = `${subject({ model: figure.model, device: undefined })}${figure.metric === 'macs' ? 'MACs' : 'FLOPs'} ${written(figure)}`;
      if (count.holds && mixed !== undefined && count.perMac === mixed.rare) {
        return failing({
          ...{ code: 'published-count', severity: 'warning', line: figure.line, claim },
          computed: formatSI(figure.printed.value * (mixed.rare === 2 ? 0.5 : 2), '').trim(),
          factor: mixed.rare === 2 ? 2 : 0.5,
          explanation: `it counts ${mixed.rare} to a multiply-accumulate, where ${mixed.others} of the column count ${3 - mixed.rare}: the column mixes two conventions`,
          group: `convention-${table.line}`,
        });
      }
      if (count.holds) return holding('published-count', figure.line, claim);
      const factor = figure.printed.value / doubled;
      const off = figure.printed.value / nearest.value;
      const at = resolution === undefined ? '' : ` at ${resolution}×${resolution}`;
      return failing({
        ...{ code: 'published-count', line: figure.line, claim, factor },
        severity: off > GROSS || off < 1 / GROSS ? 'error' : 'warning',
        computed: `${formatSI(doubled / 2, 'MACs')}, ${formatSI(doubled, 'FLOPs')} at two a MAC${at}`,
        explanation:
          `no convention gives it: the nearest is ${nearest.name}, ${formatSI(nearest.value, '')}, ${formatRatio(off)} off; ` +
          `tried MACs, 2 × MACs, with every other operation, and as fvcore counts${pattern}`,
        group: `work-${table.line}`,
      });
    });
  });

const written = ({ printed }: CellFigure): string => formatSI(printed.value, '', 4).trim();

export const checkParameters: Check = ({ figures }, facts) =>
  figures.flatMap((bare): readonly Verdict[] => {
    const figure = inUnits(bare, 1e6);
    const { metric, model, qualifier, printed } = figure;
    if (metric !== 'parameters' || model === undefined || qualifier !== '' || !(printed.value > 0)) return [];
    const counts = facts.parameterCounts(model);
    const [ours] = counts;
    if (ours === undefined) return [];
    const claim = `${subject({ model, device: undefined })}parameters ${written(figure)}`;
    if (counts.some((count) => within(figure, count, PARAMETER_SPREAD)))
      return [holding('published-count', figure.line, claim)];
    const factor = printed.value / ours;
    return [
      failing({
        ...{
          code: 'published-count',
          line: figure.line,
          claim,
          factor,
          computed: `${formatSI(ours, '', 4).trim()} parameters`,
        },
        severity: factor > GROSS || factor < 1 / GROSS ? 'error' : 'warning',
        explanation: `${model.variant.title} as published has ${ours} learned parameters, ${formatRatio(factor)}`,
        group: `parameters-${figure.table}`,
      }),
    ];
  });

/** Weights of one recipe, trained twice or converted, differ by about so many points. */
const ACCURACY_POINTS = 2;

export const checkAccuracies: Check = ({ figures }, facts) =>
  figures.flatMap((figure): readonly Verdict[] => {
    const { metric, model, qualifier, printed, text } = figure;
    if (metric !== 'top1' || model === undefined || qualifier !== '') return [];
    // A share of 1 where percent are usual.
    const value = printed.value <= 1 && !text.includes('%') ? printed.value * 100 : printed.value;
    const known = facts.accuracies(model);
    const nearest = known.toSorted((a, b) => Math.abs(a.top1 - value) - Math.abs(b.top1 - value))[0];
    if (nearest === undefined) return [];
    const claim = `${subject({ model, device: undefined })}top-1 ${text}`;
    const step = Math.max(printed.step, ACCURACY_POINTS);
    if (Math.abs(nearest.top1 - value) <= step + 1e-9) return [holding('published-accuracy', figure.line, claim)];
    const impossible = value > 100;
    return [
      failing({
        ...{ code: 'published-accuracy', line: figure.line, claim, factor: value / nearest.top1 },
        severity: impossible ? 'error' : 'warning',
        computed: `${formatNumber(nearest.top1, 4)} %`,
        explanation: impossible
          ? 'no accuracy is above 100 %'
          : `nearest published is ${formatNumber(nearest.top1, 4)} % (${nearest.weights}); weights trained otherwise would have to be named`,
        group: `accuracy-${figure.table}`,
      }),
    ];
  });

const MEMORY_SPREAD = 0.12;

/** Types that a memory figure may be for, where the document does not say. */
const MEMORY_PRECISIONS = ['fp32', 'fp16', 'int8'] as const;
const ABOUT_ACTIVATIONS = /\bactivations?\b/i;

/** "Memory" of a table against the five figures that go by that name. */
export const checkMemory: Check = ({ tables }, facts) =>
  tables.flatMap((table: AuditedTable) => {
    const about = [
      table.caption,
      ...table.headings.map(({ text }) => text),
      ...table.columns.map(({ header }) => header),
    ].join(' ');
    return table.rows.flatMap((row) => row.figures.flatMap((figure) => memoryVerdict(figure, about, table, facts)));
  });

const memoryVerdict = (
  figure: CellFigure | undefined,
  about: string,
  table: AuditedTable,
  facts: ModelFacts,
): readonly Verdict[] => {
  if (figure?.metric !== 'memory' || figure.model === undefined || figure.qualifier !== '') return [];
  const { model, resolution, batch = 1 } = figure;
  const stated = MEMORY_PRECISIONS.find((precision) => precision === figure.precision);
  const known = (stated === undefined ? MEMORY_PRECISIONS : [stated]).flatMap(
    (precision) => facts.memory(model, resolution, precision, batch) ?? [],
  );
  const [first] = known;
  if (first === undefined) return [];
  const claim = `${subject({ model, device: undefined })}memory ${written(figure)}B`;
  const fits = (pick: (memory: MemoryAnalysis) => readonly number[]): boolean =>
    known.some((memory) => pick(memory).some((value) => within(figure, value, MEMORY_SPREAD)));
  const isHeld = fits(({ peakActivationBytes: peak, arenaBytes: arena, weightBytes: weights }) => [
    ...[peak, arena, peak + weights, arena + weights],
  ]);
  const isOfActivations = ABOUT_ACTIVATIONS.test(about);
  const isWeights = fits(({ weightBytes }) => [weightBytes]);
  if (isHeld || (isWeights && !isOfActivations)) return [holding('memory-figure', figure.line, claim)];
  const isSum = fits(({ sumOfOutputsBytes }) => [sumOfOutputsBytes]);
  const isTraffic = fits(({ trafficBytes }) => [trafficBytes]);
  // What a process takes is neither: without a word of what is meant, only a known other figure says anything.
  if (!isSum && !isTraffic && !isOfActivations) return [];
  const what = isSum
    ? 'it is the sum of all outputs, which no machine holds at once'
    : isTraffic
      ? 'it is the traffic of one inference, not what is held at once'
      : isWeights
        ? 'it is the weights'
        : 'it is none of weights, traffic, peak, arena and sum of all outputs';
  const { peakActivationBytes, weightBytes, sumOfOutputsBytes } = first;
  const at = stated ?? MEMORY_PRECISIONS[0];
  return [
    failing({
      ...{ code: 'memory-figure', severity: 'warning', line: figure.line, claim },
      computed: `${formatSI(peakActivationBytes, 'B')} of live activations at ${at}`,
      factor: figure.printed.value / peakActivationBytes,
      explanation: `${what}; peak of live activations ${formatSI(peakActivationBytes, 'B')}, weights ${formatSI(weightBytes, 'B')}, sum of all outputs ${formatSI(sumOfOutputsBytes, 'B')} at ${at}`,
      group: `memory-${table.line}`,
    }),
  ];
};
