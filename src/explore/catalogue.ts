/** What a variant's sources print, beside the same figures counted from its graph. */
import { countByConvention } from '../analysis/conventions.ts';
import { totals } from '../analysis/totals.ts';
import type { PublishedCost, PublishedFigure } from '../zoo/family.ts';
import { type CompiledModel, compileModel, type ModelSource } from './compile.ts';

/** One published figure and the same figure counted from the graph. */
export interface PublishedComparison {
  readonly figure: PublishedFigure;
  /** As printed by the source. */
  readonly published: string;
  /** In units of one: parameters, multiply-accumulates, floating-point operations, activations. */
  readonly ours: number;
  /** Ours, written as precisely as the source wrote its own. */
  readonly oursText: string;
  /** The same at the printed precision. */
  readonly agrees: boolean;
  /** Ours over theirs, less one. */
  readonly difference: number;
  readonly row: PublishedCost;
  /** Why ours is another than that of the source, or what was added to it. */
  readonly note?: string;
}

const decimalsOf = (text: string): number => text.split('.')[1]?.length ?? 0;

const scales: Readonly<Record<PublishedFigure, number>> = {
  parameters: 1,
  gmacs: 1e9,
  gflops: 1e9,
  mActs: 1e6,
};

const compared = (row: PublishedCost, model: CompiledModel): readonly PublishedComparison[] => {
  const counted = totals(model.analyzed);
  const learned = counted.params + (row.elsewhere?.parameters ?? 0);
  const compare = (figure: PublishedFigure, published: string | undefined, ours: number, scale = scales[figure]) => {
    if (published === undefined) return [];
    const oursText = (ours / scale).toFixed(decimalsOf(published));
    const reasons = [
      ...(figure === 'parameters' && row.elsewhere !== undefined ? [row.elsewhere.reason] : []),
      ...(row.differs?.figures.includes(figure) === true ? [row.differs.reason] : []),
    ];
    return [
      {
        figure,
        published,
        ours,
        oursText,
        agrees: Number(oursText) === Number(published),
        difference: ours / scale / Number(published) - 1,
        row,
        ...(reasons.length > 0 && { note: reasons.join('; ') }),
      },
    ];
  };
  return [
    ...compare('parameters', row.parameters === undefined ? undefined : String(row.parameters), learned),
    ...compare('parameters', row.parametersMillions, learned, 1e6),
    ...compare('gmacs', row.gmacs, countByConvention(model.analyzed, row.convention)),
    ...compare('gflops', row.gflops, 2 * countByConvention(model.analyzed, row.convention)),
    ...compare('mActs', row.mActs, counted.activationElements),
  ];
};

/** Every figure that the sources of a variant print. Each graph is built and counted once. */
export const publishedComparisons = (variant: ModelSource): readonly PublishedComparison[] => {
  const models = new Map<string, CompiledModel>();
  return variant.published.flatMap((row) => {
    const options = { ...(row.resolution !== undefined && { resolution: row.resolution }), ...row.options };
    const key = JSON.stringify(options);
    const model = models.get(key) ?? compileModel(variant, options);
    models.set(key, model);
    return compared(row, model);
  });
};
