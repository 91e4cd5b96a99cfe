import { accuracyStudy } from '../../index.ts';
import { readReference } from '../../node/api.ts';
import type { Command } from '../command.ts';
import { InputError } from '../errors.ts';
import { addOutputOptions, type OutputOptions, outputFor } from '../output.ts';
import { collectList, parseRuntime } from '../parse.ts';
import { selectDevices } from '../select.ts';
import { validationResult } from '../validate/result.ts';

interface Options extends OutputOptions {
  readonly device?: readonly string[];
  readonly runtime?: string;
  readonly strict?: true;
}

export const command: Command = {
  summary: 'predictions against public measurements that no fit saw, beside two baselines',
  configure: (commander, session) => {
    commander
      .option('-d, --device <id>', 'only these devices, several with commas', collectList)
      .option('--runtime <id>', 'only this runtime')
      .option('--strict', 'exit with 1 if a measured row has no prediction by constants that did not see it');
    addOutputOptions(commander).action(async (options: Options) => {
      const deliver = outputFor(session, options);
      const selected = options.device && (await selectDevices(options.device, session.io.files));
      const runtime = options.runtime === undefined ? undefined : parseRuntime(options.runtime);
      const study = accuracyStudy(await readReference(), {
        ...(selected !== undefined && { devices: selected.map(({ device }) => device.id) }),
        ...(runtime !== undefined && { runtime: runtime.id }),
      });
      if (study.groups.length + study.thin.length + study.unpredicted.length === 0) {
        const message = 'no measurements are of these devices and this runtime: assay validate lists what was measured';
        throw new InputError('nothing-measured', selected === undefined ? '--runtime' : '--device', message);
      }
      if (options.strict === true && study.unpredicted.length > 0) session.failCheck();
      // Charts are for pages; loading what draws them takes a tenth of a second.
      const isPage = /\.(md|html)$/i.test(options.out ?? '');
      const chartDocument = isPage ? await (await import('../../charts/api.ts')).createChartDocument() : undefined;
      await deliver(validationResult(study, chartDocument));
    });
  },
};
