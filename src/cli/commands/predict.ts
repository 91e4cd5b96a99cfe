import { readCalibrationFile, requireUseIn } from '../calibrate/file.ts';
import type { Command } from '../command.ts';
import { InputError } from '../errors.ts';
import { addOutputOptions, type OutputOptions, outputFor } from '../output.ts';
import { predictionResult } from '../predict/result.ts';
import { predictions } from '../predict/rows.ts';

interface Options extends OutputOptions {
  readonly cases?: string;
  readonly calibration?: string;
  readonly strict?: true;
}

export const command: Command = {
  summary: 'one prediction per row of a table of cases',
  configure: (commander, session) => {
    commander
      .option(
        '--cases <file.csv>',
        'columns device (with @MODE for a power mode), model and, where not the default, runtime, precision, layout, resolution, batch',
      )
      .option('--calibration <file.json>', 'constants that assay calibrate fitted to your measurements')
      .option('--strict', 'exit with 1 if a row cannot be predicted');
    addOutputOptions(commander).action(async (options: Options) => {
      const deliver = outputFor(session, options, { plain: session.io.stdout.isTTY === true ? undefined : '.csv' });
      if (options.cases === undefined) {
        throw new InputError('missing-option', '--cases', 'no table is given: expected --cases FILE.csv');
      }
      const file = options.calibration === undefined ? undefined : await readCalibrationFile(options.calibration);
      const rows = await predictions(options.cases, session.io.files, file === undefined ? [] : [file.calibration]);
      if (file !== undefined) requireUseIn(rows.cases, file);
      if (options.strict === true && rows.cases.some(({ prediction }) => !prediction.ok)) session.failCheck();
      await deliver(predictionResult(rows));
    });
  },
};
