import { expect } from 'vitest';
import { createChartDocument } from '../../../src/charts/api.ts';
import { REFERENCE_BASELINE, referenceStudyOptions } from '../../../src/explore/reference-study.ts';
import { runStudy, type Study, type StudyDevice, type StudyModel } from '../../../src/explore/study.ts';
import type { Block, TableBlock } from '../../../src/report/blocks.ts';
import { documentToJson } from '../../../src/report/render/render.ts';
import type { Section } from '../../../src/report/section.ts';

const options = referenceStudyOptions();
const SMALL_MODELS = ['mobilenet_v2', 'efficientnet_b1', 'resnet18'];
const SMALL_DEVICES = ['nvidia_h100_pcie', 'kpu_t2'];

const smallStudy = (baseline: string): Study =>
  runStudy({
    ...options,
    models: options.models.filter(({ variant }) => SMALL_MODELS.includes(variant.name)),
    devices: options.devices.filter(({ device }) => SMALL_DEVICES.includes(device.id)),
    baseline,
    batches: [1, 16],
  });

export const reference = runStudy(options);
/** Three models, two devices, one of them hypothetical. */
export const small = smallStudy(REFERENCE_BASELINE);
export const otherBaseline = smallStudy('mobilenet_v2');
export const single = runStudy({
  ...options,
  models: options.models.filter(({ variant }) => variant.name === REFERENCE_BASELINE),
  devices: options.devices.slice(0, 1),
});

/** One machine twice, at two precisions: names and ids have to tell them apart. */
export const twins = runStudy({
  ...options,
  models: options.models.filter(({ variant }) => SMALL_MODELS.includes(variant.name)),
  devices: options.devices
    .filter(({ device }) => device.id === 'nvidia_h100_pcie')
    .flatMap((device) => [device, { ...device, precision: 'int8' as const }]),
  batches: [1],
});

const chartDocument = await createChartDocument();

export const build = (section: Section, study: Study): readonly Block[] => section.build({ study, chartDocument });

export const tables = (blocks: readonly Block[]): readonly TableBlock[] =>
  blocks.filter((block): block is TableBlock => block.kind === 'table');

export const table = (blocks: readonly Block[], id: string): TableBlock => {
  const found = tables(blocks).find((block) => block.id === id);
  if (found === undefined) throw new Error(`no table ${id}`);
  return found;
};

/** The text of paragraphs, lists and callouts. */
export const prose = (blocks: readonly Block[]): string =>
  blocks.flatMap((block) => (block.kind === 'list' ? block.items : 'text' in block ? [block.text] : [])).join('\n');

/** Row, model and device of a table that has one row per model. */
export const rowsByModel = (study: Study, { rows }: TableBlock) =>
  rows.map((row, index) => ({ row, model: study.models[index] as StudyModel }));

export const target = (study: Study, id: string): StudyDevice => {
  const found = study.devices.find(({ device }) => device.id === id);
  if (found === undefined) throw new Error(`no device ${id}`);
  return found;
};

/** What every section holds on every study. */
export const expectSound = (section: Section): void => {
  for (const study of [reference, small, otherBaseline, single, twins]) {
    const blocks = build(section, study);
    expect(blocks.length).toBeGreaterThan(0);
    expect(blocks[0]?.kind).toBe('paragraph');
    expect(JSON.stringify(blocks)).not.toMatch(/NaN|undefined|Infinity|∞|\[object/);
    expect(() =>
      JSON.stringify(
        documentToJson({ title: '', subtitle: '', facts: [], sections: [{ id: 'x', title: '', blocks }] }),
      ),
    ).not.toThrow();
    const ids = blocks.flatMap((block) => (block.kind === 'table' || block.kind === 'chart' ? [block.id] : []));
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
    for (const { columns, rows } of tables(blocks)) {
      const keys = columns.map(({ key }) => key);
      expect(new Set(keys).size).toBe(keys.length);
      for (const row of rows) expect(Object.keys(row)).toEqual(expect.arrayContaining(keys));
    }
    for (const block of blocks) {
      if (block.kind === 'list') expect(block.items).not.toHaveLength(0);
      if (block.kind === 'chart') {
        expect(block.svg).toMatch(/^<svg/);
        expect(block.alternative).not.toBe('');
      }
    }
  }
};
