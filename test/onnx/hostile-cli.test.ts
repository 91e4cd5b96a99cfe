/** Bad files at the command line: one line, a code, exit status 2; nothing that a terminal or a page would act on. */
import { execFileSync } from 'node:child_process';
import fs, { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelRecord } from '../../src/onnx/records.ts';
import { invoke } from '../cli/invoke.ts';
import { integers, node, value, weight, written } from '../cli/onnx-files.ts';
import * as bad from './hostile-models.ts';

/** Every call that opens a file or looks at one, in modules that are loaded already as well. */
const touched: string[] = [];
const WATCHED = [
  'openSync',
  'statSync',
  'lstatSync',
  'readFileSync',
  'realpathSync',
  'existsSync',
  'accessSync',
] as const;
const original = WATCHED.map((name) => [name, fs[name]] as const);

beforeAll(() => {
  for (const [name, call] of original) {
    const watched = (...words: readonly unknown[]): unknown => {
      touched.push(`${name} ${String(words[0])}`);
      return Reflect.apply(call, fs, words);
    };
    // `realpathSync.native` and the like stay where they are.
    Object.assign(fs, { [name]: Object.assign(watched, call) });
  }
  syncBuiltinESMExports();
});

afterAll(() => {
  Object.assign(fs, Object.fromEntries(original));
  syncBuiltinESMExports();
});

const root = mkdtempSync(join(tmpdir(), 'assay-hostile-'));
const folder = join(root, 'models');
mkdirSync(folder);
afterAll(() => rmSync(root, { recursive: true }));

const { relu, one, int } = bad;
const external = (location: string): ModelRecord =>
  relu({
    initializers: [{ ...weight('w', [4]), payload: { kind: 'external', location, offset: 0, byteLength: 16 } }],
    nodes: [node('Add', ['x', 'w'], ['y'])],
  });

describe('bad files at the command line', () => {
  it.each<readonly [string, ModelRecord | Uint8Array | string, string]>([
    ['empty', '', 'empty-file'],
    ['json', '{"a": 1}', 'not-onnx'],
    ['cycle', relu({ nodes: [node('Add', ['x', 'y'], ['y'])] }), 'cycle'],
    ['missing', relu({ nodes: [node('MatMul', ['x', 'w'], ['y'])] }), 'undefined-input'],
    ['huge', relu({ inputs: [value('x', [2 ** 30, 2 ** 30])] }), 'count-overflow'],
    ['channels', one('Conv', [], [weight('w', [8, 3, 3, 3])]), 'invalid-graph'],
    ['group', one('Conv', [int('group', 0)], [weight('w', [8, 4, 3, 3])]), 'invalid-graph'],
    ['reshape', one('Reshape', [], [integers('s', [-1, -1])]), 'invalid-graph'],
    ['functions', bad.callTree(30, 2), 'function-limit'],
    ['recursion', bad.callsItselfInABranch(), 'recursive-function'],
    ['name', relu({ inputs: [value('x'.repeat(2 ** 21), [1])] }), 'name-too-long'],
    ['terms', bad.manyOperands('Concat', 10_000, (index) => `N${index}`), 'expression-limit'],
  ])('%s', async (name, contents, code) => {
    const path = written(folder, `${name}.onnx`, contents);
    const { status, stdout, stderr } = await invoke(['analyze', path]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^error: ${code}: [^\\n]{10,2000}\\n$`));
    const asJson = await invoke(['estimate', path, '--on', 'i7', '--json']);
    expect(asJson.status).toBe(2);
    expect(JSON.parse(asJson.stdout)).toMatchObject({ error: { code, path } });
  });

  it('escapes control characters wherever names are shown', async () => {
    const name = '\u001b[31m<script>alert(1)</script>\u202e\nrm';
    const mystery = node(`Weird${name}`, ['x'], ['z'], { domain: 'd\u0007', name });
    const path = written(folder, 'markup.onnx', relu({ nodes: [node('Relu', ['x'], ['y'], { name }), mystery] }));
    const isBare = (text: string): boolean => /(?!\n)[\p{Cc}\u202e]/u.test(text);
    for (const options of [[], ['--layers'], ['--json', '--layers']]) {
      const { status, stdout, stderr } = await invoke(['analyze', path, ...options]);
      expect(status).toBe(0);
      expect([isBare(stderr), isBare(stdout)], options.join(' ')).toEqual([false, false]);
    }
    for (const ending of ['html', 'md', 'csv']) {
      const out = join(folder, `markup.${ending}`);
      expect(await invoke(['analyze', path, '--out', out, '--quiet'])).toMatchObject({ status: 0 });
      const text = readFileSync(out, 'utf8');
      if (ending !== 'csv') expect(text).not.toContain('<script>alert');
    }
  });
});

describe('external data', () => {
  it('outside the folder is neither opened nor looked at', async () => {
    // Whoever opened the pipe for reading would wait for ever.
    execFileSync('mkfifo', [join(root, 'canary')]);
    mkdirSync(join(root, 'secret'));
    writeFileSync(join(root, 'secret', 'weights'), 'x'.repeat(16));
    symlinkSync(join(root, 'secret', 'weights'), join(folder, 'link'));
    const locations = ['../canary', '../../etc/passwd', '/etc/passwd', 'a/../../canary', '..\\canary', 'link', 'C:\\x'];
    for (const [index, location] of locations.entries()) {
      const path = written(folder, `outside${index}.onnx`, external(location));
      touched.length = 0;
      const { status, stdout } = await invoke(['analyze', path, '--json']);
      expect(status).toBe(0);
      expect(JSON.parse(stdout).warnings, location).toContainEqual(
        expect.objectContaining({ code: 'external-data-outside', path: 'w' }),
      );
      expect(touched).toContain(`openSync ${path}`);
      const outside = touched.filter((call) => /canary|passwd|secret/.test(call));
      expect(outside, location).toEqual([]);
    }
  });

  it.each([
    ['missing', 'nothing.bin', 'external-data-missing'],
    ['short', 'short.bin', 'external-data-short'],
  ])('that is %s', async (name, location, code) => {
    writeFileSync(join(folder, 'short.bin'), 'x');
    const { stdout } = await invoke(['analyze', written(folder, `${name}.onnx`, external(location)), '--json']);
    expect(JSON.parse(stdout).warnings).toContainEqual(expect.objectContaining({ code, path: 'w' }));
  });
});
