import { modelResult, modelsResult } from '../catalogue/models.ts';
import type { Command } from '../command.ts';
import { addOutputOptions, type OutputOptions, outputFor } from '../output.ts';
import { progressOf } from '../progress.ts';
import { isFamily, modelsOf, selectModels } from '../select.ts';

interface Options extends OutputOptions {
  readonly family?: string;
}

export const command: Command = {
  summary: 'the models of the zoo; with a name, its published figures beside ours',
  configure: (commander, session) => {
    commander
      .argument('[model]', 'one model in full, or family:NAME')
      .option('-f, --family <name>', 'only the models of one family');
    addOutputOptions(commander).action(async (word: string | undefined, options: Options) => {
      const deliver = outputFor(session, options);
      const isList = word === undefined || isFamily(word);
      const entries = word === undefined ? modelsOf(options.family) : await selectModels([word], session.io.files);
      const [entry] = entries;
      if (!isList && entry !== undefined) return deliver(modelResult(entry));
      return deliver(await modelsResult(entries, progressOf(session.io, entries.length, options.quiet === true)));
    });
  },
};
