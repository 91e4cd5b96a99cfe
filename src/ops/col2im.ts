/**
 * Col2Im. Spec: https://onnx.ai/onnx/operators/onnx__Col2Im.html, opset 18. Adds blocks up to an image where they overlap:
 * one addition per element of the blocks, the first ones to zeros.
 */
import type { Dim } from '../ir/graph.ts';
import { elementCount, formatShape } from '../ir/shape.ts';
import { divideExactly, floorDivide, product } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { statedExtents } from './stated-extents.ts';
import { OPEN_LIST } from './table-texts.ts';
import { windowGeometry } from './window.ts';

const imageShape = (context: OperatorContext): readonly Dim[] => {
  const { shape } = context.input(0);
  const [items, columns, blocks] = shape;
  if (shape.length !== 3) context.fail(`an input of ${shape.length} axes, expected items, columns and blocks`);
  const image = statedExtents(context, 1);
  if (context.input(2).values === undefined) return [items as Dim, context.dataDependent('channels'), ...image];
  const block = statedExtents(context, 2, 1);
  if (block.length !== image.length) context.fail(`a block of ${block.length} axes in an image of ${image.length}`);
  const size = product(block);
  const channels = divideExactly(columns as Dim, size);
  if (channels === undefined && typeof columns === 'number' && typeof size === 'number') {
    context.fail(`${columns} columns do not divide into blocks of ${formatShape(block)}`);
  }
  const kernel = block.filter((extent) => typeof extent === 'number');
  if (kernel.length === block.length) {
    const { outputExtents } = windowGeometry(context, image, kernel);
    context.agree(blocks as Dim, product(outputExtents), 'blocks of the input and places for them in the image');
  }
  return [items as Dim, channels ?? floorDivide(columns as Dim, size), ...image];
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Col2Im',
    domain: '',
    since: [18],
    summary: 'Adds blocks up to an image; the fold of PyTorch',
    specification: 'https://onnx.ai/onnx/operators/onnx__Col2Im.html',
    table: { shape: 'N×(C × block)×blocks to N×C×image', work: '1 per input element', notes: OPEN_LIST },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => [{ shape: imageShape(context), dtype: context.input(0).dtype }],
    work: (context) => ({
      macs: 0,
      flops: elementCount(context.input(0).shape),
      transcendentals: 0,
      treatment: { kind: 'costed' },
    }),
  },
];
