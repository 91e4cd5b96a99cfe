import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import * as z from 'zod/mini';
import { type DeviceIssue, deviceFileOf, devices, parseDevice } from '../../src/hardware/api.ts';
import type { Device } from '../../src/hardware/device.ts';
import { completeFile, deviceFileTerms, extendingFile } from '../../src/hardware/file-format.ts';
import type { UnitName } from '../../src/units/parse.ts';
import { patience } from '../patience.ts';

const GUIDE = readFileSync(new URL('../../docs/device-file.md', import.meta.url), 'utf8');
const [EXTENDING = '', WHOLE = '', OPTIONAL = ''] = [...GUIDE.matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  ([, text]) => text ?? '',
);

type Mutable = { [key: string]: unknown };

const read = (file: unknown, builtins: readonly Device[] = devices) =>
  parseDevice(file, { source: 'mine.yaml', builtins });

const accepted = (
  file: unknown,
  builtins?: readonly Device[],
): { device: Device; warnings: readonly DeviceIssue[] } => {
  const result = read(file, builtins);
  if (!result.ok) throw new Error(JSON.stringify(result.issues, null, 1));
  return result;
};
const refusals = (file: unknown): readonly DeviceIssue[] => {
  const result = read(file);
  return result.ok ? [] : result.issues;
};
/** "code path", which is what scripts and forms rely on. */
const located = (issues: readonly DeviceIssue[]): readonly string[] =>
  issues.map(({ code, path }) => `${code} ${path}`);

/** The guide's whole device with one place changed; undefined takes the field away. */
const changed = (path: string, value: unknown): Mutable => {
  const file = parseYaml(WHOLE) as Mutable;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let at = file;
  for (const key of keys) at = at[key] as Mutable;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return file;
};

describe('the guide', () => {
  it('has a whole device, with the numbers that it states in words', () => {
    const { device, warnings } = accepted(parseYaml(WHOLE));
    expect(warnings).toEqual([]);
    expect(device.process).toEqual({ value: 7 * 1e-9, source: 'Product brief', confidence: 'high' });
    expect(device.offChip.bandwidth).toEqual({ value: 68e9, source: 'user file mine.yaml', confidence: 'low' });
    expect(device.onChip.capacity.value).toBe(8 * 1024 * 1024);
    expect(device.offChip.capacity?.value).toBe(8e9);
    expect(device.matrixPeaks.int8?.value).toBe(32.8 * 1e12);
    expect(device.energy.perMac.int8?.value).toBeCloseTo(0.2e-12, 20);
    expect(device.power.sleep?.value).toBe(0.02);
    expect(
      device.power.modes.map(({ name, cap, clock, bandwidth, static: whileRunning }) =>
        [name, cap, clock, bandwidth, whileRunning].map((each) => (typeof each === 'object' ? each.value : each)),
      ),
    ).toEqual([
      ['10W', 10, undefined, undefined, undefined],
      ['5W', 5, 2e9, 34e9, 0.6],
    ]);
    expect(device.geometry).toMatchObject({ kind: 'systolic', arrays: { value: 4, confidence: 'low' } });
    expect([device.id, device.status, device.aliases, device.defaultPrecision]).toEqual([
      'edge_npu',
      'hypothetical',
      ['npu'],
      'int8',
    ]);
  });

  it('has a device that extends another, and changes only what it states', () => {
    const base = devices.find(({ id }) => id === 'nvidia_h100_pcie');
    const { device, warnings } = accepted(parseYaml(EXTENDING));
    expect(warnings).toEqual([]);
    expect(device.offChip.bandwidth).toEqual({ value: 3.35e12, source: 'user file mine.yaml', confidence: 'low' });
    expect(device.offChip).toMatchObject({
      capacity: base?.offChip.capacity,
      energyPerByte: base?.offChip.energyPerByte,
    });
    expect(device.onChip).toEqual(base?.onChip);
    expect(Object.keys(device.matrixPeaks)).toEqual(['fp32', 'tf32', 'fp16', 'bf16', 'int8']);
    expect(device.matrixPeaks.fp16).toEqual(base?.matrixPeaks.fp16);
    expect(device.power.modes[1]?.cap).toEqual({
      value: 250,
      source: 'Measured with nvidia-smi',
      confidence: 'medium',
    });
    expect(device.power.static).toEqual(base?.power.static);
    // It is no product that anybody sells, and does not answer to the names of its base.
    expect([device.id, device.status, device.aliases]).toEqual(['h100_faster_memory', 'hypothetical', []]);
    expect(device.notes[0]).toContain('Extends nvidia_h100_pcie');
  });
});

/** The guide's whole device with the fields that not every device has; one place may be another value. */
const withOptional = (path?: string, value?: unknown): Mutable => {
  const file = { ...(parseYaml(WHOLE) as Mutable), ...(parseYaml(OPTIONAL) as Mutable) };
  const keys = path?.split('.') ?? [];
  const last = keys.pop();
  let at: Mutable = file;
  for (const key of keys) at = at[key] as Mutable;
  if (last !== undefined) at[last] = value;
  return file;
};

