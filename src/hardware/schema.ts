/**
 * Devices from files that users write. The caller has turned YAML or JSON text into plain data; here it is bounded,
 * laid over the device that it extends, read by the format, and checked for figures that contradict each other.
 */
import * as z from 'zod/mini';
import { PRECISIONS, type Precision } from '../ir/dtype.ts';
import { formatSI } from '../units/format.ts';
import { nearestNames } from '../units/suggest.ts';
import { peakFromGeometry, unitFigure } from './describe.ts';
import type { Confidence, Device, Figure, PowerMode } from './device.ts';
import { completeFile, deviceFileOf, isFigure, OPTIONAL_FIELDS, PRECISION_TABLES } from './file-format.ts';
import {
  boundedCopy,
  type DeviceIssue,
  type Fields,
  inOrder,
  isObject,
  pathText,
  refusalsOf,
  show,
} from './file-issues.ts';

export type ParsedDevice =
  | { readonly ok: true; readonly device: Device; readonly warnings: readonly DeviceIssue[] }
  | { readonly ok: false; readonly issues: readonly DeviceIssue[] };

export interface ParseDeviceOptions {
  /** Name of the file: the source of figures that state none. */
  readonly source: string;
  /** Devices that `extends` may name, and whose names are taken. */
  readonly builtins: readonly Device[];
}

// ---- extends: the file laid over a built-in device in the form of a file. ----

const plainName = (name: string): string => name.toLowerCase().replaceAll('-', '_');
const namesOf = ({ id, aliases }: Device): readonly string[] => [id, ...aliases];
const isNamed = (device: Device, name: string): boolean =>
  namesOf(device).some((known) => plainName(known) === plainName(name));

/**
 * Sections are merged by field; figures, lists and a geometry of another kind are replaced whole, so that a new value
 * never keeps the old one's source. Null takes away what is `removable`.
 */
const laidOver = (base: Fields, file: Fields, removable: readonly string[]): Fields => {
  const merged: Record<string, unknown> = { ...base };
  for (const [key, value] of Object.entries(file)) {
    const old = Object.hasOwn(base, key) ? base[key] : undefined;
    const isSameKind = isObject(value) && isObject(old) && (value.kind === undefined || value.kind === old.kind);
    if (value === null && removable.includes(key)) delete merged[key];
    else if (isSameKind && !isFigure(old))
      merged[key] = laidOver(old, value, PRECISION_TABLES.includes(key) ? PRECISIONS : []);
    else merged[key] = value;
  }
  return merged;
};

/** "files/My H100.yaml" -> "my_h100", unless that is taken or empty. */
const idFor = (base: Device, { source, builtins }: ParseDeviceOptions): string => {
  const fileName = source.slice(-256).split(/[/\\]/).at(-1) ?? '';
  const id = fileName
    .replace(/\.[^.]*$/, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 48)
    .replace(/_$/, '');
  return id === '' || builtins.some((device) => isNamed(device, id)) ? `${base.id}_modified` : id;
};

/** Names that a refusal shows where none is near: what there is otherwise fills a screen. */
const EXAMPLES = 6;

type Extended =
  | { readonly ok: true; readonly file: Fields; readonly base: Device | undefined }
  | { readonly ok: false; readonly issue: DeviceIssue };

const extended = (file: Fields, options: ParseDeviceOptions): Extended => {
  const name = file.extends;
  if (name === undefined) return { ok: true, file, base: undefined };
  const refuse = (code: DeviceIssue['code'], message: string): Extended => ({
    ok: false,
    issue: { code, path: 'extends', message },
  });
  if (typeof name !== 'string') {
    return refuse('wrong-type', `is ${show(name)}: expected the id or an alias of a built-in device`);
  }
  const base = options.builtins.find((device) => isNamed(device, name));
  if (base === undefined) {
    const near = nearestNames(name, options.builtins.flatMap(namesOf));
    const known = near.length > 0 ? near : options.builtins.slice(0, EXAMPLES).map(({ id }) => id);
    return refuse('unknown-device', `is ${show(name)}, no built-in device: expected one such as ${known.join(', ')}`);
  }
  // What the file does not say of itself is not what the built-in device is called, nor what it vouches for.
  const { aliases: _, status: __, ...inherited } = deviceFileOf(base);
  const start = { ...inherited, id: idFor(base, options), name: `${base.name}, modified` };
  return { ok: true, file: laidOver(start, file, OPTIONAL_FIELDS), base };
};

