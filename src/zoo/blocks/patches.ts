/** Maps as patches of 2 x 2 cells, and back, as the transformers of MobileViT see them. */
import type { GraphBuilder, TensorName } from '../../ir/builder.ts';
import type { ExtentRule } from '../options.ts';
import type { Feature } from './conv.ts';
import { reshape } from './tokens.ts';

/** Height and width of a patch in cells: each of its cells attends to the cells in the same place of all patches. */
export const PATCH = 2;

/** Height and width of a map in cells. */
export interface Cells {
  readonly height: number;
  readonly width: number;
}

/** The reference code resizes a map that does not divide into patches, bilinearly; here it has to divide. */
export const PATCHES_AT_STRIDE_32: ExtentRule = {
  minimum: 32 * PATCH,
  multipleOf: 32 * PATCH,
  because: `patches of ${PATCH} x ${PATCH} cells at a stride of 32`,
};

export const patchesOf = ({ height, width }: Cells): number => (height / PATCH) * (width / PATCH);

/** N x C x height x width to N x C x rows of patches x row in a patch x columns of patches x column in a patch. */
export const splitPatches = (
  g: GraphBuilder,
  name: string,
  { tensor, channels }: Feature,
  { height, width }: Cells,
): TensorName => reshape(g, name, tensor, [0, channels, height / PATCH, PATCH, width / PATCH, PATCH]);

/** The way back. */
export const joinPatches = (
  g: GraphBuilder,
  name: string,
  { tensor, channels }: Feature,
  { height, width }: Cells,
): Feature => ({ tensor: reshape(g, name, tensor, [0, channels, height, width]), channels });
