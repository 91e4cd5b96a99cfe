/** Quantities in text: numbers, prefixes, units, ranges. Expected values by hand. */
import { describe, expect, it } from 'vitest';
import { quantitiesIn, quantityOf } from '../../src/audit/quantity-text.ts';
import { patience } from '../patience.ts';

const read = (text: string) => quantitiesIn(text).map(({ kind, printed }) => [kind, printed.low, printed.high]);

describe('quantities in text', () => {
  it.each([
    ['86.6 ms', [['time', 0.0866, 0.0866]]],
    [
      '20-24ms (well within 10ms)',
      [
        ['time', 0.02, 0.024],
        ['time', 0.01, 0.01],
      ],
    ],
    ['49K-42K FPS', [['rate', 42_000, 49_000]]],
    ['11,549 FPS', [['rate', 11_549, 11_549]]],
    ['6.1B inferences/day', [['rate', 6.1e9 / 86_400, 6.1e9 / 86_400]]],
    ['1 inference per second', [['rate', 1, 1]]],
    ['10 Wh', [['energy', 36_000, 36_000]]],
    [
      '0.029J and 3 mJ',
      [
        ['energy', 0.029, 0.029],
        ['energy', 0.003, 0.003],
      ],
    ],
    ['2.54M', [['count', 2.54e6, 2.54e6]]],
    ['0.28G', [['count', 0.28e9, 0.28e9]]],
    [
      '1.87 GFLOPs, 300 MMACs',
      [
        ['flops', 1.87e9, 1.87e9],
        ['macs', 3e8, 3e8],
      ],
    ],
    [
      '756 TFLOP/s at 2.04 TB/s',
      [
        ['operation-rate', 7.56e14, 7.56e14],
        ['bandwidth', 2.04e12, 2.04e12],
      ],
    ],
    ['8-10×', [['ratio', 8, 10]]],
    ['7.6 % of it', [['percent', 7.6, 7.6]]],
    [
      '18.7 MB, 24 MiB',
      [
        ['bytes', 18.7e6, 18.7e6],
        ['bytes', 24 * 2 ** 20, 24 * 2 ** 20],
      ],
    ],
    ['224×224 input', [['size', 224, 224]]],
    ['1 year', [['time', 365.2425 * 86_400, 365.2425 * 86_400]]],
    ['ResNet-18 FLOPs, KPU-T100, EfficientNet-B0', []],
    ['version v2.5.1', []],
  ] as const)('reads %j', (text, expected) => {
    const found = read(text);
    expect(found.map(([kind]) => kind)).toEqual(expected.map(([kind]) => kind));
    found.forEach(([, low, high], at) => {
      expect(low).toBeCloseTo(expected[at]?.[1] as number, 6);
      expect(high).toBeCloseTo(expected[at]?.[2] as number, 6);
    });
  });

  it('knows how precisely a number is printed', () => {
    expect(quantityOf('4.3M FPS')?.printed).toEqual({ value: 4.3e6, step: 1e5, low: 4.3e6, high: 4.3e6 });
    expect(quantityOf('~15%')?.printed.step).toBe(1.5);
    expect(quantityOf('1,435')?.printed.step).toBe(1);
  });

  it('takes a cell for a quantity only where it is nothing else', () => {
    expect(quantityOf('**3.82**')?.printed.value).toBe(3.82);
    expect(quantityOf('2 of 9 models')).toBeUndefined();
    expect(quantityOf('n/a')).toBeUndefined();
  });

  it('is linear in hostile text', () => {
    const started = performance.now();
    for (const part of ['1', '1,', '1-', '1 ms to ', '9×', '.', '~', '1.']) quantitiesIn(part.repeat(200_000));
    expect(performance.now() - started).toBeLessThan(patience(500));
  });
});
