/**
 * Einsum. Spec: https://onnx.ai/onnx/operators/onnx__Einsum.html, opsets 12, 28.
 * Two operands with a sum over some index are a nest of multiply-accumulates, one per combination
 * of all indices; without one they are an element-wise product. More operands are multiplied two
 * at a time in the order in which they are written, an index being summed as soon as nothing after
 * needs it; a runtime may find a cheaper order, so that is an approximation. One operand moves
 * data, and where an index disappears adds up.
 * An index that stands twice in a term takes the diagonal.
 */
import type { Dim } from '../ir/graph.ts';
import { compareIntegers, product, sum } from '../units/integer.ts';
import type { OperatorContext, OperatorDefinition, OperatorWork } from './definition.ts';
import { type EinsumEquation, readEquation } from './einsum-equation.ts';
import { type LoopNest, matrixView, nestMacs } from './nest.ts';

type Indices = readonly string[];

interface Step {
  readonly left: Indices;
  readonly right: Indices;
  readonly output: Indices;
}

const distinct = (indices: Indices): Indices => [...new Set(indices)];

/** The products two at a time. */
const stepsOf = ({ operands, output }: EinsumEquation): readonly Step[] => {
  let left = distinct(operands[0] ?? []);
  return operands.slice(1).map((operand, position) => {
    const right = distinct(operand);
    const needed = new Set([...output, ...operands.slice(position + 2).flat()]);
    const last = position === operands.length - 2;
    const kept = last ? output : distinct([...left, ...right]).filter((index) => needed.has(index));
    const step = { left, right, output: kept };
    left = kept;
    return step;
  });
};

const nestOf = ({ left, right, output }: Step, extents: ReadonlyMap<string, Dim>): LoopNest => {
  const terms = (indices: Indices) => indices.map((dim) => [{ dim, step: 1 }]);
  return {
    dims: distinct([...left, ...right]).map((name) => ({ name, extent: extents.get(name) ?? 1 })),
    input: terms(left),
    weight: terms(right),
    output: terms(output),
  };
};

const isSum = ({ left, right, output }: Step): boolean => [...left, ...right].some((index) => !output.includes(index));

const points = (indices: Indices, extents: ReadonlyMap<string, Dim>) =>
  product(distinct(indices).map((index) => extents.get(index) ?? 1));

const einsumWork = (context: OperatorContext): OperatorWork => {
  const equation = readEquation(context);
  const { operands, output, extents } = equation;
  const [only = []] = operands;
  if (operands.length === 1) {
    const sums = distinct(only).some((index) => !output.includes(index));
    const flops = sums ? points(only, extents) : 0;
    const kind = sums ? 'elementwise' : 'data-movement';
    return { macs: 0, flops, transcendentals: 0, class: kind, treatment: { kind: 'costed' } };
  }
  const steps = stepsOf(equation);
  const sums = steps.filter(isSum).map((step) => matrixView(nestOf(step, extents)));
  const macs = sum(sums.map(nestMacs));
  const products = sum(
    steps.filter((step) => !isSum(step)).map((step) => points([...step.left, ...step.right], extents)),
  );
  const [first, ...others] = sums;
  // The loops of the largest product stand for all; where open dimensions decide, the first one.
  const view = others.reduce((a, b) => (a && compareIntegers(nestMacs(b), nestMacs(a)) === 1 ? b : a), first);
  return {
    macs,
    flops: sum([macs, macs, products]),
    transcendentals: 0,
    ...(view === undefined ? { class: 'elementwise' } : { view }),
    ...(steps.length === 1 && view !== undefined && { nest: nestOf(steps[0] as Step, extents) }),
    treatment:
      steps.length === 1
        ? { kind: 'costed' }
        : {
            kind: 'approximated',
            reason: 'operands are multiplied two at a time in the order in which they are written',
          },
  };
};

export const operators: readonly OperatorDefinition[] = [
  {
    type: 'Einsum',
    domain: '',
    since: [12, 28],
    summary: 'Sums of products by an equation over indices',
    specification: 'https://onnx.ai/onnx/operators/onnx__Einsum.html',
    table: {
      shape: 'as the equation says',
      work: 'MACs: one per combination of indices; 1 each where nothing is summed',
      notes: 'three or more operands are multiplied in the order they are written',
    },
    fusion: 'contraction',
    inputRoles: ['activation'],
    infer: (context) => {
      const { output, extents } = readEquation(context);
      return [{ shape: output.map((index) => extents.get(index) ?? 1), dtype: context.input(0).dtype }];
    },
    work: einsumWork,
  },
];
