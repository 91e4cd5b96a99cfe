/**
 * BatchNormalization at inference. Spec: https://onnx.ai/onnx/operators/onnx__BatchNormalization.html,
 * opsets 1, 6, 7, 9, 14, 15. With the statistics fixed it is one multiply and one add per
 * element; the per-channel scale and shift are constants computed when the model is loaded.
 */
import { elementCount } from '../ir/shape.ts';
import { multiply } from '../units/integer.ts';
import type { OperatorDefinition } from './definition.ts';

const FLOPS_PER_ELEMENT = 2;

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'BatchNormalization',
    domain: '',
    since: [1, 6, 7, 9, 14, 15],
    summary: 'Per-channel scale and shift by fixed statistics',
    specification: 'https://onnx.ai/onnx/operators/onnx__BatchNormalization.html',
    class: 'normalization',
    fusion: 'pointwise',
    foldable: true,
    inPlace: true,
    inputRoles: ['activation', 'weight', 'weight', 'statistic', 'statistic'],
    infer: (context) => {
      const { shape, dtype } = context.input(0);
      // A tensor of one axis has one channel.
      context.agree(shape[1] ?? 1, context.input(1).shape[0] ?? 1, 'channels of the input and of the scale');
      return [{ shape, dtype }];
    },
    work: (context) => {
      const flops = multiply(elementCount(context.output(0).shape), FLOPS_PER_ELEMENT);
      return {
        macs: 0,
        flops,
        transcendentals: 0,
        // fvcore: 2 per element for a BatchNorm in eval mode with scale and shift.
        fvcoreCount: flops,
        treatment: { kind: 'costed' },
      };
    },
  },
];
