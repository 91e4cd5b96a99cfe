import { describe, expect, it } from 'vitest';
import type { Study } from '../../../src/explore/study.ts';
import { section } from '../../../src/report/sections/baseline-comparison.ts';
import { build, expectSound, otherBaseline, prose, reference, rowsByModel, small, table } from './study-fixture.ts';

const ratios = (study: Study, id: string) => rowsByModel(study, table(build(section, study), id));

describe('baseline comparison', () => {
  it('is sound on every study', () => expectSound(section));

  it.each([reference, small, otherBaseline])('divides by the baseline of the same run', (study) => {
    for (const device of study.devices) {
      const key = device.device.id.replaceAll('_', '-');
      const base = study.cell(study.baseline, device).estimate;
      for (const { row, model } of ratios(study, 'baseline-latency')) {
        expect(row[key]).toBeCloseTo(study.cell(model, device).estimate.latencySeconds / base.latencySeconds, 12);
      }
      for (const { row, model } of ratios(study, 'baseline-energy')) {
        const energy = study.cell(model, device).estimate.energyPerInferenceJoules;
        expect(row[key]).toBeCloseTo(energy / base.energyPerInferenceJoules, 12);
      }
    }
  });

  it('has the baseline at 1 and in bold, in its place of every list', () => {
    for (const study of [reference, otherBaseline]) {
      const row = ratios(study, 'baseline-latency').find(({ model }) => model === study.baseline)?.row;
      expect([row?.parameters, row?.flops]).toEqual([1, 1]);
      const lists = build(section, study).filter((block) => block.kind === 'list' && block.ordered);
      expect(lists).toHaveLength(2);
      for (const list of lists) {
        if (list.kind !== 'list') continue;
        expect(list.items).toHaveLength(study.models.length);
        expect(list.items.filter((item) => item.startsWith(`**${study.baseline.title}: `))).toHaveLength(1);
      }
    }
  });

  it('orders every model on every device by latency and by energy', () => {
    const blocks = build(section, reference);
    const lines = blocks.flatMap((block) => (block.kind === 'list' && !block.ordered ? block.items : []));
    for (const device of reference.devices) {
      const own = lines.filter((line) => line.startsWith(`**${device.device.name}** (`));
      expect(own).toHaveLength(2);
      const figures = [
        ({ latencySeconds }: { latencySeconds: number }) => latencySeconds,
        ({ energyPerInferenceJoules }: { energyPerInferenceJoules: number }) => energyPerInferenceJoules,
      ];
      for (const [index, line] of own.entries()) {
        const pick = figures[index] as (estimate: ReturnType<typeof reference.cell>['estimate']) => number;
        const places = reference.models
          .toSorted((a, b) => pick(reference.cell(a, device).estimate) - pick(reference.cell(b, device).estimate))
          .map(({ title }) => line.indexOf(`${title} `));
        expect(places).not.toContain(-1);
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(line).toContain(`**${reference.baseline.title} `);
      }
    }
  });

  it('names the models of fewer FLOPs that are predicted slower, and none that is not', () => {
    const text = prose(build(section, reference));
    const base = reference.baseline;
    for (const device of reference.devices) {
      const line = text.split('\n').find((one) => one.startsWith(`**${device.device.name}**:`)) ?? '';
      const named = line.split(' take')[0] ?? '';
      for (const model of reference.models) {
        const slower =
          model.common.totals.flops < base.common.totals.flops &&
          reference.cell(model, device).estimate.latencySeconds > reference.cell(base, device).estimate.latencySeconds;
        expect(named.includes(model.title)).toBe(slower);
      }
    }
  });

  it('changes with the baseline', () => {
    expect(prose(build(section, otherBaseline))).toContain('No model of the study needs fewer FLOPs');
    expect(ratios(small, 'baseline-latency')[0]?.row).not.toEqual(ratios(otherBaseline, 'baseline-latency')[0]?.row);
  });
});
