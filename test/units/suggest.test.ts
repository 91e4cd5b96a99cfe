import { describe, expect, it } from 'vitest';
import { nearestNames } from '../../src/units/suggest.ts';
import { families } from '../../src/zoo/index.ts';

const MODELS = families.flatMap((family) => family.variants.map(({ name }) => name));

describe('nearestNames', () => {
  it.each([
    ['efficientnet_bo', 'efficientnet_b0'],
    ['resnet-18', 'resnet18'],
    ['ResNet 50', 'resnet50'],
    ['mobilenet_2v', 'mobilenet_v2'],
    ['renset34', 'resnet34'],
  ])('%s: first %s', (typed, meant) => {
    expect(nearestNames(typed, MODELS)[0]).toBe(meant);
  });

  it('takes two letters swapped for one slip, not two', () => {
    // One swap from abcd, one substitution from abdx: equally near, so in alphabetical order.
    expect(nearestNames('abdc', ['abdx', 'abcd'])).toEqual(['abcd', 'abdx']);
  });

  it('finds nothing for garbage', () => {
    expect(nearestNames('qqqqqqqqqqq', MODELS)).toEqual([]);
    expect(nearestNames('zzz', MODELS)).toEqual([]);
    expect(nearestNames('x', [])).toEqual([]);
  });

  it('gives at most as many as asked, nearest first, in an order that does not depend on the list', () => {
    expect(nearestNames('b', ['bc', 'b', 'bcd'], 2)).toEqual(['b', 'bc']);
    expect(nearestNames('resnet', ['resnet50', 'resnet18'])).toEqual(nearestNames('resnet', ['resnet18', 'resnet50']));
    expect(nearestNames('resnet18', MODELS, 1)).toHaveLength(1);
  });

  it('answers quickly for a very long name', () => {
    expect(nearestNames('a'.repeat(1_000_000), MODELS)).toEqual([]);
  });
});
