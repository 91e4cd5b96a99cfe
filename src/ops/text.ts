/**
 * Text. Specs: https://onnx.ai/onnx/operators/ (StringConcat, StringSplit, RegexFullMatch: opset 20; StringNormalizer: 10;
 * TfIdfVectorizer: 9). How long the texts are is not known, so that the work on their characters is not counted; it is
 * said, and the references to the texts are counted as moved. TfIdfVectorizer looks up every n-gram, with every number
 * of items skipped in between, in a table: 1 operation each, and 1 per output that a weight multiplies.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, type Integer, maximum, multiply, product, subtract, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorTexts, OperatorWork, TensorType } from './definition.ts';
import { broadcastPair } from './pointwise.ts';
import { BROADCAST, MOVES_DATA, SAME_SHAPE } from './table-texts.ts';
import { DATA_MOVEMENT } from './work.ts';

const ON_CHARACTERS: OperatorWork = {
  ...DATA_MOVEMENT,
  treatment: {
    kind: 'approximated',
    reason: 'work on characters is not counted: the length of the texts is not known',
  },
};

const split = (context: OperatorContext): readonly TensorType[] => {
  const { shape } = context.input(0);
  // With a limit there may still be fewer parts.
  const parts = context.integer('maxsplit', -1) === 0 ? 1 : context.dataDependent('parts');
  return [
    { shape: [...shape, parts], dtype: 'string' },
    { shape, dtype: 'int64' },
  ];
};

const normalized = (context: OperatorContext): TensorType => {
  const { shape } = context.input(0);
  if (shape.length < 1 || shape.length > 2) context.fail(`an input of ${shape.length} axes, expected 1 or 2`);
  if (context.texts('stopwords', []).length === 0) return { shape, dtype: 'string' };
  // Stop words are left out: how many only data decides.
  return { shape: [...shape.slice(0, -1), context.dataDependent('count')], dtype: 'string' };
};

const vectorized = (context: OperatorContext): TensorType => {
  const { shape } = context.input(0);
  if (shape.length < 1 || shape.length > 2) context.fail(`an input of ${shape.length} axes, expected 1 or 2`);
  const length = context.integers('ngram_indexes').reduce((most, index) => Math.max(most, index), -1) + 1;
  return { shape: [...shape.slice(0, -1), length], dtype: 'fp32' };
};

/** Lengths and skips beyond these are no n-grams of a text; a list of all would only take time. */
const MAX_COUNTED = 64;

const lookUps = (context: OperatorContext): OperatorWork => {
  const { shape } = context.input(0);
  const items = shape.at(-1) as Dim;
  const windows: Integer[] = [];
  const longest = Math.min(context.integer('max_gram_length'), MAX_COUNTED);
  const skips = Math.min(context.integer('max_skip_count'), MAX_COUNTED);
  for (let length = context.integer('min_gram_length'); length <= longest; length++) {
    // A single item skips nothing.
    for (let skip = 0; skip <= (length === 1 ? 0 : skips); skip++) {
      windows.push(maximum(0, subtract(items, (length - 1) * (skip + 1))));
    }
  }
  const found = multiply(product(shape.slice(0, -1)), sum(windows));
  const isWeighted = context.text('mode') !== 'TF' && context.attribute('weights') !== undefined;
  const weighted = isWeighted ? elementCount(context.output(0).shape) : 0;
  return {
    ...DATA_MOVEMENT,
    flops: add(found, weighted),
    treatment: { kind: 'approximated', reason: 'one operation for each n-gram looked up, whatever the table takes' },
  };
};

const charactersOf = (shape: string): OperatorTexts => ({
  shape,
  work: MOVES_DATA,
  notes: 'work on characters is not counted: lengths of texts are not known',
});

const text = (
  type: string,
  since: readonly number[],
  summary: string,
  infer: (context: OperatorContext) => readonly TensorType[],
  table: OperatorTexts,
  work: OperatorDefinition['work'] = () => ON_CHARACTERS,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table,
  class: 'other',
  fusion: 'opaque',
  inputRoles: ['activation'],
  infer,
  work,
});

export const operators: readonly OperatorDefinition[] = [
  text(
    'StringConcat',
    [20],
    'Joins texts element by element',
    (context) => [{ shape: broadcastPair(context, context.input(0).shape, context.input(1).shape), dtype: 'string' }],
    charactersOf(BROADCAST),
  ),
  text(
    'StringSplit',
    [20],
    'Takes texts apart at a separator',
    split,
    charactersOf('the input with a new last axis of parts, whose number data decides'),
  ),
  text(
    'StringNormalizer',
    [10],
    'Changes case and leaves out stop words',
    (context) => [normalized(context)],
    charactersOf('same as the input; with stop words the last axis is open'),
  ),
  text(
    'RegexFullMatch',
    [20],
    'Whether texts match a pattern',
    (context) => [{ shape: context.input(0).shape, dtype: 'bool' }],
    charactersOf(SAME_SHAPE),
  ),
  text(
    'TfIdfVectorizer',
    [9],
    'Counts n-grams, weighted',
    (context) => [vectorized(context)],
    {
      shape: 'the last axis becomes the number of n-gram places',
      work: '1 per n-gram looked up; 1 per output with weights',
      notes: 'a look-up counts as one operation, whatever the table takes',
    },
    lookUps,
  ),
];
