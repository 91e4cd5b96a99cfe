import { describe, expect, it } from 'vitest';
import { findModel, OPERATOR_CLASSES, REFERENCE_MODELS } from '../../src/index.ts';
import { invoke, json } from './invoke.ts';

interface AnalyzeJson {
  readonly schema: string;
  readonly model: {
    readonly name: string;
    readonly opset: number;
    readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[];
    readonly outputs: readonly { readonly shape: readonly number[] }[];
  };
  readonly settings: { readonly resolution: number; readonly batch: number; readonly fusion: string };
  readonly totals: Readonly<Record<'params' | 'macs' | 'flops' | 'transcendentals' | 'activationElements', number>>;
  readonly convention: { readonly name: string; readonly count: number };
  readonly memory: Readonly<Record<string, number>>;
  readonly classes: readonly {
    readonly class: string;
    readonly count: number;
    readonly macs: number;
    readonly flops: number;
    readonly shareOfMacs: number;
  }[];
  readonly coverage: { readonly status: string; readonly unknown: readonly unknown[] };
  readonly layers?: readonly {
    readonly name: string;
    readonly class: string;
    readonly params: number;
    readonly macs: number;
    readonly flops: number;
    readonly bytes: number;
  }[];
  readonly warnings: readonly unknown[];
}

const analyzed = (commandLine: string) => json(`analyze ${commandLine}`) as Promise<AnalyzeJson>;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe('assay analyze --json', () => {
  // torchvision prints parameters in full and GMACs to three decimals, both at the resolution of its weights.
  it.each(REFERENCE_MODELS)('has the published counts of %s', async (name) => {
    const published = findModel(name)?.variant.published.filter(({ convention }) => convention === 'torchvision') ?? [];
    expect(published).not.toHaveLength(0);
    for (const { resolution, parameters, gmacs } of published) {
      const { totals, model, settings } = await analyzed(`${name} --resolution ${resolution}`);
      expect(model.name).toBe(name);
      expect(settings.resolution).toBe(resolution);
      expect(totals.params).toBe(parameters);
      expect((totals.macs / 1e9).toFixed(3)).toBe(Number(gmacs).toFixed(3));
    }
  });

  it('has the fields of the contract, schema first', async () => {
    const document = await analyzed('mobilenet_v2 --layers');
    expect(Object.keys(document)[0]).toBe('schema');
    expect(document.schema).toBe('assay.analyze/1');
    expect(document.model.inputs[0]?.shape).toEqual([1, 3, 224, 224]);
    expect(document.model.outputs[0]?.shape).toEqual([1, 1000]);
    expect(Object.keys(document.totals)).toEqual(['params', 'macs', 'flops', 'transcendentals', 'activationElements']);
    expect(Object.keys(document.memory)).toEqual([
      'weightBytes',
      'peakActivationBytes',
      'arenaBytes',
      'trafficBytes',
      'sumOfOutputsBytes',
    ]);
    expect(document.coverage).toEqual({ status: 'complete', unknown: [], approximated: [] });
    expect(document.warnings).toEqual([]);
    for (const { class: name } of document.classes) expect(OPERATOR_CLASSES).toContain(name);
    expect(Object.keys(document.layers?.[0] ?? {})).toEqual([
      'name',
      'type',
      'class',
      'inputs',
      'outputs',
      'params',
      'macs',
      'flops',
      'bytes',
    ]);
  });

  it('has parts that add up to the totals', async () => {
    const { totals, classes, layers = [] } = await analyzed('efficientnet_b0 --layers --batch 4');
    for (const figure of ['macs', 'flops'] as const) {
      expect(sum(classes.map((part) => part[figure]))).toBe(totals[figure]);
      expect(sum(layers.map((part) => part[figure]))).toBe(totals[figure]);
    }
    expect(sum(layers.map(({ params }) => params))).toBe(totals.params);
    expect(sum(classes.map(({ count }) => count))).toBe(layers.length);
    expect(sum(classes.map(({ shareOfMacs }) => shareOfMacs))).toBeCloseTo(1, 12);
  });

  it('counts the whole batch, and parameters once', async () => {
    const one = await analyzed('resnet18');
    const eight = await analyzed('resnet18 --batch 8');
    expect(eight.totals.macs).toBe(8 * one.totals.macs);
    expect(eight.totals.params).toBe(one.totals.params);
    expect(eight.model.inputs[0]?.shape).toEqual([8, 3, 224, 224]);
  });

  it("is at the model's native resolution unless stated", async () => {
    expect((await analyzed('efficientnet_v2_s')).settings.resolution).toBe(384);
    expect((await analyzed('efficientnet_v2_s -r 224')).settings.resolution).toBe(224);
  });

  it('gives the headline count in the convention asked for', async () => {
    const counts = Object.fromEntries(
      await Promise.all(
        ['assay', 'torchvision', 'fvcore', 'flop-counter', 'papers'].map(async (name) => [
          name,
          (await analyzed(`efficientnet_b0 --convention ${name}`)).convention.count / 1e9,
        ]),
      ),
    ) as Record<string, number>;
    // torchvision prints 0.386, timm (fvcore) 0.40.
    expect(counts.torchvision?.toFixed(3)).toBe('0.386');
    expect(counts.fvcore?.toFixed(1)).toBe('0.4');
    expect(counts['flop-counter']).toBeCloseTo(2 * (counts.torchvision ?? 0), 9);
    expect(counts.papers).toBe(counts.torchvision);
  });

  it('counts memory in the precision and after the fusion asked for', async () => {
    const fp32 = await analyzed('mobilenet_v2');
    const int8 = await analyzed('mobilenet_v2 --precision int8');
    expect(int8.memory.weightBytes).toBe((fp32.memory.weightBytes ?? 0) / 4);
    const eager = await analyzed('mobilenet_v2 --runtime pytorch-2.4-eager --layers');
    expect(eager.settings.fusion).toBe('none');
    // Without fusion the layers' bytes are all the traffic there is.
    expect(sum((eager.layers ?? []).map(({ bytes }) => bytes))).toBe(eager.memory.trafficBytes);
    expect(eager.memory.trafficBytes).toBeGreaterThan(fp32.memory.trafficBytes ?? 0);
  });

  it('lists the variants of a family', async () => {
    const document = (await json('analyze family:mobilenet_v3')) as { models: readonly { model: { name: string } }[] };
    expect(document.models.map(({ model }) => model.name)).toContain('mobilenet_v3_small');
  });

  it("understands timm's spelling", async () => {
    expect((await analyzed('mobilenetv2_100')).model.name).toBe('mobilenet_v2');
  });
});

describe('assay analyze', () => {
  it('states resolution, batch and convention beside the counts', async () => {
    const { stdout, status } = await invoke('analyze resnet18 --batch 2 --convention papers --layers');
    expect(status).toBe(0);
    expect(stdout).toContain('at 224×224, batch 2');
    expect(stdout).toMatch(/Convention: papers, 3\.63 G/);
    expect(stdout).toContain('11,689,512');
    expect(stdout).toContain('Peak live activations');
    expect(stdout).toContain('Coverage complete');
    expect(stdout).toContain('Concurrency');
  });

  it('passes --strict where everything is covered', async () => {
    expect((await invoke('analyze resnet18 --strict')).status).toBe(0);
  });
});
