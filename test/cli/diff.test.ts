/** `assay diff`: two files, or models of the zoo, side by side. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { invoke, json } from './invoke.ts';
import { customModel, imageMacs, imageModel, textModel, written } from './onnx-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-diff-'));
afterAll(() => rmSync(folder, { recursive: true }));
for (const name of ['base', 'head']) mkdirSync(join(folder, name));
const base = written(join(folder, 'base'), 'net.onnx', imageModel('N', 32, 32));
const head = written(join(folder, 'head'), 'net.onnx', imageModel('N', 48, 48));

interface Figure {
  readonly figure: string;
  readonly a: number;
  readonly b: number;
  readonly delta: number | null;
  readonly ratio: number | null;
}
interface Diff {
  readonly schema: string;
  readonly models: readonly { readonly name: string; readonly source: string | null; readonly batch: number }[];
  readonly totals: readonly Figure[];
  readonly layers: {
    readonly matched: number;
    readonly changed: readonly { readonly a: { readonly name: string } }[];
    readonly added: readonly unknown[];
    readonly removed: readonly unknown[];
  };
  readonly devices: readonly { readonly device: string; readonly figures: readonly Figure[] }[];
  readonly gate: { readonly holds: boolean; readonly increases: readonly { readonly figure: string }[] } | null;
}
const total = ({ totals }: Diff, name: string): Figure => {
  const found = totals.find(({ figure }) => figure === name);
  if (found === undefined) throw new Error(`no total ${name}`);
  return found;
};

describe('assay diff', () => {
  it('compares two files of one name', async () => {
    const diff = (await json(`diff ${base} ${head}`)) as Diff;
    expect(diff.schema).toBe('assay.diff/1');
    expect(diff.models).toMatchObject([
      { name: base, source: base, batch: 1 },
      { name: head, source: head, batch: 1 },
    ]);
    expect(total(diff, 'params')).toMatchObject({ a: 314, b: 314, delta: 0, ratio: 1 });
    const [a, b] = [imageMacs(1, 32), imageMacs(1, 48)];
    expect(total(diff, 'macs')).toMatchObject({ a, b, delta: b - a, ratio: b / a });
    // The convolution, its activation and the pooling see another size; what follows sees 8 features as before.
    expect(diff.layers).toMatchObject({ matched: 5, added: [], removed: [] });
    expect(diff.layers.changed.map((layer) => layer.a.name)).toEqual(['Conv_c', 'Relu_r', 'GlobalAveragePool_p']);
  });

  it('finds nothing between a model and itself, however it is named', async () => {
    const diff = (await json('diff mobilenet_v2 mobilenetv2_100')) as Diff;
    for (const { delta } of diff.totals) expect(delta).toBe(0);
    expect(diff.layers).toMatchObject({ changed: [], added: [], removed: [] });
  });

  it('predicts both on devices, the same figures as assay estimate', async () => {
    const diff = (await json('diff resnet18 resnet34 --on i7 kpu_t2 --batch 4')) as Diff;
    const { rows } = (await json('estimate resnet18 resnet34 --on i7 kpu_t2 --batch 4')) as {
      readonly rows: readonly { readonly device: string; readonly latencySeconds: number }[];
    };
    expect(diff.devices.map(({ device }) => device)).toEqual(['intel_i7_12700h', 'kpu_t2']);
    for (const { device, figures } of diff.devices) {
      const own = rows.filter((row) => row.device === device).map(({ latencySeconds }) => latencySeconds);
      const latency = figures.find(({ figure }) => figure === 'latency');
      expect([latency?.a, latency?.b]).toEqual(own);
    }
  });

  it('is a gate with --max-increase', async () => {
    const grown = await invoke(['diff', base, head, '--max-increase', '5%']);
    expect(grown.status).toBe(1);
    // 48^2 / 32^2 = 2.25, but for the linear layer.
    expect(grown.stdout).toMatch(/MACs grew by 12[45]\.\d %/);
    const shrunk = await invoke(['diff', head, base, '--max-increase', '0', '--json']);
    expect(shrunk.status).toBe(0);
    expect((JSON.parse(shrunk.stdout) as Diff).gate).toMatchObject({ holds: true, increases: [] });
    const custom = written(folder, 'custom.onnx', customModel());
    const unknown = await invoke(['diff', custom, custom, '--max-increase', '5%']);
    expect(unknown.status).toBe(1);
    expect(unknown.stdout).toContain('MACs: it is not known by how much it grew');
  });

  it('says it for people, on a page and as rows', async () => {
    const { status, stdout } = await invoke(['diff', base, head, '--on', 'i7']);
    expect(status).toBe(0);
    expect(stdout).toContain('5 layers matched: 3 changed; 0 added, 0 removed.');
    expect(stdout).toMatch(/Conv_c\s+Conv\s+shape N×8×32×32 → N×8×48×48/);
    expect(stdout).toContain('the change is that of the predicted points');
    for (const ending of ['md', 'html', 'csv']) {
      const out = join(folder, `diff.${ending}`);
      expect((await invoke(['diff', base, head, '--out', out, '--quiet'])).status).toBe(0);
      expect(readFileSync(out, 'utf8').length).toBeGreaterThan(100);
    }
    expect(readFileSync(join(folder, 'diff.csv'), 'utf8')).toContain('params,314,314,0,1');
  });

  it('cuts long lists of layers unless all are asked for', async () => {
    const cut = await invoke('diff resnet18 resnet34');
    expect(cut.stdout).toContain('36 more; --layers shows all.');
    const all = await invoke('diff resnet18 resnet34 --layers');
    expect(all.stdout).not.toContain('--layers shows all');
    expect(all.stdout).toContain('layer4.2.conv2.conv');
  });

  it.each<[string, readonly string[], string, string]>([
    ['one model', ['resnet18'], 'missing-argument', "'b'"],
    ['three models', ['resnet18', 'resnet34', 'resnet50'], 'excess-arguments', ''],
    ['a family', ['resnet18', 'family:resnet'], 'too-many-models', 'expected two'],
    ['an unknown model', ['resnet18', 'resnett34'], 'unknown-model', 'did you mean resnet34'],
    ['an unknown device', ['resnet18', 'resnet34', '--on', 'kpu_t3'], 'unknown-device', 'did you mean kpu_t2'],
    ['a share that is none', ['resnet18', 'resnet34', '--max-increase', 'much'], 'invalid-max-increase', '5%'],
    ['a share below zero', ['resnet18', 'resnet34', '--max-increase=-5%'], 'invalid-max-increase', '0 %'],
    ['a missing file', ['resnet18', './none.onnx'], 'not-found', 'none.onnx'],
  ])('refuses %s', async (_, line, code, says) => {
    const { status, stdout, stderr } = await invoke(['diff', ...line]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [a-z0-9-]+: [^\n]+\n$/);
    expect(stderr).toContain(`error: ${code}: `);
    expect(stderr).toContain(says);
  });

  it('refuses files that are none, and those with open dimensions', async () => {
    const text = written(folder, 'text.onnx', textModel());
    expect((await invoke(['diff', text, text])).stderr).toContain('error: open-dimension: ');
    expect((await invoke(['diff', text, text, '--dim', 'seq=4'])).status).toBe(0);
    const bad = join(folder, 'bad.onnx');
    writeFileSync(bad, 'version https://git-lfs.github.com/spec/v1\n');
    expect((await invoke(['diff', bad, base])).stderr).toContain('error: not-onnx: ');
  });
});
