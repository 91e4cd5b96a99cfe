/** What the operators of classical machine learning, `ai.onnx.ml`, have in common. */
import type { DType } from '../ir/dtype.ts';
import type { Dim } from '../ir/graph.ts';
import { type Integer, multiply } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import type { Cost } from './pointwise.ts';

type Facts = Omit<OperatorDefinition, 'type' | 'domain' | 'since' | 'summary' | 'specification' | 'inputRoles'> &
  Partial<Pick<OperatorDefinition, 'inputRoles'>>;

export const classical = (
  type: string,
  since: readonly number[],
  summary: string,
  facts: Facts,
): OperatorDefinition => ({
  type,
  domain: 'ai.onnx.ml',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx_aionnxml_${type}.html`,
  inputRoles: ['activation'],
  ...facts,
});

/** A table of rows and features; a list is a single row. */
export const tableOf = (context: OperatorContext): { readonly rows: Dim; readonly features: Dim } => {
  const { shape } = context.input(0);
  const [first, second] = shape;
  if (shape.length === 1) return { rows: 1, features: first as Dim };
  if (shape.length !== 2) context.fail(`an input of ${shape.length} axes, expected rows and features`);
  return { rows: first as Dim, features: second as Dim };
};

/** Number of items of attributes that are lists or tensors; 0 where they are left out. */
export const itemsOf = (context: OperatorContext, ...names: readonly string[]): number => {
  let items = 0;
  for (const name of names) {
    const value = context.attribute(name);
    const isTensor = typeof value === 'object' && 'shape' in value;
    items += isTensor ? value.shape.reduce((all, extent) => all * extent, 1) : context.lengthOf(name);
  }
  return items;
};

export interface Labels {
  readonly count: number;
  readonly dtype: DType;
}

/** The classes that a classifier names: numbers or texts. */
export const labelsOf = (context: OperatorContext, numbers: string): Labels => {
  const texts = itemsOf(context, 'classlabels_strings');
  return texts > 0 ? { count: texts, dtype: 'string' } : { count: itemsOf(context, numbers), dtype: 'int64' };
};

/**
 * Operations on each score: LOGISTIC is 1 / (1 + exp(-x)); SOFTMAX a comparison, a subtraction, an exponential, an
 * addition and a division; PROBIT the inverse of the normal distribution after Winitzki: a logarithm, two roots and 14
 * operations around them.
 */
const POST_TRANSFORMS: Readonly<Record<string, Cost>> = {
  NONE: [0, 0],
  SOFTMAX: [5, 2],
  LOGISTIC: [4, 2],
  SOFTMAX_ZERO: [5, 2],
  PROBIT: [17, 3],
};
/** TreeEnsemble states it by number. */
const NUMBERED = ['NONE', 'SOFTMAX', 'LOGISTIC', 'SOFTMAX_ZERO', 'PROBIT'];

export const postTransform = (context: OperatorContext): Cost => {
  const stated = context.attribute('post_transform') ?? 'NONE';
  const name = typeof stated === 'number' ? (NUMBERED[stated] ?? '') : stated;
  const cost = typeof name === 'string' ? POST_TRANSFORMS[name] : undefined;
  return cost ?? context.fail(`post_transform is ${String(stated)}, which is none`);
};

/** What every score costs after the sums, and the choice of the largest where there are several. */
export const transformed = (
  context: OperatorContext,
  rows: Integer,
  scores: number,
): { readonly flops: Integer; readonly transcendentals: Integer } => {
  const [flops, transcendentals] = postTransform(context);
  const all = multiply(rows, scores);
  return { flops: multiply(all, flops), transcendentals: multiply(all, transcendentals) };
};
