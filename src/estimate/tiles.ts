import type { Machine } from './machine.ts';
import { UNIT_NAMES } from './machine.ts';
import type { KernelSums } from './roofs.ts';

export interface TileSummary {
  /** What a tile is on this machine: a core, an SM, an array or a tile. */
  readonly unit: string;
  readonly available: number;
  /**
   * Local memories that the largest working set (weights, input and output of one kernel) fills:
   * bytes / bytes of one unit's memory, rounded up. More than `available` means it is streamed.
   */
  readonly largest: number;
  /** Launches of kernels whose working set fits in the units' memories at once. */
  readonly resident: number;
  /** Launches in all: a kernel of a loop counts once for every iteration. */
  readonly kernels: number;
  /** Units with work, and share of multiply-accumulate units doing useful work, weighted by compute time. */
  readonly meanBusy: number;
  readonly meanSpatialUtilization: number;
}

/** Tiles from real working sets: products of extents against the memory of one unit. */
export const countTiles = (machine: Machine, sums: KernelSums): TileSummary => ({
  unit: UNIT_NAMES[machine.geometry.kind],
  available: machine.units,
  largest: Math.ceil(sums.largestWorkingSet / machine.unitBytes),
  resident: sums.residentKernels,
  kernels: sums.launches,
  meanBusy: sums.busyUnits,
  meanSpatialUtilization: sums.spatialUtilization,
});
