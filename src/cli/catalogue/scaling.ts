/** `assay models --family NAME --explain`: what the multipliers of a family state, and what they did. */
import {
  type FamilyScaling,
  familyScaling,
  formatNumber,
  formatPercent,
  type ModelFamily,
  type ReportDocument,
  type ScalingRow,
  type StudyDevice,
} from '../../index.ts';
import type { Result } from '../output.ts';
import type { FlexibleTable } from '../render/table.ts';

const SCHEMA = 'assay.scaling/1';

const rowOf = ({
  variant,
  base,
  resolution,
  stated,
  counted,
  params,
  macs,
  activations,
  estimate,
  latency,
}: ScalingRow) => ({
  name: variant.name,
  base: base.name,
  width: variant.scaling?.width ?? null,
  depth: variant.scaling?.depth ?? null,
  pixels: variant.nativeResolution ?? null,
  resolution: resolution ?? null,
  params,
  macs,
  activations,
  latencySeconds: estimate.latencySeconds,
  latencyLowSeconds: estimate.interval.lowSeconds,
  latencyHighSeconds: estimate.interval.highSeconds,
  paramsGrowth: counted.params,
  paramsStated: stated?.params ?? null,
  macsGrowth: counted.macs,
  macsStated: stated?.macs ?? null,
  activationsGrowth: counted.activations,
  activationsStated: stated?.activations ?? null,
  latencyGrowth: latency,
});

type Row = ReturnType<typeof rowOf>;

const table = (rows: readonly Row[], { target }: FamilyScaling): FlexibleTable => {
  const bases = [...new Set(rows.map(({ base }) => base))];
  const growth = (key: keyof Row, title: string) => ({ key, title, format: { kind: 'ratio', digits: 3 } as const });
  const isStated = rows.some(({ macsStated }) => macsStated !== null);
  const stated = (key: keyof Row, title: string) => (isStated ? [growth(key, title)] : []);
  const factor = (key: keyof Row, title: string) =>
    isStated ? [{ key, title, format: { kind: 'number', digits: 3 } as const }] : [];
  return {
    kind: 'table',
    id: 'scaling',
    caption: `Growth over ${bases.join(' or ')}; latency at batch 1, ${target.precision} on ${target.device.name} (${target.runtime.title})`,
    columns: [
      { key: 'name', title: 'Model', format: { kind: 'code' } },
      ...factor('width', 'w'),
      ...factor('depth', 'd'),
      { key: 'pixels', title: 'Native', unit: 'px', format: { kind: 'integer' } },
      growth('paramsGrowth', 'Params'),
      ...stated('paramsStated', 'w²d'),
      growth('macsGrowth', 'MACs'),
      ...stated('macsStated', 'w²dr²'),
      growth('activationsGrowth', 'Activations'),
      ...stated('activationsStated', 'wdr²'),
      growth('latencyGrowth', 'Latency'),
      { key: 'latencySeconds', title: 'Latency', unit: 'ms', format: { kind: 'number', digits: 3, scale: 1e-3 } },
    ],
    rows,
    expendable: ['activationsStated', 'paramsStated', 'pixels'],
  };
};

/** Where the counted growth lies about the stated one. */
const spread = (rows: readonly Row[], growth: keyof Row, stated: keyof Row): string => {
  const ratios = rows.flatMap((row) => {
    const expected = row[stated];
    return typeof expected === 'number' ? [Number(row[growth]) / expected - 1] : [];
  });
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  const signed = (value: number) => {
    const text = formatPercent(Math.abs(value), 2);
    return Number.parseFloat(text) === 0 ? text : `${value < 0 ? '−' : '+'}${text}`;
  };
  return `${signed(low)} to ${signed(high)}`;
};

const remarks = (rows: readonly Row[], { latencyExponent, target }: FamilyScaling): readonly string[] => {
  const scaled = rows.filter(({ macsStated, name, base: own }) => macsStated !== null && name !== own);
  const largest = rows.toSorted((a, b) => b.macs - a.macs)[0];
  const [power, exponent] = [formatNumber(latencyExponent ?? 1, 2), latencyExponent ?? 1];
  return [
    ...(scaled.length === 0
      ? ['The family states no width and depth multipliers: its variants differ by their tables of layers.']
      : [
          `Counted less stated: parameters ${spread(scaled, 'paramsGrowth', 'paramsStated')}, MACs ${spread(scaled, 'macsGrowth', 'macsStated')}, activations ${spread(scaled, 'activationsGrowth', 'activationsStated')}. Channels are rounded to multiples, repeats to whole blocks, and what is not scaled (the image, the classes) grows otherwise.`,
        ]),
    ...(largest === undefined || largest.name === largest.base
      ? []
      : [
          `${largest.name} does ${formatNumber(largest.macsGrowth, 3)} times the multiply-accumulates of ${largest.base} and is predicted to take ${formatNumber(largest.latencyGrowth, 3)} times as long on ${target.device.name}.`,
        ]),
    ...(latencyExponent === undefined
      ? []
      : [
          `Over the family, latency grows as MACs to the power of ${power}: ${exponent < 1 ? 'below 1, larger variants use the device better' : 'at 1 and above, larger variants use the device no better'}.`,
        ]),
  ];
};

export const scalingResult = (family: ModelFamily, target: StudyDevice): Result => {
  const scaling = familyScaling(family, target);
  const rows = scaling.rows.map(rowOf);
  const explanation = remarks(rows, scaling);
  return {
    json: () => ({
      schema: SCHEMA,
      family: family.id,
      base: scaling.base.name,
      device: target.device.id,
      precision: target.precision,
      latencyExponent: scaling.latencyExponent ?? null,
      models: rows,
      remarks: explanation,
    }),
    document: (): ReportDocument => ({
      title: `${family.title}: how its variants grow`,
      subtitle: family.paper,
      facts: [],
      sections: [
        {
          id: 'scaling',
          title: 'Scaling',
          blocks: [table(rows, scaling), { kind: 'list', ordered: false, items: explanation }],
        },
      ],
    }),
    csv: () => ({ columns: Object.keys(rows[0] ?? {}), rows }),
  };
};
