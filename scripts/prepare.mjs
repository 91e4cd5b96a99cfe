// What npm runs after an install in a checkout: the generated indexes, then the build.
// npx prepares a checkout too before it starts the checkout's own command (once with npm 11, every time with npm 10).
// That would take seconds and replace dist/ under running commands, so there the build of the install is kept.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// npm prepares a git checkout for a global install (pre-commit, npm install -g git+https:...) as if it were global itself,
// without the tools of the build: they are installed here first.
if (!existsSync('node_modules/tsdown') && process.env.npm_config_global === 'true') {
  const { npm_config_global: _, npm_config_prefix: __, ...env } = process.env;
  const words = ['install', '--ignore-scripts', '--include=dev', '--no-save', '--no-audit', '--no-fund'];
  const { status } = spawnSync('npm', words, { stdio: ['ignore', 'ignore', 'inherit'], shell: true, env });
  if (status !== 0) process.exit(status ?? 1);
}
if (process.env.npm_command !== 'exec' || !existsSync('dist/cli/main.js')) {
  for (const command of ['node scripts/generate-index.mjs', 'tsdown --log-level warn']) {
    const { status } = spawnSync(command, { stdio: 'inherit', shell: true });
    if (status !== 0) process.exit(status ?? 1);
  }
}
