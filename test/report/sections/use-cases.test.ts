import { describe, expect, it } from 'vitest';
import { section } from '../../../src/report/sections/use-cases.ts';
import { build, expectSound, prose, reference, table } from './study-fixture.ts';

const blocks = build(section, reference);
const modelOf = (title: unknown) => reference.models.find((model) => model.title === title);
const deviceOf = (id: string) => reference.devices.find(({ device }) => device.id === id);

describe('use cases', () => {
  it('are sound on every study', () => expectSound(section));

  it('draw a battery down by inferences and sleep, at the upper end of the interval', () => {
    const { rows } = table(blocks, 'use-case-smart-camera');
    const target = deviceOf('kpu_t2');
    if (target === undefined) throw new Error('no KPU-T2');
    expect(rows).toHaveLength(reference.models.length);
    const first = rows[0];
    const model = modelOf(first?.model);
    if (model === undefined) throw new Error('no such model');
    const { estimate } = reference.cell(model, target, { resolution: model.native.resolution });
    const { highSeconds } = estimate.interval;
    const watts = target.device.power.static.value;
    const joules = estimate.energy.total + watts * (highSeconds - estimate.latencySeconds);
    const sleep = target.device.power.sleep?.value ?? Number.NaN;
    const power = 30 * joules + sleep * (1 - 30 * highSeconds);
    // 10 Wh × 85 % × 90 % are 27,540 J.
    const days = 27_540 / power / 86_400;
    expect(first?.binding).toContain(`battery life: ${days.toFixed(1)} days against at least 365 days`);
    expect(prose(blocks)).toContain('**Nothing holds.** Battery life binds most often');
  });

  it('recommend the most accurate of what holds', () => {
    const { rows } = table(blocks, 'use-case-mobile-app');
    const holding = rows.filter(({ verdict }) => verdict === true);
    for (const row of rows) {
      const isAccurate = Number(row.top1) >= 75;
      expect(row.verdict).toBe(isAccurate && Number(row.high) <= 0.1);
    }
    const best = holding.reduce((a, b) => (Number(b.top1) > Number(a.top1) ? b : a));
    const tied = holding.filter(({ top1 }) => top1 === best.top1);
    const winner = tied.reduce((a, b) => (Number(b.energy) < Number(a.energy) ? b : a));
    expect(prose(blocks)).toContain(`**Recommended: ${winner.model} on ${winner.device}**`);
  });

  it('say which recommendations of the earlier report survive', () => {
    const { rows } = table(blocks, 'proposed-smart-camera');
    expect(rows.map(({ model, survives }) => [model, survives])).toEqual([['mobilenet_v3_small', false]]);
    expect(table(blocks, 'proposed-edge-server').rows.map(({ survives }) => survives)).toEqual([true, true]);
  });
});
