/** Totals over open dimensions: a number where none is left, an expression otherwise. */
import {
  type AnalyzedGraph,
  BATCH,
  type Integer,
  storedTotals,
  substitute,
  symbolicTotals,
  symbolsOf,
} from '../../index.ts';

export interface Figures {
  readonly params: number;
  readonly statistics: number;
  readonly macs: Integer;
  readonly flops: Integer;
  readonly transcendentals: Integer;
  readonly activationElements: Integer;
}

/** What counts are expressions in where the batch is open. */
export const [BATCH_NAME = ''] = symbolsOf(BATCH);

/** A value at a batch; as it is where the batch is open. */
export const atBatchOf = ({ batch }: { readonly batch: number | undefined }, value: Integer): Integer =>
  batch === undefined || typeof value === 'number' ? value : substitute(value, new Map([[BATCH_NAME, batch]]));

export const figuresOf = (analyzed: AnalyzedGraph, batch: number | undefined): Figures => {
  const { macs, flops, transcendentals, activationElements } = symbolicTotals(analyzed);
  const at = (value: Integer): Integer => atBatchOf({ batch }, value);
  return {
    ...storedTotals(analyzed),
    macs: at(macs),
    flops: at(flops),
    transcendentals: at(transcendentals),
    activationElements: at(activationElements),
  };
};
