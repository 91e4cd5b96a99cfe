// @ts-nocheck: runs on the built library, which type checking does not wait for
/**
 * From the path of a ResNet-50 with its weights to its counts (open, import, infer, count), warm, against protobuf-es
 * only decoding the same file. The target is 15 ms.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { analyzeGraph, coverage, findModel, importModel, totals } from '../dist/index.js';
import { exportModel, openModelFile } from '../dist/node/api.js';

const ROUNDS = 31;
const TARGET_MILLISECONDS = 15;

export const name = 'open';
export const limit = 1;

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const timed = async (work) => {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e6;
};

export const run = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-bench-'));
  try {
    const path = join(folder, 'resnet50.onnx');
    await exportModel(findModel('resnet50').variant.build(), path, { weights: 'zeros' });
    const counted = async () => {
      const { record } = await openModelFile(path);
      const analyzed = analyzeGraph(importModel(record).graph);
      if (totals(analyzed).macs !== 4_089_184_256 || coverage(analyzed).status !== 'complete')
        throw new Error('miscounted');
    };
    const decoded = () => fromBinary(ModelProtoSchema, readFileSync(path)).graph.node.length;
    const pairs = [];
    for (let round = 0; round < ROUNDS; round++) pairs.push([await timed(counted), await timed(decoded)]);
    const [ours, peer] = [0, 1].map((side) => median(pairs.map((pair) => pair[side])));
    return {
      what: 'open, infer and count a ResNet-50 of 102 MB, warm / protobuf-es decoding it',
      ratio: ours / peer,
      detail: `${ours.toFixed(1)} ms (target ${TARGET_MILLISECONDS} ms) against ${peer.toFixed(1)} ms`,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
};
