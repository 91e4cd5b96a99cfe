/**
 * What hands on its input. Specs: https://onnx.ai/onnx/operators/ (Identity: opsets 1, 13, 14, 16, 19, 21, 23, 24, 25;
 * Dropout 1, 6, 7, 10, 12, 13, 22). Identity takes sequences from opset 14 and optionals from 16 on. Dropout is the
 * identity at inference; its mask is of the input's type up to opset 9 and bool from 10 on. Asked by `training_mode`
 * to drop, it compares, chooses and scales: 3 operations per element.
 * Known gap: `is_test` of opsets 1 and 6 is taken to be set, as it is in every model that is meant to be run.
 */
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { type Cost, pointwiseWork } from './pointwise.ts';
import { countText, FREE, SAME_SHAPE } from './table-texts.ts';
import { freeOf } from './work.ts';

const FIRST_WITH_BOOL_MASK = 10;

const TRAINING: Cost = [3, 0];

const isTraining = (context: OperatorContext): boolean => context.optionalInput(2)?.values?.[0] === 1;

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Identity',
    domain: '',
    since: [1, 13, 14, 16, 19, 21, 23, 24, 25],
    summary: 'Hands on its input as it is',
    specification: 'https://onnx.ai/onnx/operators/onnx__Identity.html',
    table: { shape: SAME_SHAPE, work: FREE },
    class: 'data-movement',
    fusion: 'view',
    inputRoles: ['activation'],
    renames: true,
    infer: (context) => [context.hasInput(0) ? context.anyInput(0) : context.input(0)],
    work: () => freeOf('the same tensor under another name'),
  },
  {
    type: 'Dropout',
    domain: '',
    since: [1, 6, 7, 10, 12, 13, 22],
    summary: 'Drops elements at random in training; the identity at inference',
    specification: 'https://onnx.ai/onnx/operators/onnx__Dropout.html',
    table: {
      shape: 'same as the input, for the mask too',
      work: `${FREE}; in training ${countText(TRAINING)}`,
      notes: 'in training, drawing random numbers is not counted; is_test is taken as set',
    },
    class: 'data-movement',
    fusion: 'view',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const data = context.input(0);
      const { shape, dtype } = data;
      const mask = { shape, dtype: context.opset < FIRST_WITH_BOOL_MASK ? dtype : 'bool' } as const;
      return [isTraining(context) ? { shape, dtype } : data, mask];
    },
    work: (context) => {
      if (!isTraining(context)) return freeOf('drops nothing at inference');
      return {
        ...pointwiseWork(context, TRAINING),
        treatment: { kind: 'approximated', reason: 'training mode; drawing random numbers is not counted' },
      };
    },
  },
];
