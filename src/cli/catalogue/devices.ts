/** The devices as a table, and one device with the source of and the confidence in each figure. */

import type { ReportDocument } from '../../index.ts';
import { type Device, describeDevice, formatSI } from '../../index.ts';
import type { Result, Warning } from '../output.ts';
import type { FlexibleTable } from '../render/table.ts';

const SCHEMA = 'assay.devices/1';

const rowOf = (device: Device) => ({
  id: device.id,
  aliases: device.aliases,
  name: device.name,
  vendor: device.vendor,
  year: device.year,
  status: device.status,
  architecture: device.geometry.kind,
  defaultPrecision: device.defaultPrecision,
  defaultRuntime: device.defaultRuntime,
  peakOperationsPerSecond: Object.fromEntries(
    Object.entries(device.matrixPeaks).map(([precision, peak]) => [precision, peak.value]),
  ),
  offChipBandwidthBytesPerSecond: device.offChip.bandwidth.value,
  onChipCapacityBytes: device.onChip.capacity.value,
  powerModes: device.power.modes.map(({ name, cap, clock, units, bandwidth, static: whileRunning, hostClock }) => ({
    name,
    capWatts: cap.value,
    ...(clock && { clockHertz: clock.value }),
    ...(units && { units: units.value }),
    ...(bandwidth && { offChipBandwidthBytesPerSecond: bandwidth.value }),
    ...(whileRunning && { staticWatts: whileRunning.value }),
    ...(hostClock && { hostClockHertz: hostClock.value }),
  })),
});

const table = (devices: readonly Device[]): FlexibleTable => ({
  kind: 'table',
  id: 'devices',
  caption: 'Dense peak at the default precision; one multiply-accumulate is two operations',
  columns: [
    { key: 'id', title: 'Device', format: { kind: 'code' } },
    { key: 'name', title: 'Name', format: { kind: 'text' } },
    { key: 'architecture', title: 'Kind', format: { kind: 'text' } },
    { key: 'peak', title: 'Peak', format: { kind: 'text' } },
    { key: 'precision', title: 'Type', format: { kind: 'text' } },
    { key: 'bandwidth', title: 'Bandwidth', format: { kind: 'text' } },
    { key: 'modes', title: 'Modes', format: { kind: 'text' } },
    { key: 'status', title: 'Status', format: { kind: 'text' } },
    { key: 'aliases', title: 'Aliases', format: { kind: 'text' } },
  ],
  rows: devices.map((device) => ({
    id: device.id,
    name: device.name,
    architecture: device.geometry.kind,
    peak: formatSI(device.matrixPeaks[device.defaultPrecision]?.value ?? Number.NaN, 'OP/s'),
    precision: device.defaultPrecision,
    bandwidth: formatSI(device.offChip.bandwidth.value, 'B/s'),
    modes: device.power.modes.map(({ name }) => name).join(', '),
    status: device.status,
    aliases: device.aliases.join(', '),
  })),
  notes: [
    'Of hypothetical devices no silicon was measured: their figures come from profiles and choices, and their estimates are uncalibrated.',
  ],
  expendable: ['aliases', 'name', 'architecture'],
});

export const devicesResult = (devices: readonly Device[]): Result => ({
  json: () => ({ schema: SCHEMA, devices: devices.map(rowOf) }),
  document: (): ReportDocument => ({
    title: `${devices.length} devices`,
    subtitle: '',
    facts: [],
    sections: [{ id: 'devices', title: 'Devices', blocks: [table(devices)] }],
  }),
  csv: () => ({
    columns: [
      ...['id', 'name', 'vendor', 'year', 'status', 'architecture', 'precision', 'runtime'],
      ...['peak_ops_per_s', 'off_chip_bytes_per_s', 'on_chip_bytes', 'power_cap_w'],
    ],
    rows: devices.map((device) => ({
      id: device.id,
      name: device.name,
      vendor: device.vendor,
      year: device.year,
      status: device.status,
      architecture: device.geometry.kind,
      precision: device.defaultPrecision,
      runtime: device.defaultRuntime,
      peak_ops_per_s: device.matrixPeaks[device.defaultPrecision]?.value ?? null,
      off_chip_bytes_per_s: device.offChip.bandwidth.value,
      on_chip_bytes: device.onChip.capacity.value,
      power_cap_w: device.power.modes[0].cap.value,
    })),
  }),
});

/** One table per group of figures. `warnings` are those of a device file. */
export const deviceResult = (device: Device, warnings: readonly Warning[]): Result => {
  const figures = describeDevice(device);
  const groups = [...new Set(figures.map(({ group }) => group))];
  const groupTable = (group: string, index: number): FlexibleTable => ({
    kind: 'table',
    id: `figures-${index + 1}`,
    caption: group,
    columns: [
      { key: 'name', title: 'Figure', format: { kind: 'text' } },
      { key: 'value', title: 'Value', format: { kind: 'text' } },
      { key: 'confidence', title: 'Confidence', format: { kind: 'text' } },
      { key: 'source', title: 'Source', format: { kind: 'text' } },
    ],
    rows: figures
      .filter((figure) => figure.group === group)
      .map(({ name, value, confidence, source }) => ({ name, value, confidence: confidence ?? '', source })),
  });
  const hypothetical = device.status === 'hypothetical';
  return {
    json: () => ({
      schema: SCHEMA,
      device: { ...rowOf(device), notes: device.notes },
      figures,
      record: device,
      warnings,
    }),
    document: (): ReportDocument => ({
      title: `${device.name} (${device.id})${hypothetical ? ', HYPOTHETICAL: no silicon was measured' : ''}`,
      subtitle: `${device.vendor}, ${device.year}`,
      facts: [
        ...(device.aliases.length === 0 ? [] : [{ name: 'Also called', value: device.aliases.join(', ') }]),
        { name: 'Default', value: `${device.defaultPrecision} with ${device.defaultRuntime}` },
      ],
      sections: [
        {
          id: 'device',
          title: 'Figures',
          blocks: [
            ...groups.map(groupTable),
            ...(device.notes.length === 0 ? [] : [{ kind: 'list', ordered: false, items: device.notes } as const]),
          ],
        },
      ],
    }),
    csv: () => ({
      columns: ['group', 'name', 'value', 'confidence', 'source', 'derived'],
      rows: figures.map((figure) => ({ ...figure })),
    }),
  };
};
