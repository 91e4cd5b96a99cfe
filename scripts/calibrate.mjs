// @ts-nocheck: runs on the built library, which type checking does not wait for
/**
 * Fits the constants of every table of reference/measurements.csv and writes reference/calibrations (records in use),
 * reference/held-out (constants without each family or device, for `assay validate`) and src/estimate/calibration-records.ts.
 * Run after `npm run build`: it uses the library. Minutes. Devices and classes (`simt-gpu/eager`) as arguments: only those
 * are fitted again.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import {
  calibrate,
  FEWEST_ROWS,
  fitConstants,
  heldOutUnits,
  intervalFactors,
  isMachine,
  largestShares,
  measurementGroups,
  predictSeconds,
  readMeasurements,
  resolveMachine,
  SOFTWARE_LEVELS,
  STARTS,
  startingAt,
  summarize,
} from '../dist/index.js';

const at = (path) => new URL(`../${path}`, import.meta.url);
const only = process.argv.slice(2);
const { rows, issues } = readMeasurements(readFileSync(at('reference/measurements.csv'), 'utf8'));
for (const { line, message } of issues) console.log(`measurements.csv:${line}: ${message}`);
const { groups, skipped } = measurementGroups(rows);
console.log(`${rows.length} rows, ${groups.length} groups, ${skipped.length} left out`);

const machineOf = (group, constants) => {
  const { precision, layout, powerMode: mode } = group;
  const machine = resolveMachine(group.device, group.runtime, {
    precision,
    layout,
    ...(mode !== undefined && { mode }),
  });
  if (!isMachine(machine)) throw new Error(`${group.id}: ${machine.message}`);
  return { ...machine, constants: constants ?? machine.constants };
};
const runnable = groups.filter((group) =>
  isMachine(resolveMachine(group.device, group.runtime, { precision: group.precision })),
);
for (const group of groups)
  if (!runnable.includes(group)) console.log(`no such arithmetic: ${group.id}, ${group.rows.length} rows`);

const classOf = ({ device, runtime }) => `${device.geometry.kind}/${runtime.class}`;
const classes = Map.groupBy
  ? Map.groupBy(runnable, classOf)
  : runnable.reduce((map, group) => map.set(classOf(group), [...(map.get(classOf(group)) ?? []), group]), new Map());

/** At most so many rows of a group for the constants of its class, the same number of every family where there are as many. */
const ROWS_FOR_CLASS = 60;
const sampled = ({ rows: all }) => {
  const byFamily = [
    ...all.reduce((map, row) => map.set(row.family, [...(map.get(row.family) ?? []), row]), new Map()).values(),
  ];
  const chosen = [];
  for (let turn = 0; chosen.length < Math.min(ROWS_FOR_CLASS, all.length); turn++) {
    for (const family of byFamily) {
      const step = Math.max(1, Math.floor(family.length / Math.ceil(ROWS_FOR_CLASS / byFamily.length)));
      const row =
        family[turn * step] ??
        (turn * step >= family.length ? family.find((each) => !chosen.includes(each)) : undefined);
      if (row !== undefined && !chosen.includes(row) && chosen.length < ROWS_FOR_CLASS) chosen.push(row);
    }
  }
  return chosen;
};
const samples = new Map(runnable.map((group) => [group, sampled(group)]));

/** Classes whose fit starts at that of another: the same processors and their caches, under a runtime with more rows. */
const SIBLINGS = { 'simd-cpu/eager': 'simd-cpu/compiled' };

/** Where the fit of a class starts, as long as the device and the family are unknown. */
const classStart = (members, without) => {
  const { kind } = members[0].device.geometry;
  const sibling = classes.get(SIBLINGS[classOf(members[0])]);
  const constants = sibling === undefined ? STARTS[kind].constants : classConstants(sibling, without);
  return startingAt(constants, kind, members[0].runtime.class);
};

const rowsOf = (members) => members.reduce((sum, group) => sum + samples.get(group).length, 0);

