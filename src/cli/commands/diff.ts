import {
  diffModels,
  increasesOver,
  type Machine,
  type MeasuredModel,
  type ModelDiff,
  type Precision,
  parseShare,
} from '../../index.ts';
import { ownPrecision } from '../analyze/analysis.ts';
import { warningsOf } from '../analyze/warnings.ts';
import type { Command, Session } from '../command.ts';
import { diffResult } from '../diff/result.ts';
import { InputError, quoted } from '../errors.ts';
import { machineOf } from '../estimate/cells.ts';
import { onFile } from '../model/file.ts';
import { compileSelected, requireClosed, type SelectedModel, selectAnyModels } from '../model/select.ts';
import { addFixedOptions, type FixedWords, parseFixed } from '../model/words.ts';
import { addOutputOptions, type OutputOptions, outputFor, warn } from '../output.ts';
import { BATCHES, parsePrecision, parseRuntime, parseWhole, RESOLUTIONS } from '../parse.ts';
import { exactly, type SelectedDevice, selectDevices, targetOf } from '../select.ts';

interface Options extends OutputOptions, FixedWords {
  readonly on?: readonly string[];
  readonly batch?: string;
  readonly precision?: string;
  readonly runtime?: string;
  readonly resolution?: string;
  readonly maxIncrease?: string;
  readonly layers?: true;
}

type Pair<Value> = readonly [a: Value, b: Value];

const selectPair = async (words: Pair<string>, options: Options, { io }: Session): Promise<Pair<SelectedModel>> => {
  const batch = options.batch === undefined ? undefined : parseWhole(options.batch, '--batch', BATCHES);
  const found = await selectAnyModels(words, {
    ...{ files: io.files, fixed: parseFixed(options), batch: 'one' },
    batches: batch === undefined ? undefined : [batch],
  });
  const [a, b = a, ...others] = found;
  if (a !== undefined && b !== undefined && others.length === 0) return [a, b];
  const message = `${words.map(quoted).join(' and ')} are ${found.length} models: expected two, one for each side`;
  throw new InputError('too-many-models', words[0], message);
};

const measured = (
  selected: SelectedModel,
  { resolution, precision }: { readonly resolution: number | undefined; readonly precision: Precision | undefined },
): MeasuredModel => {
  const { entry, source, batches } = selected;
  const compiled = compileSelected(selected, resolution === undefined ? {} : { resolution });
  requireClosed(selected, compiled);
  return {
    name: entry.variant.name,
    compiled,
    batch: batches?.[0] ?? 1,
    precision: precision ?? (source === undefined ? 'fp32' : ownPrecision(compiled.analyzed)),
    stored: source !== undefined && precision === undefined,
  };
};

const parseIncrease = (text: string): number => {
  const read = parseShare(text.trim().endsWith('%') ? text : `${text}%`);
  if (read.ok) return read.value;
  const message = `--max-increase is ${quoted(text)}: expected a share from 0 % to 100 %, as in 5%`;
  throw new InputError('invalid-max-increase', '--max-increase', message);
};

const machinesFor = (
  devices: readonly SelectedDevice[],
  { runtime, precision }: { readonly runtime: string | undefined; readonly precision: Precision | undefined },
): readonly Machine[] =>
  devices.map((selected) =>
    machineOf(
      selected,
      targetOf(selected, {
        ...(runtime !== undefined && { runtime: parseRuntime(runtime) }),
        ...(precision !== undefined && { precision }),
      }),
    ),
  );

const warningsFor = ({ entry, source }: SelectedModel, { compiled }: MeasuredModel) =>
  source === undefined ? [] : warningsOf(entry, source.file.warnings, compiled.analyzed);

export const command: Command = {
  summary: 'two models compared: layers added, removed and changed, and what that costs',
  configure: (commander, session) => {
    commander
      .argument('<a>', 'name in the zoo, or ONNX file')
      .argument('<b>', 'what it is compared with: the newer one')
      .option('--on <device...>', 'device id, alias, or YAML or JSON file; with @MODE for a power mode')
      .option('-b, --batch <n>', "inputs at once (1, or the file's own)")
      .option('-p, --precision <type>', "type of the arithmetic (each model's and device's own)")
      .option('--runtime <id>', "what runs the models (the device's default)")
      .option('-r, --resolution <pixels>', "height and width of the input (each model's native one)")
      .option('--max-increase <share>', 'exit with 1 if a total, or a predicted latency or energy, grows by more: 5%')
      .option('--layers', 'every changed, added and removed layer');
    addFixedOptions(commander);
    addOutputOptions(commander).action(async (a: string, b: string, options: Options) => {
      const deliver = outputFor(session, options);
      const most = options.maxIncrease === undefined ? undefined : parseIncrease(options.maxIncrease);
      const precision = options.precision === undefined ? undefined : parsePrecision(options.precision);
      const resolution =
        options.resolution === undefined ? undefined : parseWhole(options.resolution, '--resolution', RESOLUTIONS);
      const devices = await selectDevices(options.on ?? [], session.io.files);
      for (const { word, warnings } of devices) warn(session, options, word, warnings);
      const machines = machinesFor(devices, { runtime: options.runtime, precision });
      const pair = await selectPair([a, b], options, session);
      const [modelA, modelB] = pair.map((selected) => measured(selected, { resolution, precision })) as [
        MeasuredModel,
        MeasuredModel,
      ];
      const compare = (): ModelDiff => diffModels(modelA, modelB, machines);
      const { source } = pair.find((selected) => selected.source !== undefined) ?? pair[0];
      const diff = source === undefined ? exactly(`${a}, ${b}`, compare) : onFile(source.file.path, compare);
      const gate = most === undefined ? undefined : { most, increases: increasesOver(diff, most) };
      if (gate !== undefined && gate.increases.length > 0) session.failCheck();
      await deliver(
        diffResult({
          ...{ diff, gate, layers: options.layers === true },
          sources: [pair[0].source?.file.path ?? null, pair[1].source?.file.path ?? null],
          warnings: [
            ...devices.flatMap(({ warnings }) => warnings),
            ...warningsFor(pair[0], modelA),
            ...warningsFor(pair[1], modelB),
          ],
        }),
      );
    });
  },
};
