import type { KernelColumns } from '../analysis/kernel-columns.ts';
import { PRODUCT_KINDS } from '../analysis/kernel-kinds.ts';
import { SPLIT_K_DEPTH, TILE_COLUMNS, TILE_COST, TILE_ROWS } from './gpu-tiles.ts';
import type { Machine } from './machine.ts';
import type { MappingModel } from './mapping.ts';
import { depthwiseShare, macSecondsAt, ratesOf } from './rates.ts';
import { rememberedPer } from './remembered.ts';

/** Places in a record: what the batch does not change. */
const PRODUCT = 0;
/** Work on the vector units: seconds without a batch, and of an item. */
const VECTOR = 1;
const VECTOR_PER_ITEM = 2;
const ROWS = 3;
const ROWS_PER_ITEM = 4;
/** Of the product, with many tiles. */
const SECONDS = 5;
const SECONDS_PER_ITEM = 6;
const GROUPS = 7;
const LARGEST_SPLIT = 8;
/** Cost of a row of a product with endless rows, in the shape of tile that suits it best. */
const ENDLESS = 9;
/** Share of the matrix peak with many tiles, or of depthwise work. */
const SHARE = 10;
/** Of the product on the vector units, over its time with many tiles; endless where it does not run there. */
const ON_VECTOR_UNITS = 11;
/** Tiles across the columns, for every shape of tile. */
const ACROSS = 12;
const SHAPES = TILE_ROWS.length;
const RECORD = ACROSS + SHAPES;

const MATRIX_VECTOR = PRODUCT_KINDS.indexOf('matrix-vector');

const recordsOf = rememberedPer((columns: KernelColumns, machine: Machine): Float64Array => {
  const { constants, vectorPeak, matrixPeak } = machine;
  const rates = ratesOf(machine);
  const { operationSeconds, transcendentalSeconds } = rates;
  const { depthwise, product, window, groups, n, k, mFixed, mPerItem, macsFixed, macsPerItem } = columns;
  const { flopsFixed, flopsPerItem, transcendentalsFixed, transcendentalsPerItem } = columns;
  const records = new Float64Array(RECORD * columns.length);
  for (let i = 0, at = 0; i < columns.length; i++, at += RECORD) {
    const fixed = macsFixed[i] as number;
    const perItem = macsPerItem[i] as number;
    let vectorSeconds = 0;
    if (fixed + perItem > 0) {
      if (depthwise[i] === 1) {
        vectorSeconds = 2 / (depthwiseShare(constants, window[i] as number) * vectorPeak);
        records[at + SHARE] = Math.min(1, 2 / (vectorSeconds * matrixPeak));
      } else {
        const wide = n[i] as number;
        const depth = k[i] as number;
        const macSeconds = macSecondsAt(rates, product[i] as number, wide, depth);
        records[at + PRODUCT] = 1;
        records[at + ROWS] = mFixed[i] as number;
        records[at + ROWS_PER_ITEM] = mPerItem[i] as number;
        records[at + SECONDS] = fixed * macSeconds;
        records[at + SECONDS_PER_ITEM] = perItem * macSeconds;
        records[at + GROUPS] = groups[i] as number;
        records[at + LARGEST_SPLIT] = Math.max(1, Math.floor(depth / SPLIT_K_DEPTH));
        records[at + SHARE] = 2 / (macSeconds * matrixPeak);
        records[at + ON_VECTOR_UNITS] =
          product[i] === MATRIX_VECTOR ? (2 * operationSeconds) / macSeconds : Number.POSITIVE_INFINITY;
        let endless = Number.POSITIVE_INFINITY;
        for (let shape = 0; shape < SHAPES; shape++) {
          const across = Math.ceil(wide / (TILE_COLUMNS[shape] as number));
          records[at + ACROSS + shape] = across;
          endless = Math.min(endless, across * (TILE_COLUMNS[shape] as number) * (TILE_COST[shape] as number));
        }
        records[at + ENDLESS] = endless;
      }
    }
    records[at + VECTOR] =
      fixed * vectorSeconds +
      (flopsFixed[i] as number) * operationSeconds +
      (transcendentalsFixed[i] as number) * transcendentalSeconds;
    records[at + VECTOR_PER_ITEM] =
      perItem * vectorSeconds +
      (flopsPerItem[i] as number) * operationSeconds +
      (transcendentalsPerItem[i] as number) * transcendentalSeconds;
  }
  return records;
});

/**
 * SIMT GPU: a product with many tiles runs at the rate of its shape. Output tiles are dealt to
 * multiprocessors in waves; a last wave that is not full costs as much as a full one, so a product
 * with few tiles takes longer than its share of many. Long products with few tiles are split along
 * k. Depthwise work has k = window and one column per group: it runs on the vector units, and so does a
 * matrix times a few vectors, where that is faster than tiles that they do not fill.
 */
export const mapToSimtGpu: MappingModel = (columns, machine, batch, out) => {
  const { units } = machine;
  const records = recordsOf(columns, machine);
  const { computeSeconds, spatialUtilization, busyUnits } = out;
  const { length } = columns;
  for (let i = 0, at = 0; i < length; i++, at += RECORD) {
    let seconds = (records[at + VECTOR] as number) + (records[at + VECTOR_PER_ITEM] as number) * batch;
    let utilization = records[at + SHARE] as number;
    let busy = units;
    if (records[at + PRODUCT] === 1) {
      const m = (records[at + ROWS] as number) + (records[at + ROWS_PER_ITEM] as number) * batch;
      const perGroup = records[at + GROUPS] as number;
      const largestSplit = records[at + LARGEST_SPLIT] as number;
      let best = Number.POSITIVE_INFINITY;
      for (let shape = 0; shape < SHAPES; shape++) {
        const tileRows = TILE_ROWS[shape] as number;
        const blocks = Math.ceil(m / tileRows) * (records[at + ACROSS + shape] as number) * perGroup;
        const tile = tileRows * (TILE_COLUMNS[shape] as number) * (TILE_COST[shape] as number);
        // Shared out evenly over the multiprocessors this shape would still be slower than the best so far.
        if (tile * blocks >= best * units) continue;
        let waves = Math.ceil(blocks / units);
        let split = 1;
        if (waves * units > blocks) {
          // The last wave is not full: split along k, into one wave or, where that fills them better, into more.
          for (let parts = 2; parts <= largestSplit; parts++) {
            const needed = Math.ceil((blocks * parts) / units);
            if (needed * split >= waves * parts) continue;
            waves = needed;
            split = parts;
            if (waves * units === blocks * split) break;
          }
        }
        const time = (tile * waves) / split;
        if (time < best) {
          best = time;
          const launched = blocks * split;
          busy = Math.min(launched, units);
        }
      }
      // How much longer than its share of many tiles: never less, since a wave is shared out at best evenly.
      let waves = Math.max(1, (best * units) / ((records[at + ENDLESS] as number) * m * perGroup));
      if (waves > (records[at + ON_VECTOR_UNITS] as number)) {
        waves = records[at + ON_VECTOR_UNITS] as number;
        busy = units;
      }
      seconds += ((records[at + SECONDS] as number) + (records[at + SECONDS_PER_ITEM] as number) * batch) * waves;
      utilization /= waves;
    }
    computeSeconds[i] = seconds;
    spatialUtilization[i] = utilization;
    busyUnits[i] = busy;
  }
};
