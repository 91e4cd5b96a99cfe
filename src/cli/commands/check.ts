import packageJson from '../../../package.json' with { type: 'json' };
import { nearestNames } from '../../index.ts';
import { type BudgetReport, failures, renderGithub, renderJunit, renderSarif } from '../../report/api.ts';
import { hardwareOf, readBudgets, requireOperators } from '../check/file.ts';
import { checkModels } from '../check/models.ts';
import { checkResult } from '../check/result.ts';
import type { Command } from '../command.ts';
import { didYouMean, InputError, quoted } from '../errors.ts';
import { addFixedOptions, type FixedWords, parseFixed } from '../model/words.ts';
import { addOutputOptions, deliverText, type OutputOptions, outputFor, warn } from '../output.ts';

interface Options extends OutputOptions, FixedWords {
  readonly format?: string;
}

const FORMATS: Readonly<Record<string, (report: BudgetReport) => string>> = {
  github: renderGithub,
  junit: renderJunit,
  sarif: (report) => renderSarif(report, { version: packageJson.version }),
};

const parseFormat = ({ format, json }: Options): ((report: BudgetReport) => string) | undefined => {
  if (format === undefined) return undefined;
  const names = Object.keys(FORMATS);
  const render = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
  if (render === undefined) {
    const near = didYouMean(nearestNames(format, names));
    const message = `--format is ${quoted(format)}: expected one of ${names.join(', ')}${near}`;
    throw new InputError('unknown-format', '--format', message);
  }
  if (json === true) {
    const message = `--json and --format ${format} ask for two formats: expected one of them`;
    throw new InputError('conflicting-options', '--format', message);
  }
  return render;
};

export const command: Command = {
  summary: 'models held to a budget: what breaks a limit, by how much and in which layers',
  configure: (commander, session) => {
    commander
      .argument('<budget>', 'budget file, YAML or JSON')
      .argument('[model...]', 'names in the zoo, family:NAME, or ONNX files, in place of those that the file names')
      .option('-f, --format <name>', `${Object.keys(FORMATS).join(', ')}: printed, or written to --out`);
    addFixedOptions(commander);
    addOutputOptions(commander).action(async (path: string, words: readonly string[], options: Options) => {
      const render = parseFormat(options);
      const deliver = render === undefined ? outputFor(session, options) : undefined;
      const fixed = parseFixed(options);
      const file = await readBudgets(path);
      await requireOperators(file);
      const hardware = await hardwareOf(file, session.io.files);
      for (const { word, warnings } of hardware.warnings) warn(session, options, word, warnings);
      const checked = await checkModels(file, hardware, { words, fixed, session });
      const report: BudgetReport = {
        file: path,
        results: checked.flatMap(({ results }) =>
          results.map((result) => {
            const { path: place } = result.limit;
            return { ...result, place: placeText(place), line: file.lineOf(place) };
          }),
        ),
      };
      if (failures(report).length > 0) session.failCheck();
      if (render !== undefined) await deliverText(session, options, render(report));
      else
        await deliver?.(
          checkResult(report, [
            ...hardware.warnings.flatMap(({ warnings }) => warnings),
            ...checked.flatMap(({ warnings }) => warnings),
          ]),
        );
    });
  },
};

/** `limits.latency[0].max`. */
const placeText = (place: readonly (string | number)[]): string =>
  place
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${key}`))
    .join('')
    .replace(/^\./, '');
