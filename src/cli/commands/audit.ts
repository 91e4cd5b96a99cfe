import { extname } from 'node:path';
import {
  auditDocument,
  modelFacts,
  readSource,
  reconcile,
  SOURCE_FORMATS,
  type SourceFormat,
  sourceFormatOf,
} from '../../audit/api.ts';
import { readTextFile } from '../../node/api.ts';
import { auditResult } from '../audit/result.ts';
import type { Command } from '../command.ts';
import { InputError, quoted } from '../errors.ts';
import { addOutputOptions, type OutputOptions, outputFor } from '../output.ts';

interface Options extends OutputOptions {
  readonly compare?: true;
  readonly format?: string;
}

/** A report is text: the longest have a megabyte, and pictures set as text are no figures. */
const MAX_BYTES = 16 * 1024 * 1024;

const OTHER_FORMATS: Readonly<Record<string, string>> = {
  '.xlsx': 'save the sheet as .csv',
  '.xls': 'save the sheet as .csv',
  '.ods': 'save the sheet as .csv',
  '.pdf': 'save its text or its tables as .md or .csv',
  '.docx': 'save it as .md or .html',
};

const formatOf = (asked: string | undefined, path: string, text: string): SourceFormat => {
  if (asked === undefined) return sourceFormatOf(extname(path), text);
  const format = SOURCE_FORMATS.find((each) => each === asked.toLowerCase());
  if (format !== undefined) return format;
  throw new InputError(
    'unknown-format',
    '--format',
    `--format is ${quoted(asked)}: expected ${SOURCE_FORMATS.join(', ')}`,
  );
};

const readFile = async (path: string): Promise<string> => {
  const other = OTHER_FORMATS[extname(path).toLowerCase()];
  if (other !== undefined) {
    throw new InputError('unknown-format', path, `${path} is no text: expected .md, .html or .csv; ${other}`);
  }
  const read = await readTextFile(path, MAX_BYTES);
  if (!read.ok) throw new InputError(read.code, path, read.message);
  if (read.text.includes('\0'))
    throw new InputError('not-text', path, `${path} is binary: expected Markdown, HTML or CSV`);
  return read.text;
};

export const command: Command = {
  summary: "somebody's figures against arithmetic, physics, published counts and each other",
  configure: (commander, session) => {
    commander
      .argument('<file>', 'a report or a table: .md, .html or .csv')
      .option('--compare', 'their figures beside ours, with interval, factor and cause')
      .option('--format <format>', `what the file is, whatever its name: ${SOURCE_FORMATS.join(', ')}`);
    addOutputOptions(commander).action(async (path: string, options: Options) => {
      const deliver = outputFor(session, options);
      const text = await readFile(path);
      const source = readSource(text, formatOf(options.format, path, text));
      if (!source.ok) throw new InputError(source.code, path, `${path}: ${source.message}`);
      const facts = modelFacts();
      const audit = auditDocument(source.document, facts);
      if (audit.tables === 0 && audit.claims === 0) {
        const message = `${path} has no table and no claim that can be checked: expected tables with a unit in each header, or sentences with figures`;
        throw new InputError('nothing-to-audit', path, message);
      }
      if (audit.findings.some(({ severity }) => severity === 'error')) session.failCheck();
      const reconciled = options.compare === true ? reconcile(audit, facts) : undefined;
      await deliver(auditResult({ name: path, audit, reconciled }, { every: options.out !== undefined }));
    });
  },
};
