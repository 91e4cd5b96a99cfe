/**
 * Tables of signal processing. Specs: https://onnx.ai/onnx/operators/ (HannWindow, HammingWindow, BlackmanWindow,
 * MelWeightMatrix), opset 17. Operations per element:
 *   Hann, Hamming    a - b cos(c n): multiply, cos, multiply, subtract           4, one of them transcendental
 *   Blackman         a - b cos(c n) + d cos(2 c n): the same twice               8, two of them transcendental
 *   MelWeightMatrix  two sides of a triangle (subtract, divide), min and max     6, two of them transcendental
 * Known gap: converting the edges of the mel bins is not counted; it happens once for a bin.
 */
import type { Dim } from '../ir/graph.ts';
import { add, floorDivide } from '../units/integer.ts';
import { statedDtype } from './data-types.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { type Cost, pointwiseWork } from './pointwise.ts';
import { countText, OPEN_SCALAR } from './table-texts.ts';

/** The number that input `index` is; an open dimension where only data decides. */
const extent = (context: OperatorContext, index: number, what: string): Dim => {
  const [value, second] = context.input(index).values ?? [];
  if (value === undefined) return context.dataDependent(what);
  const isExtent = typeof value !== 'number' || (Number.isSafeInteger(value) && value >= 0);
  return isExtent && second === undefined ? value : context.fail(`${what}: expected one whole number of 0 or more`);
};

const MEL: Cost = [6, 2];

const shared = { domain: '', since: [17], class: 'other', fusion: 'opaque', inputRoles: ['setting'] } as const;

const window = (type: string, summary: string, cost: Cost): OperatorDefinition => ({
  ...shared,
  type,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape: 'a list of the size that is asked for', work: countText(cost), notes: OPEN_SCALAR },
  infer: (context) => [{ shape: [extent(context, 0, 'size')], dtype: statedDtype(context, 'output_datatype', 'fp32') }],
  work: (context) => pointwiseWork(context, cost),
});

export const operators: readonly OperatorDefinition[] = [
  window('HannWindow', 'The Hann window: a raised cosine', [4, 1]),
  window('HammingWindow', 'The Hamming window: a raised cosine that does not reach 0', [4, 1]),
  window('BlackmanWindow', 'The Blackman window: a sum of two cosines', [8, 2]),
  {
    ...shared,
    type: 'MelWeightMatrix',
    summary: 'Triangles that sum a spectrum to mel bins',
    specification: 'https://onnx.ai/onnx/operators/onnx__MelWeightMatrix.html',
    table: {
      shape: 'floor(dft_length / 2) + 1 by num_mel_bins',
      work: countText(MEL),
      notes: 'every bin at every frequency; converting the edges is not counted',
    },
    infer: (context) => {
      const bins = extent(context, 0, 'num_mel_bins');
      const spectrum = add(floorDivide(extent(context, 1, 'dft_length'), 2), 1);
      return [{ shape: [spectrum, bins], dtype: statedDtype(context, 'output_datatype', 'fp32') }];
    },
    work: (context) => ({
      ...pointwiseWork(context, MEL),
      treatment: { kind: 'approximated', reason: 'every bin is taken to be evaluated at every frequency' },
    }),
  },
];
