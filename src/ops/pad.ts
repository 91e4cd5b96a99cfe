/**
 * Pad. Spec: https://onnx.ai/onnx/operators/onnx__Pad.html, opsets 1, 2, 11, 13, 18, 19, 21, 23, 24, 25.
 * Widens axes by constants or copies of what is there; negative widths cut. The widths are an
 * attribute up to opset 2 and an input from 11 on. No arithmetic.
 */
import type { Dim } from '../ir/graph.ts';
import { formatShape } from '../ir/shape.ts';
import { add, formatInteger, type Integer, negate } from '../units/integer.ts';
import type { OperatorDefinition } from './definition.ts';

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Pad',
    domain: '',
    since: [1, 2, 11, 13, 18, 19, 21, 23, 24, 25],
    summary: 'Widens axes at their ends',
    specification: 'https://onnx.ai/onnx/operators/onnx__Pad.html',
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      const axes = context.hasInput(3)
        ? context.numbers(3, 'the list of axes').map((axis) => context.axis(axis, shape.length))
        : [...shape.keys()];
      // Opset 1 called the attribute `paddings`.
      const widths = context.hasInput(1)
        ? context.values(1, 'the list of widths')
        : context.integers('pads', context.integers('paddings', []));
      if (widths.length !== 2 * axes.length) context.fail(`${widths.length} widths do not fit ${axes.length} axes`);
      const padded = [...shape];
      axes.forEach((axis, index) => {
        const width = add(widths[index] as Integer, widths[index + axes.length] as Integer);
        const extent = add(shape[axis] as Dim, width);
        if (typeof extent === 'number' && extent < 0) {
          context.fail(
            `axis ${axis} of ${formatShape([shape[axis] as Dim])} is cut by ${formatInteger(negate(width))}`,
          );
        }
        padded[axis] = extent;
      });
      return [{ shape: padded, dtype }];
    },
    work: () => ({
      macs: 0,
      flops: 0,
      transcendentals: 0,
      treatment: { kind: 'costed' },
    }),
  },
];
