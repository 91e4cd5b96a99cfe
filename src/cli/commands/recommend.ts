import { compileModel, nearestNames, recommend } from '../../index.ts';
import type { Plot } from '../../report/api.ts';
import type { Command } from '../command.ts';
import { didYouMean, InputError, quoted } from '../errors.ts';
import { compileSelected, requireClosed } from '../model/select.ts';
import { addOutputOptions, type OutputOptions, outputFor, warn } from '../output.ts';
import { BATCHES, collectList, parsePrecisions, parseWholeList } from '../parse.ts';
import { eachStep, progressOf } from '../progress.ts';
import { recommendRequest } from '../recommend/request.ts';
import { recommendResult } from '../recommend/result.ts';

interface Options extends OutputOptions {
  readonly scenario?: string;
  readonly on?: readonly string[];
  readonly models?: readonly string[];
  readonly precision?: readonly string[];
  readonly batch?: readonly string[];
  readonly prefer?: string;
  readonly at?: string;
  readonly plot?: string;
}

const chosen = <Name extends string>(text: string, option: string, names: readonly Name[]): Name => {
  const found = names.find((name) => name === text.toLowerCase());
  if (found !== undefined) return found;
  const near = didYouMean(nearestNames(text, names));
  const message = `${option} is ${quoted(text)}: expected one of ${names.join(', ')}${near}`;
  throw new InputError(`invalid-${option.replace(/^--/, '')}`, option, message);
};

const overrideOf = ({ precision, batch, prefer, at }: Options): Partial<recommend.DeploymentScenario> => ({
  ...(precision !== undefined && { precisions: parsePrecisions(precision) }),
  ...(batch !== undefined && { batches: parseWholeList(batch, '--batch', BATCHES) }),
  ...(prefer !== undefined && { prefer: chosen(prefer, '--prefer', recommend.PREFERENCES) }),
  ...(at !== undefined && { at: chosen(at, '--at', ['point', 'upper']) }),
});

const plotOf = (text: string): Plot => {
  const [x = '', y = '', ...others] = text.split(',').map((name) => name.trim().toLowerCase());
  if (others.length === 0 && recommend.isObjective(x) && recommend.isObjective(y) && x !== y) return [x, y];
  const message = `--plot is ${quoted(text)}: expected two of ${recommend.OBJECTIVES.join(', ')}, such as latency,accuracy`;
  throw new InputError('invalid-plot', '--plot', message);
};

/** Rows of a long table that a terminal shows; a file has all of them. */
const TERMINAL_ROWS = 12;

export const command: Command = {
  summary: 'what meets the constraints of a deployment, what does not, and which constraint binds',
  configure: (commander, session) => {
    commander
      .argument('[scenario]', 'scenario file (YAML or JSON)')
      .option('-s, --scenario <name>', 'a built-in scenario instead: smart-camera, mobile-app, edge-server, ...')
      .option('--on <device...>', 'these devices instead of those of the scenario')
      .option('-m, --models <names>', 'only these models: names, family:NAME, ONNX files; with commas', collectList)
      .option('-p, --precision <type>', 'only these types, several with commas', collectList)
      .option('-b, --batch <n>', 'only these batches, several with commas', collectList)
      .option('--prefer <what>', `what decides among what holds: ${recommend.PREFERENCES.join(', ')}`)
      .option('--at <timing>', 'hold times to the predicted median (point) or the upper end of its interval (upper)')
      .option('--plot <x,y>', `two of ${recommend.OBJECTIVES.join(', ')} to draw (latency,accuracy)`);
    addOutputOptions(commander).action(async (file: string | undefined, options: Options) => {
      const deliver = outputFor(session, options);
      const plot = plotOf(options.plot ?? 'latency,accuracy');
      const request = await recommendRequest({
        ...{ file, name: options.scenario, files: session.io.files, on: options.on, models: options.models },
        override: overrideOf(options),
      });
      for (const { place, issues } of request.warnings) warn(session, options, place, issues);
      const selected = new Map(request.models.map((model) => [model.entry, model]));
      const compile: NonNullable<Parameters<typeof recommend.startSearch>[2]>['compile'] = (entry, settings) => {
        const model = selected.get(entry) ?? { entry };
        const { resolution } = settings;
        // One of several resolutions that a network cannot take is left out by the search, and told of.
        const isChoice = resolution !== undefined && resolution !== entry.variant.nativeResolution;
        const compiled = isChoice ? compileModel(entry.variant, settings) : compileSelected(model, settings);
        requireClosed(model, compiled);
        return compiled;
      };
      const running = recommend.startSearch(request.scenario, request.space, { compile });
      const progress = progressOf(session.io, request.models.length, options.quiet === true);
      const pairs = await eachStep(request.models, progress, ({ entry }) => running.searchModel(entry));
      const decision = recommend.decide(running.done(pairs.flat()));
      // Charts are for pages; loading what draws them takes a tenth of a second.
      const isPage = /\.(md|html)$/i.test(options.out ?? '');
      const document = isPage ? await (await import('../../charts/api.ts')).createChartDocument() : undefined;
      await deliver(
        recommendResult(
          {
            decision,
            proposed: recommend.checkProposals(decision.search, request.proposals, { compile }),
            remarks: recommend.remarksOf(decision),
            warnings: request.warnings.flatMap(({ issues }) => issues),
          },
          document === undefined ? { rows: TERMINAL_ROWS } : { chart: { document, plot } },
        ),
      );
    });
  },
};
