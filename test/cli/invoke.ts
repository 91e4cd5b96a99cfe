import type { Io } from '../../src/cli/command.ts';
import { run } from '../../src/cli/run.ts';
import { type FileOperations, fileSystem } from '../../src/node/api.ts';

export interface Invocation {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly env?: Io['env'];
  readonly files?: Partial<FileOperations>;
}

/** Runs one command line in this process, as a pipe would see it unless stated. */
export const invoke = async (
  commandLine: string | readonly string[],
  { isTTY = false, columns, env = {}, files = {} }: Surroundings = {},
): Promise<Invocation> => {
  let stdout = '';
  let stderr = '';
  const status = await run(typeof commandLine === 'string' ? commandLine.split(' ').filter(Boolean) : commandLine, {
    stdout: { write: (text) => (stdout += text), isTTY, columns },
    stderr: { write: (text) => (stderr += text), isTTY },
    env,
    files: { ...fileSystem, ...files },
  });
  return { status, stdout, stderr };
};

/** The parsed JSON of a run that must succeed. */
export const json = async (commandLine: string): Promise<unknown> => {
  const { status, stdout, stderr } = await invoke(`${commandLine} --json`);
  if (status !== 0) throw new Error(`exit status ${status}: ${stderr}`);
  return JSON.parse(stdout);
};
