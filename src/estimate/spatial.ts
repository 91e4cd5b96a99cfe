import type { MappingModel } from './mapping.ts';

/**
 * Spatial, domain-flow tiles, output-stationary: each tile holds a block of rows x columns
 * outputs while k operands stream past. Blocks are dealt to the tiles; one tile runs its share
 * as one stream, so fill and drain are paid once per run and not per block:
 *
 *   u = blocks x k / (blocks x k + fill + drain)
 *
 * Depthwise work has one column per group, 1 / columns of a tile; the vector engine beside each
 * tile takes it where that is faster, and takes everything element-wise.
 */
export const mapToSpatial: MappingModel = (columns, machine, batch, out) => {
  const { geometry } = machine;
  if (geometry.kind !== 'spatial') throw new TypeError('a spatial mapping needs a spatial geometry');
  const { matrixEfficiency, depthwiseEfficiency, vectorEfficiency } = machine.constants;
  const tileRows = geometry.rows.value;
  const tileColumns = geometry.columns.value;
  const fillAndDrain = tileRows + tileColumns;
  const cycleSeconds = (2 * tileRows * tileColumns * machine.units) / (matrixEfficiency * machine.matrixPeak);
  const depthwiseSeconds = 2 / (depthwiseEfficiency * machine.vectorPeak);
  const operationSeconds = 1 / (vectorEfficiency * machine.vectorPeak);
  const { depthwise, groups, n, k, mFixed, mPerItem, macsFixed, macsPerItem, flopsFixed, flopsPerItem } = columns;
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
      const depth = k[i] as number;
      const perGroup = groups[i] as number;
      const blocks = perGroup * Math.ceil(m / tileRows) * Math.ceil((n[i] as number) / tileColumns);
      const run = Math.ceil(blocks / units);
      let time = (run * depth + fillAndDrain) * cycleSeconds;
      busy = Math.min(units, blocks);
      if (depthwise[i] === 1) time = Math.min(time, macs * depthwiseSeconds);
      seconds += time;
      // The vector unit may be the faster one for depthwise work; the array is then never more than full.
      utilization = Math.min(1, (2 * macs) / (time * matrixPeak));
    }
    computeSeconds[i] = seconds;
    spatialUtilization[i] = utilization;
    busyUnits[i] = busy;
  }
};
