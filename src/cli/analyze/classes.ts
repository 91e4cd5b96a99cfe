/** The totals split by class of work, in the open dimensions. */
import {
  type AnalyzedGraph,
  type Integer,
  type NodeAnalysis,
  OPERATOR_CLASSES,
  type OperatorClass,
  ratioOf,
} from '../../index.ts';
import type { Figures } from './figures.ts';

export interface ClassFigures {
  readonly class: OperatorClass;
  /** Operators of this class. */
  readonly count: number;
  readonly params: number;
  readonly macs: Integer;
  readonly flops: Integer;
  /** `undefined` where it depends on what is open. */
  readonly shareOfMacs: number | undefined;
}

/** Classes that do not occur are left out. */
export const classFigures = (
  { nodes }: AnalyzedGraph,
  figuresOf: (nodes: readonly NodeAnalysis[]) => Figures,
  all: Figures,
): readonly ClassFigures[] =>
  OPERATOR_CLASSES.flatMap((name): readonly ClassFigures[] => {
    const members = nodes.filter((node) => node.class === name);
    if (members.length === 0) return [];
    const { params, macs, flops } = figuresOf(members);
    const share = macs === 0 ? 0 : ratioOf(macs, all.macs);
    return [{ class: name, count: members.length, params, macs, flops, shareOfMacs: share }];
  });
