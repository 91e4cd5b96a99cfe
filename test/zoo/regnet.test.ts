import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/ir/graph.ts';
import type { BuildOptions, ModelVariant } from '../../src/zoo/family.ts';
import { ModelOptionError } from '../../src/zoo/options.ts';
import { family, type RegNetConfig, regNetStages } from '../../src/zoo/regnet.ts';
import { part } from './part.ts';

const build = (name: string, options?: BuildOptions): Graph =>
  (family.variants.find((variant) => variant.name === name) as ModelVariant).build(options);

const X_400MF: RegNetConfig = {
  depth: 22,
  initialWidth: 24,
  slope: 24.48,
  multiplier: 2.54,
  groupWidth: 16,
  squeezeExcitation: false,
  compatibility: 'nearest',
};

describe('RegNet', () => {
  it('quantizes linearly growing widths and gathers equal ones into stages', () => {
    // 24 x 2.54^k is 24, 60.96, 154.84 and 393.29; multiples of 8: 24, 64, 152 and 392. Of 16, halves to even:
    // 1.5, 4, 9.5 and 24.5 groups become 2, 4, 10 and 24.
    expect(regNetStages(X_400MF)).toEqual([
      { width: 32, depth: 1, groupWidth: 16 },
      { width: 64, depth: 2, groupWidth: 16 },
      { width: 160, depth: 7, groupWidth: 16 },
      { width: 384, depth: 12, groupWidth: 16 },
    ]);
  });

  it('rounds halves up where torchvision makes the widths fit their groups', () => {
    const widths = regNetStages({ ...X_400MF, compatibility: 'at-least-90-percent' }).map(({ width }) => width);
    expect(widths).toEqual([32, 64, 160, 400]);
  });

  it('never has groups wider than the stage', () => {
    // 24 channels do not fill a group of 232: they are a group of their own.
    const [first] = regNetStages({ ...X_400MF, groupWidth: 232 });
    expect(first).toEqual({ width: 24, depth: 1, groupWidth: 24 });
  });

  it('convolves every group with itself alone', () => {
    // 400 channels, 16 of each group as input, 9 taps, 7 x 7 positions.
    expect(part(build('regnet_x_400mf'), 'stage4.1.conv2').macs).toBe(400 * 16 * 9 * 49);
  });

  it('squeezes to a quarter of what enters the block', () => {
    // 32 channels enter, 48 are gated: 48 x 8 and back, with biases.
    expect(part(build('regnet_y_400mf'), 'stage1.0.se').params).toBe(48 * 8 + 8 + 8 * 48 + 48);
  });

  it('projects the shortcut of the first block of a stage only', () => {
    const graph = build('regnet_x_400mf');
    const projected = graph.nodes.filter(({ name }) => name.endsWith('downsample.conv')).map(({ name }) => name);
    expect(projected).toEqual([1, 2, 3, 4].map((stage) => `stage${stage}.0.downsample.conv`));
  });

  it('takes images that are not square, and none below its total stride', () => {
    // 3 x 32 channels x 9 taps x 32 x 48 positions.
    expect(part(build('regnet_x_400mf', { resolution: 64, imageWidth: 96 }), 'stem').macs).toBe(864 * 32 * 48);
    expect(() => build('regnet_x_400mf', { resolution: 31 })).toThrow(ModelOptionError);
  });
});
