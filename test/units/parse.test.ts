import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatBinaryBytes, formatSI } from '../../src/units/format.ts';
import { parseQuantity, type UnitName } from '../../src/units/parse.ts';

const UNITS: readonly UnitName[] = ['s', 'J', 'W', 'B', 'Hz', 'B/s', 'OP/s', 'J/B', 'J/OP', 'Wh', 'm'];

const quantityOf = (text: string, unit: UnitName): number => {
  const parsed = parseQuantity(text, unit);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
};

/** Positive numbers whose logarithm is uniform, so that every prefix is met. */
const magnitude = (low: number, high: number): fc.Arbitrary<number> =>
  fc.double({ min: low, max: high, noNaN: true }).map((exponent) => 10 ** exponent);

describe('parse and format are inverse', () => {
  it('to half a unit of the last printed digit, for every unit and magnitude', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...UNITS),
        magnitude(-17, 20),
        fc.integer({ min: 3, max: 9 }),
        (unit, value, digits) => {
          const back = quantityOf(formatSI(value, unit, digits), unit);
          expect(Math.abs(back - value) / value).toBeLessThanOrEqual(0.5000001 * 10 ** (1 - digits));
        },
      ),
    );
  });

  it('exactly, once the text is written: format(parse(text)) is the text', () => {
    fc.assert(
      fc.property(fc.constantFrom(...UNITS), magnitude(-15, 19), (unit, value) => {
        const text = formatSI(value, unit);
        expect(formatSI(quantityOf(text, unit), unit)).toBe(text);
      }),
    );
  });

  it('in powers of two', () => {
    fc.assert(
      fc.property(magnitude(0, 14), (value) => {
        expect(Math.abs(quantityOf(formatBinaryBytes(value), 'B') - value) / value).toBeLessThanOrEqual(0.005001);
      }),
    );
  });
});

describe('parseQuantity', () => {
  it.each([
    ['1.2 TB/s', 'B/s', 1.2e12],
    ['64 GiB', 'B', 64 * 1024 ** 3],
    ['350W', 'W', 350],
    ['  5 us ', 's', 5e-6],
    ['5 µs', 's', 5e-6],
    ['5 μs', 's', 5e-6],
    ['100 TOPS', 'OP/s', 1e14],
    ['100 TFLOPS', 'OP/s', 1e14],
    ['100 TFLOP/s', 'OP/s', 1e14],
    ['1,000,000 B', 'B', 1e6],
    ['2e3 kB', 'B', 2e6],
    ['.5 ms', 's', 5e-4],
    ['-40 mW', 'W', -0.04],
    ['31 pJ/B', 'J/B', 31e-12],
    ['7 nm', 'm', 7e-9],
    // m alone is the metre, not a prefix without a unit.
    ['7 m', 'm', 7],
  ] as const)('reads "%s" as %s', (text, unit, value) => {
    expect(quantityOf(text, unit)).toBeCloseTo(value, Math.max(0, 15 - Math.ceil(Math.log10(Math.abs(value) + 1))));
  });

  it.each([
    ['fast', 's'],
    ['', 'B'],
    ['5', 's'],
    ['5 ms', 'B'],
    ['5 GB', 'B/s'],
    ['5 xs', 's'],
    ['5 s s', 's'],
    ['1.2.3 W', 'W'],
    ['TB/s', 'B/s'],
    ['Infinity W', 'W'],
    ['NaN W', 'W'],
  ] as const)('refuses "%s" where %s is wanted, and says what is expected', (text, unit) => {
    const parsed = parseQuantity(text, unit);
    expect(parsed.ok).toBe(false);
    if (parsed.ok) return;
    expect(parsed.message).toContain(`unit of ${unit}`);
    expect(parsed.message).toContain(`"${text}"`);
  });

  it('gives an example that it can itself read', () => {
    for (const unit of UNITS) {
      const parsed = parseQuantity('?', unit);
      const example = parsed.ok ? '' : /such as "(.*)"/.exec(parsed.message)?.[1];
      expect(parseQuantity(example ?? '', unit)).toMatchObject({ ok: true });
    }
  });

  it('never reads text of one unit as another', () => {
    // The same letters end more than one unit only where one is the end of the other: "J/B" is no "B".
    for (const written of UNITS) {
      for (const wanted of UNITS) {
        expect(parseQuantity(`3 k${written}`, wanted).ok).toBe(written === wanted);
      }
    }
  });

  it('refuses a decimal comma rather than reading "1,5 GB" as 15 GB', () => {
    expect(parseQuantity('1,5 GB', 'B')).not.toMatchObject({ ok: true, value: 15e9 });
  });

  it('refuses a number beyond the range of a double', () => {
    expect(parseQuantity('1e400 W', 'W').ok).toBe(false);
  });
});
