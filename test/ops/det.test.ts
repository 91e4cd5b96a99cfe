import { expect, it } from 'vitest';
import { N, perItem, runOperator } from './one-operator.ts';

it('Det: LU of 3 x 3 is 3 divisions, 5 products with a difference, and 2 for the diagonal', () => {
  const { shape, work } = runOperator('Det', [[N, 3, 3]]);
  expect(shape).toEqual([N]);
  expect(work.flops).toEqual(perItem(3 + 10 + 2));
  expect(work.transcendentals).toEqual(perItem(3));
  expect(work.treatment.kind).toBe('approximated');
});

it('Det of one matrix is a scalar', () => {
  expect(runOperator('Det', [[2, 2]]).shape).toEqual([]);
});

it('Det refuses what is not square', () => {
  expect(() => runOperator('Det', [[N, 3, 4]])).toThrow(/3 and 4 differ/);
  expect(() => runOperator('Det', [[3]])).toThrow(/1 axes/);
});
