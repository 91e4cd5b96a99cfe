import packageJson from '../../../package.json' with { type: 'json' };
import { createChartDocument } from '../../charts/api.ts';
import { runStudy } from '../../index.ts';
import { checkOutputFolder, writeOutputFolder } from '../../node/api.ts';
import { buildReport, renderJson } from '../../report/api.ts';
import type { Command } from '../command.ts';
import { addVariationOptions } from '../model/variation.ts';
import { addFixedOptions } from '../model/words.ts';
import { addOutputOptions, type OutputOptions, warn } from '../output.ts';
import { collectList } from '../parse.ts';
import { progressOf } from '../progress.ts';
import { renderTerminal } from '../render/terminal.ts';
import { atResolution } from '../select.ts';
import { type StudyWords, studyOptions } from '../study/options.ts';
import { summaryDocument, summaryJson } from '../study/summary.ts';

const DEFAULT_FOLDER = './assay-report';

interface Options extends StudyWords, Omit<OutputOptions, 'out'> {
  readonly out: string;
}

export const command: Command = {
  summary: 'the characterization study as Markdown, HTML, JSON, CSV and charts',
  configure: (commander, session) => {
    const { io } = session;
    commander
      .option('-o, --out <folder>', 'folder for the files; others in it stay', DEFAULT_FOLDER)
      .option(
        '--models <name>',
        'instead of the nine reference models, several with commas; ONNX files too',
        collectList,
      )
      .option('--on <device...>', 'instead of the six reference devices')
      .option('-b, --batch <n>', 'batches, several with commas (1,8,16,32)', collectList)
      .option('-r, --resolution <pixels>', 'common resolution (224)');
    addVariationOptions(commander);
    addFixedOptions(commander);
    addOutputOptions(commander, { out: false }).action(async (options: Options) => {
      const { out, json, quiet } = options;
      const { options: study, selected } = await studyOptions(options, io.files);
      for (const { word, warnings } of selected) warn(session, { ...(quiet && { quiet }) }, word, warnings);
      await checkOutputFolder(out, io.files);
      const progress = progressOf(io, 3, quiet === true || json === true);
      try {
        const result = atResolution('the study', study.resolution, () => runStudy(study));
        await progress.step('estimates done, drawing');
        const { files } = buildReport({
          study: result,
          chartDocument: await createChartDocument(),
          version: packageJson.version,
        });
        await progress.step('drawn, writing');
        await writeOutputFolder(out, files, io.files);
        await progress.step('written');
        progress.stop();
        const paths = files.map(({ path }) => path);
        io.stdout.write(
          json ? renderJson(summaryJson(result, out, paths)) : renderTerminal(summaryDocument(result, out, paths), io),
        );
      } finally {
        progress.stop();
      }
    });
  },
};
