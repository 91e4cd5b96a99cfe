/** What GEMM libraries launch on NVIDIA tensor cores: data of the GPU mapping, kept apart from its formulas. */

/**
 * Output tiles that GEMM libraries for NVIDIA tensor cores offer (CUTLASS default kernels): rows
 * x columns of the output per thread block, and the share of the rate of the largest that a tile
 * of that size reaches. The shares are chosen: they fall with the products per byte of shared memory.
 */
const THREAD_BLOCK_TILES: readonly (readonly [rows: number, columns: number, rate: number])[] = [
  [128, 256, 1],
  [128, 128, 0.95],
  [128, 64, 0.8],
  [64, 64, 0.65],
  [64, 32, 0.45],
];
export const TILE_ROWS = Float64Array.from(THREAD_BLOCK_TILES, ([rows]) => rows);
export const TILE_COLUMNS = Float64Array.from(THREAD_BLOCK_TILES, ([, columns]) => columns);
export const TILE_COST = Float64Array.from(THREAD_BLOCK_TILES, ([, , rate]) => 1 / rate);
/** Smallest depth that is worth splitting over two thread blocks. */
export const SPLIT_K_DEPTH = 256;
