import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { staleIndexes } from '../scripts/generate-index.mjs';

// ---- The rules, as data: the table of docs/architecture, which changes with this one. ----

const UP_TO_EXPLORE = ['units', 'ir', 'ops', 'zoo', 'analysis', 'hardware', 'estimate', 'explore'];
const LIBRARY = [...UP_TO_EXPLORE, 'onnx', 'audit', 'measure', 'charts', 'report'];
/** The public API: the root, and the api.ts of rooms whose index.ts is a generated list. */
const PUBLIC_API = ['index.ts', ...LIBRARY.map((room) => `${room}/api.ts`)];

/**
 * Room -> what it may import: a room, or a path below src/ for one file. Its own files are always allowed, and so is
 * JSON in reference/. `.` is src/index.ts.
 */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  units: [],
  ir: ['units'],
  ops: ['ir', 'units'],
  onnx: ['ir', 'ops', 'units'],
  zoo: ['ir', 'ops', 'units'],
  analysis: ['ir', 'ops', 'units'],
  // A host takes over classes of operators; their names are data of ops.
  hardware: ['units', 'ir/dtype.ts', 'ops/classes.ts'],
  // A precision is a DType: whoever resolves a device against one needs its size.
  estimate: ['analysis', 'hardware', 'units', 'ir/dtype.ts'],
  // A graph from a file is made a model here: its open dimensions are fixed, and what does not fit is an OperatorError.
  explore: ['zoo', 'analysis', 'hardware', 'estimate', 'units', 'ir', 'ops/classes.ts', 'ops/definition.ts'],
  audit: UP_TO_EXPLORE,
  measure: ['ir', 'onnx', 'analysis', 'estimate', 'units'],
  charts: ['units'],
  report: LIBRARY,
  node: LIBRARY,
  cli: ['node', ...PUBLIC_API],
  web: ['charts', ...PUBLIC_API],
  '.': LIBRARY,
};

/** Rooms that run under Node only: the others must also run in a page. */
const NODE_ROOMS = ['node', 'cli'];
/** Rooms that may read package.json (the version). */
const PACKAGE_JSON_ROOMS = ['.', 'node', 'cli'];
const NODE_GLOBALS = ['process', 'Buffer', '__dirname', '__filename'];
const NO_SUCH_FOLDER = ['utils', 'util', 'helpers', 'common', 'misc'];
const MAX_LINES = 500;
/** Tables of figures are as long as they are: only code is held to MAX_LINES. */
const DATA_FILE = /(\/data\/|\.data\.ts$)/;
/** The checkout must stand alone: nothing in it reads folders that only happened to lie beside it. */
const OUTSIDE = [['..', 'shared'].join('/'), ['.', 'library'].join('')];

// ---- Reading the tree. ----

interface Import {
  readonly line: number;
  readonly specifier: string;
  /** Path from the repository's root, with `/`; undefined for a package. */
  readonly target: string | undefined;
}

interface SourceFile {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly Import[];
  readonly globals: readonly { readonly line: number; readonly name: string }[];
  readonly defaultExportLines: readonly number[];
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const SELF = fileURLToPath(import.meta.url);

const filesBelow = (folder: string): string[] =>
  existsSync(join(ROOT, folder))
    ? readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join('/'))
        .sort()
    : [];

const roomOf = (path: string): string => {
  const [, room = '', ...rest] = path.split('/');
  return rest.length > 0 ? room : '.';
};

const moduleSpecifier = (node: ts.Node): ts.Expression | undefined => {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isExternalModuleReference(node)) return node.expression;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? literalOf(node.argument) : undefined;
  if (!ts.isCallExpression(node)) return undefined;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  return isImport || isRequire ? node.arguments[0] : undefined;
};

const literalOf = (node: ts.LiteralTypeNode): ts.Expression | undefined =>
  ts.isStringLiteral(node.literal) ? node.literal : undefined;

/** Whether an identifier reads a variable, rather than naming a member or a property. */
const isVariable = (node: ts.Identifier): boolean => {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent)) return parent.getChildAt(0) === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  const isName = 'name' in parent && parent.name === node;
  return !isName && !(ts.isBindingElement(parent) && parent.propertyName === node);
};

