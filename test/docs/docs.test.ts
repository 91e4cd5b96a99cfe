/** What the guides say exists: the files they link to, the commands and the npm scripts they name. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { commandLoaders } from '../../src/cli/commands/index.ts';

const root = new URL('../../', import.meta.url);
const guides = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'].filter((path) => existsSync(new URL(path, root))),
  ...readdirSync(new URL('docs/', root))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/** Fenced blocks and inline code: prose may say "assay" and mean nothing by the next word. */
const codeOf = (text: string): readonly string[] =>
  [...text.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)].map(([, fenced, inline]) => fenced ?? inline ?? '');

describe.each(guides)('%s', (path) => {
  const file = new URL(path, root);
  const text = readFileSync(file, 'utf8');

  it('links only to files that exist', () => {
    const targets = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) => target);
    expect(targets.filter((target) => !existsSync(new URL(target, file)))).toEqual([]);
  });

  it('names only commands that there are', () => {
    const commands = codeOf(text).flatMap((code) =>
      [...code.matchAll(/(?:^|[\s;&])assay ([a-z]+)/g)].map(([, command = '']) => command),
    );
    expect(commands.filter((command) => !Object.hasOwn(commandLoaders, command))).toEqual([]);
  });

  it('names only npm scripts that there are', () => {
    const scripts = codeOf(text).flatMap((code) =>
      [...code.matchAll(/npm run (?:--silent )?([a-z][a-z:]*)/g)].map(([, script = '']) => script),
    );
    expect(scripts.filter((script) => !Object.hasOwn(packageJson.scripts, script))).toEqual([]);
  });
});
