/** Every predicted row against its measurement, and the error of each family, device by device. */
import { agreementChart, barChart } from '../../charts/api.ts';
import type { GroupAccuracy } from '../../explore/accuracy.ts';
import { type AccuracyStudy, LARGE_GROUP } from '../../explore/accuracy-study.ts';
import { formatNumber, formatPercent } from '../../units/format.ts';
import type { Block, ChartBlock } from '../blocks.ts';
import { chartBlock } from '../figures/chart.ts';
import { counted } from '../figures/text.ts';

const BAND = 0.2;
/** Families from which it says something to compare them. */
const FEWEST_FAMILIES = 3;

/** In kebab case, as the names of charts' files are. */
const kebab = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const agreement = (groups: readonly GroupAccuracy[], name: string, chartDocument: Document): ChartBlock => {
  const rows = groups.flatMap(({ group, rows: own }) => own.map((each) => ({ ...each, group })));
  const inside = rows.filter(
    ({ row, predictedSeconds }) => Math.abs(predictedSeconds / row.latencySeconds - 1) <= BAND,
  );
  return chartBlock(
    chartDocument,
    {
      id: `accuracy-${kebab(groups[0]?.group.device.id ?? name)}`,
      title: `Predicted against measured latency, ${name}`,
      alternative: `${formatPercent(inside.length / rows.length, 0)} of ${counted(rows.length, 'row')} on ${name}, each predicted without its own set, lie within ${formatPercent(BAND, 0)} of the diagonal.`,
    },
    (options) =>
      agreementChart({
        ...options,
        band: BAND,
        quantity: { label: 'latency', unit: 's' },
        points: rows.map(({ row, predictedSeconds, group }) => ({
          label: `${row.model}, batch ${row.batch}, ${group.runtime.id}`,
          series: [group.runtime.id, group.precision, group.layout].filter((part) => part !== '').join(' '),
          measured: row.latencySeconds,
          predicted: predictedSeconds,
        })),
      }),
  );
};

const residuals = ({ group, families }: GroupAccuracy, chartDocument: Document): ChartBlock => {
  const worst = families.reduce((most, family) => (family.mape > most.mape ? family : most));
  const what = [group.runtime.id, group.precision, group.layout].filter((part) => part !== '').join(', ');
  return chartBlock(
    chartDocument,
    {
      id: `residuals-${kebab(group.id)}`,
      title: `How far predictions of each model family lie above or below, ${group.device.name}, ${what}`,
      alternative: `The family with the largest mean absolute error is ${worst.family}: ${formatPercent(worst.mape)} over ${counted(worst.rows, 'row')}, predicted at ${formatNumber(worst.bias)} times what was measured.`,
      caption: 'In brackets: rows. Each family is predicted by constants that did not see it.',
    },
    (options) =>
      barChart({
        ...options,
        value: { label: 'Predicted over measured, less one (geometric mean)', unit: '%' },
        bars: families.map(({ family, rows, bias }) => ({ category: `${family} (${rows})`, value: bias - 1 })),
      }),
  );
};

export const chartBlocks = ({ groups }: AccuracyStudy, chartDocument: Document): readonly Block[] =>
  [...new Set(groups.map(({ group }) => group.device))].flatMap((device): readonly Block[] => {
    const own = groups.filter(({ group }) => group.device === device);
    const compared = own.filter(({ by, rows, families }) => {
      return by === 'model family' && rows.length >= LARGE_GROUP && families.length >= FEWEST_FAMILIES;
    });
    return [
      { kind: 'heading', level: 3, text: device.name },
      agreement(own, device.name, chartDocument),
      ...compared.map((accuracy) => residuals(accuracy, chartDocument)),
    ];
  });
