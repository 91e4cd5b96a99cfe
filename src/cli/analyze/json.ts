/** The JSON of `assay analyze`: its names are a contract. */
import { formatInteger, type Integer, type NodeAnalysis, type OperatorTally, type Shape } from '../../index.ts';
import { type Analysis, fusionTitle } from './analysis.ts';
import { arithmeticOf } from './arithmetic.ts';
import { atBatchOf } from './figures.ts';
import { layersOf } from './layers.ts';

export const ANALYZE_SCHEMA = 'assay.analyze/1';

interface Tensor {
  readonly tensor: string;
  readonly type: { readonly shape: Shape; readonly dtype: string } | undefined;
}

const extentJson = (dim: Integer): number | string => (typeof dim === 'number' ? dim : formatInteger(dim));

const tensorJson = ({ tensor, type }: Tensor, analysis: Analysis) => ({
  name: tensor,
  shape: type?.shape.map((dim) => extentJson(atBatchOf(analysis, dim))) ?? null,
  dtype: type?.dtype ?? null,
});

/** Counts as numbers, `null` where they depend on what is open; the expressions of those stand in `symbolic`. */
const countsJson = <Key extends string>(counts: Readonly<Record<Key, Integer>>) => {
  const entries = Object.entries<Integer>(counts);
  const open = entries.filter(([, value]) => typeof value !== 'number');
  return {
    ...(Object.fromEntries(entries.map(([key, value]) => [key, typeof value === 'number' ? value : null])) as Record<
      Key,
      number | null
    >),
    ...(open.length > 0 && { symbolic: Object.fromEntries(open.map(([key, value]) => [key, formatInteger(value)])) }),
  };
};

const activations = (node: NodeAnalysis) => node.inputs.filter(({ role }) => role === 'activation');

const operatorJson = ({ type, domain, count, reason }: OperatorTally) => ({
  type,
  domain,
  count,
  ...(reason === undefined ? {} : { reason }),
});

const modelJson = (analysis: Analysis) => {
  const { entry, source, compiled } = analysis;
  const { graph, types } = compiled.analyzed;
  const tensors = (names: readonly string[]) =>
    names.map((name) => tensorJson({ tensor: name, type: types.get(name) }, analysis));
  return {
    name: entry.variant.name,
    source: source === undefined ? `zoo:${entry.family.id}` : source.file.path,
    format: source === undefined ? 'zoo' : 'onnx',
    opset: graph.opset,
    inputs: tensors(graph.inputs.map(({ name }) => name)),
    outputs: tensors(graph.outputs),
    ...(source !== undefined && {
      producer: source.file.producer ?? null,
      irVersion: source.file.irVersion,
      fileBytes: source.file.sizeBytes,
    }),
  };
};

const layersJson = (analysis: Analysis) =>
  layersOf(analysis).map(({ node, bytes, times, counted, macs, flops, arithmetic }) => ({
    name: node.name,
    type: node.type,
    class: node.class,
    inputs: activations(node).map((operand) => tensorJson(operand, analysis)),
    outputs: node.outputs.map((operand) => tensorJson(operand, analysis)),
    params: node.parameters,
    ...countsJson({ macs, flops }),
    bytes: bytes ?? null,
    ...(arithmetic !== undefined && { arithmetic }),
    // Only a file has loops and branches.
    ...(times !== 1 && { times: extentJson(times) }),
    ...(!counted && { counted }),
  }));

/** One model, without `schema`. Counts and bytes are for the whole batch. */
export const analysisJson = (analysis: Analysis, withLayers: boolean) => {
  const { entry, source, settings, precision, totals, memory, coverage, concurrency, classes } = analysis;
  const { convention, runtime } = settings;
  const { params, macs, flops, transcendentals, activationElements } = totals;
  return {
    model: modelJson(analysis),
    settings: {
      resolution: analysis.resolution ?? null,
      nativeResolution: entry.variant.nativeResolution ?? null,
      batch: analysis.batch ?? null,
      precision,
      runtime: runtime?.id ?? null,
      fusion: analysis.fusion,
      fusionTitle: fusionTitle(analysis),
      ...(source !== undefined && { openDimensions: analysis.open }),
    },
    totals: countsJson({ params, macs, flops, transcendentals, activationElements }),
    convention: { name: convention, ...countsJson({ count: analysis.work }) },
    memory: {
      weightBytes: analysis.weightBytes,
      peakActivationBytes: memory?.peakActivationBytes ?? null,
      arenaBytes: memory?.arenaBytes ?? null,
      trafficBytes: memory?.trafficBytes ?? null,
      sumOfOutputsBytes: memory?.sumOfOutputsBytes ?? null,
    },
    classes: classes.map((part) => ({
      class: part.class,
      count: part.count,
      ...countsJson({ macs: part.macs, flops: part.flops }),
      shareOfMacs: part.shareOfMacs ?? null,
    })),
    arithmetic: arithmeticOf(analysis).map(({ type, macs: own, shareOfMacs }) => ({
      type,
      ...countsJson({ macs: own }),
      shareOfMacs: shareOfMacs ?? null,
    })),
    coverage: {
      status: coverage.status,
      unknown: coverage.unknown.map(operatorJson),
      approximated: coverage.approximated.map(operatorJson),
    },
    concurrency:
      concurrency === undefined
        ? null
        : {
            criticalPathFlops: concurrency.criticalPathFlops,
            parallelism: concurrency.parallelism,
            depth: concurrency.depth,
            width: concurrency.width,
          },
    ...(withLayers && { layers: layersJson(analysis) }),
    warnings: analysis.warnings,
  };
};

/** One model as the document itself; several (of `family:`) in `models`. */
export const analyzeJson = (analyses: readonly Analysis[], withLayers: boolean, isList: boolean) => {
  const models = analyses.map((analysis) => analysisJson(analysis, withLayers));
  return isList ? { schema: ANALYZE_SCHEMA, models } : { schema: ANALYZE_SCHEMA, ...models[0] };
};
