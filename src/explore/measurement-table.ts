/** Tables of measurements to records in SI units. A cell that cannot be what its column says is an issue with its line. */
import {
  type ModelName,
  type PrecisionName,
  precisionOf,
  type RuntimeName,
  runtimeOf,
  zooNameOf,
} from './measurement-names.ts';
import { columnIndex, type LineIssue, missingColumns, readTable, type Table } from './table.ts';
import {
  type CellIssue,
  figureCell,
  hasTimeUnit,
  imageSizeCell,
  isIssue,
  shown,
  timeCell,
  wholeCell,
} from './table-cells.ts';

export interface MeasurementRecord {
  /** Of the text, from 1. */
  readonly line: number;
  /** Empty where the table has no such column: whoever reads it knows the device. */
  readonly device: string;
  readonly runtime: RuntimeName | undefined;
  readonly precision: PrecisionName | undefined;
  readonly layout: string;
  /** As written; `zoo` is what it means, where it is a model of the zoo. */
  readonly model: string;
  readonly zoo: ModelName | undefined;
  /** Pixels of height; `undefined` where neither the cell nor the name says it. */
  readonly resolution: number | undefined;
  /** Pixels of width where it is not the height. */
  readonly imageWidth?: number;
  readonly batch: number;
  /** What was measured, where the other one is computed from it or missing. */
  readonly quantity: 'latency' | 'throughput';
  /** Of the batch. */
  readonly latencySeconds?: number;
  readonly imagesPerSecond?: number;
  /** Of one inference. */
  readonly energyJoules?: number;
  readonly powerWatts?: number;
  readonly scenario: string;
  readonly source: string;
  readonly notes: string;
  /** Cells of columns that are not known, by the name of the column. */
  readonly others: Readonly<Record<string, string>>;
}

export interface ReadMeasurements {
  readonly rows: readonly MeasurementRecord[];
  readonly issues: readonly LineIssue[];
}

/** Columns of figures, with what one of their unit is in SI. */
const FIGURES: Readonly<Record<string, number>> = {
  latency_ms: 1e-3,
  latency_us: 1e-6,
  latency_s: 1,
  // Without a unit in its name: the cells must have theirs.
  latency: Number.NaN,
  throughput_ips: 1,
  energy_mj: 1e-3,
  power_w: 1,
};
const LATENCIES = ['latency_ms', 'latency_us', 'latency_s', 'latency'] as const;
const TEXTS = ['device', 'runtime', 'precision', 'layout', 'model', 'resolution', 'batch', 'quantity'] as const;
const KNOWN: ReadonlySet<string> = new Set([...TEXTS, ...Object.keys(FIGURES), 'scenario', 'source', 'notes']);
const MAX_BATCH = 65_536;

/** Names repeat down a table: each is understood once. */
const remembered = <Value>(understand: (text: string) => Value): ((text: string) => Value) => {
  const known = new Map<string, Value>();
  return (text) => {
    if (!known.has(text)) known.set(text, understand(text));
    return known.get(text) as Value;
  };
};

/** A column that mixes bare numbers and numbers with units does not say what the bare ones are. */
const mixedUnits = (table: Table): LineIssue | undefined => {
  for (const column of LATENCIES) {
    const at = columnIndex(table, column);
    let first: boolean | undefined;
    for (const [index, row] of table.rows.entries()) {
      const cell = row[at]?.trim() ?? '';
      if (!/\d/.test(cell)) continue;
      const hasUnit = hasTimeUnit(cell);
      if (first === undefined) first = hasUnit;
      if (first === hasUnit) continue;
      const line = table.lines[index] ?? 0;
      const message = `${shown(cell)} ${hasUnit ? 'has a unit and the rows above have none' : 'has no unit and the rows above have one'}: expected all or none`;
      return { code: 'mixed-units', line, path: `line ${line}, ${column}`, message };
    }
  }
  return undefined;
};

interface Names {
  readonly precision: (text: string) => PrecisionName | undefined;
  /** Of runtime, precision and device, with line breaks between. */
  readonly runtime: (texts: string) => RuntimeName | undefined;
  readonly model: (text: string) => ModelName | undefined;
}

const newNames = (): Names => ({
  precision: remembered(precisionOf),
  runtime: remembered((texts) => {
    const [runtime = '', precision, device] = texts.split('\n');
    return runtimeOf(runtime, precision, device);
  }),
  model: remembered(zooNameOf),
});

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

