import { devices } from '../../index.ts';
import { deviceResult, devicesResult } from '../catalogue/devices.ts';
import type { Command } from '../command.ts';
import { addOutputOptions, type OutputOptions, outputFor, warn } from '../output.ts';
import { selectDevices } from '../select.ts';

export const command: Command = {
  summary: 'the described devices; with a name or a file, each figure with its source',
  configure: (commander, session) => {
    commander.argument('[device]', 'id, alias, or YAML or JSON file');
    addOutputOptions(commander).action(async (word: string | undefined, options: OutputOptions) => {
      const deliver = outputFor(session, options);
      if (word === undefined) return deliver(devicesResult(devices));
      for (const { device, warnings } of await selectDevices([word], session.io.files)) {
        warn(session, options, word, warnings);
        await deliver(deviceResult(device, warnings));
      }
    });
  },
};