/** Constants fitted on samples of several tables together, or the start where a family leaves none of their rows. */
const fitTogether = (members, start, family) => {
  const pairs = members.flatMap((group) => {
    const machine = machineOf(group, start);
    return samples
      .get(group)
      .filter((row) => row.family !== family)
      .map((row) => ({ row, machine }));
  });
  if (pairs.length === 0) return { constants: start, rows: 0 };
  const constants = fitConstants(
    pairs.map(({ row }) => row),
    pairs[0].machine,
    { start, machines: pairs.map(({ machine }) => machine), tableRows: rowsOf(members) },
  );
  return { constants, rows: pairs.length };
};

const classFits = new Map();
/** Constants of a class, fitted without a device, without a family, or without neither. */
const classConstants = (members, { device, family } = {}) => {
  const key = `${classOf(members[0])} ${device ?? ''} ${family ?? ''}`;
  if (classFits.has(key)) return classFits.get(key);
  const start = classStart(members, { device, family });
  const { constants } = fitTogether(
    members.filter((group) => group.device.id !== device),
    start,
    family,
  );
  classFits.set(key, constants);
  return constants;
};

/**
 * Constants of a class as others of its devices have them under the software of a group, from the widest level on. What a
 * host takes to hand a kernel over is no matter of the software, and stays that of the class.
 */
const softwareFits = new Map();
const softwareLevels = (group, members, without = {}) => {
  const levels = [];
  const start = classConstants(members, without);
  let constants = start;
  let within = members.filter((other) => other.device.id !== without.device);
  for (const [level, isAlike] of SOFTWARE_LEVELS.entries()) {
    const alike = within.filter((other) => isAlike(other, group));
    if (alike.length === within.length || rowsOf(alike) < FEWEST_ROWS) continue;
    within = alike;
    const key = `${alike.map(({ id }) => id)} ${level} ${without.device ?? ''} ${without.family ?? ''}`;
    if (!softwareFits.has(key)) {
      const fit = fitTogether(alike, constants, without.family);
      const { dispatchSeconds } = start;
      softwareFits.set(key, {
        ...{ level, groups: alike, rows: fit.rows },
        constants: { ...fit.constants, ...(dispatchSeconds !== undefined && { dispatchSeconds }) },
      });
    }
    levels.push(softwareFits.get(key));
    constants = softwareFits.get(key).constants;
  }
  return levels;
};

/** Where a small table starts, and what an unmeasured device gets: the level most alike, or the class. */
const priorConstants = (group, members, without) =>
  softwareLevels(group, members, without).at(-1)?.constants ?? classConstants(members, without);

const rounded = (value) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value);
const roundedRecord = (record) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, rounded(value)]));
const today = new Date().toISOString().slice(0, 10);
const percent = (value) => `${(100 * value).toFixed(1)} %`;

