/**
 * ImageDecoder. Spec: https://onnx.ai/onnx/operators/onnx__ImageDecoder.html, opset 20. Height and width stand in the
 * encoded image: they are open dimensions, `<node>.height` and `<node>.width`.
 * Known gap: what decoding computes depends on the format and the data, and is not counted; the bytes are.
 */
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { MOVES_DATA } from './table-texts.ts';
import { DATA_MOVEMENT } from './work.ts';

const channelsOf = (context: OperatorContext): number => {
  const format = context.text('pixel_format', 'RGB');
  if (format === 'RGB' || format === 'BGR') return 3;
  return format === 'Grayscale' ? 1 : context.fail(`pixel_format is "${format}", expected RGB, BGR or Grayscale`);
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'ImageDecoder',
    domain: '',
    since: [20],
    summary: 'Decodes an image file',
    specification: 'https://onnx.ai/onnx/operators/onnx__ImageDecoder.html',
    table: {
      shape: 'height×width×channels',
      work: MOVES_DATA,
      notes: 'decoding is not counted; data decides on height and width',
    },
    class: 'other',
    fusion: 'opaque',
    inputRoles: ['activation'],
    infer: (context) => {
      context.input(0);
      const channels = channelsOf(context);
      return [{ shape: [context.dataDependent('height'), context.dataDependent('width'), channels], dtype: 'uint8' }];
    },
    work: () => ({
      ...DATA_MOVEMENT,
      treatment: { kind: 'approximated', reason: 'decoding is not counted: it depends on the format and the data' },
    }),
  },
];
