import type { OperatorDefinition } from '../../src/ops/definition.ts';
import { integers, N, type OperatorSample, runDefinition } from '../ops/one-operator.ts';

const FEATURE = [N, 8, 6, 6];
const TOKENS = [N, 10, 16];

/** Operands with which an operator runs, by `domain:type`. An operator that runs on one or two plain tensors needs none. */
const SAMPLES: Readonly<Record<string, OperatorSample>> = {
  ':AveragePool': { operands: [FEATURE], attributes: { kernel_shape: [2, 2] } },
  ':BatchNormalization': { operands: [FEATURE, [8], [8], [8], [8]] },
  ':Clip': { operands: [FEATURE, [], []] },
  ':Concat': { operands: [FEATURE, FEATURE, [N, 3, 6, 6]], attributes: { axis: 1 } },
  ':Conv': { operands: [FEATURE, [12, 4, 3, 3], [12]], attributes: { group: 2, pads: [1, 1, 1, 1] } },
  ':Gather': { operands: [TOKENS, { shape: [], dtype: 'int64', values: [0] }], attributes: { axis: 1 } },
  ':Gemm': { operands: [[N, 8], [5, 8], [5]], attributes: { transB: 1 } },
  ':LayerNormalization': { operands: [TOKENS, [16], [16]] },
  ':MatMul': {
    operands: [
      [N, 2, 10, 16],
      [N, 2, 16, 10],
    ],
  },
  ':MaxPool': { operands: [FEATURE], attributes: { kernel_shape: [3, 3], strides: [2, 2] } },
  ':Pad': { operands: [FEATURE, integers(0, 0, 1, 1, 0, 0, 1, 1)] },
  ':ReduceMean': { operands: [FEATURE, integers(2, 3)] },
  ':Reshape': { operands: [FEATURE, integers(0, 8, -1)] },
  ':Split': { operands: [FEATURE], attributes: { axis: 1 }, outputs: 2 },
  ':Transpose': { operands: [TOKENS], attributes: { perm: [0, 2, 1] } },
};

const PLAIN: readonly OperatorSample[] = [
  { operands: [FEATURE] },
  { operands: [FEATURE, FEATURE] },
  { operands: [TOKENS] },
];

const runs = (definition: OperatorDefinition, sample: OperatorSample): boolean => {
  try {
    runDefinition(definition, sample);
    return true;
  } catch {
    return false;
  }
};

/** Operands for the shared suite; throws for an operator that needs a row in the table and has none. */
export const sampleFor = (definition: OperatorDefinition): OperatorSample => {
  const key = `${definition.domain}:${definition.type}`;
  const sample = SAMPLES[key] ?? PLAIN.find((candidate) => runs(definition, candidate));
  if (sample === undefined) throw new Error(`add operands for "${key}" to test/conformance/operator-samples.ts`);
  return sample;
};
