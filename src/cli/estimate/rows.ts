/** The cells of `assay estimate` as JSON in SI units, as rows of CSV, and as one table. */
import { type Estimate, memoryFigures } from '../../index.ts';
import type { CsvTable } from '../output.ts';
import type { FlexibleTable } from '../render/table.ts';
import { calibrationText, type EstimateCell } from './cells.ts';
import { kernelRows } from './kernels.ts';
import { arithmeticJson, ranText } from './precisions.ts';

export const ESTIMATE_SCHEMA = 'assay.estimate/1';

const calibrationJson = ({ calibration }: Estimate) => ({
  id: calibration.id,
  kind: calibration.kind,
  source: calibration.source,
  heldOut: calibration.heldOut ?? null,
});

/** Every figure in SI base units, the unit in its name. Counts, bytes and energy terms are for the whole batch. */
export const estimateJson = (cell: EstimateCell, withLayers: boolean) => {
  const { entry, compiled, target, estimate } = cell;
  const { interval, energy, tiles } = estimate;
  return {
    model: entry.variant.name,
    family: entry.family.id,
    resolution: compiled.resolution ?? null,
    batch: estimate.batch,
    precision: estimate.precision,
    arithmetic: arithmeticJson(cell),
    device: target.device.id,
    deviceName: target.device.name,
    hypothetical: target.device.status === 'hypothetical',
    powerMode: estimate.powerMode,
    runtime: target.runtime.id,
    latencySeconds: estimate.latencySeconds,
    latencyLowSeconds: interval.lowSeconds,
    latencyHighSeconds: interval.highSeconds,
    intervalLevel: interval.level,
    throughputPerSecond: estimate.throughputPerSecond,
    energyPerInferenceJoules: estimate.energyPerInferenceJoules,
    energy: {
      computeJoules: energy.compute,
      onChipMemoryJoules: energy.onChipMemory,
      offChipMemoryJoules: energy.offChipMemory,
      staticJoules: energy.static,
      totalJoules: energy.total,
    },
    averagePowerWatts: estimate.averagePowerWatts,
    bound: estimate.bound,
    shareOfTimeByBound: estimate.timeByBound,
    unstretchedSeconds: estimate.unstretchedSeconds,
    utilization: estimate.utilization,
    bandwidthUtilization: estimate.bandwidthUtilization,
    macs: estimate.macs,
    offChipBytes: estimate.offChipBytes,
    onChipBytes: estimate.onChipBytes,
    tiles,
    timeModel: estimate.timeModel,
    calibration: calibrationJson(estimate),
    coverage: estimate.coverage,
    ...(withLayers && { kernels: kernelRows(cell) }),
  };
};

const csvRow = (cell: EstimateCell) => {
  const { entry, compiled, target, batch, estimate, machine } = cell;
  const workload = compiled.workload(machine.fusion);
  const memory = memoryFigures(compiled.analyzed, workload, { batch, precision: machine.precision });
  return {
    model: entry.variant.name,
    family: entry.family.id,
    resolution: compiled.resolution ?? null,
    batch,
    precision: ranText(cell),
    device: target.device.id,
    power_mode: estimate.powerMode,
    runtime: target.runtime.id,
    params: workload.parameters,
    macs: estimate.macs,
    weight_bytes: memory.weightBytes,
    peak_activation_bytes: memory.peakActivationBytes,
    traffic_bytes: memory.trafficBytes,
    tiles: estimate.tiles.largest,
    latency_ms: estimate.latencySeconds * 1e3,
    latency_low_ms: estimate.interval.lowSeconds * 1e3,
    latency_high_ms: estimate.interval.highSeconds * 1e3,
    throughput_ips: estimate.throughputPerSecond,
    energy_mj: estimate.energyPerInferenceJoules * 1e3,
    average_power_w: estimate.averagePowerWatts,
    bound: estimate.bound,
    utilization: estimate.utilization,
    coverage: estimate.coverage,
    calibration: calibrationText(cell),
  };
};

