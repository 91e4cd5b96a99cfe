// Packs what would be published as .tmp/package.tgz, a name without the version, for the checks of package:check.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

mkdirSync('.tmp', { recursive: true });
const folder = mkdtempSync(join('.tmp', 'pack-'));
// Scripts are off because package:check has just built.
const { status } = spawnSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
const archive = readdirSync(folder).find((name) => name.endsWith('.tgz'));
if (status !== 0 || archive === undefined) throw new Error('npm pack wrote no archive');
renameSync(join(folder, archive), join('.tmp', 'package.tgz'));
rmSync(folder, { recursive: true });
