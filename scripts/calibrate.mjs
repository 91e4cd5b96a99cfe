// @ts-nocheck: runs on the built library, which type checking does not wait for
/**
 * Fits the constants of every table in reference/measurements that names a device and runtime of
 * ours, and writes reference/calibrations.json. Run after `npm run build`: it uses the library.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { calibrate, findDevice, findRuntime, matchRows, resolveMachine } from '../dist/index.js';

const folder = new URL('../reference/measurements/', import.meta.url);
const target = new URL('../reference/calibrations.json', import.meta.url);
const previous = JSON.parse(readFileSync(target, 'utf8'));
const rounded = (value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);
const roundedRecord = (record) =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, rounded(value)]));

const records = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .sort()
  .map((name) => {
    const table = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    const device = findDevice(table.device);
    const runtime = findRuntime(table.runtime);
    const { used, skipped } = matchRows(table, runtime);
    const id = `${table.device}/${table.runtime}/${table.precision}`;
    const before = previous.records.find((record) => record.id === id);
    const machine = resolveMachine(device, runtime, { precision: table.precision });
    const result = calibrate(used, before === undefined ? machine : { ...machine, constants: before.constants });
    const { mape, intervalCoverage, families } = result.heldOut;
    console.log(
      `${id}: ${used.length} rows of ${families} families, ${skipped.length} left out; held-out MAPE ` +
        `${(100 * mape).toFixed(1)} %, ${(100 * intervalCoverage).toFixed(0)} % of held-out rows inside the interval`,
    );
    return {
      id,
      kind: 'calibrated',
      architecture: device.geometry.kind,
      device: table.device,
      runtime: table.runtime,
      precision: table.precision,
      batch: table.rows[0][2],
      constants: roundedRecord(result.constants),
      interval: roundedRecord(result.interval),
      heldOut: roundedRecord(result.heldOut),
      source:
        `fitted to ${used.length} of ${table.rows.length} rows of ${table.source}; offChipEfficiency, onChipEfficiency ` +
        'and the exponent are chosen (0.8 and 0.5 of the stated bandwidths, 4), the rest is fitted',
    };
  });
writeFileSync(target, `${JSON.stringify({ records }, null, 2)}\n`);
