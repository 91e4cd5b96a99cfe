/**
 * OneHot. Spec: https://onnx.ai/onnx/operators/onnx__OneHot.html, opsets 9, 11, 28. A new axis of `depth` places, of which
 * the index names the one that is on. Written as a fill and one element per index: no arithmetic.
 */
import type { Dim } from '../ir/graph.ts';
import type { OperatorContext, OperatorDefinition } from './definition.ts';
import { MOVES_DATA, OPEN_SCALAR } from './table-texts.ts';
import { DATA_MOVEMENT } from './work.ts';

const depthOf = (context: OperatorContext): Dim => {
  const depth = context.input(1).values?.[0];
  if (depth === undefined) return context.dataDependent('depth');
  if (typeof depth !== 'number') return depth;
  // It may be stored as a float.
  const whole = Math.trunc(depth);
  return whole >= 0 && Number.isSafeInteger(whole) ? whole : context.fail(`a depth of ${depth}`);
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'OneHot',
    domain: '',
    since: [9, 11, 28],
    summary: 'Indices as vectors with one element on',
    specification: 'https://onnx.ai/onnx/operators/onnx__OneHot.html',
    table: { shape: 'same as the indices, with a new axis of depth', work: MOVES_DATA, notes: OPEN_SCALAR },
    class: 'data-movement',
    fusion: 'opaque',
    inputRoles: ['activation', 'setting'],
    infer: (context) => {
      const { shape } = context.input(0);
      const axis = context.axis(context.integer('axis', -1), shape.length + 1);
      const { dtype } = context.input(2);
      return [{ shape: [...shape.slice(0, axis), depthOf(context), ...shape.slice(axis)], dtype }];
    },
    work: () => DATA_MOVEMENT,
  },
];
