import type { MappingModel } from './mapping.ts';

/**
 * SIMD CPU: blocked matrix products over all cores at a share of the peak, a little less where
 * a window slides and its input has to be gathered. Depthwise work has one filter per channel,
 * so no operand is reused across output channels: it runs at a share of the vector peak.
 */
export const mapToSimdCpu: MappingModel = (columns, machine, batch, out) => {
  const { matrixEfficiency, windowEfficiency, depthwiseEfficiency, vectorEfficiency } = machine.constants;
  const matrixSeconds = 2 / (matrixEfficiency * machine.matrixPeak);
  const windowSeconds = matrixSeconds / windowEfficiency;
  // Narrower types speed depthwise work up as they do matrix work: the same SIMD lanes run both.
  const laneGain = Math.max(1, machine.matrixPeak / machine.vectorPeak);
  const depthwiseSeconds = 2 / (depthwiseEfficiency * machine.vectorPeak * laneGain);
  const operationSeconds = 1 / (vectorEfficiency * machine.vectorPeak);
  const { depthwise, window, macsFixed, macsPerItem, flopsFixed, flopsPerItem } = columns;
  const { computeSeconds, spatialUtilization, busyUnits } = out;
  const { units } = machine;
  for (let i = 0; i < columns.length; i++) {
    const macs = (macsFixed[i] as number) + (macsPerItem[i] as number) * batch;
    const operations = (flopsFixed[i] as number) + (flopsPerItem[i] as number) * batch;
    let seconds = operations * operationSeconds;
    let utilization = 0;
    if (macs > 0) {
      if (depthwise[i] === 1) {
        seconds += macs * depthwiseSeconds;
        utilization = depthwiseEfficiency;
      } else {
        const slides = (window[i] as number) > 1;
        seconds += macs * (slides ? windowSeconds : matrixSeconds);
        utilization = slides ? matrixEfficiency * windowEfficiency : matrixEfficiency;
      }
    }
    computeSeconds[i] = seconds;
    spatialUtilization[i] = utilization;
    busyUnits[i] = units;
  }
};
