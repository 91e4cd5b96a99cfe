/**
 * Products with weights stored in a few bits. Specs:
 * https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (MatMulNBits, MatMulBnb4,
 * MatMulFpQ4, MatMulBlockQuantizedFp8Weight, MatMulBlockQuantizedFp4Weight, MatMulPacked,
 * MatMulNBitsQkv, MatMulNBitsMlp, MatMulNBitsQLoRA, RouterGateUpProj, GatherBlockQuantized),
 * one version. The product runs in the type of the activation. Unpacking the weights is not
 * counted, as nothing is that is done to stored numbers alone.
 * Weights that stand packed count as parameters by the numbers that they hold; scales are none.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { type Integer, multiply, product } from '../units/integer.ts';
import { shareOf } from './attention-heads.ts';
import type { OperandRole, OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { contrib, reshapedTo, type WrittenOut } from './microsoft.ts';
import { scaledSilu } from './microsoft-activation.ts';
import { findPlain, plain } from './plain.ts';
import type { PlainSteps } from './plain-steps.ts';
/** `input` times a weight of `depth` by `columns`, with a bias. */
export const projection = (
  context: OperatorContext,
  steps: PlainSteps,
  input: TensorType,
  { depth, columns, bias }: { readonly depth: Dim; readonly columns: Dim; readonly bias?: number },
): TensorType => {
  const result = steps.apply(plain('MatMul'), [input, reshapedTo([depth, columns], input)]);
  const addend = bias === undefined ? undefined : context.optionalInput(bias);
  return addend === undefined ? result : steps.apply(plain('Add'), [result, reshapedTo([columns], result)]);
};

const nBits =
  (bias: number | undefined): WrittenOut =>
  (context, steps) => {
    const size = { depth: context.integer('K'), columns: context.integer('N') };
    return [projection(context, steps, context.input(0), bias === undefined ? size : { ...size, bias })];
  };

/** Activations of experts and packed products, which name them in their own way. */
export const activated = (steps: PlainSteps, name: string, input: TensorType, alpha: number): TensorType => {
  if (name === 'identity' || name === 'none' || name === '') return input;
  if (name === 'silu' || name === 'swiglu' || name === 'swish') return scaledSilu(steps, input, alpha);
  if (name === 'gelu' || name === 'geglu') return steps.apply(plain('Gelu'), [input], { approximate: 'tanh' });
  if (name === 'relu2' || name === 'relu_squared') {
    return steps.apply(plain('Mul'), [steps.apply(plain('Relu'), [input]), input]);
  }
  const definition = findPlain(`${name.slice(0, 1).toUpperCase()}${name.slice(1)}`);
  if (definition !== undefined) return steps.apply(definition, [input]);
  steps.approximate(`the activation "${name}" is not known and not counted`);
  return input;
};

/** The sum with a residual and the RMS normalization before a fused projection. */
const normalizedInput = (context: OperatorContext, steps: PlainSteps): readonly [TensorType, TensorType] => {
  const input = context.input(0);
  const skip = context.optionalInput(1);
  const sum = skip === undefined ? input : steps.apply(plain('Add'), [input, skip]);
  const scale = context.optionalInput(2);
  const ready = scale === undefined ? sum : steps.apply(plain('RMSNormalization'), [sum, scale]);
  return [ready, sum];
};

const qkv: WrittenOut = (context, steps) => {
  const [input, sum] = normalizedInput(context, steps);
  const depth = context.integer('K');
  const [queries, keys] = [context.integer('Nq'), context.integer('Nkv')];
  return [
    projection(context, steps, input, { depth, columns: queries, bias: 5 }),
    projection(context, steps, input, { depth, columns: keys, bias: 8 }),
    projection(context, steps, input, { depth, columns: keys, bias: 11 }),
    sum,
  ];
};

const mlp: WrittenOut = (context, steps) => {
  const [input, sum] = normalizedInput(context, steps);
  const size = { depth: context.integer('K'), columns: context.integer('N') };
  const gate = projection(context, steps, input, { ...size, bias: 5 });
  const up = projection(context, steps, input, { ...size, bias: 8 });
  return [steps.apply(plain('Mul'), [activated(steps, context.text('activation'), gate, 1), up]), sum];
};

