import { modelResult } from '../catalogue/model.ts';
import { modelsResult } from '../catalogue/models.ts';
import { scalingResult } from '../catalogue/scaling.ts';
import type { Command } from '../command.ts';
import { InputError } from '../errors.ts';
import { addOutputOptions, type OutputOptions, outputFor } from '../output.ts';
import { progressOf } from '../progress.ts';
import { isFamily, modelsOf, selectDevices, selectModels, targetOf } from '../select.ts';

interface Options extends OutputOptions {
  readonly family?: string;
  readonly explain?: true;
  readonly on?: string;
}

/** What growth is timed on unless a device is given: the one whose model was fitted to measurements of many networks. */
const DEFAULT_DEVICE = 'intel_i7_12700h';

export const command: Command = {
  summary: 'the models of the zoo; with a name, its published figures beside ours',
  configure: (commander, session) => {
    commander
      .argument('[model]', 'one model in full, or family:NAME')
      .option('-f, --family <name>', 'only the models of one family')
      .option('--explain', 'how the variants of a family grow: width, depth and resolution against what they did')
      .option('--on <device>', `device whose latency --explain predicts (${DEFAULT_DEVICE})`);
    addOutputOptions(commander).action(async (word: string | undefined, options: Options) => {
      const deliver = outputFor(session, options);
      const { files } = session.io;
      const isList = word === undefined || isFamily(word);
      if (word !== undefined && options.family !== undefined) {
        const message = `--family lists a family, and ${word} is given beside it: expected one of the two`;
        throw new InputError('conflicting-options', '--family', message);
      }
      const entries = word === undefined ? modelsOf(options.family) : await selectModels([word], files);
      const [entry] = entries;
      if (options.explain === true) {
        if (entry === undefined || !isList || entries.some(({ family }) => family !== entry.family)) {
          throw new InputError(
            'missing-option',
            '--explain',
            '--explain compares the variants of one family: expected --family NAME',
          );
        }
        const [device] = await selectDevices([options.on ?? DEFAULT_DEVICE], files);
        if (device === undefined) throw new RangeError(`no device ${DEFAULT_DEVICE}`);
        return deliver(scalingResult(entry.family, targetOf(device, {})));
      }
      if (options.on !== undefined) {
        throw new InputError(
          'conflicting-options',
          '--on',
          '--on is the device of --explain: expected --explain beside it',
        );
      }
      if (!isList && entry !== undefined) return deliver(modelResult(entry));
      return deliver(await modelsResult(entries, progressOf(session.io, entries.length, options.quiet === true)));
    });
  },
};
