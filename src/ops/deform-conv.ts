/**
 * DeformConv. Spec: https://onnx.ai/onnx/operators/onnx__DeformConv.html, opsets 19, 22.
 * A convolution whose taps read between the positions of the input. Beside its multiply-accumulates,
 * over n spatial axes:
 *   per place read (offset group, tap, output position): add the offset, floor, fraction and its
 *     complement on every axis (4 n), and 2^n corner weights of n - 1 products each
 *   per value read (channel, tap, output position): 2^n products and their sum (2^(n+1) - 1), and
 *     one product more with a mask
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount } from '../ir/shape.ts';
import { add, multiply, product } from '../units/integer.ts';
import { contractionWork } from './contraction.ts';
import { type ConvGeometry, convGeometry, convNest, convShape } from './conv.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';
import { CONVOLVED, IN_PADDING } from './table-texts.ts';

const OPERANDS = { input: 0, weight: 1, bias: 3 };

const geometry = (context: OperatorContext): ConvGeometry & { readonly offsetGroups: number } => {
  const found = convGeometry(context, OPERANDS);
  const { batch, kernel, outputExtents } = found;
  const offsetGroups = context.integer('offset_group', 1);
  if (offsetGroups < 1) context.fail(`offset_group is ${offsetGroups}, expected 1 or more`);
  const taps = kernel.reduce((all, extent) => all * extent, 1);
  const expected = (perTap: number): readonly Dim[] => [batch, offsetGroups * taps * perTap, ...outputExtents];
  for (const [name, index, extents] of [
    ['offset', 2, expected(kernel.length)],
    ['mask', 4, expected(1)],
  ] as const) {
    const { shape } = (name === 'mask' ? context.optionalInput(index) : context.input(index)) ?? {};
    if (shape === undefined) continue;
    if (shape.length !== extents.length) context.fail(`${name} has ${shape.length} axes, expected ${extents.length}`);
    for (const [axis, dim] of shape.entries()) context.agree(dim, extents[axis] as Dim, `${name}, axis ${axis}`);
  }
  return { ...found, offsetGroups };
};

const sampledWork = (context: OperatorContext): OperatorWork => {
  const found = geometry(context);
  const { batch, groups, channelsPerGroup, kernel, outputExtents, offsetGroups } = found;
  const work = contractionWork(context, convNest(found), context.hasInput(3));
  const axes = kernel.length;
  const corners = 2 ** axes;
  const places = multiply(elementCount([batch, ...outputExtents]), elementCount(kernel));
  const perPlace = 4 * axes + corners * (axes - 1);
  const perValue = 2 * corners - 1 + (context.hasInput(4) ? 1 : 0);
  const sampling = add(
    multiply(places, offsetGroups * perPlace),
    product([places, groups, channelsPerGroup, perValue]),
  );
  return { ...work, flops: add(work.flops, sampling) };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'DeformConv',
    domain: '',
    since: [19, 22],
    summary: 'Convolution whose taps are moved by offsets and read by linear interpolation',
    specification: 'https://onnx.ai/onnx/operators/onnx__DeformConv.html',
    table: {
      shape: CONVOLVED,
      work: 'MACs as of Conv; linear interpolation of each tap; 1 with bias',
      notes: IN_PADDING,
    },
    fusion: 'contraction',
    inputRoles: ['activation', 'weight', 'activation', 'weight', 'activation'],
    infer: (context) => [{ shape: convShape(geometry(context)), dtype: context.input(0).dtype }],
    work: sampledWork,
  },
];
