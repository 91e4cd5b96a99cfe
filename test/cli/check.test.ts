/** `assay check`: limits held to figures worked by hand, exit status, the formats of CI servers, and what is refused. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import { afterAll, describe, expect, it } from 'vitest';
import { patience } from '../patience.ts';
import { invoke, json } from './invoke.ts';
import {
  customModel,
  IMAGE_PARAMETERS,
  imageMacs,
  imageModel,
  int8Model,
  loopModel,
  model,
  node,
  textModel,
  value,
  weight,
  written,
} from './onnx-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-check-'));
afterAll(() => rmSync(folder, { recursive: true }));
const budget = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

interface Limit {
  readonly model: string;
  readonly figure: string;
  readonly path: string;
  readonly line: number;
  readonly actual: number | null;
  readonly exactness: string;
  readonly margin: number | null;
  readonly status: string;
  readonly holds: boolean;
  readonly reason: string | null;
  readonly layers: readonly { readonly name: string; readonly value: number; readonly share: number | null }[];
}
interface Checked {
  readonly schema: string;
  readonly holds: boolean;
  readonly counts: Readonly<Record<string, number>>;
  readonly limits: readonly Limit[];
}

/** The JSON of a run whose exit status must be 0 or 1 as `holds` says. */
const checked = async (line: readonly string[]): Promise<Checked> => {
  const { status, stdout, stderr } = await invoke(['check', ...line, '--json']);
  if (stderr !== '') throw new Error(stderr);
  const result = JSON.parse(stdout) as Checked;
  expect(status).toBe(result.holds ? 0 : 1);
  return result;
};
const figure = ({ limits }: Checked, name: string): Limit => {
  const found = limits.find((limit) => limit.figure === name);
  if (found === undefined) throw new Error(`no limit on ${name}`);
  return found;
};

const image = written(folder, 'image.onnx', imageModel('N', 32, 32));

