import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fileSystem } from '../../src/node/api.ts';
import { invoke } from './invoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const FILES = [
  'efficientnet_results.csv',
  'mobilenet_results.csv',
  'report.html',
  'report.json',
  'report.md',
  'results.csv',
];
const ONE_SCREEN = 24;

// The default study with all its charts takes seconds on a busy machine.
describe('assay report', () => {
  it('writes its files, leaves others, and says where in under one screen', async () => {
    const out = join(folder, 'study');
    const first = await invoke(['report', '--out', out], { columns: 100 });
    expect(first.stderr).toBe('');
    expect(first.status).toBe(0);
    expect(first.stdout.split('\n').length).toBeLessThanOrEqual(ONE_SCREEN + 1);
    expect(first.stdout).toContain(out);
    expect(first.stdout).toMatch(/^resnet18 +[\d.]+ /m);
    expect(readdirSync(out).filter((name) => name !== 'charts')).toEqual(FILES);
    // 9 models x 6 devices x 4 batches at 224, and again for those whose native resolution is another.
    const lines = readFileSync(join(out, 'results.csv'), 'utf8').trim().split('\n');
    expect(lines.length - 1).toBeGreaterThanOrEqual(9 * 6 * 4);

    const before = readFileSync(join(out, 'report.json'), 'utf8');
    writeFileSync(join(out, 'notes.txt'), 'mine');
    writeFileSync(join(out, 'report.json'), 'old');
    const again = await invoke(['report', '--out', out, '--json']);
    expect(again.status).toBe(0);
    const summary = JSON.parse(again.stdout) as {
      schema: string;
      files: readonly string[];
      models: readonly unknown[];
    };
    expect(summary.schema).toBe('assay.report/1');
    expect(summary.files).toContain('results.csv');
    expect(summary.models).toHaveLength(9);
    expect(readFileSync(join(out, 'notes.txt'), 'utf8')).toBe('mine');
    expect(readFileSync(join(out, 'report.json'), 'utf8')).toBe(before);
  });

  it('leaves nothing behind when a write fails', async () => {
    const out = join(folder, 'full', 'study');
    let writes = 0;
    const { status, stderr, stdout } = await invoke(['report', '--out', out], {
      files: {
        write: (path, text) => {
          writes += 1;
          const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
          return writes > 3 ? Promise.reject(full) : fileSystem.write(path, text);
        },
      },
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: unwritable-output: [^\n]*no space left on device\n$/);
    expect(readdirSync(folder)).not.toContain('full');
  });

  it('takes models, devices, batches and a resolution', async () => {
    const out = join(folder, 'small');
    const line = [
      'report',
      '--out',
      out,
      '--models',
      'mobilenet_v2,resnet18',
      '--on',
      'i7',
      'kpu_t2',
      '-b',
      '1,4',
      '-r',
      '160',
    ];
    const { status, stderr } = await invoke(line);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const header = readFileSync(join(out, 'results.csv'), 'utf8');
    expect(header).toContain('\nmobilenet_v2,mobilenet_v2,160,4,int8,kpu_t2,');
  });

  it('refuses a device in two power modes', async () => {
    const { status, stderr } = await invoke([
      'report',
      '--out',
      join(folder, 'no'),
      '--on',
      'kpu_t100@6W,kpu_t100@12W',
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain('duplicate-device');
  });
});