const knownClasses = JSON.parse(readFileSync(at('reference/calibrations/classes.json'), 'utf8')).records;
const classRecords = [];
const classHeldOut = [];
for (const [id, members] of classes) {
  if (only.length > 0 && !only.includes(id)) continue;
  const started = Date.now();
  const constants = classConstants(members);
  const devices = [...new Set(members.map(({ device }) => device.id))];
  const predictions = [];
  const fits = devices.map((device) => {
    const own = members.filter((group) => group.device.id === device);
    const software = new Map();
    for (const group of own) {
      const { runtime, precision } = group;
      const [last] = softwareLevels(group, members, { device }).slice(-1);
      if (last !== undefined)
        software.set(`${runtime.id} ${precision}`, { runtime: runtime.id, precision, constants: last.constants });
      const machine = machineOf(group, priorConstants(group, members, { device }));
      for (const row of group.rows)
        predictions.push({ row: { ...row, family: device }, predictedSeconds: predictSeconds(row, machine) });
    }
    return { device, constants: classConstants(members, { device }), software: [...software.values()] };
  });
  const start = STARTS[members[0].device.geometry.kind];
  const own = devices.length < 2 ? start.interval : intervalFactors(predictions, 0.8, 'sets');
  const heldOut =
    devices.length < 2
      ? undefined
      : { by: 'device', families: devices.length, intervalCoverage: 0.8, ...summarize(predictions) };
  console.log(
    `${id}: ${rowsOf(members)} rows of ${devices.length} devices${heldOut ? `, unseen device ${percent(heldOut.mape)}, rho ${heldOut.spearman.toFixed(3)}` : ''}, x${own.low.toFixed(2)} to x${own.high.toFixed(2)}, ${((Date.now() - started) / 1e3).toFixed(0)} s`,
  );
  // Constants of one software are from those of the class on, and know what its rows say.
  const shares = largestShares(
    members.flatMap((group) => {
      const machine = machineOf(group, constants);
      return samples.get(group).map((row) => ({ row, machine }));
    }),
  );
  const record = (name, fit, software, about) => ({
    id: `class-${id.replace('/', '-')}${name}`,
    kind: 'prior',
    architecture: members[0].device.geometry.kind,
    runtimeClass: members[0].runtime.class,
    ...software,
    constants: roundedRecord(fit.constants),
    largestShares: shares,
    // No class is known better than its start by hand says where only one device was measured.
    interval: roundedRecord(own),
    ...(heldOut && { heldOut: roundedRecord(heldOut) }),
    rows: fit.rows,
    date: today,
    source: `fitted to ${fit.rows} rows of ${[...new Set(fit.groups.map(({ device }) => device.id))].join(', ')} together${about}${heldOut ? `; a device left out of the fits of its class is predicted from its datasheet with a mean absolute error of ${percent(heldOut.mape)}` : '; only one device of the class was measured, so the interval is chosen'}`,
  });
  classRecords.push(record('', { constants, rows: rowsOf(members), groups: members }, {}, ''));
  const refined = new Map();
  for (const group of members) {
    const { framework, version, mode } = group.runtime;
    for (const fit of softwareLevels(group, members)) {
      const isOfVersion = fit.level > 0;
      const name = [framework, ...(isOfVersion ? [version] : []), ...(mode === undefined ? [] : [mode])].join('-');
      const software = {
        ...{ framework, ...(isOfVersion && { version }), ...(mode !== undefined && { mode }) },
        precision: group.precision,
      };
      const about = ', from the constants of the class on';
      refined.set(`${name} ${group.precision}`, record(`/${name}/${group.precision}`, fit, software, about));
    }
  }
  classRecords.push(...refined.values());
  classHeldOut.push({
    id,
    fits: fits.map(({ device, constants: c, software }) => ({
      ...{ device, constants: roundedRecord(c) },
      ...(software.length > 0 && {
        software: software.map((each) => ({ ...each, constants: roundedRecord(each.constants) })),
      }),
    })),
  });
}

