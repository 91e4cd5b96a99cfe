/**
 * Det. Spec: https://onnx.ai/onnx/operators/onnx__Det.html, opsets 11, 22.
 * The specification leaves the method open. Counted as an LU decomposition of each n x n matrix:
 * n (n - 1) / 2 divisions, (n - 1) n (2n - 1) / 6 products with a subtraction each, and the product
 * of the diagonal, n - 1. Row exchanges are not counted.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { floorDivide, multiply, product, subtract, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';

const matrices = (context: OperatorContext): { readonly leading: readonly Dim[]; readonly extent: Dim } => {
  const { shape } = context.input(0);
  if (shape.length < 2) context.fail(`an input of ${shape.length} axes, expected 2 or more`);
  const extent = context.agree(shape.at(-2) as Dim, shape.at(-1) as Dim, 'rows and columns of a square matrix');
  return { leading: shape.slice(0, -2), extent };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Det',
    domain: '',
    since: [11, 22],
    summary: 'Determinant of square matrices',
    specification: 'https://onnx.ai/onnx/operators/onnx__Det.html',
    table: {
      shape: '...×n×n to ...',
      work: 'LU decomposition, about 2 n^3 / 3 per matrix',
      notes: 'the method is left open; row exchanges are not counted',
    },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation'],
    infer: (context) => [{ shape: matrices(context).leading, dtype: context.input(0).dtype }],
    work: (context) => {
      const { leading, extent } = matrices(context);
      const less = subtract(extent, 1);
      const divisions = floorDivide(multiply(extent, less), 2);
      const updates = floorDivide(product([less, extent, subtract(multiply(extent, 2), 1)]), 6);
      const count = elementCount(leading);
      return {
        macs: 0,
        flops: multiply(count, sum([divisions, multiply(updates, 2), less])),
        transcendentals: multiply(count, divisions),
        treatment: { kind: 'approximated', reason: 'counted as an LU decomposition; the method is left open' },
      };
    },
  },
];