describe('what not every device has', () => {
  it('is read with its units', () => {
    const { device, warnings } = accepted(withOptional());
    expect(warnings).toEqual([]);
    expect(device.residentWeights).toEqual({ value: 8 * 1024 ** 2, source: 'user file mine.yaml', confidence: 'low' });
    expect(device.launchSeconds?.value).toBeCloseTo(4e-6, 18);
    expect(device.halfVectorPeak?.value).toBe(16e12);
    expect(device.fabric).toMatchObject({
      capacity: { value: 16 * 1024 ** 2 },
      perKernel: { value: 200 * 1024 },
      windowRows: { value: 5 },
    });
    expect(device.memories).toMatchObject({
      weights: { name: 'flash', capacity: { value: 2 * 1024 ** 2 } },
      activations: { name: 'SRAM', capacity: { value: 640 * 1024 } },
    });
    expect(device.host).toMatchObject({ name: 'Cortex-A72', unsupported: ['attention', 'normalization'] });
    expect(device.host?.vectorPeak.value).toBeCloseTo(57.6e9, 0);
    expect(device.host?.link.bandwidth.value).toBeCloseTo(0.32e9, 0);
    expect(device.host?.link.transferSeconds.value).toBeCloseTo(100e-6, 15);
  });

  it('is absent, not unknown, from a file that does not speak of it', () => {
    const { device } = accepted(parseYaml(WHOLE));
    for (const field of ['halfVectorPeak', 'residentWeights', 'fabric', 'launchSeconds', 'memories', 'host'])
      expect(device).not.toHaveProperty(field);
  });

  it.each<[string, unknown, string]>([
    ['residentWeights', 8, 'missing-unit residentWeights'],
    ['residentWeights', '8 MB/s', 'wrong-unit residentWeights'],
    ['residentWeights', '-8 MiB', 'out-of-range residentWeights'],
    ['residentWeights', null, 'wrong-type residentWeights'],
    ['halfVectorPeak', 16e12, 'missing-unit halfVectorPeak'],
    ['halfVectorPeak', '16 TB/s', 'wrong-unit halfVectorPeak'],
    ['fabric.capacity', 16, 'missing-unit fabric.capacity'],
    ['fabric.capacity', '0 MiB', 'out-of-range fabric.capacity'],
    ['fabric.capacity', undefined, 'missing fabric.capacity'],
    ['fabric.perKernel', '200 kW', 'wrong-unit fabric.perKernel'],
    ['fabric.perKernel', '-200 KiB', 'out-of-range fabric.perKernel'],
    ['fabric.windowRows', '5 MiB', 'wrong-type fabric.windowRows'],
    ['fabric.windowRows', -1, 'out-of-range fabric.windowRows'],
    ['launchSeconds', 4e-6, 'missing-unit launchSeconds'],
    ['launchSeconds', '4 MHz', 'wrong-unit launchSeconds'],
    ['launchSeconds', '-4 us', 'out-of-range launchSeconds'],
    ['launchSeconds', '1 Ms', 'out-of-range launchSeconds'],
    ['memories.weights.capacity', 2, 'missing-unit memories.weights.capacity'],
    ['memories.weights.capacity', '2 W', 'wrong-unit memories.weights.capacity'],
    ['memories.activations.capacity', '-640 KiB', 'out-of-range memories.activations.capacity'],
    ['memories.activations.capacity', '0 KiB', 'out-of-range memories.activations.capacity'],
    ['memories.activations', undefined, 'missing memories.activations'],
    ['memories.scratch', {}, 'unknown-key memories.scratch'],
    ['host.vectorPeak', '57.6 GB/s', 'wrong-unit host.vectorPeak'],
    ['host.vectorPeak', '-1 GOP/s', 'out-of-range host.vectorPeak'],
    ['host.link.bandwidth', 0.32e9, 'missing-unit host.link.bandwidth'],
    ['host.link.bandwidth', '-0.32 GB/s', 'out-of-range host.link.bandwidth'],
    ['host.link.transferSeconds', '100', 'missing-unit host.link.transferSeconds'],
    ['host.link.transferSeconds', '100 uJ', 'wrong-unit host.link.transferSeconds'],
    ['host.link.transferSeconds', '-100 us', 'out-of-range host.link.transferSeconds'],
    ['host.link', undefined, 'missing host.link'],
    ['host.unsupported', ['atention'], 'unknown-name host.unsupported[0]'],
    ['host.unsupported', 'attention', 'wrong-type host.unsupported'],
  ])('is refused at the exact place: %s: %o', (path, value, expected) => {
    expect(located(refusals(withOptional(path, value)))).toEqual([expected]);
  });

  it('takes 0 for an ideal launch or transfer, and suggests a class that is near', () => {
    expect(accepted(withOptional('launchSeconds', '0 s')).device.launchSeconds?.value).toBe(0);
    const [issue] = refusals(withOptional('host.unsupported', ['atention']));
    expect(issue?.message).toContain('did you mean "attention"?');
  });

  it('is inherited by a file that extends, changed in part and taken away with null', () => {
    const { device: base } = accepted(withOptional());
    const modified = (file: Mutable) => accepted({ extends: 'edge_npu', id: 'other', ...file }, [base]).device;
    expect(modified({}).host).toEqual(base.host);
    const faster = modified({ host: { link: { bandwidth: '0.5 GB/s' } } });
    expect(faster.host).toEqual({
      ...base.host,
      link: { ...base.host?.link, bandwidth: { value: 0.5e9, source: 'user file mine.yaml', confidence: 'low' } },
    });
    expect(modified({ memories: { weights: { capacity: '4 MiB' } } }).memories).toMatchObject({
      weights: { name: 'flash', capacity: { value: 4 * 1024 ** 2 } },
      activations: base.memories?.activations,
    });
    const bare = modified({
      halfVectorPeak: null,
      residentWeights: null,
      fabric: null,
      launchSeconds: null,
      memories: null,
      host: null,
    });
    for (const field of ['halfVectorPeak', 'residentWeights', 'fabric', 'launchSeconds', 'memories', 'host'])
      expect(bare).not.toHaveProperty(field);
    // Null takes away nothing that a device cannot do without.
    const result = parseDevice({ extends: 'edge_npu', offChip: null }, { source: 'mine.yaml', builtins: [base] });
    expect(result).toMatchObject({ ok: false, issues: [{ code: 'wrong-type', path: 'offChip' }] });
  });
});

