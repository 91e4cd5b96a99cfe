import type { Study } from '../../explore/study.ts';
import type { Block } from '../blocks.ts';
import { isCalibrated, isHypothetical } from '../figures/target.ts';
import { counted, listOf } from '../figures/text.ts';
import { RESULT_COLUMNS } from '../results.ts';
import type { Section } from '../section.ts';

/** What the study holds, in numbers. */
const statistics = (study: Study): readonly string[] => {
  const families = new Map(study.models.map(({ entry }) => [entry.family.id, entry.family.title]));
  const calibrated = study.devices.filter((target) => isCalibrated(study, target));
  const hypothetical = study.devices.filter(isHypothetical);
  const batches = counted(study.options.batches.length, 'batch size');
  return [
    `**Models**: ${study.models.length} of ${families.size === 1 ? 'one family' : `${families.size} families`} (${listOf([...families.values()])}).`,
    `**Devices**: ${study.devices.length}, of which ${calibrated.length} calibrated at the precision used and ${hypothetical.length} hypothetical.`,
    `**Predictions**: ${study.cells.length} over ${batches} and up to two resolutions a model, and ${study.commonPrecisionCells.length} more at the common precision ${study.options.commonPrecision}.`,
    '**Measurements made for this report**: none.',
  ];
};

export const section: Section = {
  id: 'appendix',
  title: 'Appendix: raw data',
  order: 210,
  build: ({ study }): readonly Block[] => [
    {
      kind: 'paragraph',
      text: `Every prediction stands in full precision and SI base units, ${RESULT_COLUMNS.length} columns a row, beside this report.`,
    },
    {
      kind: 'definitions',
      entries: [
        { term: '`results.csv`', text: `the ${study.cells.length} predictions, one a row` },
        { term: '`mobilenet_results.csv`', text: 'of these the rows of the MobileNet families' },
        { term: '`efficientnet_results.csv`', text: 'of these the rows of the EfficientNet families' },
        {
          term: '`report.json`',
          text: `the same rows, the ${study.commonPrecisionCells.length} at ${study.options.commonPrecision}, and this document with every table unrounded`,
        },
        { term: '`charts/`', text: 'each figure as a standalone SVG' },
      ],
    },
    { kind: 'heading', level: 3, text: 'Quick statistics' },
    { kind: 'list', ordered: false, items: statistics(study) },
  ],
};
