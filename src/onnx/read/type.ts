/** TypeProto and ValueInfoProto. */
import type { DimRecord, TypeRecord, ValueInfoRecord } from '../records.ts';
import { child, type MessageType, message, number, text } from './schema.ts';

const DIMENSION = message<{ dim: DimRecord }, DimRecord>({
  start: () => ({ dim: undefined }),
  fields: {
    1: number('dim_value', 'int64', (draft, value) => {
      draft.dim = value;
    }),
    2: text('dim_param', (draft, name) => {
      draft.dim = name;
    }),
  },
  // An empty name names nothing.
  finish: ({ dim }) => (dim === '' ? undefined : dim),
});

const SHAPE = message<DimRecord[], readonly DimRecord[]>({
  start: () => [],
  fields: {
    1: child(
      'dim',
      () => DIMENSION,
      (dims, dim) => {
        dims.push(dim);
      },
    ),
  },
  finish: (dims) => dims,
});

/** TypeProto.Tensor and TypeProto.SparseTensor, which have the same fields. */
const shaped = (kind: 'tensor' | 'sparse-tensor'): MessageType<TypeRecord> =>
  message<{ elementType: number; shape: readonly DimRecord[] | undefined }, TypeRecord>({
    start: () => ({ elementType: 0, shape: undefined }),
    fields: {
      1: number('elem_type', 'int32', (draft, value) => {
        draft.elementType = value;
      }),
      2: child(
        'shape',
        () => SHAPE,
        (draft, shape) => {
          draft.shape = shape;
        },
      ),
    },
    finish: ({ elementType, shape }) => ({ kind, elementType, shape }),
  });

const holding = (kind: 'sequence' | 'optional'): MessageType<TypeRecord> =>
  message<{ element: TypeRecord | undefined }, TypeRecord>({
    start: () => ({ element: undefined }),
    fields: {
      1: child('elem_type', typeType, (draft, element) => {
        draft.element = element;
      }),
    },
    finish: ({ element }) => ({ kind, element }),
  });

const MAP: MessageType<TypeRecord> = message<{ keyType: number; value: TypeRecord | undefined }, TypeRecord>({
  start: () => ({ keyType: 0, value: undefined }),
  fields: {
    1: number('key_type', 'int32', (draft, value) => {
      draft.keyType = value;
    }),
    2: child('value_type', typeType, (draft, value) => {
      draft.value = value;
    }),
  },
  finish: ({ keyType, value }) => ({ kind: 'map', keyType, value }),
});

const OPAQUE: MessageType<TypeRecord> = message<{ domain: string; label: string }, TypeRecord>({
  start: () => ({ domain: '', label: '' }),
  fields: {
    1: text('domain', (draft, domain) => {
      draft.domain = domain;
    }),
    2: text('name', (draft, name) => {
      draft.label = name;
    }),
  },
  finish: ({ domain, label }) => ({ kind: 'opaque', domain, name: label }),
});

const kindOfType = (name: string, type: MessageType<TypeRecord>) =>
  child<{ type: TypeRecord | undefined }, TypeRecord>(
    name,
    () => type,
    (draft, record) => {
      draft.type = record;
    },
  );

const TYPE: MessageType<TypeRecord | undefined> = message<{ type: TypeRecord | undefined }, TypeRecord | undefined>({
  start: () => ({ type: undefined }),
  fields: {
    1: kindOfType('tensor_type', shaped('tensor')),
    4: kindOfType('sequence_type', holding('sequence')),
    5: kindOfType('map_type', MAP),
    7: kindOfType('opaque_type', OPAQUE),
    8: kindOfType('sparse_tensor_type', shaped('sparse-tensor')),
    9: kindOfType('optional_type', holding('optional')),
  },
  finish: ({ type }) => type,
});

/** `undefined` where the message is there and says nothing. A function, because types hold types. */
export function typeType(): MessageType<TypeRecord | undefined> {
  return TYPE;
}

export const VALUE_INFO: MessageType<ValueInfoRecord> = message<
  { name: string; type: TypeRecord | undefined },
  ValueInfoRecord
>({
  cost: 112,
  start: () => ({ name: '', type: undefined }),
  fields: {
    1: text('name', (draft, name) => {
      draft.name = name;
    }),
    2: child('type', typeType, (draft, type) => {
      draft.type = type;
    }),
  },
  finish: (draft) => draft,
});
