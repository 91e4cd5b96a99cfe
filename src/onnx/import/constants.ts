/** `Constant` nodes are stored tensors in another place: many exporters keep all weights in them. */
import type { Initializer } from '../../ir/graph.ts';
import type { AttributeRecord, NodeRecord } from '../records.ts';
import { sparseValue, tensorValue } from './types.ts';

export const isConstant = ({ opType, domain }: NodeRecord): boolean => opType === 'Constant' && domain === '';

/** The tensor that a `Constant` node stands for; `undefined` where it states none. */
export const constantTensor = (attributes: readonly AttributeRecord[], name: string): Initializer | undefined => {
  for (const attribute of attributes) {
    switch (attribute.kind) {
      case 'tensor':
        return { name, ...tensorValue(attribute.value, name), inline: true };
      case 'sparseTensor':
        return { name, ...sparseValue(attribute.value, name), inline: true };
      case 'float':
        return { name, shape: [], dtype: 'fp32', values: [attribute.value], inline: true };
      case 'int':
        return { name, shape: [], dtype: 'int64', values: [attribute.value], inline: true };
      case 'floats':
        return { name, shape: [attribute.value.length], dtype: 'fp32', values: attribute.value, inline: true };
      case 'ints':
        return { name, shape: [attribute.value.length], dtype: 'int64', values: attribute.value, inline: true };
      case 'string':
        return { name, shape: [], dtype: 'string', strings: [attribute.value], inline: true };
      case 'strings':
        return { name, shape: [attribute.value.length], dtype: 'string', strings: attribute.value, inline: true };
      default:
    }
  }
  return undefined;
};
