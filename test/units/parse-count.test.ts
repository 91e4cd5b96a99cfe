import { describe, expect, it } from 'vitest';
import { parseCount, parseQuantity, parseShare } from '../../src/units/parse.ts';

const readAs = (parsed: ReturnType<typeof parseCount>): number | string => (parsed.ok ? parsed.value : parsed.message);

describe('parseCount', () => {
  it.each([
    ['5 M', 5_000_000],
    ['3.5M', 3_500_000],
    ['4.1 G', 4_100_000_000],
    ['4.1234567 T', 4_123_456_700_000],
    ['1.5 k', 1500],
    ['1.5K', 1500],
    ['25,557,032', 25_557_032],
    ['25_557_032', 25_557_032],
    ['3504872', 3_504_872],
    ['1e6', 1_000_000],
    ['0', 0],
    ['  7 ', 7],
  ])('%j', (text, value) => expect(readAs(parseCount(text))).toBe(value));

  it('reads what is counted behind the figure, and nothing else', () => {
    expect(readAs(parseCount('300 MMACs', 'MACs'))).toBe(300e6);
    expect(readAs(parseCount('4.1 GFLOPs', 'FLOPs'))).toBe(4.1e9);
    expect(readAs(parseCount('12 MACs', 'MACs'))).toBe(12);
    expect(parseCount('300 MFLOPs', 'MACs').ok).toBe(false);
  });

  it.each([
    ['-5 M', 'is negative'],
    ['5 B', 'none of k, M, G and T'],
    ['5 MB', 'none of k, M, G and T'],
    ['1.5', 'not whole'],
    ['0.0000001', 'not whole'],
    ['1,5 M', 'is no count'],
    ['five', 'is no count'],
    ['', 'is no count'],
    ['1e300', 'beyond 2^53'],
    ['1e999', 'beyond 2^53'],
    ['5 constructor', 'none of k, M, G and T'],
  ])('refuses %j', (text, says) => expect(readAs(parseCount(text))).toContain(says));
});

describe('parseShare', () => {
  it.each([
    ['0 %', 0],
    ['2.5%', 0.025],
    ['100 %', 1],
  ])('%j', (text, value) => expect(readAs(parseShare(text))).toBe(value));
  it.each(['2', '-1 %', '101 %', '%', 'x %'])('refuses %j', (text) => expect(parseShare(text).ok).toBe(false));
});

describe('rates', () => {
  it.each([
    ['30 /s', 30],
    ['30 fps', 30],
    ['1.2 k/s', 1200],
    ['50 Hz', 50],
  ])('%j', (text, value) => expect(readAs(parseQuantity(text, '/s'))).toBe(value));
});
