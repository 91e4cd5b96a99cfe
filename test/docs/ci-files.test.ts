/** The action and the hook of this repository run commands that exist, on words that are passed whole. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import packageJson from '../../package.json' with { type: 'json' };
import { invoke } from '../cli/invoke.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'assay ci-'));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'assay-budget.yaml'), 'models: [resnet18]\nlimits: { params: 11 M }\n');

/** In place of the built command line: writes down what it was called with. */
mkdirSync(join(folder, 'assay', 'dist', 'cli'), { recursive: true });
writeFileSync(
  join(folder, 'assay', 'dist', 'cli', 'main.js'),
  'require("node:fs").writeFileSync("words.json", JSON.stringify(process.argv.slice(2)))',
);

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: {
    readonly using: string;
    readonly steps: readonly {
      readonly shell: string;
      readonly run: string;
      readonly env: Readonly<Record<string, string>>;
    }[];
  };
}
const action = parse(read('action.yml')) as Action;

/** Runs a step as a runner does: expressions filled in the environment, the text unchanged. */
const runStep = (index: number, inputs: Readonly<Record<string, string>> = {}) => {
  const step = action.runs.steps[index];
  if (step === undefined) throw new Error(`no step ${index}`);
  const filled = Object.entries(step.env).map(([name, text]) => {
    const value = text
      .replace(/\$\{\{ github\.action_path \}\}/, join(folder, 'assay'))
      .replace(
        /\$\{\{ inputs\.(\w+) \}\}/,
        (_, input: string) => inputs[input] ?? action.inputs[input]?.default ?? 'no',
      );
    expect(value).not.toContain('${{');
    return [name, value] as const;
  });
  const { status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...Object.fromEntries(filled) },
    encoding: 'utf8',
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
};
const wordsOf = (inputs: Readonly<Record<string, string>>): readonly string[] => {
  runStep(1, inputs);
  return JSON.parse(readFileSync(join(folder, 'words.json'), 'utf8')) as readonly string[];
};

describe('action.yml', () => {
  it('is composite, with inputs only in the environment: none is code', () => {
    expect(action.runs.using).toBe('composite');
    for (const { shell, run } of action.runs.steps) {
      expect(shell).toBe('bash');
      expect(run).not.toContain('${{');
    }
  });

  it('keeps a build that is there, and else runs scripts that exist', () => {
    runStep(0);
    const named = [...(action.runs.steps[0]?.run ?? '').matchAll(/npm run (?:--silent )?([\w:]+)/g)];
    expect(named.map(([, name = '']) => name)).toEqual(['prepare']);
    expect(Object.keys(packageJson.scripts)).toContain('prepare');
    expect(packageJson.bin.assay).toBe('./dist/cli/main.js');
  });

  it('runs assay check, which annotates what broke', async () => {
    const words = wordsOf({});
    expect(words).toEqual(['check', 'assay-budget.yaml', '--format', 'github', '--']);
    const path = join(folder, 'assay-budget.yaml');
    const { status, stdout } = await invoke(words.map((word) => (word === 'assay-budget.yaml' ? path : word)));
    expect(status).toBe(1);
    expect(stdout).toMatch(/^::error file=.*assay-budget\.yaml,line=2,/);
  });

  it('passes words whole, whatever is in them', () => {
    const inputs = {
      budget: 'my budget.yaml',
      models: 'a b.onnx\n\n$(touch x)\n--help',
      format: 'sarif',
      out: 'o u.sarif',
    };
    expect(wordsOf(inputs)).toEqual([
      ...['check', 'my budget.yaml', '--format', 'sarif', '--out', 'o u.sarif', '--'],
      ...['a b.onnx', '$(touch x)', '--help'],
    ]);
    expect(existsSync(join(folder, 'x'))).toBe(false);
  });

  it('is documented, input by input', () => {
    const guide = read('docs/ci.md');
    for (const [name, { default: given }] of Object.entries(action.inputs)) {
      expect(guide).toContain(`| \`${name}\` | ${given === '' ? '' : `\`${given}\` `}|`);
    }
  });
});

describe('.pre-commit-hooks.yaml', () => {
  const hooks = parse(read('.pre-commit-hooks.yaml')) as readonly {
    readonly id: string;
    readonly entry: string;
    readonly args: readonly string[];
    readonly language: string;
    readonly files: string;
    readonly pass_filenames: boolean;
  }[];

  it('runs the bin of the package on the budget', async () => {
    const [hook] = hooks;
    expect(hook).toMatchObject({ id: 'assay-check', language: 'node', pass_filenames: false });
    const [program = '', ...words] = [...(hook?.entry.split(' ') ?? []), ...(hook?.args ?? [])];
    expect(Object.keys(packageJson.bin)).toContain(program);
    const path = join(folder, 'assay-budget.yaml');
    const { status, stdout } = await invoke(words.map((word) => (word === 'assay-budget.yaml' ? path : word)));
    expect(status).toBe(1);
    expect(stdout).toContain('1 broken');
    const files = new RegExp(hook?.files ?? '');
    expect(['net.onnx', 'assay-budget.yaml', 'a/b.yml', 'README.md'].map((name) => files.test(name))).toEqual([
      ...[true, true, true, false],
    ]);
  });

  it('is what the guide names', () => {
    expect(read('docs/ci.md')).toContain(`- id: ${hooks[0]?.id}`);
  });
});
