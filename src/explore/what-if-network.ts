/** Changes to the whole network or to what runs it: resolution, precision, runtime and fusion, memory on the chip. */
import { FUSION_RULES, type FusionRulesId } from '../analysis/fusion.ts';
import type { Workload } from '../analysis/workload.ts';
import { CALIBRATIONS } from '../estimate/calibrations.ts';
import { isMachine, type Machine, machineAt, resolveMachine } from '../estimate/machine.ts';
import { findRuntime } from '../estimate/runtime.ts';
import { DTYPE_BYTES, isPrecision } from '../ir/dtype.ts';
import { OperatorError } from '../ops/definition.ts';
import { countAt } from '../units/count.ts';
import { formatBinaryBytes, formatPercent, formatSI } from '../units/format.ts';
import { bytes } from '../units/quantity.ts';
import { ModelOptionError } from '../zoo/options.ts';
import { type CompiledModel, compileModel } from './compile.ts';
import { GraphModelError } from './graph-model.ts';
import {
  type Baseline,
  gainOf,
  NO_TIME,
  type Outcome,
  outcomeOf,
  suggestionOf,
  type WhatIfSuggestion,
} from './what-if-change.ts';

// Resolution

/** Side of the coarsest grid that an image is brought to; 1 is a mean of the whole. */
const coarsestGrid = ({ analyzed }: CompiledModel): number | undefined => {
  let smallest: number | undefined;
  for (const [tensor, { shape }] of analyzed.types) {
    if (shape.length !== 4 || analyzed.initializers.has(tensor)) continue;
    for (const [height, width] of [shape.slice(1, 3), shape.slice(2, 4)]) {
      if (typeof height !== 'number' || height !== width || height < 2) continue;
      smallest = Math.min(smallest ?? height, height);
    }
  }
  return smallest;
};

/**
 * Pixels to a place of the coarsest grid, the step in which a resolution is chosen. Grids are rounded up, so that 300
 * pixels in 10 places are steps of 32: the power of two that fits, the exact quotient, or the power of two below it.
 */
const strideOf = (compiled: CompiledModel): number | undefined => {
  const { resolution } = compiled;
  const grid = coarsestGrid(compiled);
  if (resolution === undefined || grid === undefined || grid >= resolution) return undefined;
  const power = 2 ** Math.ceil(Math.log2(resolution / grid));
  if (Math.ceil(resolution / power) === grid) return power;
  return resolution % grid === 0 ? resolution / grid : power / 2;
};

/** Steps away that are tried before a network is taken to have one resolution only. */
const MAX_STEPS = 4;

const compiledAt = (baseline: Baseline, resolution: number): CompiledModel | undefined => {
  try {
    return compileModel(baseline.subject.entry.variant, { resolution });
  } catch (error) {
    const isRefused =
      error instanceof ModelOptionError ||
      error instanceof OperatorError ||
      error instanceof GraphModelError ||
      error instanceof RangeError;
    if (isRefused) return undefined;
    throw error;
  }
};

export const resolutionSuggestion = (
  baseline: Baseline,
  direction: 1 | -1,
  leastGain: number,
): readonly WhatIfSuggestion[] => {
  const { compiled, machine, batch } = baseline.subject;
  const { resolution } = compiled;
  const stride = strideOf(compiled);
  if (resolution === undefined || stride === undefined) return [];
  for (let step = 1; step <= MAX_STEPS; step++) {
    const at = direction === 1 ? Math.floor(resolution / stride) : Math.ceil(resolution / stride);
    const to = (at + direction * step) * stride;
    if (to < stride) return [];
    const other = compiledAt(baseline, to);
    if (other === undefined) continue;
    const after = outcomeOf(other.workload(machine.fusion), machine, batch);
    const gain = gainOf(baseline, after);
    if (direction === -1 ? gain < leastGain : gain < -NO_TIME) return [];
    const why = direction === -1 ? 'the next lower' : 'more pixels for no time: the next higher';
    const reason = `${why} multiple of ${stride}, the coarsest grid of the network`;
    return [
      suggestionOf(baseline, after, {
        ...{ kind: 'resolution', layer: null, layers: [], from: resolution, to },
        reason,
      }),
    ];
  }
  return [];
};

// Precision and runtime

const apart = (baseline: Baseline, after: Outcome): string => {
  const [old, own] = [baseline.estimate, after.estimate];
  if (old.calibration === own.calibration) return '';
  const { lowSeconds, highSeconds, level } = own.interval;
  const overlaps = lowSeconds <= old.interval.highSeconds && highSeconds >= old.interval.lowSeconds;
  const range = `${formatSI(lowSeconds, 's')} to ${formatSI(highSeconds, 's')}`;
  return `; there the constants are those of ${own.calibration.id}: ${formatPercent(level, 0)} ${range}, which ${overlaps ? 'overlaps' : 'lies apart from'} that of before`;
};

