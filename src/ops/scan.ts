/**
 * Scan. Spec: https://onnx.ai/onnx/operators/onnx__Scan.html, opsets 8, 9, 11, 16, 19, 21, 23, 24, 25. Runs a graph on every
 * slice of its scan inputs, handing states from each to the next; what the graph hands out besides is stacked along an
 * axis. Directions change nothing that is counted. In opset 8 everything has the batch in front and the sequence as its
 * second axis, and the graph runs once per item and step.
 */
import type { Dim } from '../ir/graph.ts';
import { multiply } from '../units/integer.ts';
import { control, stacked, withoutValues } from './control-flow.ts';
import {
  type ControlPlan,
  isSequence,
  type OperatorContext,
  type OperatorDefinition,
  type TensorType,
  type ValueType,
} from './definition.ts';

const FIRST_WITHOUT_BATCH = 9;

interface ScanOperands {
  readonly states: readonly (ValueType | undefined)[];
  readonly scanned: readonly { readonly type: TensorType; readonly axis: number }[];
  readonly length: Dim;
  /** Only in opset 8. */
  readonly batch: Dim | undefined;
}

const withoutBatch = (type: ValueType | undefined): ValueType | undefined =>
  type === undefined || isSequence(type) ? type : { shape: type.shape.slice(1), dtype: type.dtype };

const operandsOf = (context: OperatorContext): ScanOperands => {
  const isBatched = context.opset < FIRST_WITHOUT_BATCH;
  const first = isBatched ? 1 : 0;
  const count = context.integer('num_scan_inputs');
  const states = context.node.inputs.length - first - count;
  if (!(count >= 1) || states < 0) context.fail(`${count} scan inputs of ${context.node.inputs.length} inputs`);
  const axes = context.integers('scan_input_axes', []);
  const scanned = Array.from({ length: count }, (_, index) => {
    const type = context.input(first + states + index);
    return { type, axis: context.axis(isBatched ? 1 : (axes[index] ?? 0), type.shape.length) };
  });
  const length = scanned
    .map(({ type, axis }) => type.shape[axis] as Dim)
    .reduce((known, extent) => context.agree(known, extent, 'lengths of the scan inputs'));
  const initial = Array.from({ length: states }, (_, index) => context.anyInput(first + index));
  return {
    states: isBatched ? initial.map(withoutBatch) : initial,
    scanned,
    length,
    batch: isBatched ? scanned[0]?.type.shape[0] : undefined,
  };
};

const plan = (context: OperatorContext): ControlPlan => {
  const { states, scanned, length, batch } = operandsOf(context);
  const slices = scanned.map(({ type, axis }) => ({
    shape: type.shape.filter((_, index) => index !== axis && (batch === undefined || index !== 0)),
    dtype: type.dtype,
  }));
  const times = batch === undefined ? length : multiply(length, batch);
  return {
    runs: [{ body: 'body', inputs: [...states, ...slices], times }],
    exclusive: false,
    carried: states.map((_, index) => ({ input: index, output: index })),
  };
};

const infer = (context: OperatorContext): readonly (ValueType | undefined)[] => {
  const { states, length, batch } = operandsOf(context);
  const outputs = context.bodyOutputs('body');
  if (outputs.length < Math.max(states.length, context.node.outputs.length)) {
    context.fail(`its graph hands out ${outputs.length} values: too few for ${states.length} states and its outputs`);
  }
  const axes = context.integers('scan_output_axes', []);
  return outputs.map((type, index) => {
    const result =
      index < states.length ? withoutValues(type) : stacked(type, length, axes[index - states.length] ?? 0);
    return batch === undefined ? result : stacked(result, batch);
  });
};

export const operators: readonly OperatorDefinition[] = [
  control(
    'Scan',
    [8, 9, 11, 16, 19, 21, 23, 24, 25],
    'Runs a graph on every slice of a sequence',
    {
      shape: 'states as its graph leaves them; others stacked along an axis',
      work: 'its graph, times the length of the scan inputs',
    },
    {
      control: plan,
      infer,
    },
  ),
];
