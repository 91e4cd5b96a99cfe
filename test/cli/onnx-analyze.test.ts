import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { invoke } from './invoke.ts';
import {
  branchModel,
  customModel,
  fixedModel,
  IMAGE_PARAMETERS,
  imageMacs,
  imageModel,
  int8Model,
  model,
  node,
  textModel,
  value,
  written,
} from './onnx-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-onnx-'));
afterAll(() => rmSync(folder, { recursive: true }));

const image = written(folder, 'image.onnx', imageModel('batch', 'h', 'w'));
const square = written(folder, 'square.onnx', imageModel(1, 32, 32));
const words = written(folder, 'words.onnx', textModel());

interface Document {
  readonly [field: string]: unknown;
  readonly totals: {
    readonly params: number;
    readonly macs: number | null;
    readonly symbolic?: Record<string, string>;
  };
  readonly memory: Readonly<Record<string, number | null>>;
  readonly layers: readonly { readonly name: string; readonly counted?: boolean; readonly macs: number }[];
}

const analyzed = async (...words: readonly string[]): Promise<Document> => {
  const { status, stdout, stderr } = await invoke(['analyze', ...words, '--json']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout) as Document;
};

describe('assay analyze FILE', () => {
  it('gives totals over open dimensions as expressions', async () => {
    const document = await analyzed(image, '--convention', 'papers', '--layers');
    expect(document.model).toMatchObject({
      name: 'image.onnx',
      source: image,
      format: 'onnx',
      opset: 17,
      producer: 'test 1',
      inputs: [{ name: 'image', shape: ['batch', 3, 'h', 'w'], dtype: 'fp32' }],
      outputs: [{ name: 'classes', shape: ['batch', 10] }],
    });
    expect(document.settings).toMatchObject({ resolution: null, batch: null, openDimensions: ['batch', 'h', 'w'] });
    expect(document.totals).toMatchObject({
      params: IMAGE_PARAMETERS,
      macs: null,
      symbolic: { macs: '216*batch*h*w + 80*batch' },
    });
    expect(document.convention).toEqual({
      name: 'papers',
      count: null,
      symbolic: { count: '216*batch*h*w + 80*batch' },
    });
    expect(document.memory).toEqual({
      weightBytes: 4 * IMAGE_PARAMETERS,
      peakActivationBytes: null,
      arenaBytes: null,
      trafficBytes: null,
      sumOfOutputsBytes: null,
    });
    expect(document.layers[0]).toMatchObject({ macs: null, bytes: null, symbolic: { macs: '216*batch*h*w' } });
    expect(document.concurrency).toBeNull();
    expect(JSON.stringify(document)).not.toContain('NaN');
  });

  it('counts what --dim, --input, --batch and --resolution fix', async () => {
    const macs = async (...more: readonly string[]) => (await analyzed(image, ...more)).totals.macs;
    expect(await macs('--dim', 'batch=2,h=20', '--dim', 'w=30')).toBe(imageMacs(2, 20, 30));
    expect(await macs('--input', 'image=2x3x20x30')).toBe(imageMacs(2, 20, 30));
    expect(await macs('--batch', '4', '--resolution', '24')).toBe(imageMacs(4, 24));
    const some = await analyzed(image, '--input', 'image=Bx3x8x8');
    expect(some.totals.symbolic?.macs).toBe(`${imageMacs(1, 8)}*B`);
    const fixed = await analyzed(square);
    expect(fixed.totals.macs).toBe(imageMacs(1, 32));
    expect(fixed.settings).toMatchObject({ resolution: 32, batch: 1, openDimensions: [] });
    expect((await analyzed(square, '-b', '3', '-r', '16')).totals.macs).toBe(imageMacs(3, 16));
  });

  it('counts the weights in the types that the file stores', async () => {
    const path = written(folder, 'int8.onnx', int8Model());
    expect((await analyzed(path)).memory.weightBytes).toBe(64);
    expect((await analyzed(path, '--precision', 'fp32')).memory.weightBytes).toBe(256);
  });

  it('shows the branch that is not counted', async () => {
    const path = written(folder, 'branch.onnx', branchModel());
    const document = await analyzed(path, '--layers');
    expect(document.totals).toMatchObject({ params: 16 * 64 + 16 * 8, macs: 16 * 64 });
    expect(document.layers.filter(({ counted }) => counted === false)).toMatchObject([{ macs: 16 * 8 }]);
    expect(document.warnings).toMatchObject([{ code: 'larger-branch', path: 'If_y' }]);
    const { stdout } = await invoke(['analyze', path, '--layers'], { columns: 160 });
    expect(stdout).toContain('(not counted)');
    expect(stdout).toContain('larger-branch: ');
  });

  it('names what has no known cost, and fails --strict on it', async () => {
    const path = written(folder, 'custom.onnx', customModel());
    const document = await analyzed(path);
    expect(document.totals.macs).toBe(64);
    expect(document.coverage).toMatchObject({
      status: 'partial',
      unknown: [{ type: 'Mystery', domain: 'custom', count: 1 }],
    });
    expect(document.warnings).toMatchObject([{ code: 'unknown-operator' }]);
    const { status, stdout, stderr } = await invoke(['analyze', path, '--strict']);
    expect(status).toBe(1);
    expect(stdout).toContain('lower bounds');
    expect(stderr).toMatch(/^failed: partial-coverage: custom\.onnx: [^\n]*1 × custom\.Mystery[^\n]*\n$/);
  });

  it('prints the expression, what is open and how to fix it', async () => {
    const { stdout, stderr, status } = await invoke(['analyze', words, '--layers'], { columns: 80 });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('64*batch*seq');
    expect(stdout).toContain('--dim batch=VALUE --dim seq=VALUE');
    expect(stdout.split('\n').filter((line) => [...line].length > 80)).toEqual([]);
  });

  it('has no cells with undefined or not-a-number in CSV and Markdown', async () => {
    for (const ending of ['csv', 'md', 'html']) {
      const out = join(folder, `words.${ending}`);
      expect((await invoke(['analyze', words, '--layers', '--out', out])).status).toBe(0);
      const text = readFileSync(out, 'utf8');
      expect(text).toContain('64*batch*seq'.replaceAll('*', ending === 'md' ? '\\*' : '*'));
      // The page has a script of its own.
      if (ending !== 'html') expect(text).not.toMatch(/NaN|undefined/);
    }
  });

  it('keeps markup and control characters of names out of terminals and pages', async () => {
    const evil = '\u001b[31m<script>alert(1)</script>\u202e';
    const path = written(
      folder,
      'evil.onnx',
      model({
        inputs: [value(evil, [1, 4])],
        outputs: [value('y', [1, 4])],
        nodes: [node('Relu', [evil], ['y'], { name: `${evil}${'n'.repeat(5000)}` })],
      }),
    );
    const { stdout } = await invoke(['analyze', path, '--layers']);
    expect(stdout).toContain('\\u{1b}');
    for (const char of '\u001b\u202e') expect(stdout).not.toContain(char);
    expect(stdout.length).toBeLessThan(8000);
    const out = join(folder, 'evil.html');
    await invoke(['analyze', path, '--layers', '--out', out]);
    for (const raw of ['<script>alert', '\u001b']) expect(readFileSync(out, 'utf8')).not.toContain(raw);
  });
});

