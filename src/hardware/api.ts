/** The public face of the devices: the catalogue, its names, devices of one's own from files, and descriptions. */
import { nearestNames } from '../units/suggest.ts';
import type { Device, PowerMode } from './device.ts';
import { devices } from './index.ts';

export { type DeviceRow, describeDevice } from './describe.ts';
export type {
  Confidence,
  CoreCluster,
  Device,
  Figure,
  Geometry,
  HostProcessor,
  MemoryBank,
  MemoryLevel,
  OffChipMemory,
  OnChipMemory,
  PeakRates,
  PowerMode,
} from './device.ts';
export { deviceFileOf } from './file-format.ts';
export type { DeviceIssue, DeviceIssueCode } from './file-issues.ts';
export { type ParseDeviceOptions, type ParsedDevice, parseDevice } from './schema.ts';
export { devices };

const plain = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '_');

const named = (namesOf: (device: Device) => readonly string[]) =>
  devices.flatMap((device) => namesOf(device).map((name) => [plain(name), device] as const));

/** As it is sold, and without its vendor. */
const soldAs = ({ name, vendor }: Device): readonly string[] => [name, name.replace(`${vendor} `, '')];

const byName: ReadonlyMap<string, Device> = new Map([
  ...named(soldAs),
  ...named(({ id, aliases }) => [id, ...aliases]),
]);

/** A built-in device by its id, an alias or its name, whatever the case and with `-`, `_` and spaces alike. */
export const findDevice = (name: string): Device | undefined => byName.get(plain(name));

export interface DeviceInMode {
  readonly device: Device;
  /** As written, whether or not the device has such a mode; absent where none was named. */
  readonly mode?: string;
}

/** What `DEVICE` or `DEVICE@MODE` names. */
export const findDeviceInMode = (
  text: string,
  find: (name: string) => Device | undefined = findDevice,
): DeviceInMode | undefined => {
  const whole = find(text);
  if (whole !== undefined) return { device: whole };
  const at = text.lastIndexOf('@');
  const device = at === -1 ? undefined : find(text.slice(0, at));
  return device && { device, mode: text.slice(at + 1) };
};

/** The mode of a device that a text names, whatever its case. */
export const modeNamed = ({ power }: Device, text: string): PowerMode | undefined =>
  power.modes.find(({ name }) => name.toLowerCase() === text.toLowerCase());

/** Ids and aliases of built-in devices near a name that is not known, nearest first. */
export const nearestDevices = (name: string): readonly string[] =>
  nearestNames(
    name,
    devices.flatMap(({ id, aliases }) => [id, ...aliases]),
  );