describe('assay check on a file', () => {
  it('holds every kind of limit to what the model takes', async () => {
    // 3x3x3x8 + 8 + 8x10 + 10 = 314 parameters, 1,256 bytes as floats; 3x3x3x8x32x32 + 8x10 MACs.
    expect(IMAGE_PARAMETERS).toBe(314);
    const result = await checked([
      budget(
        'image.yaml',
        [
          'models: [image.onnx]',
          'limits:',
          '  params: 300',
          '  macs: 221264',
          '  weights: [{ max: 1256 B }, { max: 300 B, precision: int8 }]',
          '  peakActivations: 40 kB',
          '  unknownOperators: 0 %',
          '  opset: { min: 17, max: 17 }',
          '  operators:',
          '    denied: [Gemm, GlobalAverage*]',
        ].join('\n'),
      ),
    ]);
    expect(result).toMatchObject({
      schema: 'assay.check/1',
      holds: false,
      counts: { models: 1, limits: 9, broken: 4 },
    });
    // (300 - 314) / 300
    expect(figure(result, 'params')).toMatchObject({ actual: 314, status: 'broken', line: 3, path: 'limits.params' });
    expect(figure(result, 'params').margin).toBeCloseTo(-14 / 300, 12);
    // A figure at its limit is inside it.
    expect(imageMacs(1, 32)).toBe(221_264);
    expect(figure(result, 'macs')).toMatchObject({ actual: 221_264, status: 'holds', margin: 0 });
    const weights = result.limits.filter((limit) => limit.figure === 'weights');
    expect(weights.map(({ actual, status, line }) => [actual, status, line])).toEqual([
      [1256, 'holds', 5],
      [314, 'broken', 5],
    ]);
    // The input (3x32x32 floats) and what the convolution writes (8x32x32), which the activation overwrites.
    expect(figure(result, 'peakActivations')).toMatchObject({ actual: 4 * (3 + 8) * 32 * 32, status: 'broken' });
    expect(figure(result, 'operators-denied')).toMatchObject({ actual: 2, status: 'broken', margin: null, line: 10 });
    expect(figure(result, 'operators-denied').reason).toBe('1 × GlobalAveragePool, 1 × Gemm');
  });

  it('names the layers that carry a figure, with their shares', async () => {
    const result = await checked([budget('one.yaml', 'limits: { params: 1, macs: 1, peakActivations: 1 B }'), image]);
    expect(figure(result, 'params').layers).toMatchObject([
      { name: 'Conv_c', value: 224, share: 224 / 314 },
      { name: 'Gemm_classes', value: 90, share: 90 / 314 },
    ]);
    expect(figure(result, 'macs').layers[0]).toMatchObject({ name: 'Conv_c', value: 216 * 1024 });
    expect(figure(result, 'peakActivations').layers).toMatchObject([
      { name: 'Conv_c', value: 4 * 8 * 1024, share: 8 / 11 },
      { name: 'image', value: 4 * 3 * 1024, share: 3 / 11 },
    ]);
  });

  it('counts weights as the file stores them, and at the batch of the budget', async () => {
    written(folder, 'int8.onnx', int8Model());
    const result = await checked([
      budget('int8.yaml', 'models: [int8.onnx]\nbatch: 8\nlimits: { weights: 64 B, macs: 512 }'),
    ]);
    // 16x4 weights of one byte, 8 x 16 x 4 MACs.
    expect(figure(result, 'weights')).toMatchObject({ actual: 64, holds: true });
    expect(figure(result, 'macs')).toMatchObject({ actual: 512, holds: true });
  });

  it('does not take what is not known for zero', async () => {
    written(folder, 'custom.onnx', customModel());
    const limits = 'limits: { params: 64, macs: 1000, unknownOperators: 20 %, latency: { max: 1 s, on: i7 }';
    const path = budget('unknown.yaml', `models: [custom.onnx]\n${limits} }`);
    const result = await checked([path]);
    expect(result.limits.map(({ figure: name, status, holds }) => [name, status, holds])).toEqual([
      ['params', 'holds', true],
      ['macs', 'unknown', false],
      ['latency', 'unknown', false],
      // One of two operators.
      ['unknownOperators', 'broken', false],
    ]);
    expect(figure(result, 'macs')).toMatchObject({ actual: 64, exactness: 'at-least', margin: null });
    expect(figure(result, 'macs').reason).toBe('the cost of 1 × custom.Mystery is not known');
    expect(figure(result, 'unknownOperators').actual).toBe(0.5);

    // A lower bound above the limit breaks it whatever the rest costs.
    const low = await checked([budget('low.yaml', 'models: [custom.onnx]\nlimits: { macs: 63 }')]);
    expect(low.limits[0]).toMatchObject({ status: 'broken', exactness: 'at-least' });
    const allowed = await checked([
      budget('allowed.yaml', 'models: [custom.onnx]\nallowUnknown: true\nlimits: { macs: 1000 }'),
    ]);
    expect(allowed).toMatchObject({ holds: true, limits: [{ status: 'unknown', holds: true }] });
  });

  it('needs values for open dimensions only where a limit does', async () => {
    written(folder, 'text.onnx', textModel());
    const params = budget('text-params.yaml', 'models: [text.onnx]\nlimits: { params: 64 }');
    expect((await checked([params])).holds).toBe(true);
    const macs = budget('text-macs.yaml', 'models: [text.onnx]\nlimits: { macs: 256 }');
    const { status, stderr } = await invoke(['check', macs]);
    expect({ status, stderr }).toMatchObject({ status: 2, stderr: expect.stringContaining('leaves seq open') });
    // 4 x 16 x 4
    expect((await checked([macs, '--dim', 'seq=4'])).limits[0]).toMatchObject({ actual: 256, holds: true });
    const fixed = budget('text-dims.yaml', 'models: [text.onnx]\ndims: { seq: 5 }\nlimits: { macs: 256 }');
    expect((await checked([fixed])).limits[0]).toMatchObject({ actual: 320, holds: false });
  });

  it('sees the operators of control flow and of the graphs inside it', async () => {
    written(folder, 'loop.onnx', loopModel(3));
    const operators = 'operators: { allowed: [ai.onnx.MatMul, Identity] }';
    const { limits } = await checked([budget('loop.yaml', `models: [loop.onnx]\nlimits: { ${operators} }`)]);
    expect(limits[0]).toMatchObject({ actual: 1, reason: '1 × Loop', status: 'broken' });
  });

  it('reads paths of models and devices beside the budget file', async () => {
    mkdirSync(join(folder, 'inner'));
    written(join(folder, 'inner'), 'net.onnx', imageModel(1, 8, 8));
    writeFileSync(join(folder, 'inner', 'own.yaml'), 'extends: kpu_t2\nid: own_npu\n');
    const path = budget('inner/budget.yaml', 'models: [./net.onnx]\nlimits: { latency: { max: 1 s, on: own.yaml } }');
    const { limits } = await checked([path]);
    expect(limits[0]).toMatchObject({ model: 'net.onnx', device: 'own_npu', holds: true });
  });
});

