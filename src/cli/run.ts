/** From argv to an exit status: finds the command, loads only that one, and turns what is thrown into one line. */
import { Command as CommanderCommand, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { Command, Io } from './command.ts';
import { commandLoaders } from './commands/index.ts';
import { describeFailure, didYouMean, EXIT, type ExitStatus, InputError, quoted } from './errors.ts';
import { colorsOf, widthOf } from './render/style.ts';

const loadCommand = async (name: string): Promise<Command> => {
  const load = Object.hasOwn(commandLoaders, name) ? commandLoaders[name] : undefined;
  if (load !== undefined) return (await load()).command;
  const { nearestNames } = await import('../index.ts');
  const near = didYouMean(nearestNames(name, Object.keys(commandLoaders)));
  const known = Object.keys(commandLoaders).join(', ');
  throw new InputError(
    'unknown-command',
    'COMMAND',
    `${quoted(name)} is no command of assay: expected ${known}${near}`,
  );
};

/** The only path on which every command is loaded. */
const printHelp = async (io: Io): Promise<void> => {
  const names = Object.keys(commandLoaders);
  const nameWidth = Math.max(...names.map((name) => name.length));
  const { bold } = colorsOf(io);
  const lines = await Promise.all(
    names.map(async (name) => `  ${bold(name.padEnd(nameWidth))}  ${(await loadCommand(name)).summary}\n`),
  );
  io.stdout.write(
    [
      `${bold('assay')} ${packageJson.version}: what a neural network costs on hardware you may not own.\n\n`,
      'Usage: assay COMMAND [ARGUMENTS] [OPTIONS]\n\n',
      'Commands:\n',
      ...lines,
      '\nassay COMMAND --help lists its options; assay --version prints the version.\n',
      'Exit status: 0 done, 1 the check that was asked for failed, 2 bad usage or input, 3 a fault of assay.\n',
    ].join(''),
  );
};

const configured = (name: string, command: Command, io: Io, failCheck: () => void): CommanderCommand => {
  const commander = new CommanderCommand(`assay ${name}`)
    .description(command.summary)
    .helpOption('-h, --help', 'show this help')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      // Commander's own messages are thrown as well, and written once, by `run`.
      writeErr: () => undefined,
      getOutHelpWidth: () => widthOf(io),
      getOutHasColors: () => colorsOf(io).isColorSupported,
    });
  command.configure(commander, { command: name, io, failCheck });
  return commander;
};

/** Whether the caller wants JSON, even when the rest of the line cannot be understood. */
const wantsJson = (argv: readonly string[]): boolean => {
  const end = argv.indexOf('--');
  return argv.slice(0, end === -1 ? undefined : end).includes('--json');
};

const dispatch = async (argv: readonly string[], io: Io): Promise<ExitStatus> => {
  const [first, ...rest] = argv[0] === 'help' && argv.length > 1 ? [...argv.slice(1), '--help'] : argv;
  if (first === '--version' || first === '-V') {
    io.stdout.write(`${packageJson.version}\n`);
    return EXIT.done;
  }
  if (first === undefined || first === 'help' || first === '--help' || first === '-h') {
    await printHelp(io);
    if (first !== undefined) return EXIT.done;
    throw new InputError(
      'missing-command',
      'COMMAND',
      'no command is given: expected one of those that assay --help lists',
    );
  }
  if (first.startsWith('-')) {
    const place = 'expected a command first, its options follow: assay COMMAND [OPTIONS]';
    throw new InputError('unknown-option', first, `unknown option ${quoted(first)} before the command; ${place}`);
  }
  let status: ExitStatus = EXIT.done;
  const commander = configured(first, await loadCommand(first), io, () => {
    status = EXIT.checkFailed;
  });
  await commander.parseAsync(rest, { from: 'user' });
  return status;
};

/** Runs one command line (without `node` and the script) and returns its exit status; never throws. */
export const run = async (argv: readonly string[], io: Io): Promise<ExitStatus> => {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    // Help and the like end a command through a throw.
    if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done;
    const { status, code, message, path } = await describeFailure(error);
    if (wantsJson(argv)) {
      const name = argv[0] !== undefined && Object.hasOwn(commandLoaders, argv[0]) ? argv[0] : 'error';
      io.stdout.write(`${JSON.stringify({ schema: `assay.${name}/1`, error: { code, message, path } }, null, 2)}\n`);
    }
    io.stderr.write(`${colorsOf(io, io.stderr).red('error')}: ${code}: ${message}\n`);
    if (io.env.ASSAY_DEBUG === '1' && error instanceof Error) io.stderr.write(`${error.stack ?? ''}\n`);
    return status;
  }
};
