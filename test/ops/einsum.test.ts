import { describe, expect, it } from 'vitest';
import { symbol } from '../../src/units/integer.ts';
import { N, type OperandSample, perItem, runOperator } from './one-operator.ts';

const einsum = (equation: string, ...operands: readonly OperandSample[]) =>
  runOperator('Einsum', operands, { equation });

describe('Einsum', () => {
  it('a batched product of matrices', () => {
    const { shape, work, class: kind } = einsum('bij, bjk -> bik', [N, 4, 6], [N, 6, 5]);
    expect(shape).toEqual([N, 4, 5]);
    expect(work.macs).toEqual(perItem(120));
    expect(work.flops).toEqual(perItem(240));
    expect(work.view).toMatchObject({ m: 4, n: 5, k: 6, groups: N });
    expect(kind).toBe('attention');
  });

  it('without an output: the indices that occur once, sorted by code', () => {
    expect(einsum('ij,jk', [2, 3], [3, 4]).shape).toEqual([2, 4]);
    expect(einsum('ba', [2, 3]).shape).toEqual([3, 2]);
    expect(einsum('aB', [2, 3]).shape).toEqual([3, 2]);
  });

  it('... stands for leading axes, which broadcast', () => {
    expect(einsum('...ij,...jk->...ik', [N, 7, 2, 3], [7, 3, 4]).shape).toEqual([N, 7, 2, 4]);
    expect(einsum('...ij', [5, 2, 3]).shape).toEqual([5, 2, 3]);
    expect(einsum('ij,...', [2, 3], []).shape).toEqual([2, 3]);
  });

  it('no index is summed: an element-wise product', () => {
    const { work, outputs } = einsum('ni,j->nij', [N, 3], [4]);
    expect(outputs[0]?.shape).toEqual([N, 3, 4]);
    expect(work).toMatchObject({ macs: 0, flops: perItem(12), class: 'elementwise' });
  });

  it('one operand: moved, its diagonal taken, or added up', () => {
    expect(einsum('nij->nji', [N, 2, 3]).work).toMatchObject({ flops: 0, class: 'data-movement' });
    expect(einsum('nii->ni', [N, 3, 3]).shape).toEqual([N, 3]);
    expect(einsum('nij->n', [N, 2, 3]).work).toMatchObject({ flops: perItem(6), class: 'elementwise' });
  });

  it('more operands: two at a time as written, each index summed as soon as it can be', () => {
    const { shape, work } = einsum('ab,bc,cd->ad', [2, 3], [3, 4], [4, 5]);
    expect(shape).toEqual([2, 5]);
    expect(work.macs).toBe(2 * 3 * 4 + 2 * 4 * 5);
    expect(work.treatment.kind).toBe('approximated');
    expect(work.view).toMatchObject({ m: 2, n: 5, k: 4 });
  });

  it('an open extent', () => {
    const { work } = einsum('bqd,bkd->bqk', [N, symbol('Q'), 8], [N, symbol('K'), 8]);
    expect(String(work.macs)).toBe('8*K*N*Q');
  });

  it.each([
    ['ij,jk->ik', [[2, 3]], /2 terms.*1 operands/],
    ['ij->ik', [[2, 3]], /"k" is in no operand/],
    ['ij->ii', [[2, 3]], /twice/],
    [
      'ij,jk->ik',
      [
        [2, 3],
        [4, 5],
      ],
      /3 and 4/,
    ],
    ['ijk->i', [[2, 3]], /"ijk" does not fit/],
    ['i1->i', [[2, 3]], /"i1"/],
    ['i->j->k', [[2]], /more than one/],
    ['......i', [[2]], /at most one/],
  ])('refuses %s', (equation, operands, message) => {
    expect(() => runOperator('Einsum', operands, { equation })).toThrow(message);
  });
});
