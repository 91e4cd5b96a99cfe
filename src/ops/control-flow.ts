/**
 * Control flow. Specs: https://onnx.ai/onnx/operators/ (If, Loop: opsets 1, 11, 13, 16, 19, 21, 23, 24, 25; SequenceMap: 17).
 * The operators themselves compute nothing; their graphs do. If with a known condition runs that branch; otherwise the
 * larger one is counted. A Loop repeats its graph as often as its trip count says, where that is known; otherwise one
 * iteration is counted, and a warning says so. A loop that may end early is counted up to its trip count.
 * Known gap: collecting what the iterations hand out is not counted beyond each writing its part.
 */
import type { Dim } from '../ir/graph.ts';
import { type Integer, isExpression, maximum, symbolsOf } from '../units/integer.ts';
import {
  type ControlPlan,
  isSequence,
  type OperatorContext,
  type OperatorDefinition,
  type OperatorTexts,
  type TensorType,
  type ValueType,
} from './definition.ts';
import { joinTypes, lengthOf, memberOf } from './join-types.ts';
import { freeOf } from './work.ts';

const SINCE = [1, 11, 13, 16, 19, 21, 23, 24, 25];
const UNKNOWN_TRIPS = 'how often it runs depends on data: one iteration is counted';

const branches = (context: OperatorContext): readonly string[] => {
  const condition = context.input(0).values?.[0];
  if (condition === undefined || isExpression(condition)) return ['then_branch', 'else_branch'];
  return [condition === 0 ? 'else_branch' : 'then_branch'];
};

const inferIf = (context: OperatorContext): readonly (ValueType | undefined)[] => {
  const results = branches(context)
    .filter((branch) => context.canRun(branch))
    .map((branch) => {
      const outputs = context.bodyOutputs(branch);
      if (outputs.length !== context.node.outputs.length) {
        context.fail(`${branch} hands out ${outputs.length} values, expected ${context.node.outputs.length}`);
      }
      return outputs;
    });
  const [first = [], second = first] = results;
  return first.map((type, index) => {
    const other = second[index];
    if (type === undefined || other === undefined) return undefined;
    return joinTypes(type, other, (part) => context.dataDependent(`output${index}${part}`));
  });
};

/** How often a Loop runs at most; `undefined` where that depends on data. */
const tripCount = (context: OperatorContext): Integer | undefined => {
  if (!context.hasInput(0) && !context.hasInput(1)) context.fail('without a trip count and a condition it never ends');
  if (context.optionalInput(1)?.values?.[0] === 0) return 0;
  const [count] = context.optionalInput(0)?.values ?? [];
  if (count === undefined) return undefined;
  // "No limit" is written as the largest number there is.
  return isExpression(count) || Number.isSafeInteger(count) ? maximum(0, count) : undefined;
};

const carriedBy = (context: OperatorContext): number => Math.max(0, context.node.inputs.length - 2);

const planLoop = (context: OperatorContext): ControlPlan => {
  const carried = Array.from({ length: carriedBy(context) }, (_, index) => index);
  // While the graph runs, the condition holds.
  const condition: TensorType = { shape: [], dtype: 'bool', values: [1] };
  const run = {
    body: 'body',
    inputs: [{ shape: [], dtype: 'int64' } as const, condition, ...carried.map((index) => context.anyInput(index + 2))],
    times: tripCount(context) ?? 1,
  };
  return { runs: [run], exclusive: false, carried: carried.map((index) => ({ input: index + 2, output: index + 1 })) };
};

/** What the iterations hand out, one after the other along a new axis. */
export const stacked = (type: ValueType | undefined, count: Dim, axis = 0): TensorType | undefined => {
  if (type === undefined || isSequence(type)) return undefined;
  const { shape, dtype } = type;
  const at = axis < 0 ? axis + shape.length + 1 : axis;
  return { shape: [...shape.slice(0, at), count, ...shape.slice(at)], dtype };
};

/** A carried value after the last iteration, of which there may have been none. */
const finalType = (
  context: OperatorContext,
  index: number,
  after: ValueType | undefined,
  runsAtLeastOnce: boolean,
): ValueType | undefined => {
  const before = context.anyInput(index + 2);
  if (before === undefined || after === undefined) return undefined;
  const open = (part: string): Dim => context.dataDependent(`output${index}${part}`);
  if (!runsAtLeastOnce || isSequence(after)) return withoutValues(joinTypes(before, after, open));
  const { shape, dtype } = after;
  // What an iteration adds to what the one before made has another size after each.
  const grows = (dim: Dim): boolean => symbolsOf(dim).some((name) => name.startsWith(`${context.node.name}.carried`));
  return { shape: shape.map((dim, axis) => (grows(dim) ? open(`[${axis}]`) : dim)), dtype };
};

