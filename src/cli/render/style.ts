/** What a stream can show: its width and its colours. */
import pc from 'picocolors';
import type { Io, Stream } from '../command.ts';

/** Width when the terminal does not say, as in a pipe. */
const UNKNOWN_WIDTH = 100;
/** A terminal that says less cannot hold a table: its lines may break. */
const MIN_WIDTH = 40;

export type Colors = ReturnType<typeof pc.createColors>;

export const widthOf = ({ stdout }: Io): number => {
  const { columns } = stdout;
  return columns === undefined || columns === 0 ? UNKNOWN_WIDTH : Math.max(MIN_WIDTH, columns);
};

/** Colour on a terminal only, and never against NO_COLOR (https://no-color.org) or on a dumb one. */
export const colorsOf = ({ stdout, env }: Io, stream: Stream = stdout): Colors =>
  pc.createColors(stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb');
