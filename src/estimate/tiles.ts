import type { Machine } from './machine.ts';
import { UNIT_NAMES } from './machine.ts';
import type { KernelTimes } from './roofs.ts';

export interface TileSummary {
  /** What a tile is on this machine: a core, an SM, an array or a tile. */
  readonly unit: string;
  readonly available: number;
  /**
   * Local memories that the largest working set (weights, input and output of one kernel) fills:
   * bytes / bytes of one unit's memory, rounded up. More than `available` means it is streamed.
   */
  readonly largest: number;
  /** Kernels whose working set fits in the units' memories at once. */
  readonly resident: number;
  readonly kernels: number;
  /** Units with work, and share of multiply-accumulate units doing useful work, weighted by compute time. */
  readonly meanBusy: number;
  readonly meanSpatialUtilization: number;
}

/** Tiles from real working sets: products of extents against the memory of one unit. */
export const countTiles = (machine: Machine, times: KernelTimes): TileSummary => {
  let largest = 0;
  let resident = 0;
  let computeSeconds = 0;
  let busy = 0;
  let utilization = 0;
  for (let i = 0; i < times.length; i++) {
    const tiles = Math.ceil((times.onChipBytes[i] as number) / machine.unitBytes);
    if (tiles > largest) largest = tiles;
    if (tiles <= machine.units) resident++;
    const compute = times.computeSeconds[i] as number;
    computeSeconds += compute;
    busy += compute * (times.busyUnits[i] as number);
    utilization += compute * (times.spatialUtilization[i] as number);
  }
  return {
    unit: UNIT_NAMES[machine.geometry.kind],
    available: machine.units,
    largest,
    resident,
    kernels: times.length,
    meanBusy: computeSeconds === 0 ? 0 : busy / computeSeconds,
    meanSpatialUtilization: computeSeconds === 0 ? 0 : utilization / computeSeconds,
  };
};
