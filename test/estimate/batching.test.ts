/** Batches of devices that do not take all images through a layer together. */
import { describe, expect, it } from 'vitest';
import { estimate } from '../../src/estimate/estimate.ts';
import type { Machine } from '../../src/estimate/machine.ts';
import { compileModel } from '../../src/explore/compile.ts';
import { findModel } from '../../src/zoo/api.ts';
import { namedMachine } from './arbitraries.ts';

const estimateOf = (name: string, machine: Machine, batch: number) => {
  const found = findModel(name);
  if (found === undefined) throw new Error(`no ${name}`);
  return estimate(compileModel(found.variant).workload(machine.runtime.fusion), machine, batch);
};

describe('an Edge TPU, which runs one image after the other', () => {
  const edge = namedMachine('google_edge_tpu');

  // The second streams most of its weights for every image.
  it.each(['mobilenet_v2', 'resnet50'])('takes 16 times as long for 16 images, at the same energy each: %s', (name) => {
    const [one, sixteen] = [estimateOf(name, edge, 1), estimateOf(name, edge, 16)];
    expect(sixteen.latencySeconds / one.latencySeconds).toBeCloseTo(16, 9);
    expect(sixteen.offChipBytes / one.offChipBytes).toBeCloseTo(16, 9);
    expect(sixteen.energyPerInferenceJoules / one.energyPerInferenceJoules).toBeCloseTo(1, 9);
    expect(sixteen.interval.highSeconds / sixteen.latencySeconds).toBeCloseTo(
      one.interval.highSeconds / one.latencySeconds,
      9,
    );
    expect(sixteen.interval.widened).toEqual(one.interval.widened);
    // Times are of one launch, which there are sixteen of.
    expect([...sixteen.kernelTimes().totalSeconds]).toEqual([...one.kernelTimes().totalSeconds]);
  });
});

describe('a dataflow chip, through which images follow one another', () => {
  const hailo = namedMachine('hailo_8');

  it('holds the activations of one image at a time, whatever the batch', () => {
    const perImage = [1, 8, 64].map((batch) => estimateOf('mobilenet_v3_large', hailo, batch).offChipBytes / batch);
    for (const bytes of perImage) expect(bytes / (perImage[0] as number)).toBeCloseTo(1, 9);
    const [one, many] = [1, 64].map((batch) => estimateOf('mobilenet_v3_large', hailo, batch).throughputPerSecond);
    expect((many as number) / (one as number)).toBeGreaterThan(1);
    expect((many as number) / (one as number)).toBeLessThan(1.1);
  });
});

describe('a GPU, which takes all images through a layer together', () => {
  it('spills what a batch has more than its caches hold', () => {
    const gpu = namedMachine('nvidia_rtx4090');
    const perImage = [1, 256].map((batch) => estimateOf('mobilenet_v3_large', gpu, batch).offChipBytes / batch);
    expect(perImage[1]).toBeGreaterThan(2 * 3 * 224 * 224);
    expect(estimateOf('mobilenet_v3_large', gpu, 256).bound).toBe('off-chip memory');
  });
});
