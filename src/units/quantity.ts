/**
 * Typed quantities: plain numbers at run time, distinct types to the compiler.
 *
 * Everything inside Assay is in SI base units (seconds, joules, bytes, hertz, watts);
 * prefixes exist only where text is parsed or written. Arithmetic on a quantity gives a
 * plain `number`, so a formula has to name the unit of its result to store it in a record.
 */
declare const unitTag: unique symbol;

export type Quantity<Unit extends string> = number & { readonly [unitTag]: Unit };

export type Seconds = Quantity<'s'>;
export type Joules = Quantity<'J'>;
export type Watts = Quantity<'W'>;
export type Bytes = Quantity<'B'>;
export type Hertz = Quantity<'Hz'>;
export type BytesPerSecond = Quantity<'B/s'>;
/** Arithmetic operations per second; one multiply-accumulate is two of them. */
export type OperationsPerSecond = Quantity<'OP/s'>;
export type JoulesPerByte = Quantity<'J/B'>;
export type JoulesPerOperation = Quantity<'J/OP'>;
export type WattHours = Quantity<'Wh'>;
export type Metres = Quantity<'m'>;

export const seconds = (value: number): Seconds => value as Seconds;
export const microseconds = (value: number): Seconds => (value * 1e-6) as Seconds;
export const milliseconds = (value: number): Seconds => (value * 1e-3) as Seconds;
export const joules = (value: number): Joules => value as Joules;
export const watts = (value: number): Watts => value as Watts;
export const microwatts = (value: number): Watts => (value * 1e-6) as Watts;
export const milliwatts = (value: number): Watts => (value * 1e-3) as Watts;
export const bytes = (value: number): Bytes => value as Bytes;
export const kibibytes = (value: number): Bytes => (value * 1024) as Bytes;
export const mebibytes = (value: number): Bytes => (value * 1024 ** 2) as Bytes;
export const gibibytes = (value: number): Bytes => (value * 1024 ** 3) as Bytes;
export const gigabytes = (value: number): Bytes => (value * 1e9) as Bytes;
export const hertz = (value: number): Hertz => value as Hertz;
export const megahertz = (value: number): Hertz => (value * 1e6) as Hertz;
export const gigahertz = (value: number): Hertz => (value * 1e9) as Hertz;
export const bytesPerSecond = (value: number): BytesPerSecond => value as BytesPerSecond;
export const megabytesPerSecond = (value: number): BytesPerSecond => (value * 1e6) as BytesPerSecond;
export const gigabytesPerSecond = (value: number): BytesPerSecond => (value * 1e9) as BytesPerSecond;
export const operationsPerSecond = (value: number): OperationsPerSecond => value as OperationsPerSecond;
export const gigaoperationsPerSecond = (value: number): OperationsPerSecond => (value * 1e9) as OperationsPerSecond;
export const teraoperationsPerSecond = (value: number): OperationsPerSecond => (value * 1e12) as OperationsPerSecond;
export const joulesPerByte = (value: number): JoulesPerByte => value as JoulesPerByte;
export const picojoulesPerByte = (value: number): JoulesPerByte => (value * 1e-12) as JoulesPerByte;
export const joulesPerOperation = (value: number): JoulesPerOperation => value as JoulesPerOperation;
export const picojoulesPerOperation = (value: number): JoulesPerOperation => (value * 1e-12) as JoulesPerOperation;
export const wattHours = (value: number): WattHours => value as WattHours;
export const nanometres = (value: number): Metres => (value * 1e-9) as Metres;

export const SECONDS_PER_HOUR = 3600;
/** A watt for an hour. */
export const JOULES_PER_WATT_HOUR = 3600;
export const energyOf = (capacity: WattHours): Joules => (capacity * JOULES_PER_WATT_HOUR) as Joules;
export const timeToMove = (amount: Bytes, rate: BytesPerSecond): Seconds => (amount / rate) as Seconds;
export const averagePower = (energy: Joules, time: Seconds): Watts => (energy / time) as Watts;
export const energyOver = (power: Watts, time: Seconds): Joules => (power * time) as Joules;
export const SECONDS_PER_DAY = 86_400;
