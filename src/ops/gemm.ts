/**
 * Gemm. Spec: https://onnx.ai/onnx/operators/onnx__Gemm.html, opsets 1, 6, 7, 9, 11, 13.
 * Y = alpha x A' B' + beta x C with A (M, K), B (K, N), either transposed. C broadcasts to (M, N)
 * (up to opset 6 where `broadcast` asks for it, which changes no count) and may be left out from
 * opset 11 on. Adding C is one operation per output; alpha other than 1 costs one more per
 * output, beta one per element of C.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import { elementCount, formatShape } from '../ir/shape.ts';
import { add } from '../units/integer.ts';
import { contractionWork } from './contraction.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import type { LoopNest } from './nest.ts';

/** Extents of a product of two matrices, either transposed, at inputs `left` and `right`. */
const matrixExtents = (context: OperatorContext, left: number, right: number): readonly [Dim, Dim, Dim] => {
  const a = context.input(left).shape;
  const b = context.input(right).shape;
  if (a.length !== 2 || b.length !== 2) {
    context.fail(`operands of shape ${formatShape(a)} and ${formatShape(b)}: expected two matrices`);
  }
  const [rows, inner] = context.integer('transA', 0) !== 0 ? [a[1], a[0]] : [a[0], a[1]];
  const [innerB, columns] = context.integer('transB', 0) !== 0 ? [b[1], b[0]] : [b[0], b[1]];
  const depth = context.agree(inner as Dim, innerB as Dim, 'inner extents');
  return [rows as Dim, columns as Dim, depth];
};

export const gemmShape = (context: OperatorContext, left = 0, right = 1): Shape =>
  matrixExtents(context, left, right).slice(0, 2);

export const gemmNest = (context: OperatorContext, left = 0, right = 1): LoopNest => {
  const [rows, columns, depth] = matrixExtents(context, left, right);
  const index = (dim: string) => [{ dim, step: 1 }];
  return {
    dims: [
      { name: 'M', extent: rows },
      { name: 'N', extent: columns },
      { name: 'K', extent: depth },
    ],
    input: [index('M'), index('K')],
    weight: [index('K'), index('N')],
    output: [index('M'), index('N')],
  };
};

/** Shape of C, held to broadcast to the output and not the other way round. */
const checkAddend = (context: OperatorContext, addend: Shape, output: Shape): void => {
  const text = (): string => `C of shape ${formatShape(addend)} does not broadcast to ${formatShape(output)}`;
  const axes = addend.slice(-2);
  // Before broadcasting was NumPy's, exporters also wrote leading extents of 1.
  if (addend.length > 2 && addend.slice(0, -2).some((dim) => dim !== 1)) context.fail(text());
  axes.forEach((dim, axis) => {
    const extent = output[axis + output.length - axes.length] as Dim;
    if (dim === 1) return;
    if (typeof dim === 'number' && typeof extent === 'number' && dim !== extent) context.fail(text());
    context.broadcast(dim, extent);
  });
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Gemm',
    domain: '',
    since: [1, 6, 7, 9, 11, 13],
    summary: 'Matrix product with bias: the fully connected layer',
    specification: 'https://onnx.ai/onnx/operators/onnx__Gemm.html',
    table: {
      shape: 'M×K by K×N to M×N, either transposed',
      work: 'MACs: M × N × K; 1 per output with C, with an alpha; 1 per C with a beta',
    },
    fusion: 'contraction',
    inputRoles: ['activation', 'weight', 'weight'],
    infer: (context) => {
      const shape = gemmShape(context);
      const addend = context.optionalInput(2);
      if (addend !== undefined) checkAddend(context, addend.shape, shape);
      return [{ shape, dtype: context.input(0).dtype }];
    },
    work: (context) => {
      const addend = context.optionalInput(2);
      const work = contractionWork(context, gemmNest(context), addend !== undefined);
      const number = (name: string): unknown => context.attribute(name) ?? 1;
      let { flops } = work;
      if (number('alpha') !== 1) flops = add(flops, elementCount(context.output(0).shape));
      if (addend !== undefined && number('beta') !== 1) flops = add(flops, elementCount(addend.shape));
      return { ...work, flops };
    },
  },
];
