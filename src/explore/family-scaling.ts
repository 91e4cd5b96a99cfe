/** How the variants of a family grow: the multipliers that their authors state, and what was counted and predicted. */
import { totals } from '../analysis/totals.ts';
import { type Estimate, estimate } from '../estimate/estimate.ts';
import { isMachine, resolveMachine } from '../estimate/machine.ts';
import type { ModelFamily, ModelVariant } from '../zoo/family.ts';
import { type CompiledModel, compileModel } from './compile.ts';
import type { StudyDevice } from './study.ts';

export interface Growth {
  readonly params: number;
  readonly macs: number;
  readonly activations: number;
}

export interface ScalingRow {
  readonly variant: ModelVariant;
  /** What it is held against. */
  readonly base: ModelVariant;
  /** Over the base; `undefined` where an input is no image. */
  readonly resolution: number | undefined;
  /** What the multipliers say: width^2 depth parameters, resolution^2 times as many MACs, width depth resolution^2 activations. */
  readonly stated: Growth | undefined;
  /** Counted at native resolutions, over the base. */
  readonly counted: Growth;
  readonly params: number;
  readonly macs: number;
  readonly activations: number;
  readonly estimate: Estimate;
  /** Predicted latency over that of the base. */
  readonly latency: number;
}

export interface FamilyScaling {
  readonly family: ModelFamily;
  readonly target: StudyDevice;
  /** The variant with multipliers of 1 and the fewest parameters, or simply the latter; rows may name another. */
  readonly base: ModelVariant;
  readonly rows: readonly ScalingRow[];
  /** Latency grows as MACs to this power, by least squares on logarithms; `undefined` for fewer than three sizes. */
  readonly latencyExponent: number | undefined;
}

interface Member {
  readonly variant: ModelVariant;
  readonly compiled: CompiledModel;
  readonly params: number;
  readonly macs: number;
  readonly activations: number;
}

const memberOf = (variant: ModelVariant): Member => {
  const compiled = compileModel(variant);
  const { params, macs, activationElements } = totals(compiled.analyzed);
  return { variant, compiled, params, macs, activations: activationElements };
};

const baseOf = (members: readonly Member[]): Member | undefined => {
  const unscaled = members.filter(
    ({ variant: { scaling } }) => scaling?.width === 1 && scaling.depth === 1 && scaling.base === undefined,
  );
  const [first] = (unscaled.length > 0 ? unscaled : members).toSorted((a, b) => a.params - b.params || a.macs - b.macs);
  return first;
};

/** Slope of y over x by least squares; `undefined` where the points do not span a line. */
const slope = (points: readonly (readonly [x: number, y: number])[]): number | undefined => {
  const mean = (axis: 0 | 1) => points.reduce((sum, point) => sum + point[axis], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  if (new Set(points.map(([x]) => x)).size < 3) return undefined;
  return points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
};

/** Batch 1, native resolutions, the precision of the target. Throws `RangeError` where the device lacks it. */
export const familyScaling = (family: ModelFamily, target: StudyDevice): FamilyScaling => {
  const { device, runtime, precision, powerMode } = target;
  const machine = resolveMachine(device, runtime, { precision, ...(powerMode !== undefined && { mode: powerMode }) });
  if (!isMachine(machine)) throw new RangeError(machine.message);
  const members = family.variants.map(memberOf);
  const main = baseOf(members);
  if (main === undefined) throw new RangeError(`the family ${family.id} has no variants`);
  const timed = new Map(
    members.map(({ variant, compiled }) => [variant, estimate(compiled.workload(machine.fusion), machine, 1)]),
  );
  const latencyOf = ({ variant }: Member): number => timed.get(variant)?.latencySeconds ?? Number.NaN;
  const rows = members.map((member): ScalingRow => {
    const { variant, params, macs, activations } = member;
    const { scaling } = variant;
    const base = members.find((other) => other.variant.name === scaling?.base) ?? main;
    const own = variant.nativeResolution;
    const ofBase = base.variant.nativeResolution;
    const resolution = own === undefined || ofBase === undefined ? undefined : own / ofBase;
    const stated =
      scaling === undefined || resolution === undefined || base.variant.scaling === undefined
        ? undefined
        : {
            params: scaling.width ** 2 * scaling.depth,
            macs: scaling.width ** 2 * scaling.depth * resolution ** 2,
            activations: scaling.width * scaling.depth * resolution ** 2,
          };
    return {
      variant,
      base: base.variant,
      resolution,
      stated,
      counted: {
        params: params / base.params,
        macs: macs / base.macs,
        activations: activations / base.activations,
      },
      params,
      macs,
      activations,
      estimate: timed.get(variant) as Estimate,
      latency: latencyOf(member) / latencyOf(base),
    };
  });
  return {
    family,
    target,
    base: main.variant,
    rows,
    latencyExponent: slope(members.map((member) => [Math.log(member.macs), Math.log(latencyOf(member))])),
  };
};
