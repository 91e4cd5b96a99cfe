import type { Command as CommanderCommand } from 'commander';
import type { FileOperations } from '../node/api.ts';

/** A stream as far as the command line needs it. */
export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Everything outside that a command touches, so that a test can stand in for it. */
export interface Io {
  readonly stdout: Stream;
  readonly stderr: Stream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: FileOperations;
}

/** One run of one command. */
export interface Session {
  readonly command: string;
  readonly io: Io;
  /** The check that was asked for failed: the run ends with exit status 1. */
  failCheck(): void;
}

/** One command of the CLI: declares its arguments and options on commander and runs the library. No logic of its own. */
export interface Command {
  readonly summary: string;
  configure(command: CommanderCommand, session: Session): void;
}
