/** AttributeProto, once its fields are collected: which of them it is. */
import type { AttributeRecord, GraphRecord, SparseTensorRecord, TensorRecord, TypeRecord } from '../records.ts';
import type { ReadLimits } from './limits.ts';
import { type FinishContext, type NumberList, numberList } from './schema.ts';

export interface AttributeDraft {
  name: string;
  reference: string;
  type: number;
  float: number | undefined;
  int: number | undefined;
  text: string | undefined;
  textBytes: number;
  tensor: TensorRecord | undefined;
  sparseTensor: SparseTensorRecord | undefined;
  graph: GraphRecord | undefined;
  typeRecord: TypeRecord | undefined;
  floats: NumberList | undefined;
  ints: NumberList | undefined;
  strings: string[] | undefined;
  stringCount: number;
  tensors: TensorRecord[] | undefined;
  sparseTensors: SparseTensorRecord[] | undefined;
  graphs: GraphRecord[] | undefined;
  types: TypeRecord[] | undefined;
  readonly maxListItems: number;
}

const NONE: readonly never[] = [];

export const attributeDraft = ({ maxListItems }: ReadLimits): AttributeDraft => ({
  name: '',
  reference: '',
  type: 0,
  float: undefined,
  int: undefined,
  text: undefined,
  textBytes: 0,
  tensor: undefined,
  sparseTensor: undefined,
  graph: undefined,
  typeRecord: undefined,
  floats: undefined,
  ints: undefined,
  strings: undefined,
  stringCount: 0,
  tensors: undefined,
  sparseTensors: undefined,
  graphs: undefined,
  types: undefined,
  maxListItems,
});

export const floatsOf = (draft: AttributeDraft): NumberList => {
  draft.floats ??= numberList(draft.maxListItems, true);
  return draft.floats;
};
export const intsOf = (draft: AttributeDraft): NumberList => {
  draft.ints ??= numberList(draft.maxListItems, true);
  return draft.ints;
};

/** AttributeProto.AttributeType */
const KINDS: Readonly<Record<number, Exclude<AttributeRecord['kind'], 'reference'>>> = {
  1: 'float',
  2: 'int',
  3: 'string',
  4: 'tensor',
  5: 'graph',
  6: 'floats',
  7: 'ints',
  8: 'strings',
  9: 'tensors',
  10: 'graphs',
  11: 'sparseTensor',
  12: 'sparseTensors',
  13: 'type',
  14: 'types',
};

/** Before IR version 2 a file said no type: it is that of the field that is there. */
const kindByContents = (draft: AttributeDraft): Exclude<AttributeRecord['kind'], 'reference'> => {
  if (draft.float !== undefined) return 'float';
  if (draft.int !== undefined) return 'int';
  if (draft.text !== undefined) return 'string';
  if (draft.tensor !== undefined) return 'tensor';
  if (draft.graph !== undefined) return 'graph';
  if (draft.sparseTensor !== undefined) return 'sparseTensor';
  if (draft.typeRecord !== undefined) return 'type';
  if (draft.floats !== undefined) return 'floats';
  if (draft.stringCount > 0) return 'strings';
  if (draft.tensors !== undefined) return 'tensors';
  if (draft.graphs !== undefined) return 'graphs';
  if (draft.sparseTensors !== undefined) return 'sparseTensors';
  if (draft.types !== undefined) return 'types';
  return 'ints';
};

export const finishAttribute = (draft: AttributeDraft, context: FinishContext): AttributeRecord => {
  const { name } = draft;
  if (draft.reference !== '') return { name, kind: 'reference', value: draft.reference };
  const kind = draft.type === 0 ? kindByContents(draft) : KINDS[draft.type];
  const there = <T>(value: T | undefined): T =>
    value === undefined ? context.fail('malformed-field', `an attribute of the kind ${kind} without one`) : value;
  const list = (numbers: NumberList | undefined) => {
    const value: readonly number[] = numbers?.values ?? NONE;
    const count = numbers?.count ?? 0;
    return count > value.length ? { value, fullLength: count } : { value };
  };
  switch (kind) {
    // A zero may be left out of the file.
    case 'float':
      return { name, kind, value: draft.float ?? 0 };
    case 'int':
      return { name, kind, value: draft.int ?? 0 };
    case 'string': {
      const cut = draft.textBytes > context.limits.maxTextBytes ? { fullLength: draft.textBytes } : {};
      return { name, kind, value: draft.text ?? '', ...cut };
    }
    case 'tensor':
      return { name, kind, value: there(draft.tensor) };
    case 'sparseTensor':
      return { name, kind, value: there(draft.sparseTensor) };
    case 'graph':
      return { name, kind, value: there(draft.graph) };
    case 'type':
      return { name, kind, value: there(draft.typeRecord) };
    case 'floats':
      return { name, kind, ...list(draft.floats) };
    case 'ints':
      return { name, kind, ...list(draft.ints) };
    case 'strings': {
      const value: readonly string[] = draft.strings ?? NONE;
      return { name, kind, value, ...(draft.stringCount > value.length ? { fullLength: draft.stringCount } : {}) };
    }
    case 'tensors':
      return { name, kind, value: draft.tensors ?? NONE };
    case 'sparseTensors':
      return { name, kind, value: draft.sparseTensors ?? NONE };
    case 'graphs':
      return { name, kind, value: draft.graphs ?? NONE };
    case 'types':
      return { name, kind, value: draft.types ?? NONE };
    default:
      return context.fail('malformed-field', `an attribute of the unknown type ${draft.type}`);
  }
};