describe('a power mode', () => {
  const mode = (fields: Mutable) => ({ modes: [{ name: 'low', cap: '5 W', ...fields }], static: '1 W', idle: '0.4 W' });
  const refused = (fields: Mutable) => located(refusals(changed('power', mode(fields))));

  it.each<[Mutable, string]>([
    [{ clock: 2e9 }, 'missing-unit power.modes[0].clock'],
    [{ clock: '2 W' }, 'wrong-unit power.modes[0].clock'],
    [{ units: 0 }, 'out-of-range power.modes[0].units'],
    [{ units: '4 GHz' }, 'wrong-type power.modes[0].units'],
    [{ bandwidth: '-1 GB/s' }, 'out-of-range power.modes[0].bandwidth'],
    [{ hostClock: '1 GB' }, 'wrong-unit power.modes[0].hostClock'],
    // The guide's device has four arrays.
    [{ units: 5 }, 'out-of-range power.modes[0].units'],
    [{ speed: 2 }, 'unknown-key power.modes[0].speed'],
    // As much as the cap leaves nothing for work; that of the device is under it.
    [{ static: '5 W' }, 'static-power-above-cap power.modes[0].static'],
  ])('is refused at the exact place: %o', (fields, expected) => {
    expect(refused(fields)).toEqual([expected]);
  });

  it('has no clock of all cores of a processor, whose clusters have their own', () => {
    const power = mode({ clock: '1 GHz', units: 2, bandwidth: '10 GB/s' });
    const file = { extends: 'intel_i7_12700h', id: 'slower', power: { modes: power.modes } };
    const result = parseDevice(file, { source: 'mine.yaml', builtins: devices });
    expect(result.ok ? [] : located(result.issues)).toEqual(
      expect.arrayContaining(['unknown-key power.modes[0].clock', 'unknown-key power.modes[0].units']),
    );
  });
});

