import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../../../src/estimate/roofs.ts';
import { classShares, kernelFigures, rooflinePoints, staysOnChip } from '../../../src/report/figures/roofline.ts';
import { section } from '../../../src/report/sections/roofline.ts';
import { build, expectSound, prose, reference, rowsByModel, small, table, target } from './study-fixture.ts';

describe('roofline', () => {
  it('is sound on every study', () => expectSound(section));

  it('shares the whole predicted time out to the bounds', () => {
    for (const device of reference.devices) {
      const bounds = table(build(section, reference), `bounds-${device.device.id.replaceAll('_', '-')}`);
      for (const { row } of rowsByModel(reference, bounds)) {
        expect(BOUNDS.reduce((sum, bound) => sum + Number(row[bound]), 0)).toBeCloseTo(1, 9);
      }
    }
  });

  it('places no kernel above the roofs', () => {
    for (const device of reference.devices) {
      const peak = device.device.matrixPeaks[device.precision]?.value ?? Number.NaN;
      const roof = Math.max(peak, device.device.vectorPeak.value);
      for (const model of reference.models) {
        const cell = reference.cell(model, device);
        const kernels = kernelFigures(reference, cell);
        expect(kernels).toHaveLength(cell.estimate.kernelTimes().length);
        for (const kernel of kernels.filter((one) => !staysOnChip(one))) {
          const [{ intensity, operationsPerSecond } = { intensity: 0, operationsPerSecond: 0 }] = rooflinePoints([
            kernel,
          ]);
          // Matrix and vector unit may run side by side only as far as the model of time lets them: not at all.
          expect(operationsPerSecond).toBeLessThanOrEqual(roof * (1 + 1e-9));
          expect(operationsPerSecond).toBeLessThanOrEqual(
            intensity * device.device.offChip.bandwidth.value * (1 + 1e-9),
          );
        }
      }
    }
  });

  it('splits FLOPs and time of a model by class of kernel', () => {
    const cell = small.cell(small.baseline, target(small, 'kpu_t2'));
    const shares = classShares(small, cell);
    const total = (pick: (share: (typeof shares)[number]) => number) =>
      shares.reduce((sum, share) => sum + pick(share), 0);
    expect(total(({ shareOfFlops }) => shareOfFlops)).toBeCloseTo(1, 9);
    const { totalSeconds } = cell.estimate.kernelTimes();
    const inKernels = totalSeconds.reduce((sum, seconds) => sum + seconds, 0);
    expect(total(({ shareOfTime }) => shareOfTime)).toBeCloseTo(inKernels / cell.estimate.latencySeconds, 9);
  });

  it('draws every kernel that has a place and counts the others', () => {
    const charts = build(section, small).filter((block) => block.kind === 'chart');
    expect(charts.map(({ id }) => id)).toEqual(['roofline-nvidia-h100-pcie', 'roofline-kpu-t2']);
    small.devices.forEach((device, index) => {
      const kernels = small.models.flatMap((model) => kernelFigures(small, small.cell(model, device)));
      const away = kernels.filter(staysOnChip);
      const drawn = /class="assay-kernels"[^>]*>([\s\S]*?)<\/g>/.exec(charts[index]?.svg ?? '')?.[1];
      // Kernels of repeated blocks share a mark: marks and the alike ones they stand for are all kernels with arithmetic.
      const marks = drawn?.match(/<title>/g)?.length ?? 0;
      const alike = [...(drawn ?? '').matchAll(/ and (\d+) alike/g)].reduce((sum, match) => sum + Number(match[1]), 0);
      expect(marks + alike).toBe(kernels.filter(({ flops }) => flops > 0).length - away.length);
      expect(alike).toBeGreaterThan(0);
      expect(charts[index]?.caption).toContain(`Not drawn: ${away.length} kernels`);
    });
    expect(prose(build(section, small))).toContain('ridge point of 371 FLOP/B');
  });
});
