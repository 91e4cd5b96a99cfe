import type { MappingModel } from './mapping.ts';

/**
 * Systolic arrays, weight-stationary: a block of rows x columns weights is loaded, m activation
 * rows stream through it. k is padded to the rows and n to the columns. The next block loads
 * while the present one streams, so a pass takes max(m, rows) cycles; fill and drain are paid
 * once per kernel. Passes are shared out over all arrays, m being split where there are too few.
 *
 * Depthwise work fills one column and `window` rows of a pass: (window / rows) x (1 / columns)
 * of the array. The compiler takes the vector unit where that is faster.
 */
export const mapToSystolic: MappingModel = (columns, machine, batch, out) => {
  const { geometry } = machine;
  if (geometry.kind !== 'systolic') throw new TypeError('a systolic mapping needs a systolic geometry');
  const { matrixEfficiency, depthwiseEfficiency, vectorEfficiency } = machine.constants;
  const arrayRows = geometry.rows.value;
  const arrayColumns = geometry.columns.value;
  const cells = arrayRows * arrayColumns;
  const cycleSeconds = (2 * cells * machine.units) / (matrixEfficiency * machine.matrixPeak);
  const fillAndDrain = arrayRows + arrayColumns;
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
      const passes = perGroup * Math.ceil(depth / arrayRows) * Math.ceil((n[i] as number) / arrayColumns);
      // Below `rows` activation rows the next block of weights is what the array waits for.
      const streamed = passes * Math.max(m, arrayRows);
      const cycles = Math.max(Math.ceil(streamed / units), Math.min(m, arrayRows)) + fillAndDrain;
      let time = cycles * cycleSeconds;
      if (depthwise[i] === 1) time = Math.min(time, macs * depthwiseSeconds);
      seconds += time;
      // The vector unit may be the faster one for depthwise work; the array is then never more than full.
      utilization = Math.min(1, (2 * macs) / (time * matrixPeak));
      busy = Math.min(units, Math.max(passes, Math.ceil(streamed / arrayRows)));
    }
    computeSeconds[i] = seconds;
    spatialUtilization[i] = utilization;
    busyUnits[i] = busy;
  }
};
