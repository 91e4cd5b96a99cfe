/** One prediction per row of a table, whatever is wrong with the rows beside it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { invoke, json } from './invoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-predict-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const rowsOf = async (path: string, options = ''): Promise<readonly Readonly<Record<string, string>>[]> => {
  const { status, stdout, stderr } = await invoke(`predict --cases ${path} ${options}`);
  if (status !== 0) throw new Error(stderr);
  const [columns = [], ...rows] = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((cells) => Object.fromEntries(columns.map((name, at) => [name, cells[at] ?? ''])));
};

const HEAD = 'device,runtime,precision,layout,model,resolution,batch';

describe('assay predict', () => {
  it('says what estimate says, row by row', async () => {
    const path = file('two.csv', `${HEAD}\nrtx3090,pytorch-2.4-eager,fp16,nchw,resnet50,224,256\nrpi5,,,,resnet18,,\n`);
    const [gpu, board] = await rowsOf(path);
    const estimates = (await json(
      'estimate resnet50 --on rtx3090 --runtime pytorch-2.4-eager --precision fp16 --batch 256',
    )) as { rows: readonly [{ readonly latencySeconds: number }] };
    expect(Number(gpu?.latency_ms)).toBeCloseTo(estimates.rows[0].latencySeconds * 1e3, 4);
    expect(gpu?.calibration).toBe('nvidia_rtx3090/pytorch-2.4-eager/fp16/nchw');
    const { rows } = (await json('estimate resnet18 --on rpi5')) as { rows: readonly [{ latencySeconds: number }] };
    expect(Number(board?.latency_ms)).toBeCloseTo(rows[0].latencySeconds * 1e3, 4);
    expect(board?.calibration).toMatch(/^uncalibrated: /);
  });

  it('keeps the columns and the order of the table, and says of each row that cannot be predicted why', async () => {
    const bad = ['rtx3091,,,,resnet50,,', 'rpi5,,,,resnet51,,', 'rpi5,,fp31,,resnet50,,', 'rpi5,,,,resnet50,-1,'];
    const path = file(
      'bad.csv',
      [`note,${HEAD}`, ...bad.map((row, at) => `n${at},${row}`), 'last,rpi5,,,,vgg16,,1'].join('\n'),
    );
    const rows = await rowsOf(path);
    expect(rows.map(({ note }) => note)).toEqual(['n0', 'n1', 'n2', 'n3', 'last']);
    expect(rows.map(({ latency_ms: latency }) => latency !== '')).toEqual([false, false, false, false, true]);
    const { stdout } = await invoke(`predict --cases ${path}`);
    expect(stdout).toContain('no device is called ""rtx3091""; did you mean rtx-3090');
    expect(stdout).toContain('no model of the zoo is called ""resnet51""');
    expect(stdout).toContain('""fp31"" is no precision');
    expect((await invoke(`predict --cases ${path} --strict`)).status).toBe(1);
  });

  it('takes semicolons, a byte-order mark and quotes', async () => {
    const [row] = await rowsOf(file('excel.csv', '\uFEFFdevice;model;batch\r\n"rpi5";"resnet18";"4"\r\n'));
    expect(Number(row?.latency_ms)).toBeGreaterThan(0);
  });

  it('predicts a hundred thousand rows', async () => {
    const path = file('large.csv', `device,model,batch\n${'rpi5,resnet18,1\n'.repeat(100_000)}`);
    const { status, stdout } = await invoke(`predict --cases ${path}`);
    expect(status).toBe(0);
    expect(stdout.split('\n')).toHaveLength(100_002);
  });

  it.each([
    ['a,b\n1,2\n', 'missing-column'],
    ['', 'csv'],
  ])('refuses %j as a table of cases', async (text, says) => {
    const { status, stdout, stderr } = await invoke(`predict --cases ${file('no.csv', text)}`);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]+\n$/);
    expect(stderr).toContain(says);
  });

  it('asks for the table', async () => {
    expect((await invoke('predict')).stderr).toContain('expected --cases FILE.csv');
  });
});
