/**
 * RotaryEmbedding. Spec: https://onnx.ai/onnx/operators/onnx__RotaryEmbedding.html, opset 23.
 * Each pair of channels is rotated by a position's angle: four products, a difference and a sum
 * per pair, 3 operations per rotated element. `rotary_embedding_dim` may rotate only the first
 * channels of each head. Sine and cosine come from tables.
 */
import type { Dim } from '../ir/graph.ts';
import { divideExactly, multiply, product } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { countText, SAME_SHAPE } from './table-texts.ts';

const FLOPS_PER_ROTATED_ELEMENT = 3;

/** Elements that are rotated. */
const rotated = (context: OperatorContext): Dim => {
  const { shape } = context.input(0);
  const part = context.integer('rotary_embedding_dim', 0);
  if (shape.length === 4) return product([...shape.slice(0, 3), part > 0 ? part : (shape[3] as Dim)]);
  if (shape.length !== 3) return context.fail(`an input of ${shape.length} axes, expected 3 or 4`);
  if (part === 0) return product(shape);
  const heads = context.integer('num_heads');
  const hidden = shape[2] as Dim;
  if (heads < 1 || (typeof hidden === 'number' && divideExactly(hidden, heads) === undefined)) {
    context.fail(`the channels do not divide into ${heads} heads`);
  }
  return product([...shape.slice(0, 2), multiply(part, heads)]);
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'RotaryEmbedding',
    domain: '',
    since: [23],
    summary: 'Rotates pairs of channels by the angle of their position',
    specification: 'https://onnx.ai/onnx/operators/onnx__RotaryEmbedding.html',
    table: { shape: SAME_SHAPE, work: countText([FLOPS_PER_ROTATED_ELEMENT, 0], 'rotated element') },
    class: 'elementwise',
    fusion: 'pointwise',
    inPlace: true,
    inputRoles: ['activation', 'statistic', 'statistic', 'setting'],
    infer: (context) => {
      rotated(context);
      const { shape, dtype } = context.input(0);
      return [{ shape, dtype }];
    },
    work: (context) => ({
      macs: 0,
      flops: multiply(rotated(context), FLOPS_PER_ROTATED_ELEMENT),
      transcendentals: 0,
      treatment: { kind: 'costed' },
    }),
  },
];
