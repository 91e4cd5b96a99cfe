import type { MappingModel } from './mapping.ts';
import { ratesOf } from './rates.ts';

/**
 * Fixed-function engines: each sums `rows` products (input channels x window) for `columns` output
 * channels in a cycle. k is padded to the rows and n to the columns, group by group; every one of
 * the m positions of a pass takes a cycle, and the positions of all passes are shared out over the
 * engines. The first block of weights loads row by row before anything is summed; those after it
 * load while the one before is in use.
 *
 * Depthwise work has only its window to sum and one column per group. The vector path takes it
 * where that is faster.
 */
export const mapToNpu: MappingModel = (columns, machine, batch, out) => {
  const { geometry } = machine;
  if (geometry.kind !== 'npu') throw new TypeError('an NPU mapping needs an NPU geometry');
  const { depthwiseEfficiency, vectorEfficiency } = machine.constants;
  const { macSeconds, fastestMacSeconds } = ratesOf(machine);
  const engineRows = geometry.rows.value;
  const engineColumns = geometry.columns.value;
  const macsPerCycle = engineRows * engineColumns * machine.units;
  const depthwiseSeconds = 2 / (depthwiseEfficiency * machine.vectorPeak);
  const operationSeconds = 1 / (vectorEfficiency * machine.vectorPeak);
  const { depthwise, product, groups, n, k, mFixed, mPerItem, macsFixed, macsPerItem, flopsFixed, flopsPerItem } =
    columns;
  const { computeSeconds, spatialUtilization, busyUnits } = out;
  const { units, matrixPeak } = machine;
  for (let i = 0; i < columns.length; i++) {
    const macs = (macsFixed[i] as number) + (macsPerItem[i] as number) * batch;
    const operations = (flopsFixed[i] as number) + (flopsPerItem[i] as number) * batch;
    let seconds = operations * operationSeconds;
    let utilization = 0;
    let busy = units;
    if (macs > 0) {
      const m = (mFixed[i] as number) + (mPerItem[i] as number) * batch;
      const perGroup = Math.ceil((k[i] as number) / engineRows) * Math.ceil((n[i] as number) / engineColumns);
      const positions = (groups[i] as number) * perGroup * m;
      const cycleSeconds = Math.max(fastestMacSeconds, macSeconds[product[i] as number] as number) * macsPerCycle;
      let time = (Math.ceil(positions / units) + engineRows) * cycleSeconds;
      busy = Math.min(units, positions);
      if (depthwise[i] === 1) time = Math.min(time, macs * depthwiseSeconds);
      seconds += time;
      // The vector path may be the faster one for depthwise work; the engines are then never more than full.
      utilization = Math.min(1, (2 * macs) / (time * matrixPeak));
    }
    computeSeconds[i] = seconds;
    spatialUtilization[i] = utilization;
    busyUnits[i] = busy;
  }
};
