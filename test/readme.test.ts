import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };
import { auditDocument, readSource } from '../src/audit/api.ts';
import { commandLoaders } from '../src/cli/commands/index.ts';
import { CALIBRATIONS } from '../src/estimate/calibrations.ts';
import { referenceStudyOptions } from '../src/explore/reference-study.ts';
import { runStudy } from '../src/explore/study.ts';
import { devices } from '../src/hardware/index.ts';
import { formatPercent } from '../src/units/format.ts';
import { readmeTable } from './readme-table.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

describe('README.md', () => {
  it('has the two commands', () => {
    expect(readme).toContain('npm install && npx assay report');
    expect(readme).toContain('npm install && npm test');
  });

  it('shows the table that the study gives today', () => {
    expect(readme).toContain(readmeTable(runStudy(referenceStudyOptions())));
  });

  it('quotes the held-out error that stands in the calibration record', () => {
    const heldOut = CALIBRATIONS.find(({ device }) => device === 'intel_i7_12700h')?.heldOut;
    expect(readme).toContain(`${formatPercent(heldOut?.mape ?? Number.NaN)} mean absolute error`);
    expect(readme).toContain(`${heldOut?.rows} measured rows of ${heldOut?.families} model families`);
    expect(readme).toContain(`held ${formatPercent(heldOut?.intervalCoverage ?? Number.NaN, 0)} of them`);
  });

  it('quotes how many published figures agree, as the page of models counts them', () => {
    const page = readFileSync(new URL('../docs/models.md', import.meta.url), 'utf8');
    const [, variants] = /^(\d+) variants in/m.exec(page) ?? [];
    const [, all, same, others] =
      /Of (\d+) published figures (\d+) are ours to the last printed digit\. (\d+) are not/.exec(page) ?? [];
    expect(readme).toContain(
      `Of ${all} published figures of the zoo's ${variants} networks ${same} are ours to the last printed digit`,
    );
    expect(readme).toContain(`the other ${others} stand`);
  });

  it('says how many claims of the report of 2025-10-17 the audit checks and how many it finds wrong', () => {
    const source = readSource(
      readFileSync(new URL('../reference/characterization-2025-10-17.md', import.meta.url), 'utf8'),
      'markdown',
    );
    if (!source.ok) throw new Error(source.message);
    const { claims, findings } = auditDocument(source.document);
    expect(readme).toContain(`of ${claims} claims of the report of 2025-10-17`);
    expect(readme).toContain(`it finds ${findings.length} wrong`);
  });

  it('counts the devices', () => {
    expect(readme).toContain(`without a name all ${devices.length}`);
  });

  it('names only commands that there are, and files that exist', () => {
    const commands = [...readme.matchAll(/npx assay ([a-z]+)/g)].map((match) => match[1] as string);
    expect(commands.length).toBeGreaterThan(4);
    for (const command of commands) expect(Object.keys(commandLoaders)).toContain(command);
    for (const [, target = ''] of readme.matchAll(/\]\((?!https?:)([^)#]+)/g)) {
      expect(existsSync(new URL(`../${target}`, import.meta.url)), target).toBe(true);
    }
  });
});

describe('docs/', () => {
  it('justify every dependency', () => {
    const page = readFileSync(new URL('../docs/dependencies.md', import.meta.url), 'utf8');
    for (const name of Object.keys({ ...packageJson.dependencies, ...packageJson.devDependencies })) {
      expect(page, name).toContain(name);
    }
  });
});
