/** Predicted against measured energy: said plainly where it is far off. */
import type { AccuracyStudy } from '../../explore/accuracy-study.ts';
import type { EnergyRow } from '../../explore/energy-accuracy.ts';
import { formatPercent, formatRatio } from '../../units/format.ts';
import type { Block, TableBlock } from '../blocks.ts';
import { percentColumn } from './errors.ts';

interface EnergyGroup extends Pick<EnergyRow, 'device' | 'runtime' | 'precision' | 'atWall'> {
  /** Predicted over measured. */
  readonly ratios: readonly number[];
}

const energyGroups = ({ energy }: AccuracyStudy): readonly EnergyGroup[] => {
  const found = new Map<string, EnergyGroup & { readonly ratios: number[] }>();
  for (const { device, runtime, precision, atWall, measuredJoules, predictedJoules } of energy) {
    const key = `${device} ${runtime} ${precision} ${atWall}`;
    const group = found.get(key) ?? { device, runtime, precision, atWall, ratios: [] };
    found.set(key, group);
    group.ratios.push(predictedJoules / measuredJoules);
  }
  return [...found.values()];
};

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const meanError = (ratios: readonly number[]): number => meanOf(ratios.map((ratio) => Math.abs(ratio - 1)));
const meanRatio = (ratios: readonly number[]): number => Math.exp(meanOf(ratios.map(Math.log)));

const energyTable = (id: string, caption: string, groups: readonly EnergyGroup[]): TableBlock => ({
  ...{ kind: 'table', id, caption },
  columns: [
    { key: 'device', title: 'Device', format: { kind: 'code' } },
    { key: 'runtime', title: 'Runtime', format: { kind: 'text' } },
    { key: 'precision', title: 'Type', format: { kind: 'text' } },
    { key: 'rows', title: 'Rows', format: { kind: 'integer' } },
    percentColumn('mape', 'MAPE'),
    {
      key: 'ratio',
      title: 'Mean ratio',
      format: { kind: 'fixed', decimals: 2 },
      description: 'Geometric mean of predicted over measured',
    },
    { key: 'low', title: 'Lowest', format: { kind: 'fixed', decimals: 2 } },
    { key: 'high', title: 'Highest', format: { kind: 'fixed', decimals: 2 } },
  ],
  rows: groups.map(({ device, runtime, precision, ratios }) => ({
    ...{ device, runtime, precision },
    rows: ratios.length,
    mape: meanError(ratios),
    ratio: meanRatio(ratios),
    low: Math.min(...ratios),
    high: Math.max(...ratios),
  })),
});

/** An error from which a figure is no use for choosing between designs. */
const LARGE_ERROR = 0.3;

const verdict = (ratios: readonly number[], what: string, fitted: string): Block => {
  const error = meanError(ratios);
  const ratio = meanRatio(ratios);
  const side = ratio < 1 ? 'below' : 'above';
  const plain = error > LARGE_ERROR ? 'That is large: do not rely on such an energy. ' : '';
  return {
    kind: 'callout',
    tone: error > LARGE_ERROR ? 'warning' : 'finding',
    text: `${what}: off by ${formatPercent(error)} on average over ${ratios.length} ${ratios.length === 1 ? 'row' : 'rows'}, on the whole ${side} what was measured (${formatRatio(ratio)}). ${plain}${fitted}`,
  };
};

const NOT_FITTED =
  'No energy constant was fitted; static power is that of the device file, which may say that it was chosen with such measurements in view: this error is then not blind to them.';

const staticText = ({ energy }: AccuracyStudy): string =>
  energy.some(({ staticPower }) => staticPower === 'other-models')
    ? 'The static power in each is what the measurements of other models leave for it; no other energy constant was fitted.'
    : NOT_FITTED;

export const energyBlocks = (study: AccuracyStudy): readonly Block[] => {
  const groups = energyGroups(study);
  const own = groups.filter(({ atWall }) => !atWall);
  const wall = groups.filter(({ atWall }) => atWall);
  if (groups.length === 0) return [{ kind: 'paragraph', text: 'No row of these devices states an energy.' }];
  const ratiosOf = (some: readonly EnergyGroup[]) => some.flatMap(({ ratios }) => ratios);
  return [
    ...(own.length === 0
      ? []
      : [
          energyTable('energy-device', 'Energy of one inference, measured at the device or its board', own),
          verdict(ratiosOf(own), 'Energy of the device', staticText(study)),
        ]),
    ...(wall.length === 0
      ? []
      : [
          energyTable('energy-wall', 'Energy of one inference, measured at the wall', wall),
          verdict(ratiosOf(wall), 'Energy at the wall', NOT_FITTED),
          {
            kind: 'paragraph',
            text: 'At the wall the host, its memory, the power supply, fans and losses count too, which no prediction holds: a ratio below 1 is expected there, and how far below says what the rest of the system takes.',
          } as const,
        ]),
  ];
};
