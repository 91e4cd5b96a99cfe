import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { run } from '../../src/cli/run.ts';
import { fileSystem, MAX_DEVICE_FILE_BYTES } from '../../src/node/api.ts';
import { invoke } from './invoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-bad-input-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

/** Exit status 2, exactly one line on stderr, nothing on stdout; returns the line. */
const refusal = async (commandLine: string | readonly string[]): Promise<string> => {
  const { status, stdout, stderr } = await invoke(commandLine);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^error: [a-z0-9-]+: [^\n]+\n$/);
  return stderr;
};

describe('bad input is exit status 2 and one line', () => {
  it.each(['0', '-1', '1e9', '1.5', 'abc', '1e999', '', ' 8', '0x10', '99999999999999999999', '8193'])(
    'resolution %j',
    async (value) => {
      expect(await refusal(['analyze', 'resnet18', '--resolution', value])).toContain('from 1 to 8192');
    },
  );

  it.each(['0', '-1', '1e9', '1.5', 'abc', '1e999', '1,,8', '8,', '65537'])('batch %j', async (value) => {
    expect(await refusal(['estimate', 'resnet18', '--on', 'i7', '--batch', value])).toContain('from 1 to 65536');
  });

  const CASES: readonly (readonly [line: string, code: string, says: string])[] = [
    ['analyze mobilnet_v2', 'unknown-model', 'did you mean mobilenet_v2'],
    ['analyze qqqqqqqqqq', 'unknown-model', 'assay models lists all'],
    ['analyze family:resnett', 'unknown-family', 'did you mean resnet'],
    ['analyze ./net.onnx', 'not-found', 'no such file'],
    ['analyze net.tflite', 'unsupported-model-file', 'expected an ONNX file'],
    ['models ./net.onnx', 'not-a-zoo-model', 'expected a name of the zoo'],
    ['analyze resnet18 --dim N=4', 'conflicting-options', '--batch'],
    ['report --dim N=4', 'conflicting-options', '--models FILE'],
    ['analyze', 'missing-argument', 'model'],
    ['analyze resnet18 resnet34', 'excess-arguments', '1 argument'],
    ['analyze resnet18 --resolutoin 3', 'unknown-option', 'did you mean --resolution'],
    ['analyze resnet18 --resolution', 'option-missing-argument', '--resolution'],
    ['analyze resnet18 --precision fp31', 'unknown-precision', 'did you mean fp32'],
    ['analyze resnet18 --convention mine', 'unknown-convention', 'torchvision'],
    ['analyze resnet18 --runtime tensorrd-8.6', 'unknown-runtime', 'did you mean tensorrt-8.6'],
    ['analyze resnet18 --classes 0', 'invalid-classes', 'from 1 to'],
    ['analyze resnet18 --out x.pdf', 'unknown-format', '.json, .csv, .md, .html'],
    ['analyze resnet18 --json --out x.md', 'conflicting-options', '.json'],
    ['estimate', 'missing-argument', 'MODEL'],
    ['estimate resnet18', 'missing-option', '--on'],
    ['estimate --on i7 resnet18', 'missing-argument', 'put the models first'],
    ['estimate resnet18 --on i8', 'unknown-device', 'expected an id'],
    ['estimate resnet18 --on kpu_t3', 'unknown-device', 'did you mean kpu_t2'],
    ['estimate resnet18 --on kpu_t100@13W', 'unknown-mode', '12W'],
    ['estimate resnet18 --on i7 --precision fp8', 'unsupported-precision', 'it has fp32'],
    ['estimate resnet18,resnet34 --on i7 --explain', 'too-many-estimates', 'expected one model'],
    ['report --batch 0', 'invalid-batch', 'from 1 to 65536'],
    ['report --models nonsense', 'unknown-model', 'nonsense'],
    ['models --family nonsense', 'unknown-family', 'expected one of'],
    ['models nonsense', 'unknown-model', 'nonsense'],
    ['analyse resnet18', 'unknown-command', 'did you mean analyze'],
    ['--json', 'unknown-option', 'before the command'],
  ];
  it.each(CASES)('assay %s', async (line, code, says) => {
    if (line.includes('--json')) {
      const { status, stderr, stdout } = await invoke(line);
      expect(status).toBe(2);
      expect(stderr).toContain(says);
      expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
      return;
    }
    const message = await refusal(line);
    expect(message).toContain(`error: ${code}: `);
    expect(message).toContain(says);
  });

  it('says which resolutions a network takes instead', async () => {
    expect(await refusal('analyze resnet18 --resolution 16')).toContain(
      'illegal-resolution: resnet18: 16 pixels: expected 32',
    );
    expect(await refusal('analyze vit_b_16 --resolution 8')).toContain('multiple of 16');
  });

  it('refuses counts that would no longer be exact', async () => {
    const message = await refusal('analyze vit_h_14 --resolution 8190 --batch 65536');
    expect(message).toMatch(/count-overflow: .*2\^53/);
  });

  it('keeps control characters and length of a name out of the line', async () => {
    const message = await refusal(['analyze', `evil\u001b[31m\nname${'x'.repeat(5000)}`]);
    expect(message).not.toContain('\u001b');
    expect(message.length).toBeLessThan(300);
  });

  it('reads no device from a broken, large or foreign file', async () => {
    const on = (path: string) => refusal(['estimate', 'resnet18', '--on', path]);
    expect(await on(file('broken.yaml', 'id: [1,\n  b: }'))).toMatch(
      /malformed-file: .*broken\.yaml is not valid YAML/,
    );
    expect(await on(file('broken.json', '{"id": '))).toMatch(/malformed-file: .*broken\.json is not valid JSON/);
    expect(await on(file('large.yaml', 'x'.repeat(MAX_DEVICE_FILE_BYTES + 1)))).toContain('file-too-large');
    expect(await on(file('device.txt', 'id: a'))).toContain('unknown-format');
    expect(await on(join(folder, 'nothing.yaml'))).toContain('missing-file');
    expect(await on(folder)).toContain('is a folder');
    expect(await on(file('binary.yaml', '\u0000\u0001'))).toContain('error: ');
    expect(await on(file('empty.yaml', ''))).toContain('empty.yaml');
    expect(await on(file('list.json', '[1]'))).toContain('list.json');
  });

  it('writes nothing where the output cannot go', async () => {
    const taken = file('taken', 'mine');
    expect(await refusal(['report', '--out', taken])).toContain('output-not-a-folder');
    expect(await refusal(['report', '--out', join(taken, 'below')])).toContain('output-not-a-folder');
    expect(await refusal(['analyze', 'resnet18', '--out', join(folder, 'no', 'x.json')])).toContain('missing-folder');
    expect(await refusal(['analyze', 'resnet18', '--out', `${taken}/x.json`])).toContain('missing-folder');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp') || name === 'no')).toEqual([]);
  });
});

describe('errors', () => {
  it('are a document as well with --json', async () => {
    const { status, stdout, stderr } = await invoke('analyze mobilnet_v2 --json');
    expect(status).toBe(2);
    expect(stderr.split('\n')).toHaveLength(2);
    const document = JSON.parse(stdout) as { schema: string; error: { code: string; message: string; path: string } };
    expect(document.schema).toBe('assay.analyze/1');
    expect(document.error.code).toBe('unknown-model');
    expect(document.error.path).toBe('mobilnet_v2');
    expect(stderr).toContain(document.error.message);
  });

  it('show a stack only with ASSAY_DEBUG=1', async () => {
    expect((await invoke('analyze nothing')).stderr).not.toContain('    at ');
    expect((await invoke('analyze nothing', { env: { ASSAY_DEBUG: '1' } })).stderr).toContain('    at ');
  });

  it('of our own are exit status 3', async () => {
    let stderr = '';
    const status = await run(['ops'], {
      stdout: {
        write: () => {
          throw new TypeError('kaput');
        },
      },
      stderr: { write: (text) => (stderr += text) },
      env: {},
      files: fileSystem,
    });
    expect(status).toBe(3);
    expect(stderr).toMatch(/^error: internal: kaput[^\n]*\n$/);
  });
});
