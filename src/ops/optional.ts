/**
 * Values that may be missing. Specs: https://onnx.ai/onnx/operators/ (Optional: opsets 15, 28; OptionalGetElement and
 * OptionalHasElement 15, 18, 28, from 18 on also of what is no optional). They hold their value by reference.
 * Known gap: of an optional list only the length is known.
 */
import { isSequence, type OperatorContext, type OperatorDefinition, type ValueType } from './definition.ts';
import { lengthOf } from './join-types.ts';
import { FREE } from './table-texts.ts';
import { freeOf } from './work.ts';

const wrapped = (context: OperatorContext): ValueType => {
  if (!context.hasInput(0)) return { kind: 'optional', members: [], length: 0 };
  const type = context.anyInput(0);
  if (type === undefined || isSequence(type)) return { kind: 'optional', length: 1 };
  return { kind: 'optional', members: [type], length: 1 };
};

const held = (context: OperatorContext): ValueType | undefined => {
  // An input that is left out fails here.
  const type = context.hasInput(0) ? context.anyInput(0) : context.input(0);
  if (type === undefined) return context.unknown('what the optional holds is not known');
  if (!isSequence(type) || type.kind === 'sequence') return type;
  if (lengthOf(type) === 0) context.fail('the optional is empty');
  return type.members?.[0] ?? type.element;
};

const isThere = (context: OperatorContext): ValueType => {
  const type = context.anyInput(0);
  const isOptional = type !== undefined && isSequence(type) && type.kind === 'optional';
  const count = context.hasInput(0) ? (isOptional ? lengthOf(type) : type === undefined ? undefined : 1) : 0;
  return { shape: [], dtype: 'bool', ...(typeof count === 'number' && { values: [count] }) };
};

const definition = (
  type: string,
  since: readonly number[],
  summary: string,
  shape: string,
  infer: (context: OperatorContext) => ValueType | undefined,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table: { shape, work: FREE, notes: 'of an optional list only the length is known' },
  class: 'data-movement',
  fusion: 'view',
  inputRoles: ['activation'],
  infer: (context) => [infer(context)],
  work: () => freeOf('an optional holds its value by reference'),
});

export const operators: readonly OperatorDefinition[] = [
  definition('Optional', [15, 28], 'A value that may be missing', 'an optional of the input', wrapped),
  definition('OptionalGetElement', [15, 18, 28], 'The value that may be missing', 'as what the optional holds', held),
  definition('OptionalHasElement', [15, 18, 28], 'Whether the value is there', 'a scalar', isThere),
];
