import { describe, expect, it } from 'vitest';
import { casesOf } from '../../src/explore/prediction-cases.ts';
import { readTable } from '../../src/explore/table.ts';
import { patience } from '../patience.ts';

const casesIn = (text: string) => {
  const table = readTable(text);
  if (!table.ok) throw new Error(table.issue.message);
  return casesOf(table);
};

describe('casesOf', () => {
  it('reads cells by the names of their columns, trimmed, in whatever order and case', () => {
    const text =
      'Batch;Model;extra;DEVICE;resolution;layout;precision;runtime\n8; resnet50 ;x;rpi4;224;NHWC;uint8;TFLite v2.7.1 (ruy)\n';
    expect(casesIn(text)).toEqual({
      ok: true,
      cases: [
        {
          line: 2,
          asked: {
            device: 'rpi4',
            runtime: 'TFLite v2.7.1 (ruy)',
            precision: 'uint8',
            layout: 'NHWC',
            model: 'resnet50',
            resolution: '224',
            batch: '8',
          },
        },
      ],
    });
  });

  it('takes columns that are not there for empty', () => {
    expect(casesIn('model,device\nresnet50,rpi4\n')).toMatchObject({
      cases: [{ asked: { runtime: '', precision: '', layout: '', resolution: '', batch: '' } }],
    });
  });

  it('keeps rows that cannot be asked for, with the reason', () => {
    const read = casesIn('device,model\nrpi4,resnet50\n,resnet50\nrpi4,\nrpi4,resnet50,8\nrpi4,resnet18\n');
    if (!read.ok) throw new Error(read.issue.message);
    expect(read.cases.map(({ line, issue }) => [line, issue?.code, issue?.path])).toEqual([
      [2, undefined, undefined],
      [3, 'missing-device', 'line 3, device'],
      [4, 'missing-model', 'line 4, model'],
      [5, 'field-count', 'line 5'],
      [6, undefined, undefined],
    ]);
  });

  it('has no cases for a header alone', () => {
    expect(casesIn('device,model\n')).toEqual({ ok: true, cases: [] });
  });

  it.each([
    ['devices,model\nrpi4,resnet50\n', 'no column device: found devices, model; did you mean devices?'],
    ['a,b\n1,2\n', 'no column device, model: found a, b'],
  ])('names the columns that lack and those that are there: %j', (text, message) => {
    expect(casesIn(text)).toMatchObject({ ok: false, issue: { code: 'missing-column', message } });
  });

  it('takes 100,000 rows in a second', () => {
    const started = performance.now();
    const read = casesIn(`device,model,batch\n${'rpi4,resnet50,1\n'.repeat(100_000)}`);
    expect(performance.now() - started).toBeLessThan(patience(1_000));
    expect(read.ok && read.cases.length).toBe(100_000);
  });
});
