import type { Study } from '../src/explore/study.ts';
import { formatFixed, formatNumber } from '../src/units/format.ts';

/** The table in README.md: every cell computed, so that it cannot go stale unseen. */
export const readmeTable = (study: Study): string => {
  const header = [
    'Model',
    'Parameters (M)',
    'GMACs',
    ...study.devices.map(({ device, precision }) => `${device.name}, ${precision} (ms)`),
  ];
  const rows = study.models.map((model) => [
    model.title,
    formatFixed(model.common.totals.params / 1e6, 2),
    formatFixed(model.common.totals.macs / 1e9, 3),
    ...study.devices.map((target) => {
      const { latencySeconds, interval } = study.cell(model, target).estimate;
      const ms = (value: number) => formatNumber(value * 1e3, 2);
      return `${formatNumber(latencySeconds * 1e3)} (${ms(interval.lowSeconds)}–${ms(interval.highSeconds)})`;
    }),
  ]);
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(['---', ...header.slice(1).map(() => '--:')]), ...rows.map(line)].join('\n');
};
