/**
 * Operators on texts and their words. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (Tokenizer, WordConvEmbedding,
 * NGramRepeatBlock, BifurcationDetector, DynamicTimeWarping, MurmurHash3, TorchEmbedding), one version.
 *   DynamicTimeWarping  3 per cell: two comparisons and a sum
 *   MurmurHash3         8 per 4 bytes, mixed in and mixed at the end
 */
import type { Dim } from '../ir/graph.ts';
import { add, multiply, subtract } from '../units/integer.ts';
import type { OperatorDefinition, TensorType } from './definition.ts';
import { contrib, reshapedTo, type WrittenOut } from './microsoft.ts';
import { plain } from './plain.ts';
import { MOVES_DATA, SAME_SHAPE } from './table-texts.ts';

const MOVEMENT = { class: 'data-movement', fusion: 'opaque', inputRoles: ['activation', 'setting'] } as const;

const OTHER = { class: 'other', fusion: 'opaque', inputRoles: ['activation'] } as const;

const integers = (...shape: readonly Dim[]): TensorType => ({ shape, dtype: 'int64' });

const tokenizer: WrittenOut = (context) => {
  const input = context.input(0);
  return [reshapedTo([...input.shape, context.dataDependent('tokens')], input)];
};

/** Characters looked up, a convolution along the word for each window, tanh, and the maximum over the word. */
const wordConvolution: WrittenOut = (context, steps) => {
  const words = context.input(0).shape;
  const weight = context.input(1);
  const [filters, , window, width] = weight.shape;
  const letters = words.at(-1);
  if (filters === undefined || window === undefined || width === undefined || letters === undefined) {
    return context.fail('expected words of letters and a weight of four axes');
  }
  const lead = words.slice(0, -1);
  const positions = add(subtract(letters, window), 1);
  const patches = reshapedTo([...lead, positions, multiply(window, width)], weight);
  const scores = steps.apply(plain('MatMul'), [patches, reshapedTo([multiply(window, width), filters], weight)]);
  const biased = steps.apply(plain('Add'), [scores, context.input(2)]);
  steps.apply(plain('Tanh'), [biased]);
  steps.perElement(biased.shape, 1);
  return [reshapedTo([...lead, filters], weight)];
};

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'TorchEmbedding',
    {
      ...MOVEMENT,
      summary: 'Rows of a table',
      table: { shape: 'indices, then the axes of the table after the first', work: MOVES_DATA },
      inputRoles: ['weight', 'activation', 'setting'],
    },
    (context) => {
      const table = context.input(0);
      return [reshapedTo([...context.input(1).shape, ...table.shape.slice(1)], table)];
    },
  ),
  contrib(
    'DynamicTimeWarping',
    {
      ...OTHER,
      summary: 'The cheapest path through a matrix of costs',
      table: { shape: '2×path', work: '3 per cell', notes: 'the length of the path depends on data' },
    },
    (context, steps) => {
      steps.perElement(context.input(0).shape, 3);
      return [{ shape: [2, context.dataDependent('path')], dtype: 'int32' }];
    },
  ),
  contrib(
    'NGramRepeatBlock',
    {
      ...MOVEMENT,
      summary: 'Forbids words that would repeat an n-gram',
      table: { shape: 'same as the scores', work: 'n per word of the input' },
    },
    (context, steps) => {
      const scores = context.input(1);
      // Every position is compared with the n-gram that is being written.
      steps.perElement(context.input(0).shape, context.integer('ngram_size'));
      return [reshapedTo(scores.shape, scores)];
    },
  ),
  contrib(
    'BifurcationDetector',
    {
      ...OTHER,
      summary: 'Where predicted words leave the source',
      table: {
        shape: 'tokens; one number',
        work: '1 per source token',
        notes: 'how many tokens are handed out depends on data, and how far it goes',
      },
    },
    (context, steps) => {
      const tokens = context.input(0);
      steps.perElement(tokens.shape, 1);
      steps.approximate('how far words are compared depends on data: each is counted once');
      return [reshapedTo([context.dataDependent('tokens')], tokens), integers()];
    },
  ),
  contrib(
    'MurmurHash3',
    {
      ...OTHER,
      fusion: 'pointwise',
      summary: 'A hash of each element',
      table: { shape: SAME_SHAPE, work: '8 per element', notes: 'counted for elements of 4 bytes' },
    },
    (context, steps) => {
      const { shape } = context.input(0);
      steps.perElement(shape, 8);
      steps.approximate('counted for elements of 4 bytes');
      return [{ shape, dtype: context.integer('positive', 1) === 0 ? 'int32' : 'uint32' }];
    },
  ),
  contrib(
    'Tokenizer',
    {
      ...MOVEMENT,
      summary: 'Splits texts at separators or by a pattern',
      table: {
        shape: 'as the input with an axis of tokens',
        work: MOVES_DATA,
        notes: 'how many tokens there are depends on data; reading texts is not counted',
      },
    },
    tokenizer,
  ),
  contrib(
    'WordConvEmbedding',
    {
      factors: [1],
      ...OTHER,
      class: 'linear',
      fusion: 'contraction',
      summary: 'A vector for each word from a convolution over its letters',
      table: {
        shape: '...×letters to ...×filters',
        work: 'as MatMul per window, Add, Tanh; 1 per window for the maximum',
      },
      inputRoles: ['activation', 'weight', 'weight', 'weight'],
    },
    wordConvolution,
  ),
];
