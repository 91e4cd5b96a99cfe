import type { OperatorDefinition } from '../../src/ops/definition.ts';
import { N, type OperatorSample, runDefinition } from '../ops/one-operator.ts';
import { CONTRACTION_SAMPLES } from './samples-contractions.ts';
import { DATA_MOVEMENT_SAMPLES } from './samples-data-movement.ts';
import { ELEMENTWISE_SAMPLES } from './samples-elementwise.ts';
import { MICROSOFT_SAMPLES } from './samples-microsoft.ts';
import { REDUCTION_SAMPLES } from './samples-reductions.ts';
import { VISION_SAMPLES } from './samples-vision.ts';

const FEATURE = [N, 8, 6, 6];
const TOKENS = [N, 10, 16];

/** Operands with which an operator runs, by `domain:type`. An operator that runs on one or two plain tensors needs none. */
const SAMPLES: Readonly<Record<string, OperatorSample>> = {
  ...CONTRACTION_SAMPLES,
  ...DATA_MOVEMENT_SAMPLES,
  ...ELEMENTWISE_SAMPLES,
  ...MICROSOFT_SAMPLES,
  ...REDUCTION_SAMPLES,
  ...VISION_SAMPLES,
  ':Clip': { operands: [FEATURE, [], []] },
  ':Conv': { operands: [FEATURE, [12, 4, 3, 3], [12]], attributes: { group: 2, pads: [1, 1, 1, 1] } },
  ':Gemm': { operands: [[N, 8], [5, 8], [5]], attributes: { transB: 1 } },
  ':MatMul': {
    operands: [
      [N, 2, 10, 16],
      [N, 2, 16, 10],
    ],
  },
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
