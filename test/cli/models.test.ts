import { describe, expect, it } from 'vitest';
import { allModels, families, varied } from '../../src/index.ts';
import { invoke, json } from './invoke.ts';

interface Listed {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly family: string;
  readonly params: number;
  readonly macs: number;
  readonly resolution: number | null;
  readonly top1: number | null;
  readonly top5: number | null;
  readonly sources: readonly string[];
}

describe('assay models', () => {
  it('lists every variant of the zoo with counts, size, accuracy and sources', async () => {
    const { models } = (await json('models')) as { readonly models: readonly Listed[] };
    expect(models.map(({ name }) => name)).toEqual(allModels().map(({ variant }) => variant.name));
    for (const model of models) {
      expect(model.params > 0 && model.macs > 0).toBe(true);
      expect(model.sources.length).toBeGreaterThan(0);
      expect([model.name, model.top1 === null || model.top1 < 100]).toEqual([model.name, true]);
    }
    expect(models.find(({ name }) => name === 'resnet50')).toMatchObject({
      family: 'resnet',
      params: 25_557_032,
      macs: 4_089_184_256,
      resolution: 224,
      top1: 80.858,
      top5: 95.434,
    });
  });

  it('counts what analyze counts', async () => {
    const { models } = (await json('models --family mobilenet_v3')) as { readonly models: readonly Listed[] };
    for (const { name, params, macs } of models) {
      expect(await json(`analyze ${name}`)).toMatchObject({ totals: { params, macs } });
    }
  });

  it('shows one model with its published figures, accuracies and what its convolutions save', async () => {
    const shown = (await json('models mobilenet_v2')) as {
      readonly published: readonly { readonly agrees: boolean; readonly note: string | null }[];
      readonly accuracies: readonly { readonly precision: string }[];
      readonly convolutions: readonly { readonly convolutions: string; readonly macsRatio: number }[];
    };
    expect(shown.published.length).toBeGreaterThan(2);
    expect(shown.published.filter(({ agrees, note }) => !agrees && note === null)).toEqual([]);
    expect(shown.accuracies.map(({ precision }) => precision)).toEqual(expect.arrayContaining(['float', 'int8']));
    expect(shown.convolutions[0]?.convolutions).toBe('standard');
    expect(shown.convolutions[0]?.macsRatio).toBeGreaterThan(2);
  });
});

describe('assay models --explain', () => {
  it('holds stated multipliers against counts and predicted time', async () => {
    const { models, base } = (await json('models --family efficientnet --explain')) as {
      readonly base: string;
      readonly models: readonly Readonly<Record<string, number | string | null>>[];
    };
    expect(base).toBe('efficientnet_b0');
    const largest = models.find(({ name }) => name === 'efficientnet_b7');
    // 600 / 224 pixels, 2.0 of width and 3.1 of depth.
    expect(largest?.macsStated).toBeCloseTo(2 ** 2 * 3.1 * (600 / 224) ** 2, 9);
    expect(largest?.paramsStated).toBeCloseTo(12.4, 9);
    expect(Number(largest?.macsGrowth)).toBeCloseTo(37.746 / 0.3858, 1);
    expect(Number(largest?.latencyGrowth)).toBeGreaterThan(10);
  });

  it('works for every family', async () => {
    for (const { id } of families) {
      const { status, stdout, stderr } = await invoke(`models --family ${id} --explain`);
      expect([id, status, stderr]).toEqual([id, 0, '']);
      expect(stdout).not.toMatch(/NaN|Infinity|undefined/);
    }
  }, 120_000);
});

describe('models built otherwise than published', () => {
  it.each([
    ['mobilenet_v2 --width 0.75', 'mobilenetv2_075', 'mobilenet_v2[width=0.75]'],
    ['efficientnet_b0 --classes 1000', 'efficientnet_b0', 'efficientnet_b0[classes=1000]'],
  ])('%s counts as %s', async (words, same, name) => {
    const one = (await json(`analyze ${words}`)) as {
      readonly model: { readonly name: string };
      readonly totals: unknown;
    };
    const other = (await json(`analyze ${same}`)) as { readonly totals: unknown };
    expect(one.totals).toEqual(other.totals);
    expect(one.model.name).toBe(name);
  });

  it('are estimated, and quote no figure of the network as published', async () => {
    const { rows } = (await json('estimate mobilenet_v2 --convolutions standard --on i7')) as {
      readonly rows: readonly { readonly model: string; readonly latencySeconds: number }[];
    };
    const own = (await json('estimate mobilenet_v2 --on i7')) as typeof rows extends never
      ? never
      : { readonly rows: typeof rows };
    expect(rows[0]?.model).toBe('mobilenet_v2[convolutions=standard]');
    expect(rows[0]?.latencySeconds).toBeGreaterThan(own.rows[0]?.latencySeconds ?? Number.POSITIVE_INFINITY);
    const [entry] = allModels();
    if (entry === undefined) throw new Error('an empty zoo');
    const { accuracy, published } = varied(entry.variant, { convolutions: 'separable' });
    expect({ accuracy, published }).toEqual({ accuracy: undefined, published: [] });
    expect(varied(entry.variant, {})).toBe(entry.variant);
  });

  const REFUSALS: readonly (readonly [words: string, code: string, says: string])[] = [
    ['analyze resnet50 --width 0.5', 'unsupported-option', 'families that have one: '],
    ['analyze resnet50 --tokens 5', 'unsupported-option', 'number of tokens'],
    ['analyze resnet50 --width none', 'invalid-width', 'as in 0.75'],
    ['analyze mobilenet_v2 --width 0', 'invalid-width', 'from 0.01 to 16'],
    ['analyze mobilenet_v2 --width 1e3', 'invalid-width', 'from 0.01 to 16'],
    ['analyze mobilenet_v2 --convolutions fancy', 'invalid-convolutions', 'standard or separable'],
    ['analyze resnet50 --resolution 16', 'illegal-resolution', 'nearest: 32'],
    ['analyze vit_b_16 --resolution 230', 'illegal-resolution', 'nearest: 224 or 240'],
    ['estimate vit_b_16 --on i7 --resolution 230', 'illegal-resolution', 'nearest: 224 or 240'],
    ['report --models vit_b_16,resnet18 --resolution 230', 'illegal-resolution', 'vit_b_16: '],
    ['report --width 0.5', 'conflicting-options', '--models NAME'],
    ['models --explain', 'missing-option', '--family NAME'],
    ['models resnet18 --explain', 'missing-option', '--family NAME'],
    ['models resnet18 --family resnet', 'conflicting-options', 'one of the two'],
    ['models --on i7', 'conflicting-options', '--explain'],
    ['models --family resnet --explain --on i8', 'unknown-device', 'i8'],
  ];
  it.each(REFUSALS)('%s is refused', async (words, code, says) => {
    const { status, stdout, stderr } = await invoke(words);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`error: ${code}: `);
    expect(stderr).toContain(says);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});
