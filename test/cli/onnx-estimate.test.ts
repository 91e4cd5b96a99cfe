import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { invoke } from './invoke.ts';
import { customModel, fixedModel, imageModel, textModel, written } from './onnx-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

const image = written(folder, 'image.onnx', imageModel('batch', 'h', 'w'));
const four = written(folder, 'four.onnx', imageModel(4, 32, 32));
const words = written(folder, 'words.onnx', textModel());
const fixed = written(folder, 'fixed.onnx', fixedModel());
const custom = written(folder, 'custom.onnx', customModel());

interface Row {
  readonly model: string;
  readonly family: string;
  readonly resolution: number | null;
  readonly batch: number;
  readonly latencySeconds: number;
  readonly throughputPerSecond: number;
  readonly macs: number;
  readonly coverage: string;
}

const rowsOf = async (...line: readonly string[]): Promise<readonly Row[]> => {
  const { status, stdout, stderr } = await invoke(['estimate', ...line, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return (JSON.parse(stdout) as { rows: readonly Row[] }).rows;
};

const refusal = async (...line: readonly string[]): Promise<string> => {
  const { status, stdout, stderr } = await invoke(line);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^error: [a-z-]+: [^\n]+\n$/);
  return stderr;
};

describe('assay estimate FILE', () => {
  it('takes files and names of the zoo together', async () => {
    const rows = await rowsOf(image, 'resnet18', words, '--on', 'i7', '-b', '1,4', '--dim', 'h=32,w=32,seq=8');
    expect(rows.map(({ model, resolution, batch }) => [model, resolution, batch])).toEqual([
      ['image.onnx', 32, 1],
      ['image.onnx', 32, 4],
      ['resnet18', 224, 1],
      ['resnet18', 224, 4],
      ['words.onnx', null, 1],
      ['words.onnx', null, 4],
    ]);
    expect(rows[1]?.macs).toBe(4 * (rows[0]?.macs ?? 0));
  });

  it("counts the file's own batch, and its throughput per item", async () => {
    const [own] = await rowsOf(four, '--on', 'i7');
    const [asked] = await rowsOf(four, '--on', 'i7', '-b', '4');
    const [open] = await rowsOf(image, '--on', 'i7', '-b', '4', '-r', '32');
    expect(own).toMatchObject({ batch: 4, latencySeconds: asked?.latencySeconds });
    expect(own?.throughputPerSecond).toBeCloseTo(4 / (own?.latencySeconds ?? 0), 6);
    expect(open?.latencySeconds).toBeCloseTo(own?.latencySeconds ?? 0, 12);
  });

  it('says that an estimate without some operators is a lower bound', async () => {
    expect(await rowsOf(custom, '--on', 'i7')).toMatchObject([{ coverage: 'partial' }]);
    const { stdout } = await invoke(['estimate', custom, '--on', 'i7']);
    expect(stdout.replace(/\s+/g, ' ')).toContain('Lower bound: the cost of 1 × custom.Mystery');
  });

  it('needs a value for every open dimension but the batch', async () => {
    expect(await refusal('estimate', words, '--on', 'i7')).toMatch(
      /open-dimension: .*words\.onnx leaves seq open.*--dim seq=128/,
    );
    expect(await refusal('estimate', image, '--on', 'i7')).toMatch(/leaves h, w open/);
    expect(await refusal('estimate', fixed, '--on', 'i7', '-b', '8')).toMatch(/fixed-batch: .*Reshape_flat/);
    expect(await refusal('report', '--models', words, '--on', 'i7', '--out', join(folder, 'no'))).toMatch(
      /open-dimension/,
    );
    expect(await refusal('report', '--models', fixed, '--on', 'i7', '--out', join(folder, 'no'))).toMatch(
      /fixed-batch.*report/,
    );
  });

  it('has an empty cell where there is no resolution', async () => {
    const out = join(folder, 'rows.csv');
    expect((await invoke(['estimate', words, '--on', 'i7', '--dim', 'seq=8', '--out', out])).status).toBe(0);
    expect(readFileSync(out, 'utf8')).toMatch(/\nwords\.onnx,file,,1,fp32,/);
    const { stdout } = await invoke(['estimate', words, '--on', 'i7', '--dim', 'seq=8', '--layers']);
    expect(stdout).not.toMatch(/undefined|NaN/);
  });
});

describe('assay report --models FILE', () => {
  it('studies files beside models of the zoo', async () => {
    const out = join(folder, 'study');
    const models = [image, words, 'resnet18'].join(',');
    const { status, stderr, stdout } = await invoke([
      ...['report', '--models', models, '--on', 'i7', '-b', '1,4', '--dim', 'seq=8', '--out', out],
    ]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^image\.onnx +[\d.]+/m);
    const csv = readFileSync(join(out, 'results.csv'), 'utf8');
    expect(csv).toMatch(/\nimage\.onnx,file,224,4,/);
    expect(csv).toMatch(/\nwords\.onnx,file,,1,/);
    const report = readFileSync(join(out, 'report.md'), 'utf8');
    expect(report).not.toMatch(/undefined|NaN/);
    expect(report).toContain('words.onnx as written, without images');
  });
});