/** The columns of results.csv where the two agree; with layers one row per kernel. */
export const estimateCsv = (cells: readonly EstimateCell[], withLayers: boolean): CsvTable => {
  const rows = withLayers
    ? cells.flatMap((cell) =>
        kernelRows(cell).map((kernel) => ({
          model: cell.entry.variant.name,
          resolution: cell.compiled.resolution ?? null,
          batch: cell.batch,
          precision: kernel.precision,
          device: cell.target.device.id,
          power_mode: cell.estimate.powerMode,
          runtime: cell.target.runtime.id,
          kernel: kernel.name,
          class: kernel.class,
          macs: kernel.macs,
          compute_us: kernel.computeSeconds * 1e6,
          memory_us: kernel.memorySeconds * 1e6,
          total_us: kernel.totalSeconds * 1e6,
          bound: kernel.bound,
          off_chip_bytes: kernel.offChipBytes,
          on_chip_bytes: kernel.onChipBytes,
          spatial_utilization: kernel.spatialUtilization,
          weight_bytes: kernel.weightBytes,
          launches: kernel.launches,
        })),
      )
    : cells.map(csvRow);
  return { columns: Object.keys(rows[0] ?? {}), rows };
};

const milli = { kind: 'number', digits: 3, scale: 1e-3 } as const;

export const estimateTable = (cells: readonly EstimateCell[]): FlexibleTable => {
  const several = (pick: (cell: EstimateCell) => unknown): boolean => new Set(cells.map(pick)).size > 1;
  const hasModes = cells.some(({ target }) => target.device.power.modes.length > 1);
  return {
    kind: 'table',
    id: 'estimates',
    caption: 'Latency is for the batch, energy for one inference of the device alone',
    columns: [
      { key: 'model', title: 'Model', format: { kind: 'code' } },
      { key: 'resolution', title: 'Res.', unit: 'px', format: { kind: 'integer' } },
      { key: 'batch', title: 'Batch', format: { kind: 'integer' } },
      { key: 'device', title: 'Device', format: { kind: 'code' } },
      ...(hasModes ? [{ key: 'mode', title: 'Mode', format: { kind: 'text' } } as const] : []),
      { key: 'precision', title: 'Type', format: { kind: 'text' } },
      { key: 'runtime', title: 'Runtime', format: { kind: 'text' } },
      { key: 'latency', title: 'Latency', unit: 'ms', format: milli },
      { key: 'low', title: 'Low', unit: 'ms', format: milli },
      { key: 'high', title: 'High', unit: 'ms', format: milli },
      { key: 'throughput', title: 'Rate', unit: '1/s', format: { kind: 'number', digits: 3 } },
      { key: 'energy', title: 'Energy', unit: 'mJ', format: milli },
      { key: 'power', title: 'Power', unit: 'W', format: { kind: 'number', digits: 3 } },
      { key: 'bound', title: 'Bound', format: { kind: 'text' } },
      { key: 'utilization', title: 'MFU', format: { kind: 'percent', decimals: 1 } },
      { key: 'tiles', title: 'Tiles', format: { kind: 'integer' } },
      { key: 'calibration', title: 'Calibration', format: { kind: 'text' } },
    ],
    rows: cells.map((cell) => {
      const { entry, compiled, target, estimate } = cell;
      return {
        model: entry.variant.name,
        resolution: compiled.resolution ?? null,
        batch: estimate.batch,
        device: target.device.id,
        mode: estimate.powerMode,
        precision: ranText(cell),
        runtime: target.runtime.id,
        latency: estimate.latencySeconds,
        low: estimate.interval.lowSeconds,
        high: estimate.interval.highSeconds,
        throughput: estimate.throughputPerSecond,
        energy: estimate.energyPerInferenceJoules,
        power: estimate.averagePowerWatts,
        bound: estimate.bound,
        utilization: estimate.utilization,
        tiles: estimate.tiles.largest,
        calibration: estimate.calibration.kind === 'calibrated' ? 'calibrated' : 'none',
      };
    }),
    // A column in which all rows agree stands in the facts above the table too; one in which they differ has to stay.
    expendable: [
      ...(several(({ target }) => target.runtime.id) ? [] : ['runtime']),
      ...(several(({ compiled }) => compiled.resolution) ? [] : ['resolution']),
      'tiles',
      'utilization',
      'calibration',
      'runtime',
      'power',
      ...(several(({ estimate }) => estimate.powerMode) ? [] : ['mode']),
      ...(several(({ batch }) => batch) ? [] : ['batch']),
      'throughput',
      'energy',
      'bound',
    ],
  };
};