const lora: WrittenOut = (context, steps) => {
  const input = context.input(0);
  const size = { depth: context.integer('K'), columns: context.integer('N') };
  const base = projection(context, steps, input, size);
  const rank = context.input(4).shape[0] as Dim;
  if (context.input(5).shape.includes(0)) return [base];
  const down = projection(context, steps, input, { depth: size.depth, columns: rank });
  const up = projection(context, steps, down, { depth: rank, columns: size.columns });
  return [steps.apply(plain('Add'), [base, up])];
};

/** Weights of columns by depth; in fp4 two of them stand in a byte. */
const blockQuantized =
  (perByte: number, bias: number): WrittenOut =>
  (context, steps) => {
    const input = context.input(0);
    const [columns, packed] = context.input(1).shape;
    if (columns === undefined || packed === undefined) return context.fail('expected a matrix of weights');
    return [projection(context, steps, input, { depth: multiply(packed, perByte), columns, bias })];
  };

/** In whole bytes stand 8 / bits elements each; types of 4 bits are counted one by one. */
const perStored = (context: OperatorContext): number =>
  context.input(0).dtype === 'uint8' ? 8 / context.integer('bits', 4) : 1;

/** Rows of a table that stands in blocks of a few bits: a subtraction and a product per element. */
const gatherBlocks: WrittenOut = (context, steps) => {
  const data = context.input(0);
  const indices = context.input(1);
  const scales = context.input(2);
  const rank = data.shape.length;
  const axis = context.axis(context.integer('gather_axis', 0), rank);
  const blocked = context.axis(context.integer('quantize_axis', 1), rank);
  const perByte = perStored(context);
  const table = data.shape.map((dim, index) => (index === blocked ? multiply(dim, perByte) : dim));
  const shape = [...table.slice(0, axis), ...indices.shape, ...table.slice(axis + 1)];
  steps.perElement(shape, 2);
  return [reshapedTo(shape, scales)];
};

/** Matrices of `depth` by each of the columns, packed at these inputs. */
const packedAt = (depth: Dim, columns: Readonly<Record<number, Dim>>): readonly (Integer | undefined)[] => {
  const elements: (Integer | undefined)[] = [];
  for (const [place, count] of Object.entries(columns)) elements[Number(place)] = multiply(depth, count);
  return elements;
};

/** Weights of K by N at each of these inputs. */
const packedMatrix =
  (...places: readonly number[]) =>
  (context: OperatorContext): readonly (Integer | undefined)[] =>
    packedAt(context.integer('K'), Object.fromEntries(places.map((place) => [place, context.integer('N')])));

// Weights are unpacked to the type of the activation before they are multiplied.
const PACKED = {
  fusion: 'contraction',
  factors: [0],
  inputRoles: ['activation', 'weight', 'setting', 'setting'],
} as const;

const FUSED = { class: 'linear', fusion: 'contraction', factors: [0] } as const;

/** Packed weights, their scales and a bias. */
const PROJECTION: readonly OperandRole[] = ['weight', 'setting', 'weight'];

const WIDENED = '...×K to ...×N';
const UNPACKING = 'unpacking the weights is not counted';

