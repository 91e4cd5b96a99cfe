/**
 * Gemm. Spec: https://onnx.ai/onnx/operators/onnx__Gemm.html, opsets 1, 6, 7, 9, 11, 13.
 * Y = alpha x A' B' + beta x C with A (M, K), B (K, N), either transposed.
 */
import type { Dim } from '../ir/graph.ts';
import { contractionWork } from './contraction.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import type { LoopNest } from './nest.ts';

const loopNest = (context: OperatorContext): LoopNest => {
  const a = context.input(0).shape;
  const b = context.input(1).shape;
  if (a.length !== 2 || b.length !== 2) context.fail(`both operands must be matrices`);
  const [rows, inner] = context.integer('transA', 0) === 1 ? [a[1], a[0]] : [a[0], a[1]];
  const [innerB, columns] = context.integer('transB', 0) === 1 ? [b[1], b[0]] : [b[0], b[1]];
  const depth = context.agree(inner as Dim, innerB as Dim, 'inner extents');
  const index = (dim: string) => [{ dim, step: 1 }];
  return {
    dims: [
      { name: 'M', extent: rows ?? 1 },
      { name: 'N', extent: columns ?? 1 },
      { name: 'K', extent: depth },
    ],
    input: [index('M'), index('K')],
    weight: [index('K'), index('N')],
    output: [index('M'), index('N')],
  };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Gemm',
    domain: '',
    since: [1, 6, 7, 9, 11, 13],
    summary: 'Matrix product with bias: the fully connected layer',
    specification: 'https://onnx.ai/onnx/operators/onnx__Gemm.html',
    fusion: 'contraction',
    inputRoles: ['activation', 'weight', 'weight'],
    infer: (context) => {
      const { dims } = loopNest(context);
      return [{ shape: [dims[0]?.extent ?? 1, dims[1]?.extent ?? 1], dtype: context.input(0).dtype }];
    },
    work: (context) => contractionWork(context, loopNest(context), context.hasInput(2)),
  },
];