export const precisionSuggestions = (baseline: Baseline, leastGain: number): readonly WhatIfSuggestion[] => {
  const { workload, subject } = baseline;
  const { machine, batch } = subject;
  const others = Object.keys(machine.device.matrixPeaks)
    .filter(isPrecision)
    .filter((precision) => precision !== machine.precision);
  return others.flatMap((precision): readonly WhatIfSuggestion[] => {
    const other = machineAt(machine, precision);
    if (other === machine) return [];
    const after = outcomeOf(workload, other, batch);
    // Constants that were fitted to other measurements make a difference of their own: what stays without it counts.
    const { calibration, constants } = machine;
    const alike = gainOf(baseline, outcomeOf(workload, { ...other, calibration, constants }, batch));
    if (Math.min(gainOf(baseline, after), alike) < leastGain || alike <= 0) return [];
    const weights = (bytesEach: number): string =>
      formatBinaryBytes(bytes(workload.weightElements * bytesEach + workload.narrowWeightBytes));
    const change = `weights of ${weights(other.elementBytes)} in place of ${weights(machine.elementBytes)}`;
    const isNarrower = DTYPE_BYTES[precision] < DTYPE_BYTES[machine.precision];
    const reason = [
      change,
      ...(after.estimate.calibration === calibration
        ? []
        : [`with the constants of before it would gain ${formatPercent(alike)}${apart(baseline, after)}`]),
      ...(isNarrower ? ['what it costs in accuracy is for a measurement to say'] : []),
    ].join('; ');
    return [
      suggestionOf(baseline, after, {
        ...{ kind: 'precision', layer: null, layers: [], from: machine.precision, to: precision, reason },
      }),
    ];
  });
};

const launchesOf = ({ kernels }: Workload): number => kernels.reduce((sum, { launches }) => sum + launches, 0);

const MAX_MERGES = 3;

/** Kernels of which the other rules make one, those that save the most first. */
const mergesText = (baseline: Baseline, after: Workload, outcome: Outcome): string => {
  const { workload, estimate } = baseline;
  const before = estimate.kernelTimes();
  const own = outcome.estimate.kernelTimes();
  const kernelOf = new Map<string, number>();
  workload.kernels.forEach(({ nodes }, index) => {
    for (const node of nodes) if (!kernelOf.has(node)) kernelOf.set(node, index);
  });
  const merges = after.kernels.flatMap(({ nodes, launches }, index) => {
    const parts = [...new Set(nodes.flatMap((node) => kernelOf.get(node) ?? []))];
    if (parts.length < 2) return [];
    const old = parts.reduce(
      (sum, part) => sum + (before.totalSeconds[part] as number) * (workload.kernels[part]?.launches ?? 1),
      0,
    );
    const saved = old - (own.totalSeconds[index] as number) * launches;
    return saved > 0 ? [{ names: parts.map((part) => workload.kernels[part]?.name ?? ''), saved }] : [];
  });
  const shown = merges.toSorted((a, b) => b.saved - a.saved).slice(0, MAX_MERGES);
  return shown.map(({ names, saved }) => `${names.join(' + ')} saves ${formatSI(saved, 's')}`).join('; ');
};

/** Other runtimes that were measured on the device, in the precision at hand. */
export const runtimeSuggestions = (baseline: Baseline, leastGain: number): readonly WhatIfSuggestion[] => {
  const { subject, workload } = baseline;
  const { machine, batch, compiled } = subject;
  const { device, precision, mode, runtime: own } = machine;
  const ids = CALIBRATIONS.filter((record) => record.device === device.id && record.precision === precision).flatMap(
    ({ runtime }) => runtime ?? [],
  );
  return [...new Set([device.defaultRuntime, ...ids])].flatMap((id): readonly WhatIfSuggestion[] => {
    const runtime = findRuntime(id);
    if (runtime === undefined || runtime.id === own.id) return [];
    const other = resolveMachine(device, runtime, { precision, mode: mode.name });
    if (!isMachine(other) || (other.calibration === machine.calibration && other.fusion === machine.fusion)) return [];
    const fused = compiled.workload(other.fusion);
    const after = outcomeOf(fused, other, batch);
    if (gainOf(baseline, after) < leastGain) return [];
    const launches = `${launchesOf(fused)} launches in place of ${launchesOf(workload)}`;
    return [
      suggestionOf(baseline, after, {
        ...{ kind: 'runtime', layer: null, layers: [], from: own.id, to: runtime.id },
        reason: `${launches}${apart(baseline, after)}`,
      }),
    ];
  });
};

