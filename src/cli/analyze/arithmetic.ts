/** In which arithmetic the multiply-accumulates of a model run. */
import {
  type DType,
  formatPercent,
  type Integer,
  keepsItsSize,
  type NodeAnalysis,
  quantizationSummary,
  ratioOf,
} from '../../index.ts';
import type { Analysis } from './analysis.ts';
import { atBatchOf } from './figures.ts';

export interface ArithmeticFigures {
  readonly type: DType;
  readonly macs: Integer;
  /** `undefined` where it depends on what is open. */
  readonly shareOfMacs: number | undefined;
}

/** The largest share first. */
export const arithmeticOf = (analysis: Analysis): readonly ArithmeticFigures[] =>
  quantizationSummary(analysis.compiled.analyzed).map(({ dtype, macs: symbolic }) => {
    const macs = atBatchOf(analysis, symbolic);
    return { type: dtype, macs, shareOfMacs: ratioOf(macs, analysis.totals.macs) };
  });

/** The type in which an operator multiplies, where the file fixes it and no precision asked for changes it. */
export const fixedArithmetic = ({ arithmetic }: NodeAnalysis): DType | undefined =>
  arithmetic !== undefined && keepsItsSize(arithmetic) ? arithmetic : undefined;

const isQuantized = ({ compiled }: Analysis): boolean =>
  compiled.analyzed.nodes.some((node) => node.class === 'quantization' || fixedArithmetic(node) !== undefined);

/** What tensors are counted in: those of a quantized model as they are, all others in the precision of the analysis. */
export const precisionText = (analysis: Analysis): string =>
  isQuantized(analysis) ? `as quantized, otherwise ${analysis.precision}` : analysis.precision;

/** "int8: 98.7 % of MACs, fp32: 1.3 %"; nothing where all are plain floating-point products. */
export const arithmeticFacts = (analysis: Analysis): readonly { readonly name: string; readonly value: string }[] => {
  const figures = arithmeticOf(analysis);
  if (!figures.some(({ type }) => keepsItsSize(type))) return [];
  const known = figures.every(({ shareOfMacs }) => shareOfMacs !== undefined);
  const shares = figures.map(
    ({ type, shareOfMacs = 0 }, index) => `${type}: ${formatPercent(shareOfMacs)}${index === 0 ? ' of MACs' : ''}`,
  );
  const types = figures.map(({ type }) => type).join(' and ');
  return [{ name: 'Arithmetic', value: known ? shares.join(', ') : `${types}; the shares depend on what is open` }];
};
