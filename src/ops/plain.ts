/** The operators of the default domain that fused and quantized ones are written out in, by name. */
import { operators as activation } from './activation.ts';
import { operators as argExtreme } from './arg-extreme.ts';
import { operators as arithmetic } from './arithmetic.ts';
import { operators as attention } from './attention.ts';
import { operators as batchNormalization } from './batch-normalization.ts';
import { operators as clip } from './clip.ts';
import { operators as concat } from './concat.ts';
import { operators as conv } from './conv.ts';
import { operators as convTranspose } from './conv-transpose.ts';
import type { OperatorDefinition } from './definition.ts';
import { operators as gelu } from './gelu.ts';
import { operators as gemm } from './gemm.ts';
import { operators as globalPooling } from './global-pooling.ts';
import { operators as gridSample } from './grid-sample.ts';
import { operators as groupNormalization } from './group-normalization.ts';
import { operators as integerProducts } from './integer-products.ts';
import { operators as layerNormalization } from './layer-normalization.ts';
import { operators as linearAttention } from './linear-attention.ts';
import { operators as localNormalization } from './local-normalization.ts';
import { operators as matmul } from './matmul.ts';
import { operators as maxUnpool } from './max-unpool.ts';
import { operators as pad } from './pad.ts';
import { operators as pooling } from './pooling.ts';
import { operators as quantize } from './quantize.ts';
import { operators as range } from './range.ts';
import { operators as rearrange } from './rearrange.ts';
import { operators as recurrent } from './recurrent.ts';
import { operators as reduce } from './reduce.ts';
import { operators as regionPooling } from './region-pooling.ts';
import { operators as resize } from './resize.ts';
import { operators as softmax } from './softmax.ts';
import { operators as where } from './where.ts';

const sources = [
  activation,
  argExtreme,
  arithmetic,
  attention,
  batchNormalization,
  clip,
  concat,
  conv,
  convTranspose,
  gelu,
  gemm,
  globalPooling,
  groupNormalization,
  integerProducts,
  layerNormalization,
  linearAttention,
  matmul,
  maxUnpool,
  pooling,
  pad,
  localNormalization,
  range,
  rearrange,
  quantize,
  recurrent,
  reduce,
  regionPooling,
  gridSample,
  resize,
  softmax,
  where,
];

const byType: ReadonlyMap<string, OperatorDefinition> = new Map(
  sources.flat().map((definition) => [definition.type, definition]),
);

export const findPlain = (type: string): OperatorDefinition | undefined => byType.get(type);

export const plain = (type: string): OperatorDefinition => {
  const definition = byType.get(type);
  if (definition === undefined) throw new Error(`no plain operator ${type}`);
  return definition;
};
