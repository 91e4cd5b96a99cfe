import type { Block, CellValue, ReportDocument } from '../blocks.ts';

/** A value that JSON cannot say. `path` is where it stands, as in `$.rows[3].latencySeconds`. */
export class JsonValueError extends TypeError {
  readonly code = 'json-value';
  readonly path: string;

  constructor(path: string, found: string, expected: string) {
    super(`${path} is ${found}: ${expected}`);
    this.path = path;
  }
}

/** `$.rows[3].latencySeconds`. */
const pathText = (steps: readonly (string | number)[]): string =>
  steps.reduce<string>((path, step) => {
    if (typeof step === 'number') return `${path}[${step}]`;
    return /^[A-Za-z_$][\w$]*$/.test(step) ? `${path}.${step}` : `${path}[${JSON.stringify(step)}]`;
  }, '$');

const isPlainObject = (value: object): value is Record<string, unknown> => {
  const prototype: unknown = Object.getPrototypeOf(value);
  // Another realm (a worker, a frame) has its own Object.prototype.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
};

/** JSON.stringify turns NaN into null, a Map into {} and a function into nothing: here each is an error. */
const verify = (value: unknown, steps: (string | number)[], open: Set<object>): void => {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new JsonValueError(pathText(steps), String(value), 'an unknown figure must be null');
  }
  if (value === null || typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return;
  if (typeof value !== 'object') {
    throw new JsonValueError(pathText(steps), `of type ${typeof value}`, 'expected plain data');
  }
  if (open.has(value)) {
    throw new JsonValueError(pathText(steps), 'a reference to what contains it', 'expected a tree');
  }
  const visit = (step: string | number, item: unknown): void => {
    steps.push(step);
    verify(item, steps, open);
    steps.pop();
  };
  open.add(value);
  if (Array.isArray(value)) {
    // Not forEach, which skips holes.
    for (let index = 0; index < value.length; index++) visit(index, value[index]);
  } else if (isPlainObject(value)) {
    for (const [key, item] of Object.entries(value)) {
      // An optional field that is not there is left out, as in the types.
      if (item !== undefined) visit(key, item);
    }
  } else {
    throw new JsonValueError(pathText(steps), `a ${value.constructor.name}`, 'expected a plain object or an array');
  }
  open.delete(value);
};

/** JSON with two spaces and keys in the order they were given; the same value gives the same bytes. */
export const renderJson = (value: unknown): string => {
  verify(value, [], new Set());
  return `${escapedJson(value)}\n`;
};

type TableRow = Readonly<Record<string, CellValue>>;
type ChartBlock = Extract<Block, { readonly kind: 'chart' }>;

/** A block as data: tables whole, charts by what they say instead of how they are drawn. */
export type BlockJson = Exclude<Block, ChartBlock> | Omit<ChartBlock, 'svg'>;

export interface DocumentJson extends Omit<ReportDocument, 'sections'> {
  readonly sections: readonly { readonly id: string; readonly title: string; readonly blocks: readonly BlockJson[] }[];
}

const blockToJson = (block: Block): BlockJson => {
  if (block.kind === 'chart') {
    const { svg: _drawing, ...rest } = block;
    return rest;
  }
  if (block.kind !== 'table') return block;
  const keys = block.columns.map(({ key }) => key);
  const rows = block.rows.map((row): TableRow => Object.fromEntries(keys.map((key) => [key, row[key] ?? null])));
  return { ...block, rows };
};

/** The block tree as plain data for renderJson: every column's raw value, null where it is unknown. */
export const documentToJson = ({ title, subtitle, facts, sections }: ReportDocument): DocumentJson => ({
  title,
  subtitle,
  facts,
  sections: sections.map((section) => ({
    id: section.id,
    title: section.title,
    blocks: section.blocks.map(blockToJson),
  })),
});

/**
 * What JSON lets stand in a text but a terminal acts on (C1 controls, marks that turn the direction of writing) is
 * escaped as well: names come from files.
 */
export const escapedJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replace(/[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu, (found) =>
    [...Array(found.length).keys()].map((at) => `\\u${found.charCodeAt(at).toString(16).padStart(4, '0')}`).join(''),
  );
