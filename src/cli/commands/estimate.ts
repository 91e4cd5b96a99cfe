import { readCalibrationFile } from '../calibrate/file.ts';
import type { Command, Session } from '../command.ts';
import { InputError } from '../errors.ts';
import { type EstimateCell, type EstimateSettings, estimateCells, modelWarnings } from '../estimate/cells.ts';
import { estimateDocument } from '../estimate/document.ts';
import { explain, explanationJson } from '../estimate/explain.ts';
import { precisionNotes } from '../estimate/precisions.ts';
import { estimateRemarks } from '../estimate/remarks.ts';
import { ESTIMATE_SCHEMA, estimateCsv, estimateJson } from '../estimate/rows.ts';
import { parseLeastGain, searchWhatIf, whatIfCsv, whatIfJson, whatIfRemarks } from '../estimate/what-if.ts';
import { selectAnyModels } from '../model/select.ts';
import { addVariationOptions, parseVariation, type VariationWords } from '../model/variation.ts';
import { addFixedOptions, type FixedWords, parseFixed } from '../model/words.ts';
import { addOutputOptions, type OutputOptions, outputFor, warn } from '../output.ts';
import {
  BATCHES,
  collectList,
  parsePrecisions,
  parseRuntime,
  parseWhole,
  parseWholeList,
  RESOLUTIONS,
} from '../parse.ts';
import { progressOf } from '../progress.ts';
import { selectDevices } from '../select.ts';

interface Options extends OutputOptions, FixedWords, VariationWords {
  readonly on?: readonly string[];
  readonly batch?: readonly string[];
  readonly precision?: readonly string[];
  readonly runtime?: string;
  readonly resolution?: string;
  readonly layers?: true;
  readonly explain?: true;
  readonly whatIf?: true;
  readonly leastGain?: string;
  readonly calibration?: string;
}

const settingsOf = async (
  models: readonly string[],
  { on = [], batch, precision, runtime, resolution, calibration, ...words }: Options,
  { io }: Session,
): Promise<EstimateSettings> => {
  const order = on.length > 1 ? ' (every word after --on is a device: put the models first)' : '';
  if (models.length === 0) {
    throw new InputError(
      'missing-argument',
      'MODEL',
      `no model is given: expected assay estimate MODEL --on DEVICE${order}`,
    );
  }
  if (on.length === 0) {
    throw new InputError(
      'missing-option',
      '--on',
      'no device is given: expected --on DEVICE (assay devices lists them)',
    );
  }
  const fixed = parseFixed(words);
  const variation = parseVariation(words);
  const batches = batch === undefined ? undefined : parseWholeList(batch, '--batch', BATCHES);
  return {
    ...(precision === undefined ? {} : { precisions: parsePrecisions(precision) }),
    ...(runtime === undefined ? {} : { runtime: parseRuntime(runtime) }),
    ...(resolution === undefined ? {} : { resolution: parseWhole(resolution, '--resolution', RESOLUTIONS) }),
    ...(calibration === undefined ? {} : { calibration: await readCalibrationFile(calibration) }),
    models: await selectAnyModels(models, { files: io.files, fixed, variation, batches, batch: 'one' }),
    devices: await selectDevices(on, io.files),
  };
};

/** What can be refused of --what-if before anything is estimated. Throws `InputError`. */
const leastGainOf = ({ whatIf, leastGain }: Options): number | undefined => {
  if (leastGain === undefined) return undefined;
  if (whatIf) return parseLeastGain(leastGain);
  const message = '--least-gain says what --what-if leaves out: expected both';
  throw new InputError('conflicting-options', '--least-gain', message);
};

/** The only estimate, for what is shown of one alone. Throws `InputError`. */
const onlyCell = (cells: readonly EstimateCell[], option: string, does: string): EstimateCell => {
  const [cell] = cells;
  if (cell !== undefined && cells.length === 1) return cell;
  const message = `${option} ${does}, and these are ${cells.length}: expected one model, device, precision and batch`;
  throw new InputError('too-many-estimates', option, message);
};

export const command: Command = {
  summary: 'latency, throughput, energy and power of models on described devices',
  configure: (commander, session) => {
    commander
      .argument('[model...]', 'names in the zoo, family:NAME, or ONNX files')
      .option('--on <device...>', 'device id, alias, or YAML or JSON file; with @MODE for a power mode')
      .option('-b, --batch <n>', "inputs at once, several with commas (1, or the file's own)", collectList)
      .option(
        '-p, --precision <type>',
        "type of the arithmetic, several with commas (the device's default)",
        collectList,
      )
      .option('--runtime <id>', "what runs the model (the device's default)")
      .option('-r, --resolution <pixels>', "height and width of the input (the model's native one)")
      .option('--calibration <file.json>', 'constants that assay calibrate fitted to your measurements')
      .option('--layers', 'every kernel by itself')
      .option('--explain', 'trace the latency of one estimate to formula, constants and sources')
      .option(
        '--what-if',
        'the cheapest changes to layers, network and runtime around one estimate, and what each gains',
      )
      .option('--least-gain <share>', 'share of the latency that a change of --what-if has to gain (1%)');
    addVariationOptions(commander);
    addFixedOptions(commander);
    addOutputOptions(commander).action(async (models: readonly string[], options: Options) => {
      const deliver = outputFor(session, options);
      const leastGain = leastGainOf(options);
      const settings = await settingsOf(models, options, session);
      for (const { word, warnings } of settings.devices) warn(session, options, word, warnings);
      const progress = progressOf(session.io, settings.models.length, options.quiet === true);
      const cells = await estimateCells(settings, progress);
      const layers = options.layers === true;
      const isPrecisionAsked = settings.precisions !== undefined;
      const explanation = options.explain ? explain(onlyCell(cells, '--explain', 'traces one estimate')) : undefined;
      const whatIf = options.whatIf
        ? await searchWhatIf(onlyCell(cells, '--what-if', 'looks around one estimate'), leastGain, (steps) =>
            progressOf(session.io, steps, options.quiet === true),
          )
        : undefined;
      await deliver({
        json: () => ({
          schema: ESTIMATE_SCHEMA,
          rows: cells.map((cell) => estimateJson(cell, layers)),
          warnings: [
            ...settings.devices.flatMap(({ warnings }) => warnings),
            ...modelWarnings(cells),
            ...estimateRemarks(cells),
            ...(isPrecisionAsked ? precisionNotes(cells, true) : []),
            ...(whatIf === undefined ? [] : whatIfRemarks(whatIf)),
          ],
          ...(explanation === undefined ? {} : { explanation: explanationJson(explanation) }),
          ...(whatIf === undefined ? {} : whatIfJson(whatIf)),
        }),
        document: () => estimateDocument(cells, { layers, explanation, whatIf, isPrecisionAsked }),
        csv: () => {
          if (whatIf === undefined) return estimateCsv(cells, layers);
          if (!layers) return whatIfCsv(whatIf);
          const message = '--layers and --what-if ask for two tables, and a CSV is one: expected one of them';
          throw new InputError('conflicting-options', '--what-if', message);
        },
      });
    });
  },
};
