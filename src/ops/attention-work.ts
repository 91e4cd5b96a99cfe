/**
 * Work of scaled dot-product attention, the core that its operators share. Two products per head,
 * q k' over the head size and the result times v over the keys: batch x heads x queries x keys x
 * (head size + value size) multiply-accumulates. Query heads that share a key and value head
 * (grouped-query attention) save memory and no arithmetic. Per score the softmax costs what
 * Softmax does: 5 operations, two of them transcendental.
 */
import type { Dim } from '../ir/graph.ts';
import { add, type Integer, multiply, product, sum } from '../units/integer.ts';
import type { CostTreatment, OperatorWork } from './definition.ts';

export interface AttentionExtents {
  readonly batch: Dim;
  readonly queryHeads: Dim;
  readonly keyHeads: Dim;
  readonly queries: Dim;
  /** All that are attended to, those of the cache among them. */
  readonly keys: Dim;
  readonly headSize: Dim;
  readonly valueSize: Dim;
}

export interface AttentionOptions {
  /** Operations for the scale that are not per score (q and k scaled one by one). */
  readonly scaleFlops: Integer;
  /** Operations per score beside the softmax: masks, soft cap. */
  readonly flopsPerScore: number;
  readonly transcendentalsPerScore: number;
  readonly treatment: CostTreatment;
}

export const SOFTMAX_FLOPS = 5;
const SOFTMAX_TRANSCENDENTALS = 2;

export const attentionWork = (extents: AttentionExtents, options: AttentionOptions): OperatorWork => {
  const { batch, queryHeads, queries, keys, headSize, valueSize } = extents;
  const groups = multiply(batch, queryHeads);
  const scores = product([groups, queries, keys]);
  const depth = add(headSize, valueSize);
  const macs = multiply(scores, depth);
  const perScore = SOFTMAX_FLOPS + options.flopsPerScore;
  return {
    macs,
    flops: sum([multiply(macs, 2), multiply(scores, perScore), options.scaleFlops]),
    transcendentals: multiply(scores, SOFTMAX_TRANSCENDENTALS + options.transcendentalsPerScore),
    // The two products are m x k by k x n and m x n by n x k: one of the same size has both depths.
    view: { groups, m: queries, n: keys, k: depth, window: 1, spatial: false },
    treatment: options.treatment,
  };
};