describe('engines, microcontrollers and tiles of several kinds', () => {
  // 2 x 32 x 64 x 2 x 4 GHz = 32.768 TOP/s, the peak that the guide's device states.
  const npu = { kind: 'npu', engines: 2, rows: 32, columns: 64, clock: '4 GHz' };
  const mcu = { kind: 'mcu', cores: 2, clock: '1 GHz', operationsPerCycle: { int8: 16_400, fp16: 4100 } };
  const tiles = {
    kind: 'spatial',
    tiles: 10,
    rows: 64,
    columns: 64,
    clock: '1 GHz',
    tilesByPrecision: { int8: 4, fp16: 1 },
  };

  it('are read', () => {
    for (const geometry of [npu, mcu, tiles]) expect(accepted(changed('geometry', geometry)).warnings).toEqual([]);
    expect(accepted(changed('geometry', npu)).device.geometry).toMatchObject({
      engines: { value: 2 },
      rows: { value: 32 },
      columns: { value: 64 },
      clock: { value: 4e9 },
    });
    expect(accepted(changed('geometry', mcu)).device.geometry).toMatchObject({
      cores: { value: 2 },
      operationsPerCycle: { int8: 16_400, fp16: 4100 },
    });
    expect(accepted(changed('geometry', tiles)).device.geometry).toMatchObject({
      tilesByPrecision: { int8: 4, fp16: 1 },
    });
  });

  it.each<[Mutable, readonly string[]]>([
    [{ ...npu, engines: '2' }, ['wrong-type geometry.engines']],
    [{ ...npu, engines: -2 }, ['out-of-range geometry.engines']],
    [{ ...npu, clock: 4 }, ['missing-unit geometry.clock']],
    [{ ...npu, clock: '4 GB' }, ['wrong-unit geometry.clock']],
    [{ ...npu, tiles: 2 }, ['unknown-key geometry.tiles']],
    [{ kind: 'npu' }, ['engines', 'rows', 'columns', 'clock'].map((field) => `missing geometry.${field}`)],
    [{ ...mcu, cores: 0 }, ['out-of-range geometry.cores']],
    [{ ...mcu, operationsPerCycle: { int8: -2 } }, ['out-of-range geometry.operationsPerCycle.int8']],
    [{ ...mcu, clock: '-1 GHz' }, ['out-of-range geometry.clock']],
    [{ kind: 'mcu' }, ['cores', 'clock', 'operationsPerCycle'].map((field) => `missing geometry.${field}`)],
    [{ ...tiles, tilesByPrecision: { int8: 0 } }, ['out-of-range geometry.tilesByPrecision.int8']],
    [{ ...tiles, tilesByPrecision: { int9: 4 } }, ['unknown-key geometry.tilesByPrecision.int9']],
  ])('are refused at the exact place: %o', (geometry, expected) => {
    expect(located(refusals(changed('geometry', geometry)))).toEqual(expected);
  });

  it.each<[string, Mutable, string, string]>([
    // 3 x 32 x 64 x 2 x 4 GHz; 2 x 20,000 x 1 GHz; 5 x 64 x 64 x 2 x 1 GHz.
    ['npu', { ...npu, engines: 3 }, 'int8', '49.2 TOP/s'],
    ['mcu', { ...mcu, operationsPerCycle: { int8: 20_000 } }, 'int8', '40.0 TOP/s'],
    ['spatial', { ...tiles, tilesByPrecision: { int8: 5 } }, 'int8', '41.0 TOP/s'],
    ['spatial', { ...tiles, tilesByPrecision: { int8: 4, fp16: 2 } }, 'fp16', '16.4 TOP/s'],
  ])('%s: a peak off its geometry is doubted, with both figures', (_, geometry, precision, derived) => {
    const { warnings } = accepted(changed('geometry', geometry));
    expect(located(warnings)).toEqual([`peak-differs-from-geometry matrixPeaks.${precision}`]);
    expect(warnings[0]?.message).toContain(derived);
    expect(warnings[0]?.message).toContain(precision === 'int8' ? '32.8 TOP/s' : '8.20 TOP/s');
  });

  it('tiles of one precision are taken away with null', () => {
    const { device: base } = accepted(changed('geometry', tiles));
    const file = { extends: 'edge_npu', id: 'other', geometry: { tilesByPrecision: { fp16: null } } };
    expect(accepted(file, [base]).device.geometry).toMatchObject({ tilesByPrecision: { int8: 4 } });
    expect(accepted(file, [base]).device.geometry).not.toHaveProperty('tilesByPrecision.fp16');
  });
});

