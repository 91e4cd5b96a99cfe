/** What holds of two types at once: of the branches of a choice, of one iteration and the next, of the members of a list. */
import type { Dim } from '../ir/graph.ts';
import { type Integer, sameInteger } from '../units/integer.ts';
import { isSequence, type SequenceType, type TensorType, type ValueType } from './definition.ts';

/** Makes an open dimension for a part of the type (`[1]`, `.length`) that differs. */
export type Open = (part: string) => Dim;

const sameValues = (a: readonly Integer[], b: readonly Integer[]): boolean =>
  a.length === b.length && a.every((value, index) => sameInteger(value, b[index] as Integer));

/** `undefined` where the two differ in more than extents. */
export const joinTensors = (a: TensorType, b: TensorType, open: Open): TensorType | undefined => {
  if (a === b) return a;
  const { shape, dtype, values } = a;
  if (dtype !== b.dtype || shape.length !== b.shape.length) return undefined;
  const joined = shape.map((dim, axis) => (sameInteger(dim, b.shape[axis] as Dim) ? dim : open(`[${axis}]`)));
  const keeps = values !== undefined && b.values !== undefined && sameValues(values, b.values);
  return { shape: joined, dtype, ...(keeps && { values }) };
};

/** What all members of a list have in common; `undefined` for an empty list, and where they differ in more than extents. */
export const memberOf = ({ members, element }: SequenceType, open: Open): TensorType | undefined => {
  if (members === undefined) return element;
  const [first, ...rest] = members;
  return rest.reduce<TensorType | undefined>(
    (common, member) => (common === undefined ? undefined : joinTensors(common, member, open)),
    first,
  );
};

export const lengthOf = ({ members, length }: SequenceType): Integer | undefined => members?.length ?? length;

const joinSequences = (a: SequenceType, b: SequenceType, open: Open): SequenceType | undefined => {
  if (a.kind !== b.kind) return undefined;
  const [own, other] = [memberOf(a, open), memberOf(b, open)];
  const isEmpty = (list: SequenceType): boolean => lengthOf(list) === 0;
  // Nothing is said by a list that holds nothing.
  const element =
    own !== undefined && other !== undefined
      ? joinTensors(own, other, open)
      : isEmpty(a)
        ? other
        : isEmpty(b)
          ? own
          : undefined;
  const [before, after] = [lengthOf(a), lengthOf(b)];
  const isSame = before !== undefined && after !== undefined && sameInteger(before, after);
  return { kind: a.kind, element, length: isSame ? before : open('.length') };
};

export const joinTypes = (a: ValueType, b: ValueType, open: Open): ValueType | undefined => {
  if (a === b) return a;
  if (isSequence(a)) return isSequence(b) ? joinSequences(a, b, open) : undefined;
  return isSequence(b) ? undefined : joinTensors(a, b, open);
};

/** Whether both say the same. */
export const sameType = (a: ValueType, b: ValueType): boolean => {
  if (a === b) return true;
  if (isSequence(a) || isSequence(b)) {
    if (!isSequence(a) || !isSequence(b) || a.kind !== b.kind || a.members?.length !== b.members?.length) return false;
    const [before, after] = [lengthOf(a), lengthOf(b)];
    if (before === undefined || after === undefined ? before !== after : !sameInteger(before, after)) return false;
    const alike = (one: TensorType | undefined, other: TensorType | undefined): boolean =>
      one === undefined || other === undefined ? one === other : sameType(one, other);
    return alike(a.element, b.element) && (a.members ?? []).every((member, index) => alike(member, b.members?.[index]));
  }
  if (a.dtype !== b.dtype || a.shape.length !== b.shape.length) return false;
  if (!a.shape.every((dim, axis) => sameInteger(dim, b.shape[axis] as Dim))) return false;
  return a.values === undefined || b.values === undefined ? a.values === b.values : sameValues(a.values, b.values);
};
