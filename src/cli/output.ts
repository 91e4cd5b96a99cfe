/** Where a command's result goes: tables to the terminal, one JSON document, or a file whose ending says the format. */
import { basename, dirname, extname } from 'node:path';
import type { Command as CommanderCommand } from 'commander';
import { type CellValue, type ReportDocument, renderCsv, renderHtml, renderJson, renderMarkdown } from '../index.ts';
import { checkOutputFile, type OutputFile, writeFileAtomic, writeOutputFolder } from '../node/api.ts';
import type { Io, Session } from './command.ts';
import { InputError, oneLine, quoted } from './errors.ts';
import { colorsOf } from './render/style.ts';
import { renderTerminal } from './render/terminal.ts';

export interface OutputOptions {
  readonly json?: true;
  readonly out?: string;
  readonly quiet?: true;
}

export interface CsvTable {
  readonly columns: readonly string[];
  readonly rows: readonly Readonly<Record<string, CellValue>>[];
}

export interface Warning {
  readonly code: string;
  readonly path: string;
  readonly message: string;
}

/** One result in all its forms; each is made only when it is asked for. */
export interface Result {
  /** Plain data; its first field is `schema`. */
  json(): { readonly schema: string };
  document(): ReportDocument;
  csv(): CsvTable;
}

const RENDERERS: Readonly<Record<string, (result: Result) => string>> = {
  '.json': (result) => renderJson(result.json()),
  '.csv': (result) => {
    const { columns, rows } = result.csv();
    return renderCsv(columns, rows);
  },
  '.md': (result) => renderMarkdown(result.document(), { chartHref: (id) => `#${id}` }),
  '.html': (result) => renderHtml(result.document()),
};

/** Markdown cannot hold a picture: the charts of a document are files in a folder beside it. */
const chartFiles = ({ sections }: ReportDocument, folder: string): readonly OutputFile[] =>
  sections.flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.kind === 'chart' ? [{ path: `${folder}/${block.id}.svg`, text: block.svg }] : [])),
  );

/** Returns what was written, for people. */
const writeMarkdown = async (out: string, result: Result, { files }: Io): Promise<string> => {
  const name = basename(out);
  const folder = `${name.slice(0, -extname(name).length)}-charts`;
  const document = result.document();
  const charts = chartFiles(document, folder);
  await checkOutputFile(out, files);
  const text = renderMarkdown(document, { chartHref: (id) => `${folder}/${id}.svg` });
  await writeOutputFolder(dirname(out), [{ path: name, text }, ...charts], files);
  return charts.length === 0 ? out : `${out} and ${charts.length} charts in ${folder}`;
};

/** `--json` and `--quiet`, which every command has, and `--out FILE` where the result is one file. */
export const addOutputOptions = (command: CommanderCommand, { out = true } = {}): CommanderCommand => {
  command.option('--json', 'print one JSON document and nothing else');
  if (out)
    command.option('-o, --out <file>', `write to a file instead: ${Object.keys(RENDERERS).join(', ')} by its ending`);
  return command.option('-q, --quiet', 'no progress and no remarks on stderr');
};

const rendererFor = (out: string, json: boolean): ((result: Result) => string) => {
  const ending = extname(out).toLowerCase();
  const renderer = Object.hasOwn(RENDERERS, ending) ? RENDERERS[ending] : undefined;
  if (renderer === undefined) {
    const expected = `expected an ending of ${Object.keys(RENDERERS).join(', ')}`;
    throw new InputError('unknown-format', '--out', `--out is ${quoted(out)}: ${expected}`);
  }
  if (json && ending !== '.json') {
    const message = `--json and --out ${quoted(out)} ask for two formats: expected one of them, or a name that ends in .json`;
    throw new InputError('conflicting-options', '--out', message);
  }
  return renderer;
};

/** What is probably not meant, on stderr; `--quiet` leaves it out. */
export const warn = ({ io }: Session, { quiet }: OutputOptions, place: string, issues: readonly Warning[]): void => {
  if (quiet === true) return;
  for (const { code, path, message } of issues) {
    io.stderr.write(
      `${colorsOf(io, io.stderr).yellow('warning')}: ${code}: ${oneLine(`${place}: ${path}: ${message}`)}\n`,
    );
  }
};

/** Delivers a text in a format of its own: to `--out` whatever its ending, or printed. */
export const deliverText = async ({ io }: Session, { out, quiet }: OutputOptions, text: string): Promise<void> => {
  if (out === undefined) {
    io.stdout.write(text);
    return;
  }
  await writeFileAtomic(out, text, io.files);
  if (quiet !== true) io.stderr.write(`${colorsOf(io, io.stderr).dim(`wrote ${out}`)}\n`);
};

/**
 * Checks what can be refused before any work is done, and returns the function that delivers a result: to `--out`,
 * as JSON, or as tables.
 */
export const outputFor = (
  session: Session,
  { json = undefined, out, quiet }: OutputOptions,
  {
    plain,
  }: {
    /** Ending of the format for whoever reads what is printed and is no terminal. */ readonly plain?:
      | string
      | undefined;
  } = {},
): ((result: Result) => Promise<void>) => {
  const { io } = session;
  if (out === undefined) {
    return async (result) => {
      const render = json === true || plain === undefined ? undefined : RENDERERS[plain];
      if (render !== undefined) io.stdout.write(render(result));
      else io.stdout.write(json === true ? renderJson(result.json()) : renderTerminal(result.document(), io));
    };
  }
  const render = rendererFor(out, json === true);
  return async (result) => {
    const isMarkdown = extname(out).toLowerCase() === '.md';
    const written = isMarkdown ? await writeMarkdown(out, result, io) : out;
    if (!isMarkdown) await writeFileAtomic(out, render(result), io.files);
    if (quiet !== true) io.stderr.write(`${colorsOf(io, io.stderr).dim(`wrote ${written}`)}\n`);
  };
};