/** Contents of the first iteration are not those of the last. */
export const withoutValues = (type: ValueType | undefined): ValueType | undefined => {
  if (type === undefined || isSequence(type) || type.values === undefined) return type;
  const { shape, dtype } = type;
  return { shape, dtype };
};

const inferLoop = (context: OperatorContext): readonly (ValueType | undefined)[] => {
  const carried = carriedBy(context);
  const outputs = context.bodyOutputs('body');
  if (outputs.length < 1 + carried || outputs.length - 1 < context.node.outputs.length) {
    context.fail(`its graph hands out ${outputs.length} values: too few for ${carried} carried ones and its outputs`);
  }
  const known = tripCount(context);
  if (known === 0) {
    return outputs.slice(1).map((type, index) => (index < carried ? context.anyInput(index + 2) : stacked(type, 0)));
  }
  const [goesOn] = outputs;
  // Without a condition from outside, the one of the graph is not looked at.
  const neverEndsEarly =
    !context.hasInput(1) || (goesOn !== undefined && !isSequence(goesOn) && goesOn.values?.[0] === 1);
  const begins = !context.hasInput(1) || context.optionalInput(1)?.values?.[0] === 1;
  if (known === undefined) context.warn('unknown-trip-count', UNKNOWN_TRIPS);
  else if (!begins || !neverEndsEarly) {
    const message = 'its condition depends on data: all iterations up to the trip count are counted';
    context.warn('loop-may-end-early', message);
  }
  const count = known !== undefined && begins && neverEndsEarly ? known : context.dataDependent('iterations');
  const runsAtLeastOnce = begins && known !== undefined;
  return outputs
    .slice(1)
    .map((type, index) => (index < carried ? finalType(context, index, type, runsAtLeastOnce) : stacked(type, count)));
};

const planSequenceMap = (context: OperatorContext): ControlPlan => {
  const inputs = context.node.inputs.map((_, index) => {
    const type = index === 0 ? context.sequence(0) : context.anyInput(index);
    if (type === undefined || !isSequence(type)) return type;
    return memberOf(type, (part) => context.dataDependent(`member${index}${part}`));
  });
  const length = lengthOf(context.sequence(0));
  return { runs: [{ body: 'body', inputs, times: length ?? 1 }], exclusive: false };
};

const inferSequenceMap = (context: OperatorContext): readonly ValueType[] => {
  const length = lengthOf(context.sequence(0));
  if (length === undefined) context.warn('unknown-trip-count', UNKNOWN_TRIPS);
  return context.bodyOutputs('body').map((type): ValueType => {
    const element = type === undefined || isSequence(type) ? undefined : (withoutValues(type) as TensorType);
    return { kind: 'sequence', element, length };
  });
};

export const control = (
  type: string,
  since: readonly number[],
  summary: string,
  table: OperatorTexts,
  rest: Pick<OperatorDefinition, 'control' | 'infer'>,
): OperatorDefinition => ({
  type,
  domain: '',
  since,
  summary,
  specification: `https://onnx.ai/onnx/operators/onnx__${type}.html`,
  table,
  class: 'other',
  fusion: 'view',
  inputRoles: ['activation'],
  work: () => freeOf('control flow: its graphs are counted by themselves'),
  ...rest,
});

export const operators: readonly OperatorDefinition[] = [
  control(
    'If',
    SINCE,
    'Runs one of two graphs',
    {
      shape: 'as the branch hands out; of two, what both have in common',
      work: 'the branch that runs, or of two the larger one',
      notes: 'extents in which the branches differ are open',
    },
    {
      control: (context) => ({
        runs: branches(context).map((body) => ({ body, inputs: [], times: 1 })),
        exclusive: true,
      }),
      infer: inferIf,
    },
  ),
  control(
    'Loop',
    SINCE,
    'Runs a graph again and again',
    {
      shape: 'carried values as its graph leaves them; others stacked in front',
      work: 'its graph, times the trip count',
      notes: 'an unknown trip count counts as 1; what may end early runs to the end',
    },
    { control: planLoop, infer: inferLoop },
  ),
  control(
    'SequenceMap',
    [17],
    'Runs a graph on every member of a list of tensors',
    {
      shape: 'lists as long as the input list',
      work: 'its graph, times the length of the list',
      notes: 'a list of unknown length counts as 1 member',
    },
    {
      control: planSequenceMap,
      infer: inferSequenceMap,
    },
  ),
];
