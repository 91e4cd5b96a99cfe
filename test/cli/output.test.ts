import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { commandLoaders } from '../../src/cli/commands/index.ts';
import { invoke } from './invoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-output-'));
afterAll(() => rmSync(folder, { recursive: true }));

const COMMANDS = [
  'analyze mobilenet_v2 --layers',
  'analyze family:mobilenet_v2',
  'estimate mobilenet_v2 resnet18 --on i7,kpu_t100@12W --batch 1,8',
  'estimate mobilenet_v2 --on kpu_t2 --explain --layers',
  'models --family efficientnet',
  'models mobilenet_v2',
  'devices',
  'devices kpu_t2',
  'ops',
];
const ESCAPE = '\u001b[';

describe('every command', () => {
  it.each(COMMANDS)('assay %s fits the terminal', async (line) => {
    for (const columns of [80, 100, 160]) {
      const { stdout, status } = await invoke(line, { columns });
      expect(status).toBe(0);
      const wide = stdout.split('\n').filter((text) => [...text].length > columns);
      expect(wide).toEqual([]);
    }
  });

  it.each(COMMANDS)('assay %s has colour on a terminal only', async (line) => {
    expect((await invoke(line, { isTTY: true })).stdout).toContain(ESCAPE);
    expect((await invoke(line)).stdout).not.toContain(ESCAPE);
    expect((await invoke(line, { isTTY: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(ESCAPE);
  });

  it.each(COMMANDS)('assay %s prints one JSON document and nothing else', async (line) => {
    const { stdout, stderr } = await invoke(`${line} --json`, { isTTY: true });
    expect(stderr).toBe('');
    const document = JSON.parse(stdout) as Record<string, unknown>;
    expect(Object.keys(document)[0]).toBe('schema');
    expect(document.schema).toBe(`assay.${line.split(' ')[0]}/1`);
  });

  it.each(COMMANDS)('assay %s writes each format', async (line) => {
    const begins = { json: '{\n  "schema"', csv: /^[a-z0-9_]+,[a-z0-9_,]+\n/, md: '# ', html: '<!doctype html>' };
    for (const [ending, beginning] of Object.entries(begins)) {
      const path = join(folder, `result.${ending}`);
      const { status, stdout, stderr } = await invoke([...line.split(' '), '--out', path]);
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
      expect(stderr).toContain(path);
      const text = readFileSync(path, 'utf8');
      if (typeof beginning === 'string') expect(text.toLowerCase().startsWith(beginning)).toBe(true);
      else expect(text).toMatch(beginning);
    }
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('says nothing on stderr with --quiet', async () => {
    expect((await invoke(['ops', '--quiet', '--out', join(folder, 'ops.csv')])).stderr).toBe('');
  });
});

describe('a write that fails', () => {
  it('leaves the file that was there, and no other', async () => {
    const own = mkdtempSync(join(folder, 'full-'));
    const path = join(own, 'ops.json');
    writeFileSync(path, 'before');
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const { status, stderr } = await invoke(['ops', '--out', path], { files: { write: () => Promise.reject(full) } });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^error: unwritable-output: .*ops\.json cannot be written: no space left on device\n$/);
    expect(readFileSync(path, 'utf8')).toBe('before');
    expect(readdirSync(own)).toEqual(['ops.json']);
  });
});

describe('help', () => {
  it('lists every command with what it does', async () => {
    const { status, stdout, stderr } = await invoke('--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    for (const name of Object.keys(commandLoaders)) expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
    expect((await invoke('help')).stdout).toBe(stdout);
  });

  it('of a command is the same both ways', async () => {
    const { status, stdout } = await invoke('analyze --help');
    expect(status).toBe(0);
    expect(stdout).toContain('Usage: assay analyze [options] <model>');
    expect((await invoke('help analyze')).stdout).toBe(stdout);
  });

  it('stands on stdout beside the error when no command is given', async () => {
    const { status, stdout, stderr } = await invoke('');
    expect(status).toBe(2);
    expect(stdout).toContain('Usage: assay');
    expect(stderr).toMatch(/^error: missing-command: [^\n]+\n$/);
  });

  it('prints the version', async () => {
    expect(await invoke('--version')).toEqual({ status: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });
});
