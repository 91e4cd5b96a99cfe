/** A deployment as constraints: what a user needs, in SI units, whatever model or device may answer it. */
import type { Runtime } from '../../estimate/runtime.ts';
import type { Device } from '../../hardware/device.ts';
import type { Precision } from '../../ir/dtype.ts';
import type { Bytes, Joules, Seconds, Watts } from '../../units/quantity.ts';
import type { Battery } from '../battery.ts';
import type { ModelEntry } from '../compile.ts';

/** Which latency a constraint is held to: the predicted median, or the upper end of its interval. */
export type Timing = 'point' | 'upper';

/**
 * How inputs of several streams reach one device: evenly spread in time, so that a batch fills one by one; or all
 * together at each period, as from cameras on one trigger.
 */
export type Arrival = 'spread' | 'together';

export interface StreamLoad {
  readonly kind: 'streams';
  readonly streams: number;
  /** Of each stream. */
  readonly ratePerSecond: number;
  readonly arrival: Arrival;
  /** Share of the time during which the streams run. */
  readonly dutyCycle: number;
  /** Largest share of a device's capacity that may be planned with. */
  readonly utilization: number;
}

export interface RequestLoad {
  readonly kind: 'requests';
  /** Averaged over the day. */
  readonly averagePerSecond: number;
  readonly peakFactor: number;
  readonly utilization: number;
}

export type Load = StreamLoad | RequestLoad;

export interface BatteryNeed {
  readonly supply: Battery;
  readonly days: number;
  /** Drawn while nothing runs; the device's own sleep power where it is not stated. */
  readonly sleepWatts?: Watts;
}

export interface AccuracyFloor {
  readonly minimum: number;
  /** 'top-1' is ImageNet-1k; another one is a metric of the zoo's `quality`, or the name of the given column. */
  readonly metric: string;
  /** A column of one's own: model to value. What it lacks is unknown. */
  readonly values?: Readonly<Record<string, number>>;
}

export interface CostTerms {
  /** As written in tables: "USD". */
  readonly currency: string;
  /** Over which the price of a device is written off. */
  readonly lifeSeconds?: number;
  readonly perKilowattHour?: number;
  readonly limits: {
    readonly perMillion?: number;
    readonly perHour?: number;
    /** Price of all devices together. */
    readonly capital?: number;
  };
}

export const PREFERENCES = ['accuracy', 'latency', 'energy', 'cost', 'devices', 'memory'] as const;
export type Preference = (typeof PREFERENCES)[number];

/** What somebody recommended for the scenario, to be held against it. */
export interface Proposal {
  readonly model: string;
  /** Each device of the scenario where none is named. */
  readonly device?: string;
  readonly source: string;
  readonly claims: readonly Claim[];
}

/** Figures that a proposal states beside its model. */
export const CLAIM_FIGURES = {
  latencySeconds: 's',
  energyPerInferenceJoules: 'J',
  ratePerSecond: '/s',
  streamsPerDevice: 'streams',
  peakHeadroom: '×',
} as const;
export type ClaimFigure = keyof typeof CLAIM_FIGURES;

export interface Claim {
  readonly figure: ClaimFigure;
  readonly value: number;
}

/** `native` is that of the model; `published` every one at which an accuracy of it is published. */
export type ResolutionChoice = number | 'native' | 'published';

export interface DeploymentScenario {
  readonly id: string;
  readonly title: string;
  readonly workload: string;
  readonly assumptions: readonly string[];
  readonly load?: Load;
  /** From the arrival of an input to its result, waiting for its batch included. */
  readonly deadline?: Seconds;
  readonly at: Timing;
  readonly energyPerInference?: Joules;
  readonly power?: {
    /** Of one device over the whole day, rest included. */
    readonly average?: Watts;
    /** While it works without a pause: what cooling has to carry off. */
    readonly sustained?: Watts;
  };
  readonly battery?: BatteryNeed;
  /** What a device does between two inferences. */
  readonly rest: 'idle' | 'sleep';
  readonly memory?: { readonly weights?: Bytes; readonly activations?: Bytes };
  readonly accuracy?: AccuracyFloor;
  readonly cost?: CostTerms;
  /** As many as the load needs where it is not stated. */
  readonly maxDevices?: number;
  readonly prefer: Preference;
  /** Those of each device of a byte or more where none are named. */
  readonly precisions?: readonly Precision[];
  /** Powers of two that fill inside the deadline, and the number of streams, where none are named. */
  readonly batches?: readonly number[];
  readonly resolutions: readonly ResolutionChoice[];
  readonly proposed: readonly Proposal[];
}

/** A device that may be used, with what runs on it and what it costs. */
export interface Target {
  readonly device: Device;
  readonly runtime: Runtime;
  readonly powerMode?: string;
  readonly price?: number;
  readonly pricePerHour?: number;
}

/** What is searched: every model on every target. */
export interface SearchSpace {
  readonly models: readonly ModelEntry[];
  readonly targets: readonly Target[];
}

/** Of a target: the device's id, with the mode and the runtime where they are not its own. */
export const targetName = ({ device, powerMode, runtime }: Target): string =>
  `${device.id}${powerMode === undefined ? '' : `@${powerMode}`}${runtime.id === device.defaultRuntime ? '' : `/${runtime.id}`}`;

/** Inputs per second of the whole load, at its peak. */
export const peakRate = (load: Load): number =>
  load.kind === 'streams' ? load.streams * load.ratePerSecond : load.averagePerSecond * load.peakFactor;

/** Inputs per second of the whole load, averaged over the day. */
export const averageRate = (load: Load): number =>
  load.kind === 'streams' ? load.streams * load.ratePerSecond * load.dutyCycle : load.averagePerSecond;
