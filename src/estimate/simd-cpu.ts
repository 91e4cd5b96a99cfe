import type { KernelColumns } from '../analysis/kernel-columns.ts';
import type { Machine } from './machine.ts';
import type { MappingModel } from './mapping.ts';
import { depthwiseShare, macSecondsAt, ratesOf } from './rates.ts';
import { rememberedPer } from './remembered.ts';

/** Seconds without a batch, seconds of an item, and the share of the peak that the products reach. */
const RECORD = 3;

/** Everything is proportional to the work, so that the batch only scales it. */
const timesOf = rememberedPer((columns: KernelColumns, machine: Machine): Float64Array => {
  const { geometry, constants, matrixPeak, vectorPeak } = machine;
  if (geometry.kind !== 'simd-cpu') throw new TypeError('a CPU mapping needs a CPU geometry');
  const rates = ratesOf(machine);
  const { operationSeconds, transcendentalSeconds } = rates;
  const lanes = geometry.lanes.value;
  // Narrower types speed depthwise work up as they do matrix work: the same SIMD lanes run both.
  const laneGain = Math.max(1, matrixPeak / vectorPeak);
  const depthwiseSeconds = 2 / (vectorPeak * laneGain);
  const { depthwise, product, window, n, k, macsFixed, macsPerItem, flopsFixed, flopsPerItem } = columns;
  const { transcendentalsFixed, transcendentalsPerItem } = columns;
  const records = new Float64Array(RECORD * columns.length);
  for (let i = 0, at = 0; i < columns.length; i++, at += RECORD) {
    const fixed = macsFixed[i] as number;
    const perItem = macsPerItem[i] as number;
    let macSeconds = 0;
    if (fixed + perItem > 0) {
      if (depthwise[i] === 1) macSeconds = depthwiseSeconds / depthwiseShare(constants, window[i] as number);
      else {
        const wide = n[i] as number;
        const padded = Math.ceil(wide / lanes) * lanes;
        macSeconds = (macSecondsAt(rates, product[i] as number, wide, k[i] as number) * padded) / wide;
      }
      records[at + 2] = Math.min(1, 2 / (macSeconds * matrixPeak));
    }
    records[at] =
      fixed * macSeconds +
      (flopsFixed[i] as number) * operationSeconds +
      (transcendentalsFixed[i] as number) * transcendentalSeconds;
    records[at + 1] =
      perItem * macSeconds +
      (flopsPerItem[i] as number) * operationSeconds +
      (transcendentalsPerItem[i] as number) * transcendentalSeconds;
  }
  return records;
});

/**
 * SIMD CPU: blocked matrix products over all cores at a share of the peak that falls for narrow and for shallow ones;
 * columns are padded to whole SIMD registers. Depthwise work has one filter per channel, so no operand is reused across
 * output channels: it runs at a share of the vector peak that depends on its window.
 */
export const mapToSimdCpu: MappingModel = (columns, machine, batch, out) => {
  const records = timesOf(columns, machine);
  const { units } = machine;
  const { computeSeconds, spatialUtilization, busyUnits } = out;
  const { length } = columns;
  for (let i = 0, at = 0; i < length; i++, at += RECORD) {
    computeSeconds[i] = (records[at] as number) + (records[at + 1] as number) * batch;
    spatialUtilization[i] = records[at + 2] as number;
    busyUnits[i] = units;
  }
};
