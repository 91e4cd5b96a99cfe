/**
 * Contractions with what ONNX Runtime fuses to them. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (FusedConv, FusedGemm, FusedMatMul,
 * TransposeMatMul, FusedMatMulActivation, GemmFastGelu, MatMulInteger16,
 * ConvTransposeWithDynamicPads), one version. Work is that of the plain operator, of the sum with
 * Z, of the factor alpha of FusedMatMul (one per output; 1 is free) and of the activation.
 */
import type { Dim, Shape } from '../ir/graph.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { contrib, isSet, reshapedTo, type WrittenOut } from './microsoft.ts';
import { scaledSilu } from './microsoft-activation.ts';
import { findPlain, plain } from './plain.ts';
import type { PlainSteps } from './plain-steps.ts';
import { CONVOLVED, MULTIPLIED } from './table-texts.ts';

/** The activation that the attribute `activation` names, on the output of the steps before. */
export const fusedActivation = (context: OperatorContext, steps: PlainSteps, input: TensorType): TensorType => {
  const name = context.text('activation', '');
  if (name === '' || name.toLowerCase() === 'none') return input;
  if (name === 'QuickGelu') return scaledSilu(steps, input, context.integer('alpha', 1.702));
  const definition = findPlain(name);
  if (definition === undefined) {
    steps.approximate(`the activation "${name}" that is fused to it is not known and not counted`);
    return input;
  }
  const limit = reshapedTo([], input);
  return steps.apply(definition, name === 'Clip' ? [input, limit, limit] : [input]);
};

/** Convolution with bias, an addend and an activation, on operands in the layout of the plain one. */
export const fusedConv = (
  context: OperatorContext,
  steps: PlainSteps,
  input: TensorType,
  addend: TensorType | undefined,
): TensorType => {
  const { attributes } = context.node;
  const convolved = steps.apply(plain('Conv'), [input, context.input(1), context.optionalInput(2)], attributes);
  const sum = addend === undefined ? convolved : steps.apply(plain('Add'), [convolved, addend]);
  return fusedActivation(context, steps, sum);
};

/** `transBatch` moves the first axis behind the batch axes; `trans` exchanges the last two. */
const transposed = (context: OperatorContext, shape: Shape, side: 'A' | 'B'): Shape => {
  if (shape.length < 2) return shape;
  const moved = isSet(context, `transBatch${side}`)
    ? [...shape.slice(1, -1), shape[0] as Dim, shape.at(-1) as Dim]
    : shape;
  return isSet(context, `trans${side}`) ? [...moved.slice(0, -2), moved.at(-1) as Dim, moved.at(-2) as Dim] : moved;
};

const fusedMatMul = (context: OperatorContext, steps: PlainSteps): TensorType => {
  const operand = (index: 0 | 1): TensorType => {
    const type = context.input(index);
    return reshapedTo(transposed(context, type.shape, index === 0 ? 'A' : 'B'), type);
  };
  const product = steps.apply(plain('MatMul'), [operand(0), operand(1)]);
  if (context.integer('alpha', 1) !== 1) steps.perElement(product.shape, 1);
  return product;
};

const fusedGemm: WrittenOut = (context, steps) => {
  const { attributes } = context.node;
  const product = steps.apply(
    plain('Gemm'),
    [context.input(0), context.input(1), context.optionalInput(2)],
    attributes,
  );
  return [fusedActivation(context, steps, product)];
};

const MATRICES = { fusion: 'contraction', inputRoles: ['activation', 'activation'] } as const;
const WEIGHTED = { fusion: 'contraction', inputRoles: ['activation', 'weight', 'weight'] } as const;

const UNKNOWN_ACTIVATION = 'an activation that is not known is not counted';
const TRANSPOSED = '...×M×K by ...×K×N to ...×M×N, either transposed';
const SCALED_PRODUCT = 'as MatMul; 1 per output where alpha is not 1';

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'FusedConv',
    {
      summary: 'Convolution with a bias, an addend and an activation',
      table: { shape: CONVOLVED, work: 'as Conv, then Add of Z, then its activation', notes: UNKNOWN_ACTIVATION },
      fusion: 'contraction',
      inputRoles: ['activation', 'weight', 'weight', 'activation'],
    },
    (context, steps) => [fusedConv(context, steps, context.input(0), context.optionalInput(3))],
  ),
  contrib(
    'FusedGemm',
    {
      ...WEIGHTED,
      summary: 'Matrix product with bias and an activation',
      table: { shape: 'as Gemm', work: 'as Gemm, then its activation', notes: UNKNOWN_ACTIVATION },
    },
    fusedGemm,
  ),
  contrib(
    'FusedMatMul',
    {
      ...MATRICES,
      summary: 'Matrix product of transposed operands with a factor',
      table: { shape: TRANSPOSED, work: SCALED_PRODUCT },
    },
    (context, steps) => [fusedMatMul(context, steps)],
  ),
  contrib(
    'TransposeMatMul',
    { ...MATRICES, summary: 'The older name of FusedMatMul', table: { shape: TRANSPOSED, work: SCALED_PRODUCT } },
    (context, steps) => [fusedMatMul(context, steps)],
  ),
  contrib(
    'FusedMatMulActivation',
    {
      ...MATRICES,
      summary: 'Matrix product of transposed operands with an activation',
      table: { shape: TRANSPOSED, work: 'as FusedMatMul, then its activation', notes: UNKNOWN_ACTIVATION },
    },
    (context, steps) => [fusedActivation(context, steps, fusedMatMul(context, steps))],
  ),
  contrib(
    'GemmFastGelu',
    {
      ...WEIGHTED,
      summary: 'Matrix product with bias and the tanh form of GELU',
      table: { shape: MULTIPLIED, work: 'as MatMul, Add of the bias, then Gelu in its tanh form' },
    },
    (context, steps) => {
      const product = steps.apply(plain('MatMul'), [context.input(0), context.input(1)]);
      const bias = context.optionalInput(2);
      const sum = bias === undefined ? product : steps.apply(plain('Add'), [product, bias]);
      return [steps.apply(plain('Gelu'), [sum], { approximate: 'tanh' })];
    },
  ),
  contrib(
    'MatMulInteger16',
    { ...MATRICES, summary: 'Matrix product of 16-bit integers', table: { shape: MULTIPLIED, work: 'as MatMul' } },
    (context, steps) => {
      const { shape } = steps.apply(plain('MatMul'), [context.input(0), context.input(1)]);
      return [{ shape, dtype: 'int32' }];
    },
  ),
  contrib(
    'ConvTransposeWithDynamicPads',
    {
      summary: 'Transposed convolution whose padding is an input',
      table: {
        shape: 'as ConvTranspose, padding from the third input',
        work: 'as ConvTranspose',
        notes: 'open where the padding depends on data',
      },
      class: 'transposed-conv',
      fusion: 'contraction',
      inputRoles: ['activation', 'weight', 'setting', 'weight'],
    },
    (context, steps) => {
      const { attributes } = context.node;
      const pads = context.hasInput(2) ? { pads: context.numbers(2, 'the padding') } : {};
      const operands = [context.input(0), context.input(1), context.optionalInput(3)];
      return [steps.apply(plain('ConvTranspose'), operands, { ...attributes, ...pads })];
    },
  ),
];
