/** Claims found and missed: tables worked by hand, one mistake at a time, and right ones without a finding. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Audit, auditDocument, CODES, modelFacts, readSource } from '../../src/audit/api.ts';

const facts = modelFacts();
const audit = (text: string, format: 'markdown' | 'csv' = 'markdown'): Audit => {
  const read = readSource(text, format);
  if (!read.ok) throw new Error(read.message);
  return auditDocument(read.document, facts);
};
const codes = (text: string): readonly string[] => audit(text).findings.map(({ code }) => code);
const table = (header: string, ...rows: string[]): string => {
  const columns = header.split('|').length;
  return [`| ${header} |`, `|${' --- |'.repeat(columns)}`, ...rows.map((row) => `| ${row} |`)].join('\n');
};

describe('throughput against latency', () => {
  it('holds in a right table, batched or not', () => {
    const found = audit(
      table('Model | Batch | Latency (ms) | Throughput (FPS)', 'a | 1 | 4.0 | 250', 'b | 8 | 20 | 400'),
    );
    expect([found.claims, found.agreed, found.findings]).toEqual([2, 2, []]);
  });

  it('names a slip of a thousand as one of units', () => {
    const { findings } = audit(table('Model | Latency (ms) | Throughput (FPS)', 'a | 0.5 | 2.0M', 'b | 86.6 | 11,547'));
    expect(
      findings.map(({ code, severity, factor, line }) => [
        code,
        severity,
        Math.round((factor as number) / 10) * 10,
        line,
      ]),
    ).toEqual([
      ['unit-slip', 'error', 1000, 3],
      ['unit-slip', 'error', 1000, 4],
    ]);
    expect(findings[0]?.explanation).toContain('microseconds');
  });

  it('finds the one row that is off', () => {
    const { findings, agreed } = audit(
      table('Model | Latency (ms) | Throughput (FPS)', 'a | 4.0 | 250', 'b | 5.0 | 200', 'c | 10 | 150'),
    );
    expect(agreed).toBe(2);
    // 150 × 10 ms = 1.5
    expect(findings).toMatchObject([{ code: 'throughput-latency', line: 5 }]);
    expect(findings[0]?.factor).toBeCloseTo(1.5);
  });

  it('holds in a table with models side by side, each figure with its line', () => {
    const turned = (rate: string) =>
      table(
        'Metric | ResNet-50 | MobileNetV2',
        'Latency (ms) | 2.0 | 1.0',
        `Throughput (FPS) | 500 | ${rate}`,
        'Parameters (M) | 25.6 | 3.5',
      );
    expect(codes(turned('1000'))).toEqual([]);
    expect(codes(turned('1.0M'))).toEqual(['unit-slip']);
    expect(audit(turned('1000').replace('| 3.5 |', '| 9.5 |')).findings).toMatchObject([
      { code: 'published-count', line: 5 },
    ]);
  });

  it('holds what a list says of one deployment', () => {
    const list = (latency: string, rate: string) =>
      `- **Throughput**: ${rate} on the device\n- **Latency**: ${latency} (median)\n`;
    expect(codes(list('4 ms', '250 FPS'))).toEqual([]);
    expect(codes(list('86ms', '11,549 FPS'))).toEqual(['unit-slip']);
    // Eight at once: nothing that a list has to state.
    expect(codes(list('4 ms', '2,000 FPS'))).toEqual([]);
  });

  it('does not compare a percentile with a mean rate, or what two runs give', () => {
    expect(codes(table('Model | p99 latency (ms) | Throughput (FPS)', 'a | 12 | 250', 'b | 11 | 300'))).toEqual([]);
    expect(codes(table('Model | Latency (ms) | Throughput (FPS)', 'a | 4.0 | 310', 'b | 5.0 | 247'))).toEqual([]);
  });
});

describe('ratios', () => {
  it('are held to their columns, with the baseline that a note names', () => {
    const right = table('Model | Params (M) | Param Ratio*', 'x | 5.0 | 0.50×', 'ResNet-18 (baseline) | 10.0 | 1.00×');
    const wrong = right.replace('0.50×', '0.80×');
    expect(codes(right)).not.toContain('ratio');
    expect(audit(wrong).findings.find(({ code }) => code === 'ratio')).toMatchObject({ line: 3, computed: '0.500×' });
  });

  it('may be cut off where they are printed short', () => {
    // 0.3 / 0.188 is 1.596
    expect(
      codes(
        `## T\n\n${table('Model | Energy (J) | Energy vs ResNet-18', 'x | 0.300 | 1.5×', 'ResNet-18 | 0.188 | 1.0×')}`,
      ),
    ).toEqual([]);
  });

  it('in sentences are held to the tables', () => {
    const figures = table('Model | FLOPs (G)', 'MobileNetV2 | 0.60', 'ResNet-18 | 3.63');
    // 0.60 / 3.63 is 16.5 %
    expect(codes(`${figures}\n\nMobileNetV2 needs 17% of ResNet-18 FLOPs.`)).toEqual([]);
    expect(codes(`${figures}\n\nMobileNetV2 needs 49% of ResNet-18 FLOPs.`)).toEqual(['ratio']);
    expect(codes(`${figures}\n\nMobileNetV2 has 6.0× fewer FLOPs than ResNet-18.`)).toEqual([]);
    expect(codes(`${figures}\n\nMobileNetV2 has 9.5× fewer FLOPs than ResNet-18.`)).toEqual(['ratio']);
    expect(codes(`${figures}\n\nResNet-18 needs 3.63 GFLOPs, 10x more than MobileNetV2.`)).toEqual(['ratio']);
  });
});

describe('formulas', () => {
  it('of the text are evaluated row by row', () => {
    const note = '\n\nScore = (ResNet-18 FLOPs / Model FLOPs) × (ResNet-18 Params / Model Params)';
    const rows = (score: string) =>
      table(
        'Model | Params (M) | FLOPs (G) | Score',
        `x | 5.845 | 1.815 | ${score}`,
        'ResNet-18 | 11.69 | 3.63 | 1.00',
      );
    // 2 × 2
    expect(codes(rows('4.00') + note)).toEqual([]);
    expect(audit(rows('3.00') + note).findings).toMatchObject([{ code: 'formula', computed: '4.00', line: 3 }]);
  });

  it('with terms that the table does not have are left alone', () => {
    const { claims } = audit(`${table('Model | Score', 'x | 4')}\n\nScore = quality / price`);
    expect(claims).toBe(0);
  });
});

describe('published counts', () => {
  it.each(['0.301', '0.314', '0.60', '0.602'])('knows %s G for MobileNetV2 by some convention', (flops) => {
    expect(codes(table('Model | FLOPs (G)', `MobileNetV2 | ${flops}`))).toEqual([]);
  });

  it('names what was tried, and that depthwise networks alone are off', () => {
    const { findings } = audit(
      `At 224×224.\n\n${table('Model | FLOPs (G)', 'MobileNet-V2 | 1.87', 'EfficientNet-B0 | 2.35', 'ResNet-18 | 3.63')}`,
    );
    expect(findings.map(({ code, line }) => [code, line])).toEqual([
      ['published-count', 5],
      ['published-count', 6],
    ]);
    // 1.87 over 2 × 0.300774 G
    expect(findings[0]?.factor).toBeCloseTo(1.87 / 0.601548, 3);
    expect(findings[0]?.explanation).toMatch(/2 × MACs.*depthwise.*ResNet-18/s);
  });

  it('holds parameters and accuracies to those published', () => {
    const header = 'Model | Parameters | Top-1 (%)';
    expect(codes(table(header, 'resnet50 | 25.6M | 76.1', 'ResNet-50 | 25,557,032 | 80.9'))).toEqual([]);
    expect(codes(table(header, 'resnet50 | 23.5M | 91.0'))).toEqual(['published-count', 'published-accuracy']);
  });

  it('does not take a part of a name for the model', () => {
    expect(codes(table('Model | Parameters', 'SSD on ResNet-50 | 41.8M', 'ResNet-50, width 0.5 | 7.1M'))).toEqual([]);
  });

  it('names a sum of all outputs that is called memory', () => {
    const { findings } = audit(
      `## Activation memory at batch=1, 224×224\n\n${table('Model | Memory (MB)', 'MobileNetV3-Small | 17.8')}`,
    );
    expect(findings).toMatchObject([{ code: 'memory-figure', severity: 'warning' }]);
    expect(findings[0]?.explanation).toContain('sum of all outputs');
  });
});

describe('physics', () => {
  it('finds a latency below bytes over bandwidth and work over peak', () => {
    // VGG-16: 138 M parameters, 69 MB at int4 and more at any other type, over 0.165 TB/s are 0.42 ms.
    expect(codes(`## KPU-T2\n\n${table('Model | Latency (ms)', 'VGG-16 | 0.05')}`)).toEqual(['beyond-bandwidth']);
    expect(codes(`## KPU-T2\n\n${table('Model | Latency (ms)', 'VGG-16 | 500')}`)).toEqual([]);
  });

  it('finds more work than the peak, and power above the cap', () => {
    // 3.63 GFLOP × 1,000,000/s are 3.6 PFLOP/s
    expect(codes(table('Device | Model | Throughput (FPS)', 'NVIDIA H100 PCIe 80GB | ResNet-18 | 1.0M'))).toEqual([
      'beyond-peak',
    ]);
    // 10 J in 10 ms are 1 kW
    expect(codes(table('Device | Model | Latency (ms) | Energy (J)', 'Hailo-8 | ResNet-18 | 10 | 10'))).toEqual([
      'beyond-power',
    ]);
  });

  it('finds a utilization above all of it', () => {
    expect(codes(table('Model | MFU', 'x | 130 %', 'y | 45 %'))).toEqual(['utilization']);
    expect(codes('Utilization reaches 120% of peak.')).toEqual(['utilization']);
    expect(codes('Utilization reaches 90% of peak.')).toEqual([]);
  });
});

describe('speed-ups, totals and shares', () => {
  it('hold a speed-up to the row or the column that it is over', () => {
    const rows = (speedup: string) =>
      table(
        'Model | Precision | Latency (ms) | Speedup vs FP32',
        'x | FP32 | 12.0 | 1.0x',
        `x | FP16 | 5.0 | ${speedup}`,
      );
    // 12 / 5
    expect(codes(rows('2.4x'))).toEqual([]);
    expect(codes(rows('3.4x'))).toEqual(['ratio']);
    const columns = (speedup: string) =>
      table('Model | fp32 (ms) | int8 (ms) | Speedup', `x | 24.0 | 12.4 | ${speedup}`);
    // 24 / 12.4
    expect(codes(columns('1.94x'))).toEqual([]);
    expect(codes(columns('2.94x'))).toEqual(['ratio']);
  });

  it('hold a total to its rows, and shares to their amounts', () => {
    const rows = (share: string, total: string) =>
      table(
        'Stage | Time (ms) | Share',
        'a | 2.0 | 20%',
        `b | 7.0 | ${share}`,
        'c | 1.0 | 10%',
        `Total | ${total} | 100%`,
      );
    expect(codes(rows('70%', '10.0'))).toEqual([]);
    expect(codes(rows('60%', '10.0'))).toEqual(['ratio', 'sum']);
    expect(codes(rows('70%', '11.0'))).toEqual(['sum']);
    expect(codes(table('Stage | Throughput (FPS)', 'a | 20', 'b | 30', 'Total | 12'))).toEqual([]);
  });

  it('find a column that counts one way here and another there', () => {
    const rows = (flops: string) =>
      table('Model | FLOPs (G)', 'MobileNetV2 | 0.30', 'EfficientNet-B0 | 0.39', `ResNet-50 | ${flops}`);
    expect(codes(rows('4.1'))).toEqual([]);
    expect(audit(rows('8.2')).findings).toMatchObject([
      { code: 'published-count', severity: 'warning', line: 5, factor: 2 },
    ]);
  });
});

describe('batteries and loads', () => {
  const energies = `${table('Model | Energy (J)', 'MobileNetV2 | 0.188')}\n\n## Battery\n\n10 Wh battery, 1 inference per second.\n\n`;
  it('computes days from capacity, energy and rate', () => {
    // 36,000 J / 0.188 J/s / 86,400 s = 2.216 days
    expect(codes(energies + table('Model | Battery Life (days)', 'MobileNetV2 | 2.2'))).toEqual([]);
    expect(audit(energies + table('Model | Battery Life (days)', 'MobileNetV2 | 221')).findings).toMatchObject([
      { code: 'battery-life', computed: '2.22 days' },
    ]);
  });

  it('computes inferences per watt-hour', () => {
    // 3600 / 0.188 = 19,149
    const header = 'Model | Energy (J) | Inferences per Wh';
    expect(codes(table(header, 'x | 0.188 | 19,149'))).toEqual([]);
    expect(codes(table(header, 'x | 0.188 | 191,490'))).toEqual(['inferences-per-wh']);
  });

  it.each([
    ['42K FPS, enough for 420 cameras @ 100 Hz', []],
    ['42K FPS, enough for 42 cameras @ 100 Hz', ['load']],
    ['1.1M FPS serve 36K simultaneous 30 FPS streams', []],
    ['71K FPS (6.1B inferences/day)', []],
    ['71K FPS (61B inferences/day)', ['load']],
    ['11,549 FPS (385× real-time at 30 FPS)', []],
    ['11,549 FPS (38× real-time at 30 FPS)', ['load']],
    // 1 M a day are 11.6 per second
    ['Asked: 1M requests/day. One device at 71K FPS handles 6× peak load', ['load']],
    ['Asked: 1M requests/day. One device at 700 FPS handles 6× peak load', []],
    ['500 FPS are enough for 4 cameras at 30 FPS', []],
    ['500 FPS are enough for 64 cameras at 30 FPS', ['load']],
    ['We support 64 cameras at 30 FPS with 500 FPS', ['load']],
    // 12 W / 100 per second
    ['It draws 12 W and does 100 images per second, 120 mJ per image', []],
    ['It draws 12 W and does 100 images per second, 12 mJ per image', ['load']],
    // 18.5 Wh / 2.0 W = 9.25 h
    ['A battery of 18.5 Wh at 2.0 W lasts 9 hours', []],
    ['A battery of 18.5 Wh at 2.0 W lasts 24 hours', ['battery-life']],
  ])('holds %j', (text, expected) => {
    expect(codes(text)).toEqual(expected);
  });
});

describe('logic', () => {
  it.each([
    ['Latency of 86 ms, acceptable for 30 FPS', ['deadline']],
    ['Latency of 30 ms, acceptable for 30 FPS', []],
    ['20-24 ms (well within 10 ms budget)', ['deadline']],
    ['8 ms (well within 10 ms budget)', []],
    ['45 ms, which is real-time at 30 FPS', ['deadline']],
    ['86 ms is not acceptable for 30 FPS', []],
    ['12 ms exceeds the 10 ms budget', []],
    ['8 ms exceeds the 10 ms budget', ['deadline']],
    ['It takes 5 ms, in comparison to the fastest other, which takes over 100 ms', []],
    ['48 (8 models × 6 devices)', []],
    ['45 (8 models × 6 devices)', ['sum']],
    ['8 models x 6 devices = 48', []],
    ['8 models x 6 devices = 54', ['sum']],
    ['8 (3 MobileNet + 5 EfficientNet)', []],
    ['9 (3 MobileNet + 5 EfficientNet)', ['sum']],
  ])('holds %j', (text, expected) => {
    expect(codes(text)).toEqual(expected);
  });

  it('holds a superlative to the table of its section', () => {
    const figures = `## S\n\n${table('Model | Latency (ms)', 'MobileNetV2 | 4.0', 'ResNet-18 | 3.0')}\n\n`;
    expect(codes(`${figures}ResNet-18 has the lowest latency.`)).toEqual([]);
    expect(codes(`${figures}MobileNetV2 has the lowest latency.`)).toEqual(['superlative']);
  });

  it('holds shares and their sum to the total of the heading', () => {
    const parts = (other: string) => `## X (2.00 GFLOPs total)\n\n- A: 75% (1.50G)\n- B: 25% (${other})\n`;
    expect(codes(parts('0.50G'))).toEqual([]);
    expect(codes(parts('0.90G'))).toEqual(['sum', 'ratio']);
  });

  it('holds a ranking to its order', () => {
    const ranking = (first: string, second: string) =>
      `Size (lower is better):\n\n1. MobileNetV2: ${first}\n2. ResNet-18: ${second}\n`;
    expect(codes(ranking('3.5M', '11.7M'))).toEqual([]);
    expect(codes(ranking('11.7M', '3.5M'))).toEqual(['order']);
  });

  it('finds one quantity with two values', () => {
    const two = (value: string) =>
      `## A on Hailo-8\n\n${table('Model | Latency (ms)', 'MobileNetV2 | 4.0')}\n\n## B on Hailo-8\n\n${table('Model | Latency (ms)', `MobileNetV2 | ${value}`)}`;
    expect(codes(two('4.02'))).toEqual([]);
    expect(codes(two('6.1'))).toEqual(['inconsistent']);
  });

  it('asks for the method of measurements', () => {
    expect(codes('Total measurements: 48')).toEqual(['no-method']);
    expect(codes('Total measurements: 48\n\nMedian of 100 runs after 10 of warm-up, ONNX Runtime.')).toEqual([]);
  });
});

describe('the report of 2025-10-17', () => {
  const text = readFileSync(new URL('../../reference/characterization-2025-10-17.md', import.meta.url), 'utf8');
  const { findings } = audit(text);
  const linesOf = (code: string): readonly number[] =>
    findings.filter((finding) => finding.code === code).map(({ line }) => line);
  const lineOf = (part: string): number => text.split('\n').findIndex((line) => line.includes(part)) + 1;
  const rowsUnder = (header: string): readonly number[] => {
    const first = lineOf(header) + 2;
    const rows = text.split('\n').slice(first - 1);
    return rows
      .slice(
        0,
        rows.findIndex((line) => !line.startsWith('|')),
      )
      .map((_, at) => first + at);
  };

  it('has a factor of a thousand in all three tables of latency and throughput', () => {
    const rows = ['| Model | Latency (ms) | Throughput (FPS) |\n', 'Energy (J) | Battery Life', 'Real-Time Margin'];
    expect(linesOf('unit-slip')).toHaveLength(24);
    for (const header of rows.slice(1))
      for (const line of rowsUnder(header)) expect(linesOf('unit-slip')).toContain(line);
  });

  it('overcounts the work of the eight mobile networks, and scores none by its formula', () => {
    const rows = rowsUnder('| Efficiency Score');
    const resnet = lineOf('| ResNet-18 (baseline) | 11.69M');
    const mobile = rows.filter((line) => line !== resnet);
    expect(mobile).toHaveLength(8);
    for (const line of mobile) {
      expect(linesOf('published-count')).toContain(line);
      expect(linesOf('formula')).toContain(line);
    }
    // 3.79 against 2 × 1.814: within what conventions differ by.
    expect(linesOf('published-count')).not.toContain(resnet);
  });

  it('promises a hundred times the battery life', () => {
    for (const line of rowsUnder('Battery Life (days)')) {
      const finding = findings.find((each) => each.line === line && each.code === 'battery-life');
      expect(finding?.factor).toBeGreaterThan(95);
      expect(finding?.factor).toBeLessThan(105);
    }
  });

  it('breaks its own deadlines and loads', () => {
    expect(linesOf('deadline')).toEqual([lineOf('86ms, acceptable'), lineOf('20-24ms, well')]);
    expect(linesOf('load')).toEqual([lineOf('48-42 cameras'), lineOf('6× peak load')]);
  });

  it('is beyond peak, bandwidth and power, if its frame rates are believed', () => {
    for (const line of rowsUnder('Energy (J) | Battery Life')) {
      expect(linesOf('beyond-peak')).toContain(line);
      expect(linesOf('beyond-power')).toContain(line);
    }
    expect(linesOf('beyond-bandwidth').length).toBeGreaterThan(0);
  });

  it('is right in what it copies and divides', () => {
    // Parameters, ratios, inferences per watt-hour, margins, scaling tables, rankings, 6.1 billion a day, 36K and 17K streams.
    expect(new Set(findings.map(({ code }) => code))).toEqual(
      new Set([
        ...['unit-slip', 'published-count', 'formula', 'battery-life', 'deadline', 'load', 'beyond-peak'],
        ...['beyond-power', 'beyond-bandwidth', 'memory-figure', 'no-method'],
      ]),
    );
  });
});

describe('docs/audit.md', () => {
  it('has every code and no other', () => {
    const page = readFileSync(new URL('../../docs/audit.md', import.meta.url), 'utf8');
    const listed = [...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, code]) => code);
    expect(listed.toSorted()).toEqual(Object.keys(CODES).toSorted());
  });
});

describe('right tables of others', () => {
  it.each([
    // The first families: counting the whole zoo at every size takes longer than all other tests of the audit.
    ['docs/models.md', 250, 150],
    ['reference/measurements.csv', Number.POSITIVE_INFINITY, 1000],
  ])('%s has no finding', (path, lines, least) => {
    const text = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
    const first = text.split('\n').slice(0, lines).join('\n');
    const { findings, claims } = audit(first, path.endsWith('.csv') ? 'csv' : 'markdown');
    expect(findings).toEqual([]);
    expect(claims).toBeGreaterThan(least);
  });
});