describe('assay check on predictions', () => {
  interface Estimated {
    readonly rows: readonly {
      readonly latencySeconds: number;
      readonly latencyHighSeconds: number;
      readonly energyPerInferenceJoules: number;
    }[];
  }

  it('takes the figures of assay estimate, at the end of the interval or at the point', async () => {
    const { rows } = (await json('estimate mobilenet_v2 --on i7 --batch 4')) as Estimated;
    const [row] = rows;
    const on = (at: string) => `{ device: i7, batch: 4, at: ${at} }`;
    const result = await checked([
      budget(
        'predicted.yaml',
        [
          'models: [mobilenet_v2]',
          'limits:',
          `  latency: [{ max: 1 ms, on: ${on('upper')} }, { max: 1 s, on: ${on('point')} }]`,
          `  throughput: [{ min: 1 /s, on: ${on('upper')} }, { min: 1 M/s, on: ${on('point')} }]`,
          `  energy: { max: 1 J, on: ${on('point')} }`,
        ].join('\n'),
      ),
    ]);
    const high = row?.latencyHighSeconds ?? Number.NaN;
    const point = row?.latencySeconds ?? Number.NaN;
    const expected = [high, point, 4 / high, 4 / point, row?.energyPerInferenceJoules ?? Number.NaN];
    for (const [index, { actual }] of result.limits.entries()) {
      expect(actual).toBeCloseTo(expected[index] as number, 12);
    }
    expect(result.limits.map(({ holds }) => holds)).toEqual([false, true, true, false, true]);
  });

  it('shares of all layers of time, and of energy, are at most one', async () => {
    const path = budget('shares.yaml', 'on: kpu_t2\nlimits: { latency: 1 ns, energy: 1 pJ, traffic: 1 B, arena: 1 B }');
    const { limits } = await checked([path, 'mobilenet_v3_small']);
    for (const { layers } of limits) {
      expect(layers.length).toBeGreaterThan(1);
      expect(layers.reduce((sum, { share }) => sum + (share ?? 0), 0)).toBeLessThanOrEqual(1);
      expect(layers.map(({ value: amount }) => amount)).toEqual(
        layers.map(({ value: amount }) => amount).toSorted((a, b) => b - a),
      );
    }
  });

  it('holds a model to what a device leaves to its host', async () => {
    const path = budget('host.yaml', 'models: [resnet18, vit_b_16]\nlimits: { operators: { on: google_edge_tpu } }');
    const { limits } = await checked([path]);
    expect(limits.map(({ model: name, holds }) => [name, holds])).toEqual([
      ['resnet18', true],
      ['vit_b_16', false],
    ]);
    expect(limits[1]?.reason).toMatch(/attention/);
  });

  it('takes under a second and gives the same bytes again', async () => {
    const path = budget(
      'fast.yaml',
      'models: [mobilenet_v2]\non: i7\nlimits: { params: 5 M, latency: 1 s, arena: 1 GB, energy: 1 J }',
    );
    const start = performance.now();
    const first = await invoke(['check', path]);
    expect(performance.now() - start).toBeLessThan(patience(1000));
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(await invoke(['check', path])).toEqual(first);
  });
});

