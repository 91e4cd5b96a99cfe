/** In what steps the compute units of a machine are filled: the multiples that channels should be, as its geometry has them. */
import { TILE_COLUMNS } from './gpu-tiles.ts';
import type { Machine } from './machine.ts';

export interface Granularity {
  /** Widths of the blocks into which the columns of a product (output channels) are padded; none where every width costs its share. */
  readonly columns: readonly number[];
  /** The same for its depth (input channels x window). */
  readonly depth: readonly number[];
  /** What a block is on this machine. */
  readonly block: string;
}

export const granularityOf = ({ geometry }: Pick<Machine, 'geometry'>): Granularity => {
  switch (geometry.kind) {
    case 'simd-cpu':
      return { columns: [geometry.lanes.value], depth: [], block: 'SIMD register' };
    case 'simt-gpu':
      return { columns: [...new Set(TILE_COLUMNS)], depth: [], block: 'tile' };
    case 'systolic':
      return { columns: [geometry.columns.value], depth: [geometry.rows.value], block: 'array' };
    case 'spatial':
      return { columns: [geometry.columns.value], depth: [], block: 'tile' };
    case 'npu':
      return { columns: [geometry.columns.value], depth: [geometry.rows.value], block: 'engine' };
    case 'mcu':
      return { columns: [], depth: [], block: 'core' };
  }
};
