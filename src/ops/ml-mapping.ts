/**
 * Look-ups between labels, numbers and maps. Specs: https://onnx.ai/onnx/operators/ (LabelEncoder: opsets 1, 2, 4;
 * CategoryMapper, CastMap, DictVectorizer, ZipMap: 1; of ai.onnx.ml). They move data and compute nothing. Maps are no
 * tensors: what a map holds is not known, so that the values are taken to be 32-bit floats, as converters write them.
 * Known gap: looking up a text reads its characters, which are not counted.
 */
import type { DType } from '../ir/dtype.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { classical, itemsOf, tableOf } from './ml.ts';
import { MOVES_DATA, SAME_SHAPE } from './table-texts.ts';
import { DATA_MOVEMENT } from './work.ts';

const MOVES = { class: 'data-movement', fusion: 'opaque', work: () => DATA_MOVEMENT } as const;

/** Element type of the values that keys map to. */
const valueType = (context: OperatorContext): DType => {
  const tensor = context.tensor('values_tensor');
  if (tensor !== undefined) return tensor.dtype;
  if (itemsOf(context, 'values_strings') > 0) return 'string';
  if (itemsOf(context, 'values_int64s') > 0) return 'int64';
  if (itemsOf(context, 'values_floats') > 0) return 'fp32';
  // Opset 1: numbers become texts, and texts become numbers.
  return context.input(0).dtype === 'string' ? 'int64' : 'string';
};

const encoded = (context: OperatorContext, dtype: DType): TensorType => ({ shape: context.input(0).shape, dtype });

/** A map is of no known type; that one is given is all that can be checked. */
const expectMap = (context: OperatorContext): void => {
  if (!context.hasInput(0)) context.input(0);
};

const CAST_TARGETS: Readonly<Record<string, DType>> = { TO_FLOAT: 'fp32', TO_STRING: 'string', TO_INT64: 'int64' };

const castMap = (context: OperatorContext): TensorType => {
  expectMap(context);
  const target = context.text('cast_to', 'TO_FLOAT');
  const dtype = CAST_TARGETS[target] ?? context.fail(`cast_to is "${target}", which is none`);
  const isSparse = context.text('map_form', 'DENSE') === 'SPARSE';
  return { shape: [1, isSparse ? context.integer('max_map', 1) : context.dataDependent('entries')], dtype };
};

const LOOKED_UP = 'looking a text up reads its characters, which are not counted';
const FLOATS = 'values are taken to be fp32: what a map holds is not known';

export const operators: readonly OperatorDefinition[] = [
  classical('LabelEncoder', [1, 2, 4], 'Looks labels up', {
    table: { shape: SAME_SHAPE, work: MOVES_DATA, notes: LOOKED_UP },
    ...MOVES,
    infer: (context) => [encoded(context, valueType(context))],
  }),
  classical('CategoryMapper', [1], 'Numbers to texts, or texts to numbers', {
    table: { shape: SAME_SHAPE, work: MOVES_DATA, notes: LOOKED_UP },
    ...MOVES,
    infer: (context) => [encoded(context, context.input(0).dtype === 'string' ? 'int64' : 'string')],
  }),
  classical('CastMap', [1], 'Values of a map as a tensor', {
    table: {
      shape: '1×entries, or 1×max_map if sparse',
      work: MOVES_DATA,
      notes: 'how many entries a dense map has depends on data',
    },
    ...MOVES,
    infer: (context) => [castMap(context)],
  }),
  classical('DictVectorizer', [1], 'Values of a map at the places of their keys', {
    table: { shape: '1×vocabulary', work: MOVES_DATA, notes: FLOATS },
    ...MOVES,
    infer: (context) => {
      expectMap(context);
      const keys = itemsOf(context, 'string_vocabulary', 'int64_vocabulary');
      return [{ shape: [1, keys], dtype: 'fp32' }];
    },
  }),
  classical('ZipMap', [1], 'Scores as a list of maps from label to score', {
    table: { shape: 'a list of as many maps as rows', work: MOVES_DATA, notes: 'what the maps hold is not known' },
    ...MOVES,
    infer: (context) => [{ kind: 'sequence', length: tableOf(context).rows }],
  }),
];
