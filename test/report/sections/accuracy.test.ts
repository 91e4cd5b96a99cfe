import { describe, expect, it } from 'vitest';
import type { Study } from '../../../src/explore/study.ts';
import { accuracyFront, accuracyPoints, kneeOf } from '../../../src/report/figures/accuracy.ts';
import { section } from '../../../src/report/sections/accuracy.ts';
import { build, expectSound, prose, reference, small, table } from './study-fixture.ts';

describe('accuracy', () => {
  it('is sound on every study', () => expectSound(section));

  it('has on the front exactly the models that no other beats', () => {
    for (const device of reference.devices) {
      const points = accuracyPoints(reference, device);
      const beaten = points.filter((point) =>
        points.some(
          (other) =>
            other !== point &&
            other.top1 >= point.top1 &&
            other.cell.estimate.latencySeconds <= point.cell.estimate.latencySeconds,
        ),
      );
      const { rows } = table(build(section, reference), `front-${device.device.id.replaceAll('_', '-')}`);
      const expected = points.filter((point) => !beaten.includes(point)).map(({ cell }) => cell.model.title);
      expect(rows.map(({ model }) => model).sort()).toEqual([...expected].sort());
      for (const row of rows) {
        const model = reference.models.find(({ title }) => title === row.model);
        expect(row.resolution).toBe(model?.nativeResolution);
      }
    }
  });

  it('finds the knee above the line between the ends', () => {
    const [device] = reference.devices;
    if (device === undefined) throw new Error('no device');
    const points = accuracyPoints(reference, device);
    const at = (index: number, latency: number, top1: number) => {
      const point = points[index];
      if (point === undefined) throw new Error('no point');
      const estimate = { ...point.cell.estimate, latencySeconds: latency as typeof point.cell.estimate.latencySeconds };
      return { cell: { ...point.cell, estimate }, top1 };
    };
    const front = [at(0, 1, 0.6), at(1, 10, 0.78), at(2, 100, 0.8)];
    expect(kneeOf(front)).toBe(front[1]);
    expect(kneeOf([at(0, 1, 0.6), at(1, 10, 0.62), at(2, 100, 0.8)])).toBeUndefined();
    expect(kneeOf(front.slice(0, 2))).toBeUndefined();
  });

  it('draws one chart per device with every interval', () => {
    const charts = build(section, small).filter((block) => block.kind === 'chart');
    expect(charts.map(({ id }) => id)).toEqual(['pareto-nvidia-h100-pcie', 'pareto-kpu-t2']);
    for (const { svg, alternative } of charts) {
      const intervals = /class="assay-intervals"[^>]*>([\s\S]*?)<\/g>/.exec(svg)?.[1];
      expect(intervals?.match(/<line/g)).toHaveLength(small.models.length);
      expect(alternative).toContain('80 % interval');
    }
  });

  it('leaves out models without a published accuracy and says so', () => {
    const [first, ...rest] = small.models;
    if (first === undefined) throw new Error('no model');
    const { accuracy: _, ...variant } = first.entry.variant;
    const study: Study = { ...small, models: [{ ...first, entry: { ...first.entry, variant } }, ...rest] };
    const blocks = build(section, study);
    expect(prose(blocks)).toContain(`Left out for want of a published accuracy: ${first.title}.`);
    const front = accuracyFront(accuracyPoints(study, small.devices[0] as (typeof small.devices)[number]));
    expect(front.some(({ cell }) => cell.model.title === first.title)).toBe(false);
  });
});
