import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FileError, type FileOperations, fileSystem, writeFileAtomic, writeOutputFolder } from '../../src/node/api.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fresh = (): string => mkdtempSync(join(folder, 'case-'));

const failing = (part: Partial<FileOperations>): FileOperations => ({ ...fileSystem, ...part });
const errno = (code: string, text: string) => Promise.reject(Object.assign(new Error(`${code}: ${text}`), { code }));

describe('writeFileAtomic', () => {
  it('writes a file, and replaces one', async () => {
    const path = join(fresh(), 'a.txt');
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, 'two');
    expect(readFileSync(path, 'utf8')).toBe('two');
  });

  it('leaves the old file and no temporary one when the rename fails', async () => {
    const own = fresh();
    const path = join(own, 'a.txt');
    writeFileSync(path, 'old');
    const files = failing({ rename: () => errno('EACCES', 'permission denied, rename') });
    await expect(writeFileAtomic(path, 'new', files)).rejects.toMatchObject({ code: 'unwritable-output', path });
    expect(readdirSync(own)).toEqual(['a.txt']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('refuses a folder and a folder that is not there', async () => {
    const own = fresh();
    await expect(writeFileAtomic(own, 'x')).rejects.toMatchObject({ code: 'output-not-a-file' });
    await expect(writeFileAtomic(join(own, 'no', 'x'), 'x')).rejects.toMatchObject({ code: 'missing-folder' });
    await expect(writeFileAtomic('/dev/null', 'x')).rejects.toBeInstanceOf(FileError);
  });
});

describe('writeOutputFolder', () => {
  const outputs = [
    { path: 'a.txt', text: 'A' },
    { path: 'charts/b.svg', text: 'B' },
  ];

  it('makes folders and keeps what is not its own', async () => {
    const own = join(fresh(), 'deep', 'out');
    await writeOutputFolder(own, outputs);
    writeFileSync(join(own, 'charts', 'mine.svg'), 'mine');
    await writeOutputFolder(own, outputs);
    expect(readdirSync(join(own, 'charts'))).toEqual(['b.svg', 'mine.svg']);
  });

  it('replaces nothing when one file cannot be written', async () => {
    const own = fresh();
    writeFileSync(join(own, 'a.txt'), 'old');
    const files = failing({
      write: (path, text) => (path.includes('b.svg') ? errno('ENOSPC', 'no space left') : fileSystem.write(path, text)),
    });
    await expect(writeOutputFolder(own, outputs, files)).rejects.toMatchObject({ code: 'unwritable-output' });
    expect(readdirSync(own)).toEqual(['a.txt']);
    expect(readFileSync(join(own, 'a.txt'), 'utf8')).toBe('old');
  });

  it('finds a file or a folder that is in the way before it writes', async () => {
    const own = fresh();
    writeFileSync(join(own, 'file'), 'mine');
    await expect(writeOutputFolder(join(own, 'file'), outputs)).rejects.toMatchObject({ code: 'output-not-a-folder' });
    await expect(writeOutputFolder(join(own, 'file', 'x'), outputs)).rejects.toMatchObject({
      code: 'output-not-a-folder',
    });
    mkdirSync(join(own, 'out', 'a.txt'), { recursive: true });
    await expect(writeOutputFolder(join(own, 'out'), outputs)).rejects.toMatchObject({ code: 'output-not-a-file' });
    expect(readdirSync(join(own, 'out'))).toEqual(['a.txt']);
  });

  it.skipIf(process.getuid?.() === 0)('refuses a folder without permission (root has every permission)', async () => {
    const own = fresh();
    chmodSync(own, 0o500);
    await expect(writeOutputFolder(own, outputs)).rejects.toMatchObject({ code: 'unwritable-output' });
    chmodSync(own, 0o700);
  });

  it.skipIf(!existsSync('/proc/self'))('ends where nothing can be made', async () => {
    await expect(writeOutputFolder('/proc/assay/out', outputs)).rejects.toMatchObject({ code: 'unwritable-output' });
  });

  it('says so when permission is denied', async () => {
    const files = failing({ makeFolder: () => errno('EACCES', "permission denied, mkdir '/x'") });
    await expect(writeOutputFolder(join(fresh(), 'x'), outputs, files)).rejects.toThrow(
      /cannot be written: permission denied$/,
    );
  });
});
