import { N, type OperatorSample } from '../ops/one-operator.ts';

const FEATURE = [N, 8, 6, 6];

/** A table that depends on no item of the batch must be empty to cost nothing that is fixed. */
const NOTHING = { shape: [], dtype: 'int64', values: [0] } as const;

/** Operands of the element-wise operators that do not run on plain tensors alone. */
export const ELEMENTWISE_SAMPLES: Readonly<Record<string, OperatorSample>> = {
  ':BitCast': { operands: [FEATURE], attributes: { to: 6 } },
  ':BitShift': { operands: [FEATURE, FEATURE], attributes: { direction: 'LEFT' } },
  ':BlackmanWindow': { operands: [NOTHING] },
  ':Cast': { operands: [FEATURE], attributes: { to: 10 } },
  ':EyeLike': { operands: [[N, 8]] },
  ':HammingWindow': { operands: [NOTHING] },
  ':HannWindow': { operands: [NOTHING] },
  ':Max': { operands: [FEATURE, FEATURE, [8, 1, 1]] },
  ':Mean': { operands: [FEATURE, FEATURE, [8, 1, 1]] },
  ':MelWeightMatrix': { operands: [NOTHING, NOTHING, NOTHING, [], []] },
  ':Min': { operands: [FEATURE, FEATURE, [8, 1, 1]] },
  ':Multinomial': { operands: [[N, 10]], attributes: { sample_size: 3 } },
  ':PRelu': { operands: [FEATURE, [8, 1, 1]] },
  ':RandomNormal': { operands: [], attributes: { shape: [0, 4] } },
  ':RandomUniform': { operands: [], attributes: { shape: [0, 4] } },
  ':Sum': { operands: [FEATURE, FEATURE, [8, 1, 1]] },
  ':Where': { operands: [{ shape: FEATURE, dtype: 'bool' }, FEATURE, FEATURE] },
};