/** The same runtime and constants, with kernels joined as other rules join them. */
export const fusionSuggestions = (baseline: Baseline, leastGain: number): readonly WhatIfSuggestion[] => {
  const { subject, workload } = baseline;
  const { machine, batch, compiled } = subject;
  const own = machine.fusion;
  return (Object.keys(FUSION_RULES) as FusionRulesId[]).flatMap((id): readonly WhatIfSuggestion[] => {
    if (id === own) return [];
    const fused = compiled.workload(id);
    if (launchesOf(fused) >= launchesOf(workload)) return [];
    const after = outcomeOf(fused, machine, batch);
    if (gainOf(baseline, after) < leastGain) return [];
    const merges = mergesText(baseline, fused, after);
    const launches = `${FUSION_RULES[id].title}: ${launchesOf(fused)} launches in place of ${launchesOf(workload)}, with the constants of ${machine.runtime.id}`;
    return [
      suggestionOf(baseline, after, {
        ...{ kind: 'fusion', layer: null, layers: [], from: own, to: id },
        reason: `${launches}${merges === '' ? '' : `; ${merges}`}`,
      }),
    ];
  });
};

// Memory on the chip

const MAX_CAPACITIES = 24;
/** The capacity that is named reaches this share of what any capacity could gain. */
const MOST = 0.95;

interface Spill {
  readonly name: string;
  readonly spilledBytes: number;
  /** What the memory has to hold for this kernel, of which it keeps the usable share for tensors. */
  readonly neededBytes: number;
}

/** Kernels whose tensors do not stay on the chip between kernels. */
const spillsOf = ({ workload, estimate, subject }: Baseline): readonly Spill[] => {
  const { machine, batch } = subject;
  const times = estimate.kernelTimes();
  return workload.kernels.flatMap((kernel, index) => {
    const { onChipCapacity, constants, elementBytes } = machineAt(machine, kernel.precision);
    const usable = constants.usableOnChipShare ?? 1;
    const workingSet = times.onChipBytes[index] as number;
    const inner =
      countAt(kernel.readElements, batch) +
      countAt(kernel.writeElements, batch) -
      countAt(kernel.boundaryElements, batch);
    const spilledBytes = Math.min(workingSet - onChipCapacity * usable, inner * elementBytes);
    return spilledBytes > 0 ? [{ name: kernel.name, spilledBytes, neededBytes: workingSet / usable }] : [];
  });
};

const withCapacity = (machine: Machine, capacityBytes: number): Machine => {
  const { device } = machine;
  const { onChip } = device;
  const capacity = { ...onChip.capacity, value: bytes(capacityBytes), source: 'a larger memory, supposed' };
  return {
    ...machine,
    onChipCapacity: capacityBytes,
    device: { ...device, onChip: { ...onChip, capacity } },
  };
};

/** Tensors that leave the chip between two kernels, and the memory that would keep them. */
export const onChipSuggestions = (baseline: Baseline, leastGain: number): readonly WhatIfSuggestion[] => {
  const { workload, subject } = baseline;
  const { machine, batch } = subject;
  const spills = spillsOf(baseline).toSorted((a, b) => a.neededBytes - b.neededBytes);
  if (spills.length === 0) return [];
  const all = [...new Set(spills.map(({ neededBytes }) => Math.ceil(neededBytes)))];
  const every = Math.max(1, Math.ceil(all.length / MAX_CAPACITIES));
  // Always the largest, at which all of them stay.
  const capacities = all.filter((_, index) => (all.length - 1 - index) % every === 0);
  const tried = capacities.map((capacity) => {
    const after = outcomeOf(workload, withCapacity(machine, capacity), batch);
    return { capacity, after, gain: gainOf(baseline, after) };
  });
  const most = Math.max(...tried.map(({ gain }) => gain));
  if (most < leastGain) return [];
  const first = tried.find(({ gain }) => gain >= leastGain);
  const enough = tried.find(({ gain }) => gain >= MOST * most);
  return [...new Set([first, enough])].flatMap((found) => {
    if (found === undefined) return [];
    const kept = spills.filter(({ neededBytes }) => Math.ceil(neededBytes) <= found.capacity);
    const largest = kept.toSorted((a, b) => b.spilledBytes - a.spilledBytes)[0];
    if (largest === undefined) return [];
    const reason = `${kept.length} of ${spills.length} kernels whose tensors leave ${machine.device.onChip.name} would keep them, ${largest.name} ${formatBinaryBytes(bytes(largest.spilledBytes))} of them; a larger memory, or the same layer in strips`;
    return [
      suggestionOf(baseline, found.after, {
        ...{ kind: 'on-chip-memory', layer: largest.name, layers: kept.map(({ name }) => name) },
        ...{ from: machine.onChipCapacity, to: found.capacity, reason },
      }),
    ];
  });
};
