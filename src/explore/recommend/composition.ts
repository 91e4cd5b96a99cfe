/**
 * Many streams, or many requests, on as many devices as they need. Arrivals are regular: no queue of random arrivals is
 * modelled, which `utilization` leaves room for.
 */
import type { Load, StreamLoad } from './scenario.ts';

export interface Composition {
  readonly devices: number;
  /** Streams that one device carries inside the deadline; null for requests, which divide at will, and without a load. */
  readonly streamsPerDevice: number | null;
  /** Of the fullest device. */
  readonly loadPerDevice: number;
  /** Inputs per second that one device completes at this batch, within the planned utilization. */
  readonly capacityPerSecond: number;
  /** That the first input of a batch waits for the last. */
  readonly waitSeconds: number;
  /** From the arrival of an input to its result, of the one that waits longest. */
  readonly responseSeconds: number;
  /** Load that the devices could carry, over the load there is: below 1 they fall behind. */
  readonly carried: number;
}

export interface CompositionInput {
  readonly load: Load | undefined;
  readonly batch: number;
  /** Of one batch. */
  readonly latencySeconds: number;
  readonly deadline: number | undefined;
  readonly maxDevices: number | undefined;
}

/** A quotient that is whole but for rounding counts as whole. */
const ROUNDING = 1e-9;
const wholeBelow = (value: number): number => Math.floor(value * (1 + ROUNDING));
const wholeAbove = (value: number): number => Math.ceil(value * (1 - ROUNDING));

const bounded = (needed: number, most: number | undefined): number => Math.max(1, Math.min(needed, most ?? needed));

/**
 * Inputs of n streams come evenly spread: one device carries n while n x rate <= batch / latency, and the first of a batch
 * waits (batch - 1) / (n x rate) for the last. The fewest devices give the shortest wait.
 */
const spread = (load: StreamLoad, { batch, latencySeconds, maxDevices }: CompositionInput): Composition => {
  const capacity = (load.utilization * batch) / latencySeconds;
  const perDevice = wholeBelow(capacity / load.ratePerSecond);
  const devices = bounded(perDevice === 0 ? load.streams : Math.ceil(load.streams / perDevice), maxDevices);
  const [least, most] = [Math.floor(load.streams / devices), Math.ceil(load.streams / devices)];
  const waitSeconds = batch === 1 ? 0 : (batch - 1) / (Math.max(1, least) * load.ratePerSecond);
  return {
    devices,
    streamsPerDevice: perDevice,
    loadPerDevice: most * load.ratePerSecond,
    capacityPerSecond: capacity,
    waitSeconds,
    responseSeconds: waitSeconds + latencySeconds,
    carried: capacity / (most * load.ratePerSecond),
  };
};

/**
 * Inputs of n streams come at once: ceil(n / batch) batches follow each other, the last of which must end inside the
 * deadline, and all of them before the next inputs come.
 */
const together = (load: StreamLoad, { batch, latencySeconds, deadline, maxDevices }: CompositionInput): Composition => {
  const period = load.utilization / load.ratePerSecond;
  const perDevice = batch * wholeBelow(Math.min(period, deadline ?? period) / latencySeconds);
  const devices = bounded(perDevice === 0 ? load.streams : Math.ceil(load.streams / perDevice), maxDevices);
  const most = Math.ceil(load.streams / devices);
  const rounds = Math.ceil(most / batch);
  const responseSeconds = rounds * latencySeconds;
  return {
    devices,
    streamsPerDevice: perDevice,
    loadPerDevice: most * load.ratePerSecond,
    capacityPerSecond: (load.utilization * batch) / latencySeconds,
    waitSeconds: responseSeconds - latencySeconds,
    responseSeconds,
    carried: period / responseSeconds,
  };
};

/** How the load is spread, on the fewest devices that carry it; on at most `maxDevices`, even where those fall behind. */
export const compose = (input: CompositionInput): Composition => {
  const { load, batch, latencySeconds, maxDevices } = input;
  if (load === undefined) {
    const capacity = batch / latencySeconds;
    return {
      ...{ devices: 1, streamsPerDevice: null, loadPerDevice: capacity, capacityPerSecond: capacity },
      ...{ waitSeconds: 0, responseSeconds: latencySeconds, carried: 1 },
    };
  }
  if (load.kind === 'streams') return load.arrival === 'spread' ? spread(load, input) : together(load, input);
  const peak = load.averagePerSecond * load.peakFactor;
  const capacity = (load.utilization * batch) / latencySeconds;
  const devices = bounded(wholeAbove(peak / capacity), maxDevices);
  const each = peak / devices;
  const waitSeconds = (batch - 1) / each;
  return {
    ...{ devices, streamsPerDevice: null, loadPerDevice: each, capacityPerSecond: capacity },
    ...{ waitSeconds, responseSeconds: waitSeconds + latencySeconds, carried: capacity / each },
  };
};

const LARGEST_BATCH = 256;

/** Before any latency is known: how long a batch takes to fill with all of the load on one device. */
export const shortestFill = (load: Load | undefined, batch: number): number => {
  if (load === undefined || batch === 1) return 0;
  if (load.kind === 'requests') return (batch - 1) / (load.averagePerSecond * load.peakFactor);
  if (load.arrival === 'spread') return (batch - 1) / (load.streams * load.ratePerSecond);
  return batch <= load.streams ? 0 : Number.POSITIVE_INFINITY;
};

/**
 * Batches to try where none are named: powers of two up to 256 and the number of streams, as far as one input of each
 * stream fills them inside the deadline. Requests are answered one by one.
 */
export const usualBatches = (load: Load | undefined, deadline: number | undefined): readonly number[] => {
  if (load === undefined || load.kind === 'requests') return [1];
  const most = Math.min(load.streams, LARGEST_BATCH);
  const batches = new Set([1]);
  for (let batch = 2; batch <= most; batch *= 2) batches.add(batch);
  batches.add(most);
  return [...batches]
    .filter((batch) => shortestFill(load, batch) < (deadline ?? Number.POSITIVE_INFINITY))
    .sort((a, b) => a - b);
};
