import { CONVENTIONS } from '../../index.ts';
import { type AnalyzeSettings, analyze } from '../analyze/analysis.ts';
import { analyzeDocument } from '../analyze/document.ts';
import { analyzeJson } from '../analyze/json.ts';
import { checkCoverage } from '../analyze/strict.ts';
import { analyzeCsv } from '../analyze/summary.ts';
import type { Command } from '../command.ts';
import { selectAnyModels } from '../model/select.ts';
import { addVariationOptions, parseVariation, type VariationWords } from '../model/variation.ts';
import { addFixedOptions, type FixedWords, parseFixed } from '../model/words.ts';
import { addOutputOptions, type OutputOptions, outputFor } from '../output.ts';
import { BATCHES, parseConvention, parsePrecision, parseRuntime, parseWhole, RESOLUTIONS } from '../parse.ts';
import { eachStep, progressOf } from '../progress.ts';
import { isFamily } from '../select.ts';

interface Options extends OutputOptions, FixedWords, VariationWords {
  readonly resolution?: string;
  readonly batch?: string;
  readonly precision?: string;
  readonly convention: string;
  readonly runtime?: string;
  readonly layers?: true;
  readonly strict?: true;
}

const settingsOf = ({ resolution, precision, convention, runtime }: Options): AnalyzeSettings => ({
  ...(precision === undefined ? {} : { precision: parsePrecision(precision) }),
  convention: parseConvention(convention),
  ...(resolution === undefined ? {} : { resolution: parseWhole(resolution, '--resolution', RESOLUTIONS) }),
  ...(runtime === undefined ? {} : { runtime: parseRuntime(runtime) }),
});

export const command: Command = {
  summary: 'what a model costs on any hardware: parameters, work, memory, layers',
  configure: (commander, session) => {
    commander
      .argument('<model>', 'name in the zoo, family:NAME for all of a family, or an ONNX file')
      .option('-r, --resolution <pixels>', "height and width of the input (the model's native one)")
      .option('-b, --batch <n>', "inputs at once (1, or the file's own)")
      .option('-p, --precision <type>', "type that memory is counted in (fp32, or the file's own)")
      .option('--layers', 'every operator by itself')
      .option('--convention <name>', `whose headline count: ${Object.keys(CONVENTIONS).join(', ')}`, 'assay')
      .option('--runtime <id>', 'whose fusion the traffic is counted after')
      .option('--strict', 'exit with 1 when some operators have no known cost');
    addVariationOptions(commander);
    addFixedOptions(commander);
    addOutputOptions(commander).action(async (word: string, options: Options) => {
      const deliver = outputFor(session, options);
      const settings = settingsOf(options);
      const batches = options.batch === undefined ? undefined : [parseWhole(options.batch, '--batch', BATCHES)];
      const fixed = parseFixed(options);
      const variation = parseVariation(options);
      const selection = { files: session.io.files, fixed, variation, batches, batch: 'own' } as const;
      const models = await selectAnyModels([word], selection);
      const progress = progressOf(session.io, models.length, options.quiet === true);
      const analyses = await eachStep(models, progress, (model) => analyze(model, settings));
      const isList = isFamily(word) || models.length > 1;
      const withLayers = options.layers === true;
      await deliver({
        json: () => analyzeJson(analyses, withLayers, isList),
        document: () => analyzeDocument(analyses, withLayers, isList),
        csv: () => analyzeCsv(analyses, withLayers),
      });
      if (options.strict === true) checkCoverage(analyses, session);
    });
  },
};
