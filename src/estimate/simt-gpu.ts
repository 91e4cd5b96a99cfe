import { K_STEP, SPLIT_K_DEPTH, TILE_COLUMNS, TILE_COST, TILE_ROWS } from './gpu-tiles.ts';
import type { MappingModel } from './mapping.ts';

/**
 * SIMT GPU: output tiles are dealt to multiprocessors in waves; a last wave that is not full
 * costs as much as a full one. Long products with few tiles are split along k. Depthwise work
 * has k = window and one column per group: it runs on the vector units.
 */
export const mapToSimtGpu: MappingModel = (columns, machine, batch, out) => {
  const { matrixEfficiency, depthwiseEfficiency, vectorEfficiency } = machine.constants;
  const depthwiseSeconds = 2 / (depthwiseEfficiency * machine.vectorPeak);
  const operationSeconds = 1 / (vectorEfficiency * machine.vectorPeak);
  const unitSeconds = (2 * machine.units) / (matrixEfficiency * machine.matrixPeak);
  const { units, matrixPeak } = machine;
  const { depthwise, groups, n, k, mFixed, mPerItem, macsFixed, macsPerItem, flopsFixed, flopsPerItem } = columns;
  const { computeSeconds, spatialUtilization, busyUnits } = out;
  for (let i = 0; i < columns.length; i++) {
    const macs = (macsFixed[i] as number) + (macsPerItem[i] as number) * batch;
    const operations = (flopsFixed[i] as number) + (flopsPerItem[i] as number) * batch;
    let seconds = operations * operationSeconds;
    let utilization = 0;
    let busy = units;
    if (macs > 0) {
      const depth = k[i] as number;
      const perGroup = groups[i] as number;
      if (depthwise[i] === 1) {
        seconds += macs * depthwiseSeconds;
        utilization = Math.min(1, (depthwiseEfficiency * machine.vectorPeak) / matrixPeak);
      } else {
        const m = (mFixed[i] as number) + (mPerItem[i] as number) * batch;
        const columnsOut = n[i] as number;
        const maximumSplit = Math.max(1, Math.floor(depth / SPLIT_K_DEPTH));
        let best = Number.POSITIVE_INFINITY;
        const outputs = m * columnsOut * perGroup;
        for (let shape = 0; shape < TILE_ROWS.length; shape++) {
          // Without any padding this shape would still be slower than the best so far.
          if (outputs * (TILE_COST[shape] as number) >= best * units) break;
          const tileRows = TILE_ROWS[shape] as number;
          const tileColumns = TILE_COLUMNS[shape] as number;
          const blocks = Math.ceil(m / tileRows) * Math.ceil(columnsOut / tileColumns) * perGroup;
          let time = tileRows * tileColumns * (TILE_COST[shape] as number);
          let launched = blocks;
          if (blocks >= units) time *= Math.ceil(blocks / units);
          else if (maximumSplit > 1) {
            // Fewer blocks than multiprocessors: split along k, into one wave or, where that fills them better, into more.
            let waves = 1;
            let split = 1;
            for (let parts = 2; parts <= maximumSplit; parts++) {
              const needed = Math.ceil((blocks * parts) / units);
              if (needed * split >= waves * parts) continue;
              waves = needed;
              split = parts;
            }
            time *= waves / split;
            launched = blocks * split;
          }
          if (time < best) {
            best = time;
            busy = Math.min(launched, units);
          }
        }
        best *= Math.ceil(depth / K_STEP) * K_STEP * unitSeconds;
        seconds += best;
        utilization = (macs * 2) / (best * matrixPeak);
      }
    }
    computeSeconds[i] = seconds;
    spatialUtilization[i] = utilization;
    busyUnits[i] = busy;
  }
};
