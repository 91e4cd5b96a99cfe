/** Models of the zoo built small, and what they are fed. */
import { Tensor } from 'onnxruntime-node';
import type { Graph, GraphInput } from '../../src/ir/graph.ts';
import { shapeAt } from '../../src/ir/shape.ts';
import { knobsOf, ModelOptionError, type ModelVariant } from '../../src/zoo/api.ts';

/** Small, and fits most networks as it is. */
const RESOLUTION = 96;
const TOKENS = 8;
const CLASSES = 10;

/** At the legal resolution nearest to 96 pixels, with ten classes or eight tokens where there are such. */
export const smallBuild = (variant: ModelVariant): Graph => {
  const knobs = knobsOf(variant);
  const options = {
    ...(knobs.includes('classes') && { classes: CLASSES }),
    ...(knobs.includes('tokens') && { tokens: TOKENS }),
  };
  if (variant.withoutResolution) return variant.build(options);
  try {
    return variant.build({ ...options, resolution: RESOLUTION });
  } catch (error) {
    if (!(error instanceof ModelOptionError)) throw error;
    return variant.build({ ...options, resolution: Math.max(...error.nearest) });
  }
};

/** Pixels and features as after the usual normalization; indices, tokens and masks are zeros, which every table has. */
export const feedOf = ({ name, shape = [], dtype }: GraphInput, batch: number): readonly [string, Tensor] => {
  const extents = shapeAt(shape, batch);
  const length = extents.reduce((product, extent) => product * extent, 1);
  if (dtype === 'int64') return [name, new Tensor('int64', new BigInt64Array(length), extents)];
  return [
    name,
    new Tensor(
      'float32',
      Float32Array.from({ length }, (_, index) => Math.sin(index)),
      extents,
    ),
  ];
};
