import { describe, expect, it } from 'vitest';
import type { Shape } from '../../src/ir/graph.ts';
import type { TensorType } from '../../src/ops/definition.ts';
import { symbol } from '../../src/units/integer.ts';
import { N, perItem, runOperator } from './one-operator.ts';

const texts = (...shape: Shape): TensorType => ({ shape, dtype: 'string' });

describe('text operators', () => {
  it('give texts, parts of texts, and matches', () => {
    expect(runOperator('StringConcat', [texts(N, 1), texts(3)]).outputs).toEqual([texts(N, 3)]);
    expect(runOperator('StringSplit', [texts(N)], {}, { outputs: 2 }).outputs).toEqual([
      texts(N, symbol('the.node.parts')),
      { shape: [N], dtype: 'int64' },
    ]);
    expect(runOperator('StringSplit', [texts(N)], { maxsplit: 0 }).shape).toEqual([N, 1]);
    expect(runOperator('RegexFullMatch', [texts(N, 2)], { pattern: 'a' }).outputs).toEqual([
      { shape: [N, 2], dtype: 'bool' },
    ]);
    expect(runOperator('StringNormalizer', [texts(4)]).shape).toEqual([4]);
    const stopwords = { stopwords: ['the'] };
    expect(runOperator('StringNormalizer', [texts(1, 4)], stopwords).shape).toEqual([1, symbol('the.node.count')]);
    expect(() => runOperator('StringNormalizer', [texts(1, 1, 4)])).toThrow(/expected 1 or 2/);
  });

  it('say that characters are not counted', () => {
    for (const type of ['StringConcat', 'StringSplit', 'StringNormalizer', 'RegexFullMatch']) {
      const { work } = runOperator(type, [texts(N), texts(N)]);
      expect(work.treatment).toMatchObject({ kind: 'approximated', reason: expect.stringContaining('characters') });
    }
  });

  it('count the n-grams that are looked up', () => {
    const attributes = {
      mode: 'IDF',
      min_gram_length: 1,
      max_gram_length: 2,
      max_skip_count: 1,
      ngram_indexes: [0, 4, 2],
      weights: [1, 2, 3],
    };
    const { outputs, work } = runOperator('TfIdfVectorizer', [texts(N, 10)], attributes);
    expect(outputs).toEqual([{ shape: [N, 5], dtype: 'fp32' }]);
    // 10 single items, 9 pairs side by side, 8 with one between; 5 weights.
    expect(work.flops).toEqual(perItem(10 + 9 + 8 + 5));
    expect(work.treatment.kind).toBe('approximated');
    expect(runOperator('TfIdfVectorizer', [texts(10)], { ...attributes, mode: 'TF' }).work.flops).toBe(27);
  });
});