// ---- Provenance: every figure has a source, if only the file itself. ----

type Sourced<T> = T extends { readonly value: infer Value extends number }
  ? Figure<Value>
  : T extends string | number | boolean | null | undefined
    ? T
    : { readonly [Key in keyof T]: Sourced<T[Key]> };

const withSources = <T>(
  value: T,
  source: string,
  path: readonly PropertyKey[],
  warnings: DeviceIssue[],
): Sourced<T> => {
  const visit = (inner: unknown, at: readonly PropertyKey[]): unknown => {
    if (Array.isArray(inner)) return inner.map((item, index) => visit(item, [...at, index]));
    if (!isObject(inner)) return inner;
    if (!isFigure(inner))
      return Object.fromEntries(Object.entries(inner).map(([key, item]) => [key, visit(item, [...at, key])]));
    const { value: number, source: stated, confidence = 'low' }: Partial<Figure<number>> = inner;
    if (stated !== undefined) return { value: number, source: stated, confidence };
    if (confidence !== 'low') {
      const message = `states confidence ${confidence} and no source: taken as low`;
      warnings.push({ code: 'confidence-without-source', path: pathText(at), message });
    }
    return { value: number, source, confidence: 'low' satisfies Confidence };
  };
  return visit(value, path) as Sourced<T>;
};

// ---- Figures that contradict each other. ----

const PEAK_TOLERANCE = 0.05;

const contradictions = ({ power, geometry, matrixPeaks, energy, defaultPrecision }: Device): readonly DeviceIssue[] => {
  const issues: DeviceIssue[] = [];
  const seen = new Set<string>();
  for (const [index, mode] of power.modes.entries()) {
    const { name, cap } = mode;
    if (seen.has(name.toLowerCase())) {
      issues.push({
        code: 'duplicate-name',
        path: `power.modes[${index}].name`,
        message: `is ${show(name)} as an earlier mode: expected a name of its own`,
      });
    }
    seen.add(name.toLowerCase());
    for (const field of ['clock', 'units'] as const) {
      if (mode[field] === undefined || geometry.kind !== 'simd-cpu') continue;
      issues.push({
        code: 'unknown-key',
        path: `power.modes[${index}].${field}`,
        message: 'is of all compute units alike, and cores come in clusters of their own: expected it of no simd-cpu',
      });
    }
    const units = geometry.kind === 'simd-cpu' ? undefined : unitFigure(geometry).value;
    if (mode.units !== undefined && units !== undefined && mode.units.value > units) {
      issues.push({
        code: 'out-of-range',
        path: `power.modes[${index}].units`,
        message: `is ${mode.units.value}, and the device has ${units}: expected no more than that`,
      });
    }
    const whileRunning = mode.static ?? power.static;
    if (whileRunning.value < cap.value) continue;
    const [drawn, allowed] = [formatSI(whileRunning.value, 'W'), formatSI(cap.value, 'W')];
    issues.push({
      code: 'static-power-above-cap',
      path: mode.static === undefined ? 'power.static' : `power.modes[${index}].static`,
      message: `is ${drawn}, which leaves nothing for work under the cap of ${allowed} of mode ${show(name)}: expected less than every cap`,
    });
  }
  const offered = PRECISIONS.filter((precision) => matrixPeaks[precision] !== undefined).join(', ') || 'none';
  for (const [table, path] of [
    [matrixPeaks, 'matrixPeaks'],
    [energy.perMac, 'energy.perMac'],
  ] as const) {
    if (table[defaultPrecision] !== undefined) continue;
    issues.push({
      code: 'default-precision-not-offered',
      path: 'defaultPrecision',
      message: `is ${defaultPrecision}, of which ${path} says nothing: expected a precision with a peak and an energy per MAC (peaks: ${offered})`,
    });
  }
  return issues;
};

const peakWarning = (device: Device, precision: Precision): DeviceIssue | undefined => {
  const stated = device.matrixPeaks[precision]?.value;
  const derived = peakFromGeometry(device, precision);
  if (stated === undefined || derived === undefined || Math.abs(stated / derived - 1) <= PEAK_TOLERANCE)
    return undefined;
  const [peak, product] = [formatSI(stated, 'OP/s'), formatSI(derived, 'OP/s')];
  return {
    code: 'peak-differs-from-geometry',
    path: `matrixPeaks.${precision}`,
    message: `is ${peak}, but units x operations per cycle x clock give ${product}: expected them within 5 %, or a note about the peak that says why`,
  };
};