describe('models and budgets', () => {
  it('checks models of the command line in place of those of the file', async () => {
    const { limits } = await checked([budget('given.yaml', 'models: [resnet18]\nlimits: { params: 1 G }'), image]);
    expect(limits.map(({ model: name }) => name)).toEqual(['image.onnx']);
  });

  it('checks each of several budgets on its own models, and given ones on those that name none', async () => {
    const path = budget(
      'several.yaml',
      'budgets:\n  - models: [resnet18]\n    limits: { params: 12 M }\n  - limits: { params: 1 k }\n',
    );
    const { limits } = await checked([path, image]);
    expect(limits.map(({ model: name, path: place, line }) => [name, place, line])).toEqual([
      ['resnet18', 'budgets[0].limits.params', 3],
      ['image.onnx', 'budgets[1].limits.params', 4],
    ]);
  });

  it('says what broke, by how much and where, for people', async () => {
    const path = budget('people.yaml', 'models: [mobilenet_v2]\nlimits: { params: 3 M, macs: 1 G }');
    const { status, stdout } = await invoke(['check', path]);
    expect(status).toBe(1);
    // 3,504,872 of 3 M: 16.8 % more; the classifier has 1280 x 1000 + 1000 of them.
    expect(stdout).toMatch(/2 limits of 1 model: 1 broken/);
    expect(stdout).toMatch(/Parameters\s+≤ 3 M\s+3\.50 M\s+−16\.8 %\s+BROKEN/);
    expect(stdout).toMatch(/classifier\s+Gemm\s+1\.28 M\s+36\.5 %/);
    expect(stdout).toContain('1 other limit holds.');
    for (const ending of ['md', 'html', 'csv', 'json']) {
      const out = join(folder, `people.${ending}`);
      expect((await invoke(['check', path, '--out', out, '--quiet'])).status).toBe(1);
      expect(readFileSync(out, 'utf8')).toContain('mobilenet_v2');
    }
  });

  it('shows as many digits as tell a figure from its limit', async () => {
    const { stdout } = await invoke(['check', budget('near.yaml', 'limits: { params: 3.504 M }'), 'mobilenet_v2']);
    expect(stdout).toMatch(/≤ 3\.504 M\s+3\.505 M\s+−0\.0 %\s+BROKEN/);
  });
});

