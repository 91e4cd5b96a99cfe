/**
 * Pad. Spec: https://onnx.ai/onnx/operators/onnx__Pad.html, opsets 1, 2, 11, 13, 18, 19, 21, 23, 24, 25.
 * Widens axes by constants or copies of what is there; negative widths cut. The widths are an
 * attribute up to opset 2 and an input from 11 on. No arithmetic.
 * Known gap: the optional list of axes (opset 18) is not read.
 */
import type { Dim } from '../ir/graph.ts';
import { ZERO_COUNT } from '../units/count.ts';
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
      const rank = shape.length;
      if (context.hasInput(3)) context.fail('a list of axes is not supported');
      const widths = context.hasInput(1)
        ? (context.input(1).values ?? context.fail('the widths are not a constant'))
        : context.integers('pads');
      if (widths.length !== 2 * rank) context.fail(`${widths.length} widths do not fit ${rank} axes`);
      const padded = shape.map((dim, axis): Dim => {
        const width = (widths[axis] as number) + (widths[axis + rank] as number);
        if (width === 0) return dim;
        if (typeof dim !== 'number') return context.fail('the axis that carries the batch is padded');
        return dim + width >= 0 ? dim + width : context.fail(`axis ${axis} of ${dim} is cut by ${-width}`);
      });
      return [{ shape: padded, dtype }];
    },
    work: () => ({
      macs: ZERO_COUNT,
      flops: ZERO_COUNT,
      transcendentals: ZERO_COUNT,
      treatment: { kind: 'costed' },
    }),
  },
];
