import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { MAX_DEVICE_FILE_BYTES, readDeviceFile } from '../../src/node/api.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-device-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, contents: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, contents);
  return path;
};

describe('readDeviceFile', () => {
  it('reads YAML and JSON to the same data', async () => {
    const data = { id: 'mine', geometry: { rows: 4 } };
    expect(await readDeviceFile(file('a.json', JSON.stringify(data)))).toEqual({ ok: true, data });
    expect(await readDeviceFile(file('a.yaml', 'id: mine\ngeometry:\n  rows: 4\n'))).toEqual({ ok: true, data });
    expect(await readDeviceFile(file('a.YML', '\ufeffid: mine\ngeometry: {rows: 4}\n'))).toEqual({ ok: true, data });
  });

  it.each([
    ['a.yaml', 'a: b: c', 'malformed-file'],
    ['twice.yaml', 'a: 1\na: 2', 'malformed-file'],
    ['many.yaml', 'a: 1\n---\nb: 2', 'malformed-file'],
    ['half.json', '{"a": 1', 'malformed-file'],
    ['latin.yaml', Uint8Array.of(0xff, 0xfe, 0x41), 'malformed-file'],
    ['deep.yaml', '['.repeat(100_000), 'malformed-file'],
    ['block.yaml', '- '.repeat(100_000), 'malformed-file'],
    ['keys.yaml', '? '.repeat(100_000), 'malformed-file'],
    ['indented.yaml', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'), 'malformed-file'],
    ['deep.json', '['.repeat(100_000), 'malformed-file'],
    [
      'laughs.yaml',
      [
        'a: &a [1,1,1,1,1,1,1,1,1]',
        ...'bcdefghi'.split('').map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
      ].join('\n'),
      'malformed-file',
    ],
    ['large.yaml', 'x'.repeat(MAX_DEVICE_FILE_BYTES + 1), 'file-too-large'],
    ['device.toml', 'a = 1', 'unknown-format'],
  ] as const)('refuses %s in one line', async (name, contents, code) => {
    const result = await readDeviceFile(file(name, contents));
    expect(result).toMatchObject({ ok: false, code });
    if (!result.ok) {
      expect(result.message).toContain(name);
      expect(result.message).not.toContain('\n');
    }
  });

  it('waits for no pipe and reads no folder', async () => {
    const pipe = join(folder, 'pipe.yaml');
    execFileSync('/usr/bin/mkfifo', [pipe]);
    for (const path of [pipe, folder, '/dev/zero']) {
      expect(await readDeviceFile(path)).toMatchObject({ ok: false, code: 'unreadable-file' });
    }
    expect(await readDeviceFile(join(folder, 'none.yaml'))).toMatchObject({ ok: false, code: 'missing-file' });
  });
});
