import { type AnalyzedGraph, analyzeGraph } from '../../src/analysis/nodes.ts';
import { GraphBuilder, type TensorName } from '../../src/ir/builder.ts';
import { BATCH } from '../../src/ir/shape.ts';
import { verifyGraph } from '../../src/ir/verify.ts';
import type { Feature } from '../../src/zoo/blocks/conv.ts';
import { families } from '../../src/zoo/index.ts';

/** Analyzes a graph written in a few lines; `build` returns the network's outputs. */
export const analyzed = (build: (g: GraphBuilder) => readonly TensorName[]): AnalyzedGraph => {
  const g = new GraphBuilder('by hand');
  const graph = g.finish(build(g));
  const [issue] = verifyGraph(graph);
  if (issue !== undefined) throw new Error(issue.message);
  return analyzeGraph(graph);
};

/** N x channels x extent x extent. */
export const featureInput = (g: GraphBuilder, channels: number, extent: number, name = 'x'): Feature => ({
  tensor: g.input(name, [BATCH, channels, extent, extent]),
  channels,
});

/** The models of the study: all kinds of block that the zoo has, small and large. */
export const REFERENCE_MODELS = [
  'mobilenet_v2',
  'mobilenet_v3_small',
  'mobilenet_v3_large',
  'efficientnet_b0',
  'efficientnet_b1',
  'efficientnet_b2',
  'efficientnet_v2_s',
  'efficientnet_v2_m',
  'resnet18',
  'resnet50',
] as const;

const analyses = new Map<string, AnalyzedGraph>();

/** A model of the zoo at 224 x 224, analyzed once per test run. */
export const zooModel = (name: string): AnalyzedGraph => {
  const known = analyses.get(name);
  if (known !== undefined) return known;
  const variant = families.flatMap(({ variants }) => variants).find((candidate) => candidate.name === name);
  if (variant === undefined) throw new Error(`the zoo has no ${name}`);
  const analysis = analyzeGraph(variant.build());
  analyses.set(name, analysis);
  return analysis;
};
