import type { Study } from '../../explore/study.ts';
import { OPERATOR_CLASS_TITLES } from '../../ops/classes.ts';
import { formatNumber, formatPercent, formatRatio } from '../../units/format.ts';
import { cellsOn, leastBy } from '../figures/lookup.ts';
import { namedTarget, standingNote } from '../figures/standing.ts';
import { isHypothetical, targetTitle } from '../figures/target.ts';
import { capitalized, countedOf, groupedBy, listOf, verbOf } from '../figures/text.ts';
import { classChart, classesUsed, classTable, DEPTHWISE, deviceTable, useOf, useOfOthers } from '../figures/tiles.ts';
import type { Section } from '../section.ts';

const opening = (study: Study): string => {
  const pairs = study.devices.flatMap((target) => {
    const own = useOf(study, target, DEPTHWISE).utilization;
    const others = useOfOthers(study, target).utilization;
    return own === null || others === null ? [] : [{ target, own, others, ratio: own / others }];
  });
  if (pairs.length === 0) return 'No kernel of this study is depthwise.';
  const low = leastBy(pairs, ({ ratio }) => ratio);
  const below = pairs.filter(({ ratio }) => ratio < 1).length;
  return (
    `Depthwise kernels keep a smaller share of the multiply-accumulate units at work than other kernels on ${countedOf(below, pairs.length, 'device')}. ` +
    `The gap is widest on ${namedTarget(study, low.target)}: ${formatPercent(low.own, 2)} against ${formatPercent(low.others, 2)}, ` +
    `${formatRatio(low.others / low.own)} apart.`
  );
};

/** Which class of kernel fills the units least, by device. */
const leastFilled = (study: Study): string => {
  const least = study.devices.flatMap((target) => {
    const used = classesUsed(study).flatMap((name) => {
      const { utilization } = useOf(study, target, name);
      return utilization === null ? [] : [{ name, utilization }];
    });
    return used.length === 0 ? [] : [{ target, ...leastBy(used, ({ utilization }) => utilization) }];
  });
  const said = groupedBy(least, ({ name }) => OPERATOR_CLASS_TITLES[name].toLowerCase()).map(
    ({ key, items }) => `${key} on ${listOf(items.map(({ target }) => namedTarget(study, target)))}`,
  );
  return `The class of the least utilization is ${said.join('; ')}.`;
};

const busySentence = (study: Study): string => {
  const cells = study.devices.flatMap((target) => cellsOn(study, target));
  const streamed = cells.filter(({ estimate }) => estimate.tiles.largest > estimate.tiles.available).length;
  const half = cells.filter(({ estimate }) => estimate.tiles.meanBusy < estimate.tiles.available / 2).length;
  const idle = leastBy(cells, ({ estimate }) => estimate.tiles.meanBusy / estimate.tiles.available);
  const { tiles } = idle.estimate;
  return (
    `The largest working set is larger than all units’ memories together in ${countedOf(streamed, cells.length, 'prediction')} (one model on one device) and is streamed there. ` +
    `${capitalized(countedOf(half, cells.length, 'prediction'))} ${verbOf(half, cells.length, 'keeps', 'keep')} fewer than half of the units busy on average; ` +
    `the least is ${formatNumber(tiles.meanBusy)} of ${tiles.available} (${idle.model.title} on ${namedTarget(study, idle.target)}).`
  );
};

export const section: Section = {
  id: 'tiles',
  title: 'Tiles and utilization',
  order: 120,
  build: (input) => {
    const { study } = input;
    const hypothetical = study.devices.filter(isHypothetical);
    return [
      { kind: 'paragraph', text: `${opening(study)} ${leastFilled(study)}` },
      { kind: 'paragraph', text: busySentence(study) },
      {
        kind: 'definitions',
        entries: [
          {
            term: 'Tile',
            text: 'The private memory of one unit (core, SM, array or tile). A kernel’s tiles are the bytes of its weights, input and output over the bytes of one such memory, rounded up.',
          },
          {
            term: 'Resident',
            text: 'A kernel whose tiles do not exceed the available units; the others are streamed.',
          },
          {
            term: 'Spatial utilization',
            text:
              'Work of a kernel at the dense matrix peak over its time on the compute units, means weighted by that time. ' +
              'On arrays and tiles it follows from their shape; for depthwise work on CPUs and GPUs it is a constant of the calibration.',
          },
          {
            term: 'Depthwise work',
            text: 'One filter per channel: no input is shared between output channels, so such a kernel offers a matrix unit one column at a time. Where the vector unit is faster, the prediction takes that.',
          },
          {
            term: 'Mean busy units',
            text: 'Units that have any work, weighted by compute time.',
          },
        ],
      },
      standingNote(
        study,
        study.devices.map((target) => study.cell(study.baseline, target)),
      ),
      ...(hypothetical.length === 0
        ? []
        : [
            {
              kind: 'callout',
              tone: 'warning',
              text: `Units and their memories of ${listOf(hypothetical.map((target) => targetTitle(study, target)))} describe designs on paper, not silicon.`,
            } as const,
          ]),
      classTable(study),
      classChart(input),
      ...study.devices.map((target) => deviceTable(study, target)),
    ];
  },
};
