/** What a loop hands from one iteration to the next, as far as it holds of all iterations. */
import type { ControlPlan, ValueType } from '../ops/definition.ts';
import { joinTypes, type Open, sameType } from '../ops/join-types.ts';

/** The inputs of a loop with what an earlier walk opened open from the start, so that walks of nested loops do not multiply. */
export const startingFrom = (
  inputs: readonly (ValueType | undefined)[],
  settled: readonly (ValueType | undefined)[] | undefined,
  plan: ControlPlan,
  open: Open,
): readonly (ValueType | undefined)[] => {
  if (settled === undefined) return inputs;
  const joined = [...inputs];
  for (const { input } of plan.carried ?? []) {
    const [given, before] = [inputs[input], settled[input]];
    joined[input] =
      given === undefined || before === undefined
        ? undefined
        : joinTypes(given, before, (part) => open(`${input}${part}`));
  }
  return joined;
};

/**
 * The inputs of a loop with all opened that an iteration changes; `undefined` when none does. Without `open`, what
 * changes is not known at all.
 */
export const widenCarried = (
  inputs: readonly (ValueType | undefined)[],
  plan: ControlPlan,
  afterwards: readonly (ValueType | undefined)[],
  open: Open | undefined,
): readonly (ValueType | undefined)[] | undefined => {
  let changed = false;
  const widened = [...inputs];
  plan.carried?.forEach(({ input }, index) => {
    const before = inputs[input];
    const after = afterwards[index];
    if (before === undefined) return;
    const both =
      open === undefined || after === undefined
        ? undefined
        : joinTypes(before, after, (part) => open(`${input}${part}`));
    if (both !== undefined && sameType(before, both)) return;
    // Of what the iteration hands out nothing may be known although nothing changes.
    if (after === undefined && open !== undefined) return;
    widened[input] = both;
    changed = true;
  });
  return changed ? widened : undefined;
};
