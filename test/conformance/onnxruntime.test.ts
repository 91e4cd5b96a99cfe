// The runtime that exported files are written for decides: the smallest model of every family loads, runs and gives
// finite numbers of the shape that inference announced. scripts/check-export.mjs does this for the whole zoo.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { inferShapes } from '../../src/analysis/infer.ts';
import type { Graph } from '../../src/ir/graph.ts';
import { shapeAt } from '../../src/ir/shape.ts';
import { exportModel, type WeightKind } from '../../src/node/api.ts';
import { isSequence } from '../../src/ops/definition.ts';
import { families } from '../../src/zoo/api.ts';
import { feedOf, smallBuild } from './small-builds.ts';

const folder = mkdtempSync(join(tmpdir(), 'assay-onnxruntime-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with more than that, VGG's, takes seconds to fill: it is run without weights. */
const MAX_FILLED = 50_000_000;
const BATCH = 2;

const storedElements = ({ initializers }: Graph): number =>
  initializers.reduce((sum, { shape }) => sum + shape.reduce((product, extent) => product * extent, 1), 0);

const smallest = families.map(({ id, variants }) => {
  const graphs = variants.map(smallBuild);
  return { id, graph: graphs.toSorted((a, b) => storedElements(a) - storedElements(b))[0] as Graph };
});

const run = async (graph: Graph, weights: WeightKind, maxModelBytes?: number) => {
  const path = join(folder, `${graph.name}-${weights}.onnx`);
  const written = await exportModel(graph, path, { weights, ...(maxModelBytes !== undefined && { maxModelBytes }) });
  const session = await InferenceSession.create(path);
  const results = await session.run(Object.fromEntries(graph.inputs.map((input) => feedOf(input, BATCH))));
  await session.release();
  const output = results[graph.outputs[0] ?? ''];
  return { written, dims: output?.dims, data: [...((output?.data ?? []) as Float32Array)] };
};

const announced = (graph: Graph): readonly number[] => {
  const type = inferShapes(graph).types.get(graph.outputs[0] ?? '');
  return type === undefined || isSequence(type) ? [] : shapeAt(type.shape, BATCH);
};

describe('exported models in ONNX Runtime', () => {
  it.each(smallest)('$id', async ({ graph }) => {
    const weights = storedElements(graph) > MAX_FILLED ? 'none' : 'random';
    const { dims, data } = await run(graph, weights);
    expect(dims).toEqual(announced(graph));
    expect(data.every(Number.isFinite)).toBe(true);
    expect(data.some((value) => value !== 0)).toBe(weights === 'random');
  });

  const [{ graph } = { graph: undefined }] = smallest.filter(({ id }) => id === 'resnet');
  if (graph === undefined) throw new Error('the zoo has no ResNet');

  it.each(['zeros', 'none'] as const)('weights %s: zeros come out', async (weights) => {
    const { dims, data, written } = await run(graph, weights);
    expect(dims).toEqual(announced(graph));
    expect(data.every((value) => value === 0)).toBe(true);
    expect(written.parameters).toBe((await run(graph, 'random')).written.parameters);
  });

  it('weights in a file of their own give the same numbers', async () => {
    const apart = await run(graph, 'random', 1_000_000);
    expect(apart.written.external?.path).toBe(`${apart.written.path}.data`);
    expect(apart.written.bytes).toBeLessThan(1_000_000);
    expect(apart.data).toEqual((await run(graph, 'random')).data);
  });
});
