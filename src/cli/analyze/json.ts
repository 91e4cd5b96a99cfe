/** The JSON of `assay analyze`: its names are a contract. */
import { atBatch, type NodeAnalysis, type Shape, shapeAt } from '../../index.ts';
import { type Analysis, fusionTitle, layersOf } from './analysis.ts';

export const ANALYZE_SCHEMA = 'assay.analyze/1';

interface Tensor {
  readonly tensor: string;
  readonly type: { readonly shape: Shape; readonly dtype: string } | undefined;
}

const tensorJson = ({ tensor, type }: Tensor, batch: number) => ({
  name: tensor,
  shape: type === undefined ? null : shapeAt(type.shape, batch),
  dtype: type?.dtype ?? null,
});

const activations = (node: NodeAnalysis) => node.inputs.filter(({ role }) => role === 'activation');

const warningsOf = ({ coverage, entry }: Analysis) => [
  ...coverage.unknown.map(({ type, domain, count }) => ({
    code: 'unknown-operator',
    message: `${count} operators of type ${type}${domain === '' ? '' : ` (${domain})`} have no known cost: totals are lower bounds`,
    path: entry.variant.name,
  })),
  ...coverage.approximated.map(({ type, count, reason = '' }) => ({
    code: 'approximated-operator',
    message: `${count} operators of type ${type} are approximated: ${reason}`,
    path: entry.variant.name,
  })),
];

/** One model, without `schema`. Counts and bytes are for the whole batch. */
export const analysisJson = (analysis: Analysis, withLayers: boolean) => {
  const { entry, settings, resolution, compiled, totals, memory, coverage, concurrency, classes } = analysis;
  const { batch, precision, convention, runtime } = settings;
  const { graph, types } = compiled.analyzed;
  const operators = ({ type, domain, count, reason }: (typeof coverage.approximated)[number]) => ({
    type,
    domain,
    count,
    ...(reason === undefined ? {} : { reason }),
  });
  return {
    model: {
      name: entry.variant.name,
      source: `zoo:${entry.family.id}`,
      format: 'zoo',
      opset: graph.opset,
      inputs: graph.inputs.map(({ name }) => tensorJson({ tensor: name, type: types.get(name) }, batch)),
      outputs: graph.outputs.map((tensor) => tensorJson({ tensor, type: types.get(tensor) }, batch)),
    },
    settings: {
      resolution,
      nativeResolution: entry.variant.nativeResolution,
      batch,
      precision,
      runtime: runtime?.id ?? null,
      fusion: analysis.fusion,
      fusionTitle: fusionTitle(analysis),
    },
    totals: {
      params: totals.params,
      macs: totals.macs,
      flops: totals.flops,
      transcendentals: totals.transcendentals,
      activationElements: totals.activationElements,
    },
    convention: { name: convention, count: analysis.work },
    memory: {
      weightBytes: memory.weightBytes,
      peakActivationBytes: memory.peakActivationBytes,
      arenaBytes: memory.arenaBytes,
      trafficBytes: memory.trafficBytes,
      sumOfOutputsBytes: memory.sumOfOutputsBytes,
    },
    classes: classes.map(({ class: name, count, macs, flops, shareOfMacs }) => ({
      class: name,
      count,
      macs,
      flops,
      shareOfMacs,
    })),
    coverage: {
      status: coverage.status,
      unknown: coverage.unknown.map(operators),
      approximated: coverage.approximated.map(operators),
    },
    concurrency: {
      criticalPathFlops: concurrency.criticalPathFlops,
      parallelism: concurrency.parallelism,
      depth: concurrency.depth,
      width: concurrency.width,
    },
    ...(withLayers && {
      layers: layersOf(analysis).map(({ node, bytes }) => ({
        name: node.name,
        type: node.type,
        class: node.class,
        inputs: activations(node).map((operand) => tensorJson(operand, batch)),
        outputs: node.outputs.map((operand) => tensorJson(operand, batch)),
        params: node.parameters,
        macs: atBatch(node.macs, batch),
        flops: atBatch(node.flops, batch),
        bytes,
      })),
    }),
    warnings: warningsOf(analysis),
  };
};

/** One model as the document itself; several (of `family:`) in `models`. */
export const analyzeJson = (analyses: readonly Analysis[], withLayers: boolean, isList: boolean) => {
  const models = analyses.map((analysis) => analysisJson(analysis, withLayers));
  return isList ? { schema: ANALYZE_SCHEMA, models } : { schema: ANALYZE_SCHEMA, ...models[0] };
};
