import { describe, expect, it } from 'vitest';
import { type MeasurementRecord, readMeasurements } from '../../src/explore/measurement-table.ts';
import { patience } from '../patience.ts';

const single = (header: string, row: string): MeasurementRecord => {
  const { rows, issues } = readMeasurements(`${header}\n${row}\n`);
  expect(issues).toEqual([]);
  const [record] = rows;
  if (record === undefined) throw new Error('no row');
  return record;
};

const issuesOf = (text: string): readonly (readonly [string, number, string])[] =>
  readMeasurements(text).issues.map(({ code, line, path }) => [code, line, path]);

describe('readMeasurements', () => {
  it('reads names, sizes and figures in SI units, and keeps what it does not know', () => {
    const header =
      'device,runtime,precision,layout,model,resolution,batch,quantity,latency_ms,throughput_ips,energy_mj,power_w,scenario,source,notes,Operator';
    const row =
      'nvidia_t4,"TensorRT 8.4.0, CUDA 11.6",int8,NCHW,ResNet-50,224x224x3,8,latency,2.5,3100,40,60,offline,somebody,fan on,me';
    expect(single(header, row)).toEqual({
      line: 2,
      device: 'nvidia_t4',
      runtime: { framework: 'tensorrt', version: '8.4', mode: undefined, id: 'tensorrt-8.4' },
      precision: { precision: 'int8', mixed: false },
      layout: 'nchw',
      model: 'ResNet-50',
      zoo: { name: 'resnet50' },
      resolution: 224,
      batch: 8,
      quantity: 'latency',
      latencySeconds: 0.0025,
      imagesPerSecond: 3100,
      energyJoules: 0.04,
      powerWatts: 60,
      scenario: 'offline',
      source: 'somebody',
      notes: 'fan on',
      others: { Operator: 'me' },
    });
  });

  it('needs no more than a model and a figure', () => {
    expect(single('model,latency_ms', 'mine.onnx,1.5')).toEqual({
      line: 2,
      device: '',
      runtime: undefined,
      precision: undefined,
      layout: '',
      model: 'mine.onnx',
      zoo: undefined,
      resolution: undefined,
      batch: 1,
      quantity: 'latency',
      latencySeconds: 0.0015,
      scenario: '',
      source: '',
      notes: '',
      others: {},
    });
    expect(single('MODEL;Throughput_IPS', 'resnet18;120')).toMatchObject({
      quantity: 'throughput',
      imagesPerSecond: 120,
    });
  });

  it.each([
    ['latency_ms', '12', 0.012],
    ['latency_us', '12', 0.000_012],
    ['latency_s', '1.2e-2', 0.012],
    ['latency_ms', '12.3 ms', 0.0123],
    ['latency_ms', '12us', 0.000_012],
    ['latency_ms', '12 µs', 0.000_012],
    ['latency_ms', '.5 s', 0.5],
    ['latency_us', '2ms', 0.002],
    ['latency', '2 ms', 0.002],
    ['Latency', '30us', 0.000_03],
  ])('%s %s is %d seconds', (column, cell, seconds) => {
    expect(single(`model,${column}`, `resnet18,${cell}`).latencySeconds).toBeCloseTo(seconds, 12);
  });

  it.each([
    ['224', 224, undefined],
    ['224x224', 224, undefined],
    ['3x224x224', 224, undefined],
    ['1024 x 1920 x 3', 1024, 1920],
    ['224.0', 224, undefined],
    ['', undefined, undefined],
  ])('a size of "%s"', (cell, height, width) => {
    const record = single('model,resolution,latency_ms', `resnet18,${cell},1`);
    expect([record.resolution, record.imageWidth]).toEqual([height, width]);
  });

  it('takes the size that the name states where the cell does not', () => {
    expect(single('model,resolution,latency_ms', 'mobilenet_v1_0.25@128,,1').resolution).toBe(128);
    expect(single('model,resolution,latency_ms', 'mobilenet_v1_0.25@128,160,1').resolution).toBe(160);
  });

  it.each([
    ['NaN', 'not-finite'],
    ['inf', 'not-finite'],
    ['1e999', 'not-finite'],
    ['0', 'not-positive'],
    ['-1', 'not-positive'],
    ['1e-400', 'not-positive'],
    ['"12,5"', 'decimal-comma'],
    ['fast', 'not-a-number'],
    ['12 GB', 'not-a-number'],
    ['0x10', 'not-a-number'],
    ['1 2', 'not-a-number'],
    ['', 'missing-figure'],
  ])('a latency of %s is the issue %s, with its line', (cell, code) => {
    const text = `model,latency_ms\nresnet18,1\nresnet34,${cell}\nresnet50,2\n`;
    expect(issuesOf(text)).toEqual([[code, 3, 'line 3, latency_ms']]);
    expect(readMeasurements(text).rows.map(({ model }) => model)).toEqual(['resnet18', 'resnet50']);
  });

  it.each([
    ['batch', '0', 'invalid-batch'],
    ['batch', '1.5', 'invalid-batch'],
    ['batch', '99999999999', 'invalid-batch'],
    ['resolution', 'big', 'invalid-resolution'],
    ['resolution', '1x2x3x4', 'invalid-resolution'],
    ['resolution', '0', 'invalid-resolution'],
    ['precision', 'quick', 'unknown-precision'],
    ['runtime', 'OpenVINO', 'unknown-runtime'],
    ['quantity', 'speed', 'unknown-quantity'],
    ['energy_mj', '-3', 'not-positive'],
    ['power_w', 'NaN', 'not-finite'],
  ])('a %s of %s is the issue %s', (column, cell, code) => {
    expect(issuesOf(`model,latency_ms,${column}\nresnet18,1,${cell}\n`)).toEqual([[code, 2, `line 2, ${column}`]]);
  });

  it('refuses a column with bare numbers and numbers with units', () => {
    const text = 'model,latency_ms\nresnet18,12\nresnet34,\nresnet50,0.02 s\n';
    expect(readMeasurements(text).rows).toEqual([]);
    expect(issuesOf(text)).toEqual([['mixed-units', 4, 'line 4, latency_ms']]);
    expect(issuesOf('model,latency_ms\nresnet18,12 ms\nresnet50,13\n')).toEqual([
      ['mixed-units', 3, 'line 3, latency_ms'],
    ]);
  });

  it('counts the lines of quoted line breaks', () => {
    const text = 'model,latency_ms,notes\nresnet18,1,"two\r\nlines"\nresnet34,NaN,\n';
    expect(issuesOf(text)).toEqual([['not-finite', 4, 'line 4, latency_ms']]);
  });

  it('reports a decimal comma that makes a cell too many', () => {
    expect(issuesOf('model,latency_ms\nresnet18,1,5\nresnet34,2\n')).toEqual([['field-count', 2, 'line 2']]);
  });

  it('reads decimal commas as such in a table with semicolons, and refuses them', () => {
    expect(issuesOf('\uFEFFmodel;latency_ms\r\nresnet18;1,5\r\n')).toEqual([
      ['decimal-comma', 2, 'line 2, latency_ms'],
    ]);
  });

  it.each([
    ['an empty file', '', 'empty-table'],
    ['a header only', 'model,latency_ms\n', 'no-rows'],
    ['no model', 'name,latency_ms\nresnet18,1\n', 'missing-column'],
    ['no figure', 'model,time\nresnet18,1\n', 'missing-column'],
    ['no unit anywhere', 'model,latency\nresnet18,1\n', 'missing-unit'],
    ['no header', 'resnet18,1\nresnet34,2\n', 'missing-column'],
    ['binary content', 'model,latency_ms\nresnet18,\0\n', 'binary-content'],
    ['no name of a model', 'model,latency_ms\n,1\n', 'missing-model'],
  ])('%s: %s', (_, text, code) => {
    const { rows, issues } = readMeasurements(text);
    expect(rows).toEqual([]);
    expect(issues.map((issue) => issue.code)).toEqual([code]);
  });

  it('says which columns there are and which is near', () => {
    expect(readMeasurements('model,latency_m\nresnet18,1\n').issues[0]?.message).toBe(
      'no column latency_ms: found model, latency_m; did you mean latency_m?',
    );
  });

  it('keeps columns with the names of what objects have', () => {
    const { others } = single('model,latency_ms,__proto__,constructor', 'resnet18,1,a,b');
    expect(Object.entries(others)).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
    ]);
  });

  it('is quick with cells of a million characters', () => {
    const started = performance.now();
    for (const part of ['1', ' ', '1 ', 'x', '1,', '1.5ms ']) {
      const cell = `"1${part.repeat(500_000)}s"`;
      const row = ['runtime', 'precision', 'model', 'resolution', 'batch'].map(() => cell).join(',');
      expect(readMeasurements(`runtime,precision,model,resolution,batch,latency_ms\n${row},${cell}\n`).rows).toEqual(
        [],
      );
    }
    expect(performance.now() - started).toBeLessThan(patience(1_000));
  });

  it('reads 100,000 rows, and as many issues, in a second', () => {
    const header = 'device,runtime,precision,model,resolution,batch,latency_ms,note\n';
    const good = 'rpi4,TFLite v2.7.1 (ruy),uint8,mobilenet_v1_0.25@128,128,1,3.1,x\n'.repeat(50_000);
    const bad = 'rpi4,TFLite v2.7.1 (ruy),uint8,mobilenet_v1_0.25@128,128,1,NaN,x\n'.repeat(50_000);
    const started = performance.now();
    const { rows, issues } = readMeasurements(`${header}${good}${bad}`);
    expect(performance.now() - started).toBeLessThan(patience(1_000));
    expect([rows.length, issues.length]).toEqual([50_000, 50_000]);
  });
});
