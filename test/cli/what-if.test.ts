import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { WhatIfSuggestion } from '../../src/index.ts';
import { invoke, json } from './invoke.ts';
import { customModel, fixedModel, textModel, written } from './onnx-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-what-if-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = (name: string): string => join(folder, name);

interface Document {
  readonly schema: string;
  readonly rows: readonly { readonly latencySeconds: number }[];
  readonly whatIf: readonly WhatIfSuggestion[];
  readonly whatIfSearch: {
    readonly leastGain: number;
    readonly together: WhatIfSuggestion | null;
    readonly channels: { readonly columns: readonly number[]; readonly tried: number };
    readonly batches: { readonly largest: number } | null;
  };
}

const estimated = async (line: string): Promise<Document> => (await json(`estimate ${line}`)) as Document;

const whole = estimated('efficientnet_b0 --on tpu-v4 --batch 16 --what-if');

describe('assay estimate --what-if', () => {
  it('adds suggestions to the document of an estimate, the largest gain first', async () => {
    const { schema, rows, whatIf, whatIfSearch } = await whole;
    expect(schema).toBe('assay.estimate/1');
    expect(rows).toHaveLength(1);
    expect(new Set(whatIf.map(({ kind }) => kind))).toEqual(
      new Set(['resolution', 'batch', 'fewer-channels', 'more-channels', 'precision']),
    );
    const gains = whatIf.map(({ gainSeconds }) => gainSeconds);
    expect(gains).toEqual(gains.toSorted((a, b) => b - a));
    const resolution = whatIf.find(({ kind }) => kind === 'resolution');
    const [lower] = (await estimated('efficientnet_b0 --on tpu-v4 --batch 16 --resolution 192')).rows;
    expect(resolution).toMatchObject({ from: 224, to: 192, latencySecondsAfter: lower?.latencySeconds });
    expect(whatIfSearch).toMatchObject({ leastGain: 0.01, channels: { columns: [128] }, batches: { largest: 256 } });
    expect(whatIfSearch.together?.kind).toBe('fewer-channels');
  });

  it('leaves an estimate without --what-if as it was', async () => {
    expect(Object.keys(await estimated('mobilenet_v2 --on i7'))).toEqual(['schema', 'rows', 'warnings']);
  });

  it('says the same of a file that the zoo wrote', async () => {
    const file = path('b0.onnx');
    expect((await invoke(['export', 'efficientnet_b0', file, '--weights', 'none'])).status).toBe(0);
    const ofFile = await estimated(`${file} --on tpu-v4 --batch 16 --what-if`);
    expect(ofFile.whatIf).toEqual((await whole).whatIf);
  });

  it('writes tables for people, pages and spreadsheets', async () => {
    const line = 'estimate efficientnet_b0 --on tpu-v4 --batch 16 --what-if';
    const { stdout, status } = await invoke(line);
    expect(status).toBe(0);
    expect(stdout).toMatch(/What if\n\nChanges to efficientnet_b0 at 224×224, batch 16/);
    expect(stdout).toMatch(/fewer channels +stage3\.1\.expand\.conv \(\+4\) +240 → 128/);
    expect(stdout).toContain('reductions together');
    expect(stdout).toContain('More channels for no time');
    const small = 'estimate resnet18 --on kpu_t2 --what-if';
    expect((await invoke(`${small} --out ${path('a.html')}`)).status).toBe(0);
    expect(readFileSync(path('a.html'), 'utf8')).toContain('What if');
    expect((await invoke(`${line} --out ${path('a.csv')}`)).status).toBe(0);
    const [header, ...rows] = readFileSync(path('a.csv'), 'utf8').trim().split('\n');
    expect(header?.startsWith('kind,layer,from,to,batch,latency_ms,gain_ms')).toBe(true);
    expect(rows).toHaveLength((await whole).whatIf.length);
  });

  it('stands beside kernels and the trace', async () => {
    const { stdout } = await invoke('estimate mobilenet_v2 --on kpu_t2 --what-if --layers --explain');
    for (const title of ['What if', 'Kernels', 'Explanation']) expect(stdout).toContain(`\n${title}\n`);
  });

  it('says what it cannot see: work of unknown cost, a batch that the file fixes, dimensions that are open', async () => {
    const run = (file: string, ...more: readonly string[]) =>
      invoke(['estimate', file, '--on', 'i7', '--what-if', ...more]);
    const custom = await run(written(folder, 'custom.onnx', customModel()));
    expect(custom.status).toBe(0);
    expect(custom.stdout).toMatch(/unknown cost are in neither\s+side of a gain/);
    const fixed = await run(written(folder, 'fixed.onnx', fixedModel()));
    expect(fixed.status).toBe(0);
    expect(fixed.stdout).toContain('the model fixes its batch');
    const text = written(folder, 'text.onnx', textModel());
    const open = await run(text);
    expect([open.status, open.stdout]).toEqual([2, '']);
    expect(open.stderr).toMatch(/^error: open-dimension: [^\n]+\n$/);
    expect((await run(text, '--dim', 'seq=64')).status).toBe(0);
    const broken = await run(written(folder, 'broken.onnx', ''));
    expect(broken.status).toBe(2);
    expect(broken.stderr).toMatch(/^error: [^\n]+\n$/);
  });

  it.each([
    ['mobilenet_v2 resnet18 --on i7 --what-if', 'too-many-estimates', '--what-if looks around one estimate'],
    ['mobilenet_v2 --on i7,tpu-v4 --what-if', 'too-many-estimates', 'these are 2'],
    ['mobilenet_v2 --on i7 --batch 1,2,4 --what-if', 'too-many-estimates', 'these are 3'],
    ['mobilenet_v2 --on i7 --least-gain 0.1', 'conflicting-options', '--least-gain says what --what-if leaves out'],
    ['mobilenet_v2 --on i7 --what-if --least-gain much', 'invalid-least-gain', '"much"'],
    ['mobilenet_v2 --on i7 --what-if --least-gain 2', 'invalid-least-gain', 'from 0 to 1'],
    ['mobilenet_v2 --on i7 --what-if --least-gain 101%', 'invalid-least-gain', '"101%"'],
    ['mobilenet_v2 --on i7 --what-if --layers --out FOLDER/x.csv', 'conflicting-options', 'two tables'],
  ])('refuses %s in one line', async (line, code, part) => {
    const { status, stdout, stderr } = await invoke(`estimate ${line.replace('FOLDER', folder)}`);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^error: ${code}: [^\\n]+\\n$`));
    expect(stderr).toContain(part);
  });

  it('takes a least gain as a share or a percentage', async () => {
    const line = 'mobilenet_v2 --on kpu_t2 --what-if --least-gain';
    const [share, percentage] = [await estimated(`${line} 0.2`), await estimated(`${line} 20%`)];
    expect(share.whatIfSearch.leastGain).toBe(0.2);
    expect(percentage.whatIf).toEqual(share.whatIf);
    expect(share.whatIf.every(({ kind, gainShare }) => kind === 'more-channels' || gainShare >= 0.2)).toBe(true);
  });
});