const deviceRecords = new Map();
const heldOutRecords = new Map();
for (const group of runnable) {
  // Two rows say no more than that the class is off by some factor there.
  if (group.rows.length < FEWEST_ROWS) continue;
  if (only.length > 0 && !only.includes(group.device.id)) continue;
  const started = Date.now();
  const members = classes.get(classOf(group));
  const { by, rows: units } = heldOutUnits(group.rows);
  const families = [...new Set(units.map(({ family }) => family))];
  const isLarge = group.rows.length >= 100;
  const device = group.device.id;
  const hand = startingAt(
    STARTS[group.device.geometry.kind].constants,
    group.device.geometry.kind,
    group.runtime.class,
  );
  // Large batches do not show what a host takes to hand kernels over: that of the others of its class stands.
  if (isLarge && hand.dispatchSeconds !== undefined)
    hand.dispatchSeconds = classConstants(members, { device }).dispatchSeconds;
  const startWithout = (family) =>
    isLarge ? hand : priorConstants(group, members, { device, ...(by === 'model family' && { family }) });
  const machine = machineOf(group, hand);
  const fits = families.map((family) => ({
    family,
    constants: fitConstants(
      units.filter((row) => row.family !== family),
      machine,
      { start: startWithout(family), tableRows: group.rows.length },
    ),
  }));
  const constants = fitConstants(group.rows, machine, {
    start: isLarge ? hand : priorConstants(group, members, { device }),
  });
  const ofClass = ({ id }) => id === `class-${classOf(group).replace('/', '-')}`;
  const widest = (classRecords.find(ofClass) ?? knownClasses.find(ofClass))?.interval;
  const result = calibrate(units, machine, { constants, fits, by, widest });
  const { mape, spearman, intervalCoverage } = result.heldOut;
  console.log(
    `${group.id}: ${group.rows.length} rows of ${families.length} ${by === 'model family' ? 'families' : 'points'}; held out ${percent(mape)}, rho ${spearman.toFixed(3)}, interval x${result.interval.low.toFixed(2)} to x${result.interval.high.toFixed(2)} holds ${percent(intervalCoverage)}, ${((Date.now() - started) / 1e3).toFixed(0)} s`,
  );
  const batches = group.rows.map(({ batch }) => batch);
  const windows = group.rows.flatMap(({ workload: { columns } }) =>
    [...columns.window].filter((_, i) => columns.depthwise[i] === 1),
  );
  const sources = [...new Set(group.rows.map(({ record }) => record.source.replace(/[,/][^,/]*$/, '')))];
  const record = {
    id: group.id,
    kind: 'calibrated',
    architecture: group.device.geometry.kind,
    device: group.device.id,
    runtime: group.runtime.id,
    framework: group.runtime.framework,
    ...(group.runtime.version !== undefined && { version: group.runtime.version }),
    ...(group.runtime.mode !== undefined && { mode: group.runtime.mode }),
    precision: group.precision,
    ...(group.layout !== '' && { layout: group.layout }),
    ...(group.powerMode !== undefined && { powerMode: group.powerMode }),
    batches: [Math.min(...batches), Math.max(...batches)],
    ...(windows.length > 0 && { largestWindow: Math.max(...windows) }),
    largestShares: largestShares(group.rows.map((row) => ({ row, machine: { ...machine, constants } }))),
    rows: group.rows.length,
    constants: roundedRecord(constants),
    interval: roundedRecord(result.interval),
    heldOut: roundedRecord(result.heldOut),
    date: today,
    source: `fitted to ${group.rows.length} rows of ${sources.slice(0, 3).join('; ')}${sources.length > 3 ? ' and others' : ''}`,
  };
  deviceRecords.set(group.device.id, [...(deviceRecords.get(group.device.id) ?? []), record]);
  heldOutRecords.set(group.device.id, [
    ...(heldOutRecords.get(group.device.id) ?? []),
    { id: group.id, fits: fits.map(({ family, constants: c }) => ({ family, constants: roundedRecord(c) })) },
  ]);
}

const write = (path, data) => writeFileSync(at(path), `${JSON.stringify(data)}\n`.replaceAll('},{', '},\n{'));
mkdirSync(at('reference/calibrations'), { recursive: true });
mkdirSync(at('reference/held-out'), { recursive: true });
/** The records of the other classes stay as they are. */
const writeClasses = (path, fitted) => {
  if (fitted.length === 0) return;
  const known = JSON.parse(readFileSync(at(path), 'utf8')).records;
  const isFitted = ({ id }) => fitted.some((record) => record.id === id || id.startsWith(`${record.id}/`));
  write(path, { records: only.length === 0 ? fitted : [...known.filter((record) => !isFitted(record)), ...fitted] });
};
writeClasses('reference/calibrations/classes.json', classRecords);
writeClasses('reference/held-out/classes.json', classHeldOut);
for (const [device, records] of deviceRecords) write(`reference/calibrations/${device}.json`, { records });
for (const [device, records] of heldOutRecords) write(`reference/held-out/${device}.json`, { records });

const names = readdirSync(at('reference/calibrations'))
  .filter((name) => name.endsWith('.json') && name !== 'classes.json')
  .map((name) => name.replace('.json', ''))
  .sort();
const variable = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
writeFileSync(
  at('src/estimate/calibration-records.ts'),
  `/** Generated by scripts/calibrate.mjs from the files in reference/calibrations: do not edit. */
${names.map((name) => `import ${variable(name)} from '../../reference/calibrations/${name}.json' with { type: 'json' };`).join('\n')}
import classes from '../../reference/calibrations/classes.json' with { type: 'json' };
import type { Calibration } from './constants.ts';

export const CALIBRATION_RECORDS = [
${names.map((name) => `  ...${variable(name)}.records,`).join('\n')}
] as unknown as readonly Calibration[];
export const CLASS_RECORDS = classes.records as unknown as readonly Calibration[];
`,
);