const readRow = (
  table: Table,
  indices: ReadonlyMap<string, number>,
  index: number,
  names: Names,
): MeasurementRecord | LineIssue => {
  const row = table.rows[index] ?? [];
  const line = table.lines[index] ?? 0;
  const cell = (column: string): string => row[indices.get(column) ?? -1]?.trim() ?? '';
  const issue = (column: string, { code, message }: CellIssue): LineIssue => ({
    code,
    line,
    path: `line ${line}, ${column}`,
    message,
  });
  const figures: Record<string, number | undefined> = {};
  for (const [column, unit] of Object.entries(FIGURES)) {
    const read = (LATENCIES as readonly string[]).includes(column)
      ? timeCell(cell(column), unit)
      : figureCell(cell(column), unit);
    if (isIssue(read)) return issue(column, read);
    figures[column] = read.value;
  }
  const latencySeconds = LATENCIES.map((column) => figures[column]).find((value) => value !== undefined);
  const { throughput_ips: imagesPerSecond, energy_mj: energyJoules, power_w: powerWatts } = figures;
  if (latencySeconds === undefined && imagesPerSecond === undefined) {
    const message = 'the row has neither a latency nor a throughput: expected one of them';
    return issue('latency_ms', { code: 'missing-figure', message });
  }
  const given = { device: cell('device'), runtime: oneLine(cell('runtime')), precision: oneLine(cell('precision')) };
  const precision = names.precision(given.precision);
  if (given.precision !== '' && precision === undefined) {
    const message = `${shown(given.precision)} is no precision that is known: expected one such as fp32, fp16 or int8`;
    return issue('precision', { code: 'unknown-precision', message });
  }
  const runtime = names.runtime(`${given.runtime}\n${given.precision}\n${given.device}`);
  if (given.runtime !== '' && runtime === undefined) {
    const message = `${shown(given.runtime)} is no runtime that is known: expected one such as pytorch-2.4-eager`;
    return issue('runtime', { code: 'unknown-runtime', message });
  }
  const model = cell('model');
  if (model === '') return issue('model', { code: 'missing-model', message: 'the row names no model' });
  const zoo = names.model(model);
  const size = imageSizeCell(cell('resolution'));
  if (isIssue(size)) return issue('resolution', size);
  const batch = wholeCell(cell('batch'), 'batch', MAX_BATCH);
  if (isIssue(batch)) return issue('batch', batch);
  const quantity = cell('quantity').toLowerCase() || (latencySeconds === undefined ? 'throughput' : 'latency');
  if (quantity !== 'latency' && quantity !== 'throughput') {
    const message = `${shown(quantity)}: expected latency or throughput`;
    return issue('quantity', { code: 'unknown-quantity', message });
  }
  const { height, width } = size.value ?? { height: zoo?.resolution, width: zoo?.resolution };
  return {
    line,
    device: given.device,
    runtime,
    precision,
    layout: cell('layout').toLowerCase(),
    model,
    zoo,
    resolution: height,
    ...(width === undefined || width === height ? {} : { imageWidth: width }),
    batch: batch.value ?? 1,
    quantity,
    ...(latencySeconds === undefined ? {} : { latencySeconds }),
    ...(imagesPerSecond === undefined ? {} : { imagesPerSecond }),
    ...(energyJoules === undefined ? {} : { energyJoules }),
    ...(powerWatts === undefined ? {} : { powerWatts }),
    scenario: cell('scenario'),
    source: cell('source'),
    notes: cell('notes'),
    others: Object.fromEntries(
      table.columns.flatMap((column, at) => (KNOWN.has(column.toLowerCase()) ? [] : [[column, row[at] ?? '']])),
    ),
  };
};

const refused = (code: string, path: string, message: string): ReadMeasurements => ({
  rows: [],
  issues: [{ code, line: 1, path, message }],
});

/**
 * A table needs a model and a latency (`latency_ms`, `latency_us`, `latency_s`, or `latency` with units in its cells) or
 * a throughput (`throughput_ips`).
 * Rows that cannot be read are issues and the others are read; what makes the whole table doubtful leaves no rows.
 */
export const readMeasurements = (text: string): ReadMeasurements => {
  const table = readTable(text);
  if (!table.ok) return refused(table.issue.code, table.issue.path, table.issue.message);
  const hasFigure = [...LATENCIES, 'throughput_ips'].some((column) => columnIndex(table, column) !== -1);
  const missing = missingColumns(table, hasFigure ? ['model'] : ['model', 'latency_ms']);
  if (missing !== undefined) return refused(missing.code, missing.path, missing.message);
  if (table.rows.length === 0) return refused('no-rows', '', 'the table has a header and no rows');
  const mixed = mixedUnits(table);
  if (mixed !== undefined) return { rows: [], issues: [mixed] };
  const indices = new Map([...KNOWN].map((column) => [column, columnIndex(table, column)]));
  const names = newNames();
  const ragged = new Map(table.issues.map((issue) => [issue.line, issue]));
  const rows: MeasurementRecord[] = [];
  const issues: LineIssue[] = [];
  for (const [index, line] of table.lines.entries()) {
    const read = ragged.get(line) ?? readRow(table, indices, index, names);
    if ('code' in read) issues.push(read);
    else rows.push(read);
  }
  return { rows, issues };
};