describe('docs/device.schema.json', () => {
  /** Defaults are what a whole file leaves out; an extending one keeps its base's. */
  const withoutDefaults = (schema: unknown): unknown => {
    if (Array.isArray(schema)) return schema.map(withoutDefaults);
    if (typeof schema !== 'object' || schema === null) return schema;
    return Object.fromEntries(
      Object.entries(schema).flatMap(([key, inner]) => (key === 'default' ? [] : [[key, withoutDefaults(inner)]])),
    );
  };

  it('is generated from the format; after a change of it, run this test with -u', async () => {
    const { $schema, $defs, anyOf } = z.toJSONSchema(z.union([completeFile, extendingFile]), {
      io: 'input',
      metadata: deviceFileTerms,
    });
    const schema = {
      $schema,
      title: 'Assay device file',
      description: 'Generated from src/hardware/file-format.ts. Guide: device-file.md.',
      type: 'object',
      if: { required: ['extends'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: withoutDefaults(anyOf?.[1]),
      else: anyOf?.[0],
      $defs,
    };
    await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../docs/device.schema.json');
  });
});

describe('a file is refused at the exact place', () => {
  it.each<[string, unknown, string]>([
    // Units.
    ['offChip.bandwidth', 2e12, 'missing-unit offChip.bandwidth'],
    ['offChip.bandwidth', '2e12', 'missing-unit offChip.bandwidth'],
    ['offChip.bandwidth', { value: 2e12 }, 'missing-unit offChip.bandwidth.value'],
    ['offChip.bandwidth', '68 GB', 'wrong-unit offChip.bandwidth'],
    ['offChip.bandwidth', '68 Gb/s', 'wrong-unit offChip.bandwidth'],
    ['offChip.bandwidth', 'fast', 'not-a-quantity offChip.bandwidth'],
    ['offChip.bandwidth', '', 'not-a-quantity offChip.bandwidth'],
    ['offChip.bandwidth', '1,5 GB/s', 'ambiguous-number offChip.bandwidth'],
    ['energy.perMac.int8', '0.2 pJ/B', 'wrong-unit energy.perMac.int8'],
    ['energy.perVectorOperation', '1.5 pJ/MAC', 'wrong-unit energy.perVectorOperation'],
    [
      'power.modes',
      [
        { name: 'a', cap: '10 W' },
        { name: 'b', cap: 5 },
      ],
      'missing-unit power.modes[1].cap',
    ],
    // Magnitudes.
    ['offChip.bandwidth', '2e18 B/s', 'out-of-range offChip.bandwidth'],
    ['offChip.bandwidth', '68 mB/s', 'out-of-range offChip.bandwidth'],
    ['offChip.bandwidth', '-68 GB/s', 'out-of-range offChip.bandwidth'],
    ['offChip.bandwidth', '0 B/s', 'out-of-range offChip.bandwidth'],
    ['offChip.bandwidth', '1e999 B/s', 'out-of-range offChip.bandwidth'],
    ['matrixPeaks.int8', '0 OP/s', 'out-of-range matrixPeaks.int8'],
    ['matrixPeaks.int8', '-1 TOP/s', 'out-of-range matrixPeaks.int8'],
    ['energy.perMac.int8', '0.2 J/OP', 'out-of-range energy.perMac.int8'],
    ['power.static', '-1 W', 'out-of-range power.static'],
    ['power.modes.0.cap', '350 MW', 'out-of-range power.modes[0].cap'],
    ['process', '7 m', 'out-of-range process'],
    ['year', 20260, 'out-of-range year'],
    ['geometry.rows', 0, 'out-of-range geometry.rows'],
    ['geometry.rows', 1e9, 'out-of-range geometry.rows'],
    ['geometry.rows', Number.NaN, 'not-finite geometry.rows'],
    ['geometry.rows', Number.POSITIVE_INFINITY, 'not-finite geometry.rows'],
    ['power.modes', [], 'out-of-range power.modes'],
    // Types.
    ['geometry.rows', '64', 'wrong-type geometry.rows'],
    ['geometry.rows', 6.5, 'wrong-type geometry.rows'],
    ['offChip', 3, 'wrong-type offChip'],
    ['offChip', null, 'wrong-type offChip'],
    ['offChip.bandwidth', null, 'wrong-type offChip.bandwidth'],
    ['offChip.bandwidth', ['68 GB/s'], 'wrong-type offChip.bandwidth'],
    ['offChip.bandwidth', true, 'wrong-type offChip.bandwidth'],
    ['matrixPeaks.fp16', null, 'wrong-type matrixPeaks.fp16'],
    ['name', 45, 'wrong-type name'],
    ['notes', 'one', 'wrong-type notes'],
    ['year', new Date(0), 'not-plain-data year'],
    ['year', 2026n, 'not-plain-data year'],
    ['notes', new Map(), 'not-plain-data notes'],
    // Names.
    ['id', 'Edge NPU', 'malformed-name id'],
    ['aliases', ['ok', 'not ok'], 'malformed-name aliases[1]'],
    ['power.modes.0.name', '10W@x', 'malformed-name power.modes[0].name'],
    ['name', '  ', 'missing name'],
    ['name', 'a\u001b[31mb', 'control-character name'],
    ['status', 'prototype', 'unknown-name status'],
    ['defaultPrecision', 'fp64', 'unknown-name defaultPrecision'],
    ['geometry.kind', 'gpu', 'unknown-name geometry.kind'],
    ['geometry.kind', undefined, 'missing geometry.kind'],
    ['process', { value: '7 nm', confidence: 'sure', source: 'x' }, 'unknown-name process.confidence'],
    ['id', 'nvidia_h100_pcie', 'name-taken id'],
    ['id', 'i7', 'name-taken id'],
    ['aliases', ['npu', 'h100-pcie'], 'name-taken aliases[1]'],
    ['extends', 'nvidia_h100', 'unknown-device extends'],
    ['extends', 4, 'wrong-type extends'],
    // Contradictions.
    ['power.static', '10 W', 'static-power-above-cap power.static'],
    ['power.modes.1.name', '10w', 'duplicate-name power.modes[1].name'],
    ['matrixPeaks.int8', undefined, 'default-precision-not-offered defaultPrecision'],
    ['energy.perMac.int8', undefined, 'default-precision-not-offered defaultPrecision'],
    ['defaultPrecision', 'int4', 'default-precision-not-offered defaultPrecision'],
    // Missing.
    ['energy.perVectorOperation', undefined, 'missing energy.perVectorOperation'],
    ['offChip', undefined, 'missing offChip'],
    ['process', { source: 'x' }, 'missing process.value'],
  ])('%s: %o', (path, value, expected) => {
    const issues = refusals(changed(path, value));
    expect(located(issues)).toContain(expected);
    // One cause, one place; int4 lacks both a peak and an energy.
    expect(new Set(located(issues)).size).toBe(1);
    for (const { message } of issues) expect(message).toMatch(/expected|did you mean|not a field/);
  });

  it('says that a bare number has no unit, and shows one', () => {
    const [issue] = refusals(changed('offChip.bandwidth', 3000));
    expect(issue?.message).toBe('3000 has no unit: expected a number with a unit of B/s, such as "2 TB/s"');
  });

  it.each([
    ['offChip.bandwith', 'offChip.bandwith', 'bandwidth'],
    ['matrixPeak', 'matrixPeak', 'matrixPeaks'],
    ['geometry.colums', 'geometry.colums', 'columns'],
    ['energy.perMac.bf_16', 'energy.perMac.bf_16', 'bf16'],
    ['power.modes.0.capp', 'power.modes[0].capp', 'cap'],
    ['process.sorce', 'process.sorce', 'source'],
  ])('suggests the nearest field for %s', (path, where, nearest) => {
    const [issue] = refusals(changed(path, '1'));
    expect(issue).toMatchObject({ code: 'unknown-key', path: where });
    expect(issue?.message).toContain(`did you mean "${nearest}"?`);
  });

  it('lists an unknown field before the one that it leaves missing', () => {
    const file = changed('offChip.bandwidth', undefined);
    (file.offChip as Mutable).bandwith = '68 GB/s';
    expect(located(refusals(file))).toEqual(['unknown-key offChip.bandwith', 'missing offChip.bandwidth']);
  });

  it('lists all that is missing at once', () => {
    expect(located(refusals({}))).toHaveLength(14);
  });

  it.each([undefined, null, 'text', 4, [], [1]])('is no device: %o', (input) => {
    expect(located(refusals(input))).toEqual(['not-an-object (root)']);
  });
});

describe('warnings', () => {
  it.each<[string, unknown, string]>([
    ['matrixPeaks.int8', '40 TOP/s', 'peak-differs-from-geometry matrixPeaks.int8'],
    ['geometry.rows', 128, 'peak-differs-from-geometry matrixPeaks.int8'],
    ['energy.perMac.fp16', undefined, 'precision-without-energy matrixPeaks.fp16'],
    ['matrixPeaks.fp16', undefined, 'energy-without-peak energy.perMac.fp16'],
    ['process', { value: '7 nm', confidence: 'high' }, 'confidence-without-source process'],
    ['power.idle', '2 W', 'idle-power-above-static power.idle'],
    ['onChip.bandwidth', '60 GB/s', 'on-chip-slower-than-off-chip onChip.bandwidth'],
  ])('%s: %o', (path, value, expected) => {
    expect(located(accepted(changed(path, value)).warnings)).toEqual([expected]);
  });

  it('takes 5 % between peak and geometry, either way: 4 x 64 x 64 x 2 x 1 GHz = 32.768 TOP/s', () => {
    const codes = (peak: string) => accepted(changed('matrixPeaks.int8', peak)).warnings.map(({ code }) => code);
    expect([codes('34.4 TOP/s'), codes('31.2 TOP/s')]).toEqual([[], []]);
    expect([codes('34.5 TOP/s'), codes('31.1 TOP/s')]).toEqual([
      ['peak-differs-from-geometry'],
      ['peak-differs-from-geometry'],
    ]);
  });

  it('takes a note of the file about the peak as the reason, but not one of the device that it extends', () => {
    const file = { ...changed('matrixPeaks.int8', '40 TOP/s'), notes: ['The peak counts the vector units too.'] };
    expect(accepted(file).warnings).toEqual([]);
    // The notes of the H100 speak of sparse peaks.
    const wider = { extends: 'nvidia_h100_pcie', geometry: { multiprocessors: 132 } };
    expect(accepted(wider).warnings.map(({ path }) => path)).toContain('matrixPeaks.fp16');
  });

  it('takes a confidence without a source as low', () => {
    const { device } = accepted(changed('process', { value: '7 nm', confidence: 'high' }));
    expect(device.process).toEqual({ value: 7 * 1e-9, source: 'user file mine.yaml', confidence: 'low' });
  });
});

describe('extends', () => {
  it('takes an id or an alias, in any case, and calls the device after the file', () => {
    for (const name of ['nvidia_h100_pcie', 'NVIDIA-H100-PCIe', 'h100-pcie', 'h100_pcie']) {
      expect(accepted({ extends: name }).device.id).toBe('mine');
    }
    const idOf = (source: string) => {
      const result = parseDevice({ extends: 'i7' }, { source, builtins: devices });
      return result.ok && result.device.id;
    };
    expect(idOf('files/My i7 (2).yaml')).toBe('my_i7_2');
    expect(idOf('i7.yaml')).toBe('intel_i7_12700h_modified');
    expect(idOf('')).toBe('intel_i7_12700h_modified');
  });

  it('suggests names that are near', () => {
    expect(refusals({ extends: 'h100-pci' })[0]?.message).toContain('h100-pcie');
  });

  it('replaces a geometry of another kind, and completes one of the same', () => {
    const other = { kind: 'spatial', tiles: 4, rows: 16, columns: 16, clock: '1 GHz' };
    const { geometry } = accepted({ extends: 'i7', geometry: other, notes: ['Peaks of another machine.'] }).device;
    expect(Object.keys(geometry)).toEqual(['kind', 'tiles', 'rows', 'columns', 'clock']);
    expect(accepted({ extends: 'tpu-v4', geometry: { arrays: 4 } }).device.geometry).toMatchObject({
      arrays: { value: 4 },
      rows: { value: 128 },
    });
    expect(located(refusals({ extends: 'i7', geometry: { kind: 'spatial' } }))).toContain('missing geometry.tiles');
  });

  it('never keeps the source of a figure that it replaces', () => {
    const bare = { extends: 'i7', offChip: { bandwidth: { value: '90 GB/s' } } };
    expect(accepted(bare).device.offChip.bandwidth.source).toBe('user file mine.yaml');
    const sourceOnly = { extends: 'i7', offChip: { bandwidth: { source: 'x' } } };
    expect(located(refusals(sourceOnly))).toEqual(['missing offChip.bandwidth.value']);
  });

  it('checks the result as a whole', () => {
    const file = { extends: 'nvidia_h100_pcie', power: { modes: [{ name: 'low', cap: '90 W' }] } };
    expect(located(refusals(file))).toEqual(['static-power-above-cap power.static']);
  });
});

// The scales of prefixes, written again here so that the test does not share them with what it tests.
const SCALES: Readonly<Record<string, number>> = {
  p: 1e-12,
  n: 1e-9,
  m: 1e-3,
  '': 1,
  k: 1e3,
  G: 1e9,
  T: 1e12,
  Mi: 1024 ** 2,
};
const UNITS: Readonly<Record<string, UnitName>> = {
  process: 'm',
  clock: 'Hz',
  hostClock: 'Hz',
  matrixPeaks: 'OP/s',
  vectorPeak: 'OP/s',
  halfVectorPeak: 'OP/s',
  capacity: 'B',
  perUnit: 'B',
  bandwidth: 'B/s',
  energyPerByte: 'J/B',
  residentWeights: 'B',
  perKernel: 'B',
  transferSeconds: 's',
  launchSeconds: 's',
  cap: 'W',
  static: 'W',
  idle: 'W',
  sleep: 'W',
  perMac: 'J/OP',
  perVectorOperation: 'J/OP',
};

/** A device written by hand: every figure with the prefix and form that `choose` gives. */
const written = (value: unknown, choose: () => { prefix: string; sourced: boolean }, unit?: UnitName): unknown => {
  if (Array.isArray(value)) return value.map((item) => written(item, choose, unit));
  if (typeof value !== 'object' || value === null) return value;
  if ('value' in value) {
    const { prefix, sourced } = choose();
    const text = unit === undefined ? value.value : `${Number(value.value) / (SCALES[prefix] ?? 1)} ${prefix}${unit}`;
    return sourced ? { ...value, value: text } : text;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, written(inner, choose, UNITS[key] ?? unit)]),
  );
};