describe('formats of CI servers', () => {
  const HOSTILE = 'a"<b>&%\r\n::error::x,:\u001b[31m`**\'/>';
  written(
    folder,
    'hostile.onnx',
    model({
      inputs: [value('x', [1, 16])],
      outputs: [value('y', [1, 4])],
      initializers: [weight('w', [16, 4])],
      nodes: [node('MatMul', ['x', 'w'], ['y'], { name: HOSTILE })],
    }),
  );
  const path = budget('hostile.yaml', 'models: [hostile.onnx]\nlimits:\n  params: 63\n  macs: 64\n  weights: 255 B\n');
  const formatted = async (format: string): Promise<string> => {
    const { status, stdout, stderr } = await invoke(['check', path, '--format', format]);
    expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
    return stdout;
  };

  it('github: one command for each broken limit, on one line, with its line in the file', async () => {
    const lines = (await formatted('github')).trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^::error file=[^,:]*hostile\.yaml,line=3,title=hostile\.onnx%3A Parameters::/);
    expect(lines[0]).toContain('1.6 %25 above the limit of 63%0Alargest: a"<b>&%25');
    expect(lines[1]).toMatch(/^::error .*,line=5,title=hostile\.onnx%3A Weights::/);
    expect(lines[2]).toMatch(/^assay check: .*3 limits of 1 model: 2 broken$/);
    // No command but ours begins a line, and nothing steers a terminal.
    for (const line of lines) expect(line).not.toMatch(/[\p{Cc}]/u);
  });

  it('junit: a case for each limit, which a parser reads back', async () => {
    const xml = await formatted('junit');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: what XML does not have
    expect(xml).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    const { document } = parseHTML(xml.replace(/^<\?xml.*\?>/, '').replace(/(<testcase[^>]*)\/>/g, '$1></testcase>'));
    const suite = document.querySelector('testsuite');
    expect(suite?.getAttribute('tests')).toBe('3');
    expect(suite?.getAttribute('failures')).toBe('2');
    const cases = [...document.querySelectorAll('testcase')];
    expect(cases.map((each) => each.getAttribute('name'))).toEqual([
      'Parameters ≤ 63',
      'MACs ≤ 64 (batch 1)',
      'Weights ≤ 255 B (as stored)',
    ]);
    const failures = [...document.querySelectorAll('failure')];
    expect(failures).toHaveLength(2);
    expect(failures[0]?.textContent).toContain('a"<b>&%\\u{d}\\u{a}::error::x,:\\u{1b}[31m`**\'/>');
    expect(cases[0]?.getAttribute('line')).toBe('3');
  });

  it('sarif: rules, results and places as 2.1.0 has them', async () => {
    const log = JSON.parse(await formatted('sarif'));
    expect(log.version).toBe('2.1.0');
    const [run] = log.runs;
    expect(run.tool.driver.rules.map(({ id }: { readonly id: string }) => id)).toEqual(['params', 'macs', 'weights']);
    expect(run.results).toHaveLength(2);
    for (const result of run.results) {
      expect(run.tool.driver.rules[result.ruleIndex].id).toBe(result.ruleId);
      expect(result.level).toBe('error');
      expect(result.message.text).toMatch(/^hostile\.onnx: /);
      const [{ physicalLocation: place }] = result.locations;
      expect(place.artifactLocation.uri).toMatch(/hostile\.yaml$/);
      expect(decodeURIComponent(place.artifactLocation.uri).replace('file://', '')).toBe(path);
      expect(Object.keys(result.partialFingerprints)).toHaveLength(1);
    }
    const lines = run.results.map(
      (result: { readonly locations: readonly { readonly physicalLocation: { readonly region: object } }[] }) =>
        result.locations[0]?.physicalLocation.region,
    );
    expect(lines).toEqual([{ startLine: 3 }, { startLine: 5 }]);
  });

  it('is written whole to --out, whatever its ending', async () => {
    const out = join(folder, 'result.sarif');
    const { status, stdout, stderr } = await invoke(['check', path, '--format', 'sarif', '--out', out]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('result.sarif');
    expect(JSON.parse(readFileSync(out, 'utf8')).version).toBe('2.1.0');
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is a pass where all holds', async () => {
    const holds = budget('holds.yaml', 'models: [hostile.onnx]\nlimits: { params: 64 }');
    for (const format of ['github', 'junit', 'sarif']) {
      const { status, stdout } = await invoke(['check', holds, '--format', format]);
      expect(status).toBe(0);
      expect(stdout).not.toMatch(/::error|<failure|"ruleIndex"/);
    }
  });
});

