// Zoo -> ONNX bytes -> reader -> graph: every model comes back with the same operators, counts and kernels.
import { describe, expect, it } from 'vitest';
import { type AnalyzedGraph, analyzeGraph } from '../../src/analysis/nodes.ts';
import { totals } from '../../src/analysis/totals.ts';
import { compileWorkload } from '../../src/analysis/workload.ts';
import { importModel } from '../../src/onnx/import/model.ts';
import { readModelSync } from '../../src/onnx/read/read-model.ts';
import { bytesSource } from '../../src/onnx/source.ts';
import { writeModel } from '../../src/onnx/write/write-model.ts';
import { families } from '../../src/zoo/api.ts';

const everything = (graph: AnalyzedGraph) => ({
  totals: totals(graph, 3),
  // How the code of a model asks for its attention is no part of a file, which states what is computed.
  nodes: graph.nodes.map(({ outputs, writtenOut, ...node }) => ({
    ...node,
    outputs: outputs.map(({ tensor }) => tensor),
  })),
  kernels: compileWorkload(graph, 'epilogue').kernels,
});

const throughFile = (graph: AnalyzedGraph) => {
  const { model } = writeModel(graph.graph, { weights: 'none', producerVersion: '0', types: graph.types });
  return importModel(readModelSync(bytesSource(Buffer.concat([...model.chunks()]))));
};

describe.each(families.map((family) => [family.id, family.variants] as const))('%s', (_, variants) => {
  it.each(variants.map((variant) => [variant.name, variant] as const))('%s', (_, variant) => {
    const written = analyzeGraph(variant.build());
    const { graph, warnings } = throughFile(written);
    const read = analyzeGraph(graph);
    expect([...warnings, ...read.warnings]).toEqual([]);
    expect(everything(read)).toEqual(everything(written));
  });
});
