import { basename } from 'node:path';
import { calibrationTask, FEWEST_MODELS, impossibleRows, rowsForCalibration } from '../../index.ts';
import { type CalibrateWords, calibrationRequest } from '../calibrate/request.ts';
import { calibrationResult, tooFewModels } from '../calibrate/result.ts';
import type { Command } from '../command.ts';
import { InputError } from '../errors.ts';
import { addOutputOptions, type OutputOptions, outputFor, type Warning, warn } from '../output.ts';
import { eachStep, progressOf } from '../progress.ts';

interface Options extends OutputOptions, CalibrateWords {}

export const command: Command = {
  summary: 'constants of a device and runtime from measurements of your own',
  configure: (commander, session) => {
    commander
      .argument('<measurements.csv>', 'columns model, latency_ms and, where not the default, resolution, batch')
      .option(
        '-d, --device <device>',
        'id, alias, or YAML or JSON file, with @MODE for a power mode (the one that the table names)',
      )
      .option('--runtime <id>', 'what ran the models (the one that the table names)')
      .option('-p, --precision <type>', "type of the arithmetic (the table's, or the device's default)")
      .option('--layout <name>', 'of images in memory: nchw or nhwc');
    addOutputOptions(commander).action(async (path: string, options: Options) => {
      const deliver = outputFor(session, options);
      const request = await calibrationRequest(path, options, session.io.files);
      warn(session, options, request.selected.word, request.selected.warnings);
      const { rows, unused } = rowsForCalibration(request.records, request.target);
      const models = new Set(rows.map(({ model }) => model)).size;
      if (models < FEWEST_MODELS) {
        const others = request.ofOtherDevices.map((record) => ({ record, reason: 'another-device' }) as const);
        throw new InputError('too-few-models', path, `${path}: ${tooFewModels(models, [...others, ...unused])}`);
      }
      const { machine } = request.target;
      const warnings = impossibleRows(rows, machine).map(
        ({ model, record }): Warning => ({
          code: 'faster-than-possible',
          path: `line ${record.line}`,
          message: `${model} is measured faster than ${machine.device.id} could be at its peaks: is the unit, the batch or the device another one?`,
        }),
      );
      warn(session, options, path, warnings);
      const task = calibrationTask(rows, request.target);
      const progress = progressOf(session.io, task.sets.length, options.quiet === true);
      const fits = await eachStep(task.sets, progress, task.fit);
      const made = task.finish(fits, `fitted to ${rows.length} rows of ${basename(path)}`);
      await deliver(calibrationResult({ request, rows, unused, made, warnings }));
    });
  },
};
