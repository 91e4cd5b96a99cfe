/** A model against itself with one design decision undone: same device, runtime, precision, resolution and batch. */
import { totals } from '../../analysis/totals.ts';
import type { StudyCounterfactual } from '../../explore/compile.ts';
import type { Study, StudyDevice, StudyModel } from '../../explore/study.ts';
import { cellLatency } from './lookup.ts';

export interface Comparison {
  readonly model: StudyModel;
  /** Undone over as built. */
  readonly macs: number;
  readonly flops: number;
  readonly params: number;
  /** In the order of the study's devices. */
  readonly latencies: readonly number[];
  /** Kernels launched as built and undone, by device. */
  readonly kernels: readonly { readonly built: number; readonly undone: number }[];
}

/** Models that have a counterfactual, in the study's order. */
export const modelsWith = ({ models }: Study, counterfactual: StudyCounterfactual): readonly StudyModel[] =>
  models.filter(({ entry, common }) =>
    counterfactual === 'standard-convolutions'
      ? common.classes.some((row) => row.class === 'depthwise-conv')
      : entry.variant.counterfactuals?.[counterfactual] !== undefined,
  );

export const compare = (study: Study, model: StudyModel, counterfactual: StudyCounterfactual): Comparison => {
  const { resolution } = study.options;
  const own = model.common.totals;
  const undone = totals(study.compiled(model, resolution, counterfactual).analyzed);
  const kernels = (target: StudyDevice, change?: StudyCounterfactual): number =>
    study.compiled(model, resolution, change).workload(study.fusion(target)).kernels.length;
  return {
    model,
    macs: undone.macs / own.macs,
    flops: undone.flops / own.flops,
    params: undone.params / own.params,
    latencies: study.devices.map(
      (target) => cellLatency(study.cell(model, target, { counterfactual })) / cellLatency(study.cell(model, target)),
    ),
    kernels: study.devices.map((target) => ({
      built: kernels(target),
      undone: kernels(target, counterfactual),
    })),
  };
};

export const comparisons = (study: Study, counterfactual: StudyCounterfactual): readonly Comparison[] =>
  modelsWith(study, counterfactual).map((model) => compare(study, model, counterfactual));
