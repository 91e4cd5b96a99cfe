/**
 * Attributes to ONNX's. A number in our graphs does not say whether ONNX means an integer or a
 * float, and ONNX refuses the wrong one: the attributes that are floats are listed here.
 */
import type { AttributeValue, TensorValue } from '../../ir/graph.ts';
import type { AttributeRecord, TensorRecord } from '../records.ts';

/**
 * Float attributes of the default domain's operators in all opsets to 28, by the schemas of onnx
 * 1.23, and of com.microsoft's in ONNX Runtime 1.32.
 */
const FLOATS: ReadonlySet<string> = new Set([
  ...['activation_alpha', 'activation_beta', 'alpha', 'beta', 'bias', 'clip', 'cubic_coeff_a', 'epsilon'],
  ...['extrapolation_value', 'gamma', 'height_scale', 'high', 'lambd', 'low', 'max', 'mean', 'min', 'momentum'],
  ...['ratio', 'scale', 'scales', 'seed', 'softcap', 'spatial_scale', 'value', 'value_float', 'value_floats'],
  ...['weights', 'width_scale'],
  // com.microsoft
  ...['activation_gamma', 'activation_params', 'filter_value', 'k_norm_epsilon', 'mask_filter_value'],
  ...['presence_penalty', 'q_norm_epsilon', 'qk_norm_epsilon', 'swiglu_limit', 'temperature', 'top_p'],
]);

/** Operators that mean an integer, or in one old opset a float, by a name that says otherwise elsewhere. */
const EXCEPTIONS: Readonly<Record<string, (opset: number) => 'int' | 'float'>> = {
  'BiasDropout.seed': () => 'int',
  'BitmaskBiasDropout.seed': () => 'int',
  'BitmaskDropout.seed': () => 'int',
  'Dropout.seed': () => 'int',
  'GlobalLpPool.p': (opset) => (opset < 2 ? 'float' : 'int'),
  'LpPool.p': (opset) => (opset < 2 ? 'float' : 'int'),
  'MurmurHash3.seed': () => 'int',
};

const isFloat = (operator: string, name: string, opset: number): boolean => {
  const exception = EXCEPTIONS[`${operator}.${name}`];
  return exception === undefined ? FLOATS.has(name) : exception(opset) === 'float';
};

const isTensor = (value: TensorValue | readonly unknown[]): value is TensorValue => !Array.isArray(value);

type Item = number | string | TensorValue;

const allNumbers = (items: readonly Item[]): items is readonly number[] =>
  items.every((item) => typeof item === 'number');
const allTexts = (items: readonly Item[]): items is readonly string[] =>
  items.every((item) => typeof item === 'string');

export interface AttributeContext {
  readonly operator: string;
  readonly opset: number;
  tensor(value: TensorValue): TensorRecord;
}

/** One attribute. A number with a fraction is a float whatever the tables say. */
export const attributeRecord = (
  name: string,
  value: AttributeValue,
  { operator, opset, tensor }: AttributeContext,
): AttributeRecord => {
  if (typeof value === 'string') return { name, kind: 'string', value };
  const float = isFloat(operator, name, opset);
  if (typeof value === 'number') {
    return { name, kind: float || !Number.isInteger(value) ? 'float' : 'int', value };
  }
  if (isTensor(value)) return { name, kind: 'tensor', value: tensor(value) };
  const items: readonly Item[] = value;
  if (allNumbers(items)) {
    return { name, kind: float || !items.every(Number.isInteger) ? 'floats' : 'ints', value: items };
  }
  if (allTexts(items)) return { name, kind: 'strings', value: items };
  return { name, kind: 'tensors', value: items.filter((item) => typeof item === 'object').map(tensor) };
};
