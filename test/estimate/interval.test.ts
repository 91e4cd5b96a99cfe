/** How far a prediction may be off, and why it may be further than its calibration says. */
import { describe, expect, it } from 'vitest';
import { STARTS } from '../../src/estimate/calibrations.ts';
import type { Calibration } from '../../src/estimate/constants.ts';
import { latencyInterval, WIDENING_TEXTS } from '../../src/estimate/interval.ts';

const calibration: Calibration = {
  ...STARTS['simd-cpu'],
  interval: { level: 0.8, low: 0.25, high: 4 },
  batches: [2, 8],
  largestWindow: 25,
};

const at = (batch: number, largeWindowShare = 0, of = calibration, roof = 0) =>
  latencyInterval(of, { batch, largeWindowShare }, 1, roof);

describe('an interval', () => {
  it('is the latency times the quantiles where everything was measured', () => {
    for (const batch of [2, 5, 8]) {
      expect(at(batch)).toEqual({ level: 0.8, lowSeconds: 0.25, highSeconds: 4, widened: [] });
    }
    expect(latencyInterval(calibration, { batch: 4, largeWindowShare: 0 }, 3, 0)).toMatchObject({
      lowSeconds: 0.75,
      highSeconds: 12,
    });
  });

  it('is wider by half of itself outside of the batches that were measured', () => {
    // A quarter and four times to the power of 3/2: an eighth and eight times.
    for (const batch of [1, 9, 256]) {
      const { lowSeconds, highSeconds, widened } = at(batch);
      expect([lowSeconds, highSeconds]).toEqual([expect.closeTo(1 / 8, 12), expect.closeTo(8, 12)]);
      expect(widened).toEqual(['other-batch']);
    }
  });

  it('is where more than a tenth of the time goes to larger depthwise windows than any that were measured', () => {
    expect(at(4, 0.1).widened).toEqual([]);
    const { lowSeconds, highSeconds, widened } = at(4, 0.11);
    expect([lowSeconds, highSeconds]).toEqual([expect.closeTo(1 / 8, 12), expect.closeTo(8, 12)]);
    expect(widened).toEqual(['large-depthwise']);
  });

  it('is where more than a tenth of the time goes to kinds of kernels that were rare, and that of the class where most does', () => {
    const ofClass = { level: 0.8, low: 0.1, high: 20 };
    const rare = (rareKindShare: number, from = ofClass) =>
      latencyInterval(calibration, { batch: 4, largeWindowShare: 0, rareKindShare, ofClass: from }, 1, 0);
    expect(rare(0.1).widened).toEqual([]);
    const { lowSeconds, highSeconds, widened } = rare(0.11);
    expect([lowSeconds, highSeconds]).toEqual([expect.closeTo(1 / 8, 12), expect.closeTo(8, 12)]);
    expect(widened).toEqual(['rare-kernels']);
    expect(rare(0.6)).toMatchObject({ lowSeconds: 0.1, highSeconds: 20, widened: ['rare-kernels'] });
    // A class that is narrower takes nothing off.
    expect(rare(0.6, { level: 0.8, low: 0.5, high: 2 }).highSeconds).toBeCloseTo(8, 12);
  });

  it('is twice as wide for two reasons', () => {
    // To the power of 2: a sixteenth and sixteen times.
    const { lowSeconds, highSeconds, widened } = at(1, 1);
    expect([lowSeconds, highSeconds]).toEqual([expect.closeTo(1 / 16, 12), expect.closeTo(16, 12)]);
    expect(widened).toEqual(['other-batch', 'large-depthwise']);
  });

  it('knows of no host that large batches hid: 0.45 to 1.7 times as fast, beside the batch', () => {
    const waiting = (batch: number, waitShare: number) =>
      latencyInterval(calibration, { batch, largeWindowShare: 0, waitShare }, 1, 0);
    const { lowSeconds, highSeconds, widened } = waiting(1, 0.5);
    expect([lowSeconds, highSeconds]).toEqual([expect.closeTo(0.45 / 8, 12), expect.closeTo(1.7 * 8, 12)]);
    expect(widened).toEqual(['other-batch', 'other-host']);
    // A tenth of the time is not much, and a batch that was measured timed its host.
    expect(waiting(1, 0.1).widened).toEqual(['other-batch']);
    expect(waiting(4, 0.9).widened).toEqual([]);
    expect(waiting(9, 0.9).widened).toEqual(['other-batch']);
  });

  it('of constants that were fitted to no batch in particular is the same at all of them', () => {
    const { batches: _, ...anywhere } = calibration;
    for (const batch of [1, 1024]) expect(at(batch, 0, anywhere).widened).toEqual([]);
  });

  it('does not reach below the roof, and keeps its upper end', () => {
    expect(at(4, 0, calibration, 0.5)).toMatchObject({ lowSeconds: 0.5, highSeconds: 4 });
    expect(at(1, 1, calibration, 0.5)).toMatchObject({ lowSeconds: 0.5, highSeconds: 16 });
    expect(at(4, 0, calibration, 0.2).lowSeconds).toBe(0.25);
  });

  it('has a text for every reason', () => {
    const all = latencyInterval(
      calibration,
      { batch: 1, largeWindowShare: 1, rareKindShare: 1, isOtherMode: true, waitShare: 1 },
      1,
      0,
    ).widened;
    expect(Object.keys(WIDENING_TEXTS)).toEqual(all);
    for (const text of Object.values(WIDENING_TEXTS)) expect(text).toMatch(/^[a-z].*[^.]$/);
  });
});