describe('bad input is exit status 2 and one line', () => {
  const refusal = async (line: readonly string[]): Promise<string> => {
    const { status, stdout, stderr } = await invoke(['check', ...line]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^error: [a-z0-9-]+: [^\n]+\n$/);
    return stderr;
  };

  const FILES: readonly (readonly [name: string, text: string, code: string, says: string])[] = [
    ['empty', '', 'not-an-object', ':1: (root): is empty'],
    ['comment', '# nothing\n', 'not-an-object', 'is empty'],
    ['broken', 'a: [1,2\nb: {', 'malformed-file', 'not valid YAML'],
    ['deep', '['.repeat(5000), 'malformed-file', 'nested too deeply'],
    ['bomb', `a: &a [${'x,'.repeat(50)}]\n${'b: &b [*a,*a,*a,*a]\n'.repeat(3)}`, 'malformed-file', 'YAML'],
    ['twice', 'limits: { params: 1 }\nlimits: { params: 2 }', 'malformed-file', 'unique'],
    ['key', 'limits:\n  parms: 5 M', 'unknown-key', ':2: limits.parms: is not a field of a budget here: did you mean'],
    ['unit', 'limits:\n  params: 5\n  weights: 20', 'missing-unit', ':3: limits.weights: 20 has no unit'],
    ['negative', 'limits: { weights: -2 MB }', 'not-a-quantity', 'not above 0'],
    ['both', 'limits: { params: { min: 2, max: 1 } }', 'contradictory-limits', 'no model can meet both'],
    ['none', 'models: [resnet18]\nlimits: {}', 'no-limits', ':2: limits: states no limit'],
    ['nobody', 'limits: { params: 1 }', 'missing-argument', 'no model is named'],
    [
      'model',
      'models:\n  - resnet18\n  - mobilnet_v2\nlimits: { params: 1 }',
      'unknown-model',
      ':3: no model is called',
    ],
    ['file', 'models: [./none.onnx]\nlimits: { params: 1 }', 'not-found', ':1: '],
    [
      'device',
      'models: [resnet18]\nlimits:\n  latency: { max: 1 s, on: kpu_t3 }',
      'unknown-device',
      ':3: no device is called "kpu_t3"',
    ],
    [
      'runtime',
      'models: [resnet18]\non: { device: i7, runtime: tensorrd-8.6 }\nlimits: { latency: 1 s }',
      'unknown-runtime',
      'did you mean tensorrt-8.6',
    ],
    [
      'precision',
      'models: [resnet18]\non: { device: hailo_8, precision: fp32 }\nlimits: { latency: 1 s }',
      'unsupported-precision',
      'hailo_8 has no fp32',
    ],
    [
      'operator',
      'models: [resnet18]\nlimits: { operators: { denied: [Relu, Covn] } }',
      'unknown-operator',
      'did you mean Conv',
    ],
    ['host', 'models: [resnet18]\nlimits: { operators: { on: i7 } }', 'no-operator-list', 'intel_i7_12700h'],
    ['batch', 'models: [fixed.onnx]\nbatch: 4\nlimits: { macs: 1 G }', 'fixed-batch', 'fixes its batch at 1'],
  ];
  written(
    folder,
    'fixed.onnx',
    model({
      inputs: [value('x', [1, 4, 4])],
      outputs: [value('y', [1, 3])],
      initializers: [{ ...weight('shape', [2], 7), values: [1, 16] }, weight('w', [16, 3])],
      nodes: [node('Reshape', ['x', 'shape'], ['flat']), node('MatMul', ['flat', 'w'], ['y'])],
    }),
  );
  it.each(FILES)('%s', async (name, text, code, says) => {
    const line = await refusal([budget(`bad-${name}.yaml`, text)]);
    expect(line).toContain(`error: ${code}: `);
    expect(line).toContain(says);
  });

  it.each<[readonly string[], string]>([
    [['none.yaml'], 'missing-file'],
    [['.'], 'unreadable-file'],
    [['budget.txt'], 'missing-file'],
    [[], 'missing-argument'],
  ])('%j', async (line, code) => expect(await refusal(line)).toContain(`error: ${code}: `));

  it('binary files, other formats, and options that contradict', async () => {
    const binary = join(folder, 'binary.yaml');
    writeFileSync(
      binary,
      new Uint8Array(4000).map((_, index) => (index * 37) % 256),
    );
    expect(await refusal([binary])).toContain('malformed-file');
    writeFileSync(binary, 'limits: \0');
    expect(await refusal([binary])).toContain('malformed-file');
    expect(await refusal([image])).toContain('unknown-format');
    const good = budget('good.yaml', 'limits: { params: 1 G }');
    expect(await refusal([good, image, '--format', 'gitub'])).toContain('did you mean github');
    expect(await refusal([good, image, '--out', 'x.pdf'])).toContain('unknown-format');
    const both = await invoke(['check', good, image, '--format', 'junit', '--json']);
    expect(both).toMatchObject({ status: 2, stderr: expect.stringContaining('conflicting-options') });
    const own = budget(
      'own.yaml',
      'budgets: [{ models: [resnet18], limits: { params: 1 } }, { models: [resnet34], limits: { params: 1 } }]',
    );
    expect(await refusal([own, image])).toContain('conflicting-models');
  });
});
