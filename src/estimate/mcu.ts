import type { MappingModel } from './mapping.ts';

/**
 * Microcontroller cores: kernels from a library that packs two or more narrow products into one
 * register. Plain products reach a share of the peak, those that slide a window a little less, since
 * their input is gathered first. Depthwise work has one filter per channel, so each operand that is
 * loaded is used once: a share of its own. Everything element-wise runs on the same cores, after it.
 */
export const mapToMcu: MappingModel = (columns, machine, batch, out) => {
  const { matrixEfficiency, windowEfficiency, depthwiseEfficiency, vectorEfficiency } = machine.constants;
  const productSeconds = 2 / machine.matrixPeak;
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
      if (depthwise[i] === 1) utilization = depthwiseEfficiency;
      else utilization = (window[i] as number) > 1 ? matrixEfficiency * windowEfficiency : matrixEfficiency;
      seconds += (macs * productSeconds) / utilization;
    }
    computeSeconds[i] = seconds;
    spatialUtilization[i] = utilization;
    busyUnits[i] = units;
  }
};