/** Whether an identifier declares or imports a variable or a type; the names of members and properties do not count. */
const isDeclarationName = (node: ts.Node): node is ts.Identifier => {
  if (!ts.isIdentifier(node) || !('name' in node.parent) || node.parent.name !== node) return false;
  const { parent } = node;
  return (
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isBindingElement(parent) ||
    ts.isFunctionDeclaration(parent) ||
    ts.isInterfaceDeclaration(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isImportSpecifier(parent)
  );
};

const isDefaultExport = (node: ts.Node): boolean => {
  if (ts.isExportAssignment(node)) return true;
  if (ts.isExportSpecifier(node)) return node.name.text === 'default';
  return (
    ts.canHaveModifiers(node) && !!ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)
  );
};

const parse = (path: string): SourceFile => {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const lineOf = (node: ts.Node) => source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
  const imports: Import[] = [];
  const globals: { line: number; name: string }[] = [];
  const defaultExportLines: number[] = [];
  const declared = new Set<string>();
  const visit = (node: ts.Node): void => {
    const expression = moduleSpecifier(node);
    if (expression !== undefined && ts.isStringLiteralLike(expression)) {
      const specifier = expression.text;
      const target = specifier.startsWith('.') ? posix.normalize(posix.join(dirname(path), specifier)) : undefined;
      imports.push({ line: lineOf(node), specifier, target });
    }
    if (ts.isIdentifier(node) && NODE_GLOBALS.includes(node.text) && isVariable(node)) {
      globals.push({ line: lineOf(node), name: node.text });
    }
    if (isDeclarationName(node)) declared.add(node.text);
    if (isDefaultExport(node)) defaultExportLines.push(lineOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  // A file may give one of these names to a thing of its own: a buffer of the arena is a Buffer too.
  const foreign = globals.filter(({ name }) => !declared.has(name));
  return { path, room: roomOf(path), text, imports, globals: foreign, defaultExportLines };
};

const sources = filesBelow('src')
  .filter((path) => /\.tsx?$/.test(path))
  .map(parse);

const isGenerated = (text: string): boolean => text.startsWith('// Generated by');
const packageName = (specifier: string): string => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
const isBuiltin = (specifier: string): boolean =>
  specifier.startsWith('node:') || builtinModules.includes(packageName(specifier));

// ---- The rules, held. Each finding is "file:line: what stands there: the rule". ----

const tableFinding = (room: string, target: string): string | undefined => {
  if (target.startsWith('reference/'))
    return target.endsWith('.json') ? undefined : 'only JSON is read from reference/';
  if (target === 'package.json') {
    return PACKAGE_JSON_ROOMS.includes(room)
      ? undefined
      : `only ${PACKAGE_JSON_ROOMS.join(', ')} may read package.json`;
  }
  if (!target.startsWith('src/')) return 'an import from src/ stays in src/ or reads JSON from reference/';
  const allowed = MAY_IMPORT[room];
  if (allowed === undefined) return `the room "${room}" is not in the table of test/architecture.test.ts`;
  const targetRoom = roomOf(target);
  const isAllowed =
    targetRoom === room || allowed.includes(targetRoom) || allowed.includes(target.slice('src/'.length));
  return isAllowed ? undefined : `the room "${room}" may import: ${allowed.join(', ') || 'nothing'}`;
};

const packageFinding = (room: string, specifier: string): string | undefined => {
  if (isBuiltin(specifier)) {
    if (NODE_ROOMS.includes(room)) return undefined;
    return `Node's modules are for ${NODE_ROOMS.join(' and ')} only; the other rooms also run in a page`;
  }
  const declared: Readonly<Record<string, unknown>> = {
    ...packageJson.dependencies,
    ...('peerDependencies' in packageJson ? (packageJson.peerDependencies as Record<string, string>) : {}),
  };
  return packageName(specifier) in declared ? undefined : 'not a dependency or peer dependency in package.json';
};

/** Every cycle once, as the shortest way back to its first file in alphabetical order. */
const findCycles = (files: readonly SourceFile[]): string[] => {
  const graph = new Map(files.map(({ path, imports }) => [path, imports.flatMap(({ target }) => target ?? [])]));
  const inCycle = new Set<string>();
  const cycles: string[] = [];
  for (const start of graph.keys()) {
    if (inCycle.has(start)) continue;
    const cameFrom = new Map<string, string>();
    const queue = [start];
    for (const file of queue) {
      for (const target of graph.get(file) ?? []) {
        if (!cameFrom.has(target)) {
          cameFrom.set(target, file);
          queue.push(target);
        }
      }
    }
    if (!cameFrom.has(start)) continue;
    const way = [start];
    for (let at = cameFrom.get(start); at !== undefined && at !== start; at = cameFrom.get(at)) way.unshift(at);
    for (const file of way) inCycle.add(file);
    const first = files.find(({ path }) => path === start);
    const line = first?.imports.find(({ target }) => target === (way[0] ?? start))?.line ?? 1;
    cycles.push(`${start}:${line}: ${[start, ...way].join(' -> ')}: imports form no cycle`);
  }
  return cycles;
};

describe('architecture', () => {
  it('lets each room import only what the table allows', () => {
    const findings = sources.flatMap(({ path, room, imports }) =>
      imports.flatMap(({ line, specifier, target }) => {
        const rule = target === undefined ? packageFinding(room, specifier) : tableFinding(room, target);
        return rule === undefined ? [] : [`${path}:${line}: imports '${specifier}': ${rule}`];
      }),
    );
    expect(findings).toEqual([]);
  });

  it('writes relative imports with the name of an existing file', () => {
    const findings = sources.flatMap(({ path, imports }) =>
      imports.flatMap(({ line, specifier, target }) =>
        target === undefined || existsSync(join(ROOT, target))
          ? []
          : [`${path}:${line}: imports '${specifier}': a relative import names a file, with its ending`],
      ),
    );
    expect(findings).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(findCycles(sources)).toEqual([]);
  });

  it("uses Node's globals in the Node rooms only", () => {
    const findings = sources
      .filter(({ room }) => !NODE_ROOMS.includes(room))
      .flatMap(({ path, globals }) =>
        globals.map(({ line, name }) => `${path}:${line}: ${name}: this room also runs in a page, which has none`),
      );
    expect(findings).toEqual([]);
  });

  it('has no default exports', () => {
    const findings = sources.flatMap(({ path, defaultExportLines }) =>
      defaultExportLines.map((line) => `${path}:${line}: default export: exports are named`),
    );
    expect(findings).toEqual([]);
  });

  it('names folders after what they hold', () => {
    const folders = new Set(['src', 'test', 'bench', 'scripts'].flatMap(filesBelow).map((path) => posix.dirname(path)));
    const findings = [...folders]
      .filter((folder) => folder.split('/').some((part) => NO_SUCH_FOLDER.includes(part)))
      .map((folder) => `${folder}:1: a folder is named after its subject, not ${NO_SUCH_FOLDER.join(', ')}`);
    expect(findings).toEqual([]);
  });

  it(`keeps files within ${MAX_LINES} lines`, () => {
    const findings = sources
      .filter(({ path, text }) => !isGenerated(text) && !DATA_FILE.test(path))
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > MAX_LINES)
      .map(({ path, lines }) => `${path}:${MAX_LINES + 1}: ${lines} lines: at most ${MAX_LINES}, aim at 150`);
    expect(findings).toEqual([]);
  });

  it('has fresh generated indexes', () => {
    const findings = staleIndexes(ROOT).map((path) => `${path}:1: out of date with its folder: run \`npm run index\``);
    expect(findings).toEqual([]);
  });

  it('mentions nothing outside the checkout', () => {
    const findings = ['src', 'test', 'bench', 'scripts'].flatMap(filesBelow).flatMap((path) =>
      readFileSync(join(ROOT, path), 'latin1')
        .split('\n')
        .flatMap((text, index) =>
          OUTSIDE.filter((place) => text.includes(place) && join(ROOT, path) !== SELF).map(
            (place) => `${path}:${index + 1}: ${place}: the checkout stands alone`,
          ),
        ),
    );
    expect(findings).toEqual([]);
  });
});