export const operators: readonly OperatorDefinition[] = [
  contrib(
    'MatMulNBits',
    {
      ...PACKED,
      summary: 'Matrix product with weights of 2, 4 or 8 bits, scaled in blocks',
      table: { shape: WIDENED, work: 'as MatMul of K×N, then Add of the bias', notes: UNPACKING },
      inputRoles: ['activation', 'weight', 'setting', 'setting', 'setting', 'weight'],
      packedElements: packedMatrix(1),
    },
    nBits(5),
  ),
  contrib(
    'MatMulBnb4',
    {
      ...PACKED,
      summary: 'Matrix product with weights in FP4 or NF4 blocks',
      packedElements: packedMatrix(1),
      table: { shape: WIDENED, work: 'as MatMul of K×N', notes: UNPACKING },
    },
    nBits(undefined),
  ),
  contrib(
    'MatMulFpQ4',
    {
      ...PACKED,
      summary: 'Matrix product with a blob of 4-bit weights',
      packedElements: (context) => [undefined, product(context.values(2, 'the shape of the weights'))],
      table: { shape: '...×K to ...×N by the third input', work: 'as MatMul of K×N', notes: UNPACKING },
    },
    (context, steps) => {
      const [depth, columns] = context.values(2, 'the shape of the weights');
      if (depth === undefined || columns === undefined) return context.fail('B_shape: expected two extents');
      return [projection(context, steps, context.input(0), { depth, columns })];
    },
  ),
  contrib(
    'MatMulBlockQuantizedFp8Weight',
    {
      ...PACKED,
      summary: 'Matrix product with weights in blocks of fp8',
      table: { shape: '...×K by N×K to ...×N', work: 'as MatMul of K×N, then Add of the bias', notes: UNPACKING },
    },
    blockQuantized(1, 4),
  ),
  contrib(
    'MatMulBlockQuantizedFp4Weight',
    {
      ...PACKED,
      summary: 'Matrix product with weights in blocks of fp4',
      packedElements: (context) => [undefined, multiply(elementCount(context.input(1).shape), 2)],
      table: {
        shape: '...×K by N×K/2 bytes to ...×N',
        work: 'as MatMul of K×N, then Add of the bias',
        notes: UNPACKING,
      },
    },
    blockQuantized(2, 5),
  ),
  contrib(
    'MatMulPacked',
    {
      ...PACKED,
      summary: 'Matrix product with weights in packed blocks, and an activation',
      packedElements: packedMatrix(1),
      table: { shape: WIDENED, work: 'as MatMul of K×N, then its activation', notes: UNPACKING },
    },
    (context, steps) => {
      const [result] = nBits(undefined)(context, steps);
      return result === undefined ? [] : [activated(steps, context.text('activation_type', 'none'), result, 1)];
    },
  ),
  contrib(
    'MatMulNBitsQkv',
    {
      ...FUSED,
      summary: 'Normalization and the three projections of attention',
      table: {
        shape: '...×K to ...×Nq, ...×Nkv twice, and the sum',
        work: 'as Add of the residual, RMSNormalization, 3 MatMul with bias',
        notes: UNPACKING,
      },
      inputRoles: ['activation', 'activation', 'weight', ...PROJECTION, ...PROJECTION, ...PROJECTION],
      packedElements: (context) => {
        const [queries, keys] = [context.integer('Nq'), context.integer('Nkv')];
        return packedAt(context.integer('K'), { 3: queries, 6: keys, 9: keys });
      },
    },
    qkv,
  ),
  contrib(
    'MatMulNBitsMlp',
    {
      ...FUSED,
      summary: 'Normalization and the gated first half of a feed-forward block',
      table: {
        shape: '...×K to ...×N, and the sum',
        work: 'Add of the residual, RMSNormalization, 2 MatMul, activation, Mul',
        notes: UNPACKING,
      },
      inputRoles: ['activation', 'activation', 'weight', ...PROJECTION, ...PROJECTION],
      packedElements: packedMatrix(3, 6),
    },
    mlp,
  ),
  contrib(
    'MatMulNBitsQLoRA',
    {
      ...FUSED,
      summary: 'Matrix product with narrow weights and a low-rank adapter',
      table: { shape: WIDENED, work: 'as MatMul of K×N, of K×r and of r×N, then Add', notes: UNPACKING },
      inputRoles: ['activation', 'weight', 'setting', 'setting', 'weight', 'weight'],
      packedElements: packedMatrix(1),
    },
    lora,
  ),
  contrib(
    'RouterGateUpProj',
    {
      ...FUSED,
      summary: 'One product for the router and the gated first half of an expert',
      table: {
        shape: '...×router, and ...×half of the other columns',
        work: 'as MatMul of both, activation of the gate, then Mul',
      },
      inputRoles: ['activation', 'weight'],
    },
    (context, steps) => {
      const joined = steps.apply(plain('MatMul'), [context.input(0), context.input(1)]);
      const router = context.integer('router_size');
      const lead = joined.shape.slice(0, -1);
      const columns = joined.shape.at(-1) as Dim;
      const rest = typeof columns === 'number' ? columns - router : context.unknown('the width of the weight is open');
      const half = reshapedTo([...lead, shareOf(context, rest, 2, 'columns')], joined);
      const gate = activated(steps, context.text('activation', 'swiglu'), half, context.integer('activation_alpha', 1));
      return [reshapedTo([...lead, router], joined), steps.apply(plain('Mul'), [gate, half])];
    },
  ),
  contrib(
    'GatherBlockQuantized',
    {
      class: 'data-movement',
      fusion: 'opaque',
      summary: 'Looks up rows of a table of a few bits and dequantizes them',
      table: { shape: 'data with the indices in place of the gathered axis', work: '2 per output element' },
      inputRoles: ['weight', 'activation', 'setting', 'setting'],
      packedElements: (context) => {
        const { shape } = context.input(0);
        return [multiply(elementCount(shape), perStored(context))];
      },
    },
    gatherBlocks,
  ),
];