/** All numbers of a device by path. */
const numbersOf = (value: unknown, path = ''): readonly (readonly [string, number])[] => {
  if (typeof value === 'number') return [[path, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => numbersOf(inner, `${path}.${key}`));
};

describe.each(devices)('$id in the form of a file', (device) => {
  it('reads back as the same device, exactly', () => {
    const { device: back, warnings } = accepted(JSON.parse(JSON.stringify(deviceFileOf(device))), []);
    expect(back).toEqual(device);
    expect(warnings).toEqual([]);
  });

  it('reads back with the same numbers, whatever the prefixes and with or without sources', () => {
    const choice = fc.record({ prefix: fc.constantFrom(...Object.keys(SCALES)), sourced: fc.boolean() });
    fc.assert(
      fc.property(fc.infiniteStream(choice), (choices) => {
        const { device: back } = accepted(
          written(device, () => choices.next().value),
          [],
        );
        const [before, after] = [numbersOf(device), new Map(numbersOf(back))];
        expect(after.size).toBe(before.length);
        const off = before.filter(
          ([path, value]) => !(Math.abs((after.get(path) ?? Number.NaN) - value) <= 1e-14 * value),
        );
        expect(off).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a hostile file is refused, and cheaply', () => {
  const nested = (depth: number, wrap: (inner: unknown) => unknown): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < depth; level++) value = wrap(value);
    return value;
  };
  const cyclic: Mutable = {};
  cyclic.self = cyclic;
  /** 40 levels of two branches to the same place: 2^40 entries to whoever follows them all. */
  const laughs = (): unknown => nested(40, (inner) => [inner, inner]);
  const wide = nested(11, (inner) => [inner, inner, inner, inner, inner, inner]);
  const manyKeys = (): unknown => Object.fromEntries(Array.from({ length: 1e6 }, (_, index) => [`key${index}`, index]));

  it.each<[string, () => unknown, string]>([
    ['lists 10,000 deep', () => nested(10_000, (inner) => [inner]), 'too-deep'],
    ['mappings 10,000 deep', () => nested(10_000, (inner) => ({ offChip: inner })), 'too-deep'],
    ['a cycle', () => cyclic, 'too-deep'],
    ['shared branches', () => ({ notes: laughs() }), 'too-deep'],
    ['shared branches that are not deep', () => ({ notes: wide }), 'too-large'],
    ['a million keys', manyKeys, 'too-large'],
    ['a million keys inside', () => ({ geometry: manyKeys() }), 'too-large'],
    ['a list of a million', () => ({ notes: new Array(1e6).fill('x') }), 'too-large'],
    ['an array of 2^32 - 1 holes', () => ({ notes: new Array(2 ** 32 - 1) }), 'too-large'],
    [
      '1,900 unknown keys',
      () => Object.fromEntries(Array.from({ length: 1900 }, (_, index) => [`bandwidth${index}`, 1])),
      'unknown-key',
    ],
    ['an unknown key of 1 MB', () => ({ [`a${'b'.repeat(1e6)}`]: 1 }), 'unknown-key'],
    ['an id of 1 MB', () => changed('id', 'a'.repeat(1e6)), 'text-too-long'],
    ['a figure of 1 MB', () => changed('offChip.bandwidth', `${'1'.repeat(1e6)}\n\nx`), 'text-too-long'],
    ['a figure of 1 MB of spaces', () => changed('offChip.bandwidth', `1${' '.repeat(1e6)}x`), 'text-too-long'],
    ['an id that regular expressions dislike', () => changed('id', `${'a_'.repeat(2000)}!`), 'text-too-long'],
    ['a note of 4,000 characters', () => changed('notes', ['x'.repeat(4000)]), 'text-too-long'],
    ['__proto__', () => JSON.parse('{ "extends": "i7", "__proto__": { "id": "x" } }'), 'unknown-key'],
    [
      '__proto__ inside',
      () => JSON.parse('{ "extends": "i7", "offChip": { "__proto__": { "name": "x" } } }'),
      'unknown-key',
    ],
    [
      'constructor',
      () => JSON.parse('{ "extends": "i7", "constructor": { "prototype": { "polluted": 1 } } }'),
      'unknown-key',
    ],
    ['toString inside', () => JSON.parse('{ "extends": "i7", "offChip": { "toString": "x" } }'), 'unknown-key'],
    ['a function', () => ({ extends: 'i7', notes: () => 1 }), 'not-plain-data'],
    ['extends of an inherited name', () => ({ extends: 'toString' }), 'unknown-device'],
    ['extends of 4,000 characters', () => ({ extends: 'h'.repeat(4000) }), 'unknown-device'],
  ])('%s', (_, build, code) => {
    const file = build();
    const start = performance.now();
    const result = read(file);
    const elapsed = performance.now() - start;
    if (result.ok) throw new Error('accepted');
    expect(result.issues[0]?.code).toBe(code);
    expect(result.issues.length).toBeLessThanOrEqual(50);
    for (const { path, message } of result.issues) expect(`${path} ${message}`.length).toBeLessThan(700);
    expect(({} as Mutable).polluted).toBeUndefined();
    expect(({} as Mutable).id).toBeUndefined();
    // The engine takes 0.3 s to list a million keys, whatever is asked of it; what must not happen takes minutes.
    expect(elapsed).toBeLessThan(patience(400));
  });

  it('says nothing that would steer a terminal', () => {
    const key = 'x\u001b]0;title\u0007\u009b2J\u202e';
    const [issue] = refusals({ [key]: 1, extends: 'i7' });
    expect(issue?.code).toBe('unknown-key');
    expect(`${issue?.path}${issue?.message}`).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('never throws, whatever plain data it is given, and never gives a device with a number that is not finite', () => {
    const field = fc.constantFrom(
      'id',
      'extends',
      'geometry',
      'kind',
      'offChip',
      'bandwidth',
      'power',
      'modes',
      'cap',
      'value',
      'notes',
    );
    const leaf = fc.oneof(
      fc.constantFrom('i7', 'simd-cpu', '2 TB/s', '-1 W', '1e400 B/s', null),
      fc.string(),
      fc.double(),
      fc.boolean(),
    );
    const { file } = fc.letrec((tie) => ({
      file: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.array(tie('file'), { maxLength: 4 }),
        fc.dictionary(fc.oneof(field, fc.string()), tie('file'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(file, fc.boolean(), (data, isExtending) => {
        const result = read(
          isExtending && typeof data === 'object' && !Array.isArray(data) ? { ...data, extends: 'i7' } : data,
        );
        if (result.ok) for (const [, value] of numbersOf(result.device)) expect(Number.isFinite(value)).toBe(true);
        else expect(result.issues.length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
