import {
  chmodSync,
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openModelFile } from '../../src/node/model-file.ts';
import { bytes, initializer, integer, model, node, text, varint } from '../onnx/protobuf-bytes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'assay-model-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const external = (name: string, location: string, offset: number): number[] =>
  initializer([
    ...integer(1, 4),
    ...integer(2, 1),
    ...text(8, name),
    ...bytes(13, [...text(1, 'location'), ...text(2, location)]),
    ...bytes(13, [...text(1, 'offset'), ...text(2, String(offset))]),
    ...bytes(13, [...text(1, 'length'), ...text(2, '16')]),
    ...integer(14, 1),
  ]);

/** A model in a folder of its own, with tensors of 16 bytes at the given places. */
const modelWith = (name: string, places: readonly (readonly [location: string, offset: number])[]): string => {
  mkdirSync(join(folder, name));
  const file = join(folder, name, 'model.onnx');
  const tensors = places.flatMap(([location, offset], index) => external(`w${index}`, location, offset));
  writeFileSync(file, model([...node('Relu', ['w0'], ['y']), ...tensors]));
  return file;
};

describe('external data', () => {
  it('is there', async () => {
    const file = modelWith('whole', [
      ['data/w.bin', 0],
      ['data/w.bin', 16],
    ]);
    mkdirSync(join(folder, 'whole/data'));
    writeFileSync(join(folder, 'whole/data/w.bin'), new Uint8Array(32));
    expect((await openModelFile(file)).warnings).toEqual([]);
  });

  it('is missing or short: one warning per file, the record as ever', async () => {
    const file = modelWith('broken', [
      ['w.bin', 0],
      ['w.bin', 8],
      ['gone.bin', 0],
      ['gone.bin', 16],
      ['', 0],
    ]);
    writeFileSync(join(folder, 'broken/w.bin'), new Uint8Array(16));
    const { record, warnings } = await openModelFile(file);
    expect(record.graph.initializers).toHaveLength(5);
    expect(warnings).toMatchObject([
      {
        code: 'external-data-short',
        path: 'w1',
        message: 'external data "w.bin" has 16 bytes; 24 are needed (tensor "w1")',
      },
      { code: 'external-data-missing', path: 'w2', message: expect.stringContaining('(tensor "w2" and 1 more)') },
      { code: 'external-data-missing', path: 'w4' },
    ]);
  });

  it('outside the folder is not looked at', async () => {
    const secret = join(folder, 'secret.bin');
    writeFileSync(secret, new Uint8Array(64));
    const locations = [
      '../../etc/passwd',
      '../secret.bin',
      '/etc/passwd',
      'C:\\w.bin',
      '..\\w.bin',
      'link.bin',
      'a/../../secret.bin',
    ];
    const file = modelWith(
      'outside',
      locations.map((location) => [location, 0] as const),
    );
    symlinkSync(secret, join(folder, 'outside/link.bin'));
    const { warnings } = await openModelFile(file);
    expect(warnings.map(({ code }) => code)).toEqual(locations.map(() => 'external-data-outside'));
  });
});

describe('files', () => {
  it('reads a file of more than 2 GiB without its weights', async () => {
    // A sparse file: five tensors of 600 MB, of which the disk holds the headers only.
    const file = join(folder, 'large.onnx');
    const payload = 600e6;
    const contents = [...integer(1, payload / 4), ...integer(2, 1), ...text(8, 'w'), 9 * 8 + 2, ...varint(payload)];
    const tensor = [5 * 8 + 2, ...varint(contents.length + payload), ...contents];
    const first = node('Relu', ['w'], ['y']);
    const graphBytes = first.length + 5 * (tensor.length + payload);
    const start = [...integer(1, 8), ...bytes(8, integer(2, 17)), 7 * 8 + 2, ...varint(graphBytes), ...first];
    const descriptor = openSync(file, 'w');
    writeSync(descriptor, Uint8Array.from(start), 0, start.length, 0);
    for (let index = 0; index < 5; index++) {
      const at = start.length + index * (tensor.length + payload);
      writeSync(descriptor, Uint8Array.from(tensor), 0, tensor.length, at);
    }
    closeSync(descriptor);
    truncateSync(file, start.length - first.length + graphBytes);
    const { record, sizeBytes, warnings } = await openModelFile(file);
    expect(sizeBytes).toBeGreaterThan(3e9);
    expect(warnings).toEqual([]);
    expect(record.graph.initializers.map(({ dims }) => dims)).toEqual(new Array(5).fill([payload / 4]));
    expect(record.graph.initializers[4]?.payload).toEqual({
      kind: 'raw',
      offset: sizeBytes - payload,
      byteLength: payload,
    });
  });

  it('says what is wrong with a path', async () => {
    await expect(openModelFile(join(folder, 'none.onnx'))).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(openModelFile(folder)).rejects.toMatchObject({ code: 'not-a-file' });
    await expect(openModelFile('/dev/null')).rejects.toMatchObject({ code: 'not-a-file' });
    const locked = join(folder, 'locked.onnx');
    writeFileSync(locked, 'x');
    chmodSync(locked, 0);
    // Root reads everything.
    const code = process.getuid?.() === 0 ? 'not-onnx' : 'permission-denied';
    await expect(openModelFile(locked)).rejects.toMatchObject({ code });
  });

  it('says what is wrong with a file', async () => {
    const empty = join(folder, 'empty.onnx');
    writeFileSync(empty, '');
    await expect(openModelFile(empty)).rejects.toMatchObject({ code: 'empty-file' });
    const cut = join(folder, 'cut.onnx');
    writeFileSync(cut, model(node('Relu', ['x'], ['y'])).slice(0, 9));
    await expect(openModelFile(cut)).rejects.toMatchObject({ code: 'truncated-file' });
  });
});
