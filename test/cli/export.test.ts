import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { invoke } from './invoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-export-'));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string): string => join(folder, name);

describe('assay export', () => {
  it('writes a file and says what stands in it', async () => {
    const out = at('small.onnx');
    const line = ['export', 'mobilenetv2_035', out, '--weights', 'none', '--resolution', '96', '--classes', '10'];
    const { status, stdout, stderr } = await invoke([...line, '--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'assay.export/1',
      model: 'mobilenetv2_035[classes=10]',
      path: out,
      bytes: statSync(out).size,
      external: null,
      weights: 'none',
      seed: null,
      opset: 24,
      inputs: [{ name: 'input', dtype: 'fp32', shape: ['N', 3, 96, 96] }],
      outputs: [{ dtype: 'fp32', shape: ['N', 10] }],
    });
    const human = await invoke([...line, '--batch', '4']);
    expect(human.stdout).toContain(out);
    expect(human.stdout).toContain('4×3×96×96');
  });

  it('writes the same file again, and another for another seed', async () => {
    const write = async (name: string, seed: string): Promise<Buffer> => {
      const line = ['export', 'mobilenet_v3_small', at(name), '--resolution', '32', '--seed', seed];
      expect((await invoke(line)).status).toBe(0);
      return readFileSync(at(name));
    };
    const first = await write('a.onnx', '1');
    expect(first.equals(await write('a.onnx', '1'))).toBe(true);
    expect(first.equals(await write('a.onnx', '2'))).toBe(false);
  });

  const REFUSALS: readonly (readonly [words: readonly string[], code: string])[] = [
    [['resnet19', at('x.onnx')], 'unknown-model'],
    [['family:resnet', at('x.onnx')], 'too-many-models'],
    [['resnet18'], 'missing-argument'],
    [['resnet18', at('x.onnx'), '--weights', 'ones'], 'unknown-weights'],
    [['resnet18', at('x.onnx'), '--seed', '-1'], 'invalid-seed'],
    [['resnet18', at('x.onnx'), '--batch', '0'], 'invalid-batch'],
    [['resnet18', at('x.onnx'), '--resolution', '1e3'], 'invalid-resolution'],
    [['inception_v3', at('x.onnx'), '--resolution', '8'], 'illegal-resolution'],
    [['resnet18', at('no/x.onnx')], 'missing-folder'],
    [['resnet18', folder], 'output-not-a-file'],
    [['resnet18', '/dev/null'], 'output-not-a-file'],
  ];
  it.each(REFUSALS)('%j is refused with one line', async (words, code) => {
    const { status, stdout, stderr } = await invoke(['export', ...words]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^error: ${code}: [^\\n]+\\n$`));
    expect(existsSync(at('x.onnx'))).toBe(false);
  });

  it('leaves nothing behind when the disk is full', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const before = readdirSync(folder);
    const line = ['export', 'mobilenetv2_035', at('full.onnx'), '--weights', 'none'];
    const { status, stderr } = await invoke(line, { files: { write: () => Promise.reject(full) } });
    expect({ status, stderr: stderr.slice(0, 25) }).toEqual({ status: 2, stderr: 'error: unwritable-output:' });
    expect(readdirSync(folder)).toEqual(before);
  });
});