describe('a file that cannot be counted', () => {
  const fixed = written(folder, 'fixed.onnx', fixedModel());
  const wrong = written(
    folder,
    'wrong.onnx',
    model({
      inputs: [value('x', [1, 4]), value('z', [5, 2])],
      outputs: [value('y', [1, 2])],
      nodes: [node('MatMul', ['x', 'z'], ['y'])],
    }),
  );
  const cycle = written(
    folder,
    'cycle.onnx',
    model({ outputs: [value('a', [1])], nodes: [node('Relu', ['b'], ['a']), node('Relu', ['a'], ['b'])] }),
  );
  const huge = written(
    folder,
    'huge.onnx',
    model({
      inputs: [value('x', [2 ** 40, 2 ** 40])],
      outputs: [value('y', undefined)],
      nodes: [node('Relu', ['x'], ['y'])],
    }),
  );
  const CASES: readonly (readonly [words: readonly string[], code: string, says: string])[] = [
    [[join(folder, 'nothing.onnx')], 'not-found', 'nothing.onnx'],
    [[folder], 'not-a-file', 'is a folder'],
    [[written(folder, 'empty.onnx', '')], 'empty-file', 'empty.onnx'],
    [[written(folder, 'text.onnx', '{"a": 1}')], 'not-onnx', 'text.onnx'],
    [['net.pt'], 'unsupported-model-file', 'expected an ONNX file'],
    [[cycle], '[a-z-]*cycl[a-z-]*', 'cycle.onnx'],
    [[wrong], 'invalid-graph', 'wrong.onnx: MatMul_y'],
    [[huge], 'count-overflow', 'huge.onnx'],
    [[fixed, '--batch', '2'], 'fixed-batch', 'Reshape_flat'],
    [[words, '-r', '64'], 'no-image-input', 'x batch×seq×16'],
    [[words, '--dim', 'seqq=2'], 'unknown-dimension', 'batch, seq'],
    [[words, '--dim', 'seq'], 'invalid-dim', 'SYMBOL=VALUE'],
    [[words, '--dim', 'seq=0'], 'invalid-dim', 'from 1 to'],
    [[words, '--dim', 'seq=-4'], 'invalid-dim', 'from 1 to'],
    [[words, '--dim', 'seq=9007199254740993'], 'invalid-dim', '2\\^53'],
    [[words, '--dim', 'seq=9007199254740991'], 'count-overflow', 'words.onnx'],
    [[words, '--dim', 'seq=1,seq=2'], 'conflicting-options', 'twice'],
    [[words, '--dim', 'batch=4', '-b', '2'], 'conflicting-options', '--batch 2'],
    [[words, '--input', 'y=1x2'], 'unknown-input', 'the inputs are x'],
    [[words, '--input', 'x=1x2x'], 'invalid-input', 'extents with x'],
    [[words, '--input', 'x=1x2x17'], 'invalid-graph', 'MatMul_y'],
    [[words, '--classes', '5'], 'conflicting-options', '--classes'],
  ];
  it.each(CASES)('%j', async (line, code, says) => {
    const { status, stdout, stderr } = await invoke(['analyze', ...line]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^error: ${code}: [^\\n]*${says.replace('[', '\\[')}[^\\n]*\\n$`));
  });
});
