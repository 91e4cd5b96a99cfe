/** Our counts beside those that others published, at native resolutions. */
import { countByConvention } from '../../analysis/conventions.ts';
import type { Study, StudyModel } from '../../explore/study.ts';
import { modelCell } from './columns.ts';
import { counted, countedOf, listOf } from './text.ts';

/** The published count in the convention that prints multiply-accumulates, and ours rounded as it is. */
export const publishedRow = (study: Study, model: StudyModel) => {
  const { entry, nativeResolution } = model;
  const published = entry.variant.published.find(
    ({ convention, resolution }) => convention === 'torchvision' && resolution === nativeResolution,
  );
  const macs = countByConvention(study.compiled(model, nativeResolution).analyzed, 'torchvision');
  const decimals = published?.gmacs?.split('.')[1]?.length ?? 0;
  return {
    ...modelCell(model),
    resolution: model.native.resolution ?? null,
    flops: model.native.totals.flops,
    macs,
    published: published?.gmacs ?? null,
    agrees: published?.gmacs === undefined ? null : (macs / 1e9).toFixed(decimals) === published.gmacs,
    params: model.native.totals.params,
    publishedParams: published?.parameters ?? null,
    paramsAgree: published?.parameters === undefined ? null : published.parameters === model.native.totals.params,
    source: published?.source ?? null,
  };
};

export type PublishedRow = ReturnType<typeof publishedRow>;

/** How many of the counts agree, which do not, and how many have nothing to agree with. */
export const agreementText = (rows: readonly PublishedRow[]): string => {
  const known = rows.filter(({ agrees }) => agrees !== null);
  if (known.length === 0)
    return 'No model of the study has a published count of this convention at its native resolution.';
  const right = known.filter(({ agrees, paramsAgree }) => agrees === true && paramsAgree !== false);
  const wrong = known.filter((row) => !right.includes(row)).map(({ model }) => String(model));
  const missing = rows.length - known.length;
  const exceptions = wrong.length === 0 ? '' : ` Not in agreement: ${listOf(wrong)}.`;
  const unknown = missing === 0 ? '' : ` ${counted(missing, 'model')} without a published count.`;
  return (
    `Counts agree with the published ones at their printed precision for ` +
    `${countedOf(right.length, known.length, 'model')} with such a count, parameters included.${exceptions}${unknown}`
  );
};