const doubts = (device: Device, statedNotes: readonly string[]): readonly DeviceIssue[] => {
  const { power, matrixPeaks, energy, onChip, offChip } = device;
  const warnings: DeviceIssue[] = [];
  const isExplained = statedNotes.some((note) => /\bpeaks?\b/i.test(note));
  for (const precision of PRECISIONS) {
    const warning = isExplained ? undefined : peakWarning(device, precision);
    if (warning !== undefined) warnings.push(warning);
    const [hasPeak, hasEnergy] = [matrixPeaks[precision] !== undefined, energy.perMac[precision] !== undefined];
    if (hasPeak && !hasEnergy) {
      const message = `has no energy.perMac.${precision} beside it: ${precision} cannot be estimated`;
      warnings.push({ code: 'precision-without-energy', path: `matrixPeaks.${precision}`, message });
    }
    if (hasEnergy && !hasPeak) {
      const message = `has no matrixPeaks.${precision} beside it: ${precision} cannot be estimated`;
      warnings.push({ code: 'energy-without-peak', path: `energy.perMac.${precision}`, message });
    }
  }
  if (power.idle.value > power.static.value) {
    const message = 'is above power.static, which is drawn whenever a network runs: expected no more than that';
    warnings.push({ code: 'idle-power-above-static', path: 'power.idle', message });
  }
  if (onChip.bandwidth.value < offChip.bandwidth.value) {
    const message = `is below offChip.bandwidth, ${formatSI(offChip.bandwidth.value, 'B/s')}: expected on-chip memory to be the faster one`;
    warnings.push({ code: 'on-chip-slower-than-off-chip', path: 'onChip.bandwidth', message });
  }
  return warnings;
};

const takenNames = (device: Device, builtins: readonly Device[]): readonly DeviceIssue[] =>
  namesOf(device).flatMap((name, index) => {
    const holder = builtins.find((builtin) => isNamed(builtin, name));
    if (holder === undefined) return [];
    const path = index === 0 ? 'id' : `aliases[${index - 1}]`;
    // Calibrations are kept by id: a changed device must not borrow the built-in one's.
    const message = `is ${show(name)}, which names the built-in ${holder.name}: expected a name of its own, such as ${holder.id}_modified`;
    return [{ code: 'name-taken' as const, path, message }];
  });

/**
 * Reads a device file that the caller has parsed to plain data. Never throws on plain data, and is cheap on hostile data.
 * `issues` are why there is no device, unknown keys first; `warnings` are what is probably not meant.
 */
export const parseDevice = (input: unknown, options: ParseDeviceOptions): ParsedDevice => {
  const refuse = (issues: readonly DeviceIssue[]): ParsedDevice => ({ ok: false, issues: inOrder(issues) });
  const bounded = boundedCopy(input);
  if (bounded.issues.length > 0) return refuse(bounded.issues);
  if (!isObject(bounded.copy)) {
    const message = `is ${show(bounded.copy)}: expected a mapping of the fields of a device`;
    return refuse([{ code: 'not-an-object', path: '(root)', message }]);
  }
  const whole = extended(bounded.copy, options);
  if (!whole.ok) return refuse([whole.issue]);
  const parsed = z.safeParse(completeFile, whole.file, { reportInput: true });
  if (!parsed.success) return refuse(parsed.error.issues.flatMap((issue) => refusalsOf(issue, [])));

  const warnings: DeviceIssue[] = [];
  const source = `user file ${options.source}`;
  const { $schema: _, extends: __, ...fields } = withSources(parsed.data, source, [], warnings);
  const { modes, ...power } = fields.power;
  const [firstMode, ...otherModes] = modes as readonly [PowerMode, ...PowerMode[]];
  const statedNotes = bounded.copy.notes === undefined ? [] : fields.notes;
  const notes =
    whole.base === undefined
      ? fields.notes
      : [`Extends ${whole.base.id}: a modified device, described by ${source}.`, ...fields.notes];
  const device: Device = { ...fields, notes, power: { ...power, modes: [firstMode, ...otherModes] } };
  const issues = [...takenNames(device, options.builtins), ...contradictions(device)];
  return issues.length > 0
    ? refuse(issues)
    : { ok: true, device, warnings: [...warnings, ...doubts(device, statedNotes)] };
};
