/** What the operators of ONNX Runtime's own domain, `com.microsoft`, have in common. They have one version, 1. */
import type { Dim, Shape } from '../ir/graph.ts';
import type { OperatorContext, OperatorDefinition, TensorType } from './definition.ts';
import { PlainSteps } from './plain-steps.ts';

const DOMAIN = 'com.microsoft';

type Facts = Omit<OperatorDefinition, 'type' | 'domain' | 'since' | 'specification' | 'infer' | 'work'>;

/** The outputs of an operator, with its work as the steps that lead there. */
export type WrittenOut = (context: OperatorContext, steps: PlainSteps) => readonly (TensorType | undefined)[];

/** Shapes and work of an operator that is written out as steps. Loops are those of the whole only in a contraction. */
export const writtenOut = (
  fusion: OperatorDefinition['fusion'],
  run: WrittenOut,
): Pick<OperatorDefinition, 'infer' | 'work'> => ({
  infer: (context) => run(context, new PlainSteps(context)).slice(0, context.node.outputs.length),
  work: (context) => {
    const steps = new PlainSteps(context);
    run(context, steps);
    return steps.work(fusion === 'contraction');
  },
});

export const contrib = (type: string, facts: Facts, run: WrittenOut): OperatorDefinition => ({
  type,
  domain: DOMAIN,
  since: [1],
  specification: `https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md#com.microsoft.${type}`,
  ...facts,
  ...writtenOut(facts.fusion, run),
});

/** One extent of an operand, which must have as many axes. */
export const extentAt = (context: OperatorContext, { shape }: TensorType, axis: number): Dim =>
  shape[axis < 0 ? axis + shape.length : axis] ??
  context.fail(`an operand of ${shape.length} axes, expected more to find axis ${axis}`);

/** The same element type in another shape; contents are not followed. */
export const reshapedTo = (shape: Shape, { dtype }: TensorType): TensorType => ({ shape, dtype });

export const isSet = (context: OperatorContext, name: string, fallback = 0): boolean =>
  context.integer(name, fallback) !== 0;
