import type { Study } from '../../explore/study.ts';
import { formatNumber, formatPercent, formatRatio } from '../../units/format.ts';
import type { Block } from '../blocks.ts';
import { publishedAccuracy } from '../figures/lookup.ts';
import { spanText } from '../figures/phrases.ts';
import { compoundScaling, type FamilyScaling, familiesOf, type StudyFamily } from '../figures/scaling.ts';
import { chart, compoundTable, familyTable, flopGrowth, latencyGrowth } from '../figures/scaling-blocks.ts';
import { standingNote } from '../figures/standing.ts';
import { counted, countedOf, listOf, verb } from '../figures/text.ts';
import type { Section } from '../section.ts';

/** Fewer members make no line worth drawing. */
const LINE_POINTS = 3;

const pointsText = (points: number): string => `${points < 0 ? '-' : '+'}${formatNumber(Math.abs(points), 2)} points`;

const familySentence = (study: Study, family: StudyFamily): string => {
  const others = family.members.filter((model) => model !== family.smallest);
  const parts = others.map((model) => {
    const [own, base] = [publishedAccuracy(model)?.top1, publishedAccuracy(family.smallest)?.top1];
    const accuracy =
      own === undefined || base === undefined ? 'accuracy not published' : `${pointsText(own - base)} of top-1`;
    return (
      `${model.title} takes ${formatRatio(flopGrowth(family, model, 'native'))} the FLOPs and ` +
      `${spanText(latencyGrowth(study, family, model, 'native'), (value) => formatRatio(value))} the predicted latency (${accuracy})`
    );
  });
  return `**${family.title}**, native resolutions, against ${family.smallest.title}: ${parts.join('; ')}.`;
};

const compoundSentence = (family: StudyFamily, { base, records }: FamilyScaling): string => {
  const parts = records.map(({ model, stated, actual, depth, depthBuilt, rebuilt }) => {
    return (
      `${model.title} by the rule ${formatRatio(stated)}, in fact ${formatRatio(actual)} (${signedPercent(actual / stated - 1)}): ` +
      `depth is ${formatRatio(depthBuilt)} as built and ${formatRatio(depth)} as stated; with depth and width as built the rule gives ${formatRatio(rebuilt)}`
    );
  });
  return `Growth of ${family.title} over ${base.title} in FLOPs: ${parts.join('. ')}.`;
};

const signedPercent = (share: number): string => `${share < 0 ? '' : '+'}${formatPercent(share, 0)}`;

/** How often latency grows less than work does. */
const opening = (study: Study, families: readonly StudyFamily[]): string => {
  const pairs = families.flatMap((family) =>
    family.members
      .filter((model) => model !== family.smallest)
      .flatMap((model) =>
        latencyGrowth(study, family, model, 'native').map((latency) => ({
          latency,
          flops: flopGrowth(family, model, 'native'),
        })),
      ),
  );
  const less = pairs.filter(({ latency, flops }) => latency < flops).length;
  return (
    `${counted(families.length, 'family', 'families')} of the study ${verb(families.length, 'has', 'have')} two members or more: ${listOf(families.map(({ title }) => title))}. ` +
    `At native resolutions predicted latency grows less than FLOPs do in ${countedOf(less, pairs.length, 'case')} (a larger member on a device).`
  );
};

export const section: Section = {
  id: 'scaling',
  title: 'Scaling within families',
  order: 130,
  build: (input) => {
    const { study } = input;
    const families = familiesOf(study);
    if (families.length === 0) {
      return [{ kind: 'paragraph', text: 'No family has two members in this study: there is no scaling to compare.' }];
    }
    const members = families.flatMap((family) => family.members);
    return [
      { kind: 'paragraph', text: opening(study, families) },
      { kind: 'list', ordered: false, items: families.map((family) => familySentence(study, family)) },
      standingNote(
        study,
        study.devices.flatMap((target) => members.map((model) => study.cell(model, target))),
      ),
      ...families.flatMap((family): readonly Block[] => {
        const compound = compoundScaling(study, family);
        const natives = new Set(family.members.map(({ nativeResolution }) => nativeResolution));
        const same = natives.size === 1 && natives.has(study.options.resolution);
        return [
          { kind: 'heading', level: 3, text: family.title },
          ...(same ? [] : [familyTable(study, family, 'common')]),
          familyTable(study, family, 'native'),
          ...(family.members.length < LINE_POINTS ? [] : [chart(input, family)]),
          ...(compound === undefined || compound.records.length === 0
            ? []
            : [
                { kind: 'paragraph', text: compoundSentence(family, compound) } as const,
                compoundTable(family, compound),
              ]),
        ];
      }),
    ];
  },
};
