// @ts-nocheck: runs on the built library, which type checking does not wait for
/**
 * One reading of one file in a process of its own: `node bench/read-child.mjs assay|protobuf-es [FILE]`. Prints the
 * seconds from the path to the decoded model and the peak memory of the process; without a file nothing is read, which
 * is the memory of Node and the loaded reader.
 */
import { readFileSync } from 'node:fs';

const READERS = {
  assay: async () => {
    const { openModelFile } = await import('../dist/node/api.js');
    return async (path) => (await openModelFile(path)).record.graph.nodes.length;
  },
  'protobuf-es': async () => {
    const { fromBinary } = await import('@bufbuild/protobuf');
    const { ModelProtoSchema } = await import('onnx-buf');
    return (path) => fromBinary(ModelProtoSchema, readFileSync(path)).graph.node.length;
  },
};

const [reader, path] = process.argv.slice(2);
const read = await READERS[reader]();
let result = { nodes: 0, seconds: 0, warmSeconds: 0 };
if (path !== undefined) {
  const timed = async () => {
    const start = process.hrtime.bigint();
    const nodes = await read(path);
    return { nodes, seconds: Number(process.hrtime.bigint() - start) / 1e9 };
  };
  const first = await timed();
  const peak = process.resourceUsage().maxRSS;
  // Once more with compiled code; the peak is that of the first.
  const again = [];
  for (let round = 0; round < 9; round++) again.push((await timed()).seconds);
  again.sort((a, b) => a - b);
  result = { ...first, warmSeconds: again[4], peakBytes: peak * 1024 };
} else result.peakBytes = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify(result));
