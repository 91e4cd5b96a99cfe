/** `assay audit`: contract, exit status, bad input, and our own report, which must be clean. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invoke } from './invoke.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, text: string | Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

interface Finding {
  readonly code: string;
  readonly severity: string;
  readonly line: number;
  readonly claim: string;
  readonly computed: string;
  readonly factor: number | null;
  readonly explanation: string;
}
interface AuditJson {
  readonly schema: string;
  readonly findings: readonly Finding[];
  readonly claims: number;
  readonly agreed: number;
}
const auditJson = async (path: string): Promise<AuditJson & { readonly status: number }> => {
  const { status, stdout } = await invoke(['audit', path, '--json']);
  return { status, ...(JSON.parse(stdout) as AuditJson) };
};

const REFERENCE = fileURLToPath(new URL('../../reference/characterization-2025-10-17.md', import.meta.url));
const RIGHT = '| Model | Latency (ms) | Throughput (FPS) |\n|---|---|---|\n| a | 4.0 | 250 |\n';

describe('our own report', () => {
  beforeAll(async () => {
    const { status, stderr } = await invoke(['report', '--out', join(folder, 'own'), '--quiet']);
    expect([status, stderr]).toEqual([0, '']);
  });

  it.each([
    ['report.md', 2000],
    ['report.html', 2000],
    ['results.csv', 2000],
    ['mobilenet_results.csv', 500],
  ])('has no finding in %s', async (name, claims) => {
    const audit = await auditJson(join(folder, 'own', name));
    expect(audit.findings).toEqual([]);
    expect([audit.status, audit.agreed]).toEqual([0, audit.claims]);
    expect(audit.claims).toBeGreaterThan(claims);
  });

  it('has one where one figure is falsified', async () => {
    const text = readFileSync(join(folder, 'own', 'report.md'), 'utf8');
    const lines = text.split('\n');
    // The first table with a latency and a throughput: the throughput of its first row tenfold.
    const head = lines.findIndex((line) => /Predicted latency \(ms\).*Throughput \(images\/s\)/.test(line));
    const cells = (lines[head + 2] as string).split('|');
    cells[5] = ` ${Number((cells[5] as string).trim()) * 10} `;
    lines[head + 2] = cells.join('|');
    const { findings, status } = await auditJson(file('falsified.md', lines.join('\n')));
    expect(status).toBe(1);
    expect(findings.map(({ line }) => line)).toContain(head + 3);
    expect(findings.map(({ code }) => code)).toContain('throughput-latency');
  });
});

describe('assay audit', () => {
  it('follows its contract, and exits with 1 where a finding is an error', async () => {
    const { schema, findings, claims, agreed, status } = await auditJson(REFERENCE);
    expect([schema, status]).toEqual(['assay.audit/1', 1]);
    expect(claims - agreed).toBe(findings.length);
    for (const { code, severity, line, claim, computed, factor, explanation } of findings) {
      expect(['error', 'warning', 'info']).toContain(severity);
      expect([typeof code, typeof claim, typeof computed, typeof explanation]).toEqual(Array(4).fill('string'));
      expect(Number.isInteger(line) && line > 0).toBe(true);
      expect(factor === null || Number.isFinite(factor)).toBe(true);
    }
  });

  it('gives a clean bill to a right table', async () => {
    const { status, stdout } = await invoke(['audit', file('right.md', RIGHT)]);
    expect(status).toBe(0);
    expect(stdout).toContain('Nothing found. All 1 claim that');
  });

  it('puts their figures beside ours', async () => {
    const { stdout } = await invoke(['audit', REFERENCE, '--compare', '--json']);
    const { reconciliation } = JSON.parse(stdout) as {
      reconciliation: {
        metric: string;
        model: string;
        theirs: number;
        ours: number;
        low: number | null;
        factor: number;
        causes: string[];
      }[];
    };
    const flops = reconciliation.find(({ metric, model }) => metric === 'flops' && model === 'MobileNetV2');
    // 2 × 300,774,272 MACs at 224
    expect(flops?.ours).toBe(601_548_544);
    expect(flops?.factor).toBeCloseTo(1.87e9 / 601_548_544);
    expect(flops?.causes).toEqual(['published-count']);
    const latency = reconciliation.find(({ metric }) => metric === 'latency');
    expect(latency?.low).toBeLessThan(latency?.ours as number);
    // 36,000 J over the predicted energy of one inference per second.
    const days = reconciliation.find(({ metric, model }) => metric === 'battery-life' && model === 'ResNet-18');
    const energy = reconciliation.find(({ metric, model }) => metric === 'energy' && model === 'ResNet-18');
    expect((days?.ours as number) * (energy?.ours as number)).toBeCloseTo(36_000, 3);
  });

  it('writes pages in which nothing of the document is markup', async () => {
    const hostile =
      '| Model | Latency (ms) | Throughput (FPS) |\n|---|---|---|\n| <script>alert(1)</script> | 1 | <b>5M</b> |\n| x | 1 | 1M |\n\n<img src=x onerror=alert(2)> 86 ms (acceptable for 30 FPS <script>alert(3)</script>)\n';
    const out = join(folder, 'page.html');
    await invoke(['audit', file('hostile.md', hostile), '--out', out, '--quiet']);
    const page = readFileSync(out, 'utf8');
    expect(page).toContain('86 ms (acceptable for 30 FPS');
    expect(page).not.toMatch(/<script>alert|<img src=x/);
    const html = `<table><tr><th>Model<th>Latency (ms)<th>Throughput (FPS)</tr><tr><td>x<td>1<td>1M</tr></table><script>document.write("86 ms acceptable for 30 FPS")</script>`;
    const { findings } = await auditJson(file('hostile.html', html));
    expect(findings.map(({ code }) => code)).toEqual(['unit-slip']);
  });

  it.each([
    ['missing.md', undefined, 'missing-file'],
    ['empty.md', '', 'nothing-to-audit'],
    ['prose.md', '# Title\n\nNo figure at all.\n', 'nothing-to-audit'],
    ['binary.md', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00, 0x01]), 'not-text'],
    ['nul.md', 'a\0b', 'not-text'],
    ['book.xlsx', 'PK', 'unknown-format'],
    ['paper.pdf', '%PDF', 'unknown-format'],
    ['large.md', '| a | 1 ms |\n'.repeat(4_200_000), 'file-too-large'],
    ['deep.html', '<b>'.repeat(100_000), 'too-deep'],
    ['empty.csv', '', 'empty-table'],
  ])('refuses %s in one line', async (name, text, code) => {
    const path = text === undefined ? join(folder, name) : file(name, text);
    const { status, stdout, stderr } = await invoke(['audit', path]);
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^error: ${code}: [^\\n]+\\n$`));
    expect(stderr).toContain(name);
  });

  it('refuses an unknown format', async () => {
    const { status, stderr } = await invoke(['audit', file('x.md', RIGHT), '--format', 'docx']);
    expect([status, stderr]).toEqual([2, expect.stringContaining('expected markdown, html, csv')]);
  });
});
